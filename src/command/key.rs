//! `enfilade key`: API keys, whether or not the server runs.

use anyhow::{Result, anyhow, bail};
use clap::{Args, Subcommand};
use domain::ids::KeyId;
use domain::keys::{self, DAYS, Key, NAME_MAX, NewKey, Permission, parse_permissions};
use domain::text::utf16_len;
use domain::{Store, people};
use jiff::tz::TimeZone;

use crate::config::Config;
use crate::installation::{Upgrade, open, system_call};

/// API keys: create, list, revoke.
#[derive(Debug, Args)]
pub(super) struct Flags {
    #[command(flatten)]
    place: super::Place,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Make a key and print it: it can't be shown again
    Create {
        /// Whose rights it has: an e-mail address
        #[arg(long, value_name = "E")]
        user: String,
        /// Its name
        #[arg(long, value_name = "N")]
        name: String,
        /// What it may be used for, such as rooms:write; everything when absent
        #[arg(long = "scope", value_name = "S")]
        scopes: Vec<String>,
        /// Days until it ends: 1 to 365; never when absent
        #[arg(long, value_name = "N")]
        expires_in_days: Option<i64>,
    },
    /// List the keys
    List,
    /// Delete a key: it is dead at once
    Revoke {
        /// Its id, as `key list` shows it
        id: String,
    },
}

pub(super) fn run(config: &Config, flags: &Flags) -> Result<()> {
    let portal = flags.place.portal.as_deref();
    match &flags.command {
        Command::Create { user, name, scopes, expires_in_days } => {
            let new = NewKey {
                name: name.trim().to_owned(),
                permissions: scopes.clone(),
                expires_in_days: *expires_in_days,
            };
            check(&new)?;
            create(&open(config, Upgrade::No)?, portal, user, new)
        }
        Command::List => list(&open(config, Upgrade::No)?, portal),
        Command::Revoke { id } => {
            let id: KeyId =
                id.parse().map_err(|_| anyhow!("{id:?} is no key's id: 'enfilade key list' shows them"))?;
            revoke(&open(config, Upgrade::No)?, portal, id)
        }
    }
}

fn check(new: &NewKey) -> Result<()> {
    if new.name.is_empty() || utf16_len(&new.name) > NAME_MAX {
        bail!("a key's name has 1 to {NAME_MAX} characters");
    }
    if new.expires_in_days.is_some_and(|days| !DAYS.contains(&days)) {
        bail!("a key lasts {} to {} days", DAYS.start(), DAYS.end());
    }
    if parse_permissions(&new.permissions).is_none() {
        let known: Vec<&str> = Permission::ALL.iter().map(|permission| permission.text()).collect();
        bail!("the scopes are {}", known.join(", "));
    }
    Ok(())
}

fn create(store: &Store, portal: Option<&str>, user: &str, new: NewKey) -> Result<()> {
    let call = system_call(store, portal)?;
    let (portal, email) = (call.portal.clone(), user.to_owned());
    let made = store.write_blocking(call, move |tx| {
        let Some(person) = people::find_by_email(tx, &portal, &email)? else { return Ok(None) };
        keys::create_for(tx, portal.id, person.id, &new).map(Some)
    })?;
    let made = made.ok_or_else(|| anyhow!("there is no account with the address {user}"))?;
    super::say(&made.text)
}

fn list(store: &Store, portal: Option<&str>) -> Result<()> {
    let call = system_call(store, portal)?;
    let portal = call.portal.id;
    let keys = store.read_blocking(move |conn| keys::list_all(conn, portal))?;
    let head = line(["ID", "NAME", "KEY", "STATE", "LAST USED", "SCOPES"]);
    let rows = keys.iter().map(|key| {
        let used =
            key.last_used_at.map_or("never".to_owned(), |at| at.api_date(&TimeZone::UTC)[..19].to_owned());
        let scopes = if key.permissions.is_empty() { "*".to_owned() } else { key.permissions.join(" ") };
        let shown = format!("sk-***{}", key.postfix);
        line([key.id.as_str(), &key.name, &shown, state(store, key), &used, &scopes])
    });
    super::print(&(head + &rows.collect::<String>()))
}

fn line([id, name, key, state, used, scopes]: [&str; 6]) -> String {
    format!("{id:<36}  {name:<30}  {key:<10}  {state:<8}  {used:<20}  {scopes}\n")
}

fn state(store: &Store, key: &Key) -> &'static str {
    if key.is_expired(store.now()) {
        "expired"
    } else if key.is_active {
        "active"
    } else {
        "off"
    }
}

fn revoke(store: &Store, portal: Option<&str>, id: KeyId) -> Result<()> {
    let call = system_call(store, portal)?;
    let portal = call.portal.id;
    let name = store.write_blocking(call, move |tx| {
        let key = keys::get(tx, portal, id)?;
        keys::remove(tx, portal, &key)?;
        Ok(key.name)
    })?;
    super::say(&format!("The key {name:?} is deleted."))
}
