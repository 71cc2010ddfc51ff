//! The gate: who asks, whether they may ask this at all, and what the handler needs to know of it.
//!
//! Contract: foundation.md §2.1 (credentials), §1.3 (the order of checks), §3 (scopes); deviations.md 5, 9, 10, 25.

use std::ops::Deref;
use std::sync::Arc;

use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, Method, header};
use data_encoding::BASE64;
use domain::call::{Caller, Via};
use domain::idempotency::Ticket;
use domain::ids::PortalId;
use domain::people::Person;
use domain::portals::{self, Portal};
use domain::sessions::attempts::Trier;
use domain::time::SECOND;
use domain::{Kind, Problem, Result, Timestamp, keys, people, sessions, tfa};

use crate::app::App;
use crate::exchange::{Exchange, SEC_FETCH_SITE};
use crate::machine;
use crate::mailed;
use crate::passwords::Secret;
use crate::routes::{Line, Need, Reach};

/// The session cookie's name.
pub(crate) const COOKIE: &str = "asc_auth_key";
const CONFIRM: HeaderName = HeaderName::from_static("confirm");
/// How long a verified Basic header is believed without hashing again.
const BASIC_BELIEVED: i64 = 60 * SECOND;
/// Credentials remembered at most.
const REMEMBERED: u64 = 20_000;

/// What a handler knows of its request: the domain's call, and the facts its reply needs.
#[derive(Debug, Clone)]
pub struct Call {
    call: Arc<domain::Call>,
    exchange: Arc<Exchange>,
}

impl Deref for Call {
    type Target = domain::Call;
    fn deref(&self) -> &domain::Call {
        &self.call
    }
}

impl Call {
    pub(crate) fn exchange(&self) -> &Exchange {
        &self.exchange
    }

    pub(crate) fn line(&self) -> Option<&'static Line> {
        self.exchange.line
    }

    /// The same caller, in another portal: who manages portals from outside.
    pub(crate) fn into_portal(self, portal: Arc<Portal>) -> domain::Call {
        domain::Call { portal, ..domain::Call::clone(&self.call) }
    }

    /// Whether an absent body would reset settings, and so must not pass for `{}` (deviations.md 1).
    pub(crate) fn overwrites_settings(&self) -> bool {
        self.line().is_some_and(|line| line.path.starts_with("/api/2.0/settings/"))
    }

    pub(crate) fn note_body(&self, digest: [u8; 32]) {
        // A second body is impossible: it was consumed.
        let _ = self.exchange.body_digest.set(digest);
    }

    /// What stands for this request under its `Idempotency-Key`, if it is a write by an account that has one.
    pub(crate) fn ticket(&self) -> Option<Ticket> {
        use sha2::{Digest, Sha256};
        let writes = matches!(self.exchange.method, Method::POST | Method::PUT | Method::DELETE);
        let key = self.exchange.idempotency_key.filter(|_| writes)?;
        self.someone()?;
        let mut request = Sha256::new();
        request.update(self.exchange.method.as_str());
        request.update([0]);
        request.update(self.exchange.path_and_query());
        request.update([0]);
        request.update(self.exchange.body_digest.get().unwrap_or(&[0; 32]));
        Some(Ticket { key, request: request.finalize().into() })
    }
}

/// Credentials that were checked, by their SHA-256; stale when portals, people, sessions or keys change.
#[derive(Debug)]
pub(crate) struct Remembered(moka::sync::Cache<Slot, Arc<Identity>>);

impl Default for Remembered {
    fn default() -> Self {
        Self(moka::sync::Cache::new(REMEMBERED))
    }
}

impl Remembered {
    fn get(&self, slot: &Slot, generation: u64, now: Timestamp) -> Option<Arc<Identity>> {
        let known = self.0.get(slot)?;
        let fresh = known.generation == generation && known.ends_at.is_none_or(|end| now < end);
        fresh.then_some(known)
    }
}

/// Whom a credential stands for.
#[derive(Debug, Clone)]
struct Identity {
    person: Arc<Person>,
    via: Via,
    ends_at: Option<Timestamp>,
    generation: u64,
}

/// What a request offers to be known by.
enum Credential {
    None,
    Key(String),
    Token { text: String, cookie: bool },
    Basic(String),
}

