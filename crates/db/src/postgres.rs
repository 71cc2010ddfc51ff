//! PostgreSQL: a pool of threads, each owning one synchronous client.
//!
//! A client is never used or dropped on a runtime's thread: it carries a runtime of its own and would panic.
//! Write units are SERIALIZABLE and run again on 40001 and 40P01; read units are REPEATABLE READ READ ONLY.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use bytes::BytesMut;
use crossbeam_channel::{Receiver, RecvTimeoutError, Select, Sender, bounded};
use postgres::error::SqlState;
use postgres::fallible_iterator::FallibleIterator;
use postgres::types::{FromSql, IsNull, ToSql, Type, to_sql_checked};
use postgres::{Client, NoTls, Statement};

use crate::conn::{Engine, Plan, Seq};
use crate::unit::{Job, Queue, Ran, Threads, spawn};
use crate::{Cell, Conn, Db, Error, Options, Result, Value};

/// Statements a client keeps prepared, at most.
const PREPARED: usize = 1024;
/// The longest pause before a write unit runs again for the first time; doubled with each attempt, up to 64 ms.
const PAUSE: Duration = Duration::from_millis(2);
/// How often a write unit runs before [`Error::Contended`].
const ATTEMPTS: u32 = 16;
const BEGIN_READ: &str = "begin isolation level repeatable read read only";
const BEGIN_WRITE: &str = "begin isolation level serializable";
/// The channel of [`Conn::announce`].
const LISTEN: &str = "listen enfilade";
const ANNOUNCE: &str = "notify enfilade";

/// A client with the statements it has prepared.
pub(crate) struct PgConn {
    client: Client,
    prepared: HashMap<String, Statement>,
    /// The number of its thread.
    lane: i64,
    /// A statement of the running unit met a serialization failure or a deadlock.
    retry: bool,
    /// Why the running transaction can't be committed any more: a statement of it failed. PostgreSQL answers its
    /// COMMIT with a quiet ROLLBACK, so we must not send one.
    failed: Option<String>,
    /// The connection is gone, whether the client has noticed or not.
    lost: bool,
}

pub(crate) fn open(address: &str, options: &Options) -> Result<Db> {
    let (writes, write_jobs) = Queue::new();
    let (reads, read_jobs) = Queue::new();
    let (opened, first_answers) = bounded::<Result<()>>(options.clients);
    let mut handles = Vec::new();
    let clients = options.clients.max(1);
    for number in 0..clients {
        let (address, reads, writes, opened) =
            (address.to_owned(), read_jobs.clone(), write_jobs.clone(), opened.clone());
        handles
            .push(spawn(&format!("db-{number}"), move || serve(number, &address, &reads, &writes, &opened))?);
    }
    let (stop, stopped) = bounded(0);
    let (watched, hook) = (address.to_owned(), options.on_foreign_commit.clone());
    handles.push(spawn("db-listen", move || listen(&watched, &hook, &stopped))?);
    let threads = Threads { handles, stop: Some(stop) };
    let db = Db::assemble(reads, writes, threads);
    for answer in first_answers.iter().take(clients) {
        answer?;
    }
    Ok(db)
}

/// A thread's life: take a unit, run it, answer; connect anew when the connection is gone.
fn serve(
    number: usize,
    address: &str,
    reads: &Receiver<Box<dyn Job>>,
    writes: &Receiver<Box<dyn Job>>,
    opened: &Sender<Result<()>>,
) {
    let mut conn = match connect(number, address) {
        Ok(conn) => {
            let _ = opened.send(Ok(()));
            Some(conn)
        }
        Err(error) => {
            let _ = opened.send(Err(error));
            return;
        }
    };
    let mut queues = Select::new();
    let (read_queue, _) = (queues.recv(reads), queues.recv(writes));
    loop {
        let next = queues.select();
        let is_read = next.index() == read_queue;
        let Ok(job) = (if is_read { next.recv(reads) } else { next.recv(writes) }) else {
            // This queue is closed and empty, and so the other is closed; what still waits there is done.
            let rest = if is_read { writes } else { reads };
            return rest.iter().for_each(|job| serve_one(number, address, &mut conn, job, !is_read));
        };
        serve_one(number, address, &mut conn, job, is_read);
    }
}

fn serve_one(number: usize, address: &str, conn: &mut Option<Conn>, job: Box<dyn Job>, is_read: bool) {
    if conn.as_mut().is_none_or(|conn| pg(conn).is_ok_and(|pg| pg.lost || pg.client.is_closed())) {
        *conn = connect(number, address)
            .inspect_err(|error| tracing::error!(%error, "PostgreSQL can't be reached"))
            .ok();
    }
    match conn.as_mut() {
        Some(conn) if is_read => read(conn, job),
        Some(conn) => write(conn, job),
        None => job.fail(Error::Closed),
    }
}

