//! Bad input: what is refused, how, and that it changes nothing. Every table runs on both engines.
#![cfg(test)]

use axum::http::Method;
use domain::keys::{self, NewKey};
use domain::people::{Person, UserKind};
use domain::time::DAY;
use serde_json::{Value, json};
use testkit::{Answer, Ask, Engine, Lab, Site};

/// A portal with an active, an archived and a deleted room of its owner, and another person's key.
struct House {
    site: Site,
    owner: Person,
    key: String,
    other: String,
    room: i64,
    archived: i64,
    deleted: i64,
}

impl House {
    fn new(lab: Lab) -> Self {
        let owner = lab.set_up();
        let site = Site::new(lab);
        let key = site.key(&owner, &[]);
        let other = site.lab.person(UserKind::RoomAdmin, "other");
        let other = site.key(&other, &[]);
        let house = Self { site, owner, key, other, room: 0, archived: 0, deleted: 0 };
        let [room, archived, deleted] = ["room", "archived", "deleted"].map(|title| house.create(title));
        house.done(Ask::put(&format!("/files/rooms/{archived}/archive")));
        house.done(Ask::delete(&format!("/files/rooms/{deleted}")));
        Self { room, archived, deleted, ..house }
    }

    fn send(&self, ask: Ask) -> Answer {
        self.site.send(ask.bearer(&self.key))
    }

    fn done(&self, ask: Ask) -> Answer {
        let answer = self.send(ask.clone());
        assert_eq!(answer.status, 200, "{ask:?}: {}", answer.text);
        answer
    }

    fn create(&self, title: &str) -> i64 {
        let answer = self.done(Ask::post("/files/rooms").json(&json!({ "title": title })));
        answer.response()["id"].as_i64().expect("an id")
    }

    fn room(&self) -> String {
        format!("/files/rooms/{}", self.room)
    }

    /// All that a refused request must leave as it was: rooms in both sections, and the audit log.
    fn state(&self) -> (Value, i64) {
        let rooms = self.done(Ask::get("/files/rooms?searchArea=Any")).response()["folders"].take();
        (rooms, audits(&self.site))
    }

    /// Sends what must be refused and looks whether the refusal is one, and changed nothing.
    fn refused(&self, ask: Ask, status: u16, code: &str) -> Answer {
        let before = self.state();
        let answer = self.site.send(ask.clone());
        let ask = format!("{ask:?}").chars().take(400).collect::<String>();
        assert_eq!((answer.status, said(&answer).as_str()), (status, code), "{ask}: {}", answer.text);
        assert_eq!(self.state(), before, "{ask} changed something");
        answer
    }
}

fn audits(site: &Site) -> i64 {
    let count = site.lab.read(|conn| {
        Ok(conn.one(
            db::sql!("select count(*) from audit where portal_id = $1"),
            db::args![1_i64],
            |row| row.get(0),
        )?)
    });
    count.expect("the audit log")
}

/// The code of a refusal whose form is right.
fn said(answer: &Answer) -> String {
    let json = answer.json();
    if json["response"]["errors"].is_object() {
        assert!(answer.header("content-type").starts_with("application/problem+json"), "{}", answer.text);
        assert_eq!((&json["status"], &json["statusCode"]), (&json!(1), &json!(400)));
        assert!(!answer.fields().is_empty(), "{}", answer.text);
        return "validation".to_owned();
    }
    let error = &json["error"];
    assert!(answer.header("content-type").starts_with("application/json"), "{}", answer.text);
    assert_eq!((&json["status"], &json["statusCode"]), (&json!(1), &json!(answer.status)));
    for member in ["message", "type", "stack", "code"] {
        assert!(error[member].is_string(), "{member}: {}", answer.text);
    }
    assert!(error["hresult"].is_i64() && error["message"] != "", "{}", answer.text);
    answer.code()
}

