//! The load generator: connections that stay open, each of which sends a request, reads the reply, and sends the
//! next. It is a small HTTP client of its own, so that as little as possible of the cores goes into it; it
//! understands replies with a `content-length` only, and takes anything but 200 for a failure of the run.

use std::io::Write as _;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::task::JoinSet;

/// How long a run may last beyond its time before it counts as stuck.
const STUCK: Duration = Duration::from_mins(1);

/// A request.
#[derive(Debug, Clone)]
pub(crate) struct Message {
    pub(crate) method: &'static str,
    pub(crate) path: String,
    pub(crate) key: Arc<str>,
    pub(crate) body: String,
}

/// What a connection sends, again and again.
pub(crate) trait Script: Send + Sync {
    /// The requests of one turn; none when there is nothing left to do.
    fn turn(&self, dice: &mut Dice) -> Vec<Message>;
    /// Hears the reply's body.
    fn hear(&self, _body: &[u8]) -> Result<()> {
        Ok(())
    }
}

/// The same requests, sent to the bare server, which answers with as many bytes.
#[derive(Debug)]
pub(crate) struct Echo(pub(crate) Vec<Message>);

impl Script for Echo {
    fn turn(&self, _: &mut Dice) -> Vec<Message> {
        self.0.clone()
    }
}

/// What a run came to.
#[derive(Debug, Default)]
pub(crate) struct Outcome {
    /// Requests answered in a second.
    pub(crate) rate: f64,
    /// How long each took, in microseconds.
    pub(crate) micros: Vec<u32>,
}

/// Runs a script on so many connections, for so long.
pub(crate) async fn run(
    address: SocketAddr,
    script: &Arc<dyn Script>,
    connections: u64,
    time: Duration,
) -> Result<Outcome> {
    let mut workers = JoinSet::new();
    let (started, mut micros) = (Instant::now(), Vec::new());
    for number in 0..connections {
        let script = script.clone();
        workers.spawn(async move { work(address, &*script, number, started + time).await });
    }
    let all = async {
        while let Some(worked) = workers.join_next().await {
            micros.extend(worked??);
        }
        anyhow::Ok(())
    };
    tokio::time::timeout(time + STUCK, all).await.context("a connection is stuck")??;
    let seconds = started.elapsed().as_secs_f64();
    Ok(Outcome { rate: real(micros.len()) / seconds, micros })
}

async fn work(address: SocketAddr, script: &dyn Script, number: u64, until: Instant) -> Result<Vec<u32>> {
    let mut connection = Connection::open(address).await?;
    let mut dice = Dice::new(number);
    let mut micros = Vec::with_capacity(1 << 14);
    while Instant::now() < until {
        let turn = script.turn(&mut dice);
        if turn.is_empty() {
            break;
        }
        for message in &turn {
            let sent = Instant::now();
            let body = connection.exchange(message).await?;
            micros.push(u32::try_from(sent.elapsed().as_micros()).unwrap_or(u32::MAX));
            script.hear(body)?;
        }
    }
    Ok(micros)
}

/// Plays one turn, and says how many bytes the body of each reply had.
pub(crate) async fn probe(address: SocketAddr, script: &dyn Script) -> Result<Vec<(Message, usize)>> {
    let mut connection = Connection::open(address).await?;
    let mut replies = Vec::new();
    for message in script.turn(&mut Dice::new(u64::MAX)) {
        let body = connection.exchange(&message).await?;
        script.hear(body)?;
        let size = body.len();
        replies.push((message, size));
    }
    Ok(replies)
}

/// A connection that stays open.
struct Connection {
    stream: TcpStream,
    out: Vec<u8>,
    reply: Vec<u8>,
}

impl Connection {
    async fn open(address: SocketAddr) -> Result<Self> {
        let stream = TcpStream::connect(address).await.with_context(|| address.to_string())?;
        stream.set_nodelay(true)?;
        Ok(Self { stream, out: Vec::with_capacity(1 << 10), reply: Vec::with_capacity(1 << 16) })
    }

    /// Sends a request and gives the reply's body.
    async fn exchange(&mut self, message: &Message) -> Result<&[u8]> {
        let Message { method, path, key, body } = message;
        self.out.clear();
        write!(
            self.out,
            "{method} {path} HTTP/1.1\r\nhost: enfilade.example\r\nauthorization: Bearer {key}\r\n"
        )?;
        if body.is_empty() {
            self.out.extend_from_slice(b"\r\n");
        } else {
            let length = body.len();
            write!(self.out, "content-type: application/json\r\ncontent-length: {length}\r\n\r\n{body}")?;
        }
        self.stream.write_all(&self.out).await?;
        self.reply.clear();
        let (status, head) = loop {
            self.read().await?;
            if let Some(end) = self.reply.windows(4).position(|four| four == b"\r\n\r\n") {
                break (self.reply.get(9..12) == Some(b"200"), end + 4);
            }
        };
        let end = head + content_length(&self.reply[..head]).context("a reply without content-length")?;
        while self.reply.len() < end {
            self.read().await?;
        }
        if !status {
            bail!("{method} {path} was answered\n{}", String::from_utf8_lossy(&self.reply));
        }
        Ok(&self.reply[head..end])
    }

    async fn read(&mut self) -> Result<()> {
        if self.stream.read_buf(&mut self.reply).await? == 0 {
            bail!("the server closed a connection");
        }
        Ok(())
    }
}

fn content_length(head: &[u8]) -> Option<usize> {
    const NAME: &[u8] = b"content-length:";
    let line = head
        .split(|byte| *byte == b'\n')
        .find(|line| line.get(..NAME.len()).is_some_and(|name| name.eq_ignore_ascii_case(NAME)))?;
    std::str::from_utf8(&line[NAME.len()..]).ok()?.trim().parse().ok()
}

/// Chance that is the same in every run: xorshift.
pub(crate) struct Dice(u64);

impl Dice {
    fn new(seed: u64) -> Self {
        Self(seed.wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    /// A number.
    pub(crate) fn roll(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    /// One of these.
    pub(crate) fn pick(&mut self, ids: &[i64]) -> i64 {
        let count = u64::try_from(ids.len()).unwrap_or(u64::MAX).max(1);
        usize::try_from(self.roll() % count).ok().and_then(|at| ids.get(at)).copied().unwrap_or_default()
    }
}

/// A count as a real number.
#[expect(clippy::cast_precision_loss, reason = "counts of a bench are far below 2^52")]
pub(crate) fn real(count: usize) -> f64 {
    count as f64
}
