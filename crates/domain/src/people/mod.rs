//! People: the accounts of a portal.

pub mod address;
mod audience;
pub mod create;
mod culture;
mod effects;
pub mod guests;
pub mod invite;
mod letters;
mod list;
pub mod password;
pub mod password_change;
mod person;
mod personal;
pub mod photo;
mod profile;
pub mod quota;
pub mod removal;
pub mod rules;
mod search;
pub mod seats;
pub(crate) mod sql;
pub mod status;
pub mod tasks;
pub mod types;
pub mod update;
mod writes;

pub use culture::{CULTURES, NameOrder, is_culture, known_culture};
pub use invite::Partly;
pub(crate) use letters::address_of;
pub use letters::password_link;

pub use audience::{Accounts, Audience, Meet, Share, accounts, of_room, room};
pub use list::{Area, Filter, Page, Sort, Words, list};
pub use person::{
    ACTIVATED, ACTIVATION_PENDING, ACTIVE, Contact, NOT_ACTIVATED, PENDING, Person, Photo, TERMINATED,
    UserKind,
};
pub use personal::{Notice, Notices, Theme};
pub use profile::{Profile, are_related, find_visible, may_view, profile, profiles};
pub use search::{by_status, by_words};
pub use writes::administrators;

use std::collections::HashMap;

use db::Conn;

use self::rules::{Deed, Standing, Target};
use crate::event::Event;
use crate::ids::{PortalId, UserId};
use crate::portals::Portal;
use crate::store::Tx;
use crate::text::fold;
use crate::{Call, Kind, Problem, Result, Timestamp};

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
    /// [`ACTIVE`] or [`PENDING`].
    pub status: i64,
    /// [`NOT_ACTIVATED`], [`ACTIVATED`] or [`ACTIVATION_PENDING`].
    pub activation_status: i64,
    /// Who makes or invites the account.
    pub created_by: Option<UserId>,
    /// Language, if one is chosen.
    pub culture: Option<String>,
}

/// The order in which a new account lists rooms: by date, newest first.
const ROOM_ORDER: i64 = 1;

/// Makes an account. The login name comes from the address, with a number when it is taken.
///
/// Fails with `EmailTaken`. Who may do it is decided by the verb that calls this.
pub fn create(tx: &mut Tx<'_>, portal: &Portal, new: &NewPerson) -> Result<Person> {
    let person = insert(tx, portal, new)?;
    tx.say(Event::UserCreated { user: person.id });
    Ok(person)
}

/// The same without a word: the verb that calls this says what it was.
pub(crate) fn insert(tx: &mut Tx<'_>, portal: &Portal, new: &NewPerson) -> Result<Person> {
    let email_fold = fold(&new.email);
    if sql::by_email(tx, portal, &email_fold)?.is_some() {
        return Err(Kind::EmailTaken.into());
    }
    let now = tx.now();
    let person = Person {
        id: new.id.unwrap_or_else(|| UserId::new(tx.guid())),
        kind: new.kind,
        is_owner: new.id == Some(portal.owner),
        status: new.status,
        activation_status: new.activation_status,
        user_name: free_user_name(tx, portal, &new.email)?,
        email: new.email.clone(),
        first_name: new.first_name.clone(),
        last_name: new.last_name.clone(),
        culture: new.culture.clone(),
        location: String::new(),
        notes: String::new(),
        mobile_phone: String::new(),
        contacts: Vec::new(),
        spam: None,
        created_by: new.created_by,
        terminated_at: None,
        removed_at: None,
        photo: None,
        quota: None,
        email_asked_at: Timestamp(0),
        password_asked_at: Timestamp(0),
        password_changed_at: now,
        tfa_bound: false,
        created_at: now,
        modified_at: now,
    };
    sql::insert(tx, portal.id, &person, &email_fold, new.password_hash.as_deref(), ROOM_ORDER)?;
    Ok(person)
}