testkit::on_both_engines! {
    fn credentials_are_refused(lab) {
        let house = House::new(lab);
        let short = NewKey { name: "short".into(), permissions: Vec::new(), expires_in_days: Some(1) };
        let (call, owner) = (house.site.lab.call(&house.owner), house.owner.id);
        let short = house.site.lab.write(&call, move |tx| keys::create_for(tx, call_portal(), owner, &short));
        let short = short.expect("a key").text;
        house.site.lab.advance(DAY);
        let made = |name: &str| {
            let made = house.done(Ask::post("/keys").json(&json!({ "name": name }))).response();
            let text = |member: &str| made[member].as_str().expect("a text").to_owned();
            (format!("/keys/{}", text("id")), text("key"))
        };
        let (revoked_at, revoked) = made("revoked");
        house.site.send(Ask::get("/files/rooms").bearer(&revoked));
        house.done(Ask::delete(&revoked_at));
        let (off_at, off) = made("off");
        house.site.send(Ask::get("/files/rooms").bearer(&off));
        house.done(Ask::put(&off_at).json(&json!({ "isActive": false })));
        let narrow = house.site.key(&house.owner, &["files:read"]);
        let wrong = format!("sk-{}", "0".repeat(64));
        let basic = data_encoding::BASE64.encode(b"owner@example.org:wrong");
        let bearer = |text: &str| Some(format!("Bearer {text}"));
        let cases = [
            (None, 401, "unauthenticated"),
            (bearer(&wrong), 401, "key_invalid"),
            (Some(wrong.clone()), 401, "key_invalid"),
            (bearer("sk-"), 401, "key_invalid"),
            (bearer(&short), 401, "key_expired"),
            (bearer(&revoked), 401, "key_invalid"),
            (bearer(&off), 401, "key_invalid"),
            (bearer(&narrow), 403, "scope_missing"),
            (bearer("nonsense"), 401, "session_invalid"),
            (Some("nonsense".to_owned()), 401, "session_invalid"),
            (Some(String::new()), 401, "session_invalid"),
            (Some(format!("Basic {basic}")), 401, "sign_in_failed"),
            (Some("Basic !".to_owned()), 401, "sign_in_failed"),
            (Some(format!("Basic {}", data_encoding::BASE64.encode(b"a\0b:\0"))), 401, "sign_in_failed"),
        ];
        for (credential, status, code) in cases {
            let with = |ask: Ask| credential.iter().fold(ask, |ask, value| ask.header("authorization", value));
            house.refused(with(Ask::get(&house.room())), status, code);
            house.refused(with(Ask::delete(&house.room())), status, code);
            // Before the body is looked at.
            house.refused(with(Ask::post("/files/rooms").raw("{")), status, code);
        }
    }

    fn rooms_that_are_not_there_or_not_ones_own_say_so(lab) {
        let house = House::new(lab);
        let (room, archived, deleted) = (house.room, house.archived, house.deleted);
        let (owner, other) = (house.key.as_str(), house.other.as_str());
        for (key, id, get, update, archive, delete) in [
            (owner, 999, (404, "room_not_found"), (403, "room_not_found"), (404, "room_not_found"), (404, "room_not_found")),
            (owner, deleted, (404, "room_deleted"), (403, "room_deleted"), (404, "room_deleted"), (404, "room_deleted")),
            (other, room, (403, "room_not_readable"), (403, "room_not_editable"), (403, "room_not_readable"), (403, "access_denied")),
            (other, archived, (403, "room_not_readable"), (403, "room_not_editable"), (403, "room_not_readable"), (403, "access_denied")),
        ] {
            let at = format!("/files/rooms/{id}");
            let title = json!({ "title": "New" });
            house.refused(Ask::get(&at).bearer(key), get.0, get.1);
            house.refused(Ask::put(&at).bearer(key).json(&title), update.0, update.1);
            house.refused(Ask::put(&format!("{at}/archive")).bearer(key), archive.0, archive.1);
            house.refused(Ask::put(&format!("{at}/unarchive")).bearer(key), archive.0, archive.1);
            house.refused(Ask::delete(&at).bearer(key), delete.0, delete.1);
        }
        let rename = Ask::put(&format!("/files/rooms/{archived}")).bearer(owner).json(&json!({ "title": "New" }));
        house.refused(rename, 403, "room_archived");
        house.site.lab.drain_jobs().expect("the purge");
        house.refused(Ask::get(&format!("/files/rooms/{deleted}")).bearer(owner), 404, "room_deleted");
    }

    fn bodies_are_refused(lab) {
        let house = House::new(lab);
        let deep = |depth: usize| format!("{{\"title\":{}{}}}", "[".repeat(depth), "]".repeat(depth));
        for (body, code) in [
            (String::new(), "validation"),
            ("{".to_owned(), "validation"),
            ("{\"title\":\"a\"".to_owned(), "validation"),
            ("{\"title\":\"a\",}".to_owned(), "validation"),
            ("// no\n{\"title\":\"a\"}".to_owned(), "validation"),
            ("[]".to_owned(), "validation"),
            ("\"title\"".to_owned(), "validation"),
            ("null".to_owned(), "validation"),
            ("title=a".to_owned(), "validation"),
            ("[".repeat(100_000), "validation"),
            ("{\"a\":".repeat(100_000), "validation"),
            (deep(100_000), "validation"),
            (r#"{"title":"a\u0000b"}"#.to_owned(), "validation"),
            (r#"{"title":"a\ud800"}"#.to_owned(), "validation"),
        ] {
            house.refused(Ask::post("/files/rooms").bearer(&house.key).raw(body), 400, code);
        }
        let garbled = Ask::post("/files/rooms").bearer(&house.key).raw(b"{\"title\":\"\xff\xfe\"}".to_vec());
        house.refused(garbled, 400, "validation");
        let long = json!({ "title": "a".repeat(1 << 20) });
        house.refused(Ask::post("/files/rooms").bearer(&house.key).json(&long), 413, "body_too_large");
        house.refused(Ask::put(&house.room()).bearer(&house.key).json(&long), 413, "body_too_large");
    }

    fn members_are_refused(lab) {
        let house = House::new(lab);
        let (color, text) = ("1234567", "a".repeat(256));
        // The member, its value, and the field the problem is about on create; none where it is an argument's.
        for (member, value, field) in [
            ("title", json!(5), "$.title"),
            ("title", json!(["a"]), "$.title"),
            ("title", json!("a".repeat(171)), "Title"),
            ("title", json!("a".repeat(1_000_000)), "Title"),
            ("description", json!(1), "$.description"),
            ("description", json!("a".repeat(4001)), "Description"),
            ("quota", json!("much"), "$.quota"),
            ("quota", json!(1.5), "$.quota"),
            ("quota", json!(1e30), "$.quota"),
            ("indexing", json!("true"), "$.indexing"),
            ("denyDownload", json!(1), "$.denyDownload"),
            ("lifetime", json!(5), "$.lifetime"),
            ("lifetime", json!({}), "Lifetime.Value"),
            ("lifetime", json!({ "value": 1000 }), "Lifetime.Value"),
            ("lifetime", json!({ "value": 1, "period": 3 }), "Lifetime.Period"),
            ("watermark", json!([]), "$.watermark"),
            ("watermark", json!({ "text": text }), "Watermark.Text"),
            ("watermark", json!({ "text": "a\u{0}" }), "$.watermark.text"),
            ("watermark", json!({ "rotate": "x" }), "$.watermark.rotate"),
            ("logo", json!({}), "Logo.TmpFile"),
            ("logo", json!({ "tmpFile": "a", "width": 1281 }), "Logo.Width"),
            ("logo", json!({ "tmpFile": "a" }), "404"),
            ("tags", json!("a"), "$.tags"),
            ("tags", json!([1]), "$.tags[0]"),
            ("tags", json!([null]), "400"),
            ("tags", json!(["a", " "]), "400"),
            ("tags", json!([text]), "400"),
            ("color", json!(color), "Color"),
            ("cover", json!("a".repeat(51)), "Cover"),
            ("cover", json!("nothing"), "400"),
            ("chatSettings", json!({}), "400"),
            ("chatSettings", json!({ "providerId": 1 }), "400"),
            ("saveFormAsXLSX", json!("no"), "$.saveFormAsXLSX"),
            ("sendFormToExternalDB", json!(0), "$.sendFormToExternalDB"),
        ] {
            let mut body = json!({ "title": "Room" });
            body[member] = value;
            for (ask, prefix) in [(Ask::post("/files/rooms"), ""), (Ask::put(&house.room()), "UpdateRoom.")] {
                let ask = ask.bearer(&house.key).json(&body);
                if let Ok(status) = field.parse() {
                    house.refused(ask, status, if status == 404 { "not_found" } else { "bad_argument" });
                    continue;
                }
                let answer = house.refused(ask, 400, "validation");
                let field = if field.starts_with('$') { field.to_owned() } else { format!("{prefix}{field}") };
                assert_eq!(answer.fields(), [field], "{}", answer.text);
            }
        }
    }

    fn what_only_create_asks_for_is_refused(lab) {
        let house = House::new(lab);
        for (body, code) in [
            (json!({}), "validation"),
            (json!({ "roomType": 5 }), "validation"),
            (json!({ "title": null }), "bad_argument"),
            (json!({ "title": "" }), "bad_argument"),
            (json!({ "title": " \t\u{a0}" }), "bad_argument"),
            (json!({ "title": "a", "roomType": 0 }), "bad_argument"),
            (json!({ "title": "a", "roomType": 3 }), "bad_argument"),
            (json!({ "title": "a", "roomType": -5 }), "bad_argument"),
            (json!({ "title": "a", "roomType": 99_999_999_999_i64 }), "validation"),
            (json!({ "title": "a", "roomType": "Castle" }), "validation"),
            (json!({ "title": "a", "roomType": true }), "validation"),
            (json!({ "title": "a", "roomType": 5.5 }), "validation"),
            (json!({ "title": "a", "private": true }), "bad_argument"),
            (json!({ "title": "a", "private": "x" }), "validation"),
        ] {
            house.refused(Ask::post("/files/rooms").bearer(&house.key).json(&body), 400, code);
        }
        for ask in [
            Ask::put(&format!("{}/archive", house.room())),
            Ask::put(&format!("{}/unarchive", house.room())),
            Ask::delete(&house.room()),
        ] {
            house.refused(ask.bearer(&house.key).json(&json!({ "deleteAfter": "yes" })), 400, "validation");
        }
    }

    fn queries_are_refused(lab) {
        let house = House::new(lab);
        for (query, field) in [
            ("count=0", "count"), ("count=101", "count"), ("count=-1", "count"), ("count=abc", "count"),
            ("count=1.5", "count"), ("count=99999999999999999999", "count"), ("Count=0", "count"),
            ("startIndex=-1", "startIndex"), ("startIndex=x", "startIndex"),
            ("startIndex=2147483648", "startIndex"), ("type=3", "type"), ("type=2&type=Castle", "type"),
            ("subjectId=ada", "subjectId"), ("subjectOwnerId=1", "subjectOwnerId"),
            ("searchArea=8", "searchArea"), ("searchArea=Attic", "searchArea"), ("provider=10", "provider"),
            ("storageFilter=x", "storageFilter"), ("quotaFilter=7", "quotaFilter"),
            ("subjectFilter=2", "subjectFilter"), ("excludeSubject=1", "excludeSubject"),
            ("withoutTags=maybe", "withoutTags"), ("groupId=x", "groupId"), ("sortOrder=up", "sortOrder"),
            ("filterValue=a%00", "filterValue"), ("tags=%00", "tags"),
        ] {
            let ask = Ask::get(&format!("/files/rooms?{query}")).bearer(&house.key);
            let answer = house.refused(ask, 400, "validation");
            assert_eq!(answer.fields(), [field], "{query}: {}", answer.text);
        }
        for tags in ["a", "%7B%22a%22%3A1%7D", "[1]", "%5B%22a%22"] {
            let ask = Ask::get(&format!("/files/rooms?tags={tags}")).bearer(&house.key);
            house.refused(ask, 400, "bad_argument");
        }
        // What PostgreSQL can't keep inside a list of tags either.
        let nul = Ask::get("/files/rooms?tags=%5B%22%5Cu0000%22%5D").bearer(&house.key);
        house.refused(nul, 400, "bad_argument");
        let all = house.refused(
            Ask::get("/files/rooms?count=0&startIndex=-1&type=3").bearer(&house.key), 400, "validation");
        assert_eq!(all.fields().len(), 3, "all are told at once");
    }
}

/// The first portal.
fn call_portal() -> domain::ids::PortalId {
    domain::ids::PortalId(1)
}

#[test]
fn ids_that_are_no_positive_int32_are_404() {
    let house = House::new(Lab::new(Engine::Sqlite));
    let ids = [
        "0",
        "-1",
        "2147483648",
        "99999999999999999999",
        "abc",
        "1.5",
        "+5",
        "%20",
        "5%20",
        "1%2F2",
        "%00",
        "%ff",
        "%EF%BC%95",
        "0x5",
        "1e3",
    ];
    for id in ids {
        for (method, end) in
            [("GET", ""), ("PUT", ""), ("DELETE", ""), ("PUT", "/archive"), ("PUT", "/unarchive")]
        {
            let method: Method = method.parse().expect("a method");
            let ask = Ask::new(method, &format!("/files/rooms/{id}{end}")).bearer(&house.key);
            house.refused(ask, 404, "unknown_route");
        }
    }
    for id in ["1", "abc", "%00", "00000000-0000-4000-8000-00000000000g", "%ff"] {
        house.refused(
            Ask::put(&format!("/keys/{id}")).bearer(&house.key).json(&json!({})),
            404,
            "unknown_route",
        );
        house.refused(Ask::delete(&format!("/keys/{id}")).bearer(&house.key), 404, "unknown_route");
    }
    for (kind, code) in [
        ("Dance", "validation"),
        ("8", "validation"),
        ("-1", "validation"),
        ("%00", "validation"),
        ("Import", "operation_kind"),
    ] {
        let ask = Ask::get(&format!("/files/fileops/{kind}")).bearer(&house.key);
        house.refused(ask, 400, code);
    }
}

#[test]
fn unknown_addresses_are_404_whoever_asks() {
    let house = House::new(Lab::new(Engine::Sqlite));
    let paths = [
        "/nothing",
        "/files",
        "/files/room",
        "/files/rooms/5/attic",
        "/files/rooms/5/archive/5",
        "/api",
        "/api/",
        "/api/3.0/files/rooms",
        "/api/2.0",
        "/API/2.0/Nothing",
        "/api/2.0/files/rooms.xml",
        "//",
        "/api/../health",
    ];
    for path in paths {
        house.refused(Ask::get(path), 404, "unknown_route");
        house.refused(Ask::post(path).bearer(&house.key).raw("{"), 404, "unknown_route");
    }
    house.refused(Ask::new(Method::PATCH, "/files/rooms").bearer(&house.key), 405, "method_not_allowed");
}
