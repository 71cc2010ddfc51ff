//! Making, changing and removing accounts over HTTP (people.md §5–7).
#![cfg(test)]

use domain::people::{self, Person, UserKind};
use serde_json::{Value, json};
use testkit::{Answer, Ask, Engine, Lab, Site};

/// The letters that wait, oldest first: to whom, and the path behind the short link in each.
fn letters(site: &Site) -> Vec<(String, String)> {
    let short = |address: &str| address.find("/s/").map(|at| address[at..].to_owned()).unwrap_or_default();
    let sent = site.lab.letters().into_iter();
    sent.map(|letter| (letter.to, letter.link.map(|(_, address)| short(&address)).unwrap_or_default()))
        .collect()
}

/// The query of the long link behind the newest letter to this address, as it stands in the header `confirm`.
fn link_to(site: &Site, email: &str) -> String {
    let letters = letters(site);
    let (_, short) = letters.iter().rfind(|(to, short)| to == email && !short.is_empty()).expect("a letter");
    long(site, short)
}

fn long(site: &Site, short: &str) -> String {
    let opened = site.send(Ask::get(&format!("/{short}")));
    assert_eq!(opened.status, 302, "{}", opened.text);
    let path = opened.header("location");
    path.split_once('?').expect("a query").1.to_owned()
}

fn member(site: &Site, key: &str, body: &Value) -> Answer {
    site.send(Ask::post("/people").bearer(key).json(body))
}

fn ada() -> Value {
    json!({ "email": "Ada@Example.org", "firstName": "Ada", "lastName": "Byron", "password": "secret12", "type": "User",
        "location": "London", "comment": "counts", "contacts": [{ "type": "phone", "value": "1" }, { "type": "x", "value": "" }],
        "cultureName": "en-GB", "spam": true })
}

fn id(answer: &Answer) -> String {
    answer.response()["id"].as_str().unwrap_or_default().to_owned()
}

fn sign_in(site: &Site, email: &str, password: &str) -> Answer {
    site.send(Ask::post("/authentication").json(&json!({ "userName": email, "password": password })))
}

#[test]
fn an_account_is_made_and_can_sign_in_at_once() {
    let (site, key) = Site::owned(Lab::new(Engine::Sqlite));
    let made = member(&site, &key, &ada());
    insta::assert_json_snapshot!("made", made.whole());
    assert_eq!(sign_in(&site, "ada@example.org", "secret12").status, 200);
    let taken = member(&site, &key, &ada());
    assert_eq!((taken.status, taken.message().as_str()), (400, "User with this email is already registered"));
    assert_eq!(letters(&site).len(), 1);

    let confirm = link_to(&site, "Ada@Example.org");
    let own = site.send(
        Ask::put("/people/activationstatus/Activated")
            .header("confirm", &confirm)
            .json(&json!({ "userIds": [id(&made)] })),
    );
    assert_eq!(own.response()[0]["activationStatus"], 1, "{}", own.text);
    let spent = site.send(
        Ask::put("/people/activationstatus/Activated")
            .header("confirm", &confirm)
            .json(&json!({ "userIds": [id(&made)] })),
    );
    assert_eq!((spent.status, spent.code().as_str()), (401, "link_invalid"));
}

