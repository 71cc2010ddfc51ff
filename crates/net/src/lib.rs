//! The one client for addresses that people type: a picture to fetch, later webhooks.
//!
//! What a stranger may name, the server must not reach on their behalf: the machine itself, its network, the metadata
//! of a cloud. So a name is resolved once, refused if any of its addresses is not public, and the connection goes to
//! the addresses that were looked at; no redirect is followed, no proxy of the environment is used, and time and bytes
//! have limits. It blocks: call it on a thread that may.

mod public;

use std::time::Duration;

use ureq::config::Config;
use ureq::http::Uri;
use ureq::unversioned::resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::{DefaultConnector, NextTimeout};
use ureq::{Agent, Error as Failure};

pub use public::is_public;

/// Resolving, connecting, sending and reading, together.
const TIME: Duration = Duration::from_secs(20);

/// What can go wrong.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The text is no `http` or `https` address.
    #[error("it is no http or https address")]
    NoAddress,
    /// The address is one of this machine or its network.
    #[error("it leads into a private network, which net.allow_private doesn't allow")]
    Private,
    /// There is more than the caller takes.
    #[error("there is more than {0} bytes")]
    TooLong(u64),
    /// The other side didn't answer, or not with the content.
    #[error("{0}")]
    Failed(String),
}

/// The client; cheap to clone.
#[derive(Debug, Clone)]
pub struct Outbound(Agent);

impl Outbound {
    /// A client; one that `allow_private` may also reach this machine and its network.
    pub fn new(allow_private: bool) -> Self {
        let config = Agent::config_builder()
            .timeout_global(Some(TIME))
            .max_redirects(0)
            .max_redirects_will_error(false)
            .http_status_as_error(false)
            .proxy(None)
            // A kept connection would skip the look at its address.
            .max_idle_connections(0)
            .user_agent("Enfilade")
            .build();
        let guarded = Guarded { inner: DefaultResolver::default(), allow_private };
        Self(Agent::with_parts(config, DefaultConnector::default(), guarded))
    }

    /// The content at an address, of at most `limit` bytes.
    pub fn fetch(&self, address: &str, limit: u64) -> Result<Vec<u8>, Error> {
        let address: Uri = address.trim().parse().map_err(|_| Error::NoAddress)?;
        if !matches!(address.scheme_str(), Some("http" | "https")) || address.host().is_none_or(str::is_empty)
        {
            return Err(Error::NoAddress);
        }
        let mut answer = self.0.get(address).call().map_err(|failure| told(failure, limit))?;
        if answer.status() != 200 {
            return Err(Error::Failed(format!("it answers with status {}", answer.status().as_u16())));
        }
        answer.body_mut().with_config().limit(limit).read_to_vec().map_err(|failure| told(failure, limit))
    }
}

fn told(failure: Failure, limit: u64) -> Error {
    match failure {
        Failure::BodyExceedsLimit(_) => Error::TooLong(limit),
        Failure::Other(other) if other.is::<IsPrivate>() => Error::Private,
        other => Error::Failed(other.to_string()),
    }
}

/// Why the resolver refused.
#[derive(Debug, thiserror::Error)]
#[error("a private address")]
struct IsPrivate;

/// Resolves as usual, and then looks at what came of it.
#[derive(Debug)]
struct Guarded {
    inner: DefaultResolver,
    allow_private: bool,
}

impl Resolver for Guarded {
    fn resolve(
        &self,
        uri: &Uri,
        config: &Config,
        timeout: NextTimeout,
    ) -> Result<ResolvedSocketAddrs, Failure> {
        let found = self.inner.resolve(uri, config, timeout)?;
        // All of them must be public: the connection takes whichever answers.
        if self.allow_private || found.iter().all(|address| is_public(address.ip())) {
            Ok(found)
        } else {
            Err(Failure::Other(Box::new(IsPrivate)))
        }
    }
}

#[cfg(test)]
mod tests;
