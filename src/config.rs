//! Boot settings: `enfilade.toml`, below `ENFILADE_SECTION__KEY`, below flags. Unknown ones are errors.

use std::collections::BTreeMap;
use std::fmt;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow, bail};
use domain::portals::Addresses;
use ipnet::IpNet;
use mail::{Post, Security, Server};
use regex::{Regex, RegexBuilder};

/// A setting there is.
struct Known {
    key: &'static str,
    default: &'static str,
}

/// Every setting, with its default.
const KNOWN: &[Known] = &[
    Known { key: "server.listen", default: "127.0.0.1:8080" },
    Known { key: "server.public_url", default: "" },
    Known { key: "server.trusted_proxies", default: "" },
    Known { key: "storage.data", default: "./data" },
    Known { key: "storage.database", default: "" },
    Known { key: "storage.blobs", default: "" },
    Known { key: "portals.base_domain", default: "" },
    Known { key: "portals.registration", default: "closed" },
    Known { key: "portals.resolve_by_origin", default: "false" },
    Known { key: "portals.machine_key", default: "" },
    Known { key: "portals.test_emails", default: "" },
    Known { key: "limits.enabled", default: "false" },
    Known { key: "limits.invitations", default: "" },
    Known { key: "net.allow_private", default: "false" },
    Known { key: "mail.from", default: "" },
    Known { key: "mail.smtp_host", default: "" },
    Known { key: "mail.smtp_port", default: "" },
    Known { key: "mail.smtp_user", default: "" },
    Known { key: "mail.smtp_password", default: "" },
    Known { key: "mail.smtp_tls", default: "starttls" },
    Known { key: "log.filter", default: "info" },
    Known { key: "log.format", default: "text" },
];

/// The file that is read when no other is named, if it is there.
const FILE: &str = "enfilade.toml";
/// The folder for letters where there is no mail server, in the data folder.
const OUTBOX: &str = "outbox";
const VARIABLE: &str = "ENFILADE_";
/// Variables of the test runs, which are none of ours.
const TEST_VARIABLE: &str = "ENFILADE_TEST_";

/// Where a value came from.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Source {
    Default,
    File(PathBuf),
    Variable(String),
    Flag(&'static str),
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Default => f.write_str("default"),
            Self::File(path) => write!(f, "{}", path.display()),
            Self::Variable(name) => f.write_str(name),
            Self::Flag(flag) => f.write_str(flag),
        }
    }
}

/// What the command line overrides.
#[derive(Debug, Default)]
pub(crate) struct Flags {
    pub(crate) config: Option<PathBuf>,
    pub(crate) listen: Option<String>,
    pub(crate) data: Option<PathBuf>,
    pub(crate) database: Option<String>,
    pub(crate) blobs: Option<String>,
}

/// The settings, understood.
#[derive(Debug)]
pub(crate) struct Config {
    pub(crate) listen: SocketAddr,
    pub(crate) public_url: Option<String>,
    pub(crate) trusted_proxies: Vec<IpNet>,
    pub(crate) base_domain: Option<String>,
    /// Whether portals are registered over HTTP.
    pub(crate) registration: bool,
    pub(crate) resolve_by_origin: bool,
    pub(crate) machine_key: Option<String>,
    pub(crate) test_emails: Option<Regex>,
    pub(crate) limits: bool,
    /// How many people a portal may invite by mail in a day, while there are limits.
    pub(crate) invitations: Option<u32>,
    pub(crate) data: PathBuf,
    pub(crate) database: db::Location,
    pub(crate) blobs: blob::Location,
    /// Whether addresses that people type may lead into private networks.
    pub(crate) allow_private: bool,
    mail_server: Option<Server>,
    /// Who letters are from; checked to be an address.
    mail_from: Option<String>,
    pub(crate) log_filter: String,
    pub(crate) log_json: bool,
    /// The configuration file that was named.
    file: Option<PathBuf>,
    values: Values,
}

type Values = BTreeMap<&'static str, (String, Source)>;

impl Config {
    /// Gathers the settings from everywhere and understands them; nothing is made or opened.
    pub(crate) fn load(flags: &Flags) -> Result<Self> {
        let mut values: Values =
            KNOWN.iter().map(|known| (known.key, (known.default.to_owned(), Source::Default))).collect();
        read_file(&mut values, flags.config.as_deref())?;
        read_variables(&mut values)?;
        read_flags(&mut values, flags);
        Ok(Self { file: flags.config.clone(), ..Self::understand(values)? })
    }

