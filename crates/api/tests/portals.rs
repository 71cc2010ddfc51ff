//! Many portals behind one address: which one a request is for, and that nothing leaks between them.
#![cfg(test)]

use api::Settings;
use regex::Regex;
use serde_json::json;
use testkit::{Answer, Ask, Engine, Lab, Site};

/// Two portals with the same owner's address and password: the first, and `abc`.
fn two(settings: Settings) -> (Site, String, String) {
    let lab = Lab::new(Engine::Sqlite);
    let owner = lab.set_up();
    let (abc, other) = lab.found("abc");
    let site = Site::with(lab, settings);
    let first_key = site.key(&owner, &[]);
    let abc_key = site.key_of(site.lab.call_in(&abc, &other), &other, &[]);
    (site, first_key, abc_key)
}

fn by_origin() -> Settings {
    Settings { resolve_by_origin: true, ..Settings::default() }
}

fn alias(answer: &Answer) -> String {
    answer.response()["tenantAlias"].as_str().unwrap_or_default().to_owned()
}

#[test]
fn the_host_chooses_the_portal() {
    let (site, ..) = two(Settings::default());
    for (host, expected) in [
        ("localhost:8080", "localhost"),
        ("127.0.0.1", "localhost"),
        ("abc.localhost:8080", "abc"),
        ("ABC.LOCALHOST", "abc"),
        ("abc", "abc"),
    ] {
        let ask = Ask::get("/settings").host(host).header("origin", "http://abc");
        let answer = site.send(ask);
        assert_eq!((answer.status, alias(&answer).as_str()), (200, expected), "{host}");
    }
    for host in ["portal.test", "xyz.localhost", "abc.example.org", "!1"] {
        let answer = site.send(Ask::get("/settings").host(host));
        assert_eq!((answer.status, answer.code().as_str()), (404, "portal_not_found"), "{host}");
        assert_eq!(site.send(Ask::get("/health").host(host)).status, 200, "health asks for no portal");
    }
}

#[test]
fn the_origin_chooses_the_portal_where_it_may() {
    let (site, ..) = two(by_origin());
    for (origin, expected) in [
        ("http://abc", "abc"),
        ("http://ABC", "abc"),
        ("https://abc.localhost:8080", "abc"),
        ("http://localhost", "localhost"),
        ("http://unknown", "localhost"),
        ("null", "localhost"),
        ("", "localhost"),
        ("\u{e4}", "localhost"),
        ("http://", "localhost"),
    ] {
        let answer = site.send(Ask::get("/settings").host("localhost:8080").header("origin", origin));
        assert_eq!((answer.status, alias(&answer).as_str()), (200, expected), "{origin:?}");
    }
}

#[test]
fn a_cookie_writes_for_pages_of_its_own_portal_alone() {
    let (site, ..) = two(by_origin());
    let signed_in = site.send(
        Ask::post("/authentication")
            .host("localhost")
            .header("origin", "http://abc")
            .json(&json!({ "userName": "owner@example.org", "password": "secret12" })),
    );
    let token = signed_in.response()["token"].as_str().unwrap_or_default().to_owned();
    assert!(!token.is_empty(), "{}", signed_in.text);
    let write = |headers: &[(&str, &str)]| {
        let ask = Ask::post("/files/rooms").host("localhost").json(&json!({ "title": "Room" }));
        let ask = ask.header("cookie", &format!("asc_auth_key={token}"));
        site.send(headers.iter().fold(ask, |ask, (name, value)| ask.header(name, value)))
    };
    let named = write(&[("origin", "http://abc")]);
    assert_eq!(named.status, 200, "its own name is no other site: {}", named.text);
    let foreign = write(&[("origin", "http://abc"), ("sec-fetch-site", "cross-site")]);
    assert_eq!((foreign.status, foreign.code().as_str()), (403, "cross_site"), "browsers know better");
    let same = write(&[("origin", "http://abc"), ("sec-fetch-site", "same-origin")]);
    assert_eq!(same.status, 200, "{}", same.text);
    assert_eq!(write(&[]).status, 401, "without the origin it is another portal's cookie");
}

