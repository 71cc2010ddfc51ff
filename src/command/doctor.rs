//! `enfilade doctor`: examines the installation, line by line.

use std::process::ExitCode;

use anyhow::{Result, anyhow};
use blob::Blobs;
use domain::{Store, people, portals};

use crate::config::Config;
use crate::installation::{Upgrade, open};

pub(super) fn run(config: &Config) -> Result<ExitCode> {
    let (mut well, mut report) = (true, String::new());
    let mut say = |what: &str, found: Result<String>| {
        let line = match found {
            Ok(detail) => format!("ok       {what}: {detail}\n"),
            Err(error) => {
                well = false;
                format!("PROBLEM  {what}: {error:#}\n")
            }
        };
        report.push_str(&line);
    };
    say("configuration", Ok("understood".to_owned()));
    match open(config, Upgrade::No) {
        Err(error) => say("database", Err(error)),
        Ok(store) => {
            say("database", database(&store));
            say("owner", owner(&store));
            say("portals", portals(&store));
            say("file contents", blobs(config));
            say("mail", mail(config));
        }
    }
    super::print(&report)?;
    Ok(if well { ExitCode::SUCCESS } else { ExitCode::from(1) })
}

fn database(store: &Store) -> Result<String> {
    let faults = store.read_blocking(|conn| Ok(conn.examine()?))?;
    store.read_blocking(portals::installation)?;
    if faults.is_empty() {
        Ok("sound, and of this version".to_owned())
    } else {
        Err(anyhow!("{}", faults.join("; ")))
    }
}

fn owner(store: &Store) -> Result<String> {
    let portal = store.read_blocking(portals::first)?;
    if !portal.owned {
        return Ok(
            "none yet: run 'enfilade setup', or open the address that 'enfilade serve' prints".to_owned()
        );
    }
    let found = store.read_blocking(move |conn| people::find(conn, &portal, portal.owner))?;
    found.map(|person| person.email).ok_or_else(|| anyhow!("the portal has an owner without an account"))
}

fn portals(store: &Store) -> Result<String> {
    let (all, unowned) = store.read_blocking(|conn| {
        let portals = portals::list(conn)?;
        Ok((portals.len(), portals.iter().filter(|portal| !portal.owned).count()))
    })?;
    Ok(format!("{all}, of which {unowned} have no owner yet"))
}

fn mail(config: &Config) -> Result<String> {
    Ok(config.post()?.examine()?)
}

fn blobs(config: &Config) -> Result<String> {
    let blobs = Blobs::open(&config.blobs)?;
    blobs.examine()?;
    Ok("can be written and read".to_owned())
}
