//! Portals: the tenants of an installation, each a shard of every table.

mod address;
mod change;
mod lifecycle;
mod purge;
mod register;
mod resolve;
mod service;
mod sql;
mod welcome;

pub use address::Addresses;
pub use change::{ask_for_new_owner, change_owner, greeting, rename, set_name, set_place};
pub use lifecycle::{
    ACTIVE, Farewell, Named, REMOVE_PENDING, SUSPENDED, ask_owner, by_id, delete, list, managed, may_manage,
    set_status, suspend,
};
pub use purge::{Purge, purge, purged_tables};
pub use register::{
    ALIAS_LENGTH, Founder, NewPortal, check_free, create, free_alias, parse_alias, register, with_account,
};
pub use resolve::{by_alias, by_exact_name, by_host, host_name, only};
pub use service::{keep_service_value, service_value};
pub use welcome::{sign_in_link, welcome, welcome_by_key, welcome_key};

use std::sync::Arc;

use data_encoding::HEXLOWER;
use db::Conn;
use jiff::tz::TimeZone;

use crate::event::Event;
use crate::ids::{EntryId, PortalId, UserId};
use crate::people::{self, NewPerson, Person, UserKind};
use crate::quotas::Limit;
use crate::sessions::token_hash;
use crate::store::{Store, Tx};
use crate::{Kind, Result, Timestamp};

/// A portal, as every request of it needs it.
#[derive(Debug, Clone)]
pub struct Portal {
    /// Its number; the first is 1.
    pub id: PortalId,
    /// Its name in addresses, lower case.
    pub alias: String,
    /// Its title.
    pub name: String,
    /// [`ACTIVE`] or [`SUSPENDED`] (foundation.md §4.1).
    pub status: i64,
    /// Whose it is. The id exists from the start; the account from set-up on.
    pub owner: UserId,
    /// Whether the owner's account exists: set-up is done.
    pub owned: bool,
    /// Its language, such as `en-US`.
    pub culture: String,
    /// Its time zone's IANA name.
    pub time_zone: String,
    /// The time zone itself.
    pub zone: TimeZone,
    /// When it was founded.
    pub created_at: Timestamp,
    /// When its row last changed.
    pub modified_at: Timestamp,
    /// When its status last changed; 0 when it never did.
    pub status_changed_at: Timestamp,
    /// The number of a line of business; 0 is none.
    pub industry: i64,
    /// The root folder of the active rooms.
    pub rooms_root: EntryId,
    /// The root folder of the archive.
    pub archive_root: EntryId,
    /// The root folder of the templates.
    pub templates_root: EntryId,
    /// What each room may hold that has no limit of its own.
    pub room_limit: Limit,
    /// The same for the rooms of AI agents.
    pub agent_limit: Limit,
}

/// The alias and title of the portal a new installation has (foundation.md §4.1).
pub const FIRST_ALIAS: &str = "localhost";
const FIRST_NAME: &str = "Web Office";
const FIRST_CULTURE: &str = "en-US";
const FIRST_ZONE: &str = "UTC";
/// The row of the secret behind mailed links.
const SECRET: &str = "secret";
/// The name of the owner when set-up was given none.
const OWNER_NAME: &str = "Administrator";

impl Portal {
    /// No portal at all, for requests that need none: nothing is in it, and nobody is known there.
    pub fn none() -> Self {
        Self {
            id: PortalId(0),
            alias: String::new(),
            name: String::new(),
            status: ACTIVE,
            owner: UserId::new(uuid::Uuid::nil()),
            owned: false,
            culture: FIRST_CULTURE.to_owned(),
            time_zone: FIRST_ZONE.to_owned(),
            zone: TimeZone::UTC,
            created_at: Timestamp(0),
            modified_at: Timestamp(0),
            status_changed_at: Timestamp(0),
            industry: 0,
            rooms_root: EntryId(0),
            archive_root: EntryId(0),
            templates_root: EntryId(0),
            room_limit: Limit::default(),
            agent_limit: Limit::default(),
        }
    }
}

impl Default for NewPortal {
    fn default() -> Self {
        Self {
            alias: String::new(),
            name: String::new(),
            culture: FIRST_CULTURE.to_owned(),
            time_zone: FIRST_ZONE.to_owned(),
            industry: 0,
        }
    }
}

/// The installation's own facts, made once and then constant.
#[derive(Debug, Clone)]
pub struct Installation {
    /// The salt of the clients' password hash: 64 hex digits (foundation.md §2.4).
    pub password_salt: String,
}

