//! Rooms of which a person wants no notices (rooms.md §13 `settings/notification/rooms`).

use db::{Conn, args, sql};

use super::{Look, find};
use crate::ids::{EntryId, PortalId, UserId};
use crate::store::Tx;
use crate::{Call, Kind, Problem, Result};

/// The most rooms that one person can mute.
const MUTED_MAX: usize = 10_000;

/// The rooms the caller muted, in the order they were.
pub fn muted(conn: &mut Conn, call: &Call) -> Result<Vec<EntryId>> {
    Ok(conn.all(
        sql!("select room_id from muted_room where portal_id = $1 and user_id = $2 order by at, room_id"),
        args![call.portal.id, call.person()?.id],
        |row| row.get(0),
    )?)
}

/// Mutes a room the caller sees, or listens to one again, which takes no right.
///
/// Fails with `RoomNotFound`, `RoomDeleted` or `RoomNotReadable`, and with `BadArgument` when there are too many.
pub fn set_muted(tx: &mut Tx<'_>, call: &Call, room: EntryId, mute: bool) -> Result<()> {
    let (portal, user, now) = (call.portal.id, call.person()?.id, tx.now());
    if !mute {
        tx.exec(
            sql!("delete from muted_room where portal_id = $1 and user_id = $2 and room_id = $3"),
            args![portal, user, room],
        )?;
        return Ok(());
    }
    find(tx, call, room)?.require::<Look>()?;
    if muted(tx, call)?.len() >= MUTED_MAX {
        let sentence = format!("No more than {MUTED_MAX} rooms can be muted");
        return Err(Problem::text(Kind::BadArgument, sentence));
    }
    tx.exec(
        sql!(
            "insert into muted_room (portal_id, user_id, room_id, at) values ($1, $2, $3, $4)
             on conflict (portal_id, user_id, room_id) do nothing"
        ),
        args![portal, user, room, now],
    )?;
    Ok(())
}

/// Forgets what a person muted.
pub(crate) fn forget_muted(tx: &mut Tx<'_>, portal: PortalId, user: UserId) -> Result<()> {
    tx.exec(sql!("delete from muted_room where portal_id = $1 and user_id = $2"), args![portal, user])?;
    Ok(())
}
