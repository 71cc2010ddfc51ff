//! What only PostgreSQL does: units that run again, and types that are checked.

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Barrier, Mutex};

use db::{Conn, Error, Result, Value, args, sql};

use crate::ground::{Engine, Ground, ids, insert, number, with_table, write};

/// A table with one counting row, `id` 1.
fn counting() -> (Ground, db::Db) {
    let ground = Ground::new(Engine::Postgres);
    let db = ground.open();
    write(&db, |conn| {
        conn.exec(sql!("create table c (id bigint primary key, n bigint not null)"), args![])?;
        conn.exec(sql!("insert into c (id, n) values (1, 0)"), args![])
    })
    .unwrap();
    (ground, db)
}

fn read(conn: &mut Conn) -> i64 {
    number(conn, sql!("select n from c where id = 1"), args![])
}

fn set(conn: &mut Conn, n: i64) -> Result<u64> {
    conn.exec(sql!("update c set n = $1 where id = 1"), args![n])
}

#[test]
fn conflicting_units_both_succeed_by_running_again() {
    let (_ground, db) = counting();
    let (meeting, runs) = (Arc::new(Barrier::new(2)), Arc::new(AtomicU32::new(0)));
    let writers: Vec<_> = (0..2)
        .map(|_| {
            let (db, meeting, runs) = (db.clone(), meeting.clone(), runs.clone());
            let first = AtomicU32::new(0);
            std::thread::spawn(move || {
                write(&db, move |conn| {
                    runs.fetch_add(1, Ordering::Relaxed);
                    let n = read(conn);
                    if first.fetch_add(1, Ordering::Relaxed) == 0 {
                        // Both have read before either writes.
                        meeting.wait();
                    }
                    set(conn, n + 1)
                })
            })
        })
        .collect();
    for writer in writers {
        writer.join().unwrap().expect("both succeed");
    }
    assert_eq!(db.read_blocking(|conn| Ok::<_, Error>(read(conn))).unwrap(), 2, "neither is lost");
    assert!(runs.load(Ordering::Relaxed) >= 3, "one ran again");
}

/// A unit that meets another writer at every run; `swallow` hides the error that says so.
fn always_late(swallow: bool) -> (Result<()>, u32) {
    let (ground, db) = counting();
    let (rival, runs) = (Mutex::new(ground.client()), Arc::new(AtomicU32::new(0)));
    let counted = runs.clone();
    let answer = write(&db, move |conn| {
        counted.fetch_add(1, Ordering::Relaxed);
        let n = read(conn);
        rival.lock().unwrap().batch_execute("update c set n = n + 10 where id = 1").unwrap();
        let written = set(conn, n + 1);
        if swallow { Ok(()) } else { written.map(drop) }
    });
    write(&db, |conn| set(conn, 0)).expect("the client is fit for the next unit");
    (answer, runs.load(Ordering::Relaxed))
}

#[test]
fn unit_that_always_meets_others_is_contended() {
    for swallow in [false, true] {
        let (answer, runs) = always_late(swallow);
        assert!(matches!(answer, Err(Error::Contended)), "swallow {swallow}: {answer:?}");
        assert!((5..=50).contains(&runs), "some times, and not for ever: {runs}");
    }
}

#[test]
fn swallowed_error_is_not_answered_as_kept() {
    let ground = Ground::new(Engine::Postgres);
    let db = with_table(ground.open());
    write(&db, insert(1)).unwrap();
    let answer = write(&db, |conn| {
        insert(2)(conn)?;
        let _ = insert(1)(conn);
        Ok(())
    });
    assert!(matches!(answer, Err(Error::RolledBack(_))), "{answer:?}");
    assert_eq!(ids(&db), [1]);
}

#[test]
fn statement_is_prepared_once() {
    let ground = Ground::new(Engine::Postgres);
    let db = with_table(ground.open_narrow());
    for id in 0..5 {
        write(&db, insert(id)).unwrap();
    }
    let prepared = write(&db, |conn| {
        let sql = sql!(
            "select count(*) from pg_prepared_statements where statement like 'insert into t (id, note)%'"
        );
        Ok(number(conn, sql, args![]))
    });
    assert_eq!(prepared.unwrap(), 1);
}

#[test]
fn value_of_another_type_is_refused_and_never_reinterpreted() {
    let ground = Ground::new(Engine::Postgres);
    let db = ground.open();
    write(&db, |conn| {
        conn.exec(sql!("create table typed (i bigint, x double precision, t text, b bytea)"), args![])
    })
    .unwrap();
    let wrong: [(db::Sql, Value<'static>); 6] = [
        (sql!("insert into typed (i) values ($1)"), Value::Real(1.5)),
        (sql!("insert into typed (i) values ($1)"), Value::Text("12345678")),
        (sql!("insert into typed (i) values ($1)"), Value::Bytes(b"12345678")),
        (sql!("insert into typed (t) values ($1)"), Value::Int(i64::from_be_bytes(*b"abcdefgh"))),
        (sql!("insert into typed (t) values ($1)"), Value::Bytes(b"bytes")),
        (sql!("insert into typed (b) values ($1)"), Value::Text("text")),
    ];
    for (sql, value) in wrong {
        let answer = write(&db, move |conn| conn.exec(sql, &[value]));
        assert!(answer.is_err(), "{} took {value:?}", sql.0);
    }
    let whole = write(&db, |conn| {
        conn.one(sql!("insert into typed (x) values ($1) returning x"), args![3_i64], |row| {
            row.get::<Option<f64>>(0)
        })
    });
    assert_eq!(whole.unwrap(), Some(3.0), "a whole number is a number");
    let odd = db.read_blocking(|conn| conn.one(sql!("select 1 = 1"), args![], |row| row.get::<String>(0)));
    assert!(odd.is_err(), "a type that is none of the five is refused: {odd:?}");
}

#[test]
fn lost_connection_is_replaced() {
    let ground = Ground::new(Engine::Postgres);
    let db = with_table(ground.open_narrow());
    let kill = "select pg_terminate_backend(pid) from pg_stat_activity where pid = $1";
    let pid = write(&db, |conn| Ok(number(conn, sql!("select cast(pg_backend_pid() as bigint)"), args![])))
        .unwrap();
    ground.client().query(kill, &[&i32::try_from(pid).unwrap()]).unwrap();
    // The first unit after it may find out; the one after that has a new client.
    let _ = write(&db, insert(1));
    write(&db, insert(2)).expect("a new connection");
}
