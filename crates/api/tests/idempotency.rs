//! A request that is sent twice under one `Idempotency-Key` is carried out once (deviations.md 13).
#![cfg(test)]

use domain::people::UserKind;
use domain::time::{DAY, SECOND};
use serde_json::{Value, json};
use testkit::{Answer, Ask, Engine, Lab, Site};

fn create(title: &str) -> Ask {
    Ask::post("/files/rooms").json(&json!({ "title": title }))
}

fn keyed(ask: Ask, idempotency: &str) -> Ask {
    ask.header("idempotency-key", idempotency)
}

fn rooms(site: &Site, key: &str) -> Value {
    site.send(Ask::get("/files/rooms?searchArea=Any").bearer(key)).response()["total"].take()
}

fn refused(answer: &Answer) -> (u16, String) {
    (answer.status, answer.code())
}

testkit::on_both_engines! {
    fn the_same_request_gets_the_first_answer_and_makes_one_room(lab) {
        let (site, key) = Site::owned(lab);
        let first = site.send(keyed(create("Room"), "once").bearer(&key));
        assert_eq!(first.status, 200, "{}", first.text);
        site.lab.advance(3600 * SECOND);
        let again = site.send(keyed(create("Room"), "once").bearer(&key));
        assert_eq!(again.whole(), first.whole());
        assert_eq!(rooms(&site, &key), 1);
        let other = site.send(keyed(create("Room"), "twice").bearer(&key));
        assert_ne!(other.response()["id"], first.response()["id"], "another key, another room");
        assert_eq!(site.send(create("Room").bearer(&key)).status, 200);
        assert_eq!(rooms(&site, &key), 3, "and none without a key is remembered");
    }

    fn another_request_under_the_key_is_a_conflict(lab) {
        let (site, key) = Site::owned(lab);
        let first = site.send(keyed(create("Room"), "once").bearer(&key)).response();
        let room = format!("/files/rooms/{}", first["id"]);
        for ask in [
            create("Other"),
            Ask::post("/files/rooms?a=b").json(&json!({ "title": "Room" })),
            Ask::put(&room).json(&json!({ "title": "Room" })),
            Ask::delete(&room),
        ] {
            let answer = site.send(keyed(ask, "once").bearer(&key));
            assert_eq!(refused(&answer), (409, "idempotency_conflict".to_owned()));
        }
        let title = site.send(Ask::get(&room).bearer(&key)).response()["title"].take();
        assert_eq!((title, rooms(&site, &key)), (json!("Room"), json!(1)));
    }

    fn twins_that_come_at_once_make_one_room(lab) {
        let (site, key) = Site::owned(lab);
        let twins: Vec<Answer> = std::thread::scope(|scope| {
            let twin = |_| {
                let (site, key) = (&site, &key);
                scope.spawn(move || site.send(keyed(create("Room"), "once").bearer(key)))
            };
            let twins: Vec<_> = (0..6).map(twin).collect();
            twins.into_iter().map(|twin| twin.join().expect("an answer")).collect()
        });
        for twin in &twins {
            assert_eq!(twin.whole(), twins[0].whole());
            assert_eq!(twin.status, 200, "{}", twin.text);
        }
        assert_eq!(rooms(&site, &key), 1);
    }

    fn refusals_are_not_kept(lab) {
        let (site, key) = Site::owned(lab);
        let room = site.send(create("Room").bearer(&key)).response()["id"].to_string();
        let delete = || keyed(Ask::delete(&format!("/files/rooms/{room}")), "once").bearer(&key);
        let archived = Ask::put(&format!("/files/rooms/{room}/archive")).bearer(&key);
        assert_eq!(site.send(archived).status, 200);
        let rename = || keyed(Ask::put(&format!("/files/rooms/{room}")), "name").json(&json!({ "title": "New" }));
        assert_eq!(refused(&site.send(rename().bearer(&key))), (403, "room_archived".to_owned()));
        site.send(Ask::put(&format!("/files/rooms/{room}/unarchive")).bearer(&key));
        assert_eq!(site.send(rename().bearer(&key)).response()["title"], "New");
        // A deletion that is repeated was done once: no 404.
        let (first, again) = (site.send(delete()), site.send(delete()));
        assert_eq!((again.status, again.whole()), (200, first.whole()));
    }

    fn a_reply_with_a_secret_is_not_shown_again(lab) {
        let (site, key) = Site::owned(lab);
        let make = || keyed(Ask::post("/keys").json(&json!({ "name": "New" })), "once").bearer(&key);
        let made = site.send(make()).response();
        let again = site.send(make());
        assert_eq!(refused(&again), (409, "already_done".to_owned()));
        assert!(again.message().contains(made["id"].as_str().expect("an id")), "{}", again.text);
        assert!(!again.text.contains(made["key"].as_str().expect("a text")));
        let all = site.send(Ask::get("/keys").bearer(&key)).response();
        assert_eq!(all.as_array().map(Vec::len), Some(2));
    }

    fn keys_are_forgotten_after_a_day(lab) {
        let (site, key) = Site::owned(lab);
        let send = || site.send(keyed(create("Room"), "once").bearer(&key)).response()["id"].take();
        let first = send();
        site.lab.advance(DAY - SECOND);
        assert_eq!(send(), first);
        site.lab.advance(2 * SECOND);
        let second = send();
        assert_ne!(second, first);
        assert_eq!(send(), second, "the new reply is kept in its turn");
    }
}

