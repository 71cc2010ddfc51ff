//! Signing in and out, and how a caller is known (foundation.md §2).
#![cfg(test)]

use domain::people::{UserKind, password};
use domain::portals;
use domain::time::{DAY, SECOND};
use serde_json::{Value, json};
use testkit::{Answer, Ask, Engine, Lab, Site};

const LOGIN: &str = "owner@example.org";
const PASSWORD: &str = "secret12";

fn site() -> Site {
    Site::owned(Lab::new(Engine::Sqlite)).0
}

fn sign_in(site: &Site, body: &Value) -> Answer {
    site.send(Ask::post("/authentication").json(body))
}

fn with_password(password: &str) -> Value {
    json!({ "userName": LOGIN, "password": password })
}

/// A new session's token.
fn token(site: &Site) -> String {
    let answer = sign_in(site, &with_password(PASSWORD));
    answer.response()["token"].as_str().unwrap_or_else(|| panic!("{}", answer.text)).to_owned()
}

fn cookie(token: &str) -> String {
    format!("other=1; asc_auth_key={token}; more=2")
}

fn basic(pair: &str) -> String {
    format!("Basic {}", data_encoding::BASE64.encode(pair.as_bytes()))
}

/// Whether these credentials are somebody's.
fn known(site: &Site, ask: Ask) -> bool {
    let answer = site.send(ask);
    assert_eq!(answer.status, 200, "{}", answer.text);
    answer.response() == json!(true)
}

fn asks() -> Ask {
    Ask::get("/authentication")
}

testkit::on_both_engines! {
    fn a_password_or_the_clients_hash_of_it_signs_in(lab) {
        let (site, _) = Site::owned(lab);
        let salt = site.lab.read(portals::installation).expect("the salt").password_salt;
        let hash = password::client_hash(PASSWORD, &salt);
        for body in [
            with_password(PASSWORD),
            json!({ "userName": " OWNER@Example.org ", "password": format!(" {PASSWORD} ") }),
            json!({ "userName": LOGIN, "passwordHash": hash }),
            json!({ "userName": LOGIN, "passwordHash": hash, "password": "wrong" }),
            json!({ "userName": LOGIN, "password": PASSWORD, "provider": "email", "culture": "en-US" }),
            json!({ "USERNAME": LOGIN, "PassWord": PASSWORD, "provider": null }),
        ] {
            let answer = sign_in(&site, &body);
            assert_eq!(answer.status, 200, "{body}: {}", answer.text);
            let token = answer.response()["token"].as_str().expect("a token").to_owned();
            assert!(known(&site, asks().bearer(&token)), "{body}");
        }
    }

    fn anything_else_does_not(lab) {
        let (site, _) = Site::owned(lab);
        site.lab.person(UserKind::User, "silent");
        for body in [
            json!({}),
            json!({ "userName": LOGIN }),
            json!({ "userName": LOGIN, "password": "" }),
            json!({ "userName": "", "password": PASSWORD }),
            with_password("wrong"),
            with_password("Secret12"),
            json!({ "userName": "nobody@example.org", "password": PASSWORD }),
            json!({ "userName": "silent@example.org", "password": "" }),
            json!({ "userName": "silent@example.org", "password": "secret12" }),
            json!({ "userName": LOGIN, "passwordHash": PASSWORD }),
            json!({ "userName": LOGIN, "passwordHash": "zz", "password": PASSWORD }),
            json!({ "provider": "google", "accessToken": "a" }),
        ] {
            let answer = sign_in(&site, &body);
            assert_eq!((answer.status, answer.message().as_str()), (401, "User authentication failed"), "{body}");
            assert_eq!(answer.header("set-cookie"), "", "{body}");
        }
        let typed = sign_in(&site, &json!({ "userName": 5, "password": PASSWORD }));
        assert_eq!((typed.status, typed.fields()), (400, vec!["$.userName".to_owned()]));
    }

    fn signing_out_ends_the_cookies_session(lab) {
        let (site, _) = Site::owned(lab);
        let [mine, other] = [token(&site), token(&site)];
        assert!(known(&site, asks().header("cookie", &cookie(&mine))));
        let out = site.send(Ask::post("/authentication/logout").header("cookie", &cookie(&mine)));
        assert_eq!((out.status, out.json()["count"].as_i64(), out.json().get("response")), (200, Some(0), None));
        assert!(out.header("set-cookie").starts_with("asc_auth_key=; Path=/; HttpOnly; SameSite=Strict; Max-Age=0"));
        assert!(!known(&site, asks().header("cookie", &cookie(&mine))));
        assert!(!known(&site, asks().bearer(&mine)));
        assert!(known(&site, asks().bearer(&other)), "another session goes on");
        let again = site.send(Ask::post("/authentication/logout").header("cookie", &cookie(&mine)));
        assert_eq!(again.status, 200);
        let by_header = site.send(Ask::post("/authentication/logout").bearer(&other));
        assert_eq!(by_header.status, 200);
        assert!(known(&site, asks().bearer(&other)), "a token in the header stays good");
    }
}

