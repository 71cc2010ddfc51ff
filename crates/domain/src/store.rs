//! Units of the domain: what a verb works with, and what becomes of what it said.

use std::ops::{Deref, DerefMut};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use db::{Conn, Db, Seq};
use rand::Rng;
use rand_chacha::ChaCha20Rng;
use rand_chacha::rand_core::SeedableRng;
use uuid::Uuid;

use crate::event::Event;
use crate::operations::{Operation, Operations};
use crate::portals::{Addresses, Portal};
use crate::time::Clock;
use crate::{Call, Client, Result, Timestamp, audit, jobs};

/// The open store: the database, the clock, the source of chance, and what is remembered beside the database.
#[derive(Debug, Clone)]
pub struct Store {
    db: Db,
    clock: Clock,
    chance: Chance,
    addresses: Arc<Addresses>,
    generation: Generation,
    operations: Arc<Operations>,
    jobs_due: Arc<dyn Wake>,
}

/// Somebody to be woken when a job may be due. May be called from any thread, any number of times.
pub trait Wake: Send + Sync + std::fmt::Debug {
    /// Wakes.
    fn wake(&self);
}

/// Nobody waits for jobs: commands, and tests that drain the queue themselves.
#[derive(Debug)]
pub struct NobodyWaits;

impl Wake for NobodyWaits {
    fn wake(&self) {}
}

/// A number that grows whenever portals, people, sessions or keys may have changed, here or in another process.
/// What was remembered under a smaller number is stale.
#[derive(Debug, Clone, Default)]
pub struct Generation(Arc<AtomicU64>);

impl Generation {
    /// The number now. Take it *before* reading what is to be remembered under it.
    pub fn now(&self) -> u64 {
        self.0.load(Ordering::Acquire)
    }

    /// Makes everything remembered stale.
    pub fn advance(&self) {
        self.0.fetch_add(1, Ordering::AcqRel);
    }
}

/// Where secrets and ids come from: the operating system, or a test's seed.
#[derive(Debug, Clone)]
pub enum Chance {
    /// The operating system's generator.
    System,
    /// A seeded one, so that whole replies can be compared.
    Seeded(Arc<Mutex<ChaCha20Rng>>),
}

impl Chance {
    /// A seeded source.
    pub fn seeded(seed: u64) -> Self {
        Self::Seeded(Arc::new(Mutex::new(ChaCha20Rng::seed_from_u64(seed))))
    }

    /// `N` random bytes.
    pub fn bytes<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        match self {
            Self::System => rand::rng().fill_bytes(&mut bytes),
            Self::Seeded(rng) => rng.lock().unwrap_or_else(PoisonError::into_inner).fill_bytes(&mut bytes),
        }
        bytes
    }

    /// A uuid that sorts by the time it was made.
    pub fn guid(&self, now: Timestamp) -> Uuid {
        let millis = u64::try_from(now.0 / 1000).unwrap_or_default();
        uuid::Builder::from_unix_timestamp_millis(millis, &self.bytes::<10>()).into_uuid()
    }
}

/// A write unit: the connection, the time, chance, and what has happened so far. Fresh at each attempt.
pub struct Tx<'a> {
    conn: &'a mut Conn,
    now: Timestamp,
    chance: &'a Chance,
    addresses: &'a Addresses,
    events: Vec<Event>,
    operations: Vec<Operation>,
    makes_work: bool,
}

impl<'a> Tx<'a> {
    fn new(conn: &'a mut Conn, now: Timestamp, chance: &'a Chance, addresses: &'a Addresses) -> Self {
        Self { conn, now, chance, addresses, events: Vec::new(), operations: Vec::new(), makes_work: false }
    }

    /// The unit's time: the same in all its rows.
    pub fn now(&self) -> Timestamp {
        self.now
    }

    /// `N` random bytes.
    pub fn random<const N: usize>(&self) -> [u8; N] {
        self.chance.bytes()
    }

