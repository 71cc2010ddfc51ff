//! Letters on their way out: to a mail server by SMTP, or, where none is configured, into a folder, one `.eml` each, for
//! the administrator to read and pass on. It blocks: call it on a thread that may.

mod form;
mod outbox;

use std::fmt;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use lettre::message::Mailbox;
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Tls, TlsParameters};
use lettre::{SmtpTransport, Transport as _};

/// Connecting, and each answer of the server.
const PATIENCE: Duration = Duration::from_secs(15);
/// How long a server that could not be reached is left alone: other work waits behind each try.
const REST: Duration = Duration::from_secs(30);

/// A letter, as the program writes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letter {
    /// The recipient's address.
    pub to: String,
    /// The recipient's name; empty when it isn't known.
    pub to_name: String,
    /// The subject.
    pub subject: String,
    /// The text, paragraphs parted by an empty line.
    pub text: String,
    /// What the recipient is to open: the words for it and the address.
    pub link: Option<(String, String)>,
}

/// How the connection to a mail server is secured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Security {
    /// It begins plain and must go over to TLS.
    StartTls,
    /// TLS from the first byte.
    Tls,
    /// None at all.
    Plain,
}

impl std::str::FromStr for Security {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "starttls" => Ok(Self::StartTls),
            "tls" => Ok(Self::Tls),
            "none" => Ok(Self::Plain),
            _ => Err("it is starttls, tls or none"),
        }
    }
}

impl Security {
    /// The port that goes with it.
    pub fn port(self) -> u16 {
        match self {
            Self::StartTls => 587,
            Self::Tls => 465,
            Self::Plain => 25,
        }
    }
}

/// A mail server.
#[derive(Clone)]
pub struct Server {
    /// Its name.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// How the connection is secured.
    pub security: Security,
    /// Name and password, if it asks for them.
    pub credentials: Option<(String, String)>,
}

impl fmt::Debug for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.host, self.port)
    }
}

/// What can go wrong.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The letter can't be sent, now or later: an address is none.
    #[error("the letter can't be sent: {0}")]
    Unsendable(String),
    /// The mail server, or the folder, doesn't take it now.
    #[error("{0}")]
    Failed(String),
}

/// Where letters go; cheap to clone.
#[derive(Debug, Clone)]
pub struct Post {
    from: Mailbox,
    way: Way,
}

#[derive(Debug, Clone)]
enum Way {
    Server { server: Server, transport: SmtpTransport, down_since: Arc<Mutex<Option<Instant>>> },
    Outbox(PathBuf),
    Caught(Arc<Mutex<Vec<Letter>>>),
}

/// Understands a sender: `someone@example.org`, or `Name <someone@example.org>`.
pub fn sender(text: &str) -> Result<Mailbox, String> {
    text.parse().map_err(|_| "it is no e-mail address".to_owned())
}

impl Post {
    /// Letters go to a mail server. Nothing is connected yet.
    pub fn to_server(server: Server, from: Mailbox) -> Result<Self, Error> {
        let tls =
            || TlsParameters::new(server.host.clone()).map_err(|error| Error::Failed(error.to_string()));
        let mut builder = SmtpTransport::builder_dangerous(&server.host)
            .port(server.port)
            .timeout(Some(PATIENCE))
            .tls(match server.security {
                Security::StartTls => Tls::Required(tls()?),
                Security::Tls => Tls::Wrapper(tls()?),
                Security::Plain => Tls::None,
            });
        if let Some((name, password)) = &server.credentials {
            builder = builder.credentials(Credentials::new(name.clone(), password.clone()));
        }
        let way = Way::Server { server, transport: builder.build(), down_since: Arc::default() };
        Ok(Self { from, way })
    }

    /// Letters become files in a folder, which is made when the first one comes.
    pub fn to_outbox(folder: PathBuf, from: Mailbox) -> Self {
        Self { from, way: Way::Outbox(folder) }
    }

    /// Letters are kept in memory, for tests to read.
    pub fn caught(from: Mailbox) -> Self {
        Self { from, way: Way::Caught(Arc::default()) }
    }

    /// The letters that were caught so far.
    pub fn letters(&self) -> Vec<Letter> {
        match &self.way {
            Way::Caught(letters) => letters.lock().unwrap_or_else(PoisonError::into_inner).clone(),
            _ => Vec::new(),
        }
    }

    /// Sends a letter. When it returns, the server has taken it, or it is on the disk.
    pub fn send(&self, letter: &Letter) -> Result<(), Error> {
        let message = form::message(letter, &self.from)?;
        match &self.way {
            Way::Server { transport, down_since, .. } => {
                let mut down = down_since.lock().unwrap_or_else(PoisonError::into_inner);
                if down.is_some_and(|since| since.elapsed() < REST) {
                    return Err(Error::Failed("the mail server could not be reached just now".to_owned()));
                }
                let sent = transport.send(&message);
                // One that answers, if only to refuse this letter, may like the next one better.
                let unreachable = sent.as_ref().is_err_and(|error| error.status().is_none());
                *down = unreachable.then(Instant::now);
                sent.map(drop).map_err(|error| Error::Failed(told(&error)))
            }
            Way::Outbox(folder) => outbox::put(folder, &message.formatted())
                .map_err(|error| Error::Failed(format!("{}: {error}", folder.display()))),
            Way::Caught(letters) => {
                letters.lock().unwrap_or_else(PoisonError::into_inner).push(letter.clone());
                Ok(())
            }
        }
    }

    /// Says where letters go, after asking the mail server whether it is there and takes the password.
    pub fn examine(&self) -> Result<String, Error> {
        match &self.way {
            Way::Server { server, transport, .. } => match transport.test_connection() {
                Ok(true) => Ok(format!("{} at {server:?} takes letters", self.from.email)),
                Ok(false) => Err(Error::Failed(format!("{server:?} doesn't answer as a mail server"))),
                Err(error) => Err(Error::Failed(format!("{server:?}: {}", told(&error)))),
            },
            Way::Outbox(folder) => {
                Ok(format!("no mail server is set (mail.smtp_host): letters go into {}", folder.display()))
            }
            Way::Caught(_) => Ok("letters are kept in memory".to_owned()),
        }
    }
}

/// An error with its causes, of which the first line says little.
fn told(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        let more = error.to_string();
        if !text.contains(&more) {
            text = format!("{text}: {more}");
        }
        cause = error.source();
    }
    text
}

#[cfg(test)]
mod tests;
