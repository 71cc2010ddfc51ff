//! Changing the type of accounts (people.md §5.5): upwards at once, downwards by a task that gives rooms away first.

use db::Conn;
use serde::{Deserialize, Serialize};

use super::rules::{self, Deed, Standing};
use super::tasks::{self, Task, TaskKind, Work};
use super::{Partly, Person, TERMINATED, UserKind, effects, letters, seats, writes};
use crate::event::{Event, UserEvent};
use crate::ids::UserId;
use crate::portal_settings::InvitationSettings;
use crate::store::Tx;
use crate::{Call, Kind, Problem, Result, rooms, setting};

/// Changes the type of accounts at once, one after the other; who was changed before a refusal stays changed.
///
/// Fails with `AccessDenied`; refused with `UserNotFound`, `AccessDenied`, `SeatsTaken`.
pub fn promote(tx: &mut Tx<'_>, call: &Call, ids: &[UserId], kind: UserKind) -> Result<Partly<Vec<Person>>> {
    if !rules::may_add(Standing::of(call.person()?), kind) {
        return Err(Kind::AccessDenied.into());
    }
    let mut changed = Vec::new();
    for id in ids {
        match promote_one(tx, call, *id, kind) {
            Ok(person) => changed.push(person),
            Err(problem) => return super::refused(problem),
        }
    }
    Ok(Ok(changed))
}

fn promote_one(tx: &mut Tx<'_>, call: &Call, id: UserId, kind: UserKind) -> Result<Person> {
    let person = super::find(tx, &call.portal, id)?.ok_or(Kind::UserNotFound)?;
    if person.status == TERMINATED || !super::may(tx, call, Deed::Promote(kind), &person)? {
        return Err(Kind::AccessDenied.into());
    }
    set_type(tx, call, person, kind)
}

/// Gives an account another type; whether that is the caller's to do was asked before.
pub(super) fn set_type(tx: &mut Tx<'_>, call: &Call, mut person: Person, kind: UserKind) -> Result<Person> {
    if kind.makes_rooms() && !person.kind.makes_rooms() {
        seats::check(tx, call, kind)?;
    }
    let old = std::mem::replace(&mut person.kind, kind);
    writes::save(tx, call.portal.id, &person)?;
    say(tx, call, &person, old)?;
    super::again(tx, call, person.id)
}

/// Makes an account an administrator of the portal, or a room administrator again; one that is so already stays as it is.
/// Foundation.md §4.8 `settings/security/administrator`: the change of type by another name.
///
/// Fails with `AccessDenied`, `UserNotFound` or `SeatsTaken`.
pub fn set_administrator(tx: &mut Tx<'_>, call: &Call, id: UserId, administrator: bool) -> Result<Person> {
    if administrator && !rules::may_make(Standing::of(call.person()?), UserKind::DocSpaceAdmin) {
        return Err(Kind::AccessDenied.into());
    }
    let person = super::find(tx, &call.portal, id)?.ok_or(Kind::UserNotFound)?;
    if person.is_admin() == administrator {
        return Ok(person);
    }
    let kind = if administrator { UserKind::DocSpaceAdmin } else { UserKind::RoomAdmin };
    promote_one(tx, call, id, kind)
}

fn say(tx: &mut Tx<'_>, call: &Call, person: &Person, old: UserKind) -> Result<()> {
    tx.say(Event::User { user: person.id, kind: person.kind, what: UserEvent::Type { old } });
    letters::new_type(tx, call, person)
}

/// What follows when an account's type was changed at once by whoever changed its profile: what it may no longer own
/// goes to the caller.
pub(super) fn after(tx: &mut Tx<'_>, call: &Call, person: &Person, old: UserKind) -> Result<()> {
    say(tx, call, person, old)?;
    if person.kind.rank() < old.rank() {
        let work = Demotion { kind: person.kind, receiver: call.person()?.id };
        tasks::start(tx, call, person.id, &Work::Type(work))?;
    }
    Ok(())
}

/// A change to User or Guest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Demotion {
    /// The new type.
    pub kind: UserKind,
    /// Who gets the rooms.
    pub receiver: UserId,
}

