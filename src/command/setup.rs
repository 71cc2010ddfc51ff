//! `enfilade setup`: makes the owner's account, like the page behind the printed address.

use anyhow::{Result, bail};
use clap::Args;
use domain::people;
use domain::portal_settings::PasswordPolicy;
use domain::portals::{self, NewOwner};

use super::password;
use crate::config::{Config, program};
use crate::installation::{Upgrade, open, system_call};

#[derive(Debug, Args)]
pub(super) struct Flags {
    /// The owner's e-mail address
    #[arg(long, value_name = "E")]
    email: String,
    #[command(flatten)]
    password: password::Source,
    #[command(flatten)]
    place: super::Place,
    /// The owner's name
    #[arg(long, value_name = "N")]
    name: Option<String>,
}

pub(super) fn run(config: &Config, flags: &Flags) -> Result<()> {
    if !people::looks_like_email(&flags.email) {
        bail!("{:?} is no e-mail address", flags.email);
    }
    let password = flags.password.read(&PasswordPolicy::default())?;
    let store = open(config, Upgrade::WhenEmpty)?;
    let call = system_call(&store, flags.place.portal.as_deref())?;
    if call.portal.owned {
        bail!("there is an owner already; nothing was changed");
    }
    let portal_named = flags.place.portal.clone();
    let owner = NewOwner {
        email: flags.email.clone(),
        name: flags.name.clone(),
        password_hash: password::hash(&store, &password)?,
        culture: None,
        time_zone: None,
    };
    let portal = call.portal.clone();
    let person = store.write_blocking(call, move |tx| portals::set_up(tx, &portal, &owner))?;
    let mut flags = config.flags();
    if let Some(portal) = &portal_named {
        flags = format!("{flags} --portal {portal}");
    }
    let place = match &portal_named {
        Some(alias) => format!("the portal {alias}"),
        None => format!("the installation in {}", config.data.display()),
    };
    super::say(&format!("{} owns {place} now.", person.display_name()))?;
    super::say(&format!(
        "A key for scripts: {} key create{flags} --user {} --name NAME",
        program(),
        person.email
    ))
}
