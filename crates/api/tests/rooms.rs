//! Rooms: whole replies, and what each member and filter does (rooms.md §3–6).
#![cfg(test)]

use domain::people::UserKind;
use serde_json::{Value, json};
use testkit::{Answer, Ask, Engine, Lab, Site};

/// A site, and who asks it.
struct House {
    site: Site,
    key: String,
}

impl House {
    fn new(lab: Lab) -> Self {
        let (site, key) = Site::owned(lab);
        Self { site, key }
    }

    fn send(&self, ask: Ask) -> Answer {
        self.site.send(ask.bearer(&self.key))
    }

    fn done(&self, ask: Ask) -> Value {
        let answer = self.send(ask.clone());
        assert_eq!(answer.status, 200, "{ask:?}: {}", answer.text);
        answer.response()
    }

    fn create(&self, body: &Value) -> Value {
        self.done(Ask::post("/files/rooms").json(body))
    }

    /// Rooms of these titles, a second apart.
    fn titled(&self, titles: &[&str]) -> Vec<String> {
        let create = |title: &&str| {
            self.site.lab.advance(domain::time::SECOND);
            at(&self.create(&json!({ "title": title })))
        };
        titles.iter().map(create).collect()
    }

    fn list(&self, query: &str) -> Value {
        self.done(Ask::get(&format!("/files/rooms?{query}")))
    }

    fn titles(&self, query: &str) -> Vec<String> {
        let list = self.list(query);
        let rooms = list["folders"].as_array().expect("rooms");
        rooms.iter().map(|room| room["title"].as_str().expect("a title").to_owned()).collect()
    }

    /// The same site, asked by somebody else.
    fn seen_by(self, kind: UserKind) -> Self {
        let person = self.site.lab.person(kind, "ada");
        Self { key: self.site.key(&person, &[]), ..self }
    }
}

fn at(room: &Value) -> String {
    format!("/files/rooms/{}", room["id"])
}

fn every_option() -> Value {
    json!({
        "title": "Everything", "description": "What there is", "roomType": 8, "quota": 1_000_000,
        "indexing": true, "denyDownload": true, "tags": ["blue", "green", "blue"], "color": "00FF00", "cover": "star",
        "lifetime": { "value": 3, "period": 1, "deletePermanently": true },
        "watermark": { "additions": 3, "text": "secret", "rotate": -45, "imageScale": 50,
            "imageUrl": "https://example.org/a.png", "imageHeight": 1.5, "imageWidth": 2 },
    })
}

#[test]
fn new_rooms_are_the_ones_we_know() {
    let house = House::new(Lab::new(Engine::Sqlite));
    for kind in [1, 2, 5, 6, 8, 9] {
        let room = house.create(&json!({ "title": format!("Type {kind}"), "roomType": kind }));
        insta::assert_json_snapshot!(format!("created_{kind}"), room);
        assert_eq!(house.done(Ask::get(&at(&room))), room, "a get shows what create did");
    }
    let whole = house.send(Ask::post("/files/rooms").json(&every_option()));
    insta::assert_json_snapshot!("created_with_everything", whole.whole());
    assert_eq!(house.done(Ask::get(&at(&whole.response()))), whole.response());
    let chat = json!({ "title": "Agent", "roomType": 9, "chatSettings": { "providerId": 2, "modelId": "m", "prompt": "p" } });
    let expected = json!({ "providerId": 2, "modelId": "m", "prompt": "p", "thinking": false });
    assert_eq!(house.create(&chat)["chatSettings"], expected);
}

