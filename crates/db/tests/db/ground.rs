//! What a test stands on: a database of its own, and a way to hold its writer.

use std::future::Future;
use std::path::PathBuf;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Poll, Wake, Waker};
use std::thread::Thread;
use std::time::Duration;

use crossbeam_channel::{Receiver, Sender, bounded};
use db::{Conn, Db, Error, Location, Options, Result, Value, args, sql};
use tempfile::TempDir;

/// Long enough for anything that happens at all.
pub(crate) const PATIENCE: Duration = Duration::from_secs(10);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Engine {
    Sqlite,
    Postgres,
}

/// A database that is removed with this.
pub(crate) struct Ground {
    pub(crate) location: Location,
    pub(crate) engine: Engine,
    home: Home,
}

enum Home {
    Folder(TempDir),
    Schema { address: String, name: String },
}

impl Ground {
    pub(crate) fn new(engine: Engine) -> Self {
        match engine {
            Engine::Sqlite => {
                let folder = tempfile::tempdir().unwrap();
                let location = Location::Sqlite(folder.path().join("test.db"));
                Self { location, engine, home: Home::Folder(folder) }
            }
            Engine::Postgres => {
                static COUNT: AtomicU64 = AtomicU64::new(0);
                let address = std::env::var("ENFILADE_TEST_POSTGRES").expect(
                    "ENFILADE_TEST_POSTGRES: run the tests by `make test`, or below tests/with-postgres",
                );
                let name = format!("db_{}_{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
                client(&address).batch_execute(&format!("create schema {name}")).unwrap();
                let own = format!("{address}?options=-c%20search_path%3D{name}");
                Self { location: Location::Postgres(own), engine, home: Home::Schema { address, name } }
            }
        }
    }

    /// Opens it with two threads for each purpose.
    pub(crate) fn open(&self) -> Db {
        self.open_with(Options { clients: 2, ..Options::default() })
    }

    /// Opens it with one thread that writes.
    pub(crate) fn open_narrow(&self) -> Db {
        self.open_with(Options { readers: 1, clients: 1, ..Options::default() })
    }

    pub(crate) fn open_with(&self, options: Options) -> Db {
        Db::open(&self.location, options).unwrap()
    }

    /// A client beside the database's own.
    pub(crate) fn client(&self) -> ::postgres::Client {
        match &self.location {
            Location::Postgres(address) => client(address),
            Location::Sqlite(_) => panic!("SQLite has no clients"),
        }
    }

    /// The file that holds what was committed and not yet moved to its place.
    pub(crate) fn wal(&self) -> PathBuf {
        match &self.home {
            Home::Folder(folder) => folder.path().join("test.db-wal"),
            Home::Schema { .. } => panic!("PostgreSQL has no file of ours"),
        }
    }
}

impl Drop for Ground {
    fn drop(&mut self) {
        if let Home::Schema { address, name } = &self.home {
            let _ = client(address).batch_execute(&format!("drop schema if exists {name} cascade"));
        }
    }
}

/// The same database, with a table `t (id, note)`.
pub(crate) fn with_table(db: Db) -> Db {
    let made = write(&db, |conn| {
        conn.exec(sql!("create table t (id bigint primary key, note text not null)"), args![])
    });
    made.unwrap();
    db
}

fn client(address: &str) -> ::postgres::Client {
    ::postgres::Client::connect(address, ::postgres::NoTls).unwrap()
}

/// A test for each engine.
macro_rules! on_both_engines {
    ($($(#[$meta:meta])* fn $name:ident($ground:ident) $body:block)*) => {
        $(mod $name {
            use super::*;

            $(#[$meta])*
            fn test($ground: &$crate::ground::Ground) $body

            #[test]
            fn sqlite() {
                test(&$crate::ground::Ground::new($crate::ground::Engine::Sqlite));
            }

            #[test]
            fn postgres() {
                test(&$crate::ground::Ground::new($crate::ground::Engine::Postgres));
            }
        })*
    };
}
pub(crate) use on_both_engines;

pub(crate) fn write<T: Send + 'static>(
    db: &Db,
    unit: impl Fn(&mut Conn) -> Result<T> + Send + 'static,
) -> Result<T> {
    db.write_blocking(unit, |_| {})
}

/// A unit that puts a row into `t`.
pub(crate) fn insert(id: i64) -> impl Fn(&mut Conn) -> Result<u64> + Send + Sync + 'static {
    move |conn| conn.exec(sql!("insert into t (id, note) values ($1, 'x')"), args![id])
}

/// The ids in `t`.
pub(crate) fn ids(db: &Db) -> Vec<i64> {
    db.read_blocking(|conn| conn.all(sql!("select id from t order by id"), args![], |row| row.get(0)))
        .unwrap()
}

/// One number of one row.
pub(crate) fn number(conn: &mut Conn, text: db::Sql, args: &[Value<'_>]) -> i64 {
    conn.one(text, args, |row| row.get(0)).unwrap()
}

/// Keeps the writing thread of a database busy until it is dropped.
pub(crate) struct Hold(#[expect(dead_code, reason = "dropping it ends the unit")] Sender<()>);

pub(crate) fn hold(db: &Db) -> Hold {
    let (release, released) = bounded::<()>(0);
    let (begun, began) = bounded(1);
    let unit = move |_: &mut Conn| -> Result<()> {
        begun.send(()).unwrap();
        let _ = released.recv();
        Ok(())
    };
    // Polled once, it is queued; its answer interests nobody.
    drop(queue(db, unit));
    began.recv_timeout(PATIENCE).expect("the writer takes the unit");
    Hold(release)
}

/// A unit that is queued: its future was polled once.
pub(crate) struct Queued<T> {
    future: Pin<Box<dyn Future<Output = Result<T>>>>,
    early: Option<Result<T>>,
}

impl<T> Queued<T> {
    pub(crate) fn new(future: impl Future<Output = Result<T>> + 'static) -> Self {
        let mut future: Pin<Box<dyn Future<Output = Result<T>>>> = Box::pin(future);
        let early = match future.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(answer) => Some(answer),
            Poll::Pending => None,
        };
        Self { future, early }
    }

    /// The answer that came at once.
    pub(crate) fn early(self) -> Option<Result<T>> {
        self.early
    }

    /// Waits for the answer.
    pub(crate) fn wait(mut self) -> Result<T> {
        if let Some(answer) = self.early.take() {
            return answer;
        }
        let waker = Waker::from(Arc::new(Unpark(std::thread::current())));
        loop {
            match self.future.as_mut().poll(&mut Context::from_waker(&waker)) {
                Poll::Ready(answer) => return answer,
                Poll::Pending => std::thread::park(),
            }
        }
    }
}

struct Unpark(Thread);

impl Wake for Unpark {
    fn wake(self: Arc<Self>) {
        self.0.unpark();
    }
}

/// Queues a unit that writes.
pub(crate) fn queue<T: Send + 'static>(
    db: &Db,
    unit: impl Fn(&mut Conn) -> Result<T> + Send + 'static,
) -> Queued<T> {
    let db = db.clone();
    Queued::new(async move { db.write(unit, |_| {}).await })
}

/// A channel that a hook can send on.
pub(crate) fn signal() -> (impl Fn() + Send + Sync + Clone + 'static, Receiver<()>) {
    let (sender, receiver) = crossbeam_channel::unbounded();
    (move || sender.send(()).unwrap_or_default(), receiver)
}

/// The error of a unit that refuses of itself.
pub(crate) fn refusal() -> Error {
    Error::Invalid("refused".into())
}
