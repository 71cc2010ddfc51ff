//! External links of rooms. So far: the primary one a public or form-filling room is born with (rooms.md §4.2).

use db::{args, sql};

use super::Room;
use crate::Result;
use crate::ids::{LinkId, PortalId};
use crate::store::Tx;

/// Writes a room's primary external link.
pub(super) fn insert_primary(
    tx: &mut Tx<'_>,
    portal: PortalId,
    room: &Room,
    title: &str,
    access: i64,
) -> Result<()> {
    let (id, now) = (LinkId::new(tx.guid()), tx.now());
    tx.exec(
        sql!(
            "insert into link (portal_id, id, room_id, title, access, is_primary, is_internal, created_by, created_at)
             values ($1, $2, $3, $4, $5, 1, 0, $6, $7)"
        ),
        args![portal, id, room.id, title, access, room.created_by, now],
    )?;
    Ok(())
}