testkit::on_both_engines! {
    fn each_member_is_changed_by_itself(lab) {
        let house = House::new(lab);
        let room = at(&house.create(&json!({ "title": "Room", "roomType": 1 })));
        let mut expected = house.done(Ask::get(&room));
        let watermark = json!({ "additions": 1, "rotate": 0, "imageScale": 0, "imageHeight": 0.0, "imageWidth": 0.0 });
        let lifetime = json!({ "deletePermanently": false, "period": 0, "value": 5, "enabled": true });
        let removed = json!("removed");
        let star = house.create(&every_option())["logo"]["cover"].take();
        for (change, path, value) in [
            (json!({ "title": "  New/Room " }), "/title", json!("New_Room")),
            (json!({ "title": "   " }), "/title", json!("New_Room")),
            (json!({ "title": null, "description": "About" }), "/description", json!("About")),
            (json!({ "description": null }), "/description", json!("About")),
            (json!({ "description": "" }), "/description", removed.clone()),
            (json!({ "indexing": true }), "/indexing", json!(true)),
            (json!({ "denyDownload": true }), "/denyDownload", json!(true)),
            (json!({ "denyDownload": null }), "/denyDownload", json!(true)),
            (json!({ "denyDownload": false }), "/denyDownload", json!(false)),
            (json!({ "lifetime": { "value": 5 } }), "/lifetime", lifetime.clone()),
            (json!({ "lifetime": null }), "/lifetime", lifetime),
            (json!({ "lifetime": { "enabled": false } }), "/lifetime", removed.clone()),
            (json!({ "watermark": { "additions": 1, "imageUrl": "uploaded.png" } }), "/watermark", watermark.clone()),
            (json!({}), "/watermark", watermark),
            (json!({ "watermark": { "enabled": false } }), "/watermark", removed.clone()),
            (json!({ "tags": ["one", "two"] }), "/tags", json!(["two", "one"])),
            (json!({ "tags": null }), "/tags", json!(["two", "one"])),
            (json!({ "tags": ["two", "three"] }), "/tags", json!(["three", "two"])),
            (json!({ "tags": [] }), "/tags", json!([])),
            (json!({ "color": "ABCDEF" }), "/logo/color", json!("ABCDEF")),
            (json!({ "cover": "star" }), "/logo/cover", star),
            (json!({ "cover": "" }), "/logo/cover", removed),
            (json!({ "saveFormAsXLSX": false }), "/saveFormAsXLSX", json!(false)),
            (json!({ "sendFormToExternalDB": true }), "/sendFormToExternalDB", json!(true)),
            (json!({ "roomType": 2, "private": true, "unknown": 1 }), "/roomType", json!(1)),
        ] {
            house.site.lab.advance(1_000_000);
            let changed = house.done(Ask::put(&room).json(&change));
            // What the change says, the time of the change and what follows from indexing; nothing else.
            let (parent, name) = path.rsplit_once('/').expect("a path");
            let parent = expected.pointer_mut(parent).and_then(Value::as_object_mut).expect("a parent");
            if value == "removed" { parent.remove(name); } else { parent.insert(name.to_owned(), value); }
            expected["updated"] = changed["updated"].clone();
            expected["security"]["IndexExport"] = expected["indexing"].clone();
            assert_eq!(changed, expected, "{change}");
            assert_eq!(house.done(Ask::get(&room)), expected, "{change}");
        }
        let color = house.done(Ask::put(&room).json(&json!({ "color": "" })))["logo"]["color"].take();
        assert!(color.as_str().is_some_and(|color| color.len() == 6 && color != "ABCDEF"), "{color}");
    }

    fn lists_are_filtered(lab) {
        let house = House::new(lab);
        for body in [
            json!({ "title": "Alpha", "tags": ["red"], "roomType": 2 }),
            json!({ "title": "beta 100%", "tags": ["red", "a \"b\""], "quota": 5 }),
            json!({ "title": "Gamma_x", "roomType": 6 }),
        ] {
            house.site.lab.advance(1_000_000);
            house.create(&body);
        }
        let gone = house.titled(&["Delta", "Epsilon"]);
        house.done(Ask::put(&format!("{}/archive", gone[0])));
        house.done(Ask::delete(&gone[1]));
        let owner = house.site.lab.portal().owner;
        let nobody = "00000000-0000-4000-8000-000000000000";
        for (query, titles) in [
            (String::new(), "Gamma_x,beta 100%,Alpha"),
            ("searchArea=Archive".into(), "Delta"), ("searchArea=2".into(), "Delta,Gamma_x,beta 100%,Alpha"),
            ("searchArea=Templates".into(), ""), ("searchArea=AiAgents".into(), ""),
            ("type=2".into(), "Alpha"), ("type=2&type=PublicRoom".into(), "Gamma_x,Alpha"),
            ("filterValue=ALPHA".into(), "Alpha"), ("filterValue=%25".into(), "beta 100%"),
            ("filterValue=_".into(), "Gamma_x"), ("filterValue=%5C".into(), ""), ("filterValue='".into(), ""),
            ("tags=%5B%22red%22%5D".into(), "beta 100%,Alpha"), ("tags=%5B%22RED%22%5D".into(), ""),
            ("tags=%5B%22a+%5C%22b%5C%22%22%5D".into(), "beta 100%"),
            ("withoutTags=true&tags=%5B%22red%22%5D".into(), "Gamma_x"),
            ("quotaFilter=Custom".into(), "beta 100%"), ("quotaFilter=1".into(), "Gamma_x,Alpha"),
            (format!("subjectId={owner}"), "Gamma_x,beta 100%,Alpha"), (format!("subjectId={nobody}"), ""),
            (format!("subjectOwnerId={owner}&excludeSubject=true"), ""),
            (format!("subjectOwnerId={nobody}&excludeSubject=true"), "Gamma_x,beta 100%,Alpha"),
            ("provider=Box".into(), ""), ("provider=Storage".into(), "Gamma_x,beta 100%,Alpha"),
            ("storageFilter=1".into(), "Gamma_x,beta 100%,Alpha"), ("storageFilter=2".into(), ""), ("groupId=1".into(), ""),
            ("count=1&startIndex=1".into(), "beta 100%"), ("startIndex=3".into(), ""), ("startIndex=2147483647".into(), ""),
            ("sortBy=AZ".into(), "Alpha,beta 100%,Gamma_x"), ("sortBy=az&sortOrder=descending".into(), "Gamma_x,beta 100%,Alpha"),
            ("sortBy=RoomType".into(), "Alpha,beta 100%,Gamma_x"), ("sortBy=Tags".into(), "Gamma_x,beta 100%,Alpha"),
            ("sortBy=DateAndTime&sortOrder=1".into(), "Gamma_x,beta 100%,Alpha"),
        ] {
            assert_eq!(house.titles(&query).join(","), titles, "{query}");
        }
        let page = house.list("count=2&startIndex=1");
        assert_eq!((&page["count"], &page["total"], &page["startIndex"]), (&json!(2), &json!(3), &json!(1)));
        assert_eq!(house.list("type=2")["total"], 1);
    }

    fn an_order_that_is_asked_for_is_kept(lab) {
        let house = House::new(lab);
        house.titled(&["b", "c", "a"]);
        assert_eq!(house.titles(""), ["a", "c", "b"], "newest first");
        assert_eq!(house.titles("sortBy=AZ"), ["a", "b", "c"]);
        assert_eq!(house.titles(""), ["a", "b", "c"]);
        assert_eq!(house.titles("sortOrder=descending"), ["a", "b", "c"], "an order needs its sort");
        assert_eq!(house.titles("sortBy=AZ&sortOrder=descending"), ["c", "b", "a"]);
        assert_eq!(house.titles("sortBy=nonsense"), ["c", "b", "a"]);
        let ada = house.seen_by(UserKind::DocSpaceAdmin);
        assert_eq!(ada.titles(""), ["a", "c", "b"], "each has their own");
    }

    fn an_administrator_sees_others_rooms_but_may_not_change_them(lab) {
        let house = House::new(lab);
        let rooms = house.titled(&["Room"]);
        let ada = house.seen_by(UserKind::DocSpaceAdmin);
        let listed = ada.list("")["folders"][0].take();
        let single = ada.done(Ask::get(&rooms[0]));
        assert_eq!((&listed["access"], &single["access"]), (&json!(0), &json!(3)));
        assert_eq!((&single["inRoom"], single.get("ownedBy")), (&json!(false), None));
        let granted = |room: &Value| {
            let security = room["security"].as_object().expect("security");
            assert_eq!(security.len(), 24);
            let granted = security.iter().filter(|(_, granted)| **granted == json!(true));
            let mut granted: Vec<_> = granted.map(|(name, _)| name.clone()).collect();
            granted.sort();
            granted.join(" ")
        };
        assert_eq!(granted(&listed), "ChangeOwner Copy CopyLink Download Duplicate Move Mute Pin Read");
        assert_eq!(granted(&single), "ChangeOwner Copy Download Duplicate Move Pin Read");
        assert_eq!(ada.send(Ask::put(&rooms[0]).json(&json!({ "title": "A" }))).code(), "room_not_editable");
        assert_eq!(ada.send(Ask::delete(&rooms[0])).code(), "access_denied");
        ada.done(Ask::put(&format!("{}/archive", rooms[0])));
        assert_eq!(granted(&ada.done(Ask::get(&rooms[0]))), "Copy Delete Download Move Read");
        ada.done(Ask::delete(&rooms[0]));
        assert_eq!(ada.list("searchArea=Any")["total"], 0);
    }

    fn operations_are_listed_once(lab) {
        let house = House::new(lab);
        let room = house.titled(&["Room"]).remove(0);
        let ids = |query: &str| {
            let list = house.send(Ask::get(&format!("/files/fileops{query}")));
            let operations = list.response().as_array().cloned().unwrap_or_default();
            assert_eq!(list.json()["count"], operations.len());
            operations.into_iter().map(|operation| operation["id"].clone()).collect::<Vec<_>>()
        };
        let run = |method: &str, path: &str, body: &Value| {
            house.done(Ask::new(method.parse().expect("a method"), path).json(body))["id"].take()
        };
        let [archive, unarchive] = ["archive", "unarchive"].map(|verb| format!("{room}/{verb}"));
        let silent = json!({ "deleteAfter": true });
        run("PUT", &archive, &silent);
        assert_eq!(ids(""), [] as [Value; 0], "deleteAfter keeps nothing");
        let first = run("PUT", &unarchive, &json!({}));
        let second = run("PUT", &archive, &json!({ "deleteAfter": false }));
        let third = run("DELETE", &room, &json!({}));
        house.send(Ask::new(axum::http::Method::HEAD, "/files/fileops"));
        assert_eq!(ids("?id=unknown"), [] as [Value; 0]);
        assert_eq!(ids("/Copy"), [] as [Value; 0]);
        assert_eq!(ids("/delete"), [third], "by type");
        assert_eq!(ids(&format!("?id={}", second.as_str().expect("an id"))), [second], "by id");
        let left = house.done(Ask::put("/files/fileops/terminate"));
        assert_eq!(left[0]["id"], first, "cancelling takes nothing");
        assert_eq!(house.done(Ask::put("/files/fileops/terminate/any"))[0]["id"], first);
        assert_eq!(ids("/0"), [first], "by type's number");
        assert_eq!(ids(""), [] as [Value; 0]);
    }
}

