//! What is left of a deleted room is removed in the background, a few hundred rows at a time.

use db::{Conn, Sql, args, sql};

use crate::Result;
use crate::ids::{EntryId, PortalId};
use crate::store::Tx;

/// Rows removed in one unit, so that none holds the writer for long.
const CHUNK: i64 = 500;

/// Removes up to [`CHUNK`] rows of each kind of a deleted room; false when more are left. The room's own row
/// goes last and leaves a tombstone. A room that isn't deleted is left alone.
pub fn purge(tx: &mut Tx<'_>, portal: PortalId, room: EntryId) -> Result<bool> {
    if !is_gone(tx, portal, room)? {
        return Ok(true);
    }
    let chunks: [(Sql, &str); 4] = [
        (
            sql!(
                "delete from shelf where portal_id = $1 and room_id = $2 and subject_id in
                 (select subject_id from shelf where portal_id = $1 and room_id = $2 limit $3)"
            ),
            "shelf",
        ),
        (
            sql!(
                "delete from room_tag where portal_id = $1 and room_id = $2 and tag_id in
                 (select tag_id from room_tag where portal_id = $1 and room_id = $2 limit $3)"
            ),
            "room_tag",
        ),
        (
            sql!(
                "delete from link where portal_id = $1 and room_id = $2 and id in
                 (select id from link where portal_id = $1 and room_id = $2 limit $3)"
            ),
            "link",
        ),
        (
            sql!(
                "delete from muted_room where portal_id = $1 and room_id = $2 and user_id in
                 (select user_id from muted_room where portal_id = $1 and room_id = $2 limit $3)"
            ),
            "muted_room",
        ),
    ];
    for (statement, table) in chunks {
        let removed = tx.exec(statement, args![portal, room, CHUNK])?;
        tracing::debug!(%portal, %room, table, removed, "purged");
        if removed >= CHUNK as u64 {
            return Ok(false);
        }
    }
    tx.exec(
        sql!("insert into tombstone (portal_id, id) values ($1, $2) on conflict (portal_id, id) do nothing"),
        args![portal, room],
    )?;
    tx.exec(sql!("delete from room where portal_id = $1 and id = $2 and section = 0"), args![portal, room])?;
    Ok(true)
}

fn is_gone(conn: &mut Conn, portal: PortalId, room: EntryId) -> Result<bool> {
    let section = conn.first(
        sql!("select section from room where portal_id = $1 and id = $2"),
        args![portal, room],
        |row| row.get::<i64>(0),
    )?;
    Ok(section == Some(0))
}
