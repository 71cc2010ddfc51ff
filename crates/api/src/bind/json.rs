//! Reads a JSON body into a request type by the reference's rules (foundation.md §1.5, §1.7).
//!
//! What a request type may count on:
//!
//! * member names match in any ASCII letter case, an exact match first; the last duplicate wins;
//!   unknown members are ignored;
//! * numbers may come in quotes; booleans and strings may not come as anything else;
//! * `null` is `None`; on a member that is no `Option` it is refused. A reference-type member that
//!   .NET takes as null (foundation.md §1.3, last line) is therefore an `Option`;
//! * U+0000 in any string or name is refused (deviations.md 26).
//!
//! `#[serde(flatten)]` and untagged enums make serde look at names and types before this module can:
//! inside them names are case-sensitive, numbers unquoted and paths stop short. Don't use them. JSON that
//! is kept as it came is a `serde_json::Value`, not a `RawValue`.

use std::borrow::Cow;
use std::fmt::{self, Display};

use serde::de::{self, DeserializeOwned, Expected, Unexpected};

use super::tree::{Node, Step, render};

/// One field's problem: a key of the `errors` object of foundation.md §1.3, and its sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BindError {
    /// `$.title`, `$`, `count`, or empty for a missing body.
    pub key: String,
    /// The sentence, ready for the wire.
    pub message: String,
}

impl BindError {
    /// A problem with its key and sentence.
    pub fn new(key: impl Into<String>, message: impl Into<String>) -> Self {
        Self { key: key.into(), message: message.into() }
    }

    /// A string holding U+0000 (deviations.md 26).
    pub(super) fn nul(key: impl Into<String>) -> Self {
        Self::new(key, "The value must not contain the character U+0000.")
    }

    fn conversion(path: String, type_name: &str) -> Self {
        let message = format!("The JSON value could not be converted to {type_name}. Path: {path}.");
        Self::new(path, message)
    }

    fn missing(path: String, type_name: &str, names: &[&str]) -> Self {
        let names = names.iter().map(|name| format!("'{name}'")).collect::<Vec<_>>().join(", ");
        let message = format!(
            "JSON deserialization for type '{type_name}' was missing required properties including: {names}."
        );
        Self::new(path, message)
    }
}

impl Display for BindError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.key, self.message)
    }
}

impl std::error::Error for BindError {}

/// Reads a body whose root is an object (foundation.md §1.5, §1.7).
///
/// The first problem is returned with the key and sentence of foundation.md §1.3: syntax, then the
/// root's type, U+0000, conversions in the order of the text, and last the `required` names (in any
/// letter case; a null is present) that the root lacks. An empty body is the caller's business
/// (deviations.md 1).
pub fn from_slice<T: DeserializeOwned>(
    bytes: &[u8],
    required: &[&str],
    type_name: &str,
) -> Result<T, BindError> {
    let root = parse(bytes)?;
    let Node::Object(members) = &root else {
        return Err(BindError::conversion("$".to_owned(), type_name));
    };
    let lacks = |name: &&str| !members.iter().any(|(key, _)| key.eq_ignore_ascii_case(name));
    let absent: Vec<&str> = required.iter().copied().filter(lacks).collect();
    match T::deserialize(root) {
        Ok(value) if absent.is_empty() => Ok(value),
        Err(fault) if absent.is_empty() || fault.is_conversion() => Err(fault.into_error(type_name)),
        _ => Err(BindError::missing("$".to_owned(), type_name, &absent)),
    }
}

/// Reads a body that is a bare array, as two calls take it (files.md §13 `DELETE /files/templates`,
/// §14 `PUT /files/settings/dafaultaccessrights`); otherwise as [`from_slice`].
pub fn list_from_slice<T: DeserializeOwned>(bytes: &[u8], type_name: &str) -> Result<Vec<T>, BindError> {
    let root = parse(bytes)?;
    if !matches!(root, Node::Array(_)) {
        return Err(BindError::conversion("$".to_owned(), type_name));
    }
    de::Deserialize::deserialize(root).map_err(|fault: Fault| fault.into_error(type_name))
}

