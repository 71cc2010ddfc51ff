//! The registration service (foundation.md §4.2, deviations.md 12, 27).
#![cfg(test)]

use api::Settings;
use data_encoding::BASE64;
use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};
use sha1::Sha1;
use testkit::{Answer, Ask, Engine, Lab, Site};

const MACHINE_KEY: &str = "machine";

fn open() -> Settings {
    Settings {
        registration: true,
        resolve_by_origin: true,
        machine_key: Some(MACHINE_KEY.to_owned()),
        ..Settings::default()
    }
}

fn site() -> Site {
    Site::with(Lab::new(Engine::Sqlite), open())
}

fn model(alias: &str) -> Value {
    json!({
        "portalName": alias, "firstName": "Ada", "lastName": "Lovelace", "email": "ada@example.org",
        "password": "secret12", "language": "en-GB", "timeZoneName": "Europe/Paris", "awsRegion": "nowhere",
        "unknown": { "member": [1] },
    })
}

fn register(site: &Site, model: &Value) -> Answer {
    site.send(Ask::post("/apisystem/portal/register").json(model))
}

/// Signs a request with the machine key; the lab's clock stands at 2026-03-01 09:30:00 UTC.
fn signed(ask: Ask, key: &str) -> Ask {
    let mut mac = Hmac::<Sha1>::new_from_slice(key.as_bytes()).expect("a key");
    mac.update(b"20260301093000\nname");
    let signature = BASE64.encode(&mac.finalize().into_bytes());
    ask.header("authorization", &format!("ASC name:20260301093000:{signature}"))
}

/// The flat error of an answer: its code and message.
fn flat(answer: &Answer) -> (u16, String, Value) {
    let json = answer.json();
    (answer.status, json["error"].as_str().unwrap_or_default().to_owned(), json["message"].clone())
}

fn sign_in(site: &Site, alias: &str) -> Answer {
    let body = json!({ "userName": "ada@example.org", "password": "secret12" });
    let origin = format!("http://{alias}");
    site.send(Ask::post("/authentication").host("localhost").header("origin", &origin).json(&body))
}

#[test]
fn a_portal_is_registered_used_and_deleted() {
    let site = site();
    let alias = "My-Portal-2026T10Z";
    let made = register(&site, &model(alias));
    let mut whole = made.whole();
    let reference = whole["body"]["reference"].take();
    insta::assert_json_snapshot!("registered", whole);
    let reference = reference.as_str().unwrap_or_default();
    let start = "http://my-portal-2026t10z.localhost/confirm/Auth?type=Auth&key=";
    assert!(reference.starts_with(start) && reference.contains("&encemail="), "{reference}");

    let signed_in = sign_in(&site, alias);
    assert_eq!(signed_in.status, 200, "{}", signed_in.text);
    let token = signed_in.response()["token"].as_str().unwrap_or_default().to_owned();
    let at = |ask: Ask| {
        site.send(ask.host("localhost").header("origin", "http://My-Portal-2026T10Z").bearer(&token))
    };
    let own = at(Ask::get("/people/@self")).response();
    assert_eq!((&own["isOwner"], &own["activationStatus"]), (&json!(true), &json!(0)));
    assert_eq!(at(Ask::post("/files/rooms").json(&json!({ "title": "Room" }))).status, 200);
    let settings = at(Ask::get("/settings")).response();
    assert_eq!(settings["greetingSettings"], "Cloud space for your office docs");
    assert_eq!((&settings["culture"], &settings["timezone"]), (&json!("en-GB"), &json!("Europe/Paris")));

    let deleted = at(Ask::delete("/portal/deleteportalimmediately"));
    assert_eq!(deleted.status, 200, "{}", deleted.text);
    assert_eq!(at(Ask::get("/people/@self")).status, 401);
    assert_eq!(register(&site, &model(alias)).status, 200, "the name is free again");
}

#[test]
fn registration_is_closed_unless_it_is_opened() {
    let site = Site::new(Lab::new(Engine::Sqlite));
    let refused = register(&site, &model("abc"));
    assert_eq!((refused.status, refused.code().as_str()), (403, "registration_closed"));
    assert!(refused.json()["message"].as_str().unwrap_or_default().contains("enfilade portal create"));
}