#[test]
fn nothing_of_one_portal_is_worth_anything_in_another() {
    let (site, first_key, abc_key) = two(Settings::default());
    let at = |ask: Ask, host: &str| site.send(ask.host(host));
    let (first, abc) = ("localhost", "abc.localhost");

    // Keys. Each is remembered by the gate before it is shown at the other door.
    for (key, own, other) in [(&first_key, first, abc), (&abc_key, abc, first)] {
        assert_eq!(at(Ask::get("/people/@self").bearer(key), own).status, 200);
        let answer = at(Ask::get("/people/@self").bearer(key), other);
        assert_eq!((answer.status, answer.code().as_str()), (401, "key_invalid"));
        assert_eq!(at(Ask::get("/people/@self").bearer(key), own).status, 200);
    }

    // Rooms.
    let made = at(Ask::post("/files/rooms").bearer(&first_key).json(&json!({ "title": "Room" })), first);
    let room = made.response()["id"].clone();
    assert_eq!(at(Ask::get(&format!("/files/rooms/{room}")).bearer(&first_key), first).status, 200);
    let elsewhere = at(Ask::get(&format!("/files/rooms/{room}")).bearer(&abc_key), abc);
    assert_eq!((elsewhere.status, elsewhere.code().as_str()), (404, "room_not_found"));
    let list = at(Ask::get("/files/rooms").bearer(&abc_key), abc);
    assert_eq!(list.response()["folders"], json!([]));

    // Sessions, as header and as cookie; the two owners have the same address and password.
    let sign_in = json!({ "userName": "owner@example.org", "password": "secret12" });
    let signed_in = at(Ask::post("/authentication").json(&sign_in), first);
    let token = signed_in.response()["token"].as_str().unwrap_or_default().to_owned();
    assert_eq!(at(Ask::get("/people/@self").bearer(&token), first).status, 200);
    assert_eq!(at(Ask::get("/people/@self").bearer(&token), abc).code(), "session_invalid");
    let cookie = format!("asc_auth_key={token}");
    assert_eq!(at(Ask::get("/people/@self").header("cookie", &cookie), first).status, 200);
    assert_eq!(at(Ask::get("/people/@self").header("cookie", &cookie), abc).status, 401);

    // Idempotency keys.
    let create = |key: &str| {
        Ask::post("/files/rooms")
            .bearer(key)
            .header("idempotency-key", "k")
            .json(&json!({ "title": "Twice" }))
    };
    let (one, two) = (at(create(&first_key), first), at(create(&abc_key), abc));
    assert_eq!((one.status, two.status), (200, 200));
    assert_ne!(one.response()["id"], two.response()["id"]);
    assert_eq!(at(create(&first_key), first).response()["id"], one.response()["id"]);

    // Wrong passwords in one portal lock nobody out of another.
    let wrong = json!({ "userName": "owner@example.org", "password": "wrong-one" });
    for _ in 0..6 {
        at(Ask::post("/authentication").json(&wrong), abc);
    }
    assert_eq!(at(Ask::post("/authentication").json(&sign_in), abc).status, 403);
    assert_eq!(at(Ask::post("/authentication").json(&sign_in), first).status, 200);

    // Operations.
    at(Ask::put(&format!("/files/rooms/{room}/archive")).bearer(&first_key), first);
    assert_eq!(at(Ask::get("/files/fileops").bearer(&abc_key), abc).response(), json!([]));
}

#[test]
fn a_deleted_portal_answers_nobody() {
    let settings = Settings { test_emails: Regex::new("@example\\.org$").ok(), ..Settings::default() };
    let (site, first_key, abc_key) = two(settings);
    let delete = || Ask::delete("/portal/deleteportalimmediately").host("abc.localhost");
    assert_eq!(site.send(Ask::get("/people/@self").host("abc.localhost").bearer(&abc_key)).status, 200);
    let deleted = site.send(delete().bearer(&abc_key));
    assert_eq!((deleted.status, deleted.response()), (200, json!("http://localhost")));
    let after = site.send(Ask::get("/people/@self").host("abc.localhost").bearer(&abc_key));
    assert_eq!(after.status, 401, "with one portal left, the host reaches that, where the key is unknown");
    let last = site.send(Ask::delete("/portal/deleteportalimmediately").bearer(&first_key));
    assert_eq!((last.status, last.code().as_str()), (403, "last_portal"));
}

