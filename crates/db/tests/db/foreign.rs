//! Commits made by others are noticed.

use std::sync::Arc;
use std::time::{Duration, Instant};

use crossbeam_channel::Receiver;
use db::{Db, Location, Options, Result};

use crate::ground::{Engine, Ground, PATIENCE, insert, refusal, signal, with_table, write};

/// Waits until the hook has been quiet for a while: it also rings once at the start.
fn settle(told: &Receiver<()>) {
    told.recv_timeout(PATIENCE).expect("it rings once at the start");
    while told.recv_timeout(Duration::from_millis(300)).is_ok() {}
}

fn watched(ground: &Ground) -> (Db, Receiver<()>) {
    let (tell, told) = signal();
    let db =
        ground.open_with(Options { clients: 2, on_foreign_commit: Arc::new(tell), ..Options::default() });
    (db, told)
}

#[test]
fn commit_to_the_same_file_is_noticed_soon() {
    let ground = Ground::new(Engine::Sqlite);
    let (db, told) = watched(&ground);
    let db = with_table(db);
    settle(&told);

    write(&db, insert(1)).unwrap();
    assert!(told.recv_timeout(Duration::from_millis(300)).is_err(), "a commit of one's own is not foreign");

    let Location::Sqlite(path) = &ground.location else { panic!("a file") };
    let stranger = rusqlite::Connection::open(path).unwrap();
    stranger.execute("insert into t (id, note) values (2, 'x')", []).unwrap();
    let since = Instant::now();
    told.recv_timeout(PATIENCE).expect("a foreign commit is noticed");
    assert!(since.elapsed() < Duration::from_millis(400), "after {:?}", since.elapsed());

    let other = ground.open();
    write(&other, insert(3)).unwrap();
    told.recv_timeout(PATIENCE).expect("that of another handle too");
}

#[test]
fn commit_is_noticed_while_the_writer_is_busy() {
    let ground = Ground::new(Engine::Sqlite);
    let (db, told) = watched(&ground);
    let db = with_table(db);
    settle(&told);
    let Location::Sqlite(path) = &ground.location else { panic!("a file") };
    let stranger = rusqlite::Connection::open(path).unwrap();
    stranger.busy_timeout(PATIENCE).unwrap();
    let (stop, stopped) = crossbeam_channel::bounded::<()>(0);
    let busy = std::thread::spawn(move || {
        let mut id = 100;
        while stopped.try_recv() == Err(crossbeam_channel::TryRecvError::Empty) {
            write(&db, insert(id)).unwrap();
            id += 1;
        }
    });
    stranger.execute("insert into t (id, note) values (1, 'x')", []).expect("the writer gives way");
    let since = Instant::now();
    told.recv_timeout(PATIENCE).expect("it is noticed");
    assert!(since.elapsed() < Duration::from_millis(600), "after {:?}", since.elapsed());
    drop(stop);
    busy.join().unwrap();
}

#[test]
fn announcement_is_heard_by_other_processes() {
    let ground = Ground::new(Engine::Postgres);
    let (_db, told) = watched(&ground);
    settle(&told);
    let other = ground.open();

    let refused: Result<()> = write(&other, |conn| conn.announce().and(Err(refusal())));
    assert!(refused.is_err());
    assert!(told.recv_timeout(Duration::from_millis(300)).is_err(), "what is not committed is not announced");

    write(&other, db::Conn::announce).unwrap();
    let since = Instant::now();
    told.recv_timeout(PATIENCE).expect("it is heard");
    assert!(since.elapsed() < Duration::from_millis(400), "after {:?}", since.elapsed());
}