#[test]
fn signing_in_looks_as_we_know_it() {
    let site = site();
    let long = sign_in(&site, &with_password(PASSWORD));
    insta::assert_json_snapshot!("signed_in", long.whole());
    let token = long.response()["token"].as_str().expect("a token").to_owned();
    let cookie = long.header("set-cookie");
    let ends = "Max-Age=31536000; Expires=Mon, 01 Mar 2027 09:30:00 GMT";
    assert_eq!(cookie, format!("asc_auth_key={token}; Path=/; HttpOnly; SameSite=Strict; {ends}"));

    let mut brief = with_password(PASSWORD);
    brief["session"] = json!(true);
    let brief = sign_in(&site, &brief);
    assert_eq!(brief.response()["expires"], "0001-01-01T00:00:00");
    assert!(!brief.header("set-cookie").contains("Max-Age"), "{}", brief.header("set-cookie"));
    insta::assert_json_snapshot!("own_profile", site.send(Ask::get("/people/@self").bearer(&token)).whole());
}

#[test]
fn the_sixth_attempt_in_a_minute_is_refused_right_or_wrong() {
    let site = site();
    for _ in 0..5 {
        assert_eq!(sign_in(&site, &with_password("wrong")).status, 401);
    }
    let blocked = |site: &Site| {
        let answer = sign_in(site, &with_password(PASSWORD));
        (answer.status, answer.message())
    };
    let refusal = (403, "Too many login attempts. Please try again later".to_owned());
    assert_eq!(blocked(&site), refusal);
    site.lab.advance(59 * SECOND);
    assert_eq!(blocked(&site), refusal);
    let by_basic =
        site.send(Ask::get("/files/rooms").header("authorization", &basic("owner@example.org:secret12")));
    assert_eq!((by_basic.status, by_basic.code().as_str()), (403, "too_many_attempts"));
    site.lab.advance(2 * SECOND);
    assert_eq!(blocked(&site).0, 200);
}

#[test]
fn every_credential_has_its_way_in() {
    let (site, key) = Site::owned(Lab::new(Engine::Sqlite));
    let token = token(&site);
    let encoded = token.replace('+', "%2B").replace('/', "%2F").replace('=', "%3D");
    let authorized = |value: &str| asks().header("authorization", value);
    for (ask, is_known) in [
        (asks(), false),
        (asks().header("cookie", &cookie(&token)), true),
        (asks().header("cookie", &cookie(&encoded)), true),
        (asks().header("cookie", &format!("asc_auth_key=\"{token}\"")), true),
        (asks().header("cookie", "asc_auth_key="), false),
        (asks().header("cookie", &format!("ASC_AUTH_KEY={token}")), false),
        (authorized(&format!("Bearer {token}")), true),
        (authorized(&token), true),
        (authorized(&encoded), true),
        (authorized(&format!("Bearer {key}")), true),
        (authorized(&key), true),
        (authorized(&basic("owner@example.org:secret12")), true),
        (authorized(&basic("owner@example.org:wrong")), false),
        (authorized("Basic"), false),
        (authorized("Basic ÿ"), false),
        (authorized("Bearer"), false),
        (asks().header("cookie", &format!("asc_auth_key={key}")), false),
    ] {
        assert_eq!(known(&site, ask.clone()), is_known, "{ask:?}");
    }
}

