//! An installation: its data folder, its database, its contents.

use std::fs::{DirBuilder, File, OpenOptions};
use std::os::unix::fs::DirBuilderExt as _;
use std::path::Path;
use std::sync::Arc;

use anyhow::{Context, Result, anyhow, bail};
use db::{Db, Options, Schema};
use domain::call::Caller;
use domain::store::{Chance, Generation, NobodyWaits, Store, Wake};
use domain::time::Clock;
use domain::{Call, people, portals, schema};

use crate::config::Config;

/// The file whose lock says that a server runs on this data folder.
const LOCK: &str = "enfilade.lock";

/// What a command does with the database's schema.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Upgrade {
    /// Bring it up to date: the server, which holds the lock.
    Yes,
    /// Make it when there is none at all: set-up.
    WhenEmpty,
    /// Refuse any but the one this build knows.
    No,
}

/// Opens the store as a command needs it.
pub(crate) fn open(config: &Config, upgrade: Upgrade) -> Result<Store> {
    open_with(config, upgrade, config.listen.port(), Arc::new(NobodyWaits))
}

/// Opens the store; `port` is the one the server listens on, and `jobs_due` is rung when a job may be due.
pub(crate) fn open_with(
    config: &Config,
    upgrade: Upgrade,
    port: u16,
    jobs_due: Arc<dyn Wake>,
) -> Result<Store> {
    if upgrade == Upgrade::No && !exists(config) {
        bail!(
            "there is no installation in {}: 'enfilade serve' or 'enfilade setup' makes one",
            config.data.display()
        );
    }
    if let db::Location::Sqlite(path) = &config.database
        && let Some(folder) = path.parent()
    {
        make_folder(folder)?;
    }
    let generation = Generation::default();
    let stale = generation.clone();
    let options = Options { on_foreign_commit: Arc::new(move || stale.advance()), ..options(upgrade) };
    let database = Db::open(&config.database, options).context("the database")?;
    let store =
        Store::new(database, Clock::System, Chance::System, config.addresses(port), generation, jobs_due);
    fit_schema(&store, upgrade)?;
    Ok(store)
}

/// Makes a folder that only the server's own account can look into: hashes and contents lie there.
fn make_folder(folder: &Path) -> Result<()> {
    let made = DirBuilder::new().recursive(true).mode(0o700).create(folder);
    made.with_context(|| format!("the folder {}", folder.display()))
}

fn exists(config: &Config) -> bool {
    match &config.database {
        db::Location::Sqlite(path) => path.exists(),
        db::Location::Postgres(_) => true,
    }
}

/// A command does one thing at a time; the server many.
fn options(upgrade: Upgrade) -> Options {
    if upgrade == Upgrade::Yes {
        Options::default()
    } else {
        Options { readers: 1, clients: 1, ..Options::default() }
    }
}

fn fit_schema(store: &Store, upgrade: Upgrade) -> Result<()> {
    let found = store.db().schema(schema::MIGRATIONS)?;
    match (found, upgrade) {
        (Schema::Current, _) => {}
        (Schema::Empty, Upgrade::Yes | Upgrade::WhenEmpty) | (Schema::Behind(_), Upgrade::Yes) => {
            store.db().migrate(schema::MIGRATIONS, schema::SEQS, store.now().0)?;
        }
        (Schema::Empty, Upgrade::No) => {
            bail!("the database is empty: 'enfilade serve' or 'enfilade setup' fills it")
        }
        (Schema::Behind(_), _) => {
            bail!("the database is of an older version: start 'enfilade serve' once, which upgrades it")
        }
        (Schema::Ahead(_), _) => {
            bail!("the database is of a newer version than this program: use a newer enfilade")
        }
    }
    if upgrade != Upgrade::No {
        portals::found(store)?;
    }
    Ok(())
}

/// A call by the command line itself: for the portal of this alias, or for the only one there is.
pub(crate) fn system_call(store: &Store, alias: Option<&str>) -> Result<Call> {
    let portal = match alias.map(str::to_owned) {
        Some(alias) => {
            let wanted = alias.clone();
            let found = store.read_blocking(move |conn| portals::by_alias(conn, &wanted))?;
            found.ok_or_else(|| {
                anyhow!("there is no portal with the alias {alias:?}: 'enfilade portal list' shows them")
            })?
        }
        None => match store.read_blocking(portals::only)? {
            Some(portal) => portal,
            None => bail!("there are several portals, say which by --portal: {}", aliases(store)?),
        },
    };
    Ok(Call::system(portal))
}

/// A call by the command line with the rights of the portal's owner.
pub(crate) fn owner_call(store: &Store, alias: Option<&str>) -> Result<Call> {
    let call = system_call(store, alias)?;
    let portal = call.portal.clone();
    let owner = store.read_blocking(move |conn| people::find(conn, &portal, portal.owner))?;
    let owner = owner.filter(|_| call.portal.owned);
    let owner =
        owner.ok_or_else(|| anyhow!("nobody owns the portal yet: 'enfilade setup' makes its owner"))?;
    Ok(Call { caller: Caller::Person(Arc::new(owner)), ..call })
}

/// The first portals' aliases, for a sentence.
fn aliases(store: &Store) -> Result<String> {
    const SHOWN: usize = 10;
    let portals = store.read_blocking(portals::list)?;
    let shown: Vec<&str> = portals.iter().take(SHOWN).map(|portal| portal.alias.as_str()).collect();
    let more = portals.len().saturating_sub(SHOWN);
    Ok(shown.join(", ") + &if more > 0 { format!(" and {more} more") } else { String::new() })
}

/// Takes the data folder for a server. The lock goes with the process.
pub(crate) fn lock(config: &Config) -> Result<File> {
    make_folder(&config.data)?;
    let path = config.data.join(LOCK);
    let file = OpenOptions::new()
        .create(true)
        .write(true)
        .truncate(false)
        .open(&path)
        .with_context(|| path.display().to_string())?;
    file.try_lock()
        .map_err(|_| anyhow!("another server runs on the data folder {}", config.data.display()))?;
    Ok(file)
}