/// Parses a body and makes the checks that no type is needed for.
fn parse(bytes: &[u8]) -> Result<Node, BindError> {
    let root = Node::parse(bytes).map_err(|sentence| BindError::new("$", sentence))?;
    if matches!(root, Node::Null) {
        return Err(BindError::new("", "A non-empty request body is required."));
    }
    match root.nul() {
        Some(path) => Err(BindError::nul(render(&path))),
        None => Ok(root),
    }
}

/// A conversion's failure on its way up; each container adds its step.
#[derive(Debug)]
pub(super) struct Fault {
    /// Innermost step first.
    path: Vec<Step>,
    kind: Kind,
}

#[derive(Debug)]
enum Kind {
    /// The value is no such type.
    Type(Cow<'static, str>),
    /// A type's own check failed without naming the type.
    Unnamed,
    /// A struct lacks a member that has no default.
    Missing { owner: Option<&'static str>, member: &'static str },
}

impl Fault {
    fn new(kind: Kind) -> Self {
        Self { path: Vec::new(), kind }
    }

    pub(super) fn conversion(type_name: &'static str) -> Self {
        Self::new(Kind::Type(Cow::Borrowed(type_name)))
    }

    /// Guesses the expected type from a custom error: a text of one word *is* the type's name,
    /// and the `uuid` crate and its like say what they parse.
    fn guess(text: &str) -> Self {
        let lower = text.to_ascii_lowercase();
        Self::new(if !text.is_empty() && !text.contains(char::is_whitespace) {
            Kind::Type(Cow::Owned(text.to_owned()))
        } else if lower.contains("uuid") || lower.contains("guid") {
            Kind::Type(Cow::Borrowed("System.Guid"))
        } else {
            Kind::Unnamed
        })
    }

    fn is_conversion(&self) -> bool {
        !matches!(self.kind, Kind::Missing { .. })
    }

    /// Names the type if nothing below did.
    pub(super) fn or(mut self, type_name: &'static str) -> Self {
        if matches!(self.kind, Kind::Unnamed) {
            self.kind = Kind::Type(Cow::Borrowed(type_name));
        }
        self
    }

    /// Names the struct that lacks a member.
    pub(super) fn owned_by(mut self, name: &'static str) -> Self {
        if let Kind::Missing { owner: owner @ None, .. } = &mut self.kind {
            *owner = Some(name);
        }
        self
    }

    /// Adds the step that leads to the failing value, and a type name if there is none yet.
    pub(super) fn within(self, step: Step, type_name: &'static str) -> Self {
        let mut fault = self.or(type_name);
        fault.path.push(step);
        fault
    }

    fn into_error(self, root: &str) -> BindError {
        let at_root = self.path.is_empty();
        let path = render(&self.path);
        match self.kind {
            Kind::Type(name) => BindError::conversion(path, &name),
            Kind::Unnamed => BindError::conversion(path, root),
            Kind::Missing { owner: Some(owner), member } if !at_root => {
                BindError::missing(path, owner, &[member])
            }
            Kind::Missing { member, .. } => BindError::missing(path, root, &[member]),
        }
    }
}

impl Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} at {}", self.kind, render(&self.path))
    }
}

impl std::error::Error for Fault {}

impl de::Error for Fault {
    fn custom<T: Display>(message: T) -> Self {
        Self::guess(&message.to_string())
    }

    // The two below leave out what was sent: it could look like a type's name.
    fn invalid_type(_: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Self::guess(&format!("expected {expected}"))
    }

    fn invalid_value(_: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Self::guess(&format!("expected {expected}"))
    }

    fn missing_field(member: &'static str) -> Self {
        Self::new(Kind::Missing { owner: None, member })
    }
}
