//! Addresses as clients write them, and as the table has them.
//!
//! The reference matches literal segments in any letter case and tolerates a slash at the end, repeated slashes,
//! `/api/2/` for `/api/2.0/` and `.json` at the end (foundation.md §1.4, §1.7, §4.7). The table's literals are
//! compared here, so that the router behind sees one form. Ids and names in a path are never touched.

use std::borrow::Cow;
use std::sync::Arc;

use percent_encoding::percent_decode_str;

/// The patterns of the table, split into segments.
#[derive(Debug, Clone)]
pub(crate) struct Patterns(Arc<Vec<Vec<String>>>);

impl Patterns {
    pub(crate) fn new<'p>(patterns: impl IntoIterator<Item = &'p str>) -> Self {
        Self(Arc::new(
            patterns.into_iter().map(|pattern| segments(pattern).map(str::to_owned).collect()).collect(),
        ))
    }

    /// The path the router knows for a path that was sent; nothing when it can stay as it is.
    pub(crate) fn canonical(&self, path: &str) -> Option<String> {
        let tidy = !path.contains("//") && (path.len() == 1 || !path.ends_with('/'));
        let plain = !path.bytes().any(|b| b.is_ascii_uppercase() || b == b'%')
            && path.strip_suffix(".json").is_none()
            && !path.starts_with("/api/2/");
        if tidy && plain {
            return None;
        }
        let mut sent: Vec<&str> = segments(path).collect();
        if let [api, version @ "2", ..] = sent.as_mut_slice()
            && api.eq_ignore_ascii_case("api")
        {
            *version = "2.0";
        }
        let found = self.find(&sent).or_else(|| {
            let last = sent.last_mut()?;
            *last = last.strip_suffix(".json")?;
            self.find(&sent)
        });
        Some(found.unwrap_or_else(|| format!("/{}", segments(path).collect::<Vec<_>>().join("/"))))
    }

    /// The sent segments in the letters of the pattern they match; a pattern with more literals goes first.
    fn find(&self, sent: &[&str]) -> Option<String> {
        let decoded: Vec<_> =
            sent.iter().map(|segment| percent_decode_str(segment).decode_utf8_lossy()).collect();
        let is_own = |own: &String, sent: &Cow<'_, str>| is_parameter(own) || own.eq_ignore_ascii_case(sent);
        let matching = self.0.iter().filter(|pattern| {
            pattern.len() == sent.len() && pattern.iter().zip(&decoded).all(|(own, sent)| is_own(own, sent))
        });
        let best = matching.max_by_key(|pattern| pattern.iter().filter(|own| !is_parameter(own)).count())?;
        let written =
            best.iter().zip(sent).map(|(own, sent)| if is_parameter(own) { sent } else { own.as_str() });
        Some(written.fold(String::new(), |path, segment| path + "/" + segment))
    }
}

fn segments(path: &str) -> impl Iterator<Item = &str> {
    path.split('/').filter(|segment| !segment.is_empty())
}

fn is_parameter(segment: &str) -> bool {
    segment.starts_with('{')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn literals_match_in_any_case_and_ids_are_left_alone() {
        let patterns = Patterns::new([
            "/api/2.0/files/rooms",
            "/api/2.0/files/rooms/{id}/archive",
            "/api/2.0/keys/@self",
            "/api/2.0/keys/{keyId}",
            "/openapi.json",
            "/api/2.0/capabilities",
        ]);
        for (sent, canonical) in [
            ("/api/2.0/files/rooms", None),
            ("/api/2.0/Files/ROOMS/", Some("/api/2.0/files/rooms")),
            ("//api//2.0/files/rooms//7/Archive", Some("/api/2.0/files/rooms/7/archive")),
            ("/api/2/files/rooms", Some("/api/2.0/files/rooms")),
            ("/api/2.0/keys/@SELF", Some("/api/2.0/keys/@self")),
            ("/api/2.0/keys/AbC", Some("/api/2.0/keys/AbC")),
            ("/api/2.0/keys/%40self", Some("/api/2.0/keys/@self")),
            ("/api/2.0/keys/a%2Fb", Some("/api/2.0/keys/a%2Fb")),
            ("/api/2.0/capabilities.json", Some("/api/2.0/capabilities")),
            ("/openapi.json", Some("/openapi.json")),
            ("/Unknown/Path/", Some("/Unknown/Path")),
            ("/", None),
        ] {
            assert_eq!(patterns.canonical(sent).as_deref(), canonical, "{sent}");
        }
    }
}
