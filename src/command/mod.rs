//! The command line. One file per command; exit codes: 0 done, 1 refused, 2 wrong usage.

mod config;
mod doctor;
mod key;
mod openapi;
mod password;
mod portal;
mod serve;
mod setup;
mod user;

use std::io::{ErrorKind, Write as _};
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Result;
use clap::{Args, Parser, Subcommand};

use crate::config::{Config, Flags};

/// A self-hosted room server for documents that speaks the ONLYOFFICE DocSpace API.
#[derive(Debug, Parser)]
#[command(name = "enfilade", version, arg_required_else_help = true)]
struct Line {
    #[command(flatten)]
    common: Common,
    #[command(subcommand)]
    command: Command,
}

/// Flags that go with every command.
#[derive(Debug, Args)]
struct Common {
    /// The data folder [default: ./data]
    #[arg(long, global = true, value_name = "DIR")]
    data: Option<PathBuf>,
    /// The database: sqlite:PATH or postgres://… [default: a file in the data folder]
    #[arg(long, global = true, value_name = "URL")]
    database: Option<String>,
    /// Where file contents lie: `file:DIR` [default: a folder in the data folder]
    #[arg(long, global = true, value_name = "URL")]
    blobs: Option<String>,
    /// The configuration file [default: enfilade.toml, if it is there]
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve the API
    Serve(serve::Flags),
    /// Make the owner's account
    Setup(setup::Flags),
    /// API keys: create, list, revoke
    Key(key::Flags),
    /// Accounts: create, list, disable, enable, password, forget-app
    User(user::Flags),
    /// Portals: create, list, delete
    #[command(subcommand)]
    Portal(portal::Command),
    /// Examine the installation
    Doctor,
    /// Print the API's description
    Openapi,
    /// Show the configuration
    #[command(subcommand)]
    Config(config::Command),
}

/// Which portal a command is about.
#[derive(Debug, Args)]
struct Place {
    /// The portal, by its alias; may be left out while there is one
    #[arg(long, global = true, value_name = "ALIAS")]
    portal: Option<String>,
}

/// Runs the command of the program's arguments.
pub(crate) fn run() -> ExitCode {
    // Wrong usage ends here, with code 2.
    let Line { common, command } = Line::parse();
    let listen = match &command {
        Command::Serve(flags) => flags.listen.map(|address| address.to_string()),
        _ => None,
    };
    let Common { data, database, blobs, config } = common;
    let outcome = Config::load(&Flags { config, listen, data, database, blobs })
        .and_then(|config| dispatch(command, &config));
    match outcome {
        Ok(code) => code,
        Err(error) => {
            // Standard error may be closed too, and there is nowhere else to say it.
            let _ = writeln!(std::io::stderr(), "enfilade: {error:#}");
            ExitCode::from(1)
        }
    }
}

fn dispatch(command: Command, config: &Config) -> Result<ExitCode> {
    match command {
        Command::Serve(_) => serve::run(config)?,
        Command::Setup(flags) => setup::run(config, &flags)?,
        Command::Key(flags) => key::run(config, &flags)?,
        Command::User(flags) => user::run(config, &flags)?,
        Command::Portal(command) => portal::run(config, &command)?,
        Command::Doctor => return doctor::run(config),
        Command::Openapi => openapi::run()?,
        Command::Config(command) => config::run(config, &command)?,
    }
    Ok(ExitCode::SUCCESS)
}

/// Writes to standard output. A reader that has gone away, such as `head`, is no mistake of anybody's.
fn print(text: &str) -> Result<()> {
    let mut out = std::io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
        written => Ok(written?),
    }
}

/// Writes a line to standard output.
fn say(line: &str) -> Result<()> {
    print(&format!("{line}\n"))
}
