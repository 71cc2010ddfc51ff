//! Reading people (people.md §4), themes and notices (§6, §10).
#![cfg(test)]

use domain::Call;
use domain::confirm::{self, Bound, ConfirmType};
use domain::people::{Person, UserKind};
use domain::time::SECOND;
use serde_json::{Value, json};
use testkit::{Answer, Ask, Engine, Lab, Site};

const NOBODY: &str = "00000000-0000-4000-8000-000000000000";

/// A site with one account of each type, and the owner's key.
struct House {
    site: Site,
    owner: String,
    carl: Person,
    ursula: Person,
    gus: Person,
}

fn house(lab: Lab) -> House {
    let (site, owner) = Site::owned(lab);
    let carl = site.lab.person(UserKind::RoomAdmin, "carl");
    let ursula = site.lab.person(UserKind::User, "ursula");
    let gus = site.lab.person(UserKind::Guest, "gus");
    House { site, owner, carl, ursula, gus }
}

impl House {
    fn get(&self, path: &str) -> Answer {
        self.site.send(Ask::get(path).bearer(&self.owner))
    }

    fn as_person(&self, person: &Person, path: &str) -> Answer {
        self.site.send(Ask::get(path).bearer(&self.site.key(person, &[])))
    }

    /// The header that an invitation by mail comes back as.
    fn invited(&self, email: &str) -> String {
        let portal = self.site.lab.portal();
        let (call, email) = (Call::system(portal.clone()), email.to_owned());
        let made = self.site.lab.write(&call, move |tx| {
            let bound = Bound { email: Some(&email), invites: Some(UserKind::User), ..Bound::default() };
            confirm::link(tx, &portal, ConfirmType::LinkInvite, &bound)
        });
        made.unwrap().split_once('?').unwrap().1.to_owned()
    }
}

fn names(answer: &Answer) -> String {
    let people = answer.response().as_array().cloned().unwrap_or_default();
    let name =
        |person: &Value| person["displayName"].as_str().or(person["name"].as_str()).unwrap_or("?").to_owned();
    people
        .iter()
        .map(|person| name(person).split(' ').next().unwrap_or_default().to_owned())
        .collect::<Vec<_>>()
        .join(" ")
}

#[test]
fn people_look_as_we_know_them() {
    let house = house(Lab::new(Engine::Sqlite));
    insta::assert_json_snapshot!("filter", house.get("/people/filter?employeeType=User").whole());
    insta::assert_json_snapshot!("simple_filter", house.get("/people/simple/filter?area=guests").whole());
    insta::assert_json_snapshot!("nobody", house.get("/people/filter?filterValue=nobody").whole());
    insta::assert_json_snapshot!("search", house.get("/people/search?query=ursula").whole());
    insta::assert_json_snapshot!(
        "profile",
        house.as_person(&house.ursula, &format!("/people/{}", house.ursula.id)).whole()
    );
    insta::assert_json_snapshot!("exists", house.get("/people/exists?email=GUS@example.org").whole());
    insta::assert_json_snapshot!("token", house.get("/people/tokendiagnostics").whole());
    insta::assert_json_snapshot!("record", house.get(&format!("/portal/users/{}", house.carl.id)).whole());
    insta::assert_json_snapshot!("count", house.get("/portal/userscount").whole());
    let link = house.invited("new@example.org");
    let ask = Ask::get(&format!("/people/{}", house.carl.id)).header("confirm", &link);
    insta::assert_json_snapshot!("short_profile", house.site.send(ask).whole());
}

