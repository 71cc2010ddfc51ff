//! SQLite: one writing thread with group commit, and a few reading threads.
//!
//! The writer takes what is queued (at most [`BATCH`] units) into one transaction and answers all of them after
//! its COMMIT, so that the one `fsync` is shared. Every unit runs in a savepoint of its own and a batch is never
//! run again: a refusal undoes its unit alone.
//!
//! Disk full, I/O errors and lack of memory make SQLite roll back the *whole* transaction by itself, silently
//! leaving autocommit mode. So before every statement and after every unit we ask whether we still are in a
//! transaction; if not, the whole batch fails at once and no further unit of it runs.

use std::path::Path;
use std::time::{Duration, Instant};

use crossbeam_channel::{Receiver, RecvTimeoutError};
use rusqlite::config::DbConfig;
use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{CachedStatement, Connection, OpenFlags, ToSql};

use crate::conn::{Engine, Plan};
use crate::unit::{Job, Queue, Ran, Threads, spawn};
use crate::{Cell, Conn, Db, Error, Options, Result, Value};

/// Units that may share one COMMIT.
const BATCH: usize = 64;
/// How often the writer looks whether another process committed.
const WATCH: Duration = Duration::from_millis(100);
/// After this long without a pause the writer gives way …
const STINT: Duration = Duration::from_millis(100);
/// … for this long, so that a command on the same file gets its turn.
const PAUSE: Duration = Duration::from_millis(3);
/// How long a statement waits for another process's lock.
const LOCK_WAIT: Duration = Duration::from_secs(10);

pub(crate) fn open(path: &Path, options: &Options) -> Result<Db> {
    let writer = connect(path, OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE)?;
    let (writes, to_write) = Queue::new();
    let (reads, to_read) = Queue::new();
    let on_foreign_commit = options.on_foreign_commit.clone();
    let mut handles =
        vec![spawn("db-writer", move || Writer::new(writer, to_write, on_foreign_commit).run())?];
    for number in 0..options.readers.max(1) {
        let mut conn = Conn(Engine::Sqlite(connect(path, OpenFlags::SQLITE_OPEN_READ_WRITE)?));
        sqlite(&mut conn)?.pragma_update(None, "query_only", true)?;
        let jobs = to_read.clone();
        handles.push(spawn(&format!("db-reader-{number}"), move || read_loop(&mut conn, &jobs))?);
    }
    Ok(Db::assemble(reads, writes, Threads { handles, stop: None }))
}

