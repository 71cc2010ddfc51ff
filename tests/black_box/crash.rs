//! What was answered is on disk: the server is killed with no warning while many clients write.

use std::fs::{self, File};
use std::io::Read;
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use crate::support::{Client, Engine, Installation, Server, id, new_room};

const ROUNDS: usize = 10;
const CLIENTS: usize = 32;

/// A room whose creation was answered with 200: its id and the title it was given.
type Promise = (u64, String);

#[test]
fn every_answered_room_survives_a_kill() {
    let installation = Installation::alone(Engine::Sqlite);
    let mut server = installation.serve();
    installation.set_up().ok();
    let key = installation.key(&[]);

    let mut promises = Vec::new();
    for round in 1..=ROUNDS {
        let made = kill_while_creating(server, &key, round);
        server = installation.serve();
        check(&server, &key, &made);
        promises.extend(made);
    }

    check(&server, &key, &promises);
    let total =
        server.client(&key).get("/files/rooms?count=1").expect("the list").body["response"]["total"].as_u64();
    assert!(
        total >= Some(promises.len() as u64),
        "{total:?} rooms are listed of {} answered",
        promises.len()
    );

    let (code, _, _) = server.stop("TERM");
    assert_eq!(code, Some(0), "{}", installation.log());
    assert_eq!(integrity_check(&installation), "ok");
}

/// Lets 32 clients create rooms as fast as they can, and kills the server in the middle of it. Returns the rooms that
/// were answered.
fn kill_while_creating(server: Server, key: &str, round: usize) -> Vec<Promise> {
    let answered = AtomicUsize::new(0);
    thread::scope(|scope| {
        let clients: Vec<_> = (0..CLIENTS)
            .map(|number| {
                let client = server.client(key);
                let answered = &answered;
                scope.spawn(move || create_until_killed(&client, round, number, answered))
            })
            .collect();
        // A different point of the work each time: never before every client is at it, and never at the same count.
        let enough = 2 * CLIENTS + 37 * round;
        let deadline = Instant::now() + Duration::from_mins(1);
        while answered.load(Ordering::Relaxed) < enough && Instant::now() < deadline {
            thread::sleep(Duration::from_micros(300));
        }
        server.kill();
        let promises: Vec<_> =
            clients.into_iter().flat_map(|client| client.join().expect("a client")).collect();
        assert!(promises.len() >= enough, "only {} rooms were answered before the kill", promises.len());
        promises
    })
}

fn create_until_killed(client: &Client, round: usize, number: usize, answered: &AtomicUsize) -> Vec<Promise> {
    let mut promises = Vec::new();
    loop {
        let title = format!("Round {round} client {number} room {}", promises.len());
        // No whole reply is no promise: the server is gone.
        let Ok(answer) = client.post("/files/rooms", &new_room(&title)) else { return promises };
        assert_eq!(answer.status, 200, "{}", answer.body);
        promises.push((id(&answer), title));
        answered.fetch_add(1, Ordering::Relaxed);
    }
}

fn check(server: &Server, key: &str, promises: &[Promise]) {
    let client = server.client(key);
    for (id, title) in promises {
        let answer = client.get(&format!("/files/rooms/{id}")).expect("the server answers");
        assert_eq!(answer.status, 200, "room {id} was answered and is lost: {}", answer.body);
        assert_eq!(answer.body["response"]["title"], title.as_str(), "room {id}");
    }
}

fn integrity_check(installation: &Installation) -> String {
    let file = database_file(installation);
    let connection = rusqlite::Connection::open(&file).expect("the database file opens");
    connection.query_row("pragma integrity_check", [], |row| row.get(0)).expect("the check runs")
}

/// The one file of the data folder that begins as SQLite's files do.
fn database_file(installation: &Installation) -> PathBuf {
    let is_database = |path: &PathBuf| {
        let mut start = [0; 15];
        File::open(path).and_then(|mut file| file.read_exact(&mut start)).is_ok()
            && &start == b"SQLite format 3"
    };
    let entries = fs::read_dir(installation.data()).expect("the data folder");
    entries.flatten().map(|entry| entry.path()).find(is_database).expect("a database file in the data folder")
}