/// Makes one account known to another: whoever invites, creates or approves somebody (people.md §3, relations).
pub fn relate(tx: &mut Tx<'_>, portal: PortalId, source: UserId, target: UserId) -> Result<()> {
    sql::relate(tx, portal, source, target)
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

/// An account by its id; a deleted one is none.
pub fn find(conn: &mut Conn, portal: &Portal, id: UserId) -> Result<Option<Person>> {
    Ok(sql::by_id(conn, portal, id)?.filter(|person| person.removed_at.is_none()))
}

/// An account by its id, else by its login name (people.md §0 `{userid}`); a deleted one is none.
pub fn find_named(conn: &mut Conn, portal: &Portal, who: &str) -> Result<Option<Person>> {
    match who.parse() {
        // No name has U+0000 in it, and no database can be asked for one.
        Err(_) if who.contains('\0') => Ok(None),
        Ok(id) => find(conn, portal, id),
        Err(_) => find_by_user_name(conn, portal, &who.to_lowercase()),
    }
}

/// These accounts in this order, each once; those that aren't there are left out.
pub(crate) fn listed(conn: &mut Conn, call: &Call, ids: &[UserId]) -> Result<Vec<Person>> {
    let mut people: Vec<Person> = Vec::new();
    for id in ids {
        if !people.iter().any(|person| person.id == *id)
            && let Some(person) = find(conn, &call.portal, *id)?
        {
            people.push(person);
        }
    }
    Ok(people)
}

/// An account as it is after a change.
fn again(conn: &mut Conn, call: &Call, id: UserId) -> Result<Person> {
    find(conn, &call.portal, id)?.ok_or_else(|| Kind::UserNotFound.into())
}

/// Whether a deed on an account is the caller's to do (people.md §3).
pub(crate) fn may(conn: &mut Conn, call: &Call, deed: Deed, person: &Person) -> Result<bool> {
    let caller = call.person()?;
    let related = person.kind == UserKind::Guest && are_related(conn, call, caller.id, person.id)?;
    let target = Target { standing: Standing::of(person), is_self: caller.id == person.id, related };
    Ok(rules::may(Standing::of(caller), deed, target))
}

/// Refuses with `AccessDenied` what isn't the caller's to do.
fn require(conn: &mut Conn, call: &Call, deed: Deed, person: &Person) -> Result<()> {
    if may(conn, call, deed, person)? { Ok(()) } else { Err(Kind::AccessDenied.into()) }
}

/// Ends a call on several at a refusal, keeping what was done; a failure of ours undoes it.
fn refused<T>(problem: Problem) -> Result<Partly<T>> {
    if problem.kind().entry().status < 500 { Ok(Err(problem)) } else { Err(problem) }
}

/// A time later than `before`, now if that is later: what makes links die that are bound to it.
fn stamp(tx: &Tx<'_>, before: Timestamp) -> Timestamp {
    tx.now().max(before.plus(1))
}

/// When anything about the password happened last.
fn newest(person: &Person) -> Timestamp {
    person.password_asked_at.max(person.password_changed_at)
}

/// The account and password hash behind a login: an e-mail address, or an account's id.
pub fn find_login(conn: &mut Conn, portal: &Portal, login: &str) -> Result<Option<(Person, Option<String>)>> {
    match login.parse::<UserId>() {
        Ok(id) => sql::login_by_id(conn, portal, id),
        Err(_) => sql::login_by_email(conn, portal, &fold(login)),
    }
}

/// An account by its login name; a deleted one is none.
pub fn find_by_user_name(conn: &mut Conn, portal: &Portal, name: &str) -> Result<Option<Person>> {
    // No name has U+0000 in it, and no database can be asked for one.
    if name.contains('\0') {
        return Ok(None);
    }
    Ok(sql::by_user_name(conn, portal, name)?.filter(|person| person.removed_at.is_none()))
}

/// How many accounts may be used.
pub fn count_active(conn: &mut Conn, portal: PortalId) -> Result<i64> {
    sql::count_active(conn, portal)
}

/// An account by e-mail address, without regard to case.
pub fn find_by_email(conn: &mut Conn, portal: &Portal, email: &str) -> Result<Option<Person>> {
    sql::by_email(conn, portal, &fold(email))
}

/// The accounts of these ids, deleted ones too, each read once; the caller's own is known already.
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

/// Gives an account that registration made its address and password, and activates it: set-up is done.
///
/// Fails with `EmailTaken`, and with `NotFound` when there is no such account.
pub(crate) fn claim(
    tx: &mut Tx<'_>,
    portal: &Portal,
    id: UserId,
    email: &str,
    password_hash: &str,
) -> Result<Person> {
    if sql::by_email(tx, portal, &fold(email))?.is_some_and(|other| other.id != id) {
        return Err(Kind::EmailTaken.into());
    }
    sql::claim(tx, portal.id, id, email, password_hash)?;
    tx.say(Event::UserUpdated { user: id });
    find(tx, portal, id)?.ok_or_else(|| Kind::NotFound.into())
}

/// The order in which a person lists rooms: twice the sort's number, plus one when descending.
pub fn room_order(conn: &mut Conn, portal: PortalId, id: UserId) -> Result<i64> {
    sql::room_order(conn, portal, id)
}

/// Saves the order in which the caller lists rooms (rooms.md §5: a sort that is asked for becomes the default).
pub fn save_room_order(tx: &mut Tx<'_>, call: &Call, order: i64) -> Result<()> {
    sql::set_room_order(tx, call.portal.id, call.person()?.id, order)
}

/// Changes an account's language.
pub fn set_culture(tx: &mut Tx<'_>, portal: PortalId, id: UserId, culture: &str) -> Result<()> {
    sql::set_culture(tx, portal, id, culture)?;
    tx.say(Event::UserUpdated { user: id });
    Ok(())
}

/// Notes that an account's address is its owner's: a letter to it was opened.
pub fn confirm_address(tx: &mut Tx<'_>, portal: PortalId, id: UserId) -> Result<()> {
    sql::confirm_address(tx, portal, id)?;
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
