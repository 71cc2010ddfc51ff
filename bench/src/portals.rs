//! Portals that come and go: each is registered over HTTP, used and deleted, two at a time, as test runs do.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::process::Command;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use anyhow::{Context, Result, anyhow, bail};
use domain::people::password;
use serde_json::{Value, json};

use crate::load::real;
use crate::report::megabytes;
use crate::subject::{Server, without_variables};

/// Portals in all.
const PORTALS: usize = 2000;
/// After so many the size is read first.
const EARLY: usize = 500;
/// At a time.
const AT_ONCE: usize = 2;
/// One after the other, so that nobody waits for another one's hash.
const ALONE: usize = 100;
/// The owner's password, which everybody sends as it is.
const PASSWORD: &str = "secret12";

/// What came of it. Times are means, in milliseconds; sizes in megabytes.
#[derive(Debug)]
pub(crate) struct Outcome {
    pub(crate) register: f64,
    pub(crate) use_it: f64,
    pub(crate) delete: f64,
    /// What one hash of a plain password takes on one thread.
    pub(crate) hash: f64,
    /// The three calls together beside their two hashes, where one portal comes after the other.
    pub(crate) beside: f64,
    pub(crate) memory: [f64; 2],
    pub(crate) file: [f64; 2],
}

/// Registers, uses and deletes portals on a server of its own.
pub(crate) fn run(binary: &Path, data: &Path) -> Result<Outcome> {
    std::fs::create_dir_all(data)?;
    let mut command = Command::new(binary);
    command.args(["serve", "--listen", "127.0.0.1:0", "--data"]).arg(data).current_dir(data);
    without_variables(&mut command);
    command.env("ENFILADE_PORTALS__REGISTRATION", "open").env("ENFILADE_PORTALS__RESOLVE_BY_ORIGIN", "true");
    let server = Server::start(command).context("the server")?;
    // A few beforehand, so that what is made once is there.
    round(server.address, 0, 10, &Mutex::default())?;
    let before = megabytes(server.memory()?);
    let times = Mutex::new([0.0; 3]);
    round(server.address, 10, EARLY, &times)?;
    let early = file_size(data)?;
    round(server.address, 10 + EARLY, PORTALS - EARLY, &times)?;
    let (after, late) = (megabytes(server.memory()?), file_size(data)?);
    let beside = beside(server.address)?;
    server.stop()?;
    let [register, use_it, delete] =
        times.into_inner().map_err(|_| anyhow!("a thread panicked"))?.map(|sum| sum / real(PORTALS));
    Ok(Outcome {
        register,
        use_it,
        delete,
        hash: hash(10)?,
        beside,
        memory: [before, after],
        file: [early, late],
    })
}

/// The median of what the three calls take beside their two hashes. Each portal is held against two hashes of the same
/// moment, for the machine is now faster and now slower.
fn beside(address: SocketAddr) -> Result<f64> {
    let mut rest = Vec::with_capacity(ALONE);
    for number in 0..ALONE {
        let hashes = 2.0 * hash(2)?;
        let took: f64 = one(address, &format!("Bench-Alone-{number}"))?.iter().sum();
        rest.push(took - hashes);
    }
    rest.sort_by(f64::total_cmp);
    Ok(rest[ALONE / 2])
}

/// The mean of so many hashes.
fn hash(times: usize) -> Result<f64> {
    let began = Instant::now();
    for _ in 0..times {
        let client_hash = password::client_hash(PASSWORD, &"ab".repeat(32));
        password::stored_hash(&client_hash, &[1; 16]).map_err(|problem| anyhow!("{problem}"))?;
    }
    Ok(millis(began) / real(times))
}

fn millis(began: Instant) -> f64 {
    began.elapsed().as_secs_f64() * 1000.0
}

/// The database with its log.
fn file_size(data: &Path) -> Result<f64> {
    let mut bytes = 0;
    for name in ["enfilade.db", "enfilade.db-wal"] {
        bytes += std::fs::metadata(data.join(name)).map_or(0, |found| found.len());
    }
    Ok(megabytes(usize::try_from(bytes)?))
}

fn round(address: SocketAddr, first: usize, count: usize, times: &Mutex<[f64; 3]>) -> Result<()> {
    let next = AtomicUsize::new(first);
    std::thread::scope(|scope| {
        let workers: Vec<_> = (0..AT_ONCE)
            .map(|_| {
                scope.spawn(|| -> Result<()> {
                    loop {
                        let number = next.fetch_add(1, Ordering::Relaxed);
                        if number >= first + count {
                            return Ok(());
                        }
                        let took = one(address, &format!("Bench-Portal-{number}"))?;
                        let mut sums = times.lock().map_err(|_| anyhow!("a thread panicked"))?;
                        sums.iter_mut().zip(took).for_each(|(sum, took)| *sum += took);
                    }
                })
            })
            .collect();
        workers.into_iter().try_for_each(|worker| worker.join().map_err(|_| anyhow!("a thread panicked"))?)
    })
}

/// Registers a portal, signs its owner in and makes a room, and deletes it; how long each of the three took.
fn one(address: SocketAddr, alias: &str) -> Result<[f64; 3]> {
    let began = Instant::now();
    let model = json!({
        "portalName": alias, "firstName": "Bench", "lastName": "Owner", "email": "owner@example.org",
        "password": PASSWORD, "skipWelcome": true,
    });
    send(address, "POST", "/apisystem/portal/register", alias, "", &model)?;
    let register = millis(began);

    let began = Instant::now();
    let sign_in = json!({ "userName": "owner@example.org", "password": PASSWORD });
    let signed_in = send(address, "POST", "/api/2.0/authentication", alias, "", &sign_in)?;
    let token = signed_in["response"]["token"].as_str().context("no token")?.to_owned();
    send(address, "POST", "/api/2.0/files/rooms", alias, &token, &json!({ "title": "Room" }))?;
    let use_it = millis(began);

    let began = Instant::now();
    send(address, "DELETE", "/api/2.0/portal/deleteportalimmediately", alias, &token, &Value::Null)?;
    Ok([register, use_it, millis(began)])
}

fn send(
    address: SocketAddr,
    method: &str,
    path: &str,
    alias: &str,
    token: &str,
    body: &Value,
) -> Result<Value> {
    let body = if body.is_null() { String::new() } else { body.to_string() };
    let authorization =
        if token.is_empty() { String::new() } else { format!("authorization: Bearer {token}\r\n") };
    let mut stream = TcpStream::connect(address)?;
    write!(
        stream,
        "{method} {path} HTTP/1.1\r\nhost: {address}\r\norigin: http://{alias}\r\n{authorization}\
         content-type: application/json\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}",
        body.len()
    )?;
    let mut reply = String::new();
    stream.read_to_string(&mut reply)?;
    let (head, body) = reply.split_once("\r\n\r\n").unwrap_or_default();
    if !head.starts_with("HTTP/1.1 200") {
        bail!("{method} {path} of {alias}: {reply}");
    }
    Ok(serde_json::from_str(body)?)
}
