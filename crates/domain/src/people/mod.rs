//! People: the accounts of a portal.

pub mod password;
mod sql;

use std::collections::HashMap;

use db::Conn;

use crate::event::Event;
use crate::ids::{PortalId, UserId};
use crate::portals::Portal;
use crate::store::Tx;
use crate::text::fold;
use crate::{Call, Kind, Result, Timestamp};

/// The type of an account: the reference's `EmployeeType` (people.md §1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UserKind {
    /// May create rooms.
    RoomAdmin = 1,
    /// From outside; sees only what is shared with it.
    Guest = 2,
    /// Administrates the portal.
    DocSpaceAdmin = 3,
    /// Works in rooms of others.
    User = 4,
}

impl UserKind {
    /// The kind of a stored number.
    pub fn of(number: i64) -> Option<Self> {
        Some(match number {
            1 => Self::RoomAdmin,
            2 => Self::Guest,
            3 => Self::DocSpaceAdmin,
            4 => Self::User,
            _ => return None,
        })
    }

    /// Whether accounts of this kind create rooms and own them.
    pub fn makes_rooms(self) -> bool {
        matches!(self, Self::RoomAdmin | Self::DocSpaceAdmin)
    }
}

/// `status` of an active account (people.md §1).
pub const ACTIVE: i64 = 1;
/// `activationStatus` of an account whose address is confirmed.
pub const ACTIVATED: i64 = 1;

/// An account.
#[derive(Debug, Clone)]
pub struct Person {
    /// Its id.
    pub id: UserId,
    /// Its type.
    pub kind: UserKind,
    /// Whether it owns the portal.
    pub is_owner: bool,
    /// 1 active, 2 terminated, 4 pending.
    pub status: i64,
    /// 0 not activated, 1 activated, 2 pending.
    pub activation_status: i64,
    /// Unique login name.
    pub user_name: String,
    /// E-mail address, as typed.
    pub email: String,
    /// First name.
    pub first_name: String,
    /// Last name.
    pub last_name: String,
    /// Language, if the person chose one.
    pub culture: Option<String>,
    /// When the account was made.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub modified_at: Timestamp,
}

impl Person {
    /// Whether the account may be used.
    pub fn is_active(&self) -> bool {
        self.status == ACTIVE
    }

    /// Whether it administrates the portal.
    pub fn is_admin(&self) -> bool {
        self.kind == UserKind::DocSpaceAdmin
    }

    /// First and last name; the address when both are blank (people.md §2.1). Not yet HTML-encoded.
    pub fn display_name(&self) -> String {
        let name = format!("{} {}", self.first_name, self.last_name);
        let name = name.trim();
        if name.is_empty() { self.email.clone() } else { name.to_owned() }
    }
}

/// A new account.
#[derive(Debug, Clone)]
pub struct NewPerson {
    /// The id, when it is given beforehand.
    pub id: Option<UserId>,
    /// The type.
    pub kind: UserKind,
    /// E-mail address.
    pub email: String,
    /// First name.
    pub first_name: String,
    /// Last name.
    pub last_name: String,
    /// Argon2id over the client's hash; none for one who can't sign in yet.
    pub password_hash: Option<String>,
}

/// The order in which a new account lists rooms: by date, newest first.
const ROOM_ORDER: i64 = 1;

/// Makes an active account. The login name comes from the address, with a number when it is taken.
///
/// Fails with `EmailTaken`. Who may do it is decided by the caller: set-up so far.
pub fn create(tx: &mut Tx<'_>, portal: &Portal, new: &NewPerson) -> Result<Person> {
    let email_fold = fold(&new.email);
    if sql::by_email(tx, portal, &email_fold)?.is_some() {
        return Err(Kind::EmailTaken.into());
    }
    let now = tx.now();
    let person = Person {
        id: new.id.unwrap_or_else(|| UserId::new(tx.guid())),
        kind: new.kind,
        is_owner: new.id == Some(portal.owner),
        status: ACTIVE,
        activation_status: ACTIVATED,
        user_name: free_user_name(tx, portal, &new.email)?,
        email: new.email.clone(),
        first_name: new.first_name.clone(),
        last_name: new.last_name.clone(),
        culture: None,
        created_at: now,
        modified_at: now,
    };
    sql::insert(tx, portal.id, &person, &email_fold, new.password_hash.as_deref(), ROOM_ORDER)?;
    tx.say(Event::UserCreated { user: person.id });
    Ok(person)
}

