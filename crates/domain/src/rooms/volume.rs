//! How many rooms a portal has, and how much is in them.

use db::{Conn, args, sql};

use super::rules::{RoomKind, Section};
use crate::Result;
use crate::ids::PortalId;

/// What a portal's rooms come to; deleted ones are none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Volume {
    /// Active rooms, those of AI agents not among them.
    pub rooms: i64,
    /// Active rooms of AI agents.
    pub agents: i64,
    /// Archived rooms of either sort.
    pub archived: i64,
    /// Bytes in the active ones.
    pub active_bytes: i64,
    /// Bytes in the archived ones.
    pub archived_bytes: i64,
}

impl Volume {
    /// Bytes in all of them.
    pub fn bytes(self) -> i64 {
        self.active_bytes.saturating_add(self.archived_bytes)
    }
}

/// Counts a portal's rooms.
pub fn volume(conn: &mut Conn, portal: PortalId) -> Result<Volume> {
    let (active, archive, agent) = (Section::Rooms as i64, Section::Archive as i64, RoomKind::Agent as i64);
    Ok(conn.one(
        sql!(
            "select count(*) filter (where section = $2 and kind <> $4),
             count(*) filter (where section = $2 and kind = $4), count(*) filter (where section = $3),
             cast(coalesce(sum(case when section = $2 then used_bytes else 0 end), 0) as bigint),
             cast(coalesce(sum(case when section = $3 then used_bytes else 0 end), 0) as bigint)
             from room where portal_id = $1 and section in ($2, $3)"
        ),
        args![portal, active, archive, agent],
        |row| {
            Ok(Volume {
                rooms: row.get(0)?,
                agents: row.get(1)?,
                archived: row.get(2)?,
                active_bytes: row.get(3)?,
                archived_bytes: row.get(4)?,
            })
        },
    )?)
}
