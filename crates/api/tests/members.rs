//! Members of rooms on the wire: whole replies, and what is refused (rooms.md §7).
#![cfg(test)]

use db::{args, sql};
use domain::ids::GroupId;
use domain::people::{Person, UserKind};
use serde_json::{Value, json};
use testkit::{Answer, Ask, Engine, Lab, Site};

/// A site with a room of the owner's.
struct House {
    site: Site,
    owner: String,
    /// The room's address.
    room: String,
    id: i64,
}

impl House {
    fn new(kind: i64) -> Self {
        let (site, owner) = Site::owned(Lab::new(Engine::Sqlite));
        let body = json!({ "title": "Room", "roomType": kind });
        let room = site.send(Ask::post("/files/rooms").bearer(&owner).json(&body)).response();
        let id = room["id"].as_i64().expect("an id");
        Self { site, owner, room: format!("/files/rooms/{id}"), id }
    }

    fn person(&self, kind: UserKind, name: &str) -> (Person, String) {
        let person = self.site.lab.person(kind, name);
        let key = self.site.key(&person, &[]);
        (person, key)
    }

    fn group(&self, name: &'static str, people: &[&Person]) -> GroupId {
        let (portal, id) =
            (self.site.lab.portal().id, "00000000-0000-4000-8000-0000000000aa".parse::<GroupId>());
        let id = id.expect("a guid");
        let people: Vec<_> = people.iter().map(|person| person.id).collect();
        let made = self.site.lab.store.upkeep_blocking(move |tx| {
            tx.exec(
                sql!(
                    "insert into people_group (portal_id, id, name, name_fold, manager_id, created_at, modified_at)
                     values ($1, $2, $3, $4, $5, 0, 0)"
                ),
                args![portal, id, name, domain::text::fold(name), people.first()],
            )?;
            for person in &people {
                tx.exec(
                    sql!("insert into group_member (portal_id, group_id, user_id) values ($1, $2, $3)"),
                    args![portal, id, *person],
                )?;
            }
            Ok(())
        });
        made.expect("a group");
        id
    }

    fn share(&self, key: &str, body: &Value) -> Answer {
        self.site.send(Ask::put(&format!("{}/share", self.room)).bearer(key).json(body))
    }

    fn give(&self, id: &impl ToString, access: impl Into<Value>) -> Answer {
        let item = json!({ "id": id.to_string(), "access": access.into() });
        self.share(&self.owner, &json!({ "invitations": [item] }))
    }

    fn get(&self, key: &str, path: &str) -> Answer {
        self.site.send(Ask::get(path).bearer(key))
    }

    fn members(&self, key: &str, query: &str) -> Answer {
        self.get(key, &format!("{}/share?{query}", self.room))
    }

    fn accesses(&self, key: &str, query: &str) -> Vec<i64> {
        let list = self.members(key, query).response();
        list.as_array().into_iter().flatten().filter_map(|row| row["access"].as_i64()).collect()
    }
}

#[test]
fn replies_are_the_ones_we_know() {
    let house = House::new(5);
    let (ursula, user_key) = house.person(UserKind::User, "ursula");
    let (rita, _) = house.person(UserKind::RoomAdmin, "rita");
    let crew = house.group("Crew", &[&ursula, &rita]);
    let items = json!([
        { "id": ursula.id, "access": 11 },
        { "id": crew, "access": "Read" },
        { "email": "new@example.org", "access": 6 },
    ]);
    insta::assert_json_snapshot!(
        "shared",
        house.share(&house.owner, &json!({ "invitations": items })).whole()
    );
    insta::assert_json_snapshot!("members_for_the_owner", house.members(&house.owner, "").whole());
    insta::assert_json_snapshot!(
        "members_for_a_user",
        house.members(&user_key, "filterType=16&count=2").whole()
    );
    let group = format!("/files/folder/{}/group/{crew}/share", house.id);
    insta::assert_json_snapshot!("members_of_a_group", house.get(&house.owner, &group).whole());
    insta::assert_json_snapshot!("room_for_a_member", house.get(&user_key, &house.room).whole());
    let ask = Ask::post("/files/owner").bearer(&house.owner);
    let given = house.site.send(ask.json(&json!({ "folderIds": [house.id.to_string()], "userId": rita.id })));
    insta::assert_json_snapshot!("owner_changed", given.whole());
    let left = house
        .site
        .send(Ask::delete("/files/share").bearer(&user_key).json(&json!({ "folderIds": [house.id] })));
    insta::assert_json_snapshot!("left", left.whole());
}