#[test]
fn what_is_wrong_with_a_registration_is_told_flat() {
    let site = site();
    assert_eq!(register(&site, &model("taken")).status, 200);
    let with = |name: &str, value: Value| {
        let mut model = model("abc");
        model[name] = value;
        model
    };
    let long = "x".repeat(64);
    for (model, code, message) in [
        (with("portalName", json!("ab")), "tooShortError", "Portal name is too short"),
        (with("portalName", json!(long)), "tooShortError", "Portal name is too short"),
        (with("portalName", json!("a_b_c")), "portalNameIncorrect", "Unallowable symbols in portalName"),
        (with("portalName", json!("-abc")), "portalNameIncorrect", "Unallowable symbols in portalName"),
        (with("portalName", json!("Taken")), "portalNameExist", "Portal already exists"),
        (with("portalName", json!("localhost")), "portalNameExist", "Portal already exists"),
        (with("firstName", json!(" ")), "error", "name is required"),
        (with("lastName", Value::Null), "error", "name is required"),
        (with("lastName", json!("<b>")), "error", "name is incorrect"),
        (with("email", Value::Null), "emailEmpty", "Email is required"),
        (with("password", json!("short")), "passPolicyError", "Password is incorrect"),
        (with("password", json!("with space")), "passPolicyError", "Password is incorrect"),
    ] {
        let answer = register(&site, &model);
        assert_eq!(flat(&answer), (400, code.to_owned(), json!(message)), "{model}");
    }
    assert_eq!(register(&site, &with("portalName", json!("taken"))).json()["variants"], json!(["taken"]));
    for (name, value, key) in [
        ("email", json!("nobody"), "Email"),
        ("firstName", json!("x".repeat(256)), "FirstName"),
        ("language", json!("en-US-xx"), "Language"),
        ("password", json!("x".repeat(31)), "Password"),
    ] {
        let answer = register(&site, &with(name, value));
        let json = answer.json();
        assert_eq!((answer.status, json["status"].clone()), (400, json!(400)), "{}", answer.text);
        assert!(json["errors"][key].is_array(), "{key}: {}", answer.text);
        assert_eq!(answer.header("content-type"), "application/problem+json; charset=utf-8");
    }
    assert_eq!(
        site.lab.read(domain::portals::list).map(|all| all.len()).ok(),
        Some(2),
        "nothing was founded"
    );
}

#[test]
fn a_name_of_sixty_letters_does_and_an_empty_one_is_chosen() {
    let site = site();
    let long = "AbCdEfGhIj".repeat(6);
    let made = register(&site, &model(&long));
    assert_eq!(made.json()["tenant"]["portalName"], json!(long.to_lowercase()));
    assert_eq!(sign_in(&site, &long).status, 200);
    let chosen = register(&site, &model("")).json()["tenant"]["portalName"].clone();
    assert!(
        chosen.as_str().is_some_and(|name| name.starts_with("docspace-") && name.len() == 15),
        "{chosen}"
    );
}

#[test]
fn names_are_looked_at_beforehand() {
    let site = site();
    register(&site, &model("taken"));
    let validate = |name: Value| {
        site.send(Ask::post("/apisystem/portal/validateportalname").json(&json!({ "portalName": name })))
    };
    assert_eq!(validate(json!("abc")).json(), json!({ "message": "portalNameReadyToRegister" }));
    assert_eq!(flat(&validate(json!("Taken"))).1, "portalNameExist");
    assert_eq!(flat(&validate(json!(""))), (400, "portalNameEmpty".into(), json!("PortalName is required")));
    assert_eq!(flat(&validate(json!("x"))).1, "tooShortError");
    let test = site.send(Ask::get("/apisystem/portal/test"));
    assert_eq!(test.json(), json!({ "value": "Portal api works" }));
}

#[test]
fn without_a_password_set_up_stays_open_for_the_owner() {
    let site = site();
    let mut model = model("abc");
    model["password"] = Value::Null;
    let made = register(&site, &model).json();
    let reference = made["reference"].as_str().unwrap_or_default().to_owned();
    assert!(reference.ends_with("&first=true"), "{reference}");
    assert_eq!(sign_in(&site, "abc").status, 401, "nobody knows a password");
    let portal = site.lab.read(|conn| domain::portals::by_alias(conn, "abc")).ok().flatten().expect("it");
    assert!(!portal.owned);
    let find = portal.clone();
    let owner = site.lab.read(move |conn| domain::people::find(conn, &find, find.owner)).ok().flatten();
    let owner = owner.expect("the owner");
    let key = site.key_of(site.lab.call_in(&portal, &owner), &owner, &[]);
    let hash = json!({ "email": "ada@example.org", "passwordHash": "00ff" });
    let at = |ask: Ask| site.send(ask.host("abc.localhost"));
    assert_eq!(at(Ask::put("/settings/wizard/complete").json(&hash)).status, 401);
    let done = at(Ask::put("/settings/wizard/complete").bearer(&key).json(&hash));
    assert_eq!(done.status, 200, "{}", done.text);
    let again = at(Ask::put("/settings/wizard/complete").bearer(&key).json(&hash));
    assert_eq!(again.status, 403, "{}", again.text);
    let body = json!({ "userName": "ada@example.org", "passwordHash": "00ff" });
    assert_eq!(at(Ask::post("/authentication").json(&body)).status, 200);
}