#[test]
fn accounts_that_make_no_sense_are_refused() {
    let (site, owner) = Site::owned(Lab::new(Engine::Sqlite));
    let of = |kind, name: &str| site.key(&site.lab.person(kind, name), &[]);
    let (admin, room_admin) = (of(UserKind::DocSpaceAdmin, "admin"), of(UserKind::RoomAdmin, "room"));
    let (user, guest) = (of(UserKind::User, "user"), of(UserKind::Guest, "guest"));
    for (key, member_name, value, status, sentence) in [
        (&owner, "email", json!(null), 400, "Value cannot be null. (Parameter 'email')"),
        (&owner, "firstName", json!(null), 400, "Value cannot be null. (Parameter 'firstName')"),
        (&owner, "firstName", json!("Ada1"), 400, "Incorrect firstname or lastname"),
        (&owner, "lastName", json!("<b>"), 400, "Incorrect firstname or lastname"),
        (
            &owner,
            "password",
            json!("short"),
            400,
            "Password must contain from 8 to 30 characters, only latin letters, no spaces",
        ),
        (&owner, "type", json!("Guest"), 403, "Access denied"),
        (&admin, "type", json!("DocSpaceAdmin"), 403, "Access denied"),
        (&room_admin, "type", json!("RoomAdmin"), 403, "Access denied"),
        (&room_admin, "type", json!(0), 403, "Access denied"),
        (&user, "type", json!("User"), 403, "Access denied"),
        (&guest, "type", json!("User"), 403, "Access denied"),
    ] {
        let mut body = ada();
        body[member_name] = value.clone();
        let answer = member(&site, key, &body);
        assert_eq!((answer.status, answer.message().as_str()), (status, sentence), "{member_name} {value}");
    }
    for (field, value, told) in [
        ("email", json!("no address"), "Email"),
        ("firstName", json!("x".repeat(256)), "FirstName"),
        ("type", json!("Boss"), "$.type"),
        ("department", json!(["x"]), "$.department[0]"),
    ] {
        let mut body = ada();
        body[field] = value;
        assert_eq!(member(&site, &owner, &body).fields(), [told.to_owned()], "{field}");
    }
    assert_eq!(site.send(Ask::post("/people").json(&ada())).status, 401);
    for (key, kind, status) in
        [(&owner, "DocSpaceAdmin", 200), (&room_admin, "User", 200), (&admin, "DocSpaceAdmin", 403)]
    {
        let body = json!({ "email": format!("{kind}{status}@example.org"), "firstName": "N", "type": kind });
        assert_eq!(member(&site, key, &body).status, status, "{kind}");
    }
    for (key, kind, status) in
        [(&admin, "DocSpaceAdmin", 200), (&room_admin, "Guest", 200), (&room_admin, "RoomAdmin", 403)]
    {
        let body = json!({ "email": format!("i{kind}{status}@example.org"), "firstName": "N", "type": kind });
        let answer = site.send(Ask::post("/people/active").bearer(key).json(&body));
        assert_eq!(answer.status, status, "{}", answer.text);
    }
}

#[test]
fn whoever_is_invited_by_mail_joins() {
    let (site, key) = Site::owned(Lab::new(Engine::Sqlite));
    let body =
        json!({ "invitations": [{ "email": "Bob@example.org", "type": "RoomAdmin" }], "culture": "de" });
    let invited = site.send(Ask::post("/people/invite").bearer(&key).json(&body));
    insta::assert_json_snapshot!("invited", invited.whole());
    let confirm = link_to(&site, "Bob@example.org");
    let join = |email: &str| {
        let body = json!({ "fromInviteLink": true, "email": email, "firstName": "Bob", "lastName": "B",
            "password": "secret34", "type": "RoomAdmin" });
        site.send(Ask::post("/people").header("confirm", &confirm).json(&body))
    };
    assert_eq!(join("eve@example.org").status, 403, "the address is the invitation's");
    let joined = join("bob@example.org");
    assert_eq!((joined.status, &joined.response()["status"]), (200, &json!(1)), "{}", joined.text);
    assert_eq!(
        (&joined.response()["activationStatus"], &joined.response()["isRoomAdmin"]),
        (&json!(1), &json!(true))
    );
    assert_eq!(join("bob@example.org").status, 403, "once");
    assert_eq!(sign_in(&site, "bob@example.org", "secret34").status, 200);
}

#[test]
fn what_was_invited_before_a_refusal_stays() {
    let (site, key) = Site::owned(Lab::new(Engine::Sqlite));
    let body = json!({ "invitations": [{ "email": "a@example.org", "type": 4 }, { "email": "b@example", "type": 4 },
        { "email": "c@example.org", "type": 4 }] });
    let refused = site.send(Ask::post("/people/invite").bearer(&key).json(&body));
    assert_eq!((refused.status, refused.message().as_str()), (400, "Incorrect email"));
    let who = |email: &'static str| {
        let portal = site.lab.portal();
        site.lab.read(move |conn| people::find_by_email(conn, &portal, email)).expect("a unit").is_some()
    };
    assert_eq!((who("a@example.org"), who("c@example.org")), (true, false));
    for (body, field) in
        [(json!({}), "Invitations"), (json!({ "invitations": [{ "email": "x" }] }), "Invitations[0].Email")]
    {
        assert_eq!(
            site.send(Ask::post("/people/invite").bearer(&key).json(&body)).fields(),
            [field.to_owned()]
        );
    }
    let guest = json!({ "invitations": [{ "email": "g@example.org", "type": "Guest" }] });
    assert_eq!(site.send(Ask::post("/people/invite").bearer(&key).json(&guest)).status, 403);
    let again = site.send(Ask::put("/people/invite").bearer(&key).json(&json!({ "resendAll": true })));
    assert_eq!((again.status, letters(&site).len()), (200, 2), "{}", again.text);
}

