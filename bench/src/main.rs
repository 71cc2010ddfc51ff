//! `make bench`: what the built server does in a second, beside a bare axum server that reads the same bodies and
//! sends replies of the same sizes, measured in turn in the same run.
//!
//! ```text
//! make bench ARGS="--seconds 5 --only get"
//! tests/with-postgres sh -c 'cargo run --release -p enfilade-bench -- --postgres $ENFILADE_TEST_POSTGRES'
//! ```

mod baseline;
mod cases;
mod load;
mod portals;
mod report;
mod seed;
mod subject;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, anyhow, bail};
use tempfile::TempDir;
use tokio::runtime::Runtime;

use cases::{Create, Get, List, Remove, Rename, SignIn, Stock};
use load::{Outcome, Script, real};
use report::{Fact, Report, Row, median, megabytes, percentile};
use seed::World;
use subject::Server;

/// As in the server, so that the bare one has no other.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Connections under load.
const CONNECTIONS: u64 = 32;
/// Connections that sign in: fewer than wrong passwords are allowed, for each counts until it is found right.
const SIGN_INS: u64 = 4;
/// Rounds of baseline and subject in turn.
const ROUNDS: usize = 3;
/// Starts that are timed.
const STARTS: usize = 5;
/// A run that isn't counted, before the first round.
const WARM_UP: Duration = Duration::from_millis(500);
/// Rooms archived and deleted in a second of measuring, at most.
const REMOVALS: usize = 5000;
/// The smaller world.
const FEW: usize = 1000;

const USAGE: &str = "usage: enfilade-bench [--seconds N] [--rooms N] [--postgres URL] [--only NAME] [--server FILE]
  NAME is a part of: size start memory get list-member list-owner flat-member flat-owner sign-in rename create remove portals";

struct Options {
    round: Duration,
    rooms: usize,
    postgres: Option<String>,
    only: Option<String>,
    /// A server that is built already, such as a release or one with symbols.
    server: Option<PathBuf>,
}

impl Options {
    fn parse(mut words: impl Iterator<Item = String>) -> Result<Self> {
        let mut options =
            Self { round: Duration::from_secs(2), rooms: 100_000, postgres: None, only: None, server: None };
        while let Some(word) = words.next() {
            let value = words.next().ok_or_else(|| anyhow!(USAGE))?;
            match word.as_str() {
                "--seconds" => options.round = Duration::try_from_secs_f64(value.parse()?)?,
                "--rooms" => options.rooms = value.parse()?,
                "--postgres" => options.postgres = Some(value),
                "--only" => options.only = Some(value),
                "--server" => options.server = Some(PathBuf::from(value).canonicalize()?),
                _ => bail!(USAGE),
            }
        }
        Ok(options)
    }

    fn wants(&self, name: &str) -> bool {
        self.only.as_ref().is_none_or(|only| name.contains(only.as_str()))
    }
}

fn main() -> Result<()> {
    if std::env::args().nth(1).as_deref() == Some(baseline::ARGUMENT) {
        return baseline::serve();
    }
    let options = Options::parse(std::env::args().skip(1))?;
    let binary = options.server.clone().map_or_else(subject::build, Ok)?;
    // Beside this program, not in the temporary folder, which may be no disk.
    let own = std::env::current_exe()?;
    let ground = TempDir::with_prefix_in("bench-", own.parent().context("no folder")?)?;
    introduce(&options, ground.path())?;
    let report = Bench::new(&options, binary, ground.path())?.run()?;
    report.print();
    Ok(())
}

/// Says what is measured, and on what.
fn introduce(options: &Options, ground: &Path) -> Result<()> {
    let cores = std::thread::available_parallelism()?;
    let engine = match &options.postgres {
        None => "SQLite",
        Some(url) if seed::postgres_syncs(url)? => "PostgreSQL",
        Some(_) => "PostgreSQL without fsync",
    };
    println!(
        "{engine}, {} rooms, {CONNECTIONS} connections, {ROUNDS} rounds of {} s, {cores} cores; one fsync takes {:.2} ms",
        options.rooms,
        options.round.as_secs_f64(),
        fsync_millis(ground)?
    );
    Ok(())
}

fn fsync_millis(ground: &Path) -> Result<f64> {
    use std::io::Write as _;
    let mut file = tempfile::tempfile_in(ground)?;
    let mut times = Vec::new();
    for _ in 0..100 {
        let began = Instant::now();
        file.write_all(&[0; 4096])?;
        file.sync_data()?;
        times.push(began.elapsed().as_secs_f64() * 1000.0);
    }
    Ok(median(times))
}

struct Bench<'o> {
    options: &'o Options,
    binary: PathBuf,
    ground: PathBuf,
    world: World,
    runtime: Runtime,
    bare: Server,
    report: Report,
}

