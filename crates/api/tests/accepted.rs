//! Odd input that is served all the same.
#![cfg(test)]

use domain::people::UserKind;
use serde_json::{Value, json};
use testkit::{Answer, Ask, Engine, Lab, Site};

fn done(site: &Site, key: &str, ask: Ask) -> Value {
    let answer: Answer = site.send(ask.clone().bearer(key));
    assert_eq!(answer.status, 200, "{ask:?}: {}", answer.text);
    answer.response()
}

fn create(site: &Site, key: &str) -> String {
    let room = done(site, key, Ask::post("/files/rooms").json(&json!({ "title": "Room" })));
    format!("/files/rooms/{}", room["id"])
}

testkit::on_both_engines! {
    fn titles_are_cleaned(lab) {
        let (site, key) = Site::owned(lab);
        let longest = "ä".repeat(170);
        for (typed, kept) in [
            ("  New Room ", "New Room"),
            ("a\tb\nc\u{1}d\u{7f}e", "a_b_c_d_e"),
            ("party 🎉", "party __"),
            ("a*b?c/d", "a_b_c_d"),
            ("<b>'\"", "_b_'_"),
            (longest.as_str(), longest.as_str()),
            ("'; drop table room; --", "'; drop table room; --"),
            ("Ünïcødé 日本語 \u{202e}", "Ünïcødé 日本語 \u{202e}"),
        ] {
            let body = json!({ "title": typed });
            let room = done(&site, &key, Ask::post("/files/rooms").json(&body));
            assert_eq!(room["title"], kept);
            let at = format!("/files/rooms/{}", room["id"]);
            assert_eq!(done(&site, &key, Ask::put(&at).json(&body))["title"], kept);
            assert_eq!(done(&site, &key, Ask::get(&at))["title"], kept);
        }
    }

    fn archiving_the_archived_finishes_and_is_no_event(lab) {
        let (site, key) = Site::owned(lab);
        let room = create(&site, &key);
        let audits = |site: &Site| site.lab.read(|conn| Ok(conn.one(
            db::sql!("select count(*) from audit where portal_id = $1"),
            db::args![1_i64],
            |row| row.get::<i64>(0),
        )?)).expect("the audit log");
        for (verb, first) in [("unarchive", "0"), ("archive", "1"), ("archive", "0"), ("unarchive", "1")] {
            let before = audits(&site);
            let done = done(&site, &key, Ask::put(&format!("{room}/{verb}")));
            assert_eq!((&done["finished"], &done["progress"], &done["error"]), (&json!(true), &json!(100), &json!("")));
            assert_eq!(done["processed"], first, "{verb}");
            assert_eq!(audits(&site) - before, i64::from(first == "1"), "{verb}");
        }
    }

    fn two_renames_at_once_both_succeed(lab) {
        let (site, key) = Site::owned(lab);
        let room = create(&site, &key);
        let titles: Vec<Value> = std::thread::scope(|scope| {
            let rename = |title: &'static str| {
                let (site, key, room) = (&site, &key, &room);
                scope.spawn(move || done(site, key, Ask::put(room).json(&json!({ "title": title })))["title"].take())
            };
            let renames: Vec<_> = ["Ada", "Bob", "Cy", "Di"].map(rename).into_iter().collect();
            renames.into_iter().map(|rename| rename.join().expect("a reply")).collect()
        });
        assert_eq!(titles, ["Ada", "Bob", "Cy", "Di"]);
    }
}

