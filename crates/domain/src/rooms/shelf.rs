//! Who has a room: one record for each person or group, on the subject's shelf, with the counters that go with it.
//!
//! Everything that adds, changes or takes a record goes through [`set`], so that the row, the subject's counter and
//! the room's number of members can't differ.

use db::{Bind, Conn, Value, args, sql};

use super::roles::RESTRICT;
use crate::Result;
use crate::ids::{EntryId, GroupId, PortalId, UserId};
use crate::store::Tx;

/// Whom a record is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Subject {
    /// A person.
    Person(UserId),
    /// A group, and everybody in it.
    Group(GroupId),
}

impl Subject {
    /// The number of its kind, in the database and as `subjectType` on the wire.
    pub fn kind(self) -> i64 {
        match self {
            Self::Person(_) => 0,
            Self::Group(_) => 2,
        }
    }

    fn as_str(&self) -> &str {
        match self {
            Self::Person(id) => id.as_str(),
            Self::Group(id) => id.as_str(),
        }
    }
}

impl Bind for Subject {
    fn bind(&self) -> Value<'_> {
        Value::Text(self.as_str())
    }
}

impl std::fmt::Display for Subject {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A record as it stands: 0 is the creator's.
pub(super) fn record(
    conn: &mut Conn,
    portal: PortalId,
    room: EntryId,
    subject: Subject,
) -> Result<Option<i64>> {
    Ok(conn.first(
        sql!("select access from shelf where portal_id = $1 and subject_id = $2 and room_id = $3"),
        args![portal, subject, room],
        |row| row.get(0),
    )?)
}

/// Whether a record stands for membership: the creator's doesn't, nor does one that bars.
fn is_membership(access: Option<i64>) -> bool {
    access.is_some_and(|access| access != 0 && access != RESTRICT)
}

/// Whether a record puts the room on the subject's shelf.
fn is_shelved(access: Option<i64>) -> bool {
    access.is_some_and(|access| access != RESTRICT)
}

/// Makes a record what it is to be, from `old` as [`record`] said it: none takes it away, `Some(0)` is the creator's.
/// `by` is who shares, if somebody does.
pub(super) fn set(
    tx: &mut Tx<'_>,
    portal: PortalId,
    room: EntryId,
    subject: Subject,
    (old, new): (Option<i64>, Option<i64>),
    by: Option<UserId>,
) -> Result<()> {
    if old == new {
        return Ok(());
    }
    match new {
        None => {
            tx.exec(
                sql!("delete from shelf where portal_id = $1 and subject_id = $2 and room_id = $3"),
                args![portal, subject, room],
            )?;
        }
        Some(access) => write(tx, portal, room, subject, access, by)?,
    }
    let shelves = i64::from(is_shelved(new)) - i64::from(is_shelved(old));
    if shelves != 0 {
        count_one(tx, portal, room, subject, shelves)?;
    }
    let members = i64::from(is_membership(new)) - i64::from(is_membership(old));
    if members != 0 {
        tx.exec(
            sql!("update room set members_count = members_count + $3 where portal_id = $1 and id = $2"),
            args![portal, room, members],
        )?;
    }
    Ok(())
}

/// Writes the row. One that bars lies in no section, so that no list and no counter has it.
fn write(
    tx: &mut Tx<'_>,
    portal: PortalId,
    room: EntryId,
    subject: Subject,
    access: i64,
    by: Option<UserId>,
) -> Result<()> {
    let (now, kind, shelved) = (tx.now(), subject.kind(), is_shelved(Some(access)));
    tx.exec(
        sql!(
            "insert into shelf (portal_id, subject_id, room_id, section, access, title_fold, modified_at, subject_kind,
             shared_by, shared_at)
             select r.portal_id, $3, r.id, r.section * $8, $4, r.title_fold, r.modified_at, $5, $6, $7 from room r
             where r.portal_id = $1 and r.id = $2
             on conflict (portal_id, subject_id, room_id) do update set access = excluded.access,
             section = excluded.section, shared_by = coalesce(excluded.shared_by, shelf.shared_by), shared_at = excluded.shared_at"
        ),
        args![portal, room, subject, access, kind, by, now, shelved],
    )?;
    Ok(())
}

/// Adds to the counter of one subject, in this thread's lane; nothing counts what is deleted.
fn count_one(tx: &mut Tx<'_>, portal: PortalId, room: EntryId, subject: Subject, by: i64) -> Result<()> {
    let lane = tx.lane();
    tx.exec(
        sql!(
            "insert into shelf_count (portal_id, subject_id, section, lane, rooms)
             select r.portal_id, $3, r.section, $4, $5 from room r
             where r.portal_id = $1 and r.id = $2 and r.section <> 0
             on conflict (portal_id, subject_id, section, lane) do update set rooms = shelf_count.rooms + excluded.rooms"
        ),
        args![portal, room, subject, lane, by],
    )?;
    Ok(())
}
