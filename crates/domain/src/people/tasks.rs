//! Long work on an account: changing its type downwards, giving what it owns to another, removing it (people.md §2.4
//! `TaskProgressResponseDto`). A task is a row that says how far it is, and a job that goes on with it a step at a
//! time; what a step does is idempotent, for a crash may run it twice.

use db::Conn;
use serde::{Deserialize, Serialize};

use super::types::Demotion;
use super::writes::{self, TaskRow};
use super::{Person, letters, removal, types};
use crate::ids::{PortalId, UserId};
use crate::store::Tx;
use crate::time::SECOND;
use crate::{Call, Kind, Problem, Result, Timestamp, jobs};

/// The name of the job that goes on with a task; its payload is a [`Ticket`] as JSON.
pub const JOB: &str = "people.task";
/// How long a task that ended can be read.
const KEPT: i64 = 60 * SECOND;

const RUNNING: i64 = 1;
const COMPLETED: i64 = 2;
const CANCELED: i64 = 3;
const FAILED: i64 = 4;

/// The sorts of tasks; an account has at most one of each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum TaskKind {
    /// Changing the type to User or Guest.
    Type = 0,
    /// Giving what an account owns to another.
    Reassign = 1,
    /// Removing an account's things.
    Remove = 2,
}

impl TaskKind {
    /// The name at the end of a task's id.
    fn name(self) -> &'static str {
        match self {
            Self::Type => "UpdateUserTypeProgressItem",
            Self::Reassign => "ReassignProgressItem",
            Self::Remove => "RemoveProgressItem",
        }
    }
}

/// What a task is to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Work {
    /// Changing the type.
    Type(Demotion),
    /// Giving what an account owns to another.
    Reassign(removal::Reassignment),
    /// Removing an account's things, and the account unless it is gone already.
    Remove,
}

impl Work {
    /// Its sort.
    pub fn kind(&self) -> TaskKind {
        match self {
            Self::Type(_) => TaskKind::Type,
            Self::Reassign(_) => TaskKind::Reassign,
            Self::Remove => TaskKind::Remove,
        }
    }
}

/// How far a task is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Task {
    /// Its id.
    pub id: String,
    /// 1 running, 2 completed, 3 cancelled, 4 failed.
    pub status: i64,
    /// How much is done.
    pub percentage: i64,
    /// What went wrong; empty when nothing did.
    pub error: String,
}

impl Task {
    fn of(portal: PortalId, user: UserId, kind: TaskKind, row: &TaskRow) -> Self {
        Self {
            id: format!("{portal}_{user}_{}", kind.name()),
            status: row.status,
            percentage: row.percentage,
            error: row.error.clone(),
        }
    }

    /// Whether it is over.
    pub fn is_over(&self) -> bool {
        self.status != RUNNING
    }
}

/// A job's payload: which task it goes on with.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub struct Ticket {
    /// The account.
    pub user: UserId,
    /// The sort.
    pub kind: TaskKind,
}

impl Ticket {
    /// The ticket in a job's payload.
    pub fn of(job: &jobs::Job) -> Option<Self> {
        serde_json::from_str(&job.payload).ok()
    }
}

/// Starts a task for the caller, and answers with it; while one of its sort runs for the account, that one.
pub(super) fn start(tx: &mut Tx<'_>, call: &Call, user: UserId, work: &Work) -> Result<Task> {
    let (portal, kind) = (call.portal.id, work.kind());
    if let Some(row) = writes::task(tx, portal, user, kind as i64)?.filter(|row| row.status == RUNNING) {
        return Ok(Task::of(portal, user, kind, &row));
    }
    let row = TaskRow {
        status: RUNNING,
        percentage: 0,
        error: String::new(),
        payload: serde_json::to_string(work).map_err(Problem::internal)?,
        started_by: call.person()?.id,
        changed_at: tx.now(),
    };
    writes::put_task(tx, portal, user, kind as i64, &row)?;
    let ticket = serde_json::to_string(&Ticket { user, kind }).map_err(Problem::internal)?;
    let now = tx.now();
    jobs::put(tx, portal, JOB, &ticket, now)?;
    Ok(Task::of(portal, user, kind, &row))
}

/// How far a task is; none when there is none, or it ended a while ago.
pub fn progress(
    conn: &mut Conn,
    call: &Call,
    user: UserId,
    kind: TaskKind,
    now: Timestamp,
) -> Result<Option<Task>> {
    let row = writes::task(conn, call.portal.id, user, kind as i64)?;
    let row = row.filter(|row| row.status == RUNNING || now < row.changed_at.plus(KEPT));
    Ok(row.map(|row| Task::of(call.portal.id, user, kind, &row)))
}

