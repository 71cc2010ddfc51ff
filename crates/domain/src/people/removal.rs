//! Deleting accounts, and giving what they own to others (people.md §5.6). The account's row stays for the things it
//! made; its address and login name are free.

use db::Conn;
use serde::{Deserialize, Serialize};

use super::rules::Deed;
use super::tasks::{self, Task, TaskKind, Work};
use super::{Person, TERMINATED, effects, writes};
use crate::event::{Event, UserEvent};
use crate::ids::UserId;
use crate::store::Tx;
use crate::{Call, Kind, Problem, Result, rooms, sessions};

/// Deletes an account that is switched off; what it owns goes to the caller, in a task. `who` is an id or a login name.
/// Answers with the account as it was.
///
/// Fails with `UserNotFound`, `UserNotSuspended`, `AccessDenied`, `ReassignUnderWay`.
pub fn delete(tx: &mut Tx<'_>, call: &Call, who: &str) -> Result<Person> {
    let person = super::find_named(tx, &call.portal, who)?.ok_or(Kind::UserNotFound)?;
    if person.status != TERMINATED {
        return Err(Kind::UserNotSuspended.into());
    }
    super::require(tx, call, Deed::Delete, &person)?;
    tasks::check_no_reassignment(tx, call, &person)?;
    remove(tx, call, &person)?;
    tasks::start(tx, call, person.id, &Work::Remove)?;
    Ok(person)
}

/// Deletes several; those that aren't there are left out, those that aren't the caller's to delete stay. Answers with
/// the accounts as they were.
///
/// Fails with `UsersNotSuspended` when one of them is in use, and `ReassignUnderWay`; then none is deleted.
pub fn delete_all(tx: &mut Tx<'_>, call: &Call, ids: &[UserId]) -> Result<Vec<Person>> {
    let people = super::listed(tx, call, ids)?;
    if people.iter().any(|person| person.status != TERMINATED) {
        return Err(Kind::UsersNotSuspended.into());
    }
    for person in &people {
        if super::may(tx, call, Deed::Delete, person)? {
            tasks::check_no_reassignment(tx, call, person)?;
            remove(tx, call, person)?;
            tasks::start(tx, call, person.id, &Work::Remove)?;
        }
    }
    Ok(people)
}

/// Deletes the account itself, and all that ties it to others or lets it in. Rooms change hands in the task.
fn remove(tx: &mut Tx<'_>, call: &Call, person: &Person) -> Result<()> {
    let portal = call.portal.id;
    sessions::end_all_of(tx, call, person.id, None)?;
    writes::untie(tx, portal, person.id)?;
    effects::drop_shares(tx, portal, person.id)?;
    rooms::forget_muted(tx, portal, person.id)?;
    if person.photo.is_some() {
        super::photo::change(tx, portal, person, None)?;
    }
    writes::bury(tx, portal, person)?;
    tx.say(Event::User { user: person.id, kind: person.kind, what: UserEvent::Deleted });
    Ok(())
}

/// Starts the removal of an account that is switched off, with all that is its own.
///
/// Fails with `BadArgument`, `AccessDenied`.
pub fn start_removal(tx: &mut Tx<'_>, call: &Call, user: UserId) -> Result<Task> {
    let bad = |text| Problem::text(Kind::BadArgument, text);
    let person = super::find(tx, &call.portal, user)?
        .ok_or_else(|| bad(format!("User with id = {user} not found")))?;
    if person.is_owner || person.id == call.person()?.id || person.status != TERMINATED {
        return Err(bad(format!("Can not delete user with id = {user}")));
    }
    super::require(tx, call, Deed::Delete, &person)?;
    tasks::start(tx, call, user, &Work::Remove)
}

/// Giving what an account owns to another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reassignment {
    /// Who gets it.
    pub to: UserId,
    /// Whether the account is deleted then.
    pub delete_profile: bool,
}

/// Starts giving what an account owns, that is switched off, to another.
///
/// Fails with `BadArgument`: first for the receiver, then for the account.
pub fn start_reassignment(tx: &mut Tx<'_>, call: &Call, from: UserId, work: Reassignment) -> Result<Task> {
    let bad = |end: &str, id| {
        Problem::text(Kind::BadArgument, format!("Can not reassign data {end} user with id = {id}"))
    };
    let to = super::find(tx, &call.portal, work.to)?;
    let fit = to.is_some_and(|to| to.status != TERMINATED && to.kind.makes_rooms());
    if !fit {
        return Err(bad("to", work.to));
    }
    let person = super::find(tx, &call.portal, from)?.filter(|person| person.status == TERMINATED);
    let person = person.ok_or_else(|| bad("from", from))?;
    if !super::may(tx, call, Deed::Delete, &person)? {
        return Err(bad("from", from));
    }
    tasks::start(tx, call, from, &Work::Reassign(work))
}

/// Whether a reassignment is the caller's to look at: of an administrator's things only the owner's.
///
/// Fails with `AccessDenied`.
pub fn check_reassignment(conn: &mut Conn, call: &Call, user: UserId) -> Result<()> {
    let found = super::sql::by_id(conn, &call.portal, user)?;
    if found.is_some_and(|person| person.is_admin()) && !call.person()?.is_owner {
        return Err(Kind::AccessDenied.into());
    }
    Ok(())
}

/// Goes on with a removal: how far it is then, 100 when it is done.
pub(super) fn remove_step(tx: &mut Tx<'_>, call: &Call, user: UserId, percentage: i64) -> Result<i64> {
    let portal = call.portal.id;
    let person = super::sql::by_id(tx, &call.portal, user)?.ok_or(Kind::UserNotFound)?;
    let gone = person.removed_at.is_some();
    if !gone && !super::may(tx, call, Deed::Delete, &person)? {
        return Err(Kind::AccessDenied.into());
    }
    let receiver = call.person()?.id;
    Ok(match percentage {
        ..50 => {
            if effects::give_rooms(tx, portal, &person, receiver)? {
                50
            } else {
                10
            }
        }
        50..75 => {
            if effects::drop_shares(tx, portal, user)? {
                75
            } else {
                50
            }
        }
        _ => {
            if !gone {
                remove(tx, call, &person)?;
            }
            tx.say(Event::User { user, kind: person.kind, what: UserEvent::DataRemoved });
            100
        }
    })
}

/// Goes on with a reassignment.
pub(super) fn reassign_step(
    tx: &mut Tx<'_>,
    call: &Call,
    user: UserId,
    work: Reassignment,
    percentage: i64,
) -> Result<i64> {
    let portal = call.portal.id;
    let person = super::sql::by_id(tx, &call.portal, user)?.ok_or(Kind::UserNotFound)?;
    let gone = person.removed_at.is_some();
    if !gone && !super::may(tx, call, Deed::Delete, &person)? {
        return Err(Kind::AccessDenied.into());
    }
    Ok(match percentage {
        ..60 => {
            if effects::give_rooms(tx, portal, &person, work.to)? {
                60
            } else {
                10
            }
        }
        60..90 if work.delete_profile => {
            if effects::drop_shares(tx, portal, user)? {
                90
            } else {
                60
            }
        }
        _ => {
            if work.delete_profile && !gone {
                remove(tx, call, &person)?;
            }
            tx.say(Event::User { user, kind: person.kind, what: UserEvent::Reassigned { to: work.to } });
            100
        }
    })
}

/// How far a removal is; none when there is none.
pub fn progress(conn: &mut Conn, call: &Call, user: UserId, now: crate::Timestamp) -> Result<Option<Task>> {
    tasks::progress(conn, call, user, TaskKind::Remove, now)
}
