//! The machine key: who signs with it manages every portal (foundation.md §4.2, deviations.md 27).
//!
//! `Authorization: ASC {pkey}:{yyyyMMddHHmmss}:{signature}`; the signature is HMAC-SHA1 over the date, a line feed and
//! `pkey`, in base64 or base64url, and is good for five minutes.

use axum::http::{HeaderMap, header};
use data_encoding::{BASE64, BASE64URL, BASE64URL_NOPAD};
use domain::call::{Caller, Via};
use domain::time::SECOND;
use domain::{Kind, Result, Timestamp};
use hmac::{Hmac, KeyInit, Mac};
use jiff::civil::DateTime;
use jiff::tz::Offset;
use sha1::Sha1;

use crate::app::App;

const SCHEME: &str = "ASC ";
/// How old a signature may be, and how far ahead its clock.
const AGE_MAX: i64 = 5 * 60 * SECOND;

/// Lets the holder of the machine key pass as the server itself, and administrators as themselves.
///
/// Fails with `MachineKeyInvalid`, with `Unauthenticated` for strangers, and with `AccessDenied`.
pub(crate) fn admit(app: &App, caller: &Caller, via: Via, headers: &HeaderMap) -> Result<Via> {
    let offered = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    if let Some(signed) = offered.and_then(|value| value.trim().strip_prefix(SCHEME)) {
        let key = app.settings().machine_key.as_deref();
        let good = key.is_some_and(|key| is_signed(signed, key, app.store().now()));
        return if good { Ok(Via::System) } else { Err(Kind::MachineKeyInvalid.into()) };
    }
    match caller {
        Caller::Person(person) if person.is_admin() => Ok(via),
        Caller::Person(_) => Err(Kind::AccessDenied.into()),
        Caller::Anyone => Err(Kind::Unauthenticated.into()),
    }
}

fn is_signed(text: &str, key: &str, now: Timestamp) -> bool {
    let mut parts = text.trim().rsplitn(3, ':');
    let (Some(signature), Some(date), Some(name)) = (parts.next(), parts.next(), parts.next()) else {
        return false;
    };
    let recent = time_of(date).is_some_and(|at| (now.0 - at.0).abs() <= AGE_MAX);
    let bytes = [BASE64, BASE64URL, BASE64URL_NOPAD]
        .iter()
        .find_map(|encoding| encoding.decode(signature.as_bytes()).ok());
    let (Some(bytes), Ok(mut mac)) = (bytes, Hmac::<Sha1>::new_from_slice(key.as_bytes())) else {
        return false;
    };
    mac.update(format!("{date}\n{name}").as_bytes());
    recent && mac.verify_slice(&bytes).is_ok()
}

/// `yyyyMMddHHmmss`, UTC.
fn time_of(date: &str) -> Option<Timestamp> {
    let date = DateTime::strptime("%Y%m%d%H%M%S", date).ok()?;
    Some(Timestamp(Offset::UTC.to_timestamp(date).ok()?.as_microsecond()))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 2026-03-01 09:30:00 UTC.
    const NOW: Timestamp = Timestamp(1_772_357_400_000_000);

    #[test]
    fn a_signature_is_good_for_its_key_and_for_five_minutes() {
        // python3: base64.b64encode(hmac.new(b'secret', b'20260301093000\nkey', 'sha1').digest())
        let signed = "key:20260301093000:pJQZnNYsGbxpXC0edOIGJEM79NM=";
        assert!(is_signed(signed, "secret", NOW));
        assert!(is_signed(signed, "secret", NOW.plus(299 * SECOND)));
        assert!(!is_signed(signed, "secret", NOW.plus(301 * SECOND)));
        assert!(!is_signed(signed, "other", NOW));
        assert!(!is_signed("key:20260301093001:pJQZnNYsGbxpXC0edOIGJEM79NM=", "secret", NOW));
        assert!(!is_signed("other:20260301093000:pJQZnNYsGbxpXC0edOIGJEM79NM=", "secret", NOW));
        for broken in ["", "key", "key:date", "key:date:x", "::", "key:20260301093000:!!"] {
            assert!(!is_signed(broken, "secret", NOW), "{broken}");
        }
    }
}