impl<'o> Bench<'o> {
    fn new(options: &'o Options, binary: PathBuf, ground: &Path) -> Result<Self> {
        let began = Instant::now();
        let world = World::seed(&ground.join("many"), options.postgres.as_deref(), options.rooms)?;
        println!("{} rooms were seeded in {:.1} s", options.rooms, began.elapsed().as_secs_f64());
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
        let (bare, ground, report) = (baseline::start()?, ground.to_owned(), Report::default());
        Ok(Self { options, binary, ground, world, runtime, bare, report })
    }

    /// Measures everything, the cases that change the world last.
    fn run(mut self) -> Result<Report> {
        self.size()?;
        self.start()?;
        let server = subject::start(&self.binary, &self.world)?;
        self.memory("memory, idle", &server, Some(25.0))?;
        self.reads(&server)?;
        self.flat(&server)?;
        self.sign_in(&server)?;
        self.writes(&server)?;
        self.memory("memory, after the load", &server, None)?;
        server.stop()?;
        self.portals()?;
        Ok(self.report)
    }

    /// Portals registered, used and deleted over and over; always on SQLite.
    fn portals(&mut self) -> Result<()> {
        if !self.options.wants("portals") {
            return Ok(());
        }
        let done = portals::run(&self.binary, &self.ground.join("portals"))?;
        let beside = format!("a password's hash takes {:.1} ms", done.hash);
        self.fact("portals: register one", done.register, "ms", None, beside);
        self.fact("portals: sign in and make a room", done.use_it, "ms", None, String::new());
        self.fact("portals: delete one", done.delete, "ms", None, String::new());
        let alone = "one after the other".to_owned();
        self.fact("portals: all three beside two hashes", done.beside, "ms", Some(30.0), alone);
        let [before, after] = done.memory;
        self.fact("portals: memory after 2,000", after, "MB", None, format!("{before:.2} MB before"));
        let [early, late] = done.file;
        self.fact("portals: database after 2,000", late, "MB", None, format!("{early:.2} MB after 500"));
        Ok(())
    }

    fn size(&mut self) -> Result<()> {
        if self.options.wants("size") {
            let value = megabytes(usize::try_from(self.binary.metadata()?.len())?);
            self.fact("binary", value, "MB", Some(40.0), String::new());
        }
        Ok(())
    }

    fn start(&mut self) -> Result<()> {
        if !self.options.wants("start") {
            return Ok(());
        }
        let mut times = Vec::new();
        for _ in 0..STARTS {
            let server = subject::start(&self.binary, &self.world)?;
            times.push(server.started_in.as_secs_f64() * 1000.0);
            server.stop()?;
        }
        self.fact("start to first answer", median(times), "ms", Some(150.0), String::new());
        Ok(())
    }

    fn memory(&mut self, name: &'static str, server: &Server, aim: Option<f64>) -> Result<()> {
        if self.options.wants("memory") {
            std::thread::sleep(Duration::from_secs(1));
            self.fact(name, megabytes(server.memory()?), "MB", aim, String::new());
        }
        Ok(())
    }

    fn reads(&mut self, server: &Server) -> Result<()> {
        let World { member, owner, .. } = &self.world;
        let get: Arc<dyn Script> = Arc::new(self.get());
        let by_member: Arc<dyn Script> = Arc::new(List { key: member.clone() });
        let by_owner: Arc<dyn Script> = Arc::new(List { key: owner.clone() });
        self.compare("get", Some(0.45), server, &get, None)?;
        self.compare("list-member: 25 of her 1,000", Some(0.10), server, &by_member, None)?;
        self.compare("list-owner: 25 of all", Some(0.10), server, &by_owner, None)
    }

    fn writes(&mut self, server: &Server) -> Result<()> {
        let World { member, maker, member_rooms, .. } = &self.world;
        let stock = Arc::new(Stock::default());
        let rename: Arc<dyn Script> =
            Arc::new(Rename { key: member.clone(), rooms: member_rooms.as_slice().into() });
        let create: Arc<dyn Script> = Arc::new(Create::new(maker, None));
        let filler: Arc<dyn Script> = Arc::new(Create::new(maker, Some(stock.clone())));
        let remove: Arc<dyn Script> = Arc::new(Remove { key: maker.clone(), stock: stock.clone() });
        self.compare("rename", None, server, &rename, None)?;
        self.compare("create, durable", Some(0.25), server, &create, None)?;
        self.compare("remove: archive + delete", None, server, &remove, Some((filler, stock)))
    }

    fn get(&self) -> Get {
        Get { key: self.world.member.clone(), rooms: self.world.member_rooms.as_slice().into() }
    }

