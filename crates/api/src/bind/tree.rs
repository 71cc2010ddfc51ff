//! A JSON text as a small tree: members keep their order and their duplicates, which
//! `serde_json::Value` would lose and the rules of foundation.md §1.5 need.

use std::borrow::Cow;
use std::fmt::{self, Write as _};

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::Number;

/// The member name an error is about, or the position in an array.
#[derive(Debug)]
pub(super) enum Step {
    Member(Cow<'static, str>),
    Index(usize),
}

/// One JSON value.
///
/// Its depth is bounded by `serde_json`'s recursion limit, so walking and dropping it may recurse.
#[derive(Debug)]
pub(super) enum Node {
    Null,
    Bool(bool),
    Number(Number),
    String(String),
    Array(Vec<Node>),
    Object(Vec<(String, Node)>),
}

impl Node {
    /// Parses a whole text; the error is the sentence for the key `$` (foundation.md §1.3).
    pub(super) fn parse(bytes: &[u8]) -> Result<Self, String> {
        let text = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
        serde_json::from_slice(text).map_err(|error| sentence(text, &error))
    }

    /// The path, innermost step first, of the first string or member name holding U+0000.
    pub(super) fn nul(&self) -> Option<Vec<Step>> {
        let below = |path: Option<Vec<Step>>, step: &dyn Fn() -> Step| {
            path.map(|mut steps| {
                steps.push(step());
                steps
            })
        };
        match self {
            Self::String(text) => text.contains('\0').then(Vec::new),
            Self::Array(items) => {
                (items.iter().enumerate()).find_map(|(index, item)| below(item.nul(), &|| Step::Index(index)))
            }
            Self::Object(members) => members.iter().find_map(|(name, value)| {
                let path = if name.contains('\0') { Some(Vec::new()) } else { value.nul() };
                below(path, &|| Step::Member(Cow::Owned(name.clone())))
            }),
            Self::Null | Self::Bool(_) | Self::Number(_) => None,
        }
    }

    /// The whole number this is, or spells in quotes. `1.0` and `1e2` are none, as in .NET.
    pub(super) fn integer(&self) -> Option<i128> {
        match self {
            Self::Number(number) => match number.as_i128() {
                // `serde_json` reads `-0` as a float.
                None if number.as_f64().is_some_and(|float| float == 0.0 && float.is_sign_negative()) => {
                    Some(0)
                }
                found => found,
            },
            Self::String(text) => text.parse().ok(),
            _ => None,
        }
    }

    /// The finite number this is, or spells in quotes.
    pub(super) fn float(&self) -> Option<f64> {
        match self {
            Self::Number(number) => number.as_f64(),
            Self::String(text) => text.parse().ok(),
            _ => None,
        }
        .filter(|number: &f64| number.is_finite())
    }

    /// The .NET type nearest to what was sent, for an error that names none.
    pub(super) fn type_name(&self) -> &'static str {
        match self {
            Self::Null => "System.Object",
            Self::Bool(_) => "System.Boolean",
            Self::Number(number) if number.is_f64() => "System.Double",
            Self::Number(_) => "System.Int32",
            Self::String(_) => "System.String",
            Self::Array(_) => LIST,
            Self::Object(_) => DICTIONARY,
        }
    }
}

/// The type name for an array.
pub(super) const LIST: &str = "System.Collections.Generic.List";
/// The type name for an object with free member names.
pub(super) const DICTIONARY: &str = "System.Collections.Generic.Dictionary";

/// Writes a path, given innermost step first, as .NET does: `$.share[0].access`, `$['a b']`.
pub(super) fn render(path: &[Step]) -> String {
    let mut text = String::from("$");
    for step in path.iter().rev() {
        // Writing to a `String` can't fail.
        let _ = match step {
            Step::Index(index) => write!(text, "[{index}]"),
            Step::Member(name) if name.contains(is_special) => {
                write!(text, "['{}']", shorten(name))
            }
            Step::Member(name) => write!(text, ".{}", shorten(name)),
        };
    }
    text
}

/// Whether a path quotes the member name that holds this character.
fn is_special(c: char) -> bool {
    c.is_control() || c.is_whitespace() || ".'/\"[]()\\".contains(c)
}

/// Caps a member name that the caller chose, lest a refusal echo a megabyte, and spells out U+0000,
/// which neither logs nor `PostgreSQL` take.
fn shorten(name: &str) -> String {
    const MOST: usize = 100;
    let kept: String = name.chars().take(MOST).collect();
    let more = if kept.len() < name.len() { "…" } else { "" };
    kept.replace('\0', "\\u0000") + more
}