fn free_user_name(tx: &mut Tx<'_>, portal: &Portal, email: &str) -> Result<String> {
    let base = email.split('@').next().unwrap_or(email).to_lowercase();
    let mut name = base.clone();
    let mut number = 0;
    while sql::user_name_taken(tx, portal.id, &name)? {
        number += 1;
        name = format!("{base}{number}");
    }
    Ok(name)
}

/// An account by its id.
pub fn find(conn: &mut Conn, portal: &Portal, id: UserId) -> Result<Option<Person>> {
    sql::by_id(conn, portal, id)
}

/// The account and password hash behind a login: an e-mail address, or an account's id.
pub fn find_login(conn: &mut Conn, portal: &Portal, login: &str) -> Result<Option<(Person, Option<String>)>> {
    match login.parse::<UserId>() {
        Ok(id) => sql::login_by_id(conn, portal, id),
        Err(_) => sql::login_by_email(conn, portal, &fold(login)),
    }
}

/// An account by e-mail address, without regard to case.
pub fn find_by_email(conn: &mut Conn, portal: &Portal, email: &str) -> Result<Option<Person>> {
    sql::by_email(conn, portal, &fold(email))
}

/// The accounts of these ids, each read once; the caller's own is known already.
pub fn find_all(
    conn: &mut Conn,
    call: &Call,
    ids: impl IntoIterator<Item = UserId>,
) -> Result<HashMap<UserId, Person>> {
    let mut people = HashMap::new();
    for id in ids {
        if people.contains_key(&id) {
            continue;
        }
        let known = call.someone().filter(|person| person.id == id).cloned();
        if let Some(person) =
            known.map_or_else(|| sql::by_id(conn, &call.portal, id), |person| Ok(Some(person)))?
        {
            people.insert(id, person);
        }
    }
    Ok(people)
}

/// The order in which a person lists rooms: twice the sort's number, plus one when descending.
pub fn room_order(conn: &mut Conn, portal: PortalId, id: UserId) -> Result<i64> {
    sql::room_order(conn, portal, id)
}

/// Saves the order in which the caller lists rooms (rooms.md §5: a sort that is asked for becomes the default).
pub fn save_room_order(tx: &mut Tx<'_>, call: &Call, order: i64) -> Result<()> {
    sql::set_room_order(tx, call.portal.id, call.person()?.id, order)
}

/// Whether a text has the form of a culture's name, such as `en-US`.
pub fn is_culture(name: &str) -> bool {
    (2..=20).contains(&name.len()) && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
}

/// Changes an account's language.
pub fn set_culture(tx: &mut Tx<'_>, portal: PortalId, id: UserId, culture: &str) -> Result<()> {
    sql::set_culture(tx, portal, id, culture)?;
    tx.say(Event::UserUpdated { user: id });
    Ok(())
}

/// Whether a portal has any account of this id; for the audit log and tests.
pub fn exists(conn: &mut Conn, portal: PortalId, id: UserId) -> Result<bool> {
    sql::exists(conn, portal, id)
}

/// The loose test of foundation.md §1.3: one `@`, neither first nor last, no line break.
pub fn looks_like_email(text: &str) -> bool {
    !text.contains(['\r', '\n'])
        && text.find('@').is_some_and(|at| at > 0 && at + 1 < text.len() && text.rfind('@') == Some(at))
}