#[test]
fn operations_are_the_ones_we_know() {
    let house = House::new(Lab::new(Engine::Sqlite));
    let room = house.titled(&["Room"]).remove(0);
    house.done(Ask::put(&room).json(&json!({ "lifetime": { "value": 1 } })));
    for (name, ask) in [
        ("archived", Ask::put(&format!("{room}/archive"))),
        ("archived_again", Ask::put(&format!("{room}/archive"))),
        ("unarchived", Ask::put(&format!("{room}/unarchive"))),
        ("deleted", Ask::delete(&room)),
    ] {
        insta::assert_json_snapshot!(name, house.send(ask).whole());
    }
    let listed = house.send(Ask::get("/files/fileops")).whole();
    assert_eq!(listed["body"]["response"].as_array().map(Vec::len), Some(4));
    insta::assert_json_snapshot!("operations", listed);
}

#[test]
fn operations_are_their_callers() {
    let house = House::new(Lab::new(Engine::Sqlite));
    let room = house.titled(&["Room"]).remove(0);
    house.done(Ask::delete(&room));
    let stranger = house.site.send(Ask::get("/files/fileops"));
    assert_eq!((stranger.status, stranger.response()), (200, json!([])));
    let owner = house.key.clone();
    let ada = house.seen_by(UserKind::DocSpaceAdmin);
    assert_eq!(ada.done(Ask::get("/files/fileops")), json!([]));
    let mine = ada.site.send(Ask::get("/files/fileops").bearer(&owner)).response();
    assert_eq!(mine[0]["processed"], "1");
}

