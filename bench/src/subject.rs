//! The subject: the built server, as a process, over loopback.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use crate::seed::World;

/// How long a server may take to stop.
const PATIENCE: Duration = Duration::from_secs(20);

/// A server under way; killed when it is dropped.
pub(crate) struct Server {
    child: Child,
    /// Kept open, for a server that writes to a closed one would fail.
    _stdout: BufReader<ChildStdout>,
    /// Where it listens.
    pub(crate) address: SocketAddr,
    /// How long it took from the start of the process to its first answer.
    pub(crate) started_in: Duration,
}

/// Builds the server and says where it is: beside this program.
pub(crate) fn build() -> Result<PathBuf> {
    let own = std::env::current_exe()?;
    let target = own.ancestors().nth(2).context("this program lies in no build folder")?;
    let built = Command::new(env!("CARGO"))
        .args(["build", "--release", "--bin", "enfilade"])
        .current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
        .env("CARGO_TARGET_DIR", target)
        .status()?;
    if !built.success() {
        bail!("the server could not be built");
    }
    Ok(target.join("release/enfilade"))
}

/// Starts the server on a world.
pub(crate) fn start(binary: &Path, world: &World) -> Result<Server> {
    let mut command = Command::new(binary);
    command.args(["serve", "--listen", "127.0.0.1:0", "--data"]).arg(&world.data);
    if let Some(url) = &world.postgres {
        command.args(["--database", url]);
    }
    command.current_dir(&world.data);
    without_variables(&mut command);
    Server::start(command).context("the server")
}

/// Neither a configuration nor variables that happen to be here.
pub(crate) fn without_variables(command: &mut Command) {
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("ENFILADE_") {
            command.env_remove(name);
        }
    }
}

impl Server {
    /// Starts a server that says its address on standard output, and waits for its first answer.
    pub(crate) fn start(mut command: Command) -> Result<Self> {
        let began = Instant::now();
        let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn()?;
        let mut stdout = BufReader::new(child.stdout.take().context("no output")?);
        let mut line = String::new();
        stdout.read_line(&mut line)?;
        let address = line.split_once("http://").and_then(|(_, address)| address.trim().parse().ok());
        let Some(address) = address else {
            // The process is ours and of no use.
            let _ = child.kill();
            bail!("it did not say where it listens: {line:?}");
        };
        let mut server = Self { child, _stdout: stdout, address, started_in: Duration::ZERO };
        server.ask_for_health()?;
        server.started_in = began.elapsed();
        Ok(server)
    }

    fn ask_for_health(&self) -> Result<()> {
        let mut stream = TcpStream::connect(self.address)?;
        stream.write_all(b"GET /health HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n")?;
        let mut reply = String::new();
        stream.read_to_string(&mut reply)?;
        if !reply.starts_with("HTTP/1.1 200") {
            bail!("/health answered {reply}");
        }
        Ok(())
    }

    /// The memory it holds, in bytes.
    pub(crate) fn memory(&self) -> Result<usize> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id()))?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).context("no VmRSS")?;
        Ok(line.trim().trim_end_matches(" kB").parse::<usize>()? << 10)
    }

    /// Stops it in good order.
    pub(crate) fn stop(mut self) -> Result<()> {
        Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status()?;
        let asked = Instant::now();
        while self.child.try_wait()?.is_none() {
            if asked.elapsed() > PATIENCE {
                bail!("the server does not stop");
            }
            std::thread::sleep(Duration::from_millis(5));
        }
        Ok(())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
