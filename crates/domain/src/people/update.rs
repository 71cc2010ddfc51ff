//! Changing a profile (people.md §5.3), and the language of one's own.

use super::rules::{self, Deed};
use super::{ACTIVE, Contact, Person, Photo, TERMINATED, UserKind, seats, writes};
use crate::event::{Event, UserEvent};
use crate::ids::GroupId;
use crate::store::Tx;
use crate::{Call, Kind, Problem, Result, sessions};

/// What is to change about a profile. Of others only `disable` and `is_guest` count, of oneself all but those.
#[derive(Debug, Clone, Default)]
pub struct Changes {
    /// First name; none leaves it.
    pub first_name: Option<String>,
    /// Last name; none leaves it.
    pub last_name: Option<String>,
    /// Where the person is; none leaves it.
    pub location: Option<String>,
    /// What the person says about themselves; none leaves it.
    pub notes: Option<String>,
    /// Whether news of the vendor are wanted; none clears it.
    pub spam: Option<bool>,
    /// Other ways to reach the person; a list replaces all.
    pub contacts: Option<Vec<Contact>>,
    /// Groups to be in; for administrators alone.
    pub groups: Option<Vec<GroupId>>,
    /// A new picture, whose bytes are in the blob store.
    pub photo: Option<Photo>,
    /// Switches the account off or on.
    pub disable: Option<bool>,
    /// Makes a guest of it, or a room administrator of a guest.
    pub is_guest: Option<bool>,
}

/// Changes a profile. `who` is an id or a login name.
///
/// Fails with `UserNotFound` before any right, `AccessDenied`, `NameIncorrect`, `SeatsTaken`.
pub fn update(tx: &mut Tx<'_>, call: &Call, who: &str, changes: &Changes) -> Result<Person> {
    let person = super::find_named(tx, &call.portal, who)?.ok_or(Kind::UserNotFound)?;
    super::require(tx, call, Deed::Edit, &person)?;
    if person.id == call.person()?.id {
        update_own(tx, call, person, changes)
    } else {
        update_other(tx, call, person, changes)
    }
}

fn update_own(tx: &mut Tx<'_>, call: &Call, mut person: Person, changes: &Changes) -> Result<Person> {
    let text = |new: &Option<String>, old: &str| {
        new.as_deref().map_or_else(|| old.to_owned(), |new| new.trim().to_owned())
    };
    person.first_name = text(&changes.first_name, &person.first_name);
    person.last_name = text(&changes.last_name, &person.last_name);
    let last = &person.last_name;
    if !rules::is_name(&person.first_name) || !(last.is_empty() || rules::is_name(last)) {
        return Err(Kind::NameIncorrect.into());
    }
    person.location = changes.location.clone().unwrap_or(person.location);
    person.notes = changes.notes.clone().unwrap_or(person.notes);
    person.spam = changes.spam;
    if let Some(contacts) = &changes.contacts {
        person.contacts = contacts.iter().filter(|contact| !contact.value.is_empty()).cloned().collect();
    }
    writes::save(tx, call.portal.id, &person)?;
    if let Some(groups) = changes.groups.as_ref().filter(|_| person.is_admin()) {
        writes::leave_groups_but(tx, call.portal.id, person.id, groups)?;
        for group in groups {
            writes::join_group(tx, call.portal.id, *group, person.id)?;
        }
    }
    if let Some(photo) = &changes.photo {
        super::photo::change(tx, call.portal.id, &person, Some(photo))?;
    }
    tx.say(Event::UserUpdated { user: person.id });
    super::again(tx, call, person.id)
}

fn update_other(tx: &mut Tx<'_>, call: &Call, mut person: Person, changes: &Changes) -> Result<Person> {
    let (user, old) = (person.id, person.clone());
    match changes.disable {
        Some(true) if person.status != TERMINATED => {
            (person.status, person.terminated_at) = (TERMINATED, Some(tx.now()));
            sessions::end_all_of(tx, call, user, None)?;
        }
        Some(false) if person.status == TERMINATED => {
            (person.status, person.terminated_at) = (ACTIVE, None);
        }
        _ => {}
    }
    match (changes.is_guest, person.kind) {
        (Some(true), UserKind::RoomAdmin | UserKind::User) => person.kind = UserKind::Guest,
        (Some(false), UserKind::Guest) => {
            seats::check(tx, call, UserKind::RoomAdmin)?;
            person.kind = UserKind::RoomAdmin;
        }
        _ => {}
    }
    writes::save(tx, call.portal.id, &person)?;
    if person.status != old.status {
        tx.say(Event::User { user, kind: person.kind, what: UserEvent::Status(person.status) });
    }
    if person.kind != old.kind {
        super::types::after(tx, call, &person, old.kind)?;
    }
    super::again(tx, call, user)
}

/// Changes the caller's own language to one of [`CULTURES`](super::CULTURES). `who` is an id or a login name, and must be
/// the caller.
///
/// Fails with `BadArgument` for an unknown culture, then `UserNotFound`, then `AccessDenied`.
pub fn set_language(tx: &mut Tx<'_>, call: &Call, who: &str, culture: &str) -> Result<Person> {
    let culture = super::known_culture(culture).ok_or_else(|| {
        Problem::text(Kind::BadArgument, "The specified culture is not in the list of available ones")
    })?;
    let mut person = super::find_named(tx, &call.portal, who)?.ok_or(Kind::UserNotFound)?;
    if person.id != call.person()?.id {
        return Err(Kind::AccessDenied.into());
    }
    if person.culture.as_deref() != Some(culture) {
        person.culture = Some(culture.to_owned());
        writes::save(tx, call.portal.id, &person)?;
        tx.say(Event::User { user: person.id, kind: person.kind, what: UserEvent::Language });
    }
    super::again(tx, call, person.id)
}
