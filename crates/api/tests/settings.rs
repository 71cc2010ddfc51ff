//! What a client reads first, set-up, and the server itself (foundation.md §4.3, §4.4, §4.7, §1.9).
#![cfg(test)]

use axum::http::Method;
use domain::{Call, people::password, portals};
use serde_json::{Value, json};
use testkit::{Answer, Ask, Engine, Lab, Site};

/// A fresh site and the set-up token of its start.
fn fresh(lab: Lab) -> (Site, String) {
    let site = Site::new(lab);
    let token = site_token(&site);
    (site, token)
}

fn site_token(site: &Site) -> String {
    let portal = site.lab.portal();
    let id = portal.id;
    let token = site.lab.write(&Call::system(portal), move |tx| portals::new_setup_token(tx, id));
    token.expect("a unit").expect("a token")
}

fn confirm(token: &str) -> String {
    format!("type=Wizard&key={token}")
}

fn set_up(site: &Site, confirm: Option<&str>, body: &Value) -> Answer {
    let ask = Ask::put("/settings/wizard/complete").json(body);
    site.send(confirm.into_iter().fold(ask, |ask, value| ask.header("confirm", value)))
}

fn owner(site: &Site) -> Value {
    let salt = site.lab.read(portals::installation).expect("the salt").password_salt;
    json!({ "email": "Ada@Example.org", "passwordHash": password::client_hash("secret12", &salt),
        "lng": "de-DE", "timeZone": "Europe/Berlin" })
}

#[test]
fn settings_are_the_ones_we_know() {
    let (site, token) = fresh(Lab::new(Engine::Sqlite));
    insta::assert_json_snapshot!("before_set_up", site.send(Ask::get("/settings")).whole());
    assert_eq!(set_up(&site, Some(&confirm(&token)), &owner(&site)).status, 200);
    insta::assert_json_snapshot!("anonymous", site.send(Ask::get("/settings")).whole());
    let auth = json!({ "userName": "ada@example.org", "password": "secret12" });
    let session = site.send(Ask::post("/authentication").json(&auth)).response()["token"].take();
    let session = session.as_str().expect("a token");
    insta::assert_json_snapshot!("known", site.send(Ask::get("/settings").bearer(session)).whole());
}

#[test]
fn the_passwords_hash_is_for_strangers_and_those_who_ask() {
    let (site, key) = Site::owned(Lab::new(Engine::Sqlite));
    let hasher = |ask: Ask| site.send(ask).response()["passwordHash"].take();
    let stranger = hasher(Ask::get("/settings"));
    assert_eq!((&stranger["size"], &stranger["iterations"]), (&json!(256), &json!(100_000)));
    assert_eq!(stranger["salt"].as_str().map(str::len), Some(64));
    assert_eq!(hasher(Ask::get("/settings").bearer(&key)), Value::Null);
    for query in ["withpassword=true", "withPassword=True", "WITHPASSWORD=TRUE"] {
        assert_eq!(hasher(Ask::get(&format!("/settings?{query}")).bearer(&key)), stranger, "{query}");
    }
    assert_eq!(hasher(Ask::get("/settings?withPassword=false").bearer(&key)), Value::Null);
    let bad = site.send(Ask::get("/settings?withPassword=1"));
    assert_eq!((bad.status, bad.fields()), (400, vec!["withpassword".to_owned()]));
}

#[test]
fn settings_always_name_the_socket() {
    let (site, key) = Site::owned(Lab::new(Engine::Sqlite));
    for ask in
        [Ask::get("/settings"), Ask::get("/settings").bearer(&key), Ask::get("/settings").bearer("sk-bad")]
    {
        assert_eq!(site.send(ask).response()["socketUrl"], "/socket.io");
    }
}

