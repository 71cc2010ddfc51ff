//! A password that a command is given: never as an argument, which other users of the machine could see.

use std::io::{IsTerminal as _, Read as _};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};
use clap::Args;
use domain::portal_settings::PasswordPolicy;
use domain::{Store, people::password, portals};

/// Where the password comes from.
#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
pub(super) struct Source {
    /// A file with the password
    #[arg(long, value_name = "FILE")]
    password_file: Option<PathBuf>,
    /// Read the password from standard input
    #[arg(long)]
    password_stdin: bool,
}

impl Source {
    /// The password, if it fits the portal's policy.
    pub(super) fn read(&self, policy: &PasswordPolicy) -> Result<String> {
        let password = read(self.password_file.as_deref())?;
        match password::policy_problem(&password, policy) {
            Some(sentence) => bail!("{sentence}"),
            None => Ok(password),
        }
    }
}

/// What is stored for a password in this installation.
pub(super) fn hash(store: &Store, password: &str) -> Result<String> {
    let installation = store.read_blocking(portals::installation)?;
    let client_hash = password::client_hash(password, &installation.password_salt);
    Ok(password::stored_hash(&client_hash, &store.chance().bytes())?)
}

/// The password, without the newline that editors and `echo` put at its end.
fn read(file: Option<&Path>) -> Result<String> {
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
