//! Groups of people (people.md §8).
#![cfg(test)]

use domain::people::{Person, UserKind};
use serde_json::{Value, json};
use testkit::{Answer, Ask, Engine, Lab, Site};

const NOBODY: &str = "00000000-0000-4000-8000-000000000000";
const ZERO: &str = "00000000-0000-0000-0000-000000000000";
const USERS: &str = "88f11e7c-7407-4bea-b4cb-070010cdbb6b";

struct Office {
    site: Site,
    owner: String,
    carl: Person,
    ursula: Person,
    gus: Person,
}

fn office(lab: Lab) -> Office {
    let (site, owner) = Site::owned(lab);
    let carl = site.lab.person(UserKind::RoomAdmin, "carl");
    let ursula = site.lab.person(UserKind::User, "ursula");
    let gus = site.lab.person(UserKind::Guest, "gus");
    Office { site, owner, carl, ursula, gus }
}

impl Office {
    fn send(&self, ask: Ask) -> Answer {
        self.site.send(ask.bearer(&self.owner))
    }

    fn make(&self, body: &Value) -> Answer {
        self.send(Ask::post("/group").json(body))
    }

    /// A group of this name, with carl as its manager and ursula in it.
    fn group(&self, name: &str) -> String {
        let body = json!({ "groupName": name, "groupManager": self.carl.id, "members": [self.ursula.id] });
        text(&self.make(&body).response(), "id")
    }
}

fn text(value: &Value, member: &str) -> String {
    value[member].as_str().expect(member).to_owned()
}

#[test]
fn groups_look_as_we_know_them() {
    let office = office(Lab::new(Engine::Sqlite));
    let body = json!({ "groupName": "Crew", "groupManager": office.carl.id, "members": [office.ursula.id] });
    let made = office.make(&body);
    let id = text(&made.response(), "id");
    insta::assert_json_snapshot!("created", made.whole());
    insta::assert_json_snapshot!("list", office.send(Ask::get("/group")).whole());
    insta::assert_json_snapshot!(
        "in_short",
        office.send(Ask::get(&format!("/group/{id}?includeMembers=false"))).whole()
    );
    insta::assert_json_snapshot!(
        "of_person",
        office.send(Ask::get(&format!("/group/user/{}", office.ursula.id))).whole()
    );
    insta::assert_json_snapshot!("of_a_type", office.send(Ask::get(&format!("/group/{USERS}"))).whole());
    insta::assert_json_snapshot!(
        "profile_with_group",
        office.send(Ask::get(&format!("/people/{}", office.ursula.id))).whole()
    );
    let gone = office.send(Ask::delete(&format!("/group/{id}")));
    assert_eq!((gone.status, gone.text.as_str(), gone.header("content-type").as_str()), (204, "", ""));
    insta::assert_json_snapshot!("missing", office.send(Ask::get(&format!("/group/{id}"))).whole());
    insta::assert_json_snapshot!("empty_list", office.send(Ask::get("/group")).whole());
}

