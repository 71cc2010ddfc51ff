//! What every handler has at hand: the store, the hashing pool, and what is remembered between requests.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use db::Conn;
use domain::ids::{KeyId, PortalId};
use domain::portals::{Installation, Portal};
use domain::sessions::attempts::Attempts;
use domain::{Result, Store, Timestamp, Tx, idempotency, keys, portals};
use ipnet::IpNet;
use serde::Serialize;

use crate::gate::{Call, Remembered};
use crate::passwords::Passwords;
use crate::reply::Reply;

/// Boot settings that HTTP needs.
#[derive(Debug, Clone, Default)]
pub struct Settings {
    /// Addresses whose `X-Forwarded-*` headers count.
    pub trusted_proxies: Vec<IpNet>,
}

impl Settings {
    /// Whether the headers of this peer count.
    pub(crate) fn trusts(&self, peer: IpAddr) -> bool {
        let peer = peer.to_canonical();
        self.trusted_proxies.iter().any(|net| net.contains(&peer))
    }
}

/// A handle on everything; cheap to clone.
#[derive(Debug, Clone)]
pub struct App(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    store: Store,
    settings: Settings,
    installation: Installation,
    passwords: Passwords,
    attempts: Attempts,
    remembered: Remembered,
    portal: RwLock<Option<(u64, Arc<Portal>)>>,
    uses: Mutex<HashMap<KeyId, Use>>,
}

/// When a key was last used, and whether the database knows.
#[derive(Debug, Clone, Copy)]
struct Use {
    portal: PortalId,
    at: Timestamp,
    written: bool,
}

impl App {
    /// Puts the app together over a founded store. Never call it on a runtime's thread: it reads.
    pub fn new(store: Store, settings: Settings) -> Result<Self> {
        let installation = store.read_blocking(portals::installation)?;
        let passwords = Passwords::start(&installation.password_salt).map_err(domain::Problem::internal)?;
        Ok(Self(Arc::new(Inner {
            store,
            settings,
            installation,
            passwords,
            attempts: Attempts::default(),
            remembered: Remembered::default(),
            portal: RwLock::default(),
            uses: Mutex::default(),
        })))
    }

    /// The store.
    pub fn store(&self) -> &Store {
        &self.0.store
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

    pub(crate) fn attempts(&self) -> &Attempts {
        &self.0.attempts
    }

    pub(crate) fn remembered(&self) -> &Remembered {
        &self.0.remembered
    }

    /// The portal requests are for, read anew when it may have changed.
    pub(crate) async fn portal(&self) -> Result<Arc<Portal>> {
        // The number is taken before reading, so that a change meanwhile makes what was read stale.
        let generation = self.store().generation().now();
        let known = self.0.portal.read().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some((_, portal)) = known.filter(|(read_at, _)| *read_at == generation) {
            return Ok(portal);
        }
        let portal = self.store().read(portals::resolve).await?;
        *self.0.portal.write().unwrap_or_else(PoisonError::into_inner) = Some((generation, portal.clone()));
        Ok(portal)
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
