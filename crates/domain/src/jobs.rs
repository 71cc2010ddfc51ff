//! The job queue's rows. What a job does is in the crate `jobs`; that it is due is decided here, in the unit that
//! makes it necessary.

use db::{args, sql};

use crate::event::{Event, RoomEvent};
use crate::ids::{EntryId, PortalId};
use crate::store::Tx;
use crate::{Result, Timestamp, schema};

/// The name of the job that removes a deleted room's rows; its payload is the room's id.
pub const PURGE_ROOM: &str = "room.purge";

/// The name of the job that removes what a deleted portal held. It has no payload: the job's portal is the one.
pub const PURGE_PORTAL: &str = "portal.purge";

/// The name of the job that removes contents nobody needs any more; its payload is what their keys begin with.
pub const REMOVE_BLOBS: &str = "blob.remove";

/// A job that is due.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Job {
    /// Its number.
    pub id: i64,
    /// The portal it works for.
    pub portal: PortalId,
    /// What to run.
    pub name: String,
    /// The job's own data.
    pub payload: String,
    /// How often it was begun, this time included.
    pub attempts: i64,
}

/// How long a job that was begun is left alone; then it counts as crashed and is begun again.
const LEASE: i64 = 60 * crate::time::SECOND;

/// Puts the jobs into the queue that a unit's events make necessary.
pub(crate) fn follow_up(tx: &mut Tx<'_>, portal: PortalId, events: &[Event]) -> Result<()> {
    for event in events {
        match event {
            Event::Room { room, what: RoomEvent::Deleted, .. } => {
                put(tx, portal, PURGE_ROOM, &room.to_string(), tx.now())?;
            }
            Event::PortalDeleted { portal, .. } => put(tx, *portal, PURGE_PORTAL, "", tx.now())?,
            _ => {}
        }
    }
    Ok(())
}

/// Puts a job into the queue; the worker is woken once the unit is committed.
pub(crate) fn put(
    tx: &mut Tx<'_>,
    portal: PortalId,
    name: &str,
    payload: &str,
    run_at: Timestamp,
) -> Result<()> {
    let id = tx.next(schema::JOB)?;
    tx.wake_worker();
    tx.exec(
        sql!(
            "insert into job (id, portal_id, name, payload, attempts, run_at) values ($1, $2, $3, $4, 0, $5)"
        ),
        args![id, portal, name, payload, run_at],
    )?;
    Ok(())
}

/// Takes the next due job, if there is one, for [`LEASE`]: nobody else gets it meanwhile.
pub fn claim(tx: &mut Tx<'_>) -> Result<Option<Job>> {
    let now = tx.now();
    Ok(tx.first(
        sql!(
            "update job set attempts = attempts + 1, run_at = $2
             where id = (select id from job where run_at <= $1 order by run_at, id limit 1) and run_at <= $1
             returning id, portal_id, name, payload, attempts"
        ),
        args![now, now.plus(LEASE)],
        |row| {
            Ok(Job {
                id: row.get(0)?,
                portal: row.get(1)?,
                name: row.get(2)?,
                payload: row.get(3)?,
                attempts: row.get(4)?,
            })
        },
    )?)
}

/// Removes a job that is done.
pub fn done(tx: &mut Tx<'_>, job: i64) -> Result<()> {
    tx.exec(sql!("delete from job where id = $1"), args![job])?;
    Ok(())
}

/// Puts a job back that has more to do, to go on at once.
pub fn more(tx: &mut Tx<'_>, job: i64) -> Result<()> {
    let now = tx.now();
    later(tx, job, now)
}

/// Puts a job back that has more to do, but not before `run_at`.
pub fn later(tx: &mut Tx<'_>, job: i64, run_at: Timestamp) -> Result<()> {
    tx.exec(
        sql!("update job set run_at = $2, attempts = 0, last_error = null where id = $1"),
        args![job, run_at],
    )?;
    Ok(())
}

/// Puts a job back that failed, to run again at `run_at`.
pub fn again(tx: &mut Tx<'_>, job: i64, run_at: Timestamp, error: &str) -> Result<()> {
    tx.exec(sql!("update job set run_at = $2, last_error = $3 where id = $1"), args![job, run_at, error])?;
    Ok(())
}

/// When the next job is due.
pub fn next_due(conn: &mut db::Conn) -> Result<Option<Timestamp>> {
    Ok(conn.first(sql!("select run_at from job order by run_at limit 1"), args![], |row| row.get(0))?)
}

/// The id in the payload of a room's job.
pub fn room_of(job: &Job) -> Option<EntryId> {
    job.payload.parse().ok().map(EntryId)
}
