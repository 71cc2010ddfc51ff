//! Group commit on SQLite: many units share one COMMIT, and one fate when the disk is full.

use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use db::{Conn, Error, Result, args, sql};

use crate::ground::{Engine, Ground, Queued, hold, ids, insert, queue, refusal, signal, with_table, write};

/// How many commits the write-ahead log holds: frames that name a database size, of the log's present run.
fn commits(wal: &Path) -> usize {
    let log = fs::read(wal).unwrap();
    let number = |at: usize| u32::from_be_bytes(log[at..at + 4].try_into().unwrap());
    let (page, salt) = (usize::try_from(number(8)).unwrap(), &log[16..24]);
    let frames = (32..log.len()).step_by(24 + page);
    frames.filter(|at| log[at + 8..at + 16] == *salt && number(at + 4) != 0).count()
}

#[test]
fn queued_units_share_few_commits() {
    let ground = Ground::new(Engine::Sqlite);
    let db = with_table(ground.open());
    let before = commits(&ground.wal());
    let held = hold(&db);
    let queued: Vec<_> = (0..200).map(|id| queue(&db, insert(id))).collect();
    assert_eq!(commits(&ground.wal()), before, "nothing is committed while the writer is held");
    drop(held);
    for unit in queued {
        unit.wait().expect("every unit is answered");
    }
    assert_eq!(ids(&db), (0..200).collect::<Vec<i64>>(), "every unit is kept");
    assert_eq!(commits(&ground.wal()) - before, 4, "200 units in batches of 64");
}

#[test]
fn refusals_cost_no_commit_of_their_own() {
    let ground = Ground::new(Engine::Sqlite);
    let db = with_table(ground.open());
    let before = commits(&ground.wal());
    let held = hold(&db);
    let queued: Vec<_> = (0..60)
        .map(|id| {
            queue(&db, move |conn| match insert(id)(conn) {
                Ok(_) if id % 2 == 1 => Err(refusal()),
                inserted => inserted,
            })
        })
        .collect();
    drop(held);
    let refused = queued.into_iter().map(Queued::wait).filter(Result::is_err).count();
    assert_eq!(refused, 30);
    assert_eq!(ids(&db), (0..60).step_by(2).collect::<Vec<i64>>());
    assert_eq!(commits(&ground.wal()) - before, 1);
}

/// Fills the disk: no page more than there are, and then a row that needs many.
fn fill(conn: &mut Conn, id: i64) -> Result<u64> {
    conn.limit_pages(1)?;
    conn.exec(sql!("insert into t (id, note) values ($1, $2)"), args![id, "x".repeat(1 << 20)])
}

#[test]
fn full_disk_fails_the_whole_batch_at_once() {
    let ground = Ground::new(Engine::Sqlite);
    let db = with_table(ground.open());
    write(&db, insert(0)).unwrap();
    let (tell, told) = signal();
    let ran = Arc::new(AtomicBool::new(false));
    let held = hold(&db);
    let (caller, saw) = (db.clone(), ran.clone());
    let queued = [
        Queued::new(async move { caller.write(insert(1), move |_| tell()).await }),
        queue(&db, |conn| fill(conn, 2)),
        queue(&db, move |conn| {
            saw.store(true, Ordering::Relaxed);
            insert(3)(conn)
        }),
    ];
    drop(held);
    for (place, answer) in queued.map(Queued::wait).iter().enumerate() {
        assert!(matches!(answer, Err(Error::RolledBack(_))), "unit {place}: {answer:?}");
    }
    assert!(!ran.load(Ordering::Relaxed), "no unit runs after the transaction is gone");
    assert!(told.try_recv().is_err(), "no hook tells of what was not kept");
    assert_eq!(ids(&db), [0]);

    let still = write(&db, |conn| fill(conn, 4));
    assert!(matches!(still, Err(Error::RolledBack(_))), "{still:?}");
    write(&db, |conn| conn.limit_pages(1 << 30)).unwrap();
    write(&db, |conn| conn.exec(sql!("insert into t (id, note) values (5, $1)"), args!["x".repeat(1 << 20)]))
        .expect("when there is room again");
    assert_eq!(ids(&db), [0, 5]);
}

#[test]
fn unit_that_goes_on_after_a_full_disk_writes_nothing() {
    let ground = Ground::new(Engine::Sqlite);
    let db = with_table(ground.open());
    let answer = write(&db, |conn| {
        let _ = fill(conn, 1);
        // The transaction is gone: this must not be a commit of its own.
        insert(2)(conn)
    });
    assert!(matches!(answer, Err(Error::RolledBack(_))), "{answer:?}");
    assert_eq!(ids(&db), [] as [i64; 0]);
}

#[test]
fn faultless_file_has_no_faults() {
    let ground = Ground::new(Engine::Sqlite);
    let db = with_table(ground.open());
    write(&db, insert(1)).unwrap();
    assert_eq!(db.read_blocking(Conn::examine).unwrap(), [] as [String; 0]);
}