#[test]
fn lists_are_the_ones_we_know() {
    let house = House::new(Lab::new(Engine::Sqlite));
    let rooms = house.titled(&["One", "Two"]);
    house.done(Ask::put(&format!("{}/archive", rooms[0])));
    insta::assert_json_snapshot!("list", house.send(Ask::get("/files/rooms")).whole());
    insta::assert_json_snapshot!(
        "list_of_archive",
        house.send(Ask::get("/files/rooms?searchArea=1")).whole()
    );
    let envelope = house.send(Ask::get("/files/rooms")).json();
    assert_eq!((&envelope["count"], envelope.get("total")), (&json!(1), None), "clients.md §0 rule 3");
}

#[test]
fn roots_are_folders() {
    let house = House::new(Lab::new(Engine::Sqlite));
    let root = house.list("")["current"].take();
    assert_eq!(house.done(Ask::get(&at(&root))), root);
    assert_eq!(house.send(Ask::put(&at(&root)).json(&json!({ "title": "A" }))).code(), "room_not_editable");
    assert_eq!(house.send(Ask::put(&format!("{}/archive", at(&root)))).code(), "access_denied");
    assert_eq!(house.send(Ask::delete(&at(&root))).code(), "access_denied");
}

#[test]
fn fields_cut_the_response_down() {
    let house = House::new(Lab::new(Engine::Sqlite));
    let room = house.titled(&["Room"]).remove(0);
    let get = |query: &str| house.done(Ask::get(&format!("{room}?{query}")));
    let owner = house.site.lab.portal().owner.to_string();
    let id = get("")["id"].take();
    for (query, expected) in [
        ("fields=id,title", json!({ "id": id, "title": "Room" })),
        ("fields=title&fields=id", json!({ "id": id, "title": "Room" })),
        ("fields[]=title&FIELDS=%20id%20,", json!({ "id": id, "title": "Room" })),
        ("fields=createdBy.id", json!({ "createdBy": { "id": owner } })),
        ("fields=security.Read,security.Rename", json!({ "security": { "Read": true, "Rename": true } })),
        ("fields=Title,nothing", json!({})),
    ] {
        assert_eq!(get(query), expected, "{query}");
    }
    assert_eq!(
        house.list("fields=total,folders.title"),
        json!({ "total": 1, "folders": [{ "title": "Room" }] })
    );
    let renamed = house.done(Ask::put(&format!("{room}?fields=title")).json(&json!({ "title": "New" })));
    assert_eq!(renamed, json!({ "title": "New" }));
    house.done(Ask::delete(&room));
    assert_eq!(house.done(Ask::get("/files/fileops?fields=processed")), json!([{ "processed": "1" }]));
}

#[test]
fn ids_are_never_used_again() {
    let house = House::new(Lab::new(Engine::Sqlite));
    let first = house.titled(&["Room"]).remove(0);
    house.done(Ask::delete(&first));
    house.site.lab.drain_jobs().expect("the purge");
    assert_ne!(house.titled(&["Room"]).remove(0), first);
}