/// Opens a connection the one way all of them are: durable, patient, with plans that stay cached.
fn connect(path: &Path, access: OpenFlags) -> Result<Connection> {
    let conn = Connection::open_with_flags(path, access | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
    conn.busy_timeout(LOCK_WAIT)?;
    conn.pragma_update(None, "journal_mode", "wal")?;
    conn.pragma_update(None, "synchronous", "full")?;
    conn.pragma_update(None, "journal_size_limit", 64 << 20)?;
    conn.pragma_update(None, "cache_size", -8 << 10)?;
    conn.pragma_update(None, "temp_store", "memory")?;
    // Without it SQLite looks at bound values while planning, and so expires cached plans at every run with a
    // bound LIMIT: a get took 70 µs instead of 10.
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    conn.set_prepared_statement_cache_capacity(1024);
    Ok(conn)
}

struct Writer {
    conn: Conn,
    jobs: Receiver<Box<dyn Job>>,
    on_foreign_commit: std::sync::Arc<dyn Fn() + Send + Sync>,
    data_version: i64,
    watched_at: Instant,
    busy_since: Instant,
}

impl Writer {
    fn new(
        conn: Connection,
        jobs: Receiver<Box<dyn Job>>,
        on_foreign_commit: std::sync::Arc<dyn Fn() + Send + Sync>,
    ) -> Self {
        let now = Instant::now();
        Self {
            conn: Conn(Engine::Sqlite(conn)),
            jobs,
            on_foreign_commit,
            data_version: 0,
            watched_at: now,
            busy_since: now,
        }
    }

    fn run(mut self) {
        loop {
            match self.jobs.try_recv().or_else(|_| self.wait()) {
                Ok(first) => self.batch(first),
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return,
            }
            if self.watched_at.elapsed() >= WATCH {
                self.watch();
            }
        }
    }

    fn wait(&mut self) -> std::result::Result<Box<dyn Job>, RecvTimeoutError> {
        let job = self.jobs.recv_timeout(WATCH);
        self.busy_since = Instant::now();
        job
    }

    fn batch(&mut self, first: Box<dyn Job>) {
        if self.busy_since.elapsed() >= STINT {
            std::thread::sleep(PAUSE);
            self.busy_since = Instant::now();
        }
        let mut batch = vec![first];
        batch.extend(self.jobs.try_iter().take(BATCH - 1));
        match run_batch(&mut self.conn, &mut batch) {
            Ok(()) => batch.into_iter().for_each(Job::finish),
            Err(error) => {
                tracing::error!(error = %error, units = batch.len(), "a group of writes was rolled back");
                let cause = match error {
                    Error::RolledBack(cause) => cause,
                    error => error.to_string(),
                };
                for job in batch {
                    job.fail(Error::RolledBack(cause.clone()));
                }
            }
        }
    }

    fn watch(&mut self) {
        self.watched_at = Instant::now();
        let version = sqlite(&mut self.conn).and_then(|conn| {
            Ok(conn.prepare_cached("pragma data_version")?.query_row([], |row| row.get(0))?)
        });
        match version {
            Ok(version) if version == self.data_version => {}
            // When in doubt, what is remembered counts as stale.
            _ => (self.on_foreign_commit)(),
        }
        self.data_version = version.unwrap_or_default();
    }
}

/// Runs the units of a batch in one transaction, and commits. After an error nothing of it is kept.
fn run_batch(conn: &mut Conn, batch: &mut [Box<dyn Job>]) -> Result<()> {
    control(conn, "begin immediate")?;
    let ended = batch.iter_mut().try_for_each(|job| run_unit(conn, &mut **job));
    ended.and_then(|()| control(conn, "commit")).inspect_err(|_| abandon(conn))
}

/// Runs a unit in a savepoint. An error is not the unit's own: the whole transaction is gone, or has to go.
fn run_unit(conn: &mut Conn, job: &mut dyn Job) -> Result<()> {
    control(conn, "savepoint unit")?;
    let ran = job.run(conn);
    in_transaction(sqlite(conn)?)?;
    if ran == Ran::Refused {
        control(conn, "rollback to unit")?;
    }
    control(conn, "release unit")
}

/// Fails where SQLite has rolled the transaction back by itself: a statement after that would be a commit of its own.
pub(crate) fn in_transaction(conn: &Connection) -> Result<()> {
    if conn.is_autocommit() {
        return Err(Error::RolledBack("the disk is full or failing, or memory is short".into()));
    }
    Ok(())
}

fn abandon(conn: &mut Conn) {
    // It fails where SQLite has rolled back already, which is what is wanted.
    let _ = control(conn, "rollback");
}

fn read_loop(conn: &mut Conn, jobs: &Receiver<Box<dyn Job>>) {
    for mut job in jobs {
        if let Err(error) = control(conn, "begin") {
            job.fail(error);
            continue;
        }
        job.run(conn);
        abandon(conn);
        job.finish();
    }
}

fn control(conn: &mut Conn, statement: &str) -> Result<()> {
    sqlite(conn)?.prepare_cached(statement)?.execute([])?;
    Ok(())
}

fn sqlite(conn: &mut Conn) -> Result<&mut Connection> {
    match &mut conn.0 {
        Engine::Sqlite(conn) => Ok(conn),
        Engine::Postgres(_) => Err(Error::Closed),
    }
}

impl ToSql for Value<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match *self {
            Self::Null => ValueRef::Null,
            Self::Int(n) => ValueRef::Integer(n),
            Self::Real(x) => ValueRef::Real(x),
            Self::Text(text) => ValueRef::Text(text.as_bytes()),
            Self::Bytes(bytes) => ValueRef::Blob(bytes),
        }))
    }
}

