//! Archive, unarchive, delete (rooms.md §6).

use data_encoding::HEXLOWER;

use super::{Look, Relocate, Remove, Section, View, find, get, not_a_room, say, sql};
use crate::event::RoomEvent;
use crate::ids::EntryId;
use crate::operations::{Operation, OperationKind};
use crate::store::Tx;
use crate::{Call, Result};

/// A finished operation with the room it shows, if it shows one.
#[derive(Debug, Clone)]
pub struct Done {
    /// The operation.
    pub operation: Operation,
    /// The room, where it went.
    pub room: Option<View>,
}

/// Moves a room to the archive or back. Where it lies there already, the operation finishes with nothing done.
///
/// Contract: rooms.md §6, deviations.md 4: the operation is finished when the call is answered. With `hold` it
/// stays listed until it is fetched. Fails with `RoomNotFound`, `RoomNotReadable`, `AccessDenied`.
pub fn relocate(tx: &mut Tx<'_>, call: &Call, id: EntryId, to: Section, hold: bool) -> Result<Done> {
    let found = find(tx, call, id).map_err(|problem| not_a_room(call, id, problem))?;
    let room = found.require::<Look>()?.grant::<Relocate>()?;
    let moves = room.room.section != to;
    if moves {
        sql::relocate(tx, call.portal.id, &room, to, call.person()?.id)?;
        say(
            tx,
            &room.room,
            vec![if to == Section::Archive { RoomEvent::Archived } else { RoomEvent::Unarchived }],
        );
    }
    let operation = Operation {
        processed: i64::from(moves),
        room: moves.then_some(id),
        section: Some(to.root(&call.portal)),
        ..finished(tx, call, OperationKind::Move)?
    };
    keep(tx, &operation, hold);
    let room = if moves { Some(get(tx, call, id)?) } else { None };
    Ok(Done { operation, room })
}

/// Deletes a room for good: from this commit on nothing shows it. A job removes its rows and bytes.
///
/// Contract: rooms.md §6. Fails with `RoomNotFound`, `RoomDeleted`, `AccessDenied`.
pub fn delete(tx: &mut Tx<'_>, call: &Call, id: EntryId, hold: bool) -> Result<Done> {
    let found = find(tx, call, id).map_err(|problem| not_a_room(call, id, problem))?;
    let room = found.grant::<Remove>()?;
    sql::relocate(tx, call.portal.id, &room, Section::Gone, call.person()?.id)?;
    say(tx, &room.room, vec![RoomEvent::Deleted]);
    let processed = 1 + room.room.files_count + room.room.folders_count;
    let operation = Operation { processed, ..finished(tx, call, OperationKind::Delete)? };
    keep(tx, &operation, hold);
    Ok(Done { operation, room: None })
}

fn keep(tx: &mut Tx<'_>, operation: &Operation, hold: bool) {
    if hold {
        tx.keep_operation(operation.clone());
    }
}

fn finished(tx: &mut Tx<'_>, call: &Call, kind: OperationKind) -> Result<Operation> {
    Ok(Operation {
        id: HEXLOWER.encode(&tx.random::<16>()),
        portal: call.portal.id,
        owner: call.person()?.id,
        kind,
        processed: 0,
        room: None,
        section: None,
        at: tx.now(),
    })
}