/// Whether a task runs.
pub(super) fn runs(conn: &mut Conn, call: &Call, user: UserId, kind: TaskKind) -> Result<bool> {
    let row = writes::task(conn, call.portal.id, user, kind as i64)?;
    Ok(row.is_some_and(|row| row.status == RUNNING))
}

/// Stops a task that runs, and answers with it as it was left; none when none runs.
pub fn terminate(tx: &mut Tx<'_>, call: &Call, user: UserId, kind: TaskKind) -> Result<Option<Task>> {
    let portal = call.portal.id;
    let row = writes::task(tx, portal, user, kind as i64)?.filter(|row| row.status == RUNNING);
    let Some(mut row) = row else { return Ok(None) };
    writes::drop_task(tx, portal, user, kind as i64)?;
    row.status = CANCELED;
    Ok(Some(Task::of(portal, user, kind, &row)))
}

/// Who started a task that runs, as they are now; none when it runs no more, or they are gone.
pub fn starter(conn: &mut Conn, call: &Call, ticket: Ticket) -> Result<Option<Person>> {
    let row = writes::task(conn, call.portal.id, ticket.user, ticket.kind as i64)?;
    let Some(row) = row.filter(|row| row.status == RUNNING) else { return Ok(None) };
    super::sql::by_id(conn, &call.portal, row.started_by)
}

/// Goes on with a task, a step in each unit, as the one who started it; true when it is over. What is refused on the
/// way ends it.
pub fn step(tx: &mut Tx<'_>, call: &Call, ticket: Ticket) -> Result<bool> {
    let Ticket { user, kind } = ticket;
    let row = writes::task(tx, call.portal.id, user, kind as i64)?.filter(|row| row.status == RUNNING);
    let Some(mut row) = row else { return Ok(true) };
    let work: Work = serde_json::from_str(&row.payload).map_err(Problem::internal)?;
    row.percentage = match work {
        Work::Type(work) => types::step(tx, call, user, work, row.percentage)?,
        Work::Reassign(work) => removal::reassign_step(tx, call, user, work, row.percentage)?,
        Work::Remove => removal::remove_step(tx, call, user, row.percentage)?,
    };
    row.changed_at = tx.now();
    let over = row.percentage >= 100;
    if over {
        row.status = COMPLETED;
        let said = said(tx, call, user, work)?;
        letters::task_done(tx, call, call.person()?, said)?;
    }
    writes::put_task(tx, call.portal.id, user, kind as i64, &row)?;
    Ok(over)
}

/// What a letter says of a task that is done.
fn said(tx: &mut Tx<'_>, call: &Call, user: UserId, work: Work) -> Result<String> {
    let person = super::sql::by_id(tx, &call.portal, user)?;
    let gone = person.as_ref().is_none_or(|person| person.removed_at.is_some());
    let name = person.map_or_else(|| user.to_string(), |person| person.display_name());
    Ok(match work {
        Work::Type(work) => format!("{name} has the type {} now.", work.kind.name()),
        Work::Reassign(_) if gone => {
            "What the account owned has a new owner, and the account is removed.".to_owned()
        }
        Work::Reassign(_) => format!("What {name} owned has a new owner."),
        Work::Remove => "The account and what was its own were removed.".to_owned(),
    })
}

/// Notes that a task failed, with the sentence for whoever looks.
pub fn fail(tx: &mut Tx<'_>, portal: PortalId, ticket: Ticket, error: &str) -> Result<()> {
    let (user, kind) = (ticket.user, ticket.kind as i64);
    let row = writes::task(tx, portal, user, kind)?.filter(|row| row.status == RUNNING);
    let Some(mut row) = row else { return Ok(()) };
    (row.status, row.changed_at) = (FAILED, tx.now());
    error.clone_into(&mut row.error);
    writes::put_task(tx, portal, user, kind, &row)
}

/// Removes at most `limit` tasks that ended a while ago; says how many there were.
pub fn sweep(tx: &mut Tx<'_>, limit: i64) -> Result<u64> {
    let before = Timestamp(tx.now().0.saturating_sub(KEPT));
    writes::sweep_tasks(tx, before, limit)
}

/// Refuses while what an account owns is given to another.
pub(super) fn check_no_reassignment(tx: &mut Tx<'_>, call: &Call, person: &Person) -> Result<()> {
    if runs(tx, call, person.id, TaskKind::Reassign)? {
        let text = format!("Data reassign process for {} is not complete.", person.display_name());
        return Err(Problem::text(Kind::ReassignUnderWay, text));
    }
    Ok(())
}
