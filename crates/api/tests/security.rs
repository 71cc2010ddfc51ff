//! Sessions, the second factor, addresses, and the log on the wire (foundation.md §2.3–2.7, §4.9, §4.10).
#![cfg(test)]

use domain::confirm::{self, Bound, ConfirmType};
use domain::people::UserKind;
use domain::tfa;
use domain::time::SECOND;
use serde_json::{Value, json};
use testkit::{Answer, Ask, Engine, Lab, Site};

const LOGIN: &str = "owner@example.org";
const PASSWORD: &str = "secret12";
const FIREFOX: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0";

fn site() -> (Site, String) {
    Site::owned(Lab::new(Engine::Sqlite))
}

fn auth() -> Value {
    json!({ "userName": LOGIN, "password": PASSWORD })
}

fn sign_in(site: &Site) -> Answer {
    site.send(Ask::post("/authentication").header("user-agent", FIREFOX).json(&auth()))
}

fn token(site: &Site) -> String {
    let answer = sign_in(site);
    answer.response()["token"].as_str().unwrap_or_else(|| panic!("{}", answer.text)).to_owned()
}

fn cookie(token: &str) -> String {
    format!("asc_auth_key={token}")
}

/// The value a reply gives a cookie.
fn cookie_of(answer: &Answer, name: &str) -> Option<String> {
    let cookies = answer.headers.get_all("set-cookie").iter().filter_map(|value| value.to_str().ok());
    let pairs = cookies.filter_map(|line| line.split(';').next()?.split_once('='));
    pairs.filter(|(known, _)| *known == name).map(|(_, value)| value.to_owned()).next_back()
}

fn known(site: &Site, token: &str) -> bool {
    site.send(Ask::get("/authentication").bearer(token)).response() == json!(true)
}

fn put(site: &Site, key: &str, path: &str, body: &Value) -> Answer {
    site.send(Ask::put(path).bearer(key).json(body))
}

fn post(site: &Site, key: &str, path: &str, body: &Value) -> Answer {
    site.send(Ask::post(path).bearer(key).json(body))
}

fn refusal(answer: &Answer) -> (u16, String, String) {
    (answer.status, answer.code(), answer.message())
}

#[test]
fn connections_are_the_ones_we_know() {
    let (site, key) = site();
    let (one, two) = (token(&site), token(&site));
    let ask = || Ask::get("/security/activeconnections");
    insta::assert_json_snapshot!("connections", site.send(ask().header("cookie", &cookie(&one))).whole());
    assert_eq!(site.send(ask().bearer(&two)).response()["loginEvent"], 0, "a token in a header");
    let guest = site.lab.person(UserKind::Guest, "guest");
    let items = site.send(ask().bearer(&site.key(&guest, &[]))).response()["items"].take();
    assert_eq!((items.as_array().map(Vec::len), &items[0]["id"]), (Some(1), &json!(0)), "a synthetic one");

    let end =
        |id: i64, key: &str| put(&site, key, &format!("/security/activeconnections/logout/{id}"), &json!({}));
    assert_eq!(end(1, &site.key(&guest, &[])).code(), "not_yours");
    assert!(known(&site, &one), "it is remembered now");
    assert_eq!(end(1, &key).response(), json!(true));
    assert!(!known(&site, &one), "and dead at once");
    assert_eq!(end(1, &key).response(), json!(false));
    assert_eq!(end(99, &key).response(), json!(false));

    let three = token(&site);
    let others = site.send(Ask::put("/security/activeconnections/logoutallexceptthis").bearer(&three));
    assert_eq!(others.response(), json!("Olive Owner"));
    assert!(!known(&site, &two) && known(&site, &three));
}

#[test]
fn who_ends_all_stays_in_a_new_session() {
    let (site, _) = site();
    let (old, owner) = (token(&site), site.lab.portal().owner);
    let all = format!("/security/activeconnections/logoutall/{owner}");
    let answer = site.send(Ask::put(&all).header("cookie", &cookie(&old)));
    assert_eq!((answer.status, answer.response()), (200, Value::Null));
    let new = cookie_of(&answer, "asc_auth_key").expect("a cookie");
    assert!(!known(&site, &old) && known(&site, &new));

    let path = "/security/activeconnections/logoutallchangepassword";
    let answer = site.send(Ask::put(path).header("cookie", &cookie(&new)));
    let url = answer.response().as_str().unwrap_or_default().to_owned();
    assert!(url.starts_with("http://portal.test/confirm/PasswordChange?type=PasswordChange&key="), "{url}");
    assert!(!known(&site, &new));
    let query = url.split_once('?').map_or("", |(_, query)| query);
    let ask = Ask::get("/settings/security/password").header("confirm", query);
    assert_eq!(site.send(ask).status, 200, "the link is good");
}

