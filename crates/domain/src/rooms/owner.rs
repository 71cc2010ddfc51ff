//! Whose a room is: changes of owner, and what becomes of somebody's rooms and roles when his account changes or goes.
//!
//! The verbs for accounts do at most `limit` rooms in one unit and say whether that was all, so that a job can go on
//! in the next unit.

use db::{Conn, args, sql};

use super::roles::{CONTENT_CREATOR, ROOM_MANAGER};
use super::shelf::{self, Subject};
use super::{GiveAway, RoomKind, View, find, get};
use crate::event::{Event, RoomEvent};
use crate::ids::{EntryId, PortalId, UserId};
use crate::people::{self, Person};
use crate::store::Tx;
use crate::{Call, Kind, Result};

/// Gives rooms to another owner; the one before becomes room manager. Ids that are no rooms are skipped, and a room
/// that is his already stays as it is. Returns the rooms as they are afterwards.
///
/// Contract: rooms.md §7.2. Fails with `UserNotSelectable`, which is checked first, and `RoomOperationDenied`.
pub fn change_owner(tx: &mut Tx<'_>, call: &Call, rooms: &[EntryId], to: UserId) -> Result<Vec<View>> {
    let new = people::find(tx, &call.portal, to)?;
    if !new.is_some_and(|person| person.is_active() && person.kind.makes_rooms()) {
        return Err(Kind::UserNotSelectable.into());
    }
    let mut views = Vec::with_capacity(rooms.len());
    for id in rooms {
        let found = match find(tx, call, *id) {
            Err(problem) if matches!(problem.kind(), Kind::RoomNotFound | Kind::RoomDeleted) => continue,
            found => found?,
        };
        let seen = found.grant::<GiveAway>()?;
        let owner = seen.room.created_by;
        if owner != to {
            let owner = people::find(tx, &call.portal, owner)?;
            let keeps = owner.map(|owner| seen.room.kind.at_most(owner.kind, ROOM_MANAGER));
            let gift =
                Gift { room: *id, title: seen.room.title.clone(), from: seen.room.created_by, to, keeps };
            hand_over(tx, call.portal.id, gift)?;
        }
        views.push(get(tx, call, *id)?);
    }
    Ok(views)
}

/// A room that changes hands.
struct Gift {
    room: EntryId,
    title: String,
    from: UserId,
    to: UserId,
    /// The role that the owner before keeps.
    keeps: Option<i64>,
}

fn hand_over(tx: &mut Tx<'_>, portal: PortalId, gift: Gift) -> Result<()> {
    let Gift { room, title, from, to, keeps } = gift;
    tx.exec(
        sql!("update room set created_by = $3 where portal_id = $1 and id = $2"),
        args![portal, room, to],
    )?;
    let before = Subject::Person(from);
    let old = shelf::record(tx, portal, room, before)?;
    shelf::set(tx, portal, room, before, (old, keeps), Some(to))?;
    let after = Subject::Person(to);
    let old = shelf::record(tx, portal, room, after)?;
    shelf::set(tx, portal, room, after, (old, Some(0)), None)?;
    tx.say(Event::Room { room, title, what: RoomEvent::OwnerChanged { owner: to, old: from } });
    Ok(())
}

/// Gives rooms of one account to another, at most `limit` of them; true when there are no more. `from` is the account
/// as it is to be, and stays content creator in them (viewer where its type can't be that).
///
/// For those who lose the right to own rooms, are deleted, or whose things are reassigned. Who may do it is decided by
/// the verb that calls this.
pub fn give_all(tx: &mut Tx<'_>, portal: PortalId, from: &Person, to: UserId, limit: i64) -> Result<bool> {
    if from.id == to {
        return Ok(true);
    }
    let rooms: Vec<(EntryId, i64, String)> = tx.all(
        sql!(
            "select r.id, r.kind, r.title from room r where r.portal_id = $1 and r.id in
             (select o.id from room o where o.portal_id = $1 and o.created_by = $2 and o.section in (14, 20) limit $3)"
        ),
        args![portal, from.id, limit],
        |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
    )?;
    let all = fits_in(rooms.len(), limit);
    for (room, kind, title) in rooms {
        let keeps = RoomKind::of(kind).map(|kind| kind.at_most(from.kind, CONTENT_CREATOR));
        hand_over(tx, portal, Gift { room, title, from: from.id, to, keeps })?;
    }
    Ok(all)
}

