//! What every handler has at hand: the store, the hashing pool, and what is remembered between requests.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};

use blob::Blobs;
use db::Conn;
use domain::ids::{KeyId, PortalId};
use domain::people::Partly;
use domain::portal_settings::{self, Rules};
use domain::portals::{Installation, Portal};
use domain::sessions::attempts::Attempts;
use domain::{Client, Result, Store, Timestamp, Tx, idempotency, keys, portals};
use ipnet::IpNet;
use moka::sync::Cache;
use net::Outbound;
use regex::Regex;
use serde::Serialize;

use crate::gate::{Call, Remembered};
use crate::limits::Limits;
use crate::passwords::Passwords;
use crate::pool::Pool;
use crate::reply::Reply;

/// Boot settings that HTTP needs.
#[derive(Debug, Clone, Default)]
pub struct Settings {
    /// Addresses whose `X-Forwarded-*` headers count.
    pub trusted_proxies: Vec<IpNet>,
    /// Whether the `Origin` header chooses the portal (deviations.md 12).
    pub resolve_by_origin: bool,
    /// Whether portals are registered over HTTP, and deleted at once by any owner (deviations.md 12).
    pub registration: bool,
    /// Who signs with it manages every portal (deviations.md 27).
    pub machine_key: Option<String>,
    /// Addresses of test runs, whose portals may be deleted at once (foundation.md §4.2).
    pub test_emails: Option<Regex>,
    /// Whether the rate of requests is limited (foundation.md §6).
    pub limits: bool,
    /// While it is: how many people a portal may invite by mail in a day. None: any number.
    pub invitations: Option<u32>,
    /// Whether addresses that people type may lead into private networks.
    pub allow_private: bool,
}

impl Settings {
    /// Whether this is an address of test runs; dots before `@gmail.com` don't matter.
    pub(crate) fn is_test_email(&self, email: &str) -> bool {
        let email = email.trim().to_lowercase();
        let plain = match email.strip_suffix("@gmail.com") {
            Some(name) => format!("{}@gmail.com", name.replace('.', "")),
            None => email,
        };
        self.test_emails.as_ref().is_some_and(|pattern| pattern.is_match(&plain))
    }

    /// Whether the headers of this peer count.
    pub(crate) fn trusts(&self, peer: IpAddr) -> bool {
        let peer = peer.to_canonical();
        self.trusted_proxies.iter().any(|net| net.contains(&peer))
    }
}

/// Addresses fetched at once.
const FETCHES: usize = 4;

/// A handle on everything; cheap to clone.
#[derive(Debug, Clone)]
pub struct App(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    store: Store,
    blobs: Blobs,
    outbound: Outbound,
    pictures: Pool,
    fetches: Pool,
    settings: Settings,
    installation: Installation,
    passwords: Passwords,
    attempts: Attempts,
    remembered: Remembered,
    portals: Cache<Name, Known>,
    rules: Cache<PortalId, (u64, Arc<Rules>)>,
    limits: Limits,
    uses: Mutex<HashMap<KeyId, Use>>,
}

/// A name that may stand for a portal.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Name {
    /// From an `Origin` header.
    Origin(String),
    /// From the address of a request.
    Host(String),
}

/// What a name stood for, and under which number of the generation it did.
#[derive(Debug, Clone)]
struct Known {
    read_at: u64,
    portal: Option<Arc<Portal>>,
}

/// Names remembered at most, those that stand for nothing included.
const NAMES: u64 = 4096;

/// When a key was last used, and whether the database knows.
#[derive(Debug, Clone, Copy)]
struct Use {
    portal: PortalId,
    at: Timestamp,
    written: bool,
}

impl App {
    /// Puts the app together over a founded store. Never call it on a runtime's thread: it reads.
    pub fn new(store: Store, blobs: Blobs, settings: Settings) -> Result<Self> {
        let installation = store.read_blocking(portals::installation)?;
        let passwords = Passwords::start(&installation.password_salt).map_err(domain::Problem::internal)?;
        let limits = Limits::new(settings.limits, settings.invitations);
        Ok(Self(Arc::new(Inner {
            store,
            blobs,
            outbound: Outbound::new(settings.allow_private),
            pictures: Pool::of_cores(),
            fetches: Pool::new(FETCHES),
            settings,
            installation,
            passwords,
            attempts: Attempts::default(),
            remembered: Remembered::default(),
            portals: Cache::new(NAMES),
            rules: Cache::new(NAMES),
            limits,
            uses: Mutex::default(),
        })))
    }