testkit::on_both_engines! {
    fn set_up_is_done_once_by_the_holder_of_the_token(lab) {
        let (site, token) = fresh(lab);
        let wizard = |ask: Ask| site.send(ask).response()["wizardToken"].take();
        assert_eq!(wizard(Ask::get("/settings")), Value::Null);
        assert_eq!(wizard(Ask::get("/settings").header("confirm", &confirm("wrong"))), Value::Null);
        let shown = wizard(Ask::get("/settings").header("confirm", &confirm(&token)));
        assert_eq!(shown, format!("type=Wizard&key={token}&uid={}", site.lab.portal().owner));

        let wrong_type = format!("type=Auth&key={token}");
        for bad in [None, Some(""), Some("type=Wizard"), Some("type=Wizard&key="), Some(wrong_type.as_str()),
            Some("type=Wizard&key=wrong"), Some("type=Wizard&key=%00"), Some("ÿ")] {
            let answer = set_up(&site, bad, &owner(&site));
            assert_eq!((answer.status, answer.code().as_str()), (401, "setup_token_invalid"), "{bad:?}");
        }
        for (member, value, sentence) in [
            ("email", json!(null), "Incorrect email address"),
            ("passwordHash", json!(" "), "The password is empty."),
        ] {
            let mut body = owner(&site);
            body[member] = value;
            let answer = set_up(&site, Some(&confirm(&token)), &body);
            assert_eq!((answer.status, answer.message().as_str()), (400, sentence));
        }
        for body in [json!({}), json!({ "email": "ada@example.org" }), json!(null)] {
            assert_eq!(set_up(&site, Some(&confirm(&token)), &body).status, 400, "{body}");
        }

        let done = set_up(&site, shown.as_str(), &owner(&site));
        assert_eq!(done.status, 200, "{}", done.text);
        assert_eq!(done.response(), json!({ "completed": true, "lastModified": "2026-03-01T09:30:00Z" }));
        let cookie = done.header("set-cookie").split(';').next().unwrap_or_default().to_owned();
        let own = site.send(Ask::get("/people/@self").header("cookie", &cookie)).response();
        assert_eq!((&own["email"], &own["isOwner"]), (&json!("Ada@Example.org"), &json!(true)));
        let settings = site.send(Ask::get("/settings").header("cookie", &cookie)).response();
        assert_eq!((&settings["culture"], &settings["utcOffset"]), (&json!("de-DE"), &json!("01:00:00")));
        assert_eq!(own["registrationDate"], "2026-03-01T10:30:00.0000000+01:00");

        let again = set_up(&site, Some(&confirm(&token)), &owner(&site));
        assert_eq!((again.status, again.message().as_str()), (403, "Wizard passed."));
        assert_eq!(wizard(Ask::get("/settings").header("confirm", &confirm(&token))), Value::Null);
    }
}

#[test]
fn a_later_start_voids_the_token_of_an_earlier_one() {
    let (site, first) = fresh(Lab::new(Engine::Sqlite));
    let second = site_token(&site);
    assert_eq!(set_up(&site, Some(&confirm(&first)), &owner(&site)).code(), "setup_token_invalid");
    assert_eq!(set_up(&site, Some(&confirm(&second)), &owner(&site)).status, 200);
}

#[test]
fn an_absent_body_is_refused_where_settings_are_written() {
    let (site, token) = fresh(Lab::new(Engine::Sqlite));
    let answer = site.send(Ask::put("/settings/wizard/complete").header("confirm", &confirm(&token)));
    assert_eq!((answer.status, answer.fields()), (400, vec![String::new()]));
}

#[test]
fn capabilities_have_two_addresses() {
    let site = Site::new(Lab::new(Engine::Sqlite));
    let plain = site.send(Ask::get("/capabilities"));
    insta::assert_json_snapshot!("capabilities", plain.whole());
    assert_eq!(site.send(Ask::get("/capabilities.json")).response(), plain.response());
}

#[test]
fn a_well_server_says_so() {
    let site = Site::new(Lab::new(Engine::Sqlite));
    for path in ["/health", "/Health/"] {
        let answer = site.send(Ask::get(&format!("/{path}")));
        assert_eq!((answer.status, &answer.json()["status"]), (200, &json!("Healthy")), "{path}");
    }
}

#[test]
fn browsers_may_ask_from_any_page() {
    let site = Site::new(Lab::new(Engine::Sqlite));
    let options = |path: &str| Ask::new(Method::OPTIONS, path).header("origin", "http://elsewhere.test");
    let preflight = options("/files/rooms")
        .header("access-control-request-method", "POST")
        .header("access-control-request-headers", "authorization,content-type");
    let answer = site.send(preflight);
    assert_eq!((answer.status, answer.text.as_str()), (204, ""));
    assert_eq!(answer.header("access-control-allow-origin"), "*");
    assert_eq!(answer.header("access-control-allow-headers"), "authorization,content-type");
    assert!(answer.header("access-control-allow-methods").contains("DELETE"));
    assert_eq!(answer.header("access-control-allow-credentials"), "");
    assert_eq!(site.send(options("/files/rooms")).status, 405, "no preflight");
}
