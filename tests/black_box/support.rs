//! An installation of its own for each test: the built binary on a temporary folder, and its server on a free port.

use std::fs::{self, File};
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::sync::{PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value;
use tempfile::TempDir;

use crate::support::postgres::Database;

mod client;
mod postgres;

pub(crate) use client::{Answer, Client};

pub(crate) const EMAIL: &str = "owner@example.org";
pub(crate) const PASSWORD: &str = "correct-horse-7";

/// How long a server may take to say that it listens, or to end, on a machine that is busy with other tests.
const PATIENCE: Duration = Duration::from_secs(30);

/// Where an installation keeps its database.
#[derive(Clone, Copy)]
pub(crate) enum Engine {
    Sqlite,
    Postgres,
}

/// A test that needs the machine to itself waits for the others to end, and they for it. (nextest runs each test in a
/// process of its own, where this does nothing; it has the same in its configuration.)
static MACHINE: RwLock<()> = RwLock::new(());

enum Turn {
    Shared(#[expect(dead_code, reason = "held until dropped")] RwLockReadGuard<'static, ()>),
    Alone(#[expect(dead_code, reason = "held until dropped")] RwLockWriteGuard<'static, ()>),
}

/// A data folder, and on PostgreSQL a database, that servers and commands share. One for each test.
pub(crate) struct Installation {
    folder: TempDir,
    database: Option<Database>,
    _turn: Turn,
}

/// What a command that ended left behind.
pub(crate) struct Done {
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Done {
    /// The output of a command that must have succeeded.
    #[track_caller]
    pub(crate) fn ok(self) -> String {
        assert_eq!(self.code, Some(0), "stdout: {}\nstderr: {}", self.stdout, self.stderr);
        self.stdout
    }

    /// The sentence of a command that must have been refused.
    #[track_caller]
    pub(crate) fn refused(self, code: i32) -> String {
        assert_eq!(self.code, Some(code), "stdout: {}\nstderr: {}", self.stdout, self.stderr);
        assert!(!self.stderr.trim().is_empty(), "a refusal without a word");
        self.stderr
    }
}

impl Installation {
    pub(crate) fn new(engine: Engine) -> Self {
        let turn = Turn::Shared(MACHINE.read().unwrap_or_else(PoisonError::into_inner));
        Self::with(engine, turn)
    }

    /// An installation for a test that measures time or uses all of the machine.
    pub(crate) fn alone(engine: Engine) -> Self {
        let turn = Turn::Alone(MACHINE.write().unwrap_or_else(PoisonError::into_inner));
        Self::with(engine, turn)
    }

    fn with(engine: Engine, turn: Turn) -> Self {
        let database = match engine {
            Engine::Sqlite => None,
            Engine::Postgres => Some(Database::create()),
        };
        Self { folder: tempfile::tempdir().expect("a temporary folder"), database, _turn: turn }
    }

    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn data(&self) -> PathBuf {
        self.folder().join("data")
    }

    /// A command of the binary on this installation, whatever the caller's environment holds.
    pub(crate) fn command(&self, words: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_enfilade"));
        for (name, _) in
            std::env::vars_os().filter(|(name, _)| name.as_encoded_bytes().starts_with(b"ENFILADE_"))
        {
            command.env_remove(name);
        }
        command.args(words).arg("--data").arg(self.data()).current_dir(self.folder()).stdin(Stdio::null());
        if let Some(database) = &self.database {
            command.arg("--database").arg(database.address());
        }
        command
    }

    pub(crate) fn run(&self, words: &[&str]) -> Done {
        finish(&mut self.command(words), "")
    }

    pub(crate) fn set_up(&self) -> Done {
        self.set_up_as(EMAIL)
    }

    pub(crate) fn set_up_as(&self, email: &str) -> Done {
        let mut command = self.command(&["setup", "--email", email, "--password-stdin"]);
        finish(command.stdin(Stdio::piped()), PASSWORD)
    }

    /// A new key of the owner; `words` may narrow it.
    pub(crate) fn key(&self, words: &[&str]) -> String {
        let words = [&["key", "create", "--user", EMAIL, "--name", "test"], words].concat();
        self.run(&words).ok().trim_end().to_owned()
    }

    /// Starts a server, and returns when it says that it listens.
    pub(crate) fn serve(&self) -> Server {
        let log = File::options().create(true).append(true).open(self.log_file()).expect("the log file");
        let mut process = self
            .command(&["serve", "--listen", "127.0.0.1:0"])
            .stdout(Stdio::piped())
            .stderr(log)
            .spawn()
            .expect("the binary starts");
        let lines = lines(process.stdout.take().expect("stdout is piped"));
        let mut server = Server { process, lines, url: String::new() };
        match server.line("listening on ") {
            Some(line) => line.rsplit(' ').next().unwrap_or_default().clone_into(&mut server.url),
            None => panic!("the server did not start:\n{}", self.log()),
        }
        server
    }

    fn log_file(&self) -> PathBuf {
        self.folder().join("server.log")
    }

    /// What the servers of this installation have logged, for a test that failed.
    pub(crate) fn log(&self) -> String {
        fs::read_to_string(self.log_file()).unwrap_or_default()
    }
}

/// Runs a command to its end.
pub(crate) fn finish(command: &mut Command, stdin: &str) -> Done {
    let mut process =
        command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the program starts");
    if let Some(mut pipe) = process.stdin.take() {
        // A command that refuses without reading closes its end first.
        let _ = pipe.write_all(stdin.as_bytes());
    }
    let output = process.wait_with_output().expect("the program ends");
    Done {
        code: output.status.code(),
        stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
        stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
    }
}

/// Reads to the end, so that the server never waits for a reader.
fn lines(stdout: ChildStdout) -> Receiver<String> {
    let (sender, receiver) = channel();
    thread::spawn(move || {
        BufReader::new(stdout).lines().map_while(Result::ok).try_for_each(|line| sender.send(line))
    });
    receiver
}

/// A running server. It is killed when dropped.
pub(crate) struct Server {
    process: Child,
    lines: Receiver<String>,
    url: String,
}

impl Server {
    /// `http://127.0.0.1:PORT`, without a slash at the end.
    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    pub(crate) fn client(&self, key: &str) -> Client {
        Client::new(&self.url, key)
    }

    /// The next line of its standard output that has `part` in it, waited for.
    pub(crate) fn line(&self, part: &str) -> Option<String> {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let left = deadline.saturating_duration_since(Instant::now());
            match self.lines.recv_timeout(left) {
                Ok(line) if line.contains(part) => return Some(line),
                Ok(_) => {}
                Err(_) => return None,
            }
        }
    }

    /// Ends it with no warning at all, as a power cut would.
    pub(crate) fn kill(mut self) {
        self.process.kill().expect("the server was running");
        self.process.wait().expect("the server ends");
    }

    /// Sends a signal (`TERM`, `INT`); returns its exit code, how long it took, and what it had still to say.
    pub(crate) fn stop(mut self, signal: &str) -> (Option<i32>, Duration, Vec<String>) {
        let begun = Instant::now();
        let sent = Command::new("sh").args(["-c", &format!("kill -{signal} {}", self.process.id())]).status();
        assert!(sent.is_ok_and(|status| status.success()), "the server was no longer running");
        while begun.elapsed() < PATIENCE {
            if let Some(status) = self.process.try_wait().expect("the server can be waited for") {
                return (status.code(), begun.elapsed(), self.lines.iter().collect());
            }
            thread::sleep(Duration::from_millis(5));
        }
        panic!("the server did not end within {PATIENCE:?} of {signal}");
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// The id in a reply's `response`.
pub(crate) fn id(answer: &Answer) -> u64 {
    answer.body["response"]["id"].as_u64().unwrap_or_else(|| panic!("no id in {}", answer.body))
}

/// The body of a request that makes a room.
pub(crate) fn new_room(title: &str) -> Value {
    serde_json::json!({ "title": title, "roomType": 2 })
}
