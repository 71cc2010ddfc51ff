//! `enfilade portal`: the portals of an installation, whether or not the server runs.

use anyhow::{Result, bail};
use clap::Subcommand;
use domain::portals::{self, NewPortal, Portal};
use jiff::tz::TimeZone;

use crate::config::{Config, program};
use crate::installation::{Upgrade, open, system_call};

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Found a portal; its owner comes with `setup --portal ALIAS`
    Create {
        /// Its name in addresses: 3 to 63 letters, digits and hyphens
        #[arg(long, value_name = "A")]
        alias: String,
        /// Its title
        #[arg(long, value_name = "N", default_value = "")]
        name: String,
    },
    /// List the portals
    List,
    /// Delete a portal with all that is in it: nothing of it can be had back
    Delete {
        /// Its alias
        #[arg(long, value_name = "A")]
        alias: String,
        /// Yes, all of it
        #[arg(long)]
        yes: bool,
    },
}

pub(super) fn run(config: &Config, command: &Command) -> Result<()> {
    match command {
        Command::Create { alias, name } => create(config, alias, name),
        Command::List => list(config),
        Command::Delete { alias, yes } => delete(config, alias, *yes),
    }
}

fn create(config: &Config, alias: &str, name: &str) -> Result<()> {
    let new = NewPortal {
        alias: portals::parse_alias(alias)?,
        name: name.trim().to_owned(),
        ..NewPortal::default()
    };
    let store = open(config, Upgrade::WhenEmpty)?;
    let (portal, ()) = store.found_blocking(move |tx| Ok((portals::create(tx, &new)?, ())))?;
    super::say(&format!("The portal {} is at {}", portal.alias, store.address(&portal)))?;
    super::say(&format!(
        "Its owner: {} setup{} --portal {} --email you@example.org --password-file FILE",
        program(),
        config.flags(),
        portal.alias
    ))
}

fn list(config: &Config) -> Result<()> {
    let store = open(config, Upgrade::No)?;
    let portals = store.read_blocking(portals::list)?;
    let head = line(["ID", "ALIAS", "STATE", "FOUNDED", "ADDRESS"]);
    let rows = portals.iter().map(|portal| {
        let founded = &portal.created_at.api_date(&TimeZone::UTC)[..19];
        line([&portal.id.to_string(), &portal.alias, state(portal), founded, &store.address(portal)])
    });
    super::print(&(head + &rows.collect::<String>()))
}

fn line([id, alias, state, founded, address]: [&str; 5]) -> String {
    format!("{id:<6}  {alias:<30}  {state:<9}  {founded:<20}  {address}\n")
}

fn state(portal: &Portal) -> &'static str {
    match (portal.status, portal.owned) {
        (portals::ACTIVE, true) => "active",
        (portals::ACTIVE, false) => "no owner",
        _ => "suspended",
    }
}

fn delete(config: &Config, alias: &str, yes: bool) -> Result<()> {
    let store = open(config, Upgrade::No)?;
    let call = system_call(&store, Some(alias))?;
    let portal = call.portal.clone();
    if !yes {
        let name = portals::greeting(&portal);
        bail!("{alias:?} ({name}) would go with all that is in it, for good: say --yes if that is meant");
    }
    store.write_blocking(call, move |tx| portals::delete(tx, &portal))?;
    super::say(&format!(
        "The portal {alias:?} is deleted. A running server, or the next one, removes what was in it."
    ))
}