#[test]
fn nobody_invited_is_nothing_done() {
    let house = House::new(5);
    for body in [json!({}), json!({ "invitations": null }), json!({ "invitations": [] })] {
        assert_eq!(house.share(&house.owner, &body).response(), json!({ "error": 0 }));
    }
    let elsewhere = Ask::put("/files/rooms/999999/share").bearer(&house.owner).json(&json!({}));
    assert_eq!(house.site.send(elsewhere).response(), json!({ "error": 0 }));
    let (_, user) = house.person(UserKind::User, "ursula");
    let nobody = json!({ "invitations": [{ "access": 2 }, { "id": "00000000-0000-0000-0000-000000000000" }, { "email": "" }] });
    for key in [&house.owner, &house.owner] {
        assert_eq!(house.share(key, &nobody).response(), json!({ "members": [], "error": 0 }));
    }
    assert_eq!(house.share(&user, &nobody).code(), "room_not_readable");
}

#[test]
fn access_is_a_number_or_a_name_and_else_nothing() {
    let house = House::new(5);
    let (ursula, _) = house.person(UserKind::User, "ursula");
    for (sent, expected) in [
        (json!(2), vec![1, 2]),
        (json!("11"), vec![1, 11]),
        (json!("Editing"), vec![1, 10]),
        (json!("editing"), vec![1]),
        (json!("Comment"), vec![1, 6]),
        (json!(null), vec![1]),
        (json!("Review"), vec![1, 5]),
        (json!(true), vec![1]),
        (json!(10), vec![1, 10]),
        (json!({ "a": [1] }), vec![1]),
    ] {
        let answer = house.give(&ursula.id, sent.clone());
        assert_eq!(answer.status, 200, "{sent}: {}", answer.text);
        assert_eq!(house.accesses(&house.owner, ""), expected, "{sent}");
    }
}

#[test]
fn refusals() {
    let house = House::new(6);
    let (ursula, user) = house.person(UserKind::User, "ursula");
    let (rita, admin) = house.person(UserKind::RoomAdmin, "rita");
    let (_, guest) = house.person(UserKind::Guest, "gus");
    let (ada, docspace) = house.person(UserKind::DocSpaceAdmin, "ada");
    house.give(&ursula.id, 11);
    house.give(&rita.id, 11);
    let room = house.room.clone();
    let share = |key: &str, body: Value| house.share(key, &json!({ "invitations": [body] }));
    let post = |key: &str, path: &str, body: Value| house.site.send(Ask::post(path).bearer(key).json(&body));
    let owner = |key: &str, to: &Person| {
        post(key, "/files/owner", json!({ "folderIds": [house.id], "userId": to.id }))
    };
    let long = format!("{}@example.org", "a".repeat(250));
    for (what, answer, status, code) in [
        (
            "a role of other rooms",
            share(&house.owner, json!({ "id": ursula.id, "access": 10 })),
            403,
            "role_not_available",
        ),
        (
            "a paid role",
            share(&house.owner, json!({ "id": ursula.id, "access": 9 })),
            403,
            "role_not_available",
        ),
        (
            "a paid role by mail",
            share(&house.owner, json!({ "email": "a@b.org", "access": 9 })),
            403,
            "role_not_available",
        ),
        ("no manager", share(&admin, json!({ "id": ursula.id, "access": 0 })), 403, "access_denied"),
        ("an administrator", share(&docspace, json!({ "id": ursula.id, "access": 0 })), 403, "access_denied"),
        ("no member", share(&guest, json!({ "id": ursula.id, "access": 0 })), 403, "room_not_readable"),
        ("no address", share(&house.owner, json!({ "email": "nonsense", "access": 2 })), 400, ""),
        ("a long address", share(&house.owner, json!({ "email": long, "access": 2 })), 400, ""),
        ("no guid", share(&house.owner, json!({ "id": "nonsense", "access": 2 })), 400, ""),
        ("owner: a user", owner(&house.owner, &ursula), 403, "user_not_selectable"),
        ("owner: no right", owner(&admin, &ada), 403, "room_operation_denied"),
        ("owner: nobody", post(&house.owner, "/files/owner", json!({ "folderIds": [house.id] })), 400, ""),
        ("owner: null", post(&house.owner, "/files/owner", json!({ "userId": null })), 400, ""),
        (
            "resend: no right",
            post(&user, &format!("{room}/resend"), json!({ "resendAll": true })),
            403,
            "room_operation_denied",
        ),
        (
            "resend: no room",
            post(&house.owner, "/files/rooms/999999/resend", json!({ "resendAll": true })),
            403,
            "room_operation_denied",
        ),
        (
            "resend: no guid",
            post(&house.owner, &format!("{room}/resend"), json!({ "usersIds": ["x"] })),
            400,
            "",
        ),
        ("members: no room", house.get(&house.owner, "/files/rooms/999999/share"), 404, "room_not_found"),
        ("members: a long page", house.members(&house.owner, "count=101"), 400, ""),
        ("members: no filter", house.members(&house.owner, "filterType=3"), 400, ""),
        (
            "group: no group",
            house.get(&house.owner, &format!("/files/folder/{}/group/{}/share", house.id, ursula.id)),
            404,
            "group_not_found",
        ),
        (
            "group: no guid",
            house.get(&house.owner, &format!("/files/folder/{}/group/x/share", house.id)),
            404,
            "unknown_route",
        ),
        (
            "group: a guest",
            house.get(&guest, &format!("/files/folder/{}/group/{}/share", house.id, ursula.id)),
            403,
            "access_denied",
        ),
    ] {
        assert_eq!((answer.status, answer.code().as_str()), (status, code), "{what}: {}", answer.text);
    }
    let bad =
        house.share(&house.owner, &json!({ "invitations": [{ "access": 2 }, { "email": "nonsense" }] }));
    assert_eq!(bad.fields(), ["RoomInvitation.Invitations[1].Email"]);
    let many = vec![json!({ "id": ursula.id, "access": 0 }); 1001];
    assert_eq!(
        house.share(&house.owner, &json!({ "invitations": many })).fields(),
        ["RoomInvitation.Invitations"]
    );
    let many = json!({ "folderIds": vec![1; 1001], "userId": ursula.id });
    assert_eq!(post(&house.owner, "/files/owner", many).fields(), ["FolderIds"]);
    let denied = share(&house.owner, json!({ "id": ursula.id, "access": 10 }));
    assert_eq!(denied.message(), "The role is not available for this user type");
    assert_eq!(house.accesses(&house.owner, ""), [1, 11, 11], "nothing has changed");
    assert_eq!(post(&house.owner, &format!("{room}/resend"), json!({})).json()["count"], 0);
}

