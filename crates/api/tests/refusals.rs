//! Whole replies of typical refusals.
#![cfg(test)]

use serde_json::json;
use testkit::{Ask, Engine, Lab, Site};

#[test]
fn refusals_are_the_ones_we_know() {
    let (site, key) = Site::owned(Lab::new(Engine::Sqlite));
    let user = site.lab.person(domain::people::UserKind::User, "user");
    let (user, narrow) = (site.key(&user, &[]), site.key(&user, &["files:read"]));
    let room = site.send(Ask::post("/files/rooms").bearer(&key).json(&json!({ "title": "Room" })));
    let room = format!("/files/rooms/{}", room.response()["id"]);
    let asks = [
        ("no_key", Ask::get("/files/rooms")),
        ("wrong_key", Ask::get("/files/rooms").bearer("sk-wrong")),
        ("dead_token", Ask::get("/files/rooms").header("cookie", "asc_auth_key=dead")),
        ("scope_missing", Ask::get("/files/rooms").bearer(&narrow)),
        ("access_denied", Ask::delete(&room).bearer(&user)),
        ("no_right_to_create", Ask::post("/files/rooms").bearer(&user).json(&json!({ "title": "A" }))),
        ("no_such_room", Ask::get("/files/rooms/999").bearer(&key)),
        ("no_such_room_to_rename", Ask::put("/files/rooms/999").bearer(&key)),
        ("unknown_address", Ask::get("/nothing")),
        ("wrong_method", Ask::delete("/files/rooms").bearer(&key)),
        ("no_title", Ask::post("/files/rooms").bearer(&key).json(&json!({}))),
        ("null_title", Ask::post("/files/rooms").bearer(&key).json(&json!({ "title": null }))),
        ("blank_title", Ask::post("/files/rooms").bearer(&key).json(&json!({ "title": " " }))),
        (
            "unknown_type",
            Ask::post("/files/rooms").bearer(&key).json(&json!({ "title": "A", "roomType": 3 })),
        ),
        ("long_title", Ask::post("/files/rooms").bearer(&key).json(&json!({ "title": "a".repeat(171) }))),
        (
            "long_new_title",
            Ask::put(&room).bearer(&key).json(&json!({ "title": "a".repeat(171), "color": "1234567" })),
        ),
        ("wrong_type", Ask::put(&room).bearer(&key).json(&json!({ "title": 5 }))),
        ("broken_json", Ask::put(&room).bearer(&key).raw("{\"title\"")),
        ("bad_query", Ask::get("/files/rooms?count=0&startIndex=x&type=3").bearer(&key)),
        ("bad_tags", Ask::get("/files/rooms?tags=a").bearer(&key)),
        ("long_body", Ask::put(&room).bearer(&key).raw(vec![b' '; (1 << 20) + 1])),
    ];
    for (name, ask) in asks {
        let answer = site.send(ask);
        insta::assert_json_snapshot!(name, answer.whole());
    }
}

#[test]
fn members_come_in_the_references_order() {
    let (site, key) = Site::owned(Lab::new(Engine::Sqlite));
    let denied = site.send(Ask::get("/files/rooms/999").bearer(&key));
    assert_eq!(
        denied.text,
        r#"{"error":{"message":"The required folder was not found","type":"System.IO.FileNotFoundException","stack":"","hresult":0,"code":"room_not_found"},"status":1,"statusCode":404}"#,
    );
    let bad = site.send(Ask::get("/files/rooms?count=0").bearer(&key));
    assert_eq!(
        bad.text,
        r#"{"response":{"type":"https://tools.ietf.org/html/rfc9110#section-15.5.1","title":"One or more validation errors occurred.","status":400,"errors":{"count":["The field Count must be between 1 and 100."]},"traceId":"lab"},"count":1,"links":[{"href":"http://portal.test/api/2.0/files/rooms?count=0","action":"GET"}],"status":1,"statusCode":400}"#,
    );
    let good = site.send(Ask::get("/authentication").bearer(&key));
    assert_eq!(
        good.text,
        r#"{"response":true,"count":1,"links":[{"href":"http://portal.test/api/2.0/authentication","action":"GET"}],"status":0,"statusCode":200}"#,
    );
}

#[test]
fn every_reply_has_its_headers() {
    let (site, key) = Site::owned(Lab::new(Engine::Sqlite));
    let asks = [
        Ask::get("/files/rooms").bearer(&key),
        Ask::get("/files/rooms"),
        Ask::get("/nothing"),
        Ask::get("/health"),
        Ask::delete("/files/rooms"),
    ];
    for ask in asks {
        let answer = site.send(ask.clone().header("x-request-id", "abc-1.2_3"));
        for (name, value) in [
            ("x-request-id", "abc-1.2_3"),
            ("api-supported-versions", "2.0"),
            ("cache-control", "no-store"),
            ("x-content-type-options", "nosniff"),
            ("access-control-allow-origin", "*"),
        ] {
            assert_eq!(answer.header(name), value, "{name} of {ask:?}");
        }
    }
    let own = site.send(Ask::get("/health").header("x-request-id", "<script>")).header("x-request-id");
    assert!(!own.is_empty() && !own.contains('<'), "{own}");
}
