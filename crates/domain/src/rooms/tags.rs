//! Tags: portal-wide words, and which rooms have them (rooms.md §9).

use std::collections::HashMap;

use db::{Conn, Query, args, sql};

use super::Room;
use super::rules::TAG_MAX;
use crate::event::RoomEvent;
use crate::ids::{EntryId, PortalId, TagId};
use crate::store::Tx;
use crate::text::utf16_len;
use crate::{Kind, Problem, Result, schema};

/// The tags of one room, the newest tag first.
pub(super) fn of_room(conn: &mut Conn, portal: PortalId, room: EntryId) -> Result<Vec<String>> {
    Ok(conn.all(
        sql!(
            "select t.name from room_tag rt join tag t on t.portal_id = $1 and t.id = rt.tag_id
             where rt.portal_id = $1 and rt.room_id = $2 order by rt.tag_id desc"
        ),
        args![portal, room],
        |row| row.get(0),
    )?)
}

/// The tags of several rooms, the newest tag first in each.
pub(super) fn of_rooms(
    conn: &mut Conn,
    portal: PortalId,
    rooms: &[EntryId],
) -> Result<HashMap<EntryId, Vec<String>>> {
    let mut tags: HashMap<EntryId, Vec<String>> = HashMap::new();
    if rooms.is_empty() {
        return Ok(tags);
    }
    let base = sql!(
        "select rt.room_id, t.name from room_tag rt join tag t on t.portal_id = $1 and t.id = rt.tag_id where rt.portal_id = $1"
    );
    let mut query = Query::new(base, args![portal]);
    query.list(" and rt.room_id in (", rooms, ")").push(" order by rt.room_id, t.id desc");
    for (room, name) in conn.all(&query, query.args(), |row| Ok((row.get(0)?, row.get(1)?)))? {
        tags.entry(room).or_default().push(name);
    }
    Ok(tags)
}

/// Makes `wanted` the room's tags; names that are new to the portal become tags of it. Says what was added and
/// removed.
pub(super) fn replace(
    tx: &mut Tx<'_>,
    portal: PortalId,
    room: &Room,
    wanted: &[String],
) -> Result<Vec<RoomEvent>> {
    check(wanted)?;
    let present = of_room(tx, portal, room.id)?;
    let mut events = Vec::new();
    let mut added: Vec<String> = Vec::new();
    for name in wanted {
        if !present.contains(name) && !added.contains(name) {
            let tag = find_or_create(tx, portal, name, &mut events)?;
            tx.exec(
                sql!("insert into room_tag (portal_id, room_id, tag_id) values ($1, $2, $3)"),
                args![portal, room.id, tag],
            )?;
            added.push(name.clone());
        }
    }
    let removed: Vec<String> = present.into_iter().filter(|name| !wanted.contains(name)).collect();
    for name in &removed {
        tx.exec(
            sql!(
                "delete from room_tag where portal_id = $1 and room_id = $2
                 and tag_id = (select id from tag where portal_id = $1 and name = $3)"
            ),
            args![portal, room.id, name],
        )?;
    }
    if !added.is_empty() {
        events.push(RoomEvent::TagsAdded(added));
    }
    if !removed.is_empty() {
        events.push(RoomEvent::TagsRemoved(removed));
    }
    Ok(events)
}

fn check(names: &[String]) -> Result<()> {
    for name in names {
        if name.trim().is_empty() {
            return Err(Problem::text(
                Kind::BadArgument,
                "The value cannot be an empty string. (Parameter 'name')",
            ));
        }
        if utf16_len(name) > TAG_MAX {
            let sentence = format!("A tag can't be longer than {TAG_MAX} characters. (Parameter 'name')");
            return Err(Problem::text(Kind::BadArgument, sentence));
        }
    }
    Ok(())
}

fn find_or_create(
    tx: &mut Tx<'_>,
    portal: PortalId,
    name: &str,
    events: &mut Vec<RoomEvent>,
) -> Result<TagId> {
    let found = tx.first(
        sql!("select id from tag where portal_id = $1 and name = $2"),
        args![portal, name],
        |row| row.get(0),
    )?;
    if let Some(id) = found {
        return Ok(id);
    }
    let id = TagId(tx.next(schema::TAG)?);
    tx.exec(sql!("insert into tag (portal_id, id, name) values ($1, $2, $3)"), args![portal, id, name])?;
    events.push(RoomEvent::TagCreated(name.to_owned()));
    Ok(id)
}
