//! What becomes of a deleted portal: its rows go, a few hundred in a unit, and its own row last.

use db::{Sql, args, sql};

use super::sql as portals;
use crate::ids::PortalId;
use crate::store::Tx;
use crate::time::SECOND;
use crate::{Result, Timestamp};

/// Rows that one unit removes at most.
const CHUNK: i64 = 500;
/// How long after its deletion a portal is looked over once more: a request that had passed the gate before may have
/// written since. No request takes as long.
const LAST_LOOK: i64 = 60 * SECOND;

/// How far the purge has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purge {
    /// There is more to remove.
    More,
    /// Nothing is left but the portal's own row, which goes after a last look.
    LookAgain(Timestamp),
    /// Not even the portal's row is left.
    Done,
    /// The portal wasn't deleted: everything stays.
    Kept,
}

macro_rules! tables {
    ($($name:literal $key:literal;)*) => {
        &[$((
            $name,
            || sql!(
                "delete from ", $name, " where portal_id = $1 and (", $key, ") in (select ", $key, " from ", $name,
                " where portal_id = $1 limit $2)"
            ),
        )),*]
    };
}

/// A table's name, and the statement that removes some of one portal's rows of it.
type Table = (&'static str, fn() -> Sql);

/// Every table of portals but `portal` itself, by what tells a portal's rows of it apart, with the statement that
/// removes some of them.
const TABLES: &[Table] = tables! {
    "person" "id";
    "session" "id";
    "api_key" "id";
    "setting" "user_id, name";
    "relation" "source_id, target_id";
    "people_group" "id";
    "group_member" "group_id, user_id";
    "invitation" "id";
    "short_link" "key";
    "confirm_use" "key_hash";
    "task" "user_id, kind";
    "room" "id";
    "shelf" "subject_id, room_id";
    "shelf_count" "subject_id, section, lane";
    "muted_room" "user_id, room_id";
    "room_tag" "room_id, tag_id";
    "tag" "id";
    "link" "id";
    "tombstone" "id";
    "section" "kind";
    "idempotent_reply" "user_id, key_hash";
    "audit" "id";
};

/// The names of the tables that a purge empties; `job` is among them.
pub fn purged_tables() -> impl Iterator<Item = &'static str> {
    TABLES.iter().map(|(name, _)| *name).chain(["job"])
}

/// Removes some of what a deleted portal left behind; nothing of one that wasn't deleted. `job` is the job that does
/// it, which stays.
pub fn purge(tx: &mut Tx<'_>, portal: PortalId, job: i64) -> Result<Purge> {
    let deleted_at = match portals::deleted_at(tx, portal)? {
        None => return Ok(Purge::Done),
        Some(Timestamp(0)) => return Ok(Purge::Kept),
        Some(at) => at,
    };
    let mut room = CHUNK;
    for (_, remove) in TABLES {
        room -= i64::try_from(tx.exec(remove(), args![portal, room])?).unwrap_or(room);
        if room <= 0 {
            return Ok(Purge::More);
        }
    }
    let gone = tx.exec(
        sql!(
            "delete from job where portal_id = $1 and id in
             (select id from job where portal_id = $1 and id <> $2 order by id limit $3)"
        ),
        args![portal, job, room],
    )?;
    if gone >= room.unsigned_abs() {
        return Ok(Purge::More);
    }
    let last = deleted_at.plus(LAST_LOOK);
    if tx.now() < last {
        return Ok(Purge::LookAgain(last));
    }
    portals::remove(tx, portal)?;
    Ok(Purge::Done)
}
