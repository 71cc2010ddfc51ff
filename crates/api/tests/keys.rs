//! The six operations on API keys (foundation.md §3).
#![cfg(test)]

use domain::people::UserKind;
use domain::time::{DAY, SECOND};
use serde_json::{Value, json};
use testkit::{Answer, Ask, Engine, Lab, Site};

const NOBODYS: &str = "/keys/00000000-0000-4000-8000-000000000000";

fn make(site: &Site, key: &str, body: &Value) -> Answer {
    site.send(Ask::post("/keys").bearer(key).json(body))
}

/// A site whose first key is a second old, so that it is listed first.
fn site(lab: Lab) -> (Site, String) {
    let site = Site::owned(lab);
    site.0.lab.advance(SECOND);
    site
}

fn text<'v>(value: &'v Value, member: &str) -> &'v str {
    value[member].as_str().expect(member)
}

fn at(made: &Value) -> String {
    format!("/keys/{}", text(made, "id"))
}

#[test]
fn keys_look_as_we_know_them() {
    let (site, key) = site(Lab::new(Engine::Sqlite));
    let body =
        json!({ "name": "Scripts", "permissions": ["rooms:read", "files:write"], "expiresInDays": 30 });
    let made = make(&site, &key, &body);
    insta::assert_json_snapshot!("created", made.whole());
    site.lab.advance(60 * SECOND);
    let second = text(&made.response(), "key").to_owned();
    insta::assert_json_snapshot!("self", site.send(Ask::get("/keys/@self").bearer(&second)).whole());
    insta::assert_json_snapshot!("list", site.send(Ask::get("/keys").bearer(&key)).whole());
    insta::assert_json_snapshot!(
        "permissions",
        site.send(Ask::get("/keys/permissions").bearer(&key)).whole()
    );
    let changes = json!({ "name": "Renamed", "isActive": false });
    insta::assert_json_snapshot!(
        "updated",
        site.send(Ask::put(&at(&made.response())).bearer(&key).json(&changes)).whole()
    );
    insta::assert_json_snapshot!(
        "deleted",
        site.send(Ask::delete(&at(&made.response())).bearer(&key)).whole()
    );
}

