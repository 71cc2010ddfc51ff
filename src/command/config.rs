//! `enfilade config show`.

use anyhow::Result;
use clap::Subcommand;

use crate::config::Config;

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Show each setting, with where it came from
    Show,
}

pub(super) fn run(config: &Config, command: &Command) -> Result<()> {
    match command {
        Command::Show => super::print(&config.show()),
    }
}