#[test]
fn a_common_link_makes_accounts_until_it_is_used_up() {
    let (site, key) = Site::owned(Lab::new(Engine::Sqlite));
    let post = |body: &Value| site.send(Ask::post("/portal/users/invitationlink").bearer(&key).json(body));
    let made =
        post(&json!({ "employeeType": "RoomAdmin", "maxUseCount": 1, "expiration": "2026-04-01T00:00:00Z" }));
    insta::assert_json_snapshot!("link", made.whole());
    for (body, sentence) in [
        (json!({ "employeeType": 1 }), "link with the same EmployeeType already exists"),
        (json!({ "employeeType": "Guest" }), "EmployeeType"),
        (json!({ "employeeType": 4, "expiration": "2020-01-01" }), "Expiration"),
        (json!({ "employeeType": 4, "expiration": "never" }), "Expiration"),
    ] {
        let answer = post(&body);
        assert_eq!((answer.status, answer.message().as_str()), (400, sentence), "{body}");
    }
    assert_eq!(post(&json!({ "employeeType": 4, "maxUseCount": 1001 })).fields(), ["MaxUseCount".to_owned()]);
    let url = made.response()["url"].as_str().unwrap_or_default().to_owned();
    let confirm = long(&site, &url[url.find("/s/").expect("a short link")..]);
    let register = |email: &str| {
        let body = json!({ "fromInviteLink": true, "email": email, "firstName": "Eve", "passwordHash": "00", "type": 1 });
        site.send(Ask::post("/people").header("confirm", &confirm).json(&body))
    };
    let eve = register("eve@example.org");
    assert_eq!(
        (eve.status, &eve.response()["isRoomAdmin"], &eve.response()["activationStatus"]),
        (200, &json!(true), &json!(0))
    );
    let late = register("mallory@example.org");
    assert_eq!((late.status, late.code().as_str()), (401, "link_invalid"), "used up");
    let shown = site.send(Ask::get("/portal/users/invitationlink/1").bearer(&key)).response();
    assert_eq!((&shown["currentUseCount"], &shown["url"]), (&json!(1), &json!(url)));
    let link = shown["id"].clone();
    let put = |body: &Value| site.send(Ask::put("/portal/users/invitationlink").bearer(&key).json(body));
    assert_eq!(put(&json!({ "id": link, "maxUseCount": 5 })).response()["maxUseCount"], 5);
    assert_eq!(register("mallory@example.org").status, 200);
    assert_eq!(put(&json!({ "id": link, "maxUseCount": 1 })).message(), "MaxUseCount");
    let gone =
        site.send(Ask::delete("/portal/users/invitationlink").bearer(&key).json(&json!({ "id": link })));
    assert_eq!(gone.status, 200);
    assert_eq!(register("late@example.org").status, 401);
    assert_eq!(site.send(Ask::get("/portal/users/invitationlink/1").bearer(&key)).response(), Value::Null);
    let passing = site.send(Ask::get("/portal/users/invite/User").bearer(&key)).response();
    let passing = passing.as_str().unwrap_or_default().to_owned();
    let confirm = long(&site, &passing[passing.find("/s/").expect("a short link")..]);
    let body = json!({ "fromInviteLink": true, "email": "pass@example.org", "firstName": "P", "passwordHash": "00" });
    let passed = site.send(Ask::post("/people").header("confirm", &confirm).json(&body));
    assert_eq!(passed.response()["isCollaborator"], true, "{}", passed.text);
}

