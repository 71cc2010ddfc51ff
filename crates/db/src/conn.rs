//! The connection a unit works on.

use crate::postgres::PgConn;
use crate::value::RawRow;
use crate::{Error, Result, Row, SqlText, Value, sqlite};

/// A connection inside an open transaction. Units get it by reference and can't keep it.
pub struct Conn(pub(crate) Engine);

pub(crate) enum Engine {
    Sqlite(rusqlite::Connection),
    Postgres(Box<PgConn>),
}

/// A counter that never gives a number twice: a row in SQLite, a sequence in PostgreSQL.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Seq {
    /// Its name.
    pub name: &'static str,
    #[doc(hidden)]
    pub next: &'static str,
    #[doc(hidden)]
    pub make: &'static str,
}

/// A counter by name: `seq!("entry")`.
#[macro_export]
macro_rules! seq {
    ($name:literal) => {
        $crate::Seq {
            name: $name,
            next: concat!("select nextval('", $name, "_seq')"),
            make: concat!("create sequence if not exists ", $name, "_seq as bigint"),
        }
    };
}

impl Conn {
    /// Runs a statement that returns no rows; gives the number of rows it touched.
    pub fn exec(&mut self, sql: impl SqlText, args: &[Value<'_>]) -> Result<u64> {
        match &mut self.0 {
            Engine::Sqlite(conn) => sqlite::exec(conn, sql.text(), args),
            Engine::Postgres(conn) => conn.exec(sql.text(), args),
        }
    }

    /// Every row of the result, read by `read`.
    pub fn all<T>(
        &mut self,
        sql: impl SqlText,
        args: &[Value<'_>],
        mut read: impl FnMut(&Row<'_>) -> Result<T>,
    ) -> Result<Vec<T>> {
        match &mut self.0 {
            Engine::Sqlite(conn) => {
                let mut statement = sqlite::prepare(conn, sql.text())?;
                let mut rows = sqlite::query(&mut statement, args)?;
                let mut found = Vec::new();
                while let Some(row) = rows.next()? {
                    found.push(read(&Row(RawRow::Sqlite(row)))?);
                }
                Ok(found)
            }
            Engine::Postgres(conn) => {
                conn.query(sql.text(), args)?.iter().map(|row| read(&Row(RawRow::Postgres(row)))).collect()
            }
        }
    }

    /// The first row of the result, if there is one.
    pub fn first<T>(
        &mut self,
        sql: impl SqlText,
        args: &[Value<'_>],
        read: impl FnOnce(&Row<'_>) -> Result<T>,
    ) -> Result<Option<T>> {
        match &mut self.0 {
            Engine::Sqlite(conn) => {
                let mut statement = sqlite::prepare(conn, sql.text())?;
                let mut rows = sqlite::query(&mut statement, args)?;
                rows.next()?.map(|row| read(&Row(RawRow::Sqlite(row)))).transpose()
            }
            Engine::Postgres(conn) => {
                conn.query(sql.text(), args)?.first().map(|row| read(&Row(RawRow::Postgres(row)))).transpose()
            }
        }
    }

    /// The one row that must be there; [`Error::NoRow`] when it isn't.
    pub fn one<T>(
        &mut self,
        sql: impl SqlText,
        args: &[Value<'_>],
        read: impl FnOnce(&Row<'_>) -> Result<T>,
    ) -> Result<T> {
        self.first(sql, args, read)?.ok_or(Error::NoRow)
    }

    /// The next number of a counter, from 1 to 2³¹−1. Numbers of units that were undone may be lost, none comes twice.
    pub fn next_id(&mut self, seq: Seq) -> Result<i64> {
        let id = match &mut self.0 {
            Engine::Sqlite(conn) => sqlite::next_id(conn, seq.name)?,
            Engine::Postgres(conn) => conn.next_id(seq)?,
        };
        if id > i64::from(i32::MAX) { Err(Error::Exhausted(seq.name)) } else { Ok(id) }
    }

    /// The number of the writing thread: 0 on SQLite, which has one; one of the pool's on PostgreSQL. What many
    /// writers would change in one row is kept in a row for each.
    pub fn lane(&self) -> i64 {
        match &self.0 {
            Engine::Sqlite(_) => 0,
            Engine::Postgres(conn) => conn.lane(),
        }
    }

    /// Tells the other processes on this database, at COMMIT, that what they remember may be stale.
    /// SQLite needs nothing: they watch `data_version`.
    pub fn announce(&mut self) -> Result<()> {
        match &mut self.0 {
            Engine::Sqlite(_) => Ok(()),
            Engine::Postgres(conn) => conn.announce(),
        }
    }

    /// How the engine would run a statement; for the tests that forbid full scans.
    pub fn explain(&mut self, sql: &str) -> Result<Plan> {
        match &mut self.0 {
            Engine::Sqlite(conn) => sqlite::explain(conn, sql),
            Engine::Postgres(conn) => conn.explain(sql),
        }
    }

    /// Lets the engine examine itself; the faults it finds, none when all is well.
    pub fn examine(&mut self) -> Result<Vec<String>> {
        match &mut self.0 {
            Engine::Sqlite(conn) => sqlite::examine(conn),
            Engine::Postgres(conn) => conn.examine(),
        }
    }

    /// How often SQLite compiled a cached statement anew behind our back (see `sqlite.rs`); 0 on PostgreSQL.
    pub fn reprepared(&mut self, sql: impl SqlText) -> Result<i32> {
        match &mut self.0 {
            Engine::Sqlite(conn) => {
                Ok(conn.prepare_cached(sql.text())?.get_status(rusqlite::StatementStatus::RePrepare))
            }
            Engine::Postgres(_) => Ok(0),
        }
    }

    /// Limits the database to `pages` pages, so that a test can fill the disk; no-op on PostgreSQL.
    pub fn limit_pages(&mut self, pages: i64) -> Result<()> {
        match &mut self.0 {
            Engine::Sqlite(conn) => Ok(conn.pragma_update(None, "max_page_count", pages)?),
            Engine::Postgres(_) => Ok(()),
        }
    }
}

/// A statement's plan, in the engine's words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// One line a step.
    pub steps: Vec<String>,
    /// The tables it reads from end to end.
    pub scans: Vec<String>,
}