/// Founds what an installation can't do without: its salt and its first portal. Changes nothing the second time.
pub fn found(store: &Store) -> Result<()> {
    store.upkeep_blocking(|tx| {
        if sql::installation(tx, "password_salt")?.is_none() {
            let salt = HEXLOWER.encode(&tx.random::<32>());
            sql::set_installation(tx, "password_salt", &salt)?;
        }
        if sql::installation(tx, SECRET)?.is_none() {
            let secret = HEXLOWER.encode(&tx.random::<32>());
            sql::set_installation(tx, SECRET, &secret)?;
        }
        if sql::all(tx, 0, 1)?.is_empty() {
            let (alias, name) = (FIRST_ALIAS.to_owned(), FIRST_NAME.to_owned());
            create(tx, &NewPortal { alias, name, ..NewPortal::default() })?;
        }
        Ok(())
    })
}

/// The installation's facts.
pub fn installation(conn: &mut Conn) -> Result<Installation> {
    match sql::installation(conn, "password_salt")? {
        Some(password_salt) => Ok(Installation { password_salt }),
        None => Err(crate::Problem::internal("the database has no salt: it was not founded")),
    }
}

/// The secret behind mailed links: 64 hex digits.
pub(crate) fn secret(conn: &mut Conn) -> Result<String> {
    sql::installation(conn, SECRET)?
        .ok_or_else(|| crate::Problem::internal("the database has no secret: it was not founded"))
}

/// The first portal, which this machine's own names lead to; when it was deleted, the oldest there is.
pub fn first(conn: &mut Conn) -> Result<Arc<Portal>> {
    let first = match sql::by_alias(conn, FIRST_ALIAS)? {
        Some(portal) => Some(portal),
        None => sql::all(conn, 0, 1)?.pop().map(|portal| sql::whole(conn, portal)).transpose()?,
    };
    first.map(Arc::new).ok_or_else(|| Kind::PortalNotFound.into())
}

/// Who becomes the owner.
#[derive(Debug, Clone)]
pub struct NewOwner {
    /// E-mail address, checked loosely by the caller.
    pub email: String,
    /// First and last name, parted at the first space; [`OWNER_NAME`] when absent.
    pub name: Option<String>,
    /// Argon2id over the client's hash.
    pub password_hash: String,
    /// The portal's new language, when it is to change.
    pub culture: Option<String>,
    /// The portal's new time zone, when it is to change.
    pub time_zone: Option<String>,
}

/// Makes the owner's account; with that, set-up is done and its token void.
///
/// Contract: foundation.md §4.4 `wizard/complete`. Fails with `SetupDone` when there is an owner.
pub fn set_up(tx: &mut Tx<'_>, portal: &Portal, new: &NewOwner) -> Result<Person> {
    if !sql::take_ownership(tx, portal.id, new.culture.as_deref(), new.time_zone.as_deref())? {
        return Err(Kind::SetupDone.into());
    }
    let name = new.name.as_deref().map(str::trim).filter(|name| !name.is_empty()).unwrap_or(OWNER_NAME);
    let (first_name, last_name) = name.split_once(' ').unwrap_or((name, ""));
    if people::find(tx, portal, portal.owner)?.is_some() {
        // A portal that was registered without a password: its owner gets one now.
        let person = people::claim(tx, portal, portal.owner, &new.email, &new.password_hash)?;
        tx.say(Event::OwnerSetUp);
        return Ok(person);
    }
    let person = people::create(
        tx,
        portal,
        &NewPerson {
            id: Some(portal.owner),
            kind: UserKind::DocSpaceAdmin,
            email: new.email.clone(),
            first_name: first_name.to_owned(),
            last_name: last_name.trim().to_owned(),
            password_hash: Some(new.password_hash.clone()),
            status: people::ACTIVE,
            activation_status: people::ACTIVATED,
            created_by: None,
            culture: None,
        },
    )?;
    tx.say(Event::OwnerSetUp);
    Ok(person)
}

/// Makes the set-up token of this start: 64 hex digits. Every earlier one is void; none when there is an owner.
///
/// Contract: deviations.md 25.
pub fn new_setup_token(tx: &mut Tx<'_>, portal: PortalId) -> Result<Option<String>> {
    let token = HEXLOWER.encode(&tx.random::<32>());
    Ok(sql::set_setup_token(tx, portal, &token_hash(&token))?.then_some(token))
}

/// Whether this is the token of the last start, and still good.
pub fn setup_token_is_valid(conn: &mut Conn, portal: PortalId, token: &str) -> Result<bool> {
    Ok(sql::is_owned_by_token(conn, portal, &token_hash(token))? == Some(false))
}

/// Lets the holder of the token pass. Fails with `SetupTokenInvalid`, and with `SetupDone` when it was the token but
/// there is an owner by now.
pub fn check_setup_token(conn: &mut Conn, portal: PortalId, token: &str) -> Result<()> {
    match sql::is_owned_by_token(conn, portal, &token_hash(token))? {
        Some(false) => Ok(()),
        Some(true) => Err(Kind::SetupDone.into()),
        None => Err(Kind::SetupTokenInvalid.into()),
    }
}
