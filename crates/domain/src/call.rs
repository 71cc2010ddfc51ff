//! Who asks, how they are known, and for which portal.

use std::sync::Arc;

use crate::confirm::Confirmed;
use crate::ids::{KeyId, SessionId};
use crate::keys::Scopes;
use crate::people::Person;
use crate::portals::Portal;
use crate::{Kind, Result};

/// What every verb knows about the request it serves. Built in one place: the gate.
#[derive(Debug, Clone)]
pub struct Call {
    /// The portal the request is for.
    pub portal: Arc<Portal>,
    /// Who asks.
    pub caller: Caller,
    /// How the caller is known.
    pub via: Via,
    /// The program and address the request came from.
    pub client: Client,
    /// The mailed link the request carries, where the endpoint takes one.
    pub confirmed: Option<Arc<Confirmed>>,
}

/// Who asks.
#[derive(Debug, Clone)]
pub enum Caller {
    /// Somebody without credentials, or with bad ones on an endpoint open to all.
    Anyone,
    /// An active account.
    Person(Arc<Person>),
}

/// How the caller is known.
#[derive(Debug, Clone)]
pub enum Via {
    /// Not at all.
    Nothing,
    /// A session's token; `cookie` when it came as a cookie, which browsers send by themselves.
    Session {
        /// The session.
        id: SessionId,
        /// It came in the cookie `asc_auth_key`.
        cookie: bool,
    },
    /// An API key.
    Key {
        /// Which.
        id: KeyId,
        /// What it may be used for.
        scopes: Scopes,
    },
    /// Name and password in the request itself.
    Basic,
    /// A mailed link, for one purpose.
    Link,
    /// The command line, or the server itself.
    System,
}

/// The program and address a request came from, as they go into the audit log.
#[derive(Debug, Clone, Default)]
pub struct Client {
    /// The address, without port.
    pub ip: String,
    /// The `User-Agent`, cut to 400 characters.
    pub user_agent: String,
}

impl Call {
    /// A call of the server itself or its command line.
    pub fn system(portal: Arc<Portal>) -> Self {
        Self { portal, caller: Caller::Anyone, via: Via::System, client: Client::default(), confirmed: None }
    }

    /// The account that asks; `Unauthenticated` when there is none.
    pub fn person(&self) -> Result<&Person> {
        match &self.caller {
            Caller::Person(person) => Ok(person),
            Caller::Anyone => Err(Kind::Unauthenticated.into()),
        }
    }

    /// The account that asks, if there is one.
    pub fn someone(&self) -> Option<&Person> {
        match &self.caller {
            Caller::Person(person) => Some(person),
            Caller::Anyone => None,
        }
    }
}