testkit::on_both_engines! {
    fn bodies_are_refused_before_rights_and_ids_after(lab) {
        let office = office(lab);
        let name = |name: &str| json!({ "groupName": name });
        let with = |member: &str, value: Value| json!({ "groupName": "Crew", member: value });
        for (body, field) in [
            (json!({}), "$"), (name(""), "GroupName"), (name(&"ä".repeat(129)), "GroupName"),
            (with("groupManager", Value::Null), "$.groupManager"), (with("groupManager", json!("")), "$.groupManager"),
            (with("groupManager", json!(5)), "$.groupManager"), (with("groupManager", json!("carl")), "$.groupManager"),
            (with("members", json!(vec![NOBODY; 1001])), "Members"), (with("members", json!("carl")), "$.members"), (with("members", json!(["carl"])), "$.members[0]"),
        ] {
            for key in [&office.owner, &office.site.key(&office.gus, &[])] {
                let answer = office.site.send(Ask::post("/group").bearer(key).json(&body));
                assert_eq!((answer.status, answer.fields()), (400, vec![field.to_owned()]), "{body}");
            }
        }
        for body in [json!({ "groupName": null }), name("  "), with("members", json!([NOBODY])), with("groupManager", json!(office.gus.id))] {
            let answer = office.make(&body);
            assert_eq!((answer.status, answer.code().as_str()), (400, "bad_argument"), "{body}");
            let denied = office.site.send(Ask::post("/group").bearer(&office.site.key(&office.carl, &[])).json(&body));
            assert_eq!(denied.status, 403, "{body}");
        }
        assert_eq!(office.make(&with("members", json!([office.gus.id]))).message(), "The user could not be found");
        let zero = office.make(&json!({ "groupName": "Nobody's", "groupManager": ZERO }));
        assert_eq!((zero.status, zero.response()["membersCount"].as_i64()), (200, Some(0)));
        assert_eq!(zero.response()["members"], json!([]));
        assert_eq!(office.send(Ask::get("/group")).json()["total"], 1, "refused ones are not there");
    }

    fn members_and_managers_change_in_the_contracts_order(lab) {
        let office = office(lab);
        let id = office.group("Crew");
        let other = office.group("Others");
        let at = |rest: &str| format!("/group/{id}{rest}");
        let names = |answer: &Answer| {
            let members = answer.response()["members"].as_array().cloned().unwrap_or_default();
            members.iter().map(|member| text(member, "firstName")).collect::<Vec<_>>().join(" ")
        };
        let only = |users: &[&Person]| json!({ "members": users.iter().map(|user| user.id).collect::<Vec<_>>() });

        let left = office.send(Ask::delete(&at("/members")).json(&only(&[&office.carl])));
        assert_eq!((names(&left).as_str(), left.response().get("manager")), ("ursula", None));
        let added = office.send(Ask::put(&at("/members")).json(&json!({ "members": [office.carl.id, office.gus.id, NOBODY] })));
        assert_eq!(names(&added), "carl ursula");
        for body in [json!({}), json!({ "members": [] }), json!({ "members": [office.gus.id, NOBODY] })] {
            let bad = office.site.send(Ask::post(&at("/members")).bearer(&office.site.key(&office.gus, &[])).json(&body));
            assert_eq!((bad.status, bad.code().as_str()), (400, "bad_argument"), "{body}");
        }
        let denied = office.site.send(Ask::post(&at("/members")).bearer(&office.site.key(&office.carl, &[])).json(&only(&[&office.carl])));
        assert_eq!((denied.status, denied.message().as_str()), (403, "Access denied"));
        assert_eq!(names(&office.send(Ask::post(&at("/members")).json(&only(&[&office.carl, &office.gus])))), "carl");
        assert_eq!(names(&office.send(Ask::put(&format!("/group/{other}/members/{id}")))), "carl ursula");

        let manager = |path: &str, user: &str| office.send(Ask::put(path).json(&json!({ "userId": user })));
        assert_eq!(manager(&at("/manager"), office.gus.id.as_str()).response().get("manager"), None, "ignored");
        assert_eq!(manager(&at("/manager"), office.ursula.id.as_str()).response()["manager"]["userName"], "ursula");
        let unknown = manager(&at("/manager"), NOBODY);
        assert_eq!((unknown.status, unknown.message().as_str()), (404, "The user could not be found"));
        for group in [NOBODY, USERS] {
            let missing = manager(&format!("/group/{group}/manager"), office.ursula.id.as_str());
            assert_eq!((missing.status, missing.message().as_str()), (404, "The group could not be found"), "{group}");
            let renamed = office.send(Ask::put(&format!("/group/{group}")).json(&json!({ "groupName": "x" })));
            assert_eq!(renamed.status, 404);
            assert_eq!(office.send(Ask::delete(&format!("/group/{group}"))).status, 404);
        }
        let long = office.send(Ask::put(&at("")).json(&json!({ "groupName": "x".repeat(129) })));
        assert_eq!((long.status, long.fields()), (400, vec!["Update.GroupName".to_owned()]));
        let renamed = office.send(Ask::put(&at("")).json(&json!({ "groupName": "New", "groupManager": office.carl.id })));
        assert_eq!((text(&renamed.response(), "name").as_str(), renamed.response()["manager"]["userName"].as_str()), ("New", Some("carl")));
    }

    fn a_group_is_deleted_once_under_one_key(lab) {
        let office = office(lab);
        let id = office.group("Crew");
        let ask = || Ask::delete(&format!("/group/{id}")).header("idempotency-key", "once");
        assert_eq!(office.send(ask()).status, 204);
        assert_eq!(office.send(ask()).status, 204, "the first answer again");
        assert_eq!(office.send(Ask::delete(&format!("/group/{id}"))).status, 404);
    }

    fn users_and_guests_read_no_groups(lab) {
        let office = office(lab);
        let id = office.group("Crew");
        for (person, status) in [(&office.carl, 200), (&office.ursula, 403), (&office.gus, 403)] {
            let key = office.site.key(person, &[]);
            for path in ["/group".to_owned(), format!("/group/{id}"), format!("/group/user/{}", office.carl.id)] {
                assert_eq!(office.site.send(Ask::get(&path).bearer(&key)).status, status, "{path}");
            }
        }
        assert_eq!(office.send(Ask::get("/group/crew")).status, 404);
        let nobody = office.send(Ask::get(&format!("/group/user/{NOBODY}")));
        assert_eq!((nobody.response(), nobody.json()["count"].as_i64()), (json!([]), Some(0)));
    }
}