fn connect(number: usize, address: &str) -> Result<Conn> {
    let client = Client::connect(address, NoTls)?;
    Ok(Conn(Engine::Postgres(Box::new(PgConn {
        client,
        prepared: HashMap::new(),
        lane: i64::try_from(number).unwrap_or_default(),
        retry: false,
        failed: None,
        lost: false,
    }))))
}

fn pg(conn: &mut Conn) -> Result<&mut PgConn> {
    match &mut conn.0 {
        Engine::Postgres(conn) => Ok(conn),
        Engine::Sqlite(_) => Err(Error::Closed),
    }
}

fn control(conn: &mut Conn, statement: &str) -> Result<()> {
    let conn = pg(conn)?;
    conn.client.batch_execute(statement).map_err(|error| conn.note(error))
}

fn read(conn: &mut Conn, mut job: Box<dyn Job>) {
    if let Err(error) = control(conn, BEGIN_READ) {
        return job.fail(error);
    }
    job.run(conn);
    // Nothing was written; a failed rollback means a closed connection, which the next unit finds out.
    let _ = control(conn, "rollback");
    job.finish();
}

fn write(conn: &mut Conn, mut job: Box<dyn Job>) {
    for number in 0..ATTEMPTS {
        match attempt(conn, &mut *job) {
            Ok(true) => return job.finish(),
            Ok(false) => std::thread::sleep(pause(conn, number)),
            Err(error) => return job.fail(error),
        }
    }
    job.fail(Error::Contended);
}

/// Longer with each attempt, and of another length on each thread: those who met once don't meet again.
fn pause(conn: &mut Conn, attempt: u32) -> Duration {
    let lane = u32::try_from(conn.lane()).unwrap_or_default();
    PAUSE * (1 << attempt.min(5)) * (lane % 8 + 1) / 8
}

/// One run of a write unit; false when it met another writer and must run again.
fn attempt(conn: &mut Conn, job: &mut dyn Job) -> Result<bool> {
    let state = pg(conn)?;
    (state.retry, state.failed) = (false, None);
    control(conn, BEGIN_WRITE)?;
    let ran = job.run(conn);
    if ran == Ran::Kept && pg(conn)?.failed.is_none() {
        return match control(conn, "commit") {
            Ok(()) => Ok(true),
            Err(_) if pg(conn)?.retry => Ok(false),
            Err(error) => Err(error),
        };
    }
    control(conn, "rollback")?;
    let state = pg(conn)?;
    match state.failed.take() {
        _ if state.retry => Ok(false),
        Some(cause) if ran == Ran::Kept => Err(Error::RolledBack(cause)),
        _ => Ok(true),
    }
}

/// Waits for announcements of other processes; while there is no connection, everything may be stale.
fn listen(address: &str, hook: &Arc<dyn Fn() + Send + Sync>, stopped: &Receiver<()>) {
    let over = |wait| !matches!(stopped.recv_timeout(wait), Err(RecvTimeoutError::Timeout));
    while !over(Duration::ZERO) {
        if let Ok(mut client) = Client::connect(address, NoTls)
            && client.batch_execute(LISTEN).is_ok()
        {
            hook();
            while !over(Duration::ZERO) {
                let heard = client.notifications().timeout_iter(Duration::from_millis(100)).next();
                match heard {
                    Ok(Some(_)) => hook(),
                    Ok(None) if client.is_closed() => break,
                    Ok(None) => {}
                    Err(_) => break,
                }
            }
        }
        hook();
        if over(Duration::from_millis(100)) {
            return;
        }
    }
}

impl PgConn {
    /// Remembers that the transaction is lost, and that the unit must run again where the error says so.
    fn note(&mut self, error: postgres::Error) -> Error {
        if error.code().is_some_and(|code| {
            *code == SqlState::T_R_SERIALIZATION_FAILURE || *code == SqlState::T_R_DEADLOCK_DETECTED
        }) {
            self.retry = true;
        }
        let error = Error::Postgres(error);
        self.lost |= error.is_unreachable();
        self.failed.get_or_insert_with(|| error.to_string());
        error
    }

    fn prepare(&mut self, sql: &str) -> Result<Statement> {
        if let Some(statement) = self.prepared.get(sql) {
            return Ok(statement.clone());
        }
        let statement = self.client.prepare(sql).map_err(|error| self.note(error))?;
        if self.prepared.len() >= PREPARED {
            // Filters make texts of many shapes: the common ones are soon there again.
            self.prepared.clear();
        }
        self.prepared.insert(sql.to_owned(), statement.clone());
        Ok(statement)
    }

    pub(crate) fn lane(&self) -> i64 {
        self.lane
    }