    fn understand(values: Values) -> Result<Self> {
        let data = PathBuf::from(&values["storage.data"].0);
        let database = match text(&values, "storage.database") {
            None => db::Location::Sqlite(data.join("enfilade.db")),
            Some(_) => parsed(&values, "storage.database", str::parse)?,
        };
        let blobs = match text(&values, "storage.blobs") {
            None => blob::Location::Folder(data.join("blobs")),
            Some(_) => parsed(&values, "storage.blobs", str::parse)?,
        };
        let proxies =
            |text: &str| text.split(',').map(str::trim).filter(|net| !net.is_empty()).map(net).collect();
        Ok(Self {
            listen: parsed(&values, "server.listen", str::parse::<SocketAddr>)?,
            public_url: optional(&values, "server.public_url", address)?,
            base_domain: optional(&values, "portals.base_domain", domain_name)?,
            registration: parsed(&values, "portals.registration", |text| match text {
                "closed" => Ok(false),
                "open" => Ok(true),
                _ => Err("it is open or closed"),
            })?,
            resolve_by_origin: parsed(&values, "portals.resolve_by_origin", flag)?,
            machine_key: text(&values, "portals.machine_key"),
            test_emails: optional(&values, "portals.test_emails", |text| {
                RegexBuilder::new(text).case_insensitive(true).build()
            })?,
            limits: parsed(&values, "limits.enabled", flag)?,
            invitations: optional(&values, "limits.invitations", |text| {
                text.parse().map_err(|_| format!("it is a number from 0 to {}", u32::MAX))
            })?,
            trusted_proxies: parsed(&values, "server.trusted_proxies", proxies)?,
            allow_private: parsed(&values, "net.allow_private", flag)?,
            mail_server: mail_server(&values)?,
            mail_from: optional(&values, "mail.from", |text| mail::sender(text).map(|_| text.to_owned()))?,
            database,
            blobs,
            data,
            log_filter: values["log.filter"].0.clone(),
            log_json: parsed(&values, "log.format", |text| match text {
                "text" => Ok(false),
                "json" => Ok(true),
                _ => Err("it is text or json"),
            })?,
            file: None,
            values,
        })
    }

    /// The installation's addresses, when its server listens on this port: what links in letters begin with.
    pub(crate) fn addresses(&self, port: u16) -> Addresses {
        let base = self.public_url.clone().unwrap_or_else(|| format!("http://localhost:{port}"));
        Addresses::new(&base, self.base_domain.as_deref())
    }

    /// Where letters go: to the mail server, or into the outbox in the data folder.
    pub(crate) fn post(&self) -> Result<Post> {
        let domain = self.addresses(self.listen.port()).base_domain().to_owned();
        let from = self.mail_from.clone().unwrap_or_else(|| format!("Enfilade <noreply@{domain}>"));
        // Not every place that a server is reached at makes an address.
        let from = mail::sender(&from).or_else(|_| mail::sender("Enfilade <noreply@localhost>"));
        let from = from.map_err(|error| anyhow!("mail.from: {error}"))?;
        match &self.mail_server {
            Some(server) => Ok(Post::to_server(server.clone(), from)?),
            None => Ok(Post::to_outbox(self.data.join(OUTBOX), from)),
        }
    }

    /// The flags another command needs to find the same installation; a database's password is left out.
    pub(crate) fn flags(&self) -> String {
        let file = self.file.as_ref().map(|file| format!(" --config {}", file.display()));
        let given = self.values.values().filter_map(|(value, source)| match source {
            Source::Flag(flag @ ("--data" | "--database" | "--blobs")) => {
                Some(format!(" {flag} {}", without_password(value)))
            }
            _ => None,
        });
        file.into_iter().chain(given).collect()
    }

    /// Each setting on a line: key, value in force, where it came from.
    pub(crate) fn show(&self) -> String {
        let lines = self.values.iter().map(|(key, (value, source))| {
            let value = match (*key, value.as_str(), &self.database, &self.blobs) {
                ("storage.database", "", db::Location::Sqlite(path), _) => {
                    &format!("sqlite:{}", path.display())
                }
                ("storage.blobs", "", _, blob::Location::Folder(path)) => &format!("file:{}", path.display()),
                (_, "", ..) => "(none)",
                ("portals.machine_key" | "mail.smtp_password", ..) => "***",
                _ => value,
            };
            let value = without_password(value);
            format!("{key:<25} {value:<28} # {source}\n")
        });
        lines.collect()
    }
}

/// The program as it was called.
pub(crate) fn program() -> String {
    std::env::args().next().unwrap_or_else(|| "enfilade".to_owned())
}

fn text(values: &Values, key: &str) -> Option<String> {
    Some(values[key].0.clone()).filter(|text| !text.is_empty())
}

fn parsed<T, E: fmt::Display>(values: &Values, key: &str, parse: impl Fn(&str) -> Result<T, E>) -> Result<T> {
    let (text, source) = &values[key];
    parse(text).map_err(|error| anyhow!("{key} is {text:?} ({source}): {error}"))
}