#[test]
fn portals_are_managed_with_the_machine_key_or_as_ones_own() {
    let site = site();
    register(&site, &model("abc"));
    register(&site, &model("xyz"));
    let token = sign_in(&site, "abc").response()["token"].as_str().unwrap_or_default().to_owned();
    let get = |query: &str| Ask::get(&format!("/apisystem/portal/get{query}"));
    let names = |answer: &Answer| -> Vec<String> {
        let json = answer.json();
        let tenants = json["tenants"].as_array().cloned().unwrap_or_default();
        tenants.iter().map(|tenant| tenant["portalName"].as_str().unwrap_or_default().to_owned()).collect()
    };
    assert_eq!(flat(&site.send(get(""))).0, 401);
    assert_eq!(flat(&site.send(signed(get(""), "wrong"))).1, "machineKeyInvalid");
    assert_eq!(names(&site.send(signed(get(""), MACHINE_KEY))), ["localhost", "abc", "xyz"]);
    assert_eq!(names(&site.send(signed(get("?portalName=XYZ"), MACHINE_KEY))), ["xyz"]);
    assert_eq!(names(&site.send(signed(get("?email=ADA@example.org"), MACHINE_KEY))), ["abc", "xyz"]);
    let own = |ask: Ask| site.send(ask.host("abc.localhost").bearer(&token));
    assert_eq!(names(&own(get(""))), ["abc"], "an administrator sees his own");
    let told = site.send(signed(get("?portalName=abc&statistics=true"), MACHINE_KEY)).json();
    insta::assert_json_snapshot!("statistics", told);

    let status = |alias: &str, status: i64| {
        Ask::put("/apisystem/portal/status").json(&json!({ "portalName": alias, "status": status }))
    };
    assert_eq!(flat(&own(status("xyz", 1))).0, 403, "another's");
    assert_eq!(flat(&own(status("none", 1))).0, 403, "nor is it told that there is none");
    assert_eq!(own(status("abc", 3)).json()["tenant"]["status"], "Suspended");
    assert_eq!(own(Ask::get("/people/@self")).status, 404);
    assert_eq!(own(status("abc", 0)).json()["tenant"]["status"], "Active");
    assert_eq!(own(Ask::get("/people/@self")).status, 200);
    let missing = site.send(signed(status("none", 1), MACHINE_KEY));
    assert_eq!(flat(&missing), (400, "portalNameNotFound".into(), json!("Portal not found")));

    let remove = |query: &str| Ask::delete(&format!("/apisystem/portal/remove{query}"));
    assert_eq!(flat(&site.send(signed(remove(""), MACHINE_KEY))).1, "portalNameEmpty");
    assert_eq!(site.send(signed(remove("?portalName=xyz"), MACHINE_KEY)).json()["removed"], json!(false));
    let fresh = site.send(signed(remove("?tenantId=1"), MACHINE_KEY)).json();
    assert_eq!(fresh["removed"], json!(true), "nobody had set it up");
}

#[test]
fn the_last_portal_is_not_removed() {
    let site = site();
    let answer = site.send(signed(Ask::delete("/apisystem/portal/remove?tenantId=1"), MACHINE_KEY));
    let sentence = json!("The last full access space cannot be deleted.");
    assert_eq!(flat(&answer), (400, "error".into(), sentence));
}