#[test]
fn a_forgotten_password_is_set_by_the_link() {
    let (site, key) = Site::owned(Lab::new(Engine::Sqlite));
    let ada = member(&site, &key, &ada());
    let token = sign_in(&site, "ada@example.org", "secret12").response()["token"]
        .as_str()
        .unwrap_or_default()
        .to_owned();
    let sentence =
        |email: &str| site.send(Ask::post("/people/password").json(&json!({ "email": email }))).response();
    for email in ["ada@example.org", "nobody@example.org"] {
        let wanted = format!(
            "If a user with the {email} email exists, the password change instruction has been sent to this email address."
        );
        assert_eq!(sentence(email), wanted);
    }
    assert_eq!(site.send(Ask::post("/people/password").json(&json!({}))).fields(), ["Email".to_owned()]);
    let confirm = link_to(&site, "Ada@Example.org");
    let path = format!("/people/{}/password", id(&ada));
    let put = |body: Value| site.send(Ask::put(&path).header("confirm", &confirm).json(&body));
    assert_eq!(put(json!({})).message(), "The password is empty.");
    assert_eq!(put(json!({ "password": "secret12" })).message(), "A new password must be used");
    let set = put(json!({ "password": "secret99" }));
    assert_eq!((set.status, &set.response()["activationStatus"]), (200, &json!(1)), "{}", set.text);
    assert_eq!(put(json!({ "password": "secret77" })).status, 401, "the link has served");
    assert_eq!(site.send(Ask::get("/people/@self").bearer(&token)).status, 401, "sessions are over");
    assert_eq!(sign_in(&site, "ada@example.org", "secret99").status, 200);
}

#[test]
fn an_address_changes_at_once_or_by_the_link() {
    let (site, key) = Site::owned(Lab::new(Engine::Sqlite));
    let ada = member(&site, &key, &ada());
    let token = sign_in(&site, "ada@example.org", "secret12").response()["token"]
        .as_str()
        .unwrap_or_default()
        .to_owned();
    let ask = |who: &str, email: &str| {
        site.send(Ask::post("/people/email").bearer(who).json(&json!({ "userId": id(&ada), "email": email })))
    };
    for (email, sentence) in [
        ("", "Email field is empty"),
        ("a@b", "Incorrect email"),
        ("ada@example.org", "User with this email is already registered"),
    ] {
        assert_eq!(ask(&token, email).message(), sentence);
    }
    assert_eq!(ask(&token, "New@example.org").status, 200);
    let confirm = link_to(&site, "New@example.org");
    let put = |body: Value| {
        site.send(Ask::put(&format!("/people/{}/email", id(&ada))).header("confirm", &confirm).json(&body))
    };
    assert_eq!(put(json!({ "email": "evil@example.org" })).status, 403);
    let changed = put(json!({ "email": "New@example.org" }));
    assert_eq!(
        (changed.status, &changed.response()["email"]),
        (200, &json!("new@example.org")),
        "{}",
        changed.text
    );
    assert_eq!(put(json!({})).status, 401, "once");
    assert_eq!(ask(&key, "third@example.org").status, 200);
    assert_eq!(site.send(Ask::get("/people/@self").bearer(&token)).status, 401);
}

#[test]
fn a_profile_is_its_holders_and_switching_off_the_administrators() {
    let (site, key) = Site::owned(Lab::new(Engine::Sqlite));
    let ada = member(&site, &key, &ada());
    let token = sign_in(&site, "ada@example.org", "secret12").response()["token"]
        .as_str()
        .unwrap_or_default()
        .to_owned();
    let path = format!("/people/{}", id(&ada));
    let put = |who: &str, body: Value| site.send(Ask::put(&path).bearer(who).json(&body));
    let own = put(
        &token,
        json!({ "firstName": "Augusta", "location": null, "comment": "", "contacts": [], "disable": true }),
    );
    insta::assert_json_snapshot!("own_profile", own.whole());
    assert_eq!(put(&token, json!({ "firstName": "4" })).message(), "Incorrect firstname or lastname");
    assert_eq!(site.send(Ask::put("/people/nobody").bearer(&token).json(&json!({}))).status, 404);
    assert_eq!(site.send(Ask::put("/people/owner").bearer(&token).json(&json!({}))).status, 403);
    let culture = |body: Value| site.send(Ask::put(&format!("{path}/culture")).bearer(&token).json(&body));
    assert_eq!(culture(json!({ "cultureName": "DE" })).response()["cultureName"], "de");
    assert_eq!(
        culture(json!({ "cultureName": "xx" })).message(),
        "The specified culture is not in the list of available ones"
    );
    let off = put(&key, json!({ "disable": true, "firstName": "Ignored" })).response();
    assert_eq!(
        (&off["status"], &off["firstName"], off["terminated"].is_string()),
        (&json!(2), &json!("Augusta"), true)
    );
    assert_eq!(site.send(Ask::get("/people/@self").bearer(&token)).status, 401);
    let status = |name: &str, ids: Value| {
        site.send(Ask::put(&format!("/people/status/{name}")).bearer(&key).json(&json!({ "userIds": ids })))
    };
    assert_eq!(status("Pending", json!([])).message(), "Incorrect status");
    assert_eq!(status("Active", json!([id(&ada)])).response()[0]["status"], 1);
    assert_eq!(status("2", json!([id(&ada), domain::ids::NIL_GUID])).status, 403, "nobody is switched off");
    assert_eq!(status("Terminated", json!([id(&ada)])).response()[0]["status"], 2);
}