#[test]
fn keys_belong_to_their_caller() {
    let (site, key) = Site::owned(Lab::new(Engine::Sqlite));
    let other = site.lab.person(UserKind::RoomAdmin, "other");
    let other = site.key(&other, &[]);
    let mine = site.send(keyed(create("Mine"), "once").bearer(&key)).response();
    let theirs = site.send(keyed(create("Theirs"), "once").bearer(&other)).response();
    assert_eq!((&mine["title"], &theirs["title"]), (&json!("Mine"), &json!("Theirs")));
}

#[test]
fn rights_are_checked_again_before_a_reply_is_repeated() {
    let (site, key) = Site::owned(Lab::new(Engine::Sqlite));
    let made = site.send(Ask::post("/keys").bearer(&key).json(&json!({ "name": "brief" }))).response();
    let (id, brief) = (made["id"].as_str().expect("an id"), made["key"].as_str().expect("a text"));
    let send = || site.send(keyed(create("Room"), "once").bearer(brief));
    assert_eq!(send().status, 200);
    let narrow = json!({ "permissions": ["files:read"] });
    assert_eq!(site.send(Ask::put(&format!("/keys/{id}")).bearer(&key).json(&narrow)).status, 200);
    assert_eq!(refused(&send()), (403, "scope_missing".to_owned()));
    assert_eq!(site.send(Ask::delete(&format!("/keys/{id}")).bearer(&key)).status, 200);
    assert_eq!(refused(&send()), (401, "key_invalid".to_owned()));
}

#[test]
fn a_token_is_not_kept_under_an_idempotency_key() {
    let (site, key) = Site::owned(Lab::new(Engine::Sqlite));
    let auth = json!({ "userName": "owner@example.org", "password": "secret12" });
    let sign_in = || keyed(Ask::post("/authentication").json(&auth), "once");
    let known = site.send(sign_in().bearer(&key));
    assert_eq!(known.status, 200, "{}", known.text);
    assert_eq!(refused(&site.send(sign_in().bearer(&key))), (409, "already_done".to_owned()));
    // Strangers have no keys: the header is ignored.
    let (first, second) = (site.send(sign_in()).response(), site.send(sign_in()).response());
    assert!(first["token"].is_string() && first["token"] != second["token"]);
}

#[test]
fn reading_ignores_the_key() {
    let (site, key) = Site::owned(Lab::new(Engine::Sqlite));
    let count = || site.send(keyed(Ask::get("/files/rooms"), "once").bearer(&key)).response()["total"].take();
    assert_eq!(count(), 0);
    assert_eq!(site.send(create("Room").bearer(&key)).status, 200);
    assert_eq!(count(), 1);
}
