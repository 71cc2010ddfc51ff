//! The statements of rooms that read or write one room. Lists are in `list.rs`.

use db::{Conn, Row, args, sql};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::{Hold, Room, RoomKind, Section, Seen};
use crate::access::Granted;
use crate::ids::{EntryId, PortalId, UserId};
use crate::store::Tx;
use crate::{Call, Problem, Result};

/// The columns of a room `r`, in the order of [`read`].
macro_rules! columns {
    () => {
        "r.id, r.section, r.kind, r.title, r.description, r.color, r.cover, r.private, r.indexing, r.deny_download, r.quota, \
         r.lifetime, r.watermark, r.chat, r.save_form_as_xlsx, r.send_form_to_external_db, r.files_count, r.folders_count, \
         r.used_bytes, r.links_count, r.public_links_count, r.members_count, r.created_by, r.created_at, r.modified_by, r.modified_at"
    };
}
pub(super) use columns;

/// The greatest role of the groups of the person `$2` or `$3` in a room `r`, or null: its place in the order of strength
/// (rooms.md §2), and behind it two digits of `access`. The creator's 0 and a restriction are no group's.
macro_rules! by_groups {
    ($person:literal) => {
        concat!(
            "(select cast(max(case g.access when 9 then 709 when 11 then 611 when 10 then 510 when 7 then 407 when 5 then 305 \
             when 6 then 206 else 100 + g.access end) as bigint) from group_member gm \
             join shelf g on g.portal_id = $1 and g.subject_id = gm.group_id and g.room_id = r.id \
             where gm.portal_id = $1 and gm.user_id = ",
            $person,
            ")"
        )
    };
}
pub(super) use by_groups;

/// Whether the person `$2` or `$3` muted a room `r`: 1 or 0.
macro_rules! muted {
    ($person:literal) => {
        concat!(
            "(select count(*) from muted_room mr where mr.portal_id = $1 and mr.user_id = ",
            $person,
            " and mr.room_id = r.id)"
        )
    };
}
pub(super) use muted;

/// The columns after those of the room: the caller's own record, who gave it, what his groups have, and whether he muted
/// the room.
const HOLD: usize = 26;

/// Reads a room with the caller's records, from its columns and the four of [`HOLD`].
pub(super) fn read_held(row: &Row<'_>) -> db::Result<(Room, Hold)> {
    let by_groups: Option<i64> = row.get(HOLD + 2)?;
    let hold = Hold {
        own: row.get(HOLD)?,
        shared_by: row.get(HOLD + 1)?,
        by_groups: by_groups.map(|strength| strength % 100),
        muted: row.get::<i64>(HOLD + 3)? > 0,
    };
    Ok((read(row)?, hold))
}

fn read(row: &Row<'_>) -> db::Result<Room> {
    let (section, kind): (i64, i64) = (row.get(1)?, row.get(2)?);
    Ok(Room {
        id: row.get(0)?,
        section: Section::of(section).ok_or_else(|| db::Error::Invalid(format!("section {section}")))?,
        kind: RoomKind::of(kind).ok_or_else(|| db::Error::Invalid(format!("room kind {kind}")))?,
        title: row.get(3)?,
        description: row.get(4)?,
        color: row.get(5)?,
        cover: row.get(6)?,
        private: row.get(7)?,
        indexing: row.get(8)?,
        deny_download: row.get(9)?,
        quota: row.get(10)?,
        lifetime: json(row, 11)?,
        watermark: json(row, 12)?,
        chat: json(row, 13)?,
        save_form_as_xlsx: row.get(14)?,
        send_form_to_external_db: row.get(15)?,
        files_count: row.get(16)?,
        folders_count: row.get(17)?,
        used_bytes: row.get(18)?,
        links_count: row.get(19)?,
        public_links_count: row.get(20)?,
        members_count: row.get(21)?,
        created_by: row.get(22)?,
        created_at: row.get(23)?,
        modified_by: row.get(24)?,
        modified_at: row.get(25)?,
    })
}

fn json<T: DeserializeOwned>(row: &Row<'_>, index: usize) -> db::Result<Option<T>> {
    let text: Option<String> = row.get(index)?;
    text.map(|text| serde_json::from_str(&text).map_err(|error| db::Error::Invalid(error.to_string())))
        .transpose()
}

fn json_text<T: Serialize>(value: Option<&T>) -> Result<Option<String>> {
    value.map(|value| serde_json::to_string(value).map_err(Problem::internal)).transpose()
}

/// A room with the caller's share records, his own and those of his groups.
pub(super) fn by_id(conn: &mut Conn, call: &Call, id: EntryId) -> Result<Option<(Room, Hold)>> {
    let caller = call.someone().map_or("", |person| person.id.as_str());
    Ok(conn.first(
        sql!(
            "select ",
            columns!(),
            ", s.access, s.shared_by, ",
            by_groups!("$3"),
            ", ",
            muted!("$3"),
            " from room r
             left join shelf s on s.portal_id = $1 and s.subject_id = $3 and s.room_id = r.id
             where r.portal_id = $1 and r.id = $2"
        ),
        args![call.portal.id, id, caller],
        read_held,
    )?)
}

/// Whether a room of this id was deleted and purged.
pub(super) fn is_tombstone(conn: &mut Conn, portal: PortalId, id: EntryId) -> Result<bool> {
    let found = conn.first(
        sql!("select id from tombstone where portal_id = $1 and id = $2"),
        args![portal, id],
        |row| row.get::<i64>(0),
    )?;
    Ok(found.is_some())
}