/// Opens the gate for a request, or refuses: 401, then the scope's 403 (foundation.md §1.3).
pub(crate) async fn enter(parts: &mut Parts, app: &App) -> Result<Call> {
    let exchange = parts
        .extensions
        .get::<Arc<Exchange>>()
        .cloned()
        .ok_or_else(|| Problem::internal("outside the table"))?;
    let portal = place(app, &exchange, &parts.headers).await?;
    let need = exchange.line.map_or(Need::Guest, |line| line.need);
    let identified = identify(app, &portal, &parts.headers, &exchange).await;
    let known = identified.as_ref().ok().and_then(Option::as_ref);
    let known = known.map(|identity| Caller::Person(identity.person.clone()));
    app.limits().admit(&exchange, known.as_ref(), app.store().now())?;
    let (caller, via) = match identified {
        Ok(Some(identity)) => (Caller::Person(identity.person.clone()), identity.via.clone()),
        Ok(None) => (Caller::Anyone, Via::Nothing),
        // On endpoints open to all, bad credentials count as none, whatever is wrong with them.
        Err(problem) if counts_as_none(need, &problem) => {
            let _ = exchange.overlooked.set(problem);
            (Caller::Anyone, Via::Nothing)
        }
        Err(problem) => return Err(problem),
    };
    let (caller, via) = match check_site(app, &exchange, &via, &parts.headers).await {
        Ok(()) => (caller, via),
        // Who may be anybody isn't refused for a cookie that a browser sent by itself: it doesn't count.
        Err(problem) if counts_as_none(need, &problem) => {
            let _ = exchange.overlooked.set(problem);
            (Caller::Anyone, Via::Nothing)
        }
        Err(problem) => return Err(problem),
    };
    let (caller, via) = check_address(app, &portal, &exchange, need, caller, via).await?;
    if need.wants_account() && matches!(caller, Caller::Anyone) {
        return Err(Kind::Unauthenticated.into());
    }
    let (caller, via, confirmed) = mailed::admit(app, &portal, need, &parts.headers, caller, via).await?;
    let via = if need == Need::System { machine::admit(app, &caller, via, &parts.headers)? } else { via };
    check_scope(&exchange, &via)?;
    check_set_up(app, &portal, need, &caller, &parts.headers).await?;
    if let Via::Key { id, .. } = via {
        app.note_use(portal.id, id, app.store().now());
    }
    let client = domain::call::Client::clone(&exchange.client);
    Ok(Call { call: Arc::new(domain::Call { portal, caller, via, client, confirmed }), exchange })
}

/// Holds a known caller's address against the portal's list (foundation.md §4.10). On endpoints open to all, somebody
/// at the wrong address counts as nobody.
async fn check_address(
    app: &App,
    portal: &Portal,
    exchange: &Exchange,
    need: Need,
    caller: Caller,
    via: Via,
) -> Result<(Caller, Via)> {
    let Caller::Person(person) = &caller else { return Ok((caller, via)) };
    let rules = app.rules(portal.id).await?;
    match (rules.addresses.admit(person, &exchange.client.ip), need) {
        (true, _) => Ok((caller, via)),
        (false, Need::Anyone) => Ok((Caller::Anyone, Via::Nothing)),
        (false, _) => Err(Kind::AddressDenied.into()),
    }
}

/// The portal a request is for. One that is suspended, and none at all, will do for some lines.
async fn place(app: &App, exchange: &Exchange, headers: &HeaderMap) -> Result<Arc<Portal>> {
    let origin = headers.get(header::ORIGIN).and_then(|origin| origin.to_str().ok());
    let found = app.portal(origin, &exchange.base).await?;
    let reach = exchange.line.map_or(Reach::Active, |line| line.reach);
    match found {
        Some(portal) if portal.status == portals::ACTIVE || reach != Reach::Active => Ok(portal),
        None if reach == Reach::Anywhere => Ok(Arc::new(Portal::none())),
        _ => Err(Kind::PortalNotFound.into()),
    }
}

/// Whether bad credentials count as none here. On endpoints open to all they do, whatever is wrong with them; where a
/// link would do instead of an account, a key that is no longer good is worth being told.
fn counts_as_none(need: Need, problem: &Problem) -> bool {
    let bad_key = matches!(problem.kind(), Kind::KeyInvalid | Kind::KeyExpired);
    !need.wants_account() && problem.kind().entry().status < 500 && !(need == Need::Link && bad_key)
}

fn check_scope(exchange: &Exchange, via: &Via) -> Result<()> {
    match (via, exchange.line) {
        (Via::Key { scopes, .. }, Some(line)) if !scopes.open(line.scope) => Err(Kind::ScopeMissing.into()),
        _ => Ok(()),
    }
}

/// A cookie is sent by browsers on their own: it may write only for pages of this server.
async fn check_site(app: &App, exchange: &Exchange, via: &Via, headers: &HeaderMap) -> Result<()> {
    let by_cookie = matches!(via, Via::Session { cookie: true, .. });
    if !by_cookie || matches!(exchange.method, Method::GET | Method::HEAD) {
        return Ok(());
    }
    let text = |name: &HeaderName| headers.get(name).map(|value| value.to_str().unwrap_or("?"));
    let own = match (text(&SEC_FETCH_SITE), text(&header::ORIGIN)) {
        (Some(site), _) => matches!(site, "same-origin" | "none"),
        (None, None) => true,
        (None, Some(origin)) => {
            host(origin).eq_ignore_ascii_case(host(&exchange.base))
                // The portal's own name: the request, and so its cookie, is for that very portal.
                || app.portal_of_origin(Some(origin)).await?.is_some()
        }
    };
    if own { Ok(()) } else { Err(Kind::CrossSite.into()) }
}