/// Starts a change to User or Guest; answers with how far it is, or another change that is under way.
///
/// Fails with `BadArgument`, `NotForYou` or `AccessDenied`. Whether the type is the caller's to change turns out in the task.
pub fn demote(
    tx: &mut Tx<'_>,
    call: &Call,
    user: Option<UserId>,
    kind: Option<UserKind>,
    receiver: Option<UserId>,
) -> Result<Task> {
    let kind = lower(kind)?;
    let caller = call.person()?;
    if !rules::may_add(Standing::of(caller), kind) {
        return Err(Kind::NotForYou.into());
    }
    let settings: InvitationSettings = setting::of_portal(tx, call.portal.id)?;
    if kind == UserKind::Guest && !settings.allow_inviting_guests {
        return Err(Kind::AccessDenied.into());
    }
    let refuse = |text: &str| Problem::text(Kind::BadArgument, text.to_owned());
    let unfit = || refuse("Can not update type");
    let target = user.map(|id| super::find(tx, &call.portal, id)).transpose()?.flatten();
    let target = target.filter(|person| person.status != TERMINATED && person.id != caller.id);
    let target = target.ok_or_else(unfit)?;
    let receiver = receiver.unwrap_or(caller.id);
    let heir = super::find(tx, &call.portal, receiver)?;
    if receiver == target.id || heir.as_ref().is_some_and(|heir| heir.status == TERMINATED) {
        return Err(unfit());
    }
    if target.is_owner || (target.is_admin() && !caller.is_owner) {
        return Err(refuse("Can not update type for admin"));
    }
    if !heir.is_some_and(|heir| heir.kind.makes_rooms()) {
        return Err(refuse(&format!("Can not reassign to user - {receiver}")));
    }
    tasks::start(tx, call, target.id, &Work::Type(Demotion { kind, receiver }))
}

/// The types that a task changes to.
fn lower(kind: Option<UserKind>) -> Result<UserKind> {
    kind.filter(|kind| !kind.makes_rooms()).ok_or_else(|| {
        let name = kind.map_or("All", UserKind::name);
        Problem::text(Kind::BadArgument, format!("Can not update to {name}"))
    })
}

/// Goes on with a change of type: how far it is then, 100 when it is done.
pub(super) fn step(
    tx: &mut Tx<'_>,
    call: &Call,
    user: UserId,
    work: Demotion,
    percentage: i64,
) -> Result<i64> {
    let portal = call.portal.id;
    let before = super::find(tx, &call.portal, user)?.ok_or(Kind::UserNotFound)?;
    if before.kind != work.kind && !super::may(tx, call, Deed::Demote(work.kind), &before)? {
        return Err(Problem::text(
            Kind::AccessDenied,
            "You don't have enough permission to perform the operation",
        ));
    }
    let person = Person { kind: work.kind, ..before.clone() };
    Ok(match percentage {
        ..10 => 10,
        10..40 if !work.kind.makes_rooms() => {
            if effects::give_rooms(tx, portal, &person, work.receiver)? {
                40
            } else {
                10
            }
        }
        40..45 => {
            if effects::lower_managers(tx, portal, &person)? {
                45
            } else {
                40
            }
        }
        45..60 => {
            if work.kind == UserKind::Guest {
                writes::leave_groups(tx, portal, user)?;
            }
            60
        }
        _ => {
            if before.kind != work.kind {
                set_type(tx, call, before, work.kind)?;
            }
            100
        }
    })
}

/// How far a change of type is; none when there is none, or it is over for a while.
pub fn progress(conn: &mut Conn, call: &Call, user: UserId, now: crate::Timestamp) -> Result<Option<Task>> {
    tasks::progress(conn, call, user, TaskKind::Type, now)
}

/// Whether somebody owns what must go to another before the type changes.
///
/// Fails with `AccessDenied`, and `UserNotFound`.
pub fn must_reassign(conn: &mut Conn, call: &Call, user: UserId, kind: UserKind) -> Result<bool> {
    let caller = call.person()?;
    if !rules::may_add(Standing::of(caller), kind) {
        return Err(Kind::AccessDenied.into());
    }
    let person = super::find(conn, &call.portal, user)?.ok_or(Kind::UserNotFound)?;
    if person.is_admin() && !caller.is_owner {
        return Err(Kind::AccessDenied.into());
    }
    rooms::owns_any(conn, call.portal.id, user)
}