#[test]
fn types_change_upwards_at_once_and_downwards_in_a_task() {
    let (site, key) = Site::owned(Lab::new(Engine::Sqlite));
    let person = |kind, name: &str| site.lab.person(kind, name);
    let (user, admin) = (person(UserKind::User, "user"), person(UserKind::RoomAdmin, "room"));
    let up = |kind: &str, who: &Person| {
        site.send(
            Ask::put(&format!("/people/type/{kind}")).bearer(&key).json(&json!({ "userIds": [who.id] })),
        )
    };
    assert_eq!(up("RoomAdmin", &user).response()[0]["isRoomAdmin"], true);
    assert_eq!(up("RoomAdmin", &user).status, 403, "no change is none");
    assert_eq!(up("User", &user).status, 403, "that is the task's");
    let room_key = site.key(&admin, &[]);
    let room =
        site.send(Ask::post("/files/rooms").bearer(&room_key).json(&json!({ "title": "R", "roomType": 5 })));
    let room = room.response()["id"].clone();
    let down = |body: Value| site.send(Ask::post("/people/type").bearer(&key).json(&body));
    for (body, sentence) in [
        (json!({ "type": "RoomAdmin", "userId": admin.id }), "Can not update to RoomAdmin"),
        (json!({ "type": "User" }), "Can not update type"),
        (json!({ "type": "User", "userId": admin.id, "reassignUserId": admin.id }), "Can not update type"),
    ] {
        assert_eq!((down(body.clone()).status, down(body).message().as_str()), (400, sentence));
    }
    let needed = format!("/people/reassign/necessary?userId={}&type=User", admin.id);
    assert_eq!(site.send(Ask::get(&needed).bearer(&key)).response(), true);
    let started = down(json!({ "type": "User", "userId": admin.id }));
    insta::assert_json_snapshot!("task", started.whole());
    let progress =
        || site.send(Ask::get(&format!("/people/type/progress/{}", admin.id)).bearer(&key)).response();
    assert_eq!(progress()["status"], 1);
    site.lab.drain_jobs().expect("the jobs");
    assert_eq!(
        (&progress()["status"], &progress()["percentage"], &progress()["isCompleted"]),
        (&json!(2), &json!(100), &json!(true))
    );
    let room = site.send(Ask::get(&format!("/files/rooms/{room}")).bearer(&key)).response();
    assert_eq!(room["createdBy"]["displayName"], "Olive Owner");
    let portal = site.lab.portal();
    let (owner, who) = (portal.clone(), admin.id);
    let now =
        site.lab.read(move |conn| people::find(conn, &owner, who)).expect("a unit").expect("the account");
    assert_eq!(now.kind, UserKind::User);
    site.lab.advance(61_000_000);
    assert_eq!(progress(), Value::Null);
}