    /// A new uuid.
    pub fn guid(&self) -> Uuid {
        self.chance.guid(self.now)
    }

    /// The installation's addresses.
    pub fn addresses(&self) -> &'a Addresses {
        self.addresses
    }

    /// A portal's own address, without a slash at its end, for links in letters.
    pub fn address(&self, portal: &Portal) -> String {
        self.addresses.of(portal)
    }

    /// The next number of a counter; a word shorter than on the connection, and with our error.
    pub fn next(&mut self, seq: Seq) -> Result<i64> {
        Ok(self.conn.next_id(seq)?)
    }

    /// Says that something happened: it goes to the audit log and the job queue in this transaction.
    pub fn say(&mut self, event: Event) {
        self.events.push(event);
    }

    /// Wakes the worker after the commit: a job was put into the queue.
    pub(crate) fn wake_worker(&mut self) {
        self.makes_work = true;
    }

    /// Keeps the outcome of a file operation for the caller to fetch, once the unit is committed.
    pub fn keep_operation(&mut self, operation: Operation) {
        self.operations.push(operation);
    }
}

impl Deref for Tx<'_> {
    type Target = Conn;
    fn deref(&self) -> &Conn {
        self.conn
    }
}

impl DerefMut for Tx<'_> {
    fn deref_mut(&mut self) -> &mut Conn {
        self.conn
    }
}

/// A unit's result with what it said.
struct Done<T> {
    value: T,
    events: Vec<Event>,
    operations: Vec<Operation>,
    makes_work: bool,
}

impl Store {
    /// Puts a store together. `generation` must be the one the database's foreign commits advance.
    pub fn new(
        db: Db,
        clock: Clock,
        chance: Chance,
        addresses: Addresses,
        generation: Generation,
        jobs_due: Arc<dyn Wake>,
    ) -> Self {
        let addresses = Arc::new(addresses);
        Self { db, clock, chance, addresses, generation, operations: Arc::default(), jobs_due }
    }

    /// The clock.
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// The source of chance.
    pub fn chance(&self) -> &Chance {
        &self.chance
    }

    /// The installation's addresses.
    pub fn addresses(&self) -> &Addresses {
        &self.addresses
    }

    /// A portal's own address, without a slash at its end, for links in letters.
    pub fn address(&self, portal: &Portal) -> String {
        self.addresses.of(portal)
    }

    /// The number under which credentials are remembered.
    pub fn generation(&self) -> &Generation {
        &self.generation
    }

    /// Finished file operations, by caller.
    pub fn operations(&self) -> &Operations {
        &self.operations
    }

    /// The database below.
    pub fn db(&self) -> &Db {
        &self.db
    }