#[test]
fn only_test_runs_and_open_registration_delete_at_once() {
    let (site, _, abc_key) = two(Settings::default());
    let refused = site.send(Ask::delete("/portal/deleteportalimmediately").host("abc").bearer(&abc_key));
    assert_eq!((refused.status, refused.message().as_str()), (403, "Access denied"));
    let (site, _, abc_key) = two(Settings { registration: true, ..Settings::default() });
    let deleted = site.send(Ask::delete("/portal/deleteportalimmediately").host("abc").bearer(&abc_key));
    assert_eq!(deleted.status, 200, "{}", deleted.text);
}

/// The link of the last letter to a portal's owner, as the header `confirm` holds it.
fn mailed(site: &Site) -> (String, String) {
    let payload = site.lab.read(|conn| {
        Ok(conn.one(
            db::sql!("select payload from job where name = 'mail.send' order by id desc limit 1"),
            &[],
            |row| row.get::<String>(0),
        )?)
    });
    let letter: serde_json::Value = serde_json::from_str(&payload.expect("a letter")).expect("JSON");
    let link = letter["link"][1].as_str().unwrap_or_default();
    let query = |link: &str| link.split_once('?').map(|(_, query)| query.to_owned()).unwrap_or_default();
    let back = letter["text"].as_str().unwrap_or_default().rsplit("open ").next().unwrap_or_default();
    (query(link), query(back))
}

#[test]
fn an_owner_suspends_and_deletes_by_mailed_links() {
    let (site, _, abc_key) = two(Settings::default());
    let at = |ask: Ask| site.send(ask.host("abc.localhost"));
    assert_eq!(at(Ask::post("/portal/suspend").bearer(&abc_key)).status, 200);
    let (suspend, resume) = mailed(&site);
    assert_eq!(at(Ask::put("/portal/suspend").bearer(&abc_key)).status, 403, "an account alone won't do");
    assert_eq!(at(Ask::put("/portal/continue").header("confirm", &suspend)).status, 403, "another type");
    assert_eq!(at(Ask::put("/portal/suspend").header("confirm", "type=PortalSuspend&key=x")).status, 401);
    let suspended = at(Ask::put("/portal/suspend").header("confirm", &suspend));
    assert_eq!(suspended.status, 200, "{}", suspended.text);

    let gone = at(Ask::get("/people/@self").bearer(&abc_key));
    assert_eq!((gone.status, gone.code().as_str()), (404, "portal_not_found"));
    let settings = at(Ask::get("/settings"));
    assert_eq!((settings.status, &settings.response()["tenantStatus"]), (200, &json!(1)));
    let resumed = at(Ask::put("/portal/continue").header("confirm", &resume));
    assert_eq!(resumed.status, 200, "{}", resumed.text);
    assert_eq!(at(Ask::get("/people/@self").bearer(&abc_key)).status, 200);

    assert_eq!(at(Ask::post("/portal/delete").bearer(&abc_key)).status, 200);
    let (delete, _) = mailed(&site);
    let deleted = at(Ask::delete("/portal/delete").header("confirm", &delete));
    assert_eq!((deleted.status, deleted.response()), (200, json!("http://localhost")), "{}", deleted.text);
    assert_eq!(site.send(Ask::get("/people/@self").host("abc").bearer(&abc_key)).status, 401);
}

#[test]
fn the_only_portal_is_neither_suspended_nor_deleted() {
    let (site, key) = Site::owned(Lab::new(Engine::Sqlite));
    for ask in [Ask::post("/portal/suspend"), Ask::post("/portal/delete")] {
        let answer = site.send(ask.bearer(&key));
        assert_eq!((answer.status, answer.code().as_str()), (403, "last_portal"));
    }
}