#[test]
fn bodies_are_json_whatever_they_are_called() {
    let (site, key) = Site::owned(Lab::new(Engine::Sqlite));
    for kind in
        ["application/json; charset=utf-8", "text/plain", "application/x-www-form-urlencoded", "nonsense", ""]
    {
        let ask = Ask::post("/files/rooms").header("content-type", kind).raw(r#"{"title":"A"}"#);
        assert_eq!(done(&site, &key, ask)["title"], "A", "{kind}");
    }
    assert_eq!(done(&site, &key, Ask::post("/files/rooms").raw(r#"{"title":"A"}"#))["title"], "A");
    let odd = "\u{feff} {\"TITLE\":\"x\",\"title\":\"A\",\"RoomType\":\"2\",\"QUOTA\":\"5\",\"unknown\":{\"a\":[1]}} \r\n";
    let room = done(&site, &key, Ask::post("/files/rooms").raw(odd));
    assert_eq!((&room["title"], &room["roomType"]), (&json!("A"), &json!(2)));
    let named =
        done(&site, &key, Ask::post("/files/rooms").json(&json!({ "title": "A", "roomType": "publicroom" })));
    assert_eq!(named["roomType"], 6);
}

#[test]
fn an_absent_body_is_an_empty_one_where_nothing_is_required() {
    let (site, key) = Site::owned(Lab::new(Engine::Sqlite));
    let room = create(&site, &key);
    let title = |room: &str| done(&site, &key, Ask::get(room))["title"].take();
    for empty in ["", " \n", "{}"] {
        for kind in ["application/json", ""] {
            let with = |ask: Ask| ask.header("content-type", kind).raw(empty);
            done(&site, &key, with(Ask::put(&room)));
            assert_eq!(title(&room), "Room");
            done(&site, &key, with(Ask::put(&format!("{room}/archive"))));
            done(&site, &key, with(Ask::put(&format!("{room}/unarchive"))));
            done(&site, &key, with(Ask::delete(&create(&site, &key))));
        }
    }
    done(&site, &key, Ask::delete(&room));
}

#[test]
fn addresses_may_be_written_loosely() {
    let (site, key) = Site::owned(Lab::new(Engine::Sqlite));
    let room = create(&site, &key);
    let id = room.rsplit('/').next().unwrap_or_default().to_owned();
    for path in [
        format!("//api//2.0///files/rooms/{id}"),
        format!("/API/2.0/Files/ROOMS/{id}"),
        format!("/api/2.0/files/rooms/{id}/"),
        format!("/api/2.0/files/rooms//{id}//?a=b"),
        format!("/api/2/files/rooms/{id}"),
        format!("/api/2.0/files/rooms/{id}?"),
        format!("/api/2.0/files/rooms/00{id}"),
    ] {
        let answer = site.send(Ask::get(&path).bearer(&key));
        assert_eq!(
            (answer.status, answer.response()["id"].to_string()),
            (200, id.clone()),
            "{path}: {}",
            answer.text
        );
        let href = answer.json()["links"][0]["href"].take();
        assert_eq!(href, format!("http://portal.test{path}"), "links show what was sent");
    }
}

#[test]
fn queries_may_be_written_loosely() {
    let (site, key) = Site::owned(Lab::new(Engine::Sqlite));
    create(&site, &key);
    for query in [
        "COUNT=1&SortBy=az&SORTORDER=Ascending",
        "count=&startIndex=",
        "type=CustomRoom&type=2",
        "type[]=5",
        "withoutTags=True",
        "sortBy=nonsense",
        "unknown=1",
        "count=1&count=500",
        "%zz=%",
        "tags=[]",
        "filterValue=ROO",
        "subjectFilter=Owner",
        "&&&",
        "count=%31",
    ] {
        let list = done(&site, &key, Ask::get(&format!("/files/rooms?{query}")));
        assert_eq!(list["total"], 1, "{query}");
    }
}

#[test]
fn a_users_body_is_looked_at_before_his_rights() {
    let (site, _) = Site::owned(Lab::new(Engine::Sqlite));
    let user = site.lab.person(UserKind::User, "user");
    let key = site.key(&user, &[]);
    let bad = site.send(Ask::post("/files/rooms").bearer(&key).raw("{"));
    assert_eq!((bad.status, bad.fields()), (400, vec!["$".to_owned()]));
    let long = json!({ "title": "a".repeat(171) });
    let bad = site.send(Ask::post("/files/rooms").bearer(&key).json(&long));
    assert_eq!((bad.status, bad.fields()), (400, vec!["Title".to_owned()]));
    let good = site.send(Ask::post("/files/rooms").bearer(&key).json(&json!({ "title": "A" })));
    assert_eq!((good.status, good.code().as_str()), (403, "room_create_denied"));
    assert_eq!(good.message(), "You don't have enough permission to create");
}
