//! The query string (foundation.md §1.3, §1.8).

use crate::bind::Query;

const ORDER: &[(&str, i64)] = &[("Ascending", 0), ("descending", 1)];

/// The problems a reader notes, as pairs.
fn asked<T>(raw: &str, read: impl Fn(&mut Query<'_>) -> T) -> (T, Vec<(String, String)>) {
    let mut query = Query::parse(raw);
    let value = read(&mut query);
    let problems = query.finish().err().unwrap_or_default();
    (value, problems.into_iter().map(|error| (error.key, error.message)).collect())
}

fn noted(key: &str, message: &str) -> Vec<(String, String)> {
    if message.is_empty() { Vec::new() } else { vec![(key.to_owned(), message.to_owned())] }
}

#[test]
fn query_numbers() {
    let range = "The field Count must be between 1 and 100.";
    let cases = [
        ("", 50, ""),
        ("count=", 50, ""),
        ("count=%20", 50, ""),
        ("COUNT=7", 7, ""),
        ("?Count=7&count=8", 7, ""),
        ("count[]=7", 7, ""),
        ("count%5B%5D=7", 7, ""),
        ("count=+7+", 7, ""),
        ("count=%2B7", 7, ""),
        ("count=0", 50, range),
        ("count=101", 50, range),
        ("count=-1", 50, range),
        ("count=2147483647", 50, range),
        ("count=2147483648", 50, "The value '2147483648' is not valid for Count."),
        ("count=99999999999999999999", 50, "The value '99999999999999999999' is not valid for Count."),
        ("count=abc", 50, "The value 'abc' is not valid for Count."),
        ("count=1.0", 50, "The value '1.0' is not valid for Count."),
        ("count=%00", 50, r"The value '\u0000' is not valid for Count."),
        ("count=%zz%ff", 50, "The value '%zz\u{fffd}' is not valid for Count."),
    ];
    for (raw, want, message) in cases {
        let got = asked(raw, |query| query.int("count", "Count", 1..=100, 50));
        assert_eq!(got, (want, noted("count", message)), "{raw}");
    }
    let start = |query: &mut Query<'_>| query.int("startIndex", "StartIndex", 0..=2_147_483_647, 0);
    let message = "The field StartIndex must be between 0 and 2147483647.";
    assert_eq!(asked("startindex=-1", start), (0, noted("startIndex", message)));
    // An absent number counts as 0; a wide range makes it int64.
    let absent = asked("", |query| query.int("count", "Count", 1..=100, 0));
    assert_eq!(absent, (0, noted("count", range)));
    let wide = |query: &mut Query<'_>| query.int_opt("id", "Id", 0..=i64::MAX);
    assert_eq!(asked("id=9000000000", wide), (Some(9_000_000_000), Vec::new()));
    assert_eq!(asked("id=", wide), (None, Vec::new()));
}

#[test]
fn query_texts_and_flags() {
    let nul = "The value must not contain the character U+0000.";
    let cases = [
        ("q=a+b%26%C3%A9", Some("a b&é"), ""),
        ("q=+x", Some(" x"), ""),
        ("q=", None, ""),
        ("q", None, ""),
        ("other=1", None, ""),
        ("q=%ff", Some("\u{fffd}"), ""),
        ("q=100%", Some("100%"), ""),
        ("q=%00", None, nul),
    ];
    for (raw, want, message) in cases {
        let got = asked(raw, |query| query.text("q"));
        assert_eq!(got, (want.map(str::to_owned), noted("q", message)), "{raw}");
    }
    let (fields, _) = asked("fields=a,b&Fields[]=c&fields=&x=y", |query| query.texts("fields"));
    assert_eq!(fields, ["a,b", "c"]);
    let flags = [
        ("true", Some(true)),
        ("True", Some(true)),
        ("FALSE", Some(false)),
        ("", None),
        ("1", None),
        ("yes", None),
    ];
    for (sent, want) in flags {
        let got = asked(&format!("Dump={sent}"), |query| query.flag("dump", "Dump"));
        let refused = format!("The value '{sent}' is not valid for Dump.");
        let message = if want.is_some() || sent.is_empty() { "" } else { &refused };
        assert_eq!(got, (want, noted("dump", message)), "{sent}");
    }
}

#[test]
fn query_guids() {
    let want = "0a1b2c3d-4e5f-6789-abcd-ef0123456789";
    let plain = want.replace('-', "");
    for sent in [
        want.to_owned(),
        want.to_uppercase(),
        plain.clone(),
        format!("{{{want}}}"),
        format!("({want})"),
        format!(" {want} "),
    ] {
        let got = asked(&format!("id={sent}"), |query| query.guid("id", "Id"));
        assert_eq!(got, (Some(want.to_owned()), Vec::new()), "{sent}");
    }
    let hyphens = "-".repeat(36);
    for sent in [
        "x",
        &plain[1..],
        &format!("{{{plain}}}"),
        &format!("{{{want}"),
        &format!("({want}}}"),
        &hyphens,
        &"é".repeat(16),
        &want.replace('0', "g"),
    ] {
        let got = asked(&format!("id={sent}"), |query| query.guid("id", "Id"));
        assert_eq!(got, (None, noted("id", &format!("The value '{sent}' is not valid for Id."))));
    }
}

#[test]
fn query_enumerations() {
    let cases = [
        ("descending", Some(1), ""),
        ("DESCENDING", Some(1), ""),
        ("0", Some(0), ""),
        ("", None, ""),
        ("3", None, "The value '3' is invalid."),
        ("-1", None, "The value '-1' is invalid."),
        ("abc", None, "The value 'abc' is not valid for SortOrder."),
        ("4294967296", None, "The value '4294967296' is not valid for SortOrder."),
    ];
    for (sent, want, message) in cases {
        let got = asked(&format!("sortorder={sent}"), |query| query.one_of("sortOrder", "SortOrder", ORDER));
        assert_eq!(got, (want, noted("sortOrder", message)), "{sent}");
    }
    let (values, problems) =
        asked("type=0&Type[]=descending&type=&type=9&type=x", |query| query.many_of("type", "Type", ORDER));
    assert_eq!(values, [0, 1]);
    let refused = ["The value '9' is invalid.", "The value 'x' is not valid for Type."];
    assert_eq!(problems, refused.map(|message| ("type".to_owned(), message.to_owned())));
}

#[test]
fn query_tells_all_problems() {
    let ((), problems) = asked("count=0&flag=2&q=%00&ok=1", |query| {
        query.int("count", "Count", 1..=100, 100);
        query.flag("flag", "Flag");
        query.text("q");
        query.text("ok");
    });
    let keys: Vec<_> = problems.iter().map(|(key, _)| key.as_str()).collect();
    assert_eq!(keys, ["count", "flag", "q"]);
}