testkit::on_both_engines! {
    fn the_text_is_shown_once_and_masked_from_then_on(lab) {
        let (site, key) = site(lab);
        let made = make(&site, &key, &json!({ "name": "New" })).response();
        let secret = text(&made, "key");
        assert!(secret.len() == 67 && secret.starts_with("sk-"), "{secret}");
        assert!(secret[3..].bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b)), "{secret}");
        let postfix = &secret[63..];
        assert_eq!(text(&made, "keyPostfix"), postfix);
        let own = site.send(Ask::get("/keys/@self").bearer(secret)).response();
        let list = site.send(Ask::get("/keys").bearer(&key));
        assert_eq!(text(&own, "key"), format!("sk-***{postfix}"));
        assert!(!list.text.contains(&secret[3..60]));
        assert_eq!((list.response()[1]["key"].as_str(), list.json()["count"].as_i64()), (own["key"].as_str(), Some(1)));
    }

    fn names_and_days_have_their_limits(lab) {
        let (site, key) = site(lab);
        let name = |length: usize| json!({ "name": "ä".repeat(length) });
        let days = |days: i64| json!({ "name": "n", "expiresInDays": days });
        for (body, field) in [
            (json!({}), "$"), (json!({ "name": null }), "Name"), (json!({ "name": "" }), "Name"),
            (json!({ "name": "  " }), "Name"), (name(31), "Name"), (json!({ "name": 5 }), "$.name"),
            (json!({ "name": "😀".repeat(16) }), "Name"), (json!({ "name": "a\u{0}" }), "$.name"),
            (days(0), "ExpiresInDays"), (days(366), "ExpiresInDays"), (days(-1), "ExpiresInDays"),
            (json!({ "name": "n", "expiresInDays": 1.5 }), "$.expiresInDays"),
            (json!({ "name": "n", "permissions": "*" }), "$.permissions"),
        ] {
            let answer = make(&site, &key, &body);
            assert_eq!((answer.status, answer.fields()), (400, vec![field.to_owned()]), "{body}: {}", answer.text);
        }
        for unknown in [json!(["rooms:dance"]), json!(["*", "x"]), json!(["Rooms:Read"]), json!([""])] {
            let answer = make(&site, &key, &json!({ "name": "n", "permissions": unknown }));
            assert_eq!((answer.status, answer.message().as_str()), (400, "Permissions are not valid."));
        }
        for body in [name(30), days(1), days(365), json!({ "name": "n", "expiresInDays": "7" })] {
            let answer = make(&site, &key, &body);
            assert_eq!(answer.status, 200, "{body}: {}", answer.text);
        }
        assert_eq!(site.send(Ask::get("/keys").bearer(&key)).response().as_array().map(Vec::len), Some(5));
        assert!(make(&site, &key, &name(31)).text.contains("Incorrect name. Length must be less than 30"));
        assert!(make(&site, &key, &days(0)).text.contains("Incorrect number of days. Value must be between 1 and 365"));
    }

    fn a_key_for_everything_has_no_permissions(lab) {
        let (site, key) = site(lab);
        for (sent, kept) in [
            (json!(null), json!([])), (json!([]), json!([])), (json!(["*"]), json!([])),
            (json!(["rooms:read", "*"]), json!([])), (json!(["rooms:write", "*:read"]), json!(["rooms:write", "*:read"])),
        ] {
            let made = make(&site, &key, &json!({ "name": "n", "permissions": sent })).response();
            assert_eq!(made["permissions"], kept, "{sent}");
        }
    }

    fn a_use_is_shown_at_once(lab) {
        let (site, key) = site(lab);
        let made = make(&site, &key, &json!({ "name": "New" })).response();
        assert!(made.get("lastUsed").is_none());
        let shown = || site.send(Ask::get("/keys").bearer(&key)).response()[1]["lastUsed"].take();
        assert_eq!(shown(), Value::Null);
        site.lab.advance(60 * SECOND);
        let own = site.send(Ask::get("/keys/@self").bearer(text(&made, "key"))).response();
        assert_eq!(text(&own, "lastUsed"), "2026-03-01T09:31:01.0000000Z");
        assert_eq!(shown(), own["lastUsed"]);
        site.app.write_uses().expect("the uses");
        assert_eq!(shown(), own["lastUsed"], "written down it is the same");
    }

    fn changes_take_effect_at_once(lab) {
        let (site, key) = site(lab);
        let made = make(&site, &key, &json!({ "name": "New", "permissions": ["rooms:read"] })).response();
        let change = |body: Value| {
            let answer = site.send(Ask::put(&at(&made)).bearer(&key).json(&body));
            assert_eq!((answer.status, answer.response()), (200, json!(true)), "{body}: {}", answer.text);
        };
        let own = || site.send(Ask::get("/keys/@self").bearer(text(&made, "key")));
        let rooms = || site.send(Ask::get("/files/rooms").bearer(text(&made, "key"))).status;
        assert_eq!(rooms(), 200);
        change(json!({ "permissions": ["files:read"] }));
        assert_eq!((rooms(), own().response()["permissions"].take()), (403, json!(["files:read"])));
        change(json!({}));
        change(json!({ "name": "", "permissions": [] }));
        let kept = own().response();
        assert_eq!((&kept["name"], &kept["permissions"]), (&json!("New"), &json!(["files:read"])));
        change(json!({ "permissions": ["*"], "name": "Renamed" }));
        let kept = own().response();
        assert_eq!((&kept["name"], &kept["permissions"], rooms()), (&json!("Renamed"), &json!([]), 200));
        change(json!({ "isActive": false }));
        assert_eq!(rooms(), 401);
        change(json!({ "isActive": true }));
        assert_eq!(rooms(), 200);
        let long = site.send(Ask::put(&at(&made)).bearer(&key).json(&json!({ "name": "a".repeat(31) })));
        assert_eq!((long.status, long.fields()), (400, vec!["Changed.Name".to_owned()]));
        let unknown = site.send(Ask::put(&at(&made)).bearer(&key).json(&json!({ "permissions": ["x"] })));
        assert_eq!((unknown.status, unknown.message().as_str()), (400, "Permissions are not valid."));
        assert_eq!(site.send(Ask::delete(&at(&made)).bearer(&key)).response(), json!(true));
        assert_eq!(rooms(), 401);
    }

    fn others_keys_are_for_administrators(lab) {
        let (site, owner) = site(lab);
        let [ada, bob] = ["ada", "bob"].map(|name| site.lab.person(UserKind::User, name));
        let [ada, bob] = [ada, bob].map(|person| site.key(&person, &[]));
        let made = make(&site, &ada, &json!({ "name": "Ada's" })).response();
        let list = |key: &str| site.send(Ask::get("/keys").bearer(key)).response().as_array().map(Vec::len);
        assert_eq!((list(&ada), list(&bob), list(&owner)), (Some(2), Some(1), Some(4)));
        let name = json!({ "name": "Mine" });
        for (ask, done) in [
            (Ask::put(&at(&made)).json(&name).bearer(&bob), json!(false)),
            (Ask::delete(&at(&made)).bearer(&bob), json!(false)),
            (Ask::put(&at(&made)).json(&name).bearer(&ada), json!(true)),
            (Ask::put(&at(&made)).json(&name).bearer(&owner), json!(true)),
            (Ask::delete(&at(&made)).bearer(&owner), json!(true)),
        ] {
            let answer = site.send(ask);
            assert_eq!((answer.status, answer.response()), (200, done), "{}", answer.text);
        }
    }

    fn an_expired_key_is_not_changed_but_deleted(lab) {
        let (site, key) = site(lab);
        let made = make(&site, &key, &json!({ "name": "Brief", "expiresInDays": 1 })).response();
        assert_eq!(text(&made, "expiresAt"), "2026-03-02T09:30:01.0000000Z");
        site.lab.advance(DAY);
        let changed = site.send(Ask::put(&at(&made)).bearer(&key).json(&json!({ "name": "Longer" })));
        assert_eq!((changed.status, changed.response()), (200, json!(false)));
        assert_eq!(site.send(Ask::get("/keys").bearer(&key)).response()[1]["name"], "Brief");
        assert_eq!(site.send(Ask::delete(&at(&made)).bearer(&key)).response(), json!(true));
    }
}