#[test]
fn lists_are_filtered_and_paged() {
    let house = House::new(5);
    let people = ["anna", "bert", "cleo"].map(|name| house.person(UserKind::User, name).0);
    let crew = house.group("Anemones", &[&people[0]]);
    for person in &people {
        house.give(&person.id, 2);
    }
    house.give(&crew, 11);
    for (query, expected, total) in [
        ("", vec![1, 11, 2, 2, 2], 5),
        ("filterType=16", vec![1, 2, 2, 2], 4),
        ("filterType=User", vec![1, 2, 2, 2], 4),
        ("filterType=32", vec![11], 1),
        ("count=2", vec![1, 11], 5),
        ("count=2&startIndex=2", vec![2, 2], 5),
        ("startIndex=5", vec![], 5),
        ("filterValue=AN", vec![11, 2], 2),
        ("filterValue=owner@", vec![1], 1),
        ("filterType=2", vec![], 0),
        ("filterType=1", vec![], 0),
    ] {
        let answer = house.members(&house.owner, query).json();
        assert_eq!(house.accesses(&house.owner, query), expected, "{query}");
        assert_eq!((&answer["count"], &answer["total"]), (&json!(expected.len()), &json!(total)), "{query}");
    }
    let (_, outsider) = house.person(UserKind::RoomAdmin, "otto");
    let nothing = house.members(&outsider, "").json();
    assert_eq!((&nothing["response"], &nothing["total"]), (&json!([]), &json!(0)));
    assert_eq!(house.get(&house.owner, &house.room).response()["sharedForUser"], true);
}

#[test]
fn invitations_are_sent_again() {
    let house = House::new(5);
    let items =
        json!([{ "email": "one@example.org", "access": 2 }, { "email": "two@example.org", "access": 2 }]);
    house.share(&house.owner, &json!({ "invitations": items }));
    let waiting: Vec<String> = house.members(&house.owner, "filterValue=one@").response()[0]["sharedToUser"]
        ["id"]
        .as_str()
        .map(str::to_owned)
        .into_iter()
        .collect();
    let letters = || {
        house.site.lab.read(|conn| {
            Ok(conn.one(sql!("select count(*) from job where name = 'mail.send'"), args![], |row| {
                row.get::<i64>(0)
            })?)
        })
    };
    assert_eq!(letters().ok(), Some(2));
    for (body, expected) in [
        (json!({ "usersIds": waiting }), 3),
        (json!({ "resendAll": true }), 5),
        (json!({ "usersIds": [] }), 5),
        (json!({ "usersIds": ["00000000-0000-4000-8000-000000000000"] }), 5),
    ] {
        let again =
            house.site.send(Ask::post(&format!("{}/resend", house.room)).bearer(&house.owner).json(&body));
        assert_eq!((again.status, again.response()), (200, Value::Null), "{body}");
        assert_eq!(letters().ok(), Some(expected), "{body}");
    }
}
