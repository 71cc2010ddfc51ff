//! Text as people compare it.

/// The form of a text for sorting and searching: lower case, on both engines alike (docs/sql.md, rule 4).
pub fn fold(text: &str) -> String {
    text.to_lowercase()
}

/// The `like` pattern for "contains", with the wildcards of `text` taken literally (`escape '\'`).
pub fn contains_pattern(text: &str) -> String {
    let mut pattern = String::with_capacity(text.len() + 2);
    pattern.push('%');
    for c in fold(text).chars() {
        if matches!(c, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(c);
    }
    pattern.push('%');
    pattern
}

/// The length the reference counts: UTF-16 code units.
pub fn utf16_len(text: &str) -> usize {
    text.encode_utf16().count()
}
