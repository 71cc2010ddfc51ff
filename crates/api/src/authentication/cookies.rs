//! The cookies of signing in.

use axum::http::{HeaderMap, HeaderValue, header};
use domain::Timestamp;
use domain::confirm::ConfirmType;
use domain::sessions::Opened;
use domain::time::SECOND;

use crate::exchange::{Exchange, header_value};
use crate::gate::COOKIE;
use crate::mailed::KEY_COOKIE;

/// The cookie of a session. A brief one ends with the browser. Where pages of other sites show the portal it goes with
/// them, which browsers allow over TLS only (foundation.md §2.2).
pub(crate) fn session_cookie(exchange: &Exchange, opened: &Opened, brief: bool) -> HeaderValue {
    let age = if brief {
        String::new()
    } else {
        format!("; Max-Age={}; Expires={}", opened.lifetime / SECOND, opened.expires_at.http_date())
    };
    let place = place(exchange, opened.embedded);
    header_value(&format!("{COOKIE}={}{place}{age}", opened.token))
}

/// The cookie that holds the key of a link without one in its address.
pub(crate) fn key_cookie(exchange: &Exchange, kind: ConfirmType, key: &str) -> HeaderValue {
    header_value(&format!("{}={key}{}", key_cookie_name(kind), place(exchange, false)))
}

/// That cookie's name.
pub(crate) fn key_cookie_name(kind: ConfirmType) -> String {
    format!("{KEY_COOKIE}{}", kind.name())
}

/// Tells the browser to forget the session cookie.
pub(crate) fn expire_cookie(exchange: &Exchange, headers: &mut HeaderMap) {
    let (place, never) = (place(exchange, false), Timestamp(0).http_date());
    headers
        .append(header::SET_COOKIE, header_value(&format!("{COOKIE}={place}; Max-Age=0; Expires={never}")));
}

fn place(exchange: &Exchange, embedded: bool) -> &'static str {
    match (exchange.is_secure(), embedded) {
        (true, true) => "; Path=/; HttpOnly; SameSite=None; Secure",
        (true, false) => "; Path=/; HttpOnly; SameSite=Strict; Secure",
        (false, _) => "; Path=/; HttpOnly; SameSite=Strict",
    }
}
