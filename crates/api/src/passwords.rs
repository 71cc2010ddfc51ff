//! The hashing pool: its own few threads and a short queue, so that signing in never slows other requests. The
//! threads are nicer than the rest: while all cores are wanted, requests go first.

use std::collections::HashMap;
use std::num::NonZero;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError, Weak};

use domain::people::password;
use domain::{Kind, Problem, Result};
use tokio::sync::oneshot;

/// Hashes that may wait; one more is 503 with `Retry-After`.
const QUEUE: usize = 32;
/// How much the pool's threads stand back, as `nice` counts it. On Linux it holds for the one thread that asks.
#[cfg(target_os = "linux")]
const NICE: i32 = 19;
/// What `Retry-After` says then, in seconds.
const RETRY_AFTER: u32 = 2;

type Work = Box<dyn FnOnce() + Send>;

/// What a caller offers as a password.
#[derive(Debug, Clone)]
pub(crate) enum Secret {
    /// As typed.
    Plain(String),
    /// The client's PBKDF2 hash, in hex.
    Hashed(String),
}

/// The pool. Its threads end when it is dropped.
#[derive(Debug)]
pub(crate) struct Passwords {
    queue: SyncSender<Work>,
    salt: Arc<str>,
    turns: Mutex<HashMap<String, Weak<Turn>>>,
}

/// Held while a password is checked for a login: the next check for it waits, so that a limit on wrong passwords can't
/// be outrun by many at once, and the same right one isn't hashed twice.
pub(crate) type Turn = tokio::sync::Mutex<()>;

impl Passwords {
    /// Starts half as many threads as there are cores, at least one.
    pub(crate) fn start(salt: &str) -> std::io::Result<Self> {
        let (queue, work) = sync_channel::<Work>(QUEUE);
        let work = Arc::new(Mutex::new(work));
        let threads = std::thread::available_parallelism().map_or(1, NonZero::get).div_ceil(2);
        for number in 0..threads {
            let work = work.clone();
            std::thread::Builder::new().name(format!("hash-{number}")).spawn(move || run(&work))?;
        }
        Ok(Self { queue, salt: salt.into(), turns: Mutex::default() })
    }

    /// The turn of whoever goes by this text; the caller locks it.
    pub(crate) fn turn(&self, who: &str) -> Arc<Turn> {
        let mut turns = self.turns.lock().unwrap_or_else(PoisonError::into_inner);
        turns.retain(|_, turn| turn.strong_count() > 0);
        let held = turns.get(who).and_then(Weak::upgrade);
        held.unwrap_or_else(|| {
            let turn = Arc::new(Turn::default());
            turns.insert(who.to_owned(), Arc::downgrade(&turn));
            turn
        })
    }

    /// Whether the secret fits the stored hash. Without one it takes as long and says no.
    pub(crate) async fn verify(&self, secret: Secret, stored: Option<String>) -> Result<bool> {
        let salt = self.salt.clone();
        self.run(move || password::verify(&client_hash(secret, &salt), stored.as_deref())).await
    }

    /// The hash to store for a secret. `salt` is 16 random bytes.
    pub(crate) async fn hash(&self, secret: Secret, salt: [u8; 16]) -> Result<String> {
        let installation = self.salt.clone();
        self.run(move || password::stored_hash(&client_hash(secret, &installation), &salt)).await?
    }

    async fn run<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T> {
        let (answer, answered) = oneshot::channel();
        let work: Work = Box::new(move || {
            let _ = answer.send(work());
        });
        self.queue.try_send(work).map_err(|_| Problem::from(Kind::Busy).retry_after(RETRY_AFTER))?;
        answered.await.map_err(|_| Problem::internal("a hash was given up"))
    }
}

fn client_hash(secret: Secret, salt: &str) -> String {
    match secret {
        Secret::Plain(password) => password::client_hash(&password, salt),
        Secret::Hashed(hash) => hash,
    }
}

fn run(work: &Mutex<Receiver<Work>>) {
    #[cfg(target_os = "linux")]
    if let Err(error) = rustix::process::setpriority_process(None, NICE) {
        tracing::debug!(%error, "the hashing threads keep their priority");
    }
    loop {
        let next = work.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok(work) = next else { return };
        // A panic would cost a thread for good; its caller hears of it by the closed channel.
        let _ = std::panic::catch_unwind(std::panic::AssertUnwindSafe(work));
    }
}