#[test]
fn limits_on_passwords_are_the_portals() {
    let (site, key) = site();
    let path = "/settings/security/loginSettings";
    let shown = |ask: Ask| site.send(ask.bearer(&key)).response();
    let default = json!({ "attemptCount": 5, "blockTime": 60, "checkPeriod": 60, "isDefault": true });
    assert_eq!(shown(Ask::get(path)), default);
    let new = json!({ "attemptCount": 1, "blockTime": 10, "checkPeriod": 20 });
    assert_eq!(put(&site, &key, path, &new).response()["isDefault"], false);
    let bad = |password: &str| {
        let body = json!({ "userName": LOGIN, "password": password });
        site.send(Ask::post("/authentication").json(&body)).code()
    };
    assert_eq!([bad("wrong1234"), bad(PASSWORD)], ["sign_in_failed", "too_many_attempts"]);
    site.lab.advance(11 * SECOND);
    assert!(!token(&site).is_empty(), "the block is over");
    assert_eq!(shown(Ask::delete(path)), default);
    for (body, fields) in [
        (json!({}), vec!["AttemptCount", "BlockTime", "CheckPeriod"]),
        (json!({ "attemptCount": 10_000, "blockTime": 1, "checkPeriod": 9999 }), vec!["AttemptCount"]),
    ] {
        let answer = put(&site, &key, path, &body);
        assert_eq!((answer.status, answer.fields()), (400, fields.into_iter().map(str::to_owned).collect()));
    }
}

#[test]
fn the_policy_of_passwords_is_the_portals() {
    let (site, key) = site();
    let path = "/settings/security/password";
    insta::assert_json_snapshot!("password_policy", site.send(Ask::get(path).bearer(&key)).whole());
    assert_eq!(site.send(Ask::get(path)).status, 401);
    let new = json!({ "minLength": 12, "digits": true });
    assert_eq!(put(&site, &key, path, &new).response()["minLength"], 12);
    for (length, message) in [(7, "MinLength"), (31, "MinLength")] {
        let answer = put(&site, &key, path, &json!({ "minLength": length }));
        assert_eq!(refusal(&answer), (400, "bad_argument".into(), message.into()));
    }
}

#[test]
fn limited_cookies_end_what_there_is() {
    let (site, key) = site();
    let path = "/settings/cookiesettings";
    let before = token(&site);
    assert_eq!(
        site.send(Ask::get(path).bearer(&key)).response(),
        json!({ "lifeTime": 1440, "enabled": false })
    );
    let body = json!({ "lifeTime": 5, "enabled": true });
    let answer = site.send(Ask::put(path).header("cookie", &cookie(&before)).json(&body));
    assert_eq!(answer.response(), json!("Settings have been successfully updated"));
    let after = cookie_of(&answer, "asc_auth_key").expect("a cookie");
    assert!(answer.header("set-cookie").contains("Max-Age=300"), "{}", answer.header("set-cookie"));
    assert!(!known(&site, &before) && known(&site, &after));
    let own = site.send(Ask::get("/people/@self").header("cookie", &cookie(&after))).response();
    assert_eq!(own["authCookieLifetime"], json!(300.0));
    assert_eq!(site.send(Ask::get("/settings").bearer(&key)).response()["cookieSettingsEnabled"], true);
    site.lab.advance(301 * SECOND);
    assert!(!known(&site, &after));
}

/// The code the owner's app would say, once its secret is made.
fn code(site: &Site, secret: &str) -> String {
    tfa::current_code(secret, site.lab.now()).expect("a code")
}