#[test]
fn a_header_goes_before_a_stale_cookie() {
    let (site, key) = Site::owned(Lab::new(Engine::Sqlite));
    let good = token(&site);
    let stale = |ask: Ask| ask.header("cookie", "asc_auth_key=stale");
    assert_eq!(site.send(stale(Ask::get("/files/rooms")).bearer(&key)).status, 200);
    assert_eq!(site.send(stale(Ask::get("/files/rooms")).bearer(&good)).status, 200);
    let bad_header = Ask::get("/files/rooms").header("cookie", &cookie(&good)).bearer("sk-wrong");
    assert_eq!(site.send(bad_header).status, 401, "and a bad header before a good cookie");
    let refused = site.send(stale(Ask::get("/files/rooms")));
    assert_eq!((refused.status, refused.code().as_str()), (401, "session_invalid"));
    assert!(refused.header("set-cookie").starts_with("asc_auth_key=; "), "a dead cookie is expired");
    assert_eq!(site.send(Ask::get("/files/rooms").bearer("dead")).header("set-cookie"), "");
}

#[test]
fn bad_credentials_count_as_none_where_none_are_asked_for() {
    let site = site();
    for _ in 0..7 {
        // Whatever is wrong with them: the last two are blocked.
        let ask = asks().header("authorization", &basic("owner@example.org:wrong"));
        assert!(!known(&site, ask));
    }
    assert_eq!(site.send(Ask::get("/settings").bearer("sk-wrong")).status, 200);
    assert_eq!(site.send(Ask::get("/health").bearer("dead")).status, 200);
}

#[test]
fn sessions_end_after_a_year() {
    let site = site();
    let token = token(&site);
    site.lab.advance(365 * DAY - SECOND);
    assert!(known(&site, asks().bearer(&token)));
    site.lab.advance(SECOND);
    assert!(!known(&site, asks().bearer(&token)));
}

#[test]
fn pages_of_other_sites_cannot_write_with_the_cookie() {
    let (site, key) = Site::owned(Lab::new(Engine::Sqlite));
    let token = token(&site);
    let room = || Ask::post("/files/rooms").json(&json!({ "title": "Room" }));
    let cases: [(&[(&str, &str)], bool); 16] = [
        (&[], true),
        (&[("sec-fetch-site", "same-origin")], true),
        (&[("sec-fetch-site", "none")], true),
        (&[("sec-fetch-site", "same-site")], false),
        (&[("sec-fetch-site", "cross-site")], false),
        (&[("sec-fetch-site", "nonsense")], false),
        (&[("sec-fetch-site", "same-origin"), ("origin", "http://evil.test")], true),
        (&[("sec-fetch-site", "cross-site"), ("origin", "http://portal.test")], false),
        (&[("origin", "http://portal.test")], true),
        (&[("origin", "https://portal.test")], true),
        (&[("origin", "HTTP://Portal.Test")], true),
        (&[("origin", "http://portal.test:81")], false),
        (&[("origin", "http://evil.test")], false),
        (&[("origin", "http://portal.test.evil.test")], false),
        (&[("origin", "null")], false),
        (&[("origin", "")], false),
    ];
    for (headers, own) in cases {
        let with = |ask: Ask| headers.iter().fold(ask, |ask, (name, value)| ask.header(name, value));
        let answer = site.send(with(room()).header("cookie", &cookie(&token)));
        let expected = if own { (200, "") } else { (403, "cross_site") };
        assert_eq!((answer.status, answer.code().as_str()), expected, "{headers:?}");
        let read = site.send(with(Ask::get("/files/rooms")).header("cookie", &cookie(&token)));
        assert_eq!(read.status, 200, "reading: {headers:?}");
        for credential in [&key, &token] {
            let answer = site.send(with(room()).bearer(credential).header("cookie", &cookie(&token)));
            assert_eq!(answer.status, 200, "not a cookie: {headers:?}");
        }
    }
    for ask in [Ask::delete("/files/rooms/999"), Ask::put("/files/rooms/999")] {
        let ask = ask.header("cookie", &cookie(&token)).header("sec-fetch-site", "cross-site");
        assert_eq!(site.send(ask).code(), "cross_site");
    }
    // Where anybody may come, the cookie doesn't count: nobody is signed out by another site, and everybody can sign in.
    let foreign = |ask: Ask| ask.header("cookie", &cookie(&token)).header("sec-fetch-site", "cross-site");
    assert_eq!(site.send(foreign(Ask::post("/authentication/logout"))).status, 200);
    let own = site.send(Ask::get("/people/@self").header("cookie", &cookie(&token)));
    assert_eq!(own.status, 200, "the session goes on");
    let body = json!({ "userName": "owner@example.org", "password": "secret12" });
    assert_eq!(site.send(foreign(Ask::post("/authentication")).json(&body)).status, 200);
}

