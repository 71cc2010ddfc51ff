//! Which addresses may be the page's.

use std::borrow::Cow;

use percent_encoding::percent_decode_str;

/// First segments below which nothing is the page's: the API's, and those that DocSpace gives to programs. A wrong
/// address there must stay an error to the program that asks, not become a page.
const RESERVED: [&str; 18] = [
    ".well-known",
    "_app",
    "api",
    "apicache",
    "apisystem",
    "ds-vpath",
    "health",
    "healthchecks",
    "locales",
    "oauth2",
    "openapi",
    "openapi.json",
    "scalar",
    "socket.io",
    "sso",
    "static",
    "storage",
    "thirdparty",
];

/// A path as the build's files are named: decoded, without a slash at its start or end or twice in a row. None for
/// what no file and no page is called.
pub(crate) fn tidy(path: &str) -> Option<String> {
    let decoded: Cow<'_, str> = percent_decode_str(path).decode_utf8().ok()?;
    // Browsers take a backslash for a slash.
    let segments: Vec<&str> = decoded.split(['/', '\\']).filter(|segment| !segment.is_empty()).collect();
    let odd = decoded.chars().any(char::is_control) || segments.iter().any(|s| matches!(*s, "." | ".."));
    (!odd).then(|| segments.join("/"))
}

/// Whether a tidy path that names no file can be a place within the page.
pub(crate) fn is_in_page(path: &str) -> bool {
    let first = path.split('/').next().unwrap_or_default();
    let last = path.rsplit('/').next().unwrap_or_default();
    let reserved = RESERVED.iter().any(|own| own.eq_ignore_ascii_case(first));
    // With a dot it is the name of a file.
    !reserved && !last.contains('.')
}