pub(super) fn insert(tx: &mut Tx<'_>, portal: PortalId, room: &Room, title_fold: &str) -> Result<()> {
    let (lifetime, watermark, chat) = (
        json_text(room.lifetime.as_ref())?,
        json_text(room.watermark.as_ref())?,
        json_text(room.chat.as_ref())?,
    );
    tx.exec(
        sql!(
            "insert into room (portal_id, id, section, kind, title, title_fold, description, color, cover, private, indexing,
             deny_download, quota, lifetime, watermark, chat, save_form_as_xlsx, send_form_to_external_db, files_count,
             folders_count, used_bytes, links_count, public_links_count, members_count, created_by, created_at, modified_by, modified_at)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, 0, 0, 0, $19, $20, 0, $21, $22, $21, $22)"
        ),
        args![
            portal,
            room.id,
            room.section as i64,
            room.kind as i64,
            room.title,
            title_fold,
            room.description,
            room.color,
            room.cover,
            room.private,
            room.indexing,
            room.deny_download,
            room.quota,
            lifetime,
            watermark,
            chat,
            room.save_form_as_xlsx,
            room.send_form_to_external_db,
            room.links_count,
            room.public_links_count,
            room.created_by,
            room.created_at
        ],
    )?;
    Ok(())
}

/// Writes what an update can change. (Where a shelf is written, its people are named by a subquery: of the two
/// indexes that fit, SQLite would else take the primary key and walk the whole portal's shelf.)
pub(super) fn update(tx: &mut Tx<'_>, portal: PortalId, room: &Room, title_fold: &str) -> Result<()> {
    let (lifetime, watermark, chat) = (
        json_text(room.lifetime.as_ref())?,
        json_text(room.watermark.as_ref())?,
        json_text(room.chat.as_ref())?,
    );
    tx.exec(
        sql!(
            "update room set title = $3, title_fold = $4, description = $5, color = $6, cover = $7, indexing = $8,
             deny_download = $9, quota = $10, lifetime = $11, watermark = $12, chat = $13, save_form_as_xlsx = $14,
             send_form_to_external_db = $15, modified_by = $16, modified_at = $17
             where portal_id = $1 and id = $2"
        ),
        args![
            portal,
            room.id,
            room.title,
            title_fold,
            room.description,
            room.color,
            room.cover,
            room.indexing,
            room.deny_download,
            room.quota,
            lifetime,
            watermark,
            chat,
            room.save_form_as_xlsx,
            room.send_form_to_external_db,
            room.modified_by,
            room.modified_at
        ],
    )?;
    tx.exec(
        sql!(
            "update shelf set title_fold = $3, modified_at = $4 where portal_id = $1 and room_id = $2 and subject_id in
             (select s.subject_id from shelf s where s.portal_id = $1 and s.room_id = $2)"
        ),
        args![portal, room.id, title_fold, room.modified_at],
    )?;
    Ok(())
}

/// Puts a new room on its creator's shelf and counts it.
pub(super) fn shelve(tx: &mut Tx<'_>, portal: PortalId, room: &Room, title_fold: &str) -> Result<()> {
    let section = room.section as i64;
    tx.exec(
        sql!(
            "insert into shelf (portal_id, subject_id, room_id, section, access, title_fold, modified_at)
             values ($1, $2, $3, $4, 0, $5, $6)"
        ),
        args![portal, room.created_by, room.id, section, title_fold, room.modified_at],
    )?;
    count(tx, portal, room.id, section, 1)
}

/// Moves a room to another section, with everybody's shelf and counters. Archiving ends the files' lifetime.
pub(super) fn relocate<A>(
    tx: &mut Tx<'_>,
    portal: PortalId,
    room: &Granted<Seen, A>,
    to: Section,
    by: UserId,
) -> Result<()> {
    let (id, from, now) = (room.room.id, room.room.section as i64, tx.now());
    tx.exec(
        sql!(
            "update room set section = $3, lifetime = null, modified_by = $4, modified_at = $5
             where portal_id = $1 and id = $2"
        ),
        args![portal, id, to as i64, by, now],
    )?;
    tx.exec(
        sql!(
            "update shelf set section = $3, modified_at = $4 where portal_id = $1 and room_id = $2 and subject_id in
             (select s.subject_id from shelf s where s.portal_id = $1 and s.room_id = $2 and s.access <> 3)"
        ),
        args![portal, id, to as i64, now],
    )?;
    count(tx, portal, id, from, -1)?;
    // Nobody lists what is deleted, so nobody counts it.
    if to == Section::Gone { Ok(()) } else { count(tx, portal, id, to as i64, 1) }
}

/// Adds to the counters of everybody who has the room on the shelf, and of the portal, in this thread's lane.
fn count(tx: &mut Tx<'_>, portal: PortalId, room: EntryId, section: i64, by: i64) -> Result<()> {
    let lane = tx.lane();
    tx.exec(
        sql!(
            "insert into shelf_count (portal_id, subject_id, section, lane, rooms)
             select $1, subjects.subject_id, $3, $4, $5
             from (select subject_id from shelf where portal_id = $1 and room_id = $2 and access <> 3 union all select '') subjects where true
             on conflict (portal_id, subject_id, section, lane) do update set rooms = shelf_count.rooms + excluded.rooms"
        ),
        args![portal, room, section, lane, by],
    )?;
    Ok(())
}
