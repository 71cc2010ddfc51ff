//! Migrations: one text for both engines, with three words the runner replaces (docs/sql.md).

use crate::conn::Engine;
use crate::{Conn, Error, Result, Seq, args, sql};

/// A numbered step of the schema.
#[derive(Debug)]
pub struct Migration {
    /// From 1, without gaps.
    pub number: i64,
    /// What it does, in a few words.
    pub name: &'static str,
    /// Its statements, each ended by a `;` at the end of a line.
    pub text: &'static str,
}

/// A database's schema, against the migrations of this build.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Schema {
    /// Nothing is there yet.
    Empty,
    /// Just what this build expects.
    Current,
    /// Older: this many migrations are missing.
    Behind(i64),
    /// Newer: made by a later build, which has this many more.
    Ahead(i64),
}

pub(crate) fn state(conn: &mut Conn, migrations: &[Migration]) -> Result<Schema> {
    let known = i64::try_from(migrations.len()).unwrap_or(i64::MAX);
    Ok(match applied(conn)? {
        None => Schema::Empty,
        Some(applied) if applied == known => Schema::Current,
        Some(applied) if applied < known => Schema::Behind(known - applied),
        Some(applied) => Schema::Ahead(applied - known),
    })
}

/// How many migrations the database has, `None` when it has no schema at all.
fn applied(conn: &mut Conn) -> Result<Option<i64>> {
    let there = match &mut conn.0 {
        Engine::Sqlite(conn) => {
            conn.query_row("select count(*) from sqlite_master where name = 'migration'", [], |row| {
                row.get(0)
            })?
        }
        Engine::Postgres(conn) => {
            let rows = conn.query(
                "select count(*) from pg_class where relname = 'migration' and pg_table_is_visible(oid)",
                &[],
            )?;
            rows.first().map_or(Ok(0), |row| row.try_get::<_, i64>(0))?
        }
    };
    if there == 0 {
        return Ok(None);
    }
    conn.one(sql!("select count(*) from migration"), args![], |row| row.get(0)).map(Some)
}

pub(crate) fn run(conn: &mut Conn, migrations: &[Migration], seqs: &[Seq], now: i64) -> Result<()> {
    let done = if let Some(done) = applied(conn)? {
        done
    } else {
        make_ledger(conn)?;
        0
    };
    let known = i64::try_from(migrations.len()).unwrap_or(i64::MAX);
    if done > known {
        return Err(Error::Schema(format!(
            "the database was made by a newer build: it has {done} migrations, this one knows {known}"
        )));
    }
    for migration in migrations.iter().filter(|migration| migration.number > done) {
        script(conn, migration.text)?;
        let args = args![migration.number, migration.name, now];
        conn.exec(sql!("insert into migration (number, name, applied_at) values ($1, $2, $3)"), args)?;
    }
    make_counters(conn, seqs)
}

fn make_ledger(conn: &mut Conn) -> Result<()> {
    script(
        conn,
        "create table migration (number bigint primary key, name {text} not null, applied_at bigint not null);",
    )
}

fn make_counters(conn: &mut Conn, seqs: &[Seq]) -> Result<()> {
    script(conn, "create table if not exists counter (name {text} primary key, value bigint not null);")?;
    for seq in seqs {
        match &mut conn.0 {
            Engine::Sqlite(conn) => {
                conn.execute(
                    "insert into counter (name, value) values ($1, 0) on conflict (name) do nothing",
                    [seq.name],
                )?;
            }
            Engine::Postgres(conn) => conn.script(seq.make)?,
        }
    }
    Ok(())
}

fn script(conn: &mut Conn, text: &str) -> Result<()> {
    match &mut conn.0 {
        Engine::Sqlite(conn) => {
            let text =
                text.replace("{text}", "text").replace("{bytes}", "blob").replace("{key}", "without rowid");
            Ok(conn.execute_batch(&text)?)
        }
        Engine::Postgres(conn) => {
            let text =
                text.replace("{text}", "text collate \"C\"").replace("{bytes}", "bytea").replace("{key}", "");
            conn.script(&text)
        }
    }
}
