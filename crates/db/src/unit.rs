//! Units of work on their way to a thread and back.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::thread::JoinHandle;

use crossbeam_channel::{Receiver, Sender, TrySendError};
use tokio::sync::oneshot;

use crate::{Conn, Error};

/// Units that may wait at once; one more is refused with [`Error::Busy`].
const QUEUE_LENGTH: usize = 2048;

/// What a run of a unit came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ran {
    /// The unit succeeded: its writes are to be kept.
    Kept,
    /// The unit refused, failed or panicked: its writes are to be undone.
    Refused,
}

/// A unit with the way back to whoever waits for it, without its types.
pub(crate) trait Job: Send {
    /// Runs the unit; may be called again after a rollback.
    fn run(&mut self, conn: &mut Conn) -> Ran;
    /// Ends a unit whose transaction is committed (or that refused): answers with its own outcome.
    fn finish(self: Box<Self>);
    /// Ends a unit that was not kept through no fault of its own.
    fn fail(self: Box<Self>, error: Error);
}

struct Task<U, A, T, E> {
    unit: U,
    after: A,
    outcome: Option<Result<T, E>>,
    answer: oneshot::Sender<Result<T, E>>,
}

impl<U, A, T, E> Job for Task<U, A, T, E>
where
    U: Fn(&mut Conn) -> Result<T, E> + Send,
    A: FnOnce(&mut T) + Send,
    T: Send,
    E: From<Error> + Send,
{
    fn run(&mut self, conn: &mut Conn) -> Ran {
        let outcome = catch_unwind(AssertUnwindSafe(|| (self.unit)(conn)))
            .unwrap_or_else(|panic| Err(Error::Panicked(panic_text(&*panic)).into()));
        let ran = if outcome.is_ok() { Ran::Kept } else { Ran::Refused };
        self.outcome = Some(outcome);
        ran
    }

    fn finish(self: Box<Self>) {
        let Self { after, outcome, answer, .. } = *self;
        let mut outcome = outcome.unwrap_or_else(|| Err(Error::Closed.into()));
        if let Ok(value) = &mut outcome {
            // A panic in a hook must not take the database's thread with it; the commit stands.
            if let Err(panic) = catch_unwind(AssertUnwindSafe(|| after(value))) {
                tracing::error!(panic = panic_text(&*panic), "a hook after a commit panicked");
            }
        }
        // The caller may be gone: its request was cancelled.
        let _ = answer.send(outcome);
    }

    fn fail(self: Box<Self>, error: Error) {
        let _ = self.answer.send(Err(error.into()));
    }
}

fn panic_text(panic: &(dyn std::any::Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
    text.or_else(|| panic.downcast_ref::<String>().cloned()).unwrap_or_else(|| "no text".to_owned())
}

/// The sending side of a queue of units.
#[derive(Clone)]
pub(crate) struct Queue(Sender<Box<dyn Job>>);

/// The answer to come, or why there will be none.
pub(crate) struct Ticket<T, E>(pub(crate) Result<oneshot::Receiver<Result<T, E>>, Error>);

impl Queue {
    pub(crate) fn new() -> (Self, Receiver<Box<dyn Job>>) {
        let (sender, receiver) = crossbeam_channel::bounded(QUEUE_LENGTH);
        (Self(sender), receiver)
    }

    pub(crate) fn send<T, E>(
        &self,
        unit: impl Fn(&mut Conn) -> Result<T, E> + Send + 'static,
        after: impl FnOnce(&mut T) + Send + 'static,
    ) -> Ticket<T, E>
    where
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        let (answer, receiver) = oneshot::channel();
        let task = Box::new(Task { unit, after, outcome: None, answer });
        Ticket(match self.0.try_send(task) {
            Ok(()) => Ok(receiver),
            Err(TrySendError::Full(_)) => Err(Error::Busy),
            Err(TrySendError::Disconnected(_)) => Err(Error::Closed),
        })
    }
}

/// The threads of a database; dropped after the queues, so that they see them closed.
pub(crate) struct Threads {
    pub(crate) handles: Vec<JoinHandle<()>>,
    /// Closing it tells threads that wait for something else than a queue to end.
    pub(crate) stop: Option<Sender<()>>,
}

impl Drop for Threads {
    fn drop(&mut self) {
        self.stop = None;
        let me = std::thread::current().id();
        for handle in self.handles.drain(..) {
            // The last handle may be dropped by a unit's hook, on a thread of ours.
            if handle.thread().id() != me {
                let _ = handle.join();
            }
        }
    }
}

pub(crate) fn spawn(name: &str, body: impl FnOnce() + Send + 'static) -> std::io::Result<JoinHandle<()>> {
    std::thread::Builder::new().name(name.to_owned()).spawn(body)
}
