//! `enfilade user`: accounts, whether or not the server runs, with the rights of the portal's owner.

use anyhow::{Context as _, Result, anyhow};
use clap::{Args, Subcommand, ValueEnum};
use domain::people::create::{NewMember, Way, member};
use domain::people::{self, Filter, Person, UserKind, password_change, status};
use domain::portal_settings::PasswordPolicy;
use domain::{Call, Store, setting, tfa};

use super::password;
use crate::config::Config;
use crate::installation::{Upgrade, open, owner_call};

/// Accounts that are read at once.
const PAGE: i64 = 100;

/// Accounts: create, list, disable, enable, password, forget-app.
#[derive(Debug, Args)]
pub(super) struct Flags {
    #[command(flatten)]
    place: super::Place,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Make an account that can sign in at once; no letter is sent
    Create {
        /// Its e-mail address
        #[arg(long, value_name = "E")]
        email: String,
        /// First name
        #[arg(long, value_name = "N")]
        first_name: String,
        /// Last name
        #[arg(long, value_name = "N", default_value = "")]
        last_name: String,
        /// What it may do
        #[arg(long = "type", value_name = "T", default_value = "user")]
        kind: Kind,
        #[command(flatten)]
        password: password::Source,
    },
    /// List the accounts
    List,
    /// Switch an account off: its sessions and keys are dead at once, what it owns stays
    Disable(Whom),
    /// Switch an account on again
    Enable(Whom),
    /// Give an account another password, the owner's too; its sessions end
    Password {
        #[command(flatten)]
        whom: Whom,
        #[command(flatten)]
        password: password::Source,
    },
    /// Take the authenticator app off an account, the owner's too: it binds a new one at its next sign-in
    ForgetApp(Whom),
}

/// Whose account.
#[derive(Debug, Args)]
struct Whom {
    /// Its e-mail address
    #[arg(long, value_name = "E")]
    email: String,
}

/// What an account may do.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum Kind {
    #[value(name = "docspace-admin")]
    DocSpaceAdmin,
    RoomAdmin,
    User,
    Guest,
}

impl From<Kind> for UserKind {
    fn from(kind: Kind) -> Self {
        match kind {
            Kind::DocSpaceAdmin => Self::DocSpaceAdmin,
            Kind::RoomAdmin => Self::RoomAdmin,
            Kind::User => Self::User,
            Kind::Guest => Self::Guest,
        }
    }
}

pub(super) fn run(config: &Config, flags: &Flags) -> Result<()> {
    let store = open(config, Upgrade::No)?;
    let call = owner_call(&store, flags.place.portal.as_deref())?;
    match &flags.command {
        Command::Create { email, first_name, last_name, kind, password } => {
            let new = NewMember {
                kind: Some((*kind).into()),
                email: Some(email.clone()),
                first_name: Some(first_name.clone()),
                last_name: Some(last_name.clone()),
                ..NewMember::default()
            };
            create(&store, call.clone(), new, &password.read(&policy(&store, &call)?)?)
        }
        Command::List => list(&store, &call),
        Command::Disable(whom) => switch(&store, call, &whom.email, people::TERMINATED),
        Command::Enable(whom) => switch(&store, call, &whom.email, people::ACTIVE),
        Command::Password { whom, password } => {
            let password = password.read(&policy(&store, &call)?)?;
            set_password(&store, call, &whom.email, &password)
        }
        Command::ForgetApp(whom) => forget_app(&store, call, &whom.email),
    }
}

/// What passwords must be like in the portal.
fn policy(store: &Store, call: &Call) -> Result<PasswordPolicy> {
    let portal = call.portal.id;
    Ok(store.read_blocking(move |conn| setting::of_portal(conn, portal))?)
}

fn create(store: &Store, call: Call, new: NewMember, password: &str) -> Result<()> {
    let email = new.email.as_deref().unwrap_or_default();
    if !people::looks_like_email(email) {
        return Err(anyhow!("{email:?} is no e-mail address"));
    }
    let new = NewMember { password_hash: Some(password::hash(store, password)?), ..new };
    let caller = call.clone();
    let person = store.write_blocking(call, move |tx| member(tx, &caller, Way::Import, &new))?;
    super::say(&format!("{} ({}) can sign in now.", person.display_name(), person.email))
}

fn list(store: &Store, call: &Call) -> Result<()> {
    super::print(&line(["ID", "NAME", "E-MAIL", "TYPE", "STATE"]))?;
    let mut filter = Filter { count: PAGE, ..Filter::default() };
    loop {
        let (caller, wanted) = (call.clone(), filter.clone());
        let page = store.read_blocking(move |conn| people::list(conn, &caller, &wanted))?;
        let rows = page.people.iter().map(|profile| {
            let person = &profile.person;
            line([&person.id.to_string(), &person.display_name(), &person.email, kind(person), state(person)])
        });
        super::print(&rows.collect::<String>())?;
        filter.start += PAGE;
        if filter.start >= page.total {
            return Ok(());
        }
    }
}

/// A row. Names and addresses are what people typed, and may hold what a terminal would obey.
fn line([id, name, email, kind, state]: [&str; 5]) -> String {
    let [name, email] = [name, email].map(|text| text.replace(char::is_control, "\u{fffd}"));
    format!("{id:<36}  {name:<30}  {email:<36}  {kind:<14}  {state}\n")
}

fn kind(person: &Person) -> &'static str {
    match person.kind {
        _ if person.is_owner => "owner",
        UserKind::DocSpaceAdmin => "docspace-admin",
        UserKind::RoomAdmin => "room-admin",
        UserKind::User => "user",
        UserKind::Guest => "guest",
    }
}

fn state(person: &Person) -> &'static str {
    match person.status {
        people::ACTIVE => "active",
        people::PENDING => "invited",
        _ => "disabled",
    }
}

fn switch(store: &Store, call: Call, email: &str, status: i64) -> Result<()> {
    let person = find(store, &call, email)?;
    if person.is_owner {
        return Err(anyhow!("the portal's owner is always switched on"));
    }
    let caller = call.clone();
    let changed = store.write_blocking(call, move |tx| {
        status::set_status(tx, &caller, std::slice::from_ref(&person.id), status)
    })?;
    let state = changed.first().map_or("unchanged", state);
    super::say(&format!("The account {email} is {state} now."))
}

fn set_password(store: &Store, call: Call, email: &str, password: &str) -> Result<()> {
    let person = find(store, &call, email)?;
    if person.status != people::ACTIVE {
        return Err(anyhow!("the account {email} is {}: only an active one has a password", state(&person)));
    }
    let hash = password::hash(store, password)?;
    let caller = call.clone();
    store.write_blocking(call, move |tx| password_change::reset(tx, &caller, person.id, &hash))?;
    super::say(&format!("The account {email} has another password; its sessions have ended."))
}

fn forget_app(store: &Store, call: Call, email: &str) -> Result<()> {
    let person = find(store, &call, email)?;
    let caller = call.clone();
    let done = store.write_blocking(call, move |tx| tfa::unbind(tx, &caller, person.id));
    done.context("the account has no authenticator app, or the portal asks for none")?;
    super::say(&format!("The account {email} binds a new authenticator app at its next sign-in."))
}

fn find(store: &Store, call: &Call, email: &str) -> Result<Person> {
    let (portal, wanted) = (call.portal.clone(), email.to_owned());
    let found = store.read_blocking(move |conn| people::find_by_email(conn, &portal, &wanted))?;
    found.ok_or_else(|| anyhow!("there is no account with the address {email}"))
}