/// Whether what was read was all there was.
fn fits_in(found: usize, limit: i64) -> bool {
    i64::try_from(found).is_ok_and(|found| found < limit)
}

/// Takes a person or group off every room shared with it, at most `limit` of them; true when there are no more. Rooms
/// that a person created stay his: see [`give_all`].
///
/// For those who are deleted. Nothing is said of it: the deletion is the event.
pub fn drop_subject(tx: &mut Tx<'_>, portal: PortalId, subject: Subject, limit: i64) -> Result<bool> {
    let records: Vec<(EntryId, i64)> = tx.all(
        sql!(
            "select room_id, access from shelf where portal_id = $1 and subject_id = $2 and access <> 0
             order by room_id limit $3"
        ),
        args![portal, subject, limit],
        |row| Ok((row.get(0)?, row.get(1)?)),
    )?;
    let all = fits_in(records.len(), limit);
    for (room, access) in records {
        shelf::set(tx, portal, room, subject, (Some(access), None), None)?;
    }
    Ok(all)
}

/// Takes a person or group off the rooms that this account shared with it, at most `limit` of them; true when there are
/// no more. For those who take a guest off their list (people.md §5.8).
pub fn drop_granted(
    tx: &mut Tx<'_>,
    portal: PortalId,
    subject: Subject,
    by: UserId,
    limit: i64,
) -> Result<bool> {
    let records: Vec<(EntryId, i64)> = tx.all(
        sql!(
            "select room_id, access from shelf where portal_id = $1 and subject_id = $2 and access <> 0
             and shared_by = $3 order by room_id limit $4"
        ),
        args![portal, subject, by, limit],
        |row| Ok((row.get(0)?, row.get(1)?)),
    )?;
    let all = fits_in(records.len(), limit);
    for (room, access) in records {
        shelf::set(tx, portal, room, subject, (Some(access), None), None)?;
    }
    Ok(all)
}

/// Makes a room manager content creator everywhere, at most in `limit` rooms; true when there are no more. `person` is
/// the account as it is to be.
///
/// For those who leave a type that can manage rooms (rooms.md §7.1).
pub fn lower_managers(tx: &mut Tx<'_>, portal: PortalId, person: &Person, limit: i64) -> Result<bool> {
    let member = Subject::Person(person.id);
    let rooms: Vec<(EntryId, i64, String)> = tx.all(
        sql!(
            "select r.id, r.kind, r.title from shelf s join room r on r.portal_id = $1 and r.id = s.room_id
             where s.portal_id = $1 and s.subject_id = $2 and s.access = 9 order by s.room_id limit $3"
        ),
        args![portal, member, limit],
        |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
    )?;
    let all = fits_in(rooms.len(), limit);
    for (room, kind, title) in rooms {
        let access =
            RoomKind::of(kind).map_or(CONTENT_CREATOR, |kind| kind.at_most(person.kind, CONTENT_CREATOR));
        shelf::set(tx, portal, room, member, (Some(ROOM_MANAGER), Some(access)), None)?;
        let what = RoomEvent::MemberChanged { member, access, old: ROOM_MANAGER };
        tx.say(Event::Room { room, title, what });
    }
    Ok(all)
}

/// Whether an account owns any room, active or archived.
pub fn owns_any(conn: &mut Conn, portal: PortalId, person: UserId) -> Result<bool> {
    let found = conn.first(
        sql!("select id from room where portal_id = $1 and created_by = $2 and section in (14, 20) limit 1"),
        args![portal, person],
        |row| row.get::<EntryId>(0),
    )?;
    Ok(found.is_some())
}