#[test]
fn a_wrong_password_says_nothing_of_the_session_that_is_there() {
    let (site, key) = Site::owned(Lab::new(Engine::Sqlite));
    let token = token(&site);
    let body = json!({ "userName": "somebody@example.org", "password": "wrong-one" });
    let refused = site.send(Ask::post("/authentication").header("cookie", &cookie(&token)).json(&body));
    assert_eq!((refused.status, refused.header("set-cookie").as_str()), (401, ""));
    assert_eq!(site.send(Ask::get("/people/@self").header("cookie", &cookie(&token))).status, 200);
    let last = site.send(Ask::get("/security/audit/login/last").bearer(&key)).response()[0].clone();
    assert_eq!(last["user"], "somebody@example.org", "it isn't the cookie's owner who failed");
    assert_eq!(last["userId"], "00000000-0000-0000-0000-000000000000");
}

#[test]
fn a_profile_shows_the_cookies_session() {
    let (site, key) = Site::owned(Lab::new(Engine::Sqlite));
    let token = token(&site);
    let event = |ask: Ask| site.send(ask).response()["loginEventId"].take();
    assert_eq!(event(Ask::get("/people/@self").header("cookie", &cookie(&token))), 1);
    assert_eq!(event(Ask::get("/people/@self").bearer(&token)), 0);
    assert_eq!(event(Ask::get("/people/@self").bearer(&key)), 0);
}

#[test]
fn profiles_say_what_an_account_is() {
    let (site, owner) = Site::owned(Lab::new(Engine::Sqlite));
    let flags = ["isOwner", "isAdmin", "isRoomAdmin", "isVisitor", "isCollaborator", "hasPersonalFolder"];
    let own = |key: &str| {
        let own = site.send(Ask::get("/people/@self").bearer(key)).response();
        flags.map(|flag| own[flag].as_bool().expect(flag))
    };
    assert_eq!(own(&owner), [true, false, false, false, false, true]);
    for (kind, expected) in [
        (UserKind::DocSpaceAdmin, [false, true, false, false, false, true]),
        (UserKind::RoomAdmin, [false, false, true, false, false, true]),
        (UserKind::User, [false, false, false, false, true, true]),
        (UserKind::Guest, [false, false, false, true, false, false]),
    ] {
        let person = site.lab.person(kind, &format!("{kind:?}"));
        assert_eq!(own(&site.key(&person, &[])), expected, "{kind:?}");
    }
}

#[test]
fn signing_in_with_a_culture_changes_the_language() {
    let site = site();
    let mut body = with_password(PASSWORD);
    body["culture"] = json!("de");
    let token = sign_in(&site, &body).response()["token"].as_str().expect("a token").to_owned();
    let own = site.send(Ask::get("/people/@self").bearer(&token)).response();
    assert_eq!(own["cultureName"], "de");
}

#[test]
fn a_link_that_signs_in_is_not_a_password() {
    let site = site();
    let mut body = with_password(PASSWORD);
    body["confirmData"] = json!({ "email": "owner@example.org", "key": "1" });
    let answer = site.send(Ask::post("/authentication").json(&body));
    assert_eq!((answer.status, answer.message().as_str()), (404, "The user could not be found"));
    body["confirmData"] = json!({ "email": "bad" });
    let answer = site.send(Ask::post("/authentication").json(&body));
    let sentence = &answer.response()["errors"]["ConfirmData.Email"][0];
    assert_eq!((answer.status, sentence), (400, &json!("The Email field is not a valid e-mail address.")));
}

#[test]
fn a_dead_cookie_is_expired_wherever_it_comes() {
    let answer = site().send(Ask::get("/authentication").header("cookie", "asc_auth_key=gone"));
    assert_eq!((answer.status, answer.response()), (200, json!(false)));
    assert!(answer.header("set-cookie").starts_with("asc_auth_key=; "), "{:?}", answer.headers);
}

#[test]
fn a_page_of_another_site_gets_no_cookie() {
    let ask =
        Ask::post("/authentication").json(&with_password(PASSWORD)).header("sec-fetch-site", "cross-site");
    let answer = site().send(ask);
    assert_eq!((answer.status, answer.header("set-cookie")), (200, String::new()));
}