    /// The store.
    pub fn store(&self) -> &Store {
        &self.0.store
    }

    /// The contents of files. They block: use them on a thread of a pool, or of [`tokio::task::spawn_blocking`].
    pub(crate) fn blobs(&self) -> &Blobs {
        &self.0.blobs
    }

    /// The client for addresses that people type; it blocks.
    pub(crate) fn outbound(&self) -> &Outbound {
        &self.0.outbound
    }

    /// Where work on pictures is done.
    pub(crate) fn pictures(&self) -> &Pool {
        &self.0.pictures
    }

    /// Where what people typed is fetched.
    pub(crate) fn fetches(&self) -> &Pool {
        &self.0.fetches
    }

    pub(crate) fn settings(&self) -> &Settings {
        &self.0.settings
    }

    pub(crate) fn installation(&self) -> &Installation {
        &self.0.installation
    }

    pub(crate) fn passwords(&self) -> &Passwords {
        &self.0.passwords
    }

    pub(crate) fn limits(&self) -> &Limits {
        &self.0.limits
    }

    pub(crate) fn attempts(&self) -> &Attempts {
        &self.0.attempts
    }

    pub(crate) fn remembered(&self) -> &Remembered {
        &self.0.remembered
    }

    /// The portal a request is for: by its `Origin`, where that may choose, else by the host it was sent to
    /// (foundation.md §4.1). None when there is no such portal.
    pub(crate) async fn portal(&self, origin: Option<&str>, host: &str) -> Result<Option<Arc<Portal>>> {
        if let Some(portal) = self.portal_of_origin(origin).await? {
            return Ok(Some(portal));
        }
        match portals::host_name(host) {
            Some(name) => self.named(Name::Host(name)).await,
            None => self.named(Name::Host(String::new())).await,
        }
    }

    /// The portal that an `Origin` header names exactly, where that header counts (deviations.md 12).
    pub(crate) async fn portal_of_origin(&self, origin: Option<&str>) -> Result<Option<Arc<Portal>>> {
        let origin = origin.filter(|_| self.settings().resolve_by_origin).and_then(portals::host_name);
        match origin {
            Some(name) => self.named(Name::Origin(name)).await,
            None => Ok(None),
        }
    }

    /// The portal a name stands for, read anew when it may have changed.
    async fn named(&self, name: Name) -> Result<Option<Arc<Portal>>> {
        // The number is taken before reading, so that a change meanwhile makes what was read stale.
        let read_at = self.store().generation().now();
        if let Some(known) = self.0.portals.get(&name).filter(|known| known.read_at == read_at) {
            return Ok(known.portal);
        }
        let (store, wanted) = (self.store().clone(), name.clone());
        let portal = self
            .store()
            .read(move |conn| match &wanted {
                Name::Origin(name) => portals::by_exact_name(conn, store.addresses(), name),
                Name::Host(name) => portals::by_host(conn, store.addresses(), name),
            })
            .await?;
        self.0.portals.insert(name, Known { read_at, portal: portal.clone() });
        Ok(portal)
    }

    /// What the requests of a portal are held against, read anew when it may have changed.
    pub(crate) async fn rules(&self, portal: PortalId) -> Result<Arc<Rules>> {
        let read_at = self.store().generation().now();
        if let Some((_, rules)) = self.0.rules.get(&portal).filter(|(known_at, _)| *known_at == read_at) {
            return Ok(rules);
        }
        let rules = self.store().read(move |conn| portal_settings::rules(conn, portal).map(Arc::new)).await?;
        self.0.rules.insert(portal, (read_at, rules.clone()));
        Ok(rules)
    }