#[test]
fn a_second_factor_is_bound_and_asked_for() {
    let (site, key) = site();
    let before = token(&site);
    insta::assert_json_snapshot!("factors", site.send(Ask::get("/settings/tfaapp").bearer(&key)).whole());
    assert_eq!(put(&site, &key, "/settings/tfaapp", &json!({ "type": "App" })).response(), json!(true));
    assert!(!known(&site, &before), "everybody is signed out");

    let pending = sign_in(&site);
    let mut shown = pending.whole();
    let secret = shown["body"]["response"]["tfaKey"].take().as_str().expect("a key").to_owned();
    insta::assert_json_snapshot!("tfa_pending", shown);
    assert_eq!(cookie_of(&pending, "asc_auth_key"), None);
    let link_key = cookie_of(&pending, "asc_confirm_key_TfaActivation").expect("a cookie");

    let owner = site.lab.portal().owner;
    let link = |kind: &str, key: &str| format!("type={kind}&uid={owner}&key={key}");
    let set_up =
        site.send(Ask::get("/settings/tfaapp/setup").header("confirm", &link("TfaActivation", &link_key)));
    assert_eq!(set_up.response()["manualEntryKey"], json!(secret));
    assert!(
        set_up.response()["qrCodeSetupImageUrl"].as_str().is_some_and(|url| url.starts_with("data:image/"))
    );

    let validate = |kind: &str, key: &str, code: &str| {
        let ask = Ask::post("/settings/tfaapp/validate").header("confirm", &link(kind, key));
        site.send(ask.json(&json!({ "code": code })))
    };
    let empty = validate("TfaActivation", &link_key, " ");
    assert_eq!(refusal(&empty), (400, "bad_argument".into(), "Validation code field cannot be empty".into()));
    let wrong = validate("TfaActivation", &link_key, "12345");
    assert_eq!(refusal(&wrong), (400, "code_wrong".into(), "Incorrect code".into()));
    let bound = validate("TfaActivation", &link_key, &code(&site, &secret));
    assert_eq!(bound.response(), json!(true));
    let session = cookie_of(&bound, "asc_auth_key").expect("a session");
    assert!(known(&site, &session));
    let again =
        site.send(Ask::get("/settings/tfaapp/setup").header("confirm", &link("TfaActivation", &link_key)));
    assert_eq!(again.code(), "tfa_unavailable", "the secret is not shown again");

    let pending = sign_in(&site);
    assert_eq!(pending.response()["tfaKey"], Value::Null);
    let link_key = cookie_of(&pending, "asc_confirm_key_TfaAuth").expect("a cookie");
    assert_eq!(validate("TfaAuth", &link_key, &code(&site, &secret)).response(), json!(false));

    let with_code = |code: &str| {
        let mut body = auth();
        body["code"] = json!(code);
        site.send(Ask::post("/authentication/anything").json(&body))
    };
    let good = with_code(&code(&site, &secret)).response();
    assert_eq!((&good["tfa"], good["token"].is_string()), (&json!(true), true));
    for bad in ["", "12345"] {
        let answer = with_code(bad);
        assert_eq!(refusal(&answer), (401, "sign_in_failed".into(), "User authentication failed".into()));
    }
    let basic = data_encoding::BASE64.encode(format!("{LOGIN}:{PASSWORD}").as_bytes());
    let ask = Ask::get("/people/@self").header("authorization", &format!("Basic {basic}"));
    assert_eq!(site.send(ask).status, 401, "a password alone is not enough");

    let codes = site.send(Ask::get("/settings/tfaappcodes").bearer(&session)).response();
    assert_eq!(codes.as_array().map(Vec::len), Some(5));
    assert_eq!(codes[0]["isUsed"], false);
    assert_eq!(site.send(Ask::get("/people/@self").bearer(&key)).response()["tfaAppEnabled"], true);
    let unbound = put(&site, &key, "/settings/tfaappnewapp", &json!({}));
    let url = unbound.response().as_str().unwrap_or_default().to_owned();
    assert!(url.contains("/confirm/TfaActivation?type=TfaActivation&uid="), "{url}");
    assert!(!known(&site, &session));
}

#[test]
fn codes_are_not_to_be_guessed() {
    let (site, key) = site();
    put(&site, &key, "/settings/tfaapp", &json!({ "type": 2 }));
    let secret = sign_in(&site).response()["tfaKey"].as_str().expect("a key").to_owned();
    let mut body = auth();
    for _ in 0..5 {
        body["code"] = json!("12345");
        assert_eq!(site.send(Ask::post("/authentication/1").json(&body)).status, 401);
    }
    body["code"] = json!(code(&site, &secret));
    assert_eq!(site.send(Ask::post("/authentication/1").json(&body)).status, 401, "the sixth blocks");
    site.lab.advance(61 * SECOND);
    body["code"] = json!(code(&site, &secret));
    assert_eq!(site.send(Ask::post("/authentication/1").json(&body)).status, 200);
}

