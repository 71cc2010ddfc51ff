//! The facts of one request that its reply and its log line need.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, OnceLock};
use std::time::Instant;

use axum::extract::Request;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, Uri, header};
use sha2::{Digest, Sha256};

use crate::app::App;
use crate::bind::Query;
use crate::limits::{Permit, Standing};
use crate::routes::Line;
use domain::call::Client;
use domain::{Kind, Problem};

/// The address a connection comes from; put into every request by the server.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Peer(pub(crate) SocketAddr);

/// The address of a request before it was normalised.
#[derive(Debug, Clone)]
pub(crate) struct AsSent(pub(crate) Uri);

pub(crate) const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
pub(crate) const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");
const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");
const FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");
const FORWARDED_PROTO: HeaderName = HeaderName::from_static("x-forwarded-proto");
const FORWARDED_HOST: HeaderName = HeaderName::from_static("x-forwarded-host");
/// The longest `User-Agent` that is kept.
const USER_AGENT_MAX: usize = 400;

/// One request, from its arrival to its reply.
#[derive(Debug)]
pub(crate) struct Exchange {
    /// The line it matched; none for an unknown address.
    pub(crate) line: Option<&'static Line>,
    /// Its method.
    pub(crate) method: Method,
    /// Its path and query, as sent.
    pub(crate) uri: Uri,
    /// The server's address as the client sees it: scheme and host, without a slash at the end.
    pub(crate) base: String,
    /// The client.
    pub(crate) client: Arc<Client>,
    /// The type of its body, as sent.
    pub(crate) content_type: Option<String>,
    /// Whether it carries a session cookie.
    pub(crate) has_cookie: bool,
    /// Whether it carries a name and a password.
    pub(crate) has_basic: bool,
    /// Whether a page of another site sent it, as far as the browser tells.
    pub(crate) from_other_site: bool,
    /// Names the request in the log and in the reply.
    pub(crate) id: String,
    /// When it arrived.
    pub(crate) started: Instant,
    /// SHA-256 of its body, once that is read.
    pub(crate) body_digest: OnceLock<[u8; 32]>,
    /// SHA-256 of its `Idempotency-Key`.
    pub(crate) idempotency_key: Option<[u8; 32]>,
    /// How the caller stands with the limits, while there are any.
    pub(crate) standing: Mutex<Option<Standing>>,
    /// Held while it is under way, if there are limits.
    pub(crate) permit: OnceLock<Permit>,
    /// What is wrong with its credentials, where they count as none; told if some are needed after all.
    pub(crate) overlooked: OnceLock<Problem>,
}

impl Exchange {
    /// Whether a cookie was sent from another site's page, where it doesn't count.
    pub(crate) fn is_foreign_cookie(&self) -> bool {
        self.overlooked.get().is_some_and(|problem| problem.kind() == Kind::CrossSite)
    }

    pub(crate) fn open(app: &App, line: Option<&'static Line>, request: &Request) -> Arc<Self> {
        let headers = request.headers();
        let peer =
            request.extensions().get::<Peer>().map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |peer| peer.0.ip());
        let trusted = app.settings().trusts(peer);
        let uri =
            request.extensions().get::<AsSent>().map_or_else(|| request.uri().clone(), |sent| sent.0.clone());
        let key = headers.get(IDEMPOTENCY_KEY).map(|key| Sha256::digest(key.as_bytes()).into());
        Arc::new(Self {
            line,
            method: request.method().clone(),
            base: base(headers, &uri, trusted),
            uri,
            client: Arc::new(client(headers, peer, trusted, app)),
            content_type: text(headers, &header::CONTENT_TYPE).map(str::to_owned),
            has_cookie: crate::gate::cookie(headers).is_some(),
            has_basic: text(headers, &header::AUTHORIZATION).is_some_and(|value| value.starts_with("Basic ")),
            from_other_site: text(headers, &SEC_FETCH_SITE) == Some("cross-site"),
            id: request_id(headers),
            started: Instant::now(),
            body_digest: OnceLock::new(),
            idempotency_key: key,
            standing: Mutex::default(),
            permit: OnceLock::new(),
            overlooked: OnceLock::new(),
        })
    }

    /// Path and query, as sent.
    pub(crate) fn path_and_query(&self) -> &str {
        self.uri.path_and_query().map_or("/", |path| path.as_str())
    }

    /// A reader of the query.
    pub(crate) fn query(&self) -> Query<'_> {
        Query::parse(self.uri.query().unwrap_or_default())
    }

    /// Whether it came over TLS, as far as the client sees.
    pub(crate) fn is_secure(&self) -> bool {
        self.base.starts_with("https:")
    }

    /// The member names of `fields=`, which cut the response down (foundation.md §1.8).
    pub(crate) fn fields(&self) -> Vec<String> {
        if !self.uri.query().is_some_and(|query| query.to_ascii_lowercase().contains("fields")) {
            return Vec::new();
        }
        let sent = self.query().texts("fields");
        sent.iter()
            .flat_map(|list| list.split(','))
            .map(|name| name.trim().to_owned())
            .filter(|name| !name.is_empty())
            .collect()
    }
}

fn text<'h>(headers: &'h HeaderMap, name: &HeaderName) -> Option<&'h str> {
    headers.get(name).and_then(|value| value.to_str().ok()).map(str::trim).filter(|value| !value.is_empty())
}

fn base(headers: &HeaderMap, uri: &Uri, trusted: bool) -> String {
    let scheme =
        forwarded(headers, &FORWARDED_PROTO, trusted).filter(|scheme| matches!(*scheme, "http" | "https"));
    let host = forwarded(headers, &FORWARDED_HOST, trusted)
        .or_else(|| text(headers, &header::HOST))
        .or_else(|| uri.authority().map(axum::http::uri::Authority::as_str))
        .unwrap_or("localhost");
    format!("{}://{host}", scheme.unwrap_or("http"))
}

/// The last value of a header: the one our own proxy wrote. What stands before it anybody can have sent.
fn forwarded<'h>(headers: &'h HeaderMap, name: &HeaderName, trusted: bool) -> Option<&'h str> {
    text(headers, name).filter(|_| trusted).and_then(|list| list.rsplit(',').next()).map(str::trim)
}

fn client(headers: &HeaderMap, peer: IpAddr, trusted: bool, app: &App) -> Client {
    // The last address that no proxy of ours added is the client's; what stands before it anybody can write.
    let forwarded = text(headers, &FORWARDED_FOR).filter(|_| trusted).and_then(|list| {
        list.rsplit(',')
            .filter_map(|address| address.trim().parse::<IpAddr>().ok())
            .find(|address| !app.settings().trusts(*address))
    });
    let user_agent = text(headers, &header::USER_AGENT).unwrap_or_default();
    Client {
        ip: forwarded.unwrap_or(peer).to_canonical().to_string(),
        user_agent: user_agent.chars().take(USER_AGENT_MAX).collect(),
    }
}

/// The request's id: the one a proxy gave it, when it looks like one, else a new one.
fn request_id(headers: &HeaderMap) -> String {
    static COUNT: AtomicU64 = AtomicU64::new(0);
    let given = text(headers, &REQUEST_ID)
        .filter(|id| id.len() <= 64 && id.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.".contains(&b)));
    given.map_or_else(
        || format!("r{:x}-{:x}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed)),
        str::to_owned,
    )
}

/// A header's value from text that may hold anything.
pub(crate) fn header_value(text: &str) -> HeaderValue {
    HeaderValue::from_str(text).unwrap_or_else(|_| HeaderValue::from_static(""))
}