/// An origin without its scheme, which a proxy we don't trust may have changed.
fn host(origin: &str) -> &str {
    origin.split_once("://").map_or("?", |(_, host)| host)
}

/// The token in `confirm: type=Wizard&key=…` (foundation.md §2.6, deviations.md 25).
pub(crate) fn setup_token(headers: &HeaderMap) -> Option<String> {
    let confirm = headers.get(CONFIRM)?.to_str().ok()?;
    let mut confirm = crate::bind::Query::parse(confirm.trim_start_matches('?'));
    let is_wizard = confirm.text("type").is_some_and(|kind| kind.eq_ignore_ascii_case("Wizard"));
    confirm.text("key").filter(|_| is_wizard)
}

/// The one-time token, where a line takes one. Without one, somebody with an account lacks a right, and a stranger
/// credentials (foundation.md §2.6). Once there is an owner every token is void.
async fn check_set_up(
    app: &App,
    portal: &Portal,
    need: Need,
    caller: &Caller,
    headers: &HeaderMap,
) -> Result<()> {
    let known = matches!(caller, Caller::Person(_));
    // A portal may have been registered without a password: its owner, signed in by a link, sets it up.
    let settles_in = !portal.owned && matches!(caller, Caller::Person(person) if person.is_owner);
    let token = match (need, setup_token(headers)) {
        (Need::SetUp, Some(token)) => token,
        (Need::SetUpOrAdmin, Some(token)) if !known => token,
        (Need::SetUp, None) if settles_in => return Ok(()),
        (Need::SetUp, None) if known => return Err(Kind::AccessDenied.into()),
        (Need::SetUp, None) => return Err(Kind::SetupTokenInvalid.into()),
        (Need::SetUpOrAdmin, None) if !known => return Err(Kind::Unauthenticated.into()),
        _ => return Ok(()),
    };
    let id = portal.id;
    app.store().read(move |conn| portals::check_setup_token(conn, id, &token)).await
}

/// What the request offers: the `Authorization` header, else the cookie (deviations.md 9, 10).
fn credential(headers: &HeaderMap) -> Credential {
    let Some(value) = headers.get(header::AUTHORIZATION) else {
        return cookie(headers).map_or(Credential::None, |text| Credential::Token { text, cookie: true });
    };
    let value = value.to_str().unwrap_or_default().trim();
    if let Some(pair) = strip_scheme(value, "Basic ") {
        return Credential::Basic(pair.to_owned());
    }
    let text = strip_scheme(value, "Bearer ").unwrap_or(value);
    if text.starts_with(keys::PREFIX) {
        Credential::Key(text.to_owned())
    } else {
        Credential::Token { text: decoded(text), cookie: false }
    }
}

fn strip_scheme<'v>(value: &'v str, scheme: &str) -> Option<&'v str> {
    let head = value.get(..scheme.len())?;
    head.eq_ignore_ascii_case(scheme).then(|| value[scheme.len()..].trim())
}

/// The session cookie's value.
pub(crate) fn cookie(headers: &HeaderMap) -> Option<String> {
    let cookies = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let pairs = cookies.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs
        .filter(|(name, value)| *name == COOKIE && !value.is_empty())
        .map(|(_, value)| decoded(value.trim_matches('"')))
        .next()
}

/// Tokens may come URL-encoded.
fn decoded(text: &str) -> String {
    percent_encoding::percent_decode_str(text).decode_utf8_lossy().into_owned()
}

async fn identify(
    app: &App,
    portal: &Arc<Portal>,
    headers: &HeaderMap,
    exchange: &Exchange,
) -> Result<Option<Arc<Identity>>> {
    let offered = credential(headers);
    let (text, missing) = match &offered {
        Credential::None => return Ok(None),
        Credential::Key(text) => (text, Kind::KeyInvalid),
        Credential::Token { text, .. } => (text, Kind::SessionInvalid),
        Credential::Basic(text) => (text, Kind::SignInFailed),
    };
    let hash = sessions::token_hash(text);
    let slot = slot(portal, &offered, hash);
    let now = app.store().now();
    let generation = app.store().generation().now();
    if let Some(known) = app.remembered().get(&slot, generation, now) {
        return Ok(Some(known));
    }
    // The same name and password, sent many times at once, is checked once.
    let turn = matches!(offered, Credential::Basic(_)).then(|| app.passwords().turn(text));
    let _held = match &turn {
        Some(turn) => Some(turn.lock().await),
        None => None,
    };
    if let Some(known) = app.remembered().get(&slot, generation, now).filter(|_| turn.is_some()) {
        return Ok(Some(known));
    }
    let found = match offered {
        Credential::Key(_) => by_key(app, portal, hash, now).await?,
        Credential::Token { cookie, .. } => by_session(app, portal, hash, cookie, now).await?,
        Credential::Basic(pair) => by_basic(app, portal, &pair, exchange, now).await?,
        Credential::None => None,
    };
    let (person, via, ends_at) = found.ok_or(missing)?;
    let identity = Arc::new(Identity { person: Arc::new(person), via, ends_at, generation });
    app.remembered().0.insert(slot, identity.clone());
    Ok(Some(identity))
}