    /// Runs a read unit in one snapshot.
    pub async fn read<T: Send + 'static>(
        &self,
        unit: impl Fn(&mut Conn) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        self.db.read(unit).await
    }

    /// [`Store::read`] for commands, jobs and tests.
    pub fn read_blocking<T: Send + 'static>(
        &self,
        unit: impl Fn(&mut Conn) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        self.db.read_blocking(unit)
    }

    /// Runs a write unit for a caller; answered after its COMMIT is on disk and what was remembered is cleared.
    pub async fn write<T: Send + 'static>(
        &self,
        call: Call,
        unit: impl Fn(&mut Tx<'_>) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        self.db.write(self.recorded(call, unit), self.publish()).await.map(|done| done.value)
    }

    /// [`Store::write`] for commands, jobs and tests.
    pub fn write_blocking<T: Send + 'static>(
        &self,
        call: Call,
        unit: impl Fn(&mut Tx<'_>) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        self.db.write_blocking(self.recorded(call, unit), self.publish()).map(|done| done.value)
    }

    /// Runs a write unit that founds a portal, in whose log it is noted as done by this client.
    pub async fn found<T: Send + 'static>(
        &self,
        client: Client,
        unit: impl Fn(&mut Tx<'_>) -> Result<(Arc<Portal>, T)> + Send + 'static,
    ) -> Result<(Arc<Portal>, T)> {
        self.db.write(self.recorded_in_new(client, unit), self.publish()).await.map(|done| done.value)
    }

    /// [`Store::found`] for commands and tests.
    pub fn found_blocking<T: Send + 'static>(
        &self,
        unit: impl Fn(&mut Tx<'_>) -> Result<(Arc<Portal>, T)> + Send + 'static,
    ) -> Result<(Arc<Portal>, T)> {
        let unit = self.recorded_in_new(Client::default(), unit);
        self.db.write_blocking(unit, self.publish()).map(|done| done.value)
    }

    /// Runs a unit that belongs to no portal: founding, the job queue, sweeping. Nothing it does is an event.
    pub fn upkeep_blocking<T: Send + 'static>(
        &self,
        unit: impl Fn(&mut Tx<'_>) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let (clock, chance, addresses) = (self.clock.clone(), self.chance.clone(), self.addresses.clone());
        let jobs_due = self.jobs_due.clone();
        let unit = move |conn: &mut Conn| {
            let mut tx = Tx::new(conn, clock.now(), &chance, &addresses);
            let value = unit(&mut tx)?;
            Result::Ok((value, tx.makes_work))
        };
        let after = move |(_, makes_work): &mut (T, bool)| {
            if *makes_work {
                jobs_due.wake();
            }
        };
        Ok(self.db.write_blocking(unit, after)?.0)
    }

    /// The unit, followed by the rows its events become.
    fn recorded<T>(
        &self,
        call: Call,
        unit: impl Fn(&mut Tx<'_>) -> Result<T> + Send + 'static,
    ) -> impl Fn(&mut Conn) -> Result<Done<T>> + Send + 'static {
        let (clock, chance, addresses) = (self.clock.clone(), self.chance.clone(), self.addresses.clone());
        move |conn| {
            let mut tx = Tx::new(conn, clock.now(), &chance, &addresses);
            let value = unit(&mut tx)?;
            settle(tx, &call, value)
        }
    }

    /// The unit that founds a portal, followed by the rows its events become in it.
    fn recorded_in_new<T>(
        &self,
        client: Client,
        unit: impl Fn(&mut Tx<'_>) -> Result<(Arc<Portal>, T)> + Send + 'static,
    ) -> impl Fn(&mut Conn) -> Result<Done<(Arc<Portal>, T)>> + Send + 'static {
        let (clock, chance, addresses) = (self.clock.clone(), self.chance.clone(), self.addresses.clone());
        move |conn| {
            let mut tx = Tx::new(conn, clock.now(), &chance, &addresses);
            let (portal, value) = unit(&mut tx)?;
            let call = Call { client: client.clone(), ..Call::system(portal.clone()) };
            settle(tx, &call, (portal, value))
        }
    }

    /// What happens between the COMMIT and the answer.
    fn publish<T>(&self) -> impl FnOnce(&mut Done<T>) + Send + 'static {
        let (generation, operations, jobs_due) =
            (self.generation.clone(), self.operations.clone(), self.jobs_due.clone());
        move |done| {
            if done.events.iter().any(Event::touches_access) {
                generation.advance();
            }
            for event in &done.events {
                if let Event::PortalDeleted { portal, .. } = event {
                    operations.forget_portal(*portal);
                }
            }
            for operation in done.operations.drain(..) {
                operations.put(operation);
            }
            if done.makes_work {
                jobs_due.wake();
            }
        }
    }
}

/// Writes the rows that a unit's events become.
fn settle<T>(mut tx: Tx<'_>, call: &Call, value: T) -> Result<Done<T>> {
    let events = std::mem::take(&mut tx.events);
    audit::record(&mut tx, call, &events)?;
    jobs::follow_up(&mut tx, call.portal.id, &events)?;
    if events.iter().any(Event::touches_access) {
        tx.announce()?;
    }
    Ok(Done { value, operations: tx.operations, makes_work: tx.makes_work, events })
}