/// The mail server, if there is one.
fn mail_server(values: &Values) -> Result<Option<Server>> {
    let security: Security = parsed(values, "mail.smtp_tls", str::parse)?;
    let port = optional(values, "mail.smtp_port", str::parse::<std::num::NonZeroU16>)?;
    let credentials = match (text(values, "mail.smtp_user"), text(values, "mail.smtp_password")) {
        (Some(user), password) => Some((user, password.unwrap_or_default())),
        (None, Some(_)) => bail!("mail.smtp_password is set, and mail.smtp_user is not"),
        (None, None) => None,
    };
    let server = |host| Server {
        host,
        port: port.map_or(security.port(), std::num::NonZeroU16::get),
        security,
        credentials,
    };
    Ok(text(values, "mail.smtp_host").map(server))
}

/// What a setting means, when it has a value.
fn optional<T, E: fmt::Display>(
    values: &Values,
    key: &str,
    parse: impl Fn(&str) -> Result<T, E>,
) -> Result<Option<T>> {
    text(values, key).map(|_| parsed(values, key, parse)).transpose()
}

fn flag(text: &str) -> Result<bool, &'static str> {
    text.parse().map_err(|_| "it is true or false")
}

/// An address of the web.
fn address(text: &str) -> Result<String, &'static str> {
    let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    match rest {
        Some(rest) if !rest.is_empty() && !rest.starts_with('/') => Ok(text.trim_end_matches('/').to_owned()),
        _ => Err("it begins with https:// or http:// and names a host"),
    }
}

/// A host's name, lower case.
fn domain_name(text: &str) -> Result<String, &'static str> {
    let plain = text.bytes().all(|b| b.is_ascii_alphanumeric() || b"-.".contains(&b));
    if plain && !text.starts_with('.') && !text.ends_with('.') {
        Ok(text.to_ascii_lowercase())
    } else {
        Err("it is a host's name, such as example.org")
    }
}

/// A network, or a single address.
fn net(text: &str) -> Result<IpNet, String> {
    text.parse::<IpNet>()
        .or_else(|_| text.parse::<std::net::IpAddr>().map(IpNet::from))
        .map_err(|_| format!("{text:?} is no address and no network"))
}

/// The address of a database without the password in it.
fn without_password(address: &str) -> String {
    let Some((scheme, rest)) = address.split_once("://") else { return address.to_owned() };
    match rest.split_once('@').and_then(|(user, host)| Some((user.split_once(':')?.0, host))) {
        Some((user, host)) => format!("{scheme}://{user}:***@{host}"),
        None => address.to_owned(),
    }
}

fn key_of(name: &str) -> Option<&'static str> {
    KNOWN.iter().map(|known| known.key).find(|key| *key == name)
}

fn read_file(values: &mut Values, named: Option<&Path>) -> Result<()> {
    let path = named.unwrap_or(Path::new(FILE));
    if named.is_none() && !path.exists() {
        return Ok(());
    }
    let text =
        std::fs::read_to_string(path).with_context(|| format!("the configuration {}", path.display()))?;
    let sections: toml::Table =
        text.parse().with_context(|| format!("the configuration {}", path.display()))?;
    for (section, members) in sections {
        let toml::Value::Table(members) = members else {
            bail!("{}: {section} stands outside a section", path.display())
        };
        for (name, value) in members {
            let name = format!("{section}.{name}");
            let key =
                key_of(&name).ok_or_else(|| anyhow!("{}: there is no setting {name}", path.display()))?;
            values.insert(key, (plain(&value), Source::File(path.to_owned())));
        }
    }
    Ok(())
}

/// A value of the file as the text a variable would hold: lists are joined by commas.
fn plain(value: &toml::Value) -> String {
    match value {
        toml::Value::String(text) => text.clone(),
        toml::Value::Array(items) => items.iter().map(plain).collect::<Vec<_>>().join(","),
        other => other.to_string(),
    }
}

fn read_variables(values: &mut Values) -> Result<()> {
    for (name, value) in std::env::vars_os() {
        // One that is no UTF-8 is none of ours, unless its name begins like ours: then it is refused below.
        let (name, value) = (name.to_string_lossy().into_owned(), value.to_string_lossy().into_owned());
        let Some(setting) = name.strip_prefix(VARIABLE).filter(|_| !name.starts_with(TEST_VARIABLE)) else {
            continue;
        };
        let setting = setting.to_lowercase().replacen("__", ".", 1);
        let key = key_of(&setting)
            .ok_or_else(|| anyhow!("the variable {name} names no setting: they are ENFILADE_SECTION__KEY"))?;
        values.insert(key, (value, Source::Variable(name)));
    }
    Ok(())
}

fn read_flags(values: &mut Values, flags: &Flags) {
    let path = |path: &Option<PathBuf>| path.as_ref().map(|path| path.display().to_string());
    let given = [
        ("server.listen", "--listen", flags.listen.clone()),
        ("storage.data", "--data", path(&flags.data)),
        ("storage.database", "--database", flags.database.clone()),
        ("storage.blobs", "--blobs", flags.blobs.clone()),
    ];
    for (key, flag, value) in given {
        if let Some(value) = value {
            values.insert(key, (value, Source::Flag(flag)));
        }
    }
}