/// Where a credential is remembered: for its portal alone, and a cookie's token apart from the same one in a header,
/// which may do more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct Slot {
    portal: PortalId,
    form: u8,
    hash: [u8; 32],
}

fn slot(portal: &Portal, offered: &Credential, hash: [u8; 32]) -> Slot {
    let form = match offered {
        Credential::Token { cookie: true, .. } => 1,
        Credential::Basic(_) => 2,
        _ => 0,
    };
    Slot { portal: portal.id, form, hash }
}

type Found = Option<(Person, Via, Option<Timestamp>)>;

async fn by_key(app: &App, portal: &Arc<Portal>, hash: [u8; 32], now: Timestamp) -> Result<Found> {
    let portal = portal.clone();
    let found = app.store().read(move |conn| keys::find(conn, &portal, &hash)).await?;
    let Some((key, person)) = found.filter(|(key, person)| key.is_active && person.is_active()) else {
        return Ok(None);
    };
    if key.is_expired(now) {
        return Err(Kind::KeyExpired.into());
    }
    let via = Via::Key { id: key.id, scopes: key.scopes() };
    Ok(Some((person, via, key.expires_at)))
}

async fn by_session(
    app: &App,
    portal: &Arc<Portal>,
    hash: [u8; 32],
    cookie: bool,
    now: Timestamp,
) -> Result<Found> {
    let portal = portal.clone();
    let found = app.store().read(move |conn| sessions::find(conn, &portal, &hash, now)).await?;
    let found = found.filter(|(_, person)| person.is_active());
    Ok(found
        .map(|(session, person)| (person, Via::Session { id: session.id, cookie }, Some(session.expires_at))))
}

async fn by_basic(
    app: &App,
    portal: &Arc<Portal>,
    pair: &str,
    exchange: &Exchange,
    now: Timestamp,
) -> Result<Found> {
    let pair = BASE64
        .decode(pair.as_bytes())
        .ok()
        .and_then(|bytes| String::from_utf8(bytes).ok())
        .unwrap_or_default();
    // No account has a name with U+0000 in it, and no database can be asked for one (deviations.md 26).
    let Some((login, password)) = pair.split_once(':').filter(|_| !pair.contains('\0')) else {
        return Ok(None);
    };
    let secret = Secret::Plain(password.to_owned());
    let person = check_password(app, portal, login, secret, &exchange.client.ip).await?;
    // A password alone isn't enough where a second factor is asked for.
    let (place, asked, ip) = (portal.clone(), person.clone(), exchange.client.ip.clone());
    if app.store().read(move |conn| tfa::is_asked(conn, &place, &asked, &ip)).await? {
        return Ok(None);
    }
    Ok(Some((person, Via::Basic, Some(now.plus(BASIC_BELIEVED)))))
}

/// The active account behind a login and its password (foundation.md §2.3).
///
/// Fails with `SignInFailed`, `UserDisabled`, `TooManyAttempts`, or `Busy`. Unknown logins cost what known ones do.
pub(crate) async fn check_password(
    app: &App,
    portal: &Arc<Portal>,
    login: &str,
    secret: Secret,
    ip: &str,
) -> Result<Person> {
    let login = login.trim().to_owned();
    let limits = app.rules(portal.id).await?.login.limits();
    let who = Trier::login(portal.id, &login, ip);
    let turn = app.passwords().turn(who.as_str());
    let _held = turn.lock().await;
    if !app.attempts().may_try(limits, &who, app.store().now()) {
        return Err(Kind::TooManyAttempts.into());
    }
    let (portal, wanted) = (portal.clone(), login.clone());
    let found = app.store().read(move |conn| people::find_login(conn, &portal, &wanted)).await?;
    let (person, stored) = found.map_or((None, None), |(person, stored)| (Some(person), stored));
    let fits = app.passwords().verify(secret, stored).await?;
    let Some(person) = person.filter(|_| fits) else {
        app.attempts().fail(&who, app.store().now());
        return Err(Kind::SignInFailed.into());
    };
    if person.is_active() { Ok(person) } else { Err(Kind::UserDisabled.into()) }
}
