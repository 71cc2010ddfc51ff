//! The rules of foundation.md §1.3 and §1.5 as tables.

use std::collections::HashMap;
use std::fmt::{self, Debug};

use serde::de::{DeserializeOwned, Deserializer, Error, Visitor};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::*;

mod choice;
mod query;
mod syntax;

type Done = Result<(), BindError>;

#[derive(Debug, Default, Clone, PartialEq, Deserialize, Serialize)]
#[serde(default, rename_all = "camelCase")]
struct Room {
    title: String,
    #[serde(rename = "roomType")]
    category: Option<i32>,
    size: i64,
    byte: u8,
    ratio: f64,
    notify: bool,
    maybe: Option<bool>,
    share: Vec<Share>,
    tags: Option<Vec<String>>,
    extra: Value,
    by_name: HashMap<String, i32>,
    by_number: HashMap<i32, String>,
    nested: Option<Box<Room>>,
    kind: Option<Kind>,
    owner: Option<Guid>,
    wrapped: Option<Wrapped>,
    uuid: Option<Uuid>,
    pair: Option<(i32, String)>,
    slug: Option<Slug>,
}

#[derive(Debug, Clone, PartialEq, Deserialize, Serialize)]
struct Share {
    access: i32,
    #[serde(default)]
    email: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Deserialize, Serialize)]
struct Wrapped(i32);

#[derive(Debug, Clone, PartialEq, Deserialize, Serialize)]
enum Kind {
    User,
    RoomAdmin,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
struct Guid(String);

impl<'de> Deserialize<'de> for Guid {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        if text.len() == 36 { Ok(Self(text)) } else { Err(D::Error::custom("System.Guid")) }
    }
}

/// Reads and fails as the `uuid` crate does.
#[derive(Debug, Clone, PartialEq, Serialize)]
struct Uuid;

impl<'de> Deserialize<'de> for Uuid {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(UuidReader)
    }
}

struct UuidReader;

impl Visitor<'_> for UuidReader {
    type Value = Uuid;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a UUID string")
    }

    fn visit_str<E: Error>(self, _: &str) -> Result<Uuid, E> {
        Err(E::custom("UUID parsing failed: invalid length"))
    }
}

/// Fails without naming a type.
#[derive(Debug, Clone, PartialEq, Serialize)]
struct Slug(String);

impl<'de> Deserialize<'de> for Slug {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        if text.is_ascii() { Ok(Self(text)) } else { Err(D::Error::custom("a slug is ASCII")) }
    }
}

fn read(text: &str) -> Result<Room, BindError> {
    from_slice(text.as_bytes(), &[], "Room")
}

fn problem<T: DeserializeOwned + Debug>(bytes: &[u8]) -> (String, String) {
    match from_slice::<T>(bytes, &[], "Room") {
        Err(error) => (error.key, error.message),
        Ok(value) => (String::from("accepted"), format!("{value:?}")),
    }
}

