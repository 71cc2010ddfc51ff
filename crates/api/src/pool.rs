//! Work that blocks or computes for long: on threads of its own, a few at once, with a short queue, so that it never
//! slows other requests.

use std::num::NonZero;
use std::sync::Arc;

use domain::{Kind, Problem, Result};
use tokio::sync::Semaphore;

/// Pieces of work that may wait; one more is 503 with `Retry-After`.
const QUEUE: usize = 16;
/// What `Retry-After` says then, in seconds.
const RETRY_AFTER: u32 = 2;

/// A bound on work of one kind.
#[derive(Debug)]
pub(crate) struct Pool {
    /// For what runs or waits.
    places: Arc<Semaphore>,
    /// For what runs.
    threads: Semaphore,
}

impl Pool {
    /// So many pieces at once.
    pub(crate) fn new(threads: usize) -> Self {
        Self { places: Arc::new(Semaphore::new(threads + QUEUE)), threads: Semaphore::new(threads) }
    }

    /// Half as many at once as there are cores, at least one: for computing.
    pub(crate) fn of_cores() -> Self {
        Self::new(std::thread::available_parallelism().map_or(1, NonZero::get).div_ceil(2))
    }

    /// Does a piece of work and waits for it. It runs to its end even if nobody waits any more.
    pub(crate) async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let place = self.places.clone().try_acquire_owned();
        let _place = place.map_err(|_| Problem::from(Kind::Busy).retry_after(RETRY_AFTER))?;
        let _thread = self.threads.acquire().await.map_err(Problem::internal)?;
        tokio::task::spawn_blocking(work).await.map_err(Problem::internal)?
    }
}