/// What `serde_json` calls an error, and what .NET says; `@` is the offending byte.
const SENTENCES: &[(&str, &str)] = &[
    ("recursion limit", "The maximum configured depth of 127 has been exceeded."),
    ("EOF while parsing a string", "Expected end of string, but instead reached end of data."),
    (
        "EOF",
        "Expected depth to be zero at the end of the JSON payload. There is an open JSON object or array that should be closed.",
    ),
    (
        "trailing comma",
        "The JSON object or array contains a trailing comma at the end which is not supported.",
    ),
    ("trailing characters", "'@' is invalid after a single JSON value. Expected end of data."),
    ("key must be a string", "'@' is an invalid start of a property name. Expected a '\"'."),
    ("expected `:`", "'@' is invalid after a property name. Expected a ':'."),
    ("expected `,` or", "'@' is invalid after a value. Expected either ',', '}', or ']'."),
    ("control character", "'@' is invalid within a JSON string. The string should be correctly escaped."),
    (
        "invalid escape",
        "'@' is an invalid escapable character within a JSON string. The string should be correctly escaped.",
    ),
    ("invalid number", "'@' is an invalid end of a number."),
    ("number out of range", "The JSON number is out of range."),
    ("invalid unicode", "Cannot transcode invalid UTF-8 JSON text to UTF-16 string."),
    ("surrogate", "Cannot read incomplete UTF-16 JSON text as string with missing low surrogate."),
    ("hex escape", "Cannot read incomplete UTF-16 JSON text as string with missing low surrogate."),
];

/// .NET's sentence for a syntax error, as near as `serde_json`'s position and wording allow.
fn sentence(bytes: &[u8], error: &serde_json::Error) -> String {
    let (line, column, byte) = offender(bytes, error);
    let offender = match byte {
        Some(byte) if byte.is_ascii_graphic() || byte == b' ' => char::from(byte).to_string(),
        Some(byte) => format!("0x{byte:02X}"),
        None => String::new(),
    };
    let raw = error.to_string();
    let said = if bytes.trim_ascii().is_empty() {
        "The input does not contain any JSON tokens."
    } else {
        (SENTENCES.iter().find(|(part, _)| raw.contains(part)))
            .map_or("'@' is an invalid start of a value.", |(_, said)| said)
    };
    let said = said.replace('@', &offender);
    format!("{said} Path: $ | LineNumber: {line} | BytePositionInLine: {column}.")
}

/// Where an error is, line and column from 0, and the byte there, if the text has one.
fn offender(bytes: &[u8], error: &serde_json::Error) -> (usize, usize, Option<u8>) {
    let line = error.line().saturating_sub(1);
    let mut lines = bytes.split(|byte| *byte == b'\n');
    if error.column() == 0 && line > 0 {
        // `serde_json` has counted the offending line break already.
        let column = lines.nth(line - 1).map_or(0, <[u8]>::len);
        return (line - 1, column, Some(b'\n'));
    }
    let column = error.column().saturating_sub(1);
    let byte = lines.nth(line).and_then(|text| text.get(column));
    (line, column, byte.copied())
}

impl<'de> Deserialize<'de> for Node {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Builder)
    }
}

/// Builds a [`Node`] from `serde_json`'s events.
struct Builder;

impl<'de> Visitor<'de> for Builder {
    type Value = Node;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Node, E> {
        Ok(Node::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Node, E> {
        Ok(Node::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Node, E> {
        Ok(Node::Number(value.into()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Node, E> {
        Ok(Node::Number(value.into()))
    }

    fn visit_f64<E: serde::de::Error>(self, value: f64) -> Result<Node, E> {
        let number = Number::from_f64(value).ok_or_else(|| E::custom("number out of range"))?;
        Ok(Node::Number(number))
    }

    fn visit_str<E>(self, value: &str) -> Result<Node, E> {
        Ok(Node::String(value.to_owned()))
    }

    fn visit_string<E>(self, value: String) -> Result<Node, E> {
        Ok(Node::String(value))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Node, A::Error> {
        let mut found = Vec::new();
        while let Some(item) = items.next_element()? {
            found.push(item);
        }
        Ok(Node::Array(found))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Node, A::Error> {
        let mut found = Vec::new();
        while let Some(member) = members.next_entry()? {
            found.push(member);
        }
        Ok(Node::Object(found))
    }
}