/// Takes a statement from the cache, inside the transaction only.
pub(crate) fn prepare<'c>(conn: &'c Connection, sql: &str) -> Result<CachedStatement<'c>> {
    in_transaction(conn)?;
    Ok(conn.prepare_cached(sql)?)
}

/// Binds the arguments by number. SQLite takes `$2` for a name and numbers names as they appear, so `$2` before `$1`
/// would get the first argument.
fn bind(statement: &mut CachedStatement<'_>, args: &[Value<'_>]) -> Result<()> {
    let mut bound = 0;
    for index in 1..=statement.parameter_count() {
        let number: usize =
            statement.parameter_name(index).and_then(|name| name[1..].parse().ok()).unwrap_or(index);
        let value = args.get(number - 1).ok_or(Error::Argument(number))?;
        statement.raw_bind_parameter(index, value)?;
        bound = bound.max(number);
    }
    // PostgreSQL refuses them too.
    if bound == args.len() { Ok(()) } else { Err(Error::Surplus(args.len())) }
}

pub(crate) fn exec(conn: &mut Connection, sql: &str, args: &[Value<'_>]) -> Result<u64> {
    let mut statement = prepare(conn, sql)?;
    bind(&mut statement, args)?;
    Ok(statement.raw_execute()? as u64)
}

pub(crate) fn query<'s>(
    statement: &'s mut CachedStatement<'_>,
    args: &[Value<'_>],
) -> Result<rusqlite::Rows<'s>> {
    bind(statement, args)?;
    Ok(statement.raw_query())
}

pub(crate) fn cell<'r>(row: &'r rusqlite::Row<'_>, index: usize) -> Result<Cell<'r>> {
    Ok(match row.get_ref(index)? {
        ValueRef::Null => Value::Null,
        ValueRef::Integer(n) => Value::Int(n),
        ValueRef::Real(x) => Value::Real(x),
        ValueRef::Text(text) => {
            Value::Text(std::str::from_utf8(text).map_err(|error| Error::Invalid(error.to_string()))?)
        }
        ValueRef::Blob(bytes) => Value::Bytes(bytes),
    })
}

pub(crate) fn next_id(conn: &mut Connection, name: &str) -> Result<i64> {
    let mut statement =
        prepare(conn, "update counter set value = value + 1 where name = $1 returning value")?;
    Ok(statement.query_row([name], |row| row.get(0))?)
}

pub(crate) fn explain(conn: &mut Connection, sql: &str) -> Result<Plan> {
    let mut statement = conn.prepare(&format!("explain query plan {sql}"))?;
    let mut rows = statement.raw_query();
    let mut plan = Plan { steps: Vec::new(), scans: Vec::new() };
    while let Some(row) = rows.next()? {
        let step: String = row.get(3)?;
        if let Some(rest) = step.strip_prefix("SCAN ") {
            let table = rest.split(' ').next().unwrap_or(rest);
            if !table.starts_with('(') && table != "CONSTANT" {
                plan.scans.push(table.to_owned());
            }
        }
        plan.steps.push(step);
    }
    Ok(plan)
}

pub(crate) fn examine(conn: &mut Connection) -> Result<Vec<String>> {
    let mut statement = conn.prepare("pragma quick_check")?;
    let found =
        statement.query_map([], |row| row.get::<_, String>(0))?.collect::<rusqlite::Result<Vec<_>>>()?;
    Ok(found.into_iter().filter(|line| line != "ok").collect())
}