#[test]
fn a_room_admins_demotion_of_a_member_fails_in_the_task() {
    let (site, key) = Site::owned(Lab::new(Engine::Sqlite));
    let (user, admin) =
        (site.lab.person(UserKind::User, "user"), site.lab.person(UserKind::RoomAdmin, "room"));
    let body = json!({ "type": "Guest", "userId": user.id });
    let started = site.send(Ask::post("/people/type").bearer(&site.key(&admin, &[])).json(&body));
    assert_eq!((started.status, &started.response()["status"]), (200, &json!(1)), "{}", started.text);
    site.lab.drain_jobs().expect("the jobs");
    let progress = site.send(Ask::get(&format!("/people/type/progress/{}", user.id)).bearer(&key)).response();
    assert_eq!((&progress["status"], &progress["isCompleted"]), (&json!(4), &json!(true)));
    assert_eq!(progress["error"], "You don't have enough permission to perform the operation");
}

#[test]
fn a_deleted_account_frees_its_address_and_leaves_its_rooms_to_the_caller() {
    let (site, key) = Site::owned(Lab::new(Engine::Sqlite));
    let admin = site.lab.person(UserKind::RoomAdmin, "room");
    let room = json!({ "title": "R", "roomType": 5 });
    let room =
        site.send(Ask::post("/files/rooms").bearer(&site.key(&admin, &[])).json(&room)).response()["id"]
            .clone();
    let path = format!("/people/{}", admin.id);
    let refused = site.send(Ask::delete(&path).bearer(&key));
    assert_eq!((refused.status, refused.message().as_str()), (403, "The user is not suspended"));
    let ids = json!({ "userIds": [admin.id] });
    let refused = site.send(Ask::put("/people/delete").bearer(&key).json(&ids));
    assert_eq!((refused.status, refused.message().as_str()), (403, "Users are not suspended"));
    assert_eq!(site.send(Ask::put("/people/status/Terminated").bearer(&key).json(&ids)).status, 200);
    let deleted = site.send(Ask::delete(&path).bearer(&key)).response();
    assert_eq!(
        (&deleted["id"], &deleted["status"], &deleted["isRoomAdmin"]),
        (&json!(admin.id), &json!(2), &json!(true))
    );
    assert_eq!(site.send(Ask::delete(&path).bearer(&key)).status, 404);
    assert_eq!(site.send(Ask::put("/people/delete").bearer(&key).json(&ids)).response(), json!([]));
    site.lab.drain_jobs().expect("the jobs");
    let progress =
        site.send(Ask::get(&format!("/people/remove/progress/{}", admin.id)).bearer(&key)).response();
    assert_eq!(progress["status"], 2);
    let room = site.send(Ask::get(&format!("/files/rooms/{room}")).bearer(&key)).response();
    assert_eq!(room["createdBy"]["displayName"], "Olive Owner");
    let again = json!({ "email": "room@example.org", "firstName": "R", "type": "User" });
    assert_eq!(member(&site, &key, &again).response()["userName"], "room");
}

#[test]
fn what_an_account_owns_is_given_to_another() {
    let (site, key) = Site::owned(Lab::new(Engine::Sqlite));
    let (from, to) =
        (site.lab.person(UserKind::RoomAdmin, "from"), site.lab.person(UserKind::RoomAdmin, "to"));
    let start = |from: Value, to: Value| {
        let body = json!({ "fromUserId": from, "toUserId": to, "deleteProfile": true });
        site.send(Ask::post("/people/reassign/start").bearer(&key).json(&body))
    };
    let nobody = json!(domain::ids::NIL_GUID);
    for (one, other, sentence) in [
        (
            json!(from.id),
            nobody.clone(),
            format!("Can not reassign data to user with id = {}", domain::ids::NIL_GUID),
        ),
        (json!(from.id), json!(to.id), format!("Can not reassign data from user with id = {}", from.id)),
    ] {
        let answer = start(one, other);
        assert_eq!((answer.status, answer.message()), (400, sentence));
    }
    let ids = json!({ "userIds": [from.id] });
    assert_eq!(site.send(Ask::put("/people/status/2").bearer(&key).json(&ids)).status, 200);
    assert_eq!(start(json!(from.id), json!(to.id)).response()["status"], 1);
    let busy = site.send(Ask::delete(&format!("/people/{}", from.id)).bearer(&key));
    assert_eq!((busy.status, busy.code().as_str()), (409, "reassign_under_way"));
    let stop = |path: &str| site.send(Ask::put(path).bearer(&key).json(&json!({ "userId": from.id })));
    let stopped = stop("/people/reassign/terminate").response();
    assert_eq!((&stopped["status"], &stopped["isCompleted"]), (&json!(3), &json!(true)));
    assert_eq!(stop("/people/reassign/terminate").response(), Value::Null);
    assert_eq!(start(json!(from.id), json!(to.id)).status, 200);
    site.lab.drain_jobs().expect("the jobs");
    assert_eq!(site.send(Ask::delete(&format!("/people/{}", from.id)).bearer(&key)).status, 404);
}

