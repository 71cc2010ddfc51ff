//! What is no JSON, or too deep (foundation.md §1.3, §1.5).

use super::*;

#[test]
fn broken_json_is_refused_at_the_root() {
    let cases: &[(&[u8], &str)] = &[
        (b"", "The input does not contain any JSON tokens. Path: $ | LineNumber: 0 | BytePositionInLine: 0."),
        (b"  ", "The input does not contain any JSON tokens."),
        (
            b"{\"title\":}",
            "'}' is an invalid start of a value. Path: $ | LineNumber: 0 | BytePositionInLine: 9.",
        ),
        (
            b"{\n \"a\": x}",
            "'x' is an invalid start of a value. Path: $ | LineNumber: 1 | BytePositionInLine: 6.",
        ),
        (b"{\"a\":1,}", "The JSON object or array contains a trailing comma"),
        (b"{\"a\":[1,]}", "The JSON object or array contains a trailing comma"),
        (b"{/* c */\"a\":1}", "'/' is an invalid start of a property name."),
        (b"{\"a\":1 // c\n}", "'/' is invalid after a value."),
        (b"// c\n{}", "'/' is an invalid start of a value."),
        (
            b"{} {}",
            "'{' is invalid after a single JSON value. Expected end of data. Path: $ | LineNumber: 0 | BytePositionInLine: 3.",
        ),
        (b"null x", "'x' is invalid after a single JSON value."),
        (b"{\"a\" 1}", "'1' is invalid after a property name. Expected a ':'."),
        (b"{a:1}", "'a' is an invalid start of a property name."),
        (b"{'a':1}", "''' is an invalid start of a property name."),
        (b"{\"a\":1 \"b\":2}", "'\"' is invalid after a value."),
        (b"{\"a\":\"\xff\"}", "Cannot transcode invalid UTF-8"),
        (b"{\"\xff\":1}", "Cannot transcode invalid UTF-8"),
        (b"{\"a\":\"\\x\"}", "'x' is an invalid escapable character"),
        (b"{\"a\":\"\n\"}", "'0x0A' is invalid within a JSON string."),
        (b"{\"a\":\"\\ud800\"}", "Cannot read incomplete UTF-16"),
        (b"{\"a\":\"\\ud800x\"}", "Cannot read incomplete UTF-16"),
        (b"{\"a\":\"\\udc00\"}", "Cannot read incomplete UTF-16"),
        (b"{\"a\":\"\\ud800\\ud800\"}", "Cannot read incomplete UTF-16"),
        (b"{\"a\":NaN}", "'N' is an invalid start of a value."),
        (b"{\"a\":-Infinity}", "'I' is an invalid end of a number."),
        (b"{\"a\":1.}", "'}' is an invalid end of a number."),
        (b"{\"a\":01}", "'1' is an invalid end of a number."),
        (b"{\"a\":1e999}", "The JSON number is out of range."),
        (b"{\"a\":+1}", "'+' is an invalid start of a value."),
        (b"{\"a\":tru}", "'}' is an invalid start of a value."),
        (b"{\"a\":1", "Expected depth to be zero"),
        (b"{\"a\":\"x", "Expected end of string"),
        (b"\xff\xfe{\0}\0", "'0xFF' is an invalid start of a value."),
    ];
    for (bytes, start) in cases {
        let (key, message) = problem::<Room>(bytes);
        let text = String::from_utf8_lossy(bytes);
        assert_eq!(key, "$", "{text}: {message}");
        assert!(message.starts_with(start), "{text}: {message}");
        assert!(message.contains(" Path: $ | LineNumber: "), "{text}: {message}");
    }
    let missing = (String::new(), "A non-empty request body is required.".to_owned());
    assert_eq!(problem::<Room>(b" null "), missing);
}

#[test]
fn depth_is_bounded() {
    let nest = |depth: usize, open: &str, close: &str, inner: &str| {
        format!("{{\"extra\":{}{inner}{}}}", open.repeat(depth), close.repeat(depth))
    };
    for depth in [127, 128, 100_000] {
        for text in [
            nest(depth, "[", "]", ""),
            nest(depth, "{\"a\":", "}", "1"),
            nest(depth, "[{\"a\":", "}]", "1"),
            nest(depth, "[", "", ""),
            nest(depth, "{\"nested\":", "}", "1"),
        ] {
            let (key, message) = problem::<Room>(text.as_bytes());
            assert_eq!(key, "$");
            assert!(
                message.starts_with("The maximum configured depth of 127 has been exceeded."),
                "{message}"
            );
        }
    }
    let (key, _) = problem::<Value>("[".repeat(100_000).as_bytes());
    assert_eq!(key, "$");
    assert!(read(&nest(126, "[", "]", "")).is_ok());
    assert!(read(&format!("{}{}", "{\"nested\":".repeat(126) + "{", "}".repeat(127))).is_ok());
}