#[test]
fn a_portal_tells_its_administrators_what_it_is() {
    let (site, key) = Site::owned(Lab::new(Engine::Sqlite));
    insta::assert_json_snapshot!("portal_for_owner", site.send(Ask::get("/portal").bearer(&key)).whole());
    let user = site.lab.person(domain::people::UserKind::User, "ursula");
    let key = site.key(&user, &[]);
    insta::assert_json_snapshot!("portal_for_user", site.send(Ask::get("/portal").bearer(&key)).whole());
    for (path, expected) in [
        ("/rooms", "http://portal.test/rooms"),
        ("", "http://portal.test"),
        ("~/a?b", "http://portal.test/a?b"),
    ] {
        let path = path.replace('/', "%2F").replace('?', "%3F");
        let answer = site.send(Ask::get(&format!("/portal/path?virtualPath={path}")).bearer(&key));
        assert_eq!(answer.response(), json!(expected));
    }
}

#[test]
fn a_portal_gets_another_name_and_nobody_stays_signed_in() {
    let (site, _, key) = two(Settings::default());
    let sign_in = json!({ "userName": "owner@example.org", "password": "secret12" });
    let signed_in = site.send(Ask::post("/authentication").host("abc.localhost").json(&sign_in));
    let token = signed_in.response()["token"].as_str().unwrap_or_default().to_owned();
    let rename = |host: &str, key: &str, alias: &str| {
        let ask = Ask::put("/portal/portalrename").host(host).bearer(key);
        site.send(ask.json(&json!({ "alias": alias })))
    };
    for (alias, sentence) in [
        ("", "PortalName is required"),
        ("ab", "Portal name is too short"),
        ("a_b_c", "Unallowable symbols in portalName"),
        ("localhost", "Portal already exists"),
    ] {
        let refused = rename("abc.localhost", &key, alias);
        assert_eq!((refused.status, refused.message().as_str()), (400, sentence), "{alias:?}");
    }
    assert_eq!(rename("abc.localhost", &key, "ABC").response(), json!(""), "it is called so");
    let own =
        |host: &str, credential: &str| site.send(Ask::get("/people/@self").host(host).bearer(credential));
    assert_eq!(own("abc.localhost", &token).status, 200);

    let renamed = rename("abc.localhost", &key, "Other-Name");
    let link = renamed.response().as_str().unwrap_or_default().to_owned();
    assert!(link.starts_with("http://other-name.localhost/confirm/Auth?type=Auth&key="), "{}", renamed.text);
    assert_eq!(own("abc.localhost", &key).status, 404);
    assert_eq!(own("other-name.localhost", &token).status, 401, "no session outlives it");
    assert_eq!(own("other-name.localhost", &key).status, 200, "keys do");
    let (_, query) = link.split_once('?').expect("a query");
    let confirm = json!({ "userName": "owner@example.org", "confirmData": {
        "email": "owner@example.org", "key": param(query, "key"), "first": false,
    } });
    let back = site.send(Ask::post("/authentication").host("other-name.localhost").json(&confirm));
    assert_eq!(back.status, 200, "{}", back.text);
    let refused =
        site.send(Ask::put("/portal/portalrename").host("localhost").json(&json!({ "alias": "first" })));
    assert_eq!(refused.status, 401);
}

#[test]
fn the_first_portal_keeps_its_name() {
    let (site, key, _) = two(Settings::default());
    let ask = Ask::put("/portal/portalrename").host("localhost").bearer(&key);
    let refused = site.send(ask.json(&json!({ "alias": "first" })));
    assert_eq!((refused.status, refused.code().as_str()), (400, "first_portal_name"));
}

/// A parameter of a link's query.
fn param(query: &str, name: &str) -> String {
    let found = query.split('&').filter_map(|pair| pair.split_once('=')).find(|(key, _)| *key == name);
    found.map(|(_, value)| value.to_owned()).unwrap_or_default()
}