#[test]
fn text_messages_are_not_here() {
    let (site, key) = site();
    let sentence = (403, "sms_unavailable".to_owned(), "SMS settings are not available".to_owned());
    assert_eq!(refusal(&put(&site, &key, "/settings/tfaapp", &json!({ "type": "Sms" }))), sentence);
    assert_eq!(refusal(&site.send(Ask::post("/authentication/sendsms").json(&auth()))), sentence);
    assert_eq!(site.send(Ask::post("/authentication/setphone")).status, 401);
}

fn link(site: &Site, kind: ConfirmType, email: &str) -> String {
    let (portal, email) = (site.lab.portal(), email.to_owned());
    let call = domain::Call::system(portal.clone());
    let unit = move |tx: &mut domain::Tx<'_>| {
        confirm::key(tx, &portal, kind, &Bound { email: Some(&email), ..Bound::default() })
    };
    site.lab.write(&call, unit).expect("a key")
}

#[test]
fn a_link_signs_in_once() {
    let (site, _) = site();
    let key = link(&site, ConfirmType::Auth, LOGIN);
    let check = || {
        let body = json!({ "type": "Auth", "key": key, "email": LOGIN });
        site.send(Ask::post("/authentication/confirm").json(&body)).response()
    };
    assert_eq!(check(), json!({ "result": 0, "email": LOGIN, "isAgent": false }));
    let body = json!({ "confirmData": { "email": LOGIN, "key": key } });
    let answer = site.send(Ask::post("/authentication").json(&body));
    assert!(answer.response()["token"].is_string(), "{}", answer.text);
    assert_eq!(site.send(Ask::post("/authentication").json(&body)).status, 404, "once");
    assert_eq!(check(), json!({ "result": 1, "isAgent": false }));
    for body in [json!({}), json!({ "type": "Nothing", "key": "1" }), json!({ "type": "Auth", "key": "1.A" })]
    {
        let answer = site.send(Ask::post("/authentication/confirm").json(&body));
        assert_eq!(answer.response()["result"], 1, "{body}");
    }
}

#[test]
fn addresses_hold_for_all_but_the_owner() {
    let (site, key) = site();
    let admin = site.key(&site.lab.person(UserKind::DocSpaceAdmin, "admin"), &[]);
    let user = site.key(&site.lab.person(UserKind::User, "user"), &[]);
    let path = "/settings/iprestrictions";
    let status = |key: &str| site.send(Ask::get("/people/@self").bearer(key)).status;
    let body = |ip: &str, admins: bool| json!({ "ipRestrictions": [{ "ip": ip, "forAdmin": admins }] });
    let set = put(&site, &key, path, &body("8.8.8.8", false));
    insta::assert_json_snapshot!("addresses", set.whole());
    insta::assert_json_snapshot!("address_list", site.send(Ask::get(path).bearer(&key)).whole());
    assert_eq!([status(&key), status(&admin), status(&user)], [200, 403, 403]);
    assert_eq!(site.send(Ask::get("/people/@self").bearer(&user)).code(), "address_denied");
    assert_eq!(site.send(Ask::get("/settings").bearer(&user)).status, 200, "open to all");
    // Requests of these tests come from nowhere.
    put(&site, &key, path, &body("0.0.0.0", true));
    assert_eq!([status(&key), status(&admin), status(&user)], [200, 200, 403]);
    for (body, message) in [
        (json!({ "ipRestrictions": [], "enable": true }), "Add at least 1 allowed IP address."),
        (body("10.0.0.0/8", false), "IpRestrictions"),
        (body("", false), "IpRestrictions"),
    ] {
        let answer = put(&site, &key, path, &body);
        assert_eq!(refusal(&answer), (400, "bad_argument".into(), message.into()));
    }
    assert_eq!(put(&site, &key, path, &json!({ "ipRestrictions": [] })).response()["enable"], false);
    assert_eq!(status(&user), 200);
}