    /// Runs a read unit for a caller.
    pub(crate) async fn read<T: Send + 'static>(
        &self,
        call: Call,
        unit: impl Fn(&mut Conn, &Call) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        self.store().read(move |conn| unit(conn, &call)).await
    }

    /// Runs a write unit for a caller: the only way a handler carries out a request. Under an `Idempotency-Key` the first reply is
    /// looked up and kept in the same transaction, so that a crash can't carry a request out twice.
    ///
    /// Contract: deviations.md 13.
    pub(crate) async fn write<T: Serialize + Send + 'static>(
        &self,
        call: Call,
        unit: impl Fn(&mut Tx<'_>, &Call) -> Result<Reply<T>> + Send + 'static,
    ) -> Result<Reply<T>> {
        let (inner, ticket) = (domain::Call::clone(&call), call.ticket());
        let unit = move |tx: &mut Tx<'_>| {
            let Some(ticket) = &ticket else { return unit(tx, &call) };
            if let Some(kept) = idempotency::find(tx, &call, ticket)? {
                return Reply::from_kept(&kept);
            }
            let reply = unit(tx, &call)?;
            idempotency::keep(tx, &call, ticket, &reply.kept()?)?;
            Ok(reply)
        };
        self.store().write(inner, unit).await
    }

    /// [`App::write`] for calls on several that keep what was done before one is refused: the unit is committed, and the
    /// refusal is the answer.
    pub(crate) async fn write_partly<T: Serialize + Send + 'static>(
        &self,
        call: Call,
        unit: impl Fn(&mut Tx<'_>, &Call) -> Result<Partly<Reply<T>>> + Send + 'static,
    ) -> Result<Reply<T>> {
        let (inner, ticket) = (domain::Call::clone(&call), call.ticket());
        let unit = move |tx: &mut Tx<'_>| {
            let kept = ticket.as_ref().map(|ticket| idempotency::find(tx, &call, ticket)).transpose()?;
            if let Some(kept) = kept.flatten() {
                return Reply::from_kept(&kept).map(Ok);
            }
            let outcome = unit(tx, &call)?;
            if let (Some(ticket), Ok(reply)) = (&ticket, &outcome) {
                idempotency::keep(tx, &call, ticket, &reply.kept()?)?;
            }
            Ok(outcome)
        };
        self.store().write(inner, unit).await?
    }

    /// Runs a write unit that founds a portal.
    pub(crate) async fn found<T: Send + 'static>(
        &self,
        call: &Call,
        unit: impl Fn(&mut Tx<'_>) -> Result<(Arc<Portal>, T)> + Send + 'static,
    ) -> Result<(Arc<Portal>, T)> {
        self.store().found(Client::clone(&call.exchange().client), unit).await
    }

    /// Runs a write unit that is no answer to the caller's request, but follows from it: a failed sign-in for the log,
    /// an order of a list that becomes the default.
    pub(crate) async fn note(
        &self,
        call: Call,
        unit: impl Fn(&mut Tx<'_>, &Call) -> Result<()> + Send + 'static,
    ) -> Result<()> {
        let inner = domain::Call::clone(&call);
        self.store().write(inner, move |tx| unit(tx, &call)).await
    }

    /// Remembers that a key was used; the database learns it in the background.
    pub(crate) fn note_use(&self, portal: PortalId, key: KeyId, at: Timestamp) {
        let mut uses = self.0.uses.lock().unwrap_or_else(PoisonError::into_inner);
        uses.insert(key, Use { portal, at, written: false });
    }

    /// When a key was last used, as far as this process knows.
    pub(crate) fn last_use(&self, key: KeyId) -> Option<Timestamp> {
        let uses = self.0.uses.lock().unwrap_or_else(PoisonError::into_inner);
        uses.get(&key).map(|used| used.at)
    }

    /// Writes down the uses of keys since the last time. Blocks; for the background thread and the shutdown.
    pub fn write_uses(&self) -> Result<()> {
        let fresh: Vec<(PortalId, KeyId, Timestamp)> = {
            let mut uses = self.0.uses.lock().unwrap_or_else(PoisonError::into_inner);
            // What was written in an earlier round is in the database: nobody needs it here.
            uses.retain(|_, used| !used.written);
            let fresh = uses.iter_mut().filter(|(_, used)| !used.written);
            fresh
                .map(|(key, used)| {
                    used.written = true;
                    (used.portal, *key, used.at)
                })
                .collect()
        };
        if fresh.is_empty() {
            return Ok(());
        }
        let written = fresh.clone();
        self.store().upkeep_blocking(move |tx| keys::note_uses(tx, &fresh)).inspect_err(|_| {
            // The next round tries again.
            let mut uses = self.0.uses.lock().unwrap_or_else(PoisonError::into_inner);
            for (_, key, _) in &written {
                if let Some(used) = uses.get_mut(key) {
                    used.written = false;
                }
            }
        })
    }
}
