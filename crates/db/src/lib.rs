//! One SQL, two engines.
//!
//! Every statement is written once and runs on SQLite and on PostgreSQL. Work is done in *units*: synchronous
//! closures that get a [`Conn`] and run inside one transaction on a thread of this crate. A read unit sees one
//! snapshot; a write unit is answered only after its COMMIT reached the disk. Units are `Fn`, so that
//! PostgreSQL's serialization failures can run them again.
//!
//! On SQLite one thread owns the only writing connection and commits what is queued as a group: a savepoint
//! per unit, one COMMIT for all (see `sqlite.rs`). On PostgreSQL each thread owns a client (see `postgres.rs`).
//!
//! This crate knows no word of the domain. The rules for statements are in `docs/sql.md`.

mod conn;
mod error;
mod migrate;
mod postgres;
mod sql;
mod sqlite;
mod unit;
mod value;

pub use conn::{Conn, Plan, Seq};
pub use error::{Error, Result};
pub use migrate::{Migration, Schema};
pub use sql::{Query, STATEMENTS, Sql, SqlText, Statement};
pub use value::{Bind, Cell, Column, Row, Value};

#[doc(hidden)]
pub use linkme;

use std::path::PathBuf;
use std::str::FromStr;
use std::sync::Arc;

use unit::{Queue, Ticket};

/// Where the database is: a file for SQLite, an address for PostgreSQL.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Location {
    /// `sqlite:PATH`: one file; `-wal` and `-shm` files stand beside it.
    Sqlite(PathBuf),
    /// `postgres://user:password@host/name?search_path=…`, as libpq understands it.
    Postgres(String),
}

impl FromStr for Location {
    type Err = String;

    fn from_str(text: &str) -> std::result::Result<Self, String> {
        if let Some(path) = text.strip_prefix("sqlite:") {
            let path = path.strip_prefix("//").unwrap_or(path);
            return if path.is_empty() {
                Err("sqlite: needs a file name".into())
            } else {
                Ok(Self::Sqlite(path.into()))
            };
        }
        if text.starts_with("postgres://") || text.starts_with("postgresql://") {
            return Ok(Self::Postgres(text.into()));
        }
        Err(format!("a database is sqlite:PATH or postgres://…, not {text:?}"))
    }
}

/// How many threads serve the database, and whom to tell of commits made by others.
pub struct Options {
    /// SQLite: reading threads beside the one writer (2–4 is plenty).
    pub readers: usize,
    /// PostgreSQL: threads, each with its own client.
    pub clients: usize,
    /// Called, on a thread of this crate, whenever another process may have committed.
    pub on_foreign_commit: Arc<dyn Fn() + Send + Sync>,
}

impl Default for Options {
    fn default() -> Self {
        Self { readers: 2, clients: 16, on_foreign_commit: Arc::new(|| {}) }
    }
}

/// A handle on the database; cheap to clone. The threads end when the last handle is dropped.
#[derive(Clone)]
pub struct Db {
    reads: Queue,
    writes: Queue,
    /// Joined when the last handle goes, so that every commit under way has ended.
    _threads: Arc<unit::Threads>,
}

impl Db {
    /// Opens the database and starts its threads. The schema is not touched; see [`Db::migrate`].
    ///
    /// Fails when the file or the server can't be reached.
    pub fn open(location: &Location, options: Options) -> Result<Self> {
        match location {
            Location::Sqlite(path) => sqlite::open(path, &options),
            Location::Postgres(address) => postgres::open(address, &options),
        }
    }

    fn assemble(reads: Queue, writes: Queue, threads: unit::Threads) -> Self {
        Self { reads, writes, _threads: Arc::new(threads) }
    }

    /// Runs a unit that only reads, in one snapshot. A full queue is [`Error::Busy`] at once.
    pub async fn read<T, E>(
        &self,
        unit: impl Fn(&mut Conn) -> std::result::Result<T, E> + Send + 'static,
    ) -> std::result::Result<T, E>
    where
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        self.reads.send(unit, |_| {}).answer().await
    }

    /// Runs a unit that writes, and answers after its COMMIT is on disk.
    ///
    /// An `Err` from the unit undoes the unit alone. `after` runs between the COMMIT and the answer, on the
    /// database's thread, even when the caller no longer waits: the place to clear caches and to publish.
    pub async fn write<T, E>(
        &self,
        unit: impl Fn(&mut Conn) -> std::result::Result<T, E> + Send + 'static,
        after: impl FnOnce(&mut T) + Send + 'static,
    ) -> std::result::Result<T, E>
    where
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        self.writes.send(unit, after).answer().await
    }

    /// [`Db::read`] for callers without a runtime: commands and tests. Never call it on a runtime's thread.
    pub fn read_blocking<T, E>(
        &self,
        unit: impl Fn(&mut Conn) -> std::result::Result<T, E> + Send + 'static,
    ) -> std::result::Result<T, E>
    where
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        self.reads.send(unit, |_| {}).wait()
    }

    /// [`Db::write`] for callers without a runtime: commands, jobs and tests.
    pub fn write_blocking<T, E>(
        &self,
        unit: impl Fn(&mut Conn) -> std::result::Result<T, E> + Send + 'static,
        after: impl FnOnce(&mut T) + Send + 'static,
    ) -> std::result::Result<T, E>
    where
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        self.writes.send(unit, after).wait()
    }

    /// What the database's schema is, against the migrations this build carries.
    pub fn schema(&self, migrations: &'static [Migration]) -> Result<Schema> {
        self.read_blocking(move |conn| migrate::state(conn, migrations))
    }

    /// Applies the migrations that are missing, all in one transaction, and makes the counters of `seqs`.
    /// `now` is the time written beside them, in microseconds UTC.
    pub fn migrate(&self, migrations: &'static [Migration], seqs: &'static [Seq], now: i64) -> Result<()> {
        self.write_blocking(move |conn| migrate::run(conn, migrations, seqs, now), |()| {})
    }
}

impl std::fmt::Debug for Db {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Db")
    }
}

impl<T, E: From<Error>> Ticket<T, E> {
    async fn answer(self) -> std::result::Result<T, E> {
        match self.0 {
            Ok(receiver) => receiver.await.unwrap_or_else(|_| Err(Error::Closed.into())),
            Err(error) => Err(error.into()),
        }
    }

    fn wait(self) -> std::result::Result<T, E> {
        match self.0 {
            Ok(receiver) => receiver.blocking_recv().unwrap_or_else(|_| Err(Error::Closed.into())),
            Err(error) => Err(error.into()),
        }
    }
}
