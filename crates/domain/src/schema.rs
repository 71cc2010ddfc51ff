//! The schema: its migrations and its counters.

use db::{Migration, Seq, seq};

/// Every migration, in order. A released one is never changed.
pub const MIGRATIONS: &[Migration] = &[
    Migration {
        number: 1,
        name: "foundation",
        text: include_str!("../../../migrations/0001_foundation.sql"),
    },
    Migration { number: 2, name: "rooms", text: include_str!("../../../migrations/0002_rooms.sql") },
    Migration { number: 3, name: "access", text: include_str!("../../../migrations/0003_access.sql") },
    Migration { number: 4, name: "muted", text: include_str!("../../../migrations/0004_muted.sql") },
];

/// Rooms, folders and files.
pub const ENTRY: Seq = seq!("entry");
/// Audit rows.
pub const AUDIT: Seq = seq!("audit");
/// Sessions (the reference's login events).
pub const SESSION: Seq = seq!("session");
/// Tags.
pub const TAG: Seq = seq!("tag");
/// Jobs.
pub const JOB: Seq = seq!("job");
/// Portals.
pub const PORTAL: Seq = seq!("portal");

/// Every counter.
pub const SEQS: &[Seq] = &[ENTRY, AUDIT, SESSION, TAG, JOB, PORTAL];
