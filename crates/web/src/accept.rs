//! What a client takes: `Accept` and `Accept-Encoding`.

use axum::http::{HeaderMap, HeaderName, header};

/// The elements of a list header with their weights, from 0 to 1000.
fn weighted<'h>(headers: &'h HeaderMap, name: &HeaderName) -> impl Iterator<Item = (&'h str, u16)> {
    let texts = headers.get_all(name).into_iter().filter_map(|value| value.to_str().ok());
    texts.flat_map(|text| text.split(',')).filter_map(|element| {
        let mut parts = element.split(';').map(str::trim);
        let value = parts.next().filter(|value| !value.is_empty())?;
        let weight = parts.find_map(|part| part.strip_prefix("q=").or_else(|| part.strip_prefix("Q=")));
        Some((value, weight.map_or(1000, thousandths)))
    })
}

/// `1`, `0.5`, `0.001`; what is none of these counts as 0.
fn thousandths(weight: &str) -> u16 {
    let (whole, rest) = weight.split_once('.').unwrap_or((weight, ""));
    match whole {
        "1" => 1000,
        "0" if rest.len() <= 3 => format!("{rest:0<3}").parse().unwrap_or(0),
        _ => 0,
    }
}

/// The weight of the first of some names, from the exact to the general, that the list has.
fn weight(list: &[(&str, u16)], names: &[&str]) -> Option<u16> {
    names
        .iter()
        .find_map(|name| list.iter().find(|(value, _)| value.eq_ignore_ascii_case(name)))
        .map(|(_, weight)| *weight)
}

/// Whether a page may be the answer. A client that asks for JSON and would take anything else too is a program.
pub(crate) fn html(headers: &HeaderMap) -> bool {
    let list: Vec<_> = weighted(headers, &header::ACCEPT).collect();
    if let Some(weight) = weight(&list, &["text/html", "text/*"]) {
        return weight > 0;
    }
    let json = weight(&list, &["application/json", "application/problem+json"]).is_some();
    !json && (list.is_empty() || weight(&list, &["*/*"]).is_some_and(|weight| weight > 0))
}

/// How much a client likes brotli and gzip; 0 is not at all.
pub(crate) fn codings(headers: &HeaderMap) -> (u16, u16) {
    let list: Vec<_> = weighted(headers, &header::ACCEPT_ENCODING).collect();
    (weight(&list, &["br", "*"]).unwrap_or(0), weight(&list, &["gzip", "x-gzip", "*"]).unwrap_or(0))
}

/// Whether a client has what a tag names already.
pub(crate) fn knows(headers: &HeaderMap, tag: &str) -> bool {
    let texts = headers.get_all(header::IF_NONE_MATCH).into_iter().filter_map(|value| value.to_str().ok());
    texts
        .flat_map(|text| text.split(','))
        .map(str::trim)
        .any(|known| known == "*" || known.strip_prefix("W/").unwrap_or(known) == tag)
}