    /// Measures a case beside the bare server. With a filler, rooms are made before each round.
    fn compare(
        &mut self,
        name: &'static str,
        aim: Option<f64>,
        server: &Server,
        script: &Arc<dyn Script>,
        filler: Option<(Arc<dyn Script>, Arc<Stock>)>,
    ) -> Result<()> {
        if !self.options.wants(name.split([':', ',']).next().unwrap_or(name)) {
            return Ok(());
        }
        let fill = |time: Duration| -> Result<()> {
            let Some((filler, stock)) = &filler else { return Ok(()) };
            while real(stock.len()) < time.as_secs_f64() * real(REMOVALS) {
                self.load(server, filler, WARM_UP)?;
            }
            Ok(())
        };
        let measured = || -> Result<Row> {
            fill(WARM_UP)?;
            let replies = self.runtime.block_on(load::probe(server.address, &**script))?;
            let echo: Arc<dyn Script> = Arc::new(baseline::echo(replies));
            self.load(&self.bare, &echo, WARM_UP)?;
            self.load(server, script, WARM_UP)?;
            let (mut rates, mut bares, mut ratios, mut micros) = (vec![], vec![], vec![], vec![]);
            for _ in 0..ROUNDS {
                fill(self.options.round)?;
                let bare = self.load(&self.bare, &echo, self.options.round)?;
                let own = self.load(server, script, self.options.round)?;
                bares.push(bare.rate);
                rates.push(own.rate);
                ratios.push(own.rate / bare.rate);
                micros.extend(own.micros);
            }
            let (p50, p99) = (percentile(&mut micros, 50), percentile(&mut micros, 99));
            Ok(Row { name, rate: median(rates), bare: median(bares), ratio: median(ratios), aim, p50, p99 })
        };
        let row = measured().context(name)?;
        self.report.rows.push(row);
        Ok(())
    }

    /// Lists in a world of few rooms and in one of many.
    fn flat(&mut self, server: &Server) -> Result<()> {
        if !self.options.wants("flat-member") && !self.options.wants("flat-owner") {
            return Ok(());
        }
        let world = World::seed(&self.ground.join("few"), self.options.postgres.as_deref(), FEW)?;
        let small = subject::start(&self.binary, &world)?;
        let keys = [
            (
                "flat-member",
                "list of a member's 1,000: few to many",
                &world.member,
                self.world.member.clone(),
            ),
            ("flat-owner", "list of all rooms: few to many", &world.owner, self.world.owner.clone()),
        ];
        for (name, title, few, many) in keys {
            if !self.options.wants(name) {
                continue;
            }
            let few: Arc<dyn Script> = Arc::new(List { key: few.clone() });
            let many: Arc<dyn Script> = Arc::new(List { key: many });
            self.load(&small, &few, WARM_UP)?;
            self.load(server, &many, WARM_UP)?;
            let (mut fews, mut manys, mut ratios) = (vec![], vec![], vec![]);
            for _ in 0..ROUNDS {
                let few = self.load(&small, &few, self.options.round)?.rate;
                let many = self.load(server, &many, self.options.round)?.rate;
                fews.push(few);
                manys.push(many);
                ratios.push(few / many);
            }
            let rooms = self.options.rooms;
            let note = format!("{:.0}/s among {FEW}, {:.0}/s among {rooms}", median(fews), median(manys));
            self.fact(title, median(ratios), "×", Some(1.3), note);
        }
        small.stop()
    }

    /// Gets while the hashing pool is busy, and while it is not.
    fn sign_in(&mut self, server: &Server) -> Result<()> {
        if !self.options.wants("sign-in") {
            return Ok(());
        }
        let get: Arc<dyn Script> = Arc::new(self.get());
        let sign_in: Arc<dyn Script> =
            Arc::new(SignIn { login: seed::OWNER, hash: self.world.owner_hash.clone() });
        let (mut calm, mut busy, mut sign_ins) = (Outcome::default(), Outcome::default(), vec![]);
        for _ in 0..ROUNDS {
            calm.micros.extend(self.load(server, &get, self.options.round)?.micros);
            let round = self.options.round;
            let (gets, signed) = self.runtime.block_on(async {
                tokio::join!(
                    load::run(server.address, &get, CONNECTIONS, round),
                    load::run(server.address, &sign_in, SIGN_INS, round)
                )
            });
            busy.micros.extend(gets?.micros);
            sign_ins.push(signed.context("signing in")?.rate);
        }
        let (calm, busy) = (percentile(&mut calm.micros, 99), percentile(&mut busy.micros, 99));
        self.fact("get's p99", calm, "ms", Some(20.0), String::new());
        let note = format!("{:.0} sign-ins/s beside", median(sign_ins));
        self.fact("get's p99 while people sign in", busy, "ms", Some(20.0), note);
        self.fact("get's p99, times what it is in calm", busy / calm, "times", Some(3.0), String::new());
        Ok(())
    }

    fn load(&self, server: &Server, script: &Arc<dyn Script>, time: Duration) -> Result<Outcome> {
        self.runtime.block_on(load::run(server.address, script, CONNECTIONS, time))
    }

    fn fact(&mut self, name: &'static str, value: f64, unit: &'static str, aim: Option<f64>, note: String) {
        self.report.facts.push(Fact { name, value, unit, aim, note });
    }
}
