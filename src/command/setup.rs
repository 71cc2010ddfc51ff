//! `enfilade setup`: makes the owner's account, like the page behind the printed address.

use std::io::{IsTerminal as _, Read as _};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use clap::{ArgGroup, Args};
use domain::people::{self, password};
use domain::portal_settings::PasswordPolicy;
use domain::portals::{self, NewOwner};

use crate::config::{Config, program};
use crate::installation::{Upgrade, open, system_call};

#[derive(Debug, Args)]
#[command(group(ArgGroup::new("secret").required(true).args(["password_file", "password_stdin"])))]
pub(super) struct Flags {
    /// The owner's e-mail address
    #[arg(long, value_name = "E")]
    email: String,
    /// A file with the owner's password
    #[arg(long, value_name = "FILE")]
    password_file: Option<PathBuf>,
    /// Read the owner's password from standard input
    #[arg(long)]
    password_stdin: bool,
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
    let password = read_password(flags.password_file.as_deref())?;
    if let Some(sentence) = password::policy_problem(&password, &PasswordPolicy::default()) {
        bail!("{sentence}");
    }
    let store = open(config, Upgrade::WhenEmpty)?;
    let call = system_call(&store, flags.place.portal.as_deref())?;
    if call.portal.owned {
        bail!("there is an owner already; nothing was changed");
    }
    let portal_named = flags.place.portal.clone();
    let installation = store.read_blocking(portals::installation)?;
    let client_hash = password::client_hash(&password, &installation.password_salt);
    let password_hash = password::stored_hash(&client_hash, &store.chance().bytes())?;
    let owner = NewOwner {
        email: flags.email.clone(),
        name: flags.name.clone(),
        password_hash,
        culture: None,
        time_zone: None,
    };
    let portal = call.portal.clone();
    let person = store.write_blocking(call, move |tx| portals::set_up(tx, &portal, &owner))?;
    let mut flags = config.flags();
    if let Some(portal) = &portal_named {
        flags = format!("{flags} --portal {portal}");
    }
    super::say(&format!(
        "{} owns the installation in {} now.",
        person.display_name(),
        config.data.display()
    ))?;
    super::say(&format!(
        "A key for scripts: {} key create{flags} --user {} --name NAME",
        program(),
        person.email
    ))
}

/// The password, without the newline that editors and `echo` put at its end.
fn read_password(file: Option<&Path>) -> Result<String> {
    let mut text = String::new();
    if let Some(path) = file {
        text = std::fs::read_to_string(path).with_context(|| path.display().to_string())?;
    } else {
        if std::io::stdin().is_terminal() {
            eprintln!(
                "Type the password, then Enter and Ctrl-D. It can be seen: a pipe is better, as in the README."
            );
        }
        std::io::stdin().read_to_string(&mut text).context("standard input")?;
    }
    Ok(text.trim_end_matches(['\r', '\n']).to_owned())
}