#[test]
fn guests_are_forgotten_shared_and_met() {
    let (site, owner) = Site::owned(Lab::new(Engine::Sqlite));
    let one = site.key(&site.lab.person(UserKind::RoomAdmin, "one"), &[]);
    let other = site.key(&site.lab.person(UserKind::RoomAdmin, "other"), &[]);
    let body = json!({ "email": "g@example.org", "firstName": "G", "type": "Guest" });
    let guest = id(&site.send(Ask::post("/people/active").bearer(&one).json(&body)));
    let ids = json!({ "userIds": [guest] });
    let forget = |who: &str| site.send(Ask::delete("/people/guests").bearer(who).json(&ids)).status;
    assert_eq!(forget(&other), 403);
    assert_eq!(site.send(Ask::get(&format!("/people/guests/{guest}/share")).bearer(&other)).status, 403);
    let link = site.send(Ask::get(&format!("/people/guests/{guest}/share")).bearer(&one)).response();
    let link = link.as_str().unwrap_or_default().to_owned();
    let confirm = long(&site, &link[link.find("/s/").expect("a short link")..]);
    let meet = |who: Option<&str>| {
        let ask = Ask::post("/people/guests/share/approve").header("confirm", &confirm);
        site.send(who.into_iter().fold(ask, Ask::bearer).json(&json!({ "email": "x@example.org" })))
    };
    assert_eq!(meet(None).status, 403, "the guest's own link lets nobody in");
    assert_eq!(meet(Some(&other)).response()["id"], guest);
    assert_eq!((forget(&other), forget(&other), forget(&one)), (200, 403, 200));
    assert_eq!(
        site.send(Ask::get(&format!("/people/guests/{}/share", domain::ids::NIL_GUID)).bearer(&owner)).status,
        404
    );
}

#[test]
fn limits_on_storage_are_numbers() {
    let (site, key) = Site::owned(Lab::new(Engine::Sqlite));
    let user = site.lab.person(UserKind::User, "user");
    let put = |quota: Value| {
        site.send(
            Ask::put("/people/userquota").bearer(&key).json(&json!({ "userIds": [user.id], "quota": quota })),
        )
    };
    assert_eq!((put(json!("5")).status, put(json!(1.5)).status), (403, 400));
    let settings = json!({ "enableQuota": true, "defaultQuota": 1000 });
    let set = site.send(Ask::post("/settings/userquotasettings").bearer(&key).json(&settings));
    insta::assert_json_snapshot!("quota_settings", set.whole());
    let limited = put(json!(500)).response();
    assert_eq!((&limited[0]["quotaLimit"], &limited[0]["isCustomQuota"]), (&json!(500), &json!(true)));
    let reset = site
        .send(Ask::put("/people/resetquota").bearer(&key).json(&json!({ "userIds": [user.id] })))
        .response();
    assert_eq!((&reset[0]["quotaLimit"], &reset[0]["isCustomQuota"]), (&json!(1000), &json!(false)));
    assert_eq!(site.send(Ask::get("/people/recalculatequota").bearer(&key)).status, 200);
    assert_eq!(
        site.send(Ask::get("/people/checkrecalculatequota").bearer(&key)).response(),
        json!({ "isCompleted": true })
    );
    let dated = site.send(Ask::get("/settings/userquotasettings").bearer(&key)).response();
    assert!(dated["lastRecalculateDate"].is_string());
}

#[test]
fn one_leaves_by_the_link_and_the_owner_stays() {
    let (site, key) = Site::owned(Lab::new(Engine::Sqlite));
    member(&site, &key, &ada());
    let token = sign_in(&site, "ada@example.org", "secret12").response()["token"]
        .as_str()
        .unwrap_or_default()
        .to_owned();
    assert_eq!(site.send(Ask::put("/people/self/delete").bearer(&key)).status, 403);
    let asked = site.send(Ask::put("/people/self/delete").bearer(&token)).response();
    assert_eq!(
        asked,
        "Instructions to disable your profile has been sent to <b>Ada@Example.org</b> email address"
    );
    let confirm = link_to(&site, "Ada@Example.org");
    assert_eq!(site.send(Ask::delete("/people/@self").bearer(&token)).status, 403, "not without the link");
    let left = site.send(Ask::delete("/people/@self").header("confirm", &confirm));
    assert_eq!(left.response()["status"], 2, "{}", left.text);
    assert_eq!(sign_in(&site, "ada@example.org", "secret12").status, 403);
}

