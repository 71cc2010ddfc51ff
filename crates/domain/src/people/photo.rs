//! Pictures of people (people.md §6.4). Their bytes are in the blob store, where no unit reaches: they are put there
//! before the unit that names their key, and a job removes them after the unit that forgets it.

use db::Conn;

use super::{Person, Photo, find, profile::may_view, sql};
use crate::event::Event;
use crate::ids::{PortalId, UserId};
use crate::portals::Portal;
use crate::store::Tx;
use crate::time::DAY;
use crate::{Call, Kind, Problem, Result, jobs};

/// Sides of the square pictures made of each photo, in pixels.
pub const SIDES: &[u32] = &[32, 48, 82, 200, 360];
/// How long an uploaded picture waits to become somebody's photo.
const KEPT: i64 = DAY;
/// How long the bytes of a replaced picture stay: who is reading them finishes.
const SPARED: i64 = 10 * crate::time::SECOND;

/// What the keys of a new photo begin with; `/orig` and `/{side}` follow.
pub fn fresh_key(portal: PortalId, guid: uuid::Uuid) -> String {
    format!("{portal}/photos/{guid}")
}

/// Where an uploaded picture waits, by its file name.
pub fn waiting_key(portal: PortalId, file: &str) -> String {
    format!("{portal}/photos/waiting/{file}")
}

/// The account a path names: by its id, else by its login name.
///
/// Fails with `NotFound` for an unknown or deleted one.
pub fn named(conn: &mut Conn, portal: &Portal, text: &str) -> Result<Person> {
    let found = match text.parse::<UserId>() {
        // No name has U+0000 in it, and no database can be asked for one.
        Err(_) if text.contains('\0') => None,
        Ok(id) => find(conn, portal, id)?,
        Err(_) => sql::by_user_name(conn, portal, text)?.filter(|person| person.removed_at.is_none()),
    };
    found.ok_or_else(|| Problem::text(Kind::NotFound, "The user could not be found"))
}

/// The account a path names, for the caller who looks at its photo.
///
/// Fails with `NotFound`, and with `AccessDenied` where the caller may not see the account.
pub fn seen(conn: &mut Conn, call: &Call, text: &str) -> Result<Person> {
    let person = named(conn, &call.portal, text)?;
    if may_view(conn, call, &person)? { Ok(person) } else { Err(Kind::AccessDenied.into()) }
}

/// The account a path names, whose photo the caller changes: nobody's but their own.
///
/// Fails with `NotFound`, and with `AccessDenied` for somebody else, whoever asks.
pub fn own(conn: &mut Conn, call: &Call, text: &str) -> Result<Person> {
    let person = named(conn, &call.portal, text)?;
    if call.person()?.id == person.id { Ok(person) } else { Err(Kind::AccessDenied.into()) }
}

/// Gives the caller a photo whose bytes are in the blob store; the old one's are removed soon.
///
/// Fails with `NotFound` and `AccessDenied` like [`own`].
pub fn set(tx: &mut Tx<'_>, call: &Call, text: &str, photo: &Photo) -> Result<Person> {
    let person = own(tx, call, text)?;
    change(tx, call.portal.id, &person, Some(photo))?;
    own(tx, call, text)
}

/// Takes the caller's photo away.
///
/// Fails with `NotFound` and `AccessDenied` like [`own`].
pub fn unset(tx: &mut Tx<'_>, call: &Call, text: &str) -> Result<Person> {
    let person = own(tx, call, text)?;
    if person.photo.is_some() {
        change(tx, call.portal.id, &person, None)?;
    }
    own(tx, call, text)
}

/// Changes an account's photo, and lets the old one's bytes be removed. Who may do it is decided by the verb that calls
/// this.
pub(crate) fn change(
    tx: &mut Tx<'_>,
    portal: PortalId,
    person: &Person,
    photo: Option<&Photo>,
) -> Result<()> {
    let text = photo.map(serde_json::to_string).transpose().map_err(Problem::internal)?;
    sql::set_photo(tx, portal, person.id, text.as_deref())?;
    if let Some(old) = &person.photo {
        let at = tx.now().plus(SPARED);
        jobs::put(tx, portal, jobs::REMOVE_BLOBS, &old.key, at)?;
    }
    tx.say(Event::PhotoChanged { user: person.id, removed: photo.is_none() });
    Ok(())
}

/// Notes that an uploaded picture will wait under this key, so that it is removed some time; before its bytes are put.
pub fn wait(tx: &mut Tx<'_>, call: &Call, key: &str) -> Result<()> {
    let at = tx.now().plus(KEPT);
    jobs::put(tx, call.portal.id, jobs::REMOVE_BLOBS, key, at)
}

/// Whether this is an account's photo now.
pub fn is_current(conn: &mut Conn, portal: &Portal, id: UserId, key: &str) -> Result<bool> {
    let person = find(conn, portal, id)?;
    Ok(person.and_then(|person| person.photo).is_some_and(|photo| photo.key == key))
}