testkit::on_both_engines! {
    fn lists_are_for_those_who_make_rooms(lab) {
        let house = house(lab);
        for path in ["/people", "/people/filter", "/people/simple/filter", "/people/status/Active"] {
            assert_eq!(names(&house.get(path)), "carl gus Olive ursula", "{path}");
            // Carl is not related to the guest.
            assert_eq!(names(&house.as_person(&house.carl, path)), "carl Olive ursula", "{path}");
            for person in [&house.ursula, &house.gus] {
                assert_eq!(house.as_person(person, path).status, 403, "{path}");
            }
        }
        for (path, found) in [("/people/search?query=gus", "gus"), ("/people/@search/gus", "gus"), ("/people/status/All/search?query=gus", "gus"), ("/people/search", "")] {
            let answer = house.get(path);
            assert_eq!((names(&answer).as_str(), answer.json()["count"].as_i64()), (found, Some(1)), "{path}");
            assert_eq!(house.as_person(&house.carl, path).status, 403, "{path}");
        }
        let page = house.get("/people/filter?count=2&startIndex=1");
        assert_eq!((names(&page).as_str(), page.json()["count"].as_i64(), page.json()["total"].as_i64()), ("gus Olive", Some(2), Some(4)));
        let none = house.as_person(&house.carl, "/people/status/2");
        assert_eq!((none.response(), none.json()["count"].as_i64(), none.json()["total"].as_i64()), (json!([]), Some(0), Some(0)));
        assert_eq!(names(&house.get("/people?filterBy=group&filterValue=00000000-0000-4000-8000-000000000000")), "");
    }

    fn parameters_are_refused(lab) {
        let house = house(lab);
        for (path, field) in [
            ("/people/filter?count=0", "count"), ("/people/filter?count=101", "count"), ("/people/filter?groupId=x", "groupId"),
            ("/people/filter?employeeType=Boss", "employeeType"), ("/people/filter?employeeTypes=1&employeeTypes=9", "employeeTypes"),
            ("/people/filter?area=9", "area"), ("/people/filter?sortOrder=sideways", "sortOrder"),
            ("/people/status/Retired", "status"), ("/people/status/1/search", "query"), ("/people/email?email=nobody", "email"),
            ("/people/email?email=owner@example.org&culture=%25", "culture"), ("/settings/notification/9", "type"),
        ] {
            let answer = house.get(path);
            assert_eq!((answer.status, answer.fields()), (400, vec![field.to_owned()]), "{path}");
        }
        for path in ["/people?filterBy=group&filterValue=x", "/people/email", "/people/exists", "/people/@search/gus?filterBy=group"] {
            let answer = house.get(path);
            assert_eq!((answer.status, answer.code().as_str()), (400, "bad_argument"), "{path}");
        }
    }

    fn a_profile_is_found_by_name_id_and_address(lab) {
        let house = house(lab);
        let by_id = format!("/people/{}", house.gus.id);
        for path in [by_id.as_str(), "/people/gus", "/people/GUS@x", "/people/email?email=GUS%40example.org"] {
            let answer = house.get(path);
            let found = path != "/people/GUS@x";
            assert_eq!(answer.status, if found { 200 } else { 404 }, "{path}");
            if found {
                assert_eq!(answer.response()["id"], json!(house.gus.id), "{path}");
                let denied = house.as_person(&house.carl, path);
                assert_eq!((denied.status, denied.message().as_str()), (403, "Access denied"), "{path}");
                assert_eq!(house.as_person(&house.gus, path).status, 200, "{path}");
            }
        }
        let missing = house.get(&format!("/people/{NOBODY}"));
        assert_eq!((missing.status, missing.message().as_str()), (404, "The user could not be found"));
        assert_eq!(house.get("/people/a%00b").status, 404);
        assert_eq!(house.get("/people/@search/a%00b").response(), json!([]));
        assert_eq!(house.get("/people/email?email=nobody@example.org").status, 404);
        assert_eq!(house.get("/people/exists?email=nobody@example.org").response(), json!({ "exists": false }));
        assert_eq!(house.site.send(Ask::get("/people/exists?email=nobody@example.org")).status, 401);
        assert_eq!(house.site.send(Ask::get(&by_id)).status, 401);
        let link = house.invited("new@example.org");
        let exists = house.site.send(Ask::get("/people/exists?email=gus@example.org").header("confirm", &link));
        assert_eq!(exists.response(), json!({ "exists": true, "status": 1 }));
    }

    fn a_record_is_refused_before_it_is_missed(lab) {
        let house = house(lab);
        for (person, id, status) in [
            (&house.ursula, NOBODY, 403), (&house.gus, NOBODY, 403), (&house.carl, NOBODY, 404),
            (&house.carl, house.gus.id.as_str(), 403), (&house.gus, house.gus.id.as_str(), 200),
            (&house.ursula, house.carl.id.as_str(), 403),
        ] {
            let answer = house.as_person(person, &format!("/portal/users/{id}"));
            assert_eq!(answer.status, status, "{} {id}", person.first_name);
        }
    }

    fn people_and_groups_beside_a_room(lab) {
        let house = house(lab);
        let key = house.site.key(&house.carl, &[]);
        let room = house.site.send(Ask::post("/files/rooms").bearer(&key).json(&json!({ "title": "Room", "roomType": 5 })));
        let id = room.response()["id"].as_i64().unwrap();
        house.site.send(Ask::post("/group").bearer(&house.owner).json(&json!({ "groupName": "Crew", "members": [house.ursula.id] })));
        for noun in ["room", "folder"] {
            let people = house.as_person(&house.carl, &format!("/people/{noun}/{id}"));
            assert_eq!((names(&people).as_str(), people.json()["total"].as_i64()), ("carl Olive ursula", Some(3)));
            assert_eq!(people.response()[0]["shared"], true);
            let groups = house.as_person(&house.carl, &format!("/group/{noun}/{id}"));
            assert_eq!((names(&groups).as_str(), groups.json()["total"].as_i64()), ("Crew Everyone", Some(2)));
            assert_eq!(groups.response()[1]["isSystem"], true);
            let search = format!("/accounts/{noun}/{id}/search");
            let found = house.as_person(&house.carl, &format!("{search}?filterValue=r"));
            assert_eq!((names(&found).as_str(), found.json()["total"].as_i64()), ("Crew Everyone carl Olive ursula", Some(5)));
            let nothing = house.as_person(&house.carl, &search);
            assert_eq!((nothing.response(), nothing.json()["total"].as_i64()), (json!([]), Some(0)));
            for (person, path, status) in [
                (&house.gus, format!("/people/{noun}/{id}"), 403), (&house.ursula, format!("/people/{noun}/{id}"), 403),
                (&house.ursula, search.clone(), 403), (&house.ursula, format!("/group/{noun}/{id}"), 403),
                (&house.carl, format!("/people/{noun}/999999"), 404), (&house.carl, format!("/group/{noun}/999999"), 404),
                (&house.carl, format!("/accounts/{noun}/999999/search?filterValue=x"), 404),
            ] {
                let answer = house.as_person(person, &path);
                assert_eq!(answer.status, status, "{path}");
                if status == 404 {
                    assert_eq!(answer.message(), "Item not found");
                }
            }
        }
    }

    fn theme_and_notices_are_ones_own(lab) {
        let house = house(lab);
        let never = json!({ "theme": "System", "lastModified": "0001-01-01T00:00:00" });
        assert_eq!(house.get("/people/theme").response(), never);
        let put = |body: Value| house.site.send(Ask::put("/people/theme").bearer(&house.owner).json(&body));
        assert_eq!(put(json!({ "theme": "dark" })).response()["theme"], "Dark");
        house.site.lab.advance(SECOND);
        assert_eq!(put(json!({ "theme": 0 })).response()["theme"], "Base");
        assert_eq!(put(json!({ "theme": 7 })).code(), "bad_argument");
        assert_eq!(put(json!({ "theme": "pink" })).fields(), ["$.theme"]);
        assert_eq!(house.get("/people/@self").response()["theme"], "Base");
        assert_eq!(house.as_person(&house.carl, "/people/theme").response(), never);

        let on = |answer: Answer| answer.response()["isEnabled"].clone();
        assert_eq!(house.get("/settings/notification/DailyFeed").response(), json!({ "type": 2, "isEnabled": true }));
        let post = |path: &str, body: Value| house.site.send(Ask::post(path).bearer(&house.owner).json(&body));
        assert_eq!(post("/settings/notification", json!({ "type": 2, "isEnabled": false })).response(), json!({ "type": 2, "isEnabled": false }));
        assert_eq!(on(house.get("/settings/notification/2")), json!(false));
        assert_eq!(on(house.get("/settings/notification/1")), json!(true));
        assert_eq!(on(house.as_person(&house.carl, "/settings/notification/2")), json!(true));
        assert_eq!(post("/settings/notification", json!({ "type": 9, "isEnabled": true })).status, 400);

        let room = post("/files/rooms", json!({ "title": "Room", "roomType": 5 })).response()["id"].as_i64().unwrap();
        assert_eq!(house.get("/settings/notification/rooms").response(), json!({ "disabledRooms": [] }));
        let muted = json!({ "disabledRooms": [room.to_string()] });
        assert_eq!(post("/settings/notification/rooms", json!({ "roomsId": room, "mute": true })).response(), muted);
        assert_eq!(post("/settings/notification/rooms", json!({ "roomsId": room.to_string(), "mute": true })).response(), muted);
        assert_eq!(house.get("/settings/notification/rooms").response(), muted);
        let mute = |answer: Answer| answer.response()["mute"].clone();
        let path = format!("/files/rooms/{room}");
        assert_eq!(mute(house.get(&path)), json!(true));
        assert_eq!(house.get("/files/rooms").response()["folders"][0]["mute"], json!(true));
        let shared = house.site.send(Ask::put(&format!("{path}/share")).bearer(&house.owner).json(&json!({
            "invitations": [{ "id": house.carl.id, "access": 2 }],
        })));
        assert_eq!(shared.status, 200, "{}", shared.text);
        assert_eq!(mute(house.as_person(&house.carl, &path)), json!(false), "it is one's own affair");
        assert_eq!(post("/settings/notification/rooms", json!({ "roomsId": 999_999, "mute": true })).status, 404);
        assert_eq!(post("/settings/notification/rooms", json!({ "mute": true })).status, 400);
        let heard = post("/settings/notification/rooms", json!({ "roomsId": room, "mute": false }));
        assert_eq!(heard.response(), json!({ "disabledRooms": [] }));
        assert_eq!(mute(house.get(&path)), json!(false));
    }
}