#[test]
fn a_repeated_request_makes_one_account() {
    let (site, key) = Site::owned(Lab::new(Engine::Sqlite));
    let ask = || Ask::post("/people").bearer(&key).header("idempotency-key", "one").json(&ada());
    let (first, again) = (site.send(ask()), site.send(ask()));
    assert_eq!((first.status, again.status), (200, 200), "{}", again.text);
    assert_eq!(first.response(), again.response());
    let wave = json!({ "invitations": [{ "email": "b@example.org", "type": 4 }] });
    let ask = || Ask::post("/people/invite").bearer(&key).header("idempotency-key", "two").json(&wave);
    assert_eq!(site.send(ask()).response(), site.send(ask()).response());
    assert_eq!(letters(&site).iter().filter(|(to, _)| to == "b@example.org").count(), 1);
}

#[test]
fn a_picture_is_fetched_from_where_it_may_be() {
    let (site, key) = Site::owned(Lab::new(Engine::Sqlite));
    for (files, status) in [
        (json!("/static/images/default_user_photo_size_82-82.png?hash=1"), 200),
        (json!("http://127.0.0.1/picture.png"), 403),
        (json!("no address"), 400),
    ] {
        let mut body = ada();
        body["email"] = json!(format!("p{status}@example.org"));
        body["files"] = files.clone();
        let answer = member(&site, &key, &body);
        assert_eq!(answer.status, status, "{files}: {}", answer.text);
        let own = site.send(Ask::put("/people/owner").bearer(&key).json(&json!({ "files": files })));
        assert_eq!(own.status, status, "{files}: {}", own.text);
    }
}

#[test]
fn a_link_is_as_good_as_whoever_gave_it() {
    let (site, key) = Site::owned(Lab::new(Engine::Sqlite));
    let giver = site.lab.person(UserKind::RoomAdmin, "giver");
    let url = site.send(Ask::get("/portal/users/invite/User").bearer(&site.key(&giver, &[]))).response();
    let url = url.as_str().unwrap_or_default().to_owned();
    let confirm = long(&site, &url[url.find("/s/").expect("a short link")..]);
    let register = |email: &str, confirm: &str| {
        let body = json!({ "fromInviteLink": true, "email": email, "firstName": "E", "passwordHash": "00" });
        site.send(Ask::post("/people").header("confirm", confirm).json(&body)).status
    };
    assert_eq!(register("one@example.org", &confirm), 200);
    let mightier = confirm.replace("emplType=4", "emplType=3");
    assert_eq!(register("two@example.org", &mightier), 401, "the type is part of the key");
    let body = json!({ "fromInviteLink": true, "key": "1.2.3", "email": "x@example.org", "firstName": "E" });
    assert_eq!(site.send(Ask::post("/people").bearer(&key).json(&body)).status, 403, "a key of nobody's");
    assert_eq!(
        site.send(Ask::get("/portal/users/invite/RoomAdmin").bearer(&site.key(&giver, &[]))).response(),
        ""
    );
    let off = json!({ "userIds": [giver.id] });
    assert_eq!(site.send(Ask::put("/people/status/Terminated").bearer(&key).json(&off)).status, 200);
    assert_eq!(register("two@example.org", &confirm), 401);
    let closed = json!({ "allowInvitingMembers": false, "allowInvitingGuests": true });
    assert_eq!(site.send(Ask::put("/settings/invitationsettings").bearer(&key).json(&closed)).status, 200);
    assert_eq!(member(&site, &key, &ada()).status, 403);
    assert_eq!(site.send(Ask::get("/portal/users/invite/User").bearer(&key)).status, 403);
    assert_eq!(site.send(Ask::get("/portal/users/invitationlink/User").bearer(&key)).status, 403);
}
