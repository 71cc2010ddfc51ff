//! Where portals are: the addresses that links in letters begin with.

use std::net::IpAddr;

use super::{FIRST_ALIAS, Portal};

/// The installation's addresses. They come from the configuration alone, never from a request (deviations.md 28).
#[derive(Debug, Clone)]
pub struct Addresses {
    base: String,
    base_domain: String,
}

impl Addresses {
    /// `base` is the server's address from outside, such as `https://rooms.example.org`. Portals are at
    /// `{alias}.{base_domain}`; without a base domain it is the host of `base`.
    pub fn new(base: &str, base_domain: Option<&str>) -> Self {
        let base = base.trim_end_matches('/').to_owned();
        let base_domain =
            base_domain.map_or_else(|| host_of(&base).to_ascii_lowercase(), str::to_ascii_lowercase);
        Self { base, base_domain }
    }

    /// The server's own address, without a slash at its end.
    pub fn base(&self) -> &str {
        &self.base
    }

    /// The domain that has a portal's alias before it, lower case.
    pub fn base_domain(&self) -> &str {
        &self.base_domain
    }

    /// Whether a host name, lower case and without port, is this machine's own: its address from outside, the base
    /// domain itself, or an IP address.
    pub fn is_own(&self, name: &str) -> bool {
        let bare = name.trim_start_matches('[').trim_end_matches(']');
        name == "localhost"
            || name == self.base_domain
            || name.eq_ignore_ascii_case(host_of(&self.base))
            || bare.parse::<IpAddr>().is_ok()
    }

    /// The host name of a portal.
    pub fn domain(&self, alias: &str) -> String {
        if alias == FIRST_ALIAS {
            host_of(&self.base).to_owned()
        } else {
            format!("{alias}.{}", self.base_domain)
        }
    }

    /// A portal's own address, without a slash at its end: the server's for the first one, else
    /// `scheme://{alias}.{base_domain}[:port]`.
    pub fn of(&self, portal: &Portal) -> String {
        self.of_alias(&portal.alias)
    }

    /// The address a portal of this alias has.
    pub fn of_alias(&self, alias: &str) -> String {
        if alias == FIRST_ALIAS {
            return self.base.clone();
        }
        let (scheme, rest) = self.base.split_once("://").unwrap_or(("http", &self.base));
        let port = authority(rest).strip_prefix(host_of(&self.base)).unwrap_or_default();
        format!("{scheme}://{}{port}", self.domain(alias))
    }
}

impl Default for Addresses {
    /// Those of a server on this machine, for tests.
    fn default() -> Self {
        Self::new("http://localhost", None)
    }
}

fn authority(rest: &str) -> &str {
    rest.split('/').next().unwrap_or_default()
}

/// The host of an address, without scheme, port and path; an IPv6 address keeps its brackets.
pub(super) fn host_of(address: &str) -> &str {
    let authority = authority(address.split_once("://").map_or(address, |(_, rest)| rest));
    match authority.rsplit_once(':') {
        Some((host, port)) if port.bytes().all(|b| b.is_ascii_digit()) => host,
        _ => authority,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_portal_has_the_servers_address_and_the_others_their_alias_before_the_domain() {
        for (base, domain, alias, expected) in [
            ("http://localhost:8080", None, "localhost", "http://localhost:8080"),
            ("http://localhost:8080", None, "abc", "http://abc.localhost:8080"),
            ("https://rooms.example.org/", None, "localhost", "https://rooms.example.org"),
            ("https://rooms.example.org/", None, "abc", "https://abc.rooms.example.org"),
            ("https://rooms.example.org", Some("Example.org"), "abc", "https://abc.example.org"),
            ("http://[::1]:8080", Some("localhost"), "abc", "http://abc.localhost:8080"),
        ] {
            assert_eq!(Addresses::new(base, domain).of_alias(alias), expected, "{base} {domain:?} {alias}");
        }
    }
}