    pub(crate) fn exec(&mut self, sql: &str, args: &[Value<'_>]) -> Result<u64> {
        let statement = self.prepare(sql)?;
        let args: Vec<&(dyn ToSql + Sync)> = args.iter().map(|arg| arg as _).collect();
        self.client.execute(&statement, &args).map_err(|error| self.note(error))
    }

    pub(crate) fn query(&mut self, sql: &str, args: &[Value<'_>]) -> Result<Vec<postgres::Row>> {
        let statement = self.prepare(sql)?;
        let args: Vec<&(dyn ToSql + Sync)> = args.iter().map(|arg| arg as _).collect();
        self.client.query(&statement, &args).map_err(|error| self.note(error))
    }

    pub(crate) fn next_id(&mut self, seq: Seq) -> Result<i64> {
        let rows = self.query(seq.next, &[])?;
        rows.first().map_or(Err(Error::NoRow), |row| Ok(row.try_get(0)?))
    }

    pub(crate) fn announce(&mut self) -> Result<()> {
        self.client.batch_execute(ANNOUNCE).map_err(|error| self.note(error))
    }

    /// Runs several statements without arguments: migrations.
    pub(crate) fn script(&mut self, text: &str) -> Result<()> {
        self.client.batch_execute(text).map_err(|error| self.note(error))
    }

    pub(crate) fn explain(&mut self, sql: &str) -> Result<Plan> {
        let nulls = vec!["null"; self.prepare(sql)?.params().len()].join(", ");
        let call = if nulls.is_empty() { String::new() } else { format!("({nulls})") };
        let setup = format!(
            "set plan_cache_mode = force_generic_plan; set enable_seqscan = off; prepare plan_me as {sql}"
        );
        self.script(&setup)?;
        let mut plan = Plan { steps: Vec::new(), scans: Vec::new() };
        for row in self.query_once(&format!("explain execute plan_me{call}"))? {
            let step: String = row.try_get(0)?;
            if let Some((_, rest)) = step.split_once("Seq Scan on ") {
                plan.scans.push(rest.split(' ').next().unwrap_or(rest).to_owned());
            }
            plan.steps.push(step);
        }
        self.script("deallocate plan_me; reset plan_cache_mode; reset enable_seqscan")?;
        Ok(plan)
    }

    /// PostgreSQL watches over its own pages: what can be asked is whether it answers.
    pub(crate) fn examine(&mut self) -> Result<Vec<String>> {
        self.query_once("select 1").map(|_| Vec::new())
    }

    fn query_once(&mut self, sql: &str) -> Result<Vec<postgres::Row>> {
        self.client.query(sql, &[]).map_err(|error| self.note(error))
    }
}

/// A whole number where a real one is wanted, as SQLite takes it.
#[expect(clippy::cast_precision_loss, reason = "so does SQLite")]
fn real(n: i64) -> f64 {
    n as f64
}

impl ToSql for Value<'_> {
    fn to_sql(
        &self,
        ty: &Type,
        out: &mut BytesMut,
    ) -> std::result::Result<IsNull, Box<dyn std::error::Error + Sync + Send>> {
        match (*self, ty) {
            (Self::Null, _) => Ok(IsNull::Yes),
            (Self::Int(n), &Type::INT8) => n.to_sql(ty, out),
            (Self::Int(n), &Type::INT4) => i32::try_from(n)?.to_sql(ty, out),
            (Self::Int(n), &Type::FLOAT8) => real(n).to_sql(ty, out),
            (Self::Real(x), &Type::FLOAT8) => x.to_sql(ty, out),
            (Self::Text(text), &Type::TEXT | &Type::VARCHAR | &Type::NAME | &Type::UNKNOWN) => {
                text.to_sql(ty, out)
            }
            (Self::Bytes(bytes), &Type::BYTEA) => bytes.to_sql(ty, out),
            // What is sent is raw bytes: those of another type would be taken for something they are not.
            (value, ty) => Err(format!("{} can't be bound where {ty} is wanted", value.kind()).into()),
        }
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    to_sql_checked!();
}

/// A cell as the wire has it: whatever its type, one of the five.
struct Borrowed<'a>(Cell<'a>);

impl<'a> FromSql<'a> for Borrowed<'a> {
    fn from_sql(
        ty: &Type,
        raw: &'a [u8],
    ) -> std::result::Result<Self, Box<dyn std::error::Error + Sync + Send>> {
        Ok(Self(match *ty {
            Type::INT8 => Value::Int(i64::from_sql(ty, raw)?),
            Type::INT4 => Value::Int(i32::from_sql(ty, raw)?.into()),
            Type::FLOAT8 => Value::Real(f64::from_sql(ty, raw)?),
            Type::BYTEA => Value::Bytes(raw),
            Type::TEXT | Type::VARCHAR | Type::NAME | Type::UNKNOWN => {
                Value::Text(<&str>::from_sql(ty, raw)?)
            }
            _ => return Err(format!("{ty} is none of the five types: cast it").into()),
        }))
    }

    fn from_sql_null(_: &Type) -> std::result::Result<Self, Box<dyn std::error::Error + Sync + Send>> {
        Ok(Self(Value::Null))
    }

    fn accepts(_: &Type) -> bool {
        true
    }
}

pub(crate) fn cell(row: &postgres::Row, index: usize) -> Result<Cell<'_>> {
    Ok(row.try_get::<_, Borrowed<'_>>(index)?.0)
}
