//! Portals: the tenants of an installation, each a shard of every table.

mod address;
mod sql;

pub use address::Addresses;

use std::sync::Arc;

use data_encoding::HEXLOWER;
use db::Conn;
use jiff::tz::TimeZone;

use crate::event::Event;
use crate::ids::{EntryId, PortalId, UserId};
use crate::people::{self, NewPerson, Person, UserKind};
use crate::sessions::token_hash;
use crate::store::{Store, Tx};
use crate::{Kind, Result, Timestamp, schema};

/// A portal, as every request of it needs it.
#[derive(Debug, Clone)]
pub struct Portal {
    /// Its number; the first is 1.
    pub id: PortalId,
    /// Its name in addresses, lower case.
    pub alias: String,
    /// Its title.
    pub name: String,
    /// 0 active (foundation.md §4.1).
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
    /// The root folder of the active rooms.
    pub rooms_root: EntryId,
    /// The root folder of the archive.
    pub archive_root: EntryId,
    /// The root folder of the templates.
    pub templates_root: EntryId,
}

/// The alias and title of the portal a new installation has (foundation.md §4.1).
const FIRST_ALIAS: &str = "localhost";
const FIRST_NAME: &str = "Web Office";
const FIRST_CULTURE: &str = "en-US";
const FIRST_ZONE: &str = "UTC";
/// The row of the secret behind mailed links.
const SECRET: &str = "secret";
/// The name of the owner when set-up was given none.
const OWNER_NAME: &str = "Administrator";

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
        if sql::first(tx)?.is_none() {
            create(tx, FIRST_ALIAS, FIRST_NAME)?;
        }
        Ok(())
    })
}

fn create(tx: &mut Tx<'_>, alias: &str, name: &str) -> Result<PortalId> {
    let (id, owner) = (PortalId(tx.next(schema::PORTAL)?), UserId::new(tx.guid()));
    let now = tx.now();
    sql::insert(tx, id, alias, name, owner, FIRST_CULTURE, FIRST_ZONE, now)?;
    for section in [sql::ROOMS, sql::ARCHIVE, sql::TEMPLATES] {
        let folder = EntryId(tx.next(schema::ENTRY)?);
        sql::insert_section(tx, id, section, folder, now)?;
    }
    Ok(id)
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

/// The portal a request is for. While there is one portal, every host reaches it (deviations.md 28).
pub fn resolve(conn: &mut Conn) -> Result<Arc<Portal>> {
    sql::first(conn)?.map(Arc::new).ok_or_else(|| Kind::PortalNotFound.into())
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
