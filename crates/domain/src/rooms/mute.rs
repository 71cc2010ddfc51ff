//! Rooms of which a person wants no notices (rooms.md §13 `settings/notification/rooms`).

use db::{Conn, args, sql};

use crate::ids::{EntryId, PortalId, UserId};
use crate::store::Tx;
use crate::{Call, Result};

/// The rooms the caller muted, in the order they were.
pub fn muted(conn: &mut Conn, call: &Call) -> Result<Vec<EntryId>> {
    Ok(conn.all(
        sql!("select room_id from muted_room where portal_id = $1 and user_id = $2 order by at, room_id"),
        args![call.portal.id, call.person()?.id],
        |row| row.get(0),
    )?)
}

/// Mutes a room for the caller, or listens to it again. That it is one the caller may see is for the caller of this to
/// find out.
pub fn set_muted(tx: &mut Tx<'_>, call: &Call, room: EntryId, mute: bool) -> Result<()> {
    let (portal, user, now) = (call.portal.id, call.person()?.id, tx.now());
    if mute {
        tx.exec(
            sql!(
                "insert into muted_room (portal_id, user_id, room_id, at) values ($1, $2, $3, $4)
                 on conflict (portal_id, user_id, room_id) do nothing"
            ),
            args![portal, user, room, now],
        )?;
    } else {
        tx.exec(
            sql!("delete from muted_room where portal_id = $1 and user_id = $2 and room_id = $3"),
            args![portal, user, room],
        )?;
    }
    Ok(())
}

/// Forgets what a person muted.
pub(crate) fn forget_muted(tx: &mut Tx<'_>, portal: PortalId, user: UserId) -> Result<()> {
    tx.exec(sql!("delete from muted_room where portal_id = $1 and user_id = $2"), args![portal, user])?;
    Ok(())
}