#[test]
fn a_name_and_password_are_looked_for_in_all_portals() {
    let site = site();
    let salt = site.lab.read(domain::portals::installation).expect("the salt").password_salt;
    let hash = domain::people::password::client_hash("secret12", &salt);
    register(&site, &model("abc"));
    register(&site, &model("xyz"));
    let try_it = |email: &str, hash: &str| {
        site.send(
            Ask::post("/apisystem/portal/signin").json(&json!({ "email": email, "passwordHash": hash })),
        )
    };
    let found = try_it("Ada@Example.org", &hash);
    let tenants = found.json()["tenants"].clone();
    assert_eq!(tenants[0]["portalName"], "http://abc.localhost");
    assert_eq!(tenants[1]["portalName"], "http://xyz.localhost");
    assert!(
        tenants[1]["portalLink"].as_str().is_some_and(|link| link.contains("/confirm/Auth?type=Auth&key="))
    );
    for _ in 0..9 {
        let wrong = try_it("ada@example.org", "00");
        assert_eq!(flat(&wrong), (401, "signInFailed".into(), json!("Invalid login or password.")));
    }
    let blocked = try_it("ada@example.org", &hash);
    assert_eq!(flat(&blocked), (403, "tooMuchAttempts".into(), json!("Too much attempts already")));
    site.lab.advance(11 * 60 * domain::time::SECOND);
    assert_eq!(try_it("ada@example.org", &hash).status, 200);
}

#[test]
fn values_are_kept_for_the_installation_and_for_portals() {
    let site = site();
    register(&site, &model("abc"));
    let token = sign_in(&site, "abc").response()["token"].as_str().unwrap_or_default().to_owned();
    let save = |id: i64, key: &str, value: &str| {
        Ask::post("/apisystem/settings/save").json(&json!({ "tenantId": id, "key": key, "value": value }))
    };
    let get = |id: i64, key: &str| Ask::get(&format!("/apisystem/settings/get?tenantId={id}&key={key}"));
    assert_eq!(site.send(signed(save(-1, "k", "v"), MACHINE_KEY)).json(), json!({ "settings": "v" }));
    assert_eq!(site.send(signed(get(-1, "k"), MACHINE_KEY)).json(), json!({ "settings": "v" }));
    assert_eq!(site.send(signed(get(2, "k"), MACHINE_KEY)).json(), json!({}));
    assert_eq!(
        site.send(signed(get(-1, "BaseDomain"), MACHINE_KEY)).json(),
        json!({ "settings": "localhost" })
    );
    let own = |ask: Ask| site.send(ask.host("abc.localhost").bearer(&token));
    assert_eq!(own(save(2, "k", "own")).json(), json!({ "settings": "own" }));
    assert_eq!(own(get(2, "k")).json(), json!({ "settings": "own" }));
    assert_eq!((own(get(-1, "k")).status, own(get(1, "k")).status), (403, 403));
    for (ask, message) in [
        (get(-1, ""), "Key is required"),
        (save(-1, "", "v"), "Key is required"),
        (save(-1, "k", " "), "Value is empty"),
        (save(-1, "BaseDomain", "other.org"), "BaseDomain is not valid"),
    ] {
        assert_eq!(flat(&site.send(signed(ask, MACHINE_KEY))), (400, "params".into(), json!(message)));
    }
    assert_eq!(flat(&own(get(2, ""))).2, json!("Key is required"));
    let check = |host: &str| Ask::post("/apisystem/settings/checkdomain").json(&json!({ "hostName": host }));
    assert_eq!(site.send(signed(check("localhost"), MACHINE_KEY)).json(), json!({ "value": true }));
}

#[test]
fn the_first_letter_is_sent_by_whoever_has_its_address_once() {
    let site = site();
    let mut silent = model("silent");
    silent["skipWelcome"] = json!(true);
    let made = register(&site, &silent).json();
    site.lab.drain_jobs().expect("the jobs");
    assert_eq!(site.lab.letters().len(), 0);
    let address = made["referenceWelcome"].as_str().expect("an address").to_owned();
    let (_, query) = address
        .split_once("http://silent.localhost/api/2.0/portal/sendcongratulations?")
        .expect("the portal's own address");
    let send = |query: &str| {
        let ask = Ask::post(&format!("/portal/sendcongratulations?{query}"));
        site.send(ask.host("localhost").header("origin", "http://silent")).status
    };
    assert_eq!(send(&query.replace("key=", "key=1")), 403);
    assert_eq!(send("key=1"), 403);
    assert_eq!(send(query), 200);
    assert_eq!(send(query), 403, "it was sent");
    let to: Vec<String> = site.lab.letters().into_iter().map(|letter| letter.to).collect();
    assert_eq!(to, ["ada@example.org"]);
    assert_eq!(register(&site, &model("greeted")).json().get("referenceWelcome"), None);
}
