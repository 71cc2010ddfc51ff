//! Work that follows a unit, and upkeep: one thread that takes due jobs from the queue, in order.
//!
//! A job's row is written by the unit that makes it necessary (`domain::jobs`), so neither can be without the other.
//! Running it may happen twice, after a crash: every job is idempotent. A job that fails is tried again after a
//! growing pause.

mod people_task;
mod purge_portal;
mod purge_room;
mod remove_blobs;
mod send_letter;

use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, TrySendError, sync_channel};
use std::thread::JoinHandle;
use std::time::Duration;

use blob::Blobs;
use domain::jobs::{self as queue, Job};
use domain::people::tasks;
use domain::store::{Store, Wake};
use domain::time::SECOND;
use domain::{Problem, Result, Timestamp, audit, confirm, idempotency, mail as letters, sessions};
use mail::Post;

/// What a job does.
struct Kind {
    /// Its name in the queue.
    name: &'static str,
    /// Does a part of it.
    run: fn(&Store, &Means, &Job) -> Result<Progress>,
    /// How often it is begun before it is given up.
    tries: i64,
}

/// What jobs work with beside the store; cheap to clone.
#[derive(Debug, Clone)]
pub struct Means {
    /// The contents of files.
    pub blobs: Blobs,
    /// Where letters go.
    pub post: Post,
}

/// How far a job has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Progress {
    /// It is done.
    Done,
    /// There is more to do; others may go first.
    More,
    /// There is more to do, but not before this time.
    Later(Timestamp),
}

/// Every job there is.
const KINDS: &[Kind] = &[
    Kind { name: queue::PURGE_ROOM, run: purge_room::run, tries: FOR_EVER },
    Kind { name: queue::PURGE_PORTAL, run: purge_portal::run, tries: FOR_EVER },
    Kind { name: tasks::JOB, run: people_task::run, tries: FOR_EVER },
    Kind { name: queue::REMOVE_BLOBS, run: remove_blobs::run, tries: FOR_EVER },
    Kind { name: letters::SEND, run: send_letter::run, tries: send_letter::TRIES },
];
const FOR_EVER: i64 = i64::MAX;

/// Upkeep runs about this often.
const ROUND: Duration = Duration::from_secs(5);
/// The longest pause before a failed job runs again.
const PAUSE_MAX: i64 = 3600 * SECOND;
/// How often the log is looked at, in microseconds.
const LOG_ROUND: i64 = 3600 * SECOND;
/// Rows that one unit of upkeep removes.
const SWEEP: i64 = 500;

/// Wakes the worker; given to the store, which rings it after a commit that leaves a job.
#[derive(Debug, Clone)]
pub struct Bell(SyncSender<()>);

impl Wake for Bell {
    fn wake(&self) {
        // Full means that it was rung already.
        if let Err(TrySendError::Disconnected(())) = self.0.try_send(()) {
            tracing::debug!("a job is due and nobody works");
        }
    }
}

/// The worker's end of the bell.
#[derive(Debug)]
pub struct Ear(Receiver<()>);

/// A bell and the ear that hears it.
pub fn bell() -> (Arc<Bell>, Ear) {
    let (sender, receiver) = sync_channel(1);
    (Arc::new(Bell(sender)), Ear(receiver))
}

/// Upkeep that belongs to another part of the program.
pub type Chore = Box<dyn Fn() -> Result<()> + Send>;

/// The worker's thread; stopped and joined by [`Worker::stop`].
#[derive(Debug)]
pub struct Worker {
    stop: SyncSender<()>,
    thread: JoinHandle<()>,
}

impl Worker {
    /// Starts working. `chores` run every few seconds, and once more at the end.
    pub fn start(store: Store, means: Means, ear: Ear, chores: Vec<Chore>) -> std::io::Result<Self> {
        let (stop, stopped) = sync_channel::<()>(1);
        let thread = std::thread::Builder::new().name("jobs".into()).spawn(move || {
            let mut log_looked_at = None;
            while !is_over(&stopped) {
                let drained = drain_until(&store, &means, || is_over(&stopped));
                // A queue that can't be worked on now is due all the time: it must not keep the thread spinning.
                let pause = if drained.is_ok() { ROUND.min(next(&store)) } else { ROUND };
                report("a job", drained);
                upkeep(&store, &chores);
                log_looked_at = Some(forget_log(&store, log_looked_at));
                if let Err(RecvTimeoutError::Disconnected) = ear.0.recv_timeout(pause) {
                    std::thread::sleep(ROUND);
                }
            }
            chores.iter().for_each(|chore| report("a chore", chore()));
        })?;
        Ok(Self { stop, thread })
    }