#[test]
fn the_log_is_the_one_we_know() {
    let (site, key) = site();
    sign_in(&site);
    site.send(
        Ask::post("/authentication").json(&json!({ "userName": "who@ex.org", "password": "wrong123" })),
    );
    let get = |path: &str| site.send(Ask::get(path).bearer(&key));
    insta::assert_json_snapshot!("logins", get("/security/audit/login/last").whole());
    insta::assert_json_snapshot!("events", get("/security/audit/events/last").whole());
    let count = |query: &str| get(&format!("/security/audit/{query}")).json()["count"].take();
    assert_eq!(count("login/filter?action=LoginSuccessViaApi"), 1);
    assert_eq!(count("login/filter?action=1013&count=1"), 1);
    assert_eq!(count("login/filter?from=2027-01-01"), 0);
    assert_eq!(count("events/filter?entryType=User&actionType=Create"), 1);
    assert_eq!(count("events/filter?moduleType=Rooms"), 0);
    for (query, field) in [
        ("login/filter?action=Nothing", "action"),
        ("login/filter?from=soon", "from"),
        ("login/filter?count=101", "count"),
        ("events/filter?entryType=Nothing", "entryType"),
    ] {
        let answer = get(&format!("/security/audit/{query}"));
        assert_eq!((answer.status, answer.fields()), (400, vec![field.to_owned()]), "{query}");
    }
    let types = get("/security/audit/types").response();
    assert!(types["actions"].as_array().is_some_and(|names| names.contains(&json!("RoomCreated"))));
    let mappers = get("/security/audit/mappers?productType=Documents&moduleType=Rooms").response();
    assert_eq!(
        (&mappers[0]["productType"], &mappers[0]["modules"][0]["moduleType"]),
        (&json!("Documents"), &json!("Rooms"))
    );

    let path = "/security/audit/settings/lifetime";
    let new =
        |logins: i64| json!({ "settings": { "loginHistoryLifeTime": logins, "auditTrailLifeTime": 30 } });
    assert_eq!(get(path).response()["auditTrailLifeTime"], 180);
    assert_eq!(post(&site, &key, path, &new(10)).response()["loginHistoryLifeTime"], 10);
    let answer = post(&site, &key, path, &new(181));
    assert_eq!(refusal(&answer), (400, "bad_argument".into(), "LoginHistoryLifeTime".into()));
}

#[test]
fn a_report_can_be_fetched_for_a_while() {
    let (site, key) = site();
    sign_in(&site);
    for (path, words) in [("login", "Login success via api"), ("events", "User created")] {
        let answer = post(&site, &key, &format!("/security/audit/{path}/report"), &json!({}));
        let url = answer.response().as_str().unwrap_or_default().to_owned();
        let path = url.strip_prefix("http://portal.test").unwrap_or_else(|| panic!("{url}")).to_owned();
        let fetched = site.send(Ask::get(&path));
        assert_eq!(
            (fetched.status, fetched.header("content-type").as_str()),
            (200, "text/csv; charset=utf-8")
        );
        assert!(
            fetched.text.starts_with("Date,User,Login,Action,") && fetched.text.contains(words),
            "{}",
            fetched.text
        );
        let tampered = if path.contains("/logins") {
            path.replace("/logins", "/events")
        } else {
            path.replace("/events", "/logins")
        };
        assert_eq!(site.send(Ask::get(&tampered)).code(), "link_invalid");
        site.lab.advance(15 * 60 * SECOND);
        assert_eq!(site.send(Ask::get(&path)).code(), "link_invalid", "its time is over");
    }
}

#[test]
fn sites_that_may_show_the_portal_are_chosen() {
    let (site, key) = site();
    let path = "/security/csp";
    let set = post(&site, &key, path, &json!({ "domains": ["https://example.org"] }));
    assert_eq!(set.response()["domains"], json!(["https://example.org"]));
    let shown = site.send(Ask::get(path)).response();
    assert!(
        shown["header"]
            .as_str()
            .is_some_and(|header| header.contains("frame-ancestors 'self' https://example.org"))
    );
    for bad in ["https://exämple.org", "https://example.org; script-src *", ""] {
        assert_eq!(post(&site, &key, path, &json!({ "domains": [bad] })).status, 400, "{bad}");
    }
}
