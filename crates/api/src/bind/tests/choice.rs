//! Enumerations and bare arrays in a body (foundation.md §1.5, deviations.md 24).

use super::*;

#[derive(Debug, Clone, Copy, PartialEq)]
struct Access;

impl EnumTable for Access {
    const TYPE: &'static str = "FileShare";
    const NAMES: &'static [(&'static str, i64)] = &[("None", 0), ("Read", 2), ("read", 3), ("Editing", 10)];
}

#[derive(Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
struct Choices {
    named: Option<Named<Access>>,
    numeric: Option<Numeric<Access>>,
    list: Vec<Named<Access>>,
    either: Option<NumberOrName>,
    #[serde(deserialize_with = "plain")]
    plain: i64,
}

fn plain<'de, D: Deserializer<'de>>(deserializer: D) -> Result<i64, D::Error> {
    named(deserializer, Access::TYPE, Access::NAMES)
}

#[test]
fn enumerations() -> Done {
    let value = |text: &str| from_slice::<Choices>(text.as_bytes(), &[], "Choices");
    for (sent, want) in [
        ("10", 10),
        (r#""10""#, 10),
        (r#""Editing""#, 10),
        (r#""EDITING""#, 10),
        (r#""read""#, 3),
        (r#""Read""#, 2),
        ("77", 77),
    ] {
        let read = value(&format!("{{\"Named\":{sent},\"plain\":{sent},\"list\":[{sent}]}}"))?;
        let got = (read.named.map(|found| found.value()), read.plain, read.list.len());
        assert_eq!(got, (Some(want), want, 1), "{sent}");
        assert_eq!(read.named.and_then(|found| found.known()), Some(want).filter(|number| *number != 77));
    }
    assert_eq!(value(r#"{"numeric":"2"}"#)?.numeric.map(|found| found.value()), Some(2));
    assert_eq!(value(r#"{"numeric":2,"named":null}"#)?.named, None);
    assert_eq!(value(r#"{"either":"x"}"#)?.either, Some(NumberOrName::Name("x".to_owned())));
    assert_eq!(value(r#"{"either":-3}"#)?.either, Some(NumberOrName::Number(-3)));
    let bad = [
        (r#"{"named":"Nobody"}"#, "$.named", "FileShare"),
        (r#"{"named":""}"#, "$.named", "FileShare"),
        (r#"{"named":1.5}"#, "$.named", "FileShare"),
        (r#"{"named":true}"#, "$.named", "FileShare"),
        (r#"{"named":4294967296}"#, "$.named", "FileShare"),
        (r#"{"numeric":"Read"}"#, "$.numeric", "FileShare"),
        (r#"{"numeric":[2]}"#, "$.numeric", "FileShare"),
        (r#"{"list":[2,"x"]}"#, "$.list[1]", "FileShare"),
        (r#"{"list":[null]}"#, "$.list[0]", "FileShare"),
        (r#"{"plain":{}}"#, "$.plain", "FileShare"),
    ];
    for (text, key, type_name) in bad {
        let message = format!("The JSON value could not be converted to {type_name}. Path: {key}.");
        assert_eq!(problem::<Choices>(text.as_bytes()), (key.to_owned(), message), "{text}");
    }
    Ok(())
}

#[test]
fn bare_arrays() -> Done {
    assert_eq!(list_from_slice::<i32>(b"[1,\"2\"]", "Ids")?, [1, 2]);
    let key = |bytes: &[u8]| list_from_slice::<i32>(bytes, "Ids").err().map(|error| error.key);
    for (bytes, want) in
        [("{}", "$"), ("[1,null]", "$[1]"), ("null", ""), (r#"["\u0000"]"#, "$[0]"), ("[", "$")]
    {
        assert_eq!(key(bytes.as_bytes()).as_deref(), Some(want), "{bytes}");
    }
    Ok(())
}