#[test]
fn an_unknown_key_is_404() {
    let (site, key) = site(Lab::new(Engine::Sqlite));
    for ask in [Ask::put(NOBODYS).json(&json!({})), Ask::delete(NOBODYS)] {
        let answer = site.send(ask.bearer(&key));
        assert_eq!((answer.status, answer.code().as_str()), (404, "key_not_found"));
    }
}

#[test]
fn ids_may_be_written_in_capitals() {
    let (site, key) = site(Lab::new(Engine::Sqlite));
    let made = make(&site, &key, &json!({ "name": "New" })).response();
    let upper = format!("/keys/{}", text(&made, "id").to_uppercase());
    assert_eq!(site.send(Ask::delete(&upper).bearer(&key)).response(), json!(true));
}

#[test]
fn self_is_for_callers_with_a_key() {
    let (site, key) = site(Lab::new(Engine::Sqlite));
    let auth = json!({ "userName": "owner@example.org", "password": "secret12" });
    let token = site.send(Ask::post("/authentication").json(&auth)).response();
    let cookie = format!("asc_auth_key={}", text(&token, "token"));
    for ask in [
        Ask::get("/keys/@self").header("cookie", &cookie),
        Ask::get("/keys/@self").bearer(text(&token, "token")),
    ] {
        assert_eq!(site.send(ask).status, 400);
    }
    assert_eq!(site.send(Ask::get("/keys/@self").bearer(&key)).status, 200);
}

#[test]
fn guests_make_no_keys() {
    let (site, _) = site(Lab::new(Engine::Sqlite));
    let guest = site.lab.person(UserKind::Guest, "guest");
    let answer = make(&site, &site.key(&guest, &[]), &json!({ "name": "n" }));
    assert_eq!((answer.status, answer.message().as_str()), (403, "Access denied"));
}

#[test]
fn a_key_is_never_more_than_its_maker() {
    let (site, _) = site(Lab::new(Engine::Sqlite));
    let user = site.lab.person(UserKind::User, "user");
    let made = make(&site, &site.key(&user, &[]), &json!({ "name": "n", "permissions": ["*"] })).response();
    let room = Ask::post("/files/rooms").bearer(text(&made, "key")).json(&json!({ "title": "A" }));
    assert_eq!(site.send(room).code(), "room_create_denied");
}
