//! Which portal a request is for: host names (foundation.md §4.1, deviations.md 12, 28).

use std::sync::Arc;

use db::Conn;

use super::{Addresses, FIRST_ALIAS, Portal, sql};
use crate::Result;

/// The longest host name there is.
const HOST_MAX: usize = 253;

/// The host name in an `Origin` header, or in a `Host` header: lower case, without scheme, port and the dot at its end.
/// None when there is none in it, such as in `null`.
pub fn host_name(text: &str) -> Option<String> {
    let text = text.trim();
    let rest = text.split_once("://").map_or(text, |(_, rest)| rest);
    let name = super::address::host_of(rest).trim_end_matches('.');
    let named = !name.is_empty()
        && name.len() <= HOST_MAX
        && name.bytes().all(|b| b.is_ascii_graphic() && !b"/\\@?#'\"<>".contains(&b));
    named.then(|| name.to_ascii_lowercase())
}

/// The portal that an `Origin` names, and no other: by `{alias}.{base_domain}`, or by the bare alias. `name` comes from
/// [`host_name`].
pub fn by_exact_name(conn: &mut Conn, addresses: &Addresses, name: &str) -> Result<Option<Arc<Portal>>> {
    let label = name.strip_suffix(addresses.base_domain()).and_then(|rest| rest.strip_suffix('.'));
    if let Some(alias) = label
        && let Some(portal) = sql::by_alias(conn, alias)?
    {
        return Ok(Some(Arc::new(portal)));
    }
    Ok(sql::by_alias(conn, name)?.map(Arc::new))
}

/// The portal behind a host name: the one it names; the first portal for this machine's own names; any name reaches
/// the only portal there is. `name` comes from [`host_name`].
pub fn by_host(conn: &mut Conn, addresses: &Addresses, name: &str) -> Result<Option<Arc<Portal>>> {
    if let Some(portal) = by_exact_name(conn, addresses, name)? {
        return Ok(Some(portal));
    }
    if addresses.is_own(name)
        && let Some(portal) = sql::by_alias(conn, FIRST_ALIAS)?
    {
        return Ok(Some(Arc::new(portal)));
    }
    only(conn)
}

/// The only portal there is; none when there are several.
pub fn only(conn: &mut Conn) -> Result<Option<Arc<Portal>>> {
    match <[Portal; 1]>::try_from(sql::all(conn, 0, 2)?) {
        Ok([portal]) => Ok(Some(Arc::new(sql::whole(conn, portal)?))),
        Err(_) => Ok(None),
    }
}

/// The portal of an alias, without regard to case.
pub fn by_alias(conn: &mut Conn, alias: &str) -> Result<Option<Arc<Portal>>> {
    Ok(sql::by_alias(conn, &alias.trim().to_ascii_lowercase())?.map(Arc::new))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_name_has_neither_scheme_nor_port_nor_capitals() {
        for (text, expected) in [
            ("http://My-Portal-2026T10Z", Some("my-portal-2026t10z")),
            ("https://abc.example.org:8443", Some("abc.example.org")),
            ("abc.localhost:8080", Some("abc.localhost")),
            ("localhost.", Some("localhost")),
            ("[::1]:8080", Some("[::1]")),
            ("", None),
            ("http://", None),
            ("http://a b", None),
            ("http://a@b", None),
            ("moz-extension://0f-0e", Some("0f-0e")),
        ] {
            assert_eq!(host_name(text).as_deref(), expected, "{text:?}");
        }
        assert_eq!(host_name(&"x".repeat(254)), None);
    }
}