#[test]
fn values_bind() -> Done {
    let cases: &[(&str, Value)] = &[
        (r#"{"title":"a"}"#, json!({"title":"a"})),
        ("\u{feff} {\"title\":\"a\"} \r\n", json!({"title":"a"})),
        (r#"{"TITLE":"a","RoomType":5}"#, json!({"title":"a","roomType":5})),
        (r#"{"unknown":{"a":[1,{"b":null}]},"size":1}"#, json!({"size":1})),
        (r#"{"roomType":"5","size":"-7","byte":"255"}"#, json!({"roomType":5,"size":-7,"byte":255})),
        (r#"{"size":9223372036854775807}"#, json!({"size":i64::MAX})),
        (r#"{"size":"-9223372036854775808"}"#, json!({"size":i64::MIN})),
        (r#"{"size":-0,"byte":"+5"}"#, json!({"size":0,"byte":5})),
        (r#"{"ratio":1}"#, json!({"ratio":1.0})),
        (r#"{"ratio":"1.5e3"}"#, json!({"ratio":1500.0})),
        (r#"{"roomType":null,"tags":null,"maybe":null}"#, json!({})),
        (r#"{"notify":true,"maybe":false}"#, json!({"notify":true,"maybe":false})),
        (
            r#"{"share":[{"ACCESS":"2"},{"access":3,"Email":"e"}]}"#,
            json!({"share":[{"access":2,"email":null},{"access":3,"email":"e"}]}),
        ),
        (
            r#"{"extra":{"B":[1,-2,1.5,"x",null,true],"b":18446744073709551615}}"#,
            json!({"extra":{"B":[1,-2,1.5,"x",null,true],"b":u64::MAX}}),
        ),
        (r#"{"byName":{"a":1,"A":"2","a":3}}"#, json!({"byName":{"a":3,"A":2}})),
        (r#"{"byNumber":{"7":"x"}}"#, json!({"byNumber":{"7":"x"}})),
        (
            r#"{"nested":{"Title":"in","NESTED":{}}}"#,
            json!({"nested":{"title":"in","nested":Room::default()}}),
        ),
        (r#"{"kind":"roomadmin"}"#, json!({"kind":"RoomAdmin"})),
        (r#"{"wrapped":"3","pair":[1,"x"]}"#, json!({"wrapped":3,"pair":[1,"x"]})),
        (r#"{"title":"\u00e9\ud83d\ude00 \"\\\/\t"}"#, json!({"title":"é😀 \"\\/\t"})),
        // Duplicates: the last wins, but an exact name beats another letter case.
        (r#"{"title":"a","title":"b"}"#, json!({"title":"b"})),
        (r#"{"TITLE":"a","Title":"b"}"#, json!({"title":"b"})),
        (r#"{"title":"a","TITLE":"b"}"#, json!({"title":"a"})),
        (r#"{"TITLE":1,"title":"b"}"#, json!({"title":"b"})),
    ];
    for (text, members) in cases {
        let got = serde_json::to_value(read(text)?).unwrap_or_default();
        let mut want = serde_json::to_value(Room::default()).unwrap_or_default();
        merge(&mut want, members);
        assert_eq!(got, want, "{text}");
    }
    Ok(())
}

/// Lays the members of a case over the defaults.
fn merge(into: &mut Value, from: &Value) {
    match (into, from) {
        (Value::Object(into), Value::Object(from)) => {
            for (name, value) in from {
                let slot = into.entry(name.clone()).or_insert(Value::Null);
                if name == "nested" {
                    *slot = serde_json::to_value(Room::default()).unwrap_or_default();
                }
                merge(slot, value);
            }
        }
        (into, from) => *into = from.clone(),
    }
}

#[test]
fn wrong_types_are_conversion_errors() {
    let cases = [
        (r#"{"title":1}"#, "$.title", "System.String"),
        (r#"{"TITLE":true}"#, "$.title", "System.String"),
        (r#"{"title":null}"#, "$.title", "System.String"),
        (r#"{"title":{}}"#, "$.title", "System.String"),
        (r#"{"roomType":"x"}"#, "$.roomType", "System.Int32"),
        (r#"{"roomType":""}"#, "$.roomType", "System.Int32"),
        (r#"{"roomType":" 5"}"#, "$.roomType", "System.Int32"),
        (r#"{"roomType":2147483648}"#, "$.roomType", "System.Int32"),
        (r#"{"roomType":"2147483648"}"#, "$.roomType", "System.Int32"),
        (r#"{"roomType":1.5}"#, "$.roomType", "System.Int32"),
        (r#"{"roomType":1.0}"#, "$.roomType", "System.Int32"),
        (r#"{"roomType":-0.0001}"#, "$.roomType", "System.Int32"),
        (r#"{"roomType":true}"#, "$.roomType", "System.Int32"),
        (r#"{"size":null}"#, "$.size", "System.Int64"),
        (r#"{"size":9223372036854775808}"#, "$.size", "System.Int64"),
        (r#"{"size":123456789012345678901234567890}"#, "$.size", "System.Int64"),
        (r#"{"byte":256}"#, "$.byte", "System.Byte"),
        (r#"{"byte":-1}"#, "$.byte", "System.Byte"),
        (r#"{"ratio":"NaN"}"#, "$.ratio", "System.Double"),
        (r#"{"ratio":"Infinity"}"#, "$.ratio", "System.Double"),
        (r#"{"ratio":"1e999"}"#, "$.ratio", "System.Double"),
        (r#"{"ratio":""}"#, "$.ratio", "System.Double"),
        (r#"{"ratio":[]}"#, "$.ratio", "System.Double"),
        (r#"{"notify":"true"}"#, "$.notify", "System.Boolean"),
        (r#"{"notify":1}"#, "$.notify", "System.Boolean"),
        (r#"{"maybe":"false"}"#, "$.maybe", "System.Boolean"),
        (r#"{"share":{}}"#, "$.share", "System.Collections.Generic.List"),
        (r#"{"share":[{"access":1},5]}"#, "$.share[1]", "Share"),
        (r#"{"share":[{"Access":"x"}]}"#, "$.share[0].access", "System.Int32"),
        (r#"{"tags":["a",null]}"#, "$.tags[1]", "System.String"),
        (r#"{"byName":[]}"#, "$.byName", "System.Collections.Generic.Dictionary"),
        (r#"{"byName":{"x":"y"}}"#, "$.byName.x", "System.Int32"),
        (r#"{"byName":{"a b":"y"}}"#, "$.byName['a b']", "System.Int32"),
        (r#"{"byNumber":{"x":"y"}}"#, "$.byNumber.x", "System.Int32"),
        (r#"{"nested":{"nested":{"Title":1}}}"#, "$.nested.nested.title", "System.String"),
        (r#"{"nested":[]}"#, "$.nested", "Room"),
        (r#"{"kind":"Guest"}"#, "$.kind", "Kind"),
        (r#"{"kind":1}"#, "$.kind", "Kind"),
        (r#"{"owner":"x"}"#, "$.owner", "System.Guid"),
        (r#"{"uuid":"x"}"#, "$.uuid", "System.Guid"),
        (r#"{"uuid":5}"#, "$.uuid", "System.Guid"),
        (r#"{"slug":"é"}"#, "$.slug", "System.String"),
        (r#"{"wrapped":{}}"#, "$.wrapped", "System.Int32"),
        (r#"{"pair":[1]}"#, "$.pair", "System.Collections.Generic.List"),
        // The first in the order of the text, not of the struct.
        (r#"{"byte":"x","title":1}"#, "$.byte", "System.Byte"),
        ("[]", "$", "Room"),
        ("5", "$", "Room"),
        (r#""x""#, "$", "Room"),
        ("true", "$", "Room"),
    ];
    for (text, key, type_name) in cases {
        let message = format!("The JSON value could not be converted to {type_name}. Path: {key}.");
        assert_eq!(problem::<Room>(text.as_bytes()), (key.to_owned(), message), "{text}");
    }
}

#[test]
fn nul_is_refused_everywhere() {
    let cases = [
        (r#"{"title":"a\u0000"}"#, "$.title"),
        (r#"{"unknown":"\u0000"}"#, "$.unknown"),
        (r#"{"unknown":[1,{"x":["ok","\u0000"]}]}"#, "$.unknown[1].x[1]"),
        (r#"{"share":[{"access":"x"},{"email":"\u0000"}]}"#, "$.share[1].email"),
        (r#"{"a\u0000b":1}"#, r"$['a\u0000b']"),
        (r#"{"byName":{"\u0000":1}}"#, r"$.byName['\u0000']"),
        (r#"{"title":"ok","title":"\u0000","title":"ok"}"#, "$.title"),
    ];
    for (text, key) in cases {
        let want = (key.to_owned(), "The value must not contain the character U+0000.".to_owned());
        assert_eq!(problem::<Room>(text.as_bytes()), want, "{text}");
    }
    assert!(read(r#"{"title":"\u0001\u001f\u007f"}"#).is_ok());
}

#[test]
fn required_members() {
    #[derive(Debug, Deserialize)]
    struct Strict {
        #[serde(rename = "first")]
        _first: String,
        #[serde(rename = "second")]
        _second: Option<i32>,
        #[serde(rename = "shares", default)]
        _shares: Vec<Share>,
    }
    let all: &[&str] = &["first", "second"];
    let lacks = "JSON deserialization for type 'Strict' was missing required properties including: ";
    let cases = [
        (r#"{"first":"a","second":1}"#, all, None),
        (r#"{"FIRST":"a","Second":null}"#, all, None),
        ("{}", all, Some(("$", format!("{lacks}'first', 'second'.")))),
        (r#"{"first":"a"}"#, all, Some(("$", format!("{lacks}'second'.")))),
        // What serde itself misses reads the same.
        ("{}", &[], Some(("$", format!("{lacks}'first'.")))),
        // A wrong type comes first, as .NET meets it first.
        (
            r#"{"first":1}"#,
            all,
            Some((
                "$.first",
                "The JSON value could not be converted to System.String. Path: $.first.".to_owned(),
            )),
        ),
        (
            r#"{"first":"a","second":1,"shares":[{}]}"#,
            all,
            Some(("$.shares[0]", lacks.replace("Strict", "Share") + "'access'.")),
        ),
    ];
    for (text, required, want) in cases {
        let got = from_slice::<Strict>(text.as_bytes(), required, "Strict").err();
        assert_eq!(got, want.map(|(key, message)| BindError::new(key, message)), "{text}");
    }
}

#[test]
fn large_bodies() -> Done {
    let long = "é".repeat(1 << 19);
    assert_eq!(read(&format!("{{\"title\":\"{long}\"}}"))?.title, long);
    // A long name or number is refused without echoing it.
    for text in
        [format!("{{\"byName\":{{\"{long}\":true}}}}"), format!("{{\"size\":\"{}\"}}", "9".repeat(1 << 20))]
    {
        let (key, message) = problem::<Room>(text.as_bytes());
        assert!(key.starts_with("$.") && key.len() < 300 && message.len() < 400, "{}", key.len());
    }
    let many = (0..100_000).map(|n| format!("\"m{n}\":{n}")).collect::<Vec<_>>().join(",");
    assert_eq!(read(&format!("{{{many},\"title\":\"x\"}}"))?.title, "x");
    let huge = read(&format!("{{\"extra\":{}}}", "9".repeat(300)))?;
    assert!(huge.extra.is_f64());
    Ok(())
}