    /// Ends after the unit under way. `bell` wakes it for that.
    pub fn stop(self, bell: &Bell) {
        drop(self.stop);
        bell.wake();
        if self.thread.join().is_err() {
            tracing::error!("the jobs' thread panicked");
        }
    }
}

fn is_over(stopped: &Receiver<()>) -> bool {
    matches!(stopped.try_recv(), Err(std::sync::mpsc::TryRecvError::Disconnected))
}

fn report(what: &str, outcome: Result<()>) {
    if let Err(problem) = outcome {
        tracing::warn!(%problem, "{what} failed");
    }
}

/// The time until the next job is due.
fn next(store: &Store) -> Duration {
    let due = store.read_blocking(queue::next_due).ok().flatten();
    let wait = due.map_or(i64::MAX, |due| due.0.saturating_sub(store.now().0));
    Duration::from_micros(u64::try_from(wait).unwrap_or(0))
}

/// Runs every job that is due, and those that become due meanwhile; for tests and for the worker.
pub fn drain(store: &Store, means: &Means) -> Result<()> {
    drain_until(store, means, || false)
}

fn drain_until(store: &Store, means: &Means, over: impl Fn() -> bool) -> Result<()> {
    while !over() {
        let Some(job) = store.upkeep_blocking(queue::claim)? else { break };
        finish(store, means, &job)?;
    }
    Ok(())
}

fn finish(store: &Store, means: &Means, job: &Job) -> Result<()> {
    let kind = KINDS.iter().find(|kind| kind.name == job.name);
    let outcome = kind.map_or_else(
        || Err(Problem::internal(format!("no such job: {}", job.name))),
        |kind| (kind.run)(store, means, job),
    );
    let (id, attempts) = (job.id, job.attempts);
    let tries = kind.map_or(FOR_EVER, |kind| kind.tries);
    match outcome {
        Ok(Progress::Done) => store.upkeep_blocking(move |tx| queue::done(tx, id)),
        Ok(Progress::More) => store.upkeep_blocking(move |tx| queue::more(tx, id)),
        Ok(Progress::Later(at)) => store.upkeep_blocking(move |tx| queue::later(tx, id, at)),
        Err(problem) if attempts >= tries => {
            tracing::error!(job = job.name, id, attempts, %problem, "a job failed and is given up");
            store.upkeep_blocking(move |tx| queue::done(tx, id))
        }
        Err(problem) => {
            tracing::warn!(job = job.name, id, attempts, %problem, "a job failed and will be tried again");
            let pause = SECOND.saturating_mul(1 << attempts.clamp(0, 12)).min(PAUSE_MAX);
            let text = problem.to_string();
            store.upkeep_blocking(move |tx| {
                let at = tx.now().plus(pause);
                queue::again(tx, id, at, &text)
            })
        }
    }
}

/// Forgets what has had its time: replies of a day ago, sessions that expired, operations nobody fetched.
fn upkeep(store: &Store, chores: &[Chore]) {
    store.operations().sweep(store.now());
    report("forgetting old replies", sweep(store, idempotency::sweep));
    report("forgetting old sessions", sweep(store, sessions::sweep));
    report("forgetting used links", sweep(store, confirm::sweep));
    report("forgetting old tasks", sweep(store, tasks::sweep));
    chores.iter().for_each(|chore| report("a chore", chore()));
}

/// Forgets what is older in the log than it is kept. As that is a matter of days, and each portal is looked at, once an
/// hour is often enough. Says when that was last.
fn forget_log(store: &Store, last: Option<Timestamp>) -> Timestamp {
    let now = store.now();
    match last {
        Some(last) if now < last.plus(LOG_ROUND) => last,
        _ => {
            report("forgetting the old log", sweep(store, audit::sweep));
            now
        }
    }
}

fn sweep(store: &Store, remove: fn(&mut domain::Tx<'_>, i64) -> Result<u64>) -> Result<()> {
    while store.upkeep_blocking(move |tx| remove(tx, SWEEP))? >= SWEEP.unsigned_abs() {}
    Ok(())
}
