//! Modules and who administers them; what the portal says of itself in short (foundation.md §4.4, §4.8).
#![cfg(test)]

use domain::ids::NIL_GUID;
use domain::people::seats::Seats;
use domain::people::{Person, UserKind};
use domain::{Call, setting};
use serde_json::{Value, json};
use testkit::{Answer, Ask, Engine, Lab, Site};

const ROOMS: &str = "e67be73d-f9ae-4ce1-8fec-1880cb518cb4";
const ADMINISTRATOR: &str = "/settings/security/administrator";

fn refusal(answer: &Answer) -> (u16, String) {
    (answer.status, answer.code())
}

fn refused(status: u16, code: &str) -> (u16, String) {
    (status, code.to_owned())
}

#[test]
fn the_rooms_are_the_only_module() {
    let (site, _) = Site::owned(Lab::new(Engine::Sqlite));
    let guest = site.key(&site.lab.person(UserKind::Guest, "guest"), &[]);
    let get = |path: &str| site.send(Ask::get(path).bearer(&guest));
    for (name, path) in [
        ("paths", "/modules"),
        ("list", "/modules/info"),
        ("enabled", "/settings/security/modules"),
        ("access", "/settings/security"),
        ("channels", "/settings/notification/channels"),
        ("version", "/settings/version"),
        ("socket", "/settings/socket"),
    ] {
        insta::assert_json_snapshot!(name, get(path).whole());
    }
    let access = |ids: &str| get(&format!("/settings/security?{ids}"));
    assert_eq!(access(&format!("ids={NIL_GUID}")).response(), json!([]));
    for both in [format!("ids={NIL_GUID}&ids={ROOMS}"), format!("ids={NIL_GUID},{ROOMS}")] {
        assert_eq!(access(&both).response()[0]["webItemId"], ROOMS);
    }
    assert_eq!((access("ids=rooms").status, access("ids=rooms").fields()), (400, vec!["ids".to_owned()]));
    assert_eq!(get(&format!("/settings/security/{ROOMS}")).response(), true);
    assert_eq!(get(&format!("/settings/security/{NIL_GUID}")).response(), false);
    assert_eq!(get("/settings/security/rooms").status, 404);
}

#[test]
fn the_only_module_can_not_be_restricted() {
    let (site, owner) = Site::owned(Lab::new(Engine::Sqlite));
    let put = |path: &str, body: Value| site.send(Ask::put(path).bearer(&owner).json(&body));
    let access = |body: Value| put("/settings/security", body);
    assert_eq!(
        access(json!({ "id": ROOMS, "enabled": true, "subjects": [] })).response()[0]["enabled"],
        true
    );
    for restricted in [
        json!({ "id": ROOMS, "enabled": false }),
        json!({ "id": ROOMS, "enabled": true, "subjects": [NIL_GUID] }),
    ] {
        assert_eq!(refusal(&access(restricted)), refused(403, "module_open"));
    }
    assert_eq!(
        refusal(&access(json!({ "id": NIL_GUID, "enabled": true }))),
        refused(404, "module_not_found")
    );
    assert_eq!(refusal(&access(json!({ "id": "rooms", "enabled": true }))), refused(400, "bad_argument"));
    assert_eq!(access(json!({ "id": ROOMS, "subjects": ["x"] })).fields(), ["$.subjects[0]"]);

    let switch = |items: Value| put("/settings/security/access", json!({ "items": items }));
    assert_eq!(switch(json!([{ "key": ROOMS, "value": true }])).response()[0]["webItemId"], ROOMS);
    assert_eq!(refusal(&switch(json!([{ "key": ROOMS, "value": false }]))), refused(403, "module_open"));
    assert_eq!(
        refusal(&switch(json!([{ "key": NIL_GUID, "value": true }]))),
        refused(404, "module_not_found")
    );
    assert_eq!(switch(json!([])).response(), json!([]));
}

#[test]
fn what_the_portal_says_of_itself_is_so() {
    let (site, owner) = Site::owned(Lab::new(Engine::Sqlite));
    let get = |path: &str| site.send(Ask::get(path).bearer(&owner));
    assert_eq!(get("/settings/socket").response()["url"], get("/settings").response()["socketUrl"]);
    assert_eq!(get("/settings/enablewhitelabel").response(), get("/portal/quota").response()["branding"]);
    assert_eq!(get("/settings/version").response()["current"], get("/portal").response()["version"]);
    let logo = get("/settings/logo").response();
    let logo = logo.as_str().and_then(|logo| logo.strip_prefix("http://portal.test")).unwrap_or_default();
    let picture = site.send(Ask::get(logo));
    assert_eq!((picture.status, picture.header("content-type").as_str()), (200, "image/svg+xml"));
    assert!(picture.text.starts_with("<svg"));
    let set =
        |id: i64| site.send(Ask::put("/settings/version").bearer(&owner).json(&json!({ "versionId": id })));
    assert_eq!(set(2).response(), get("/settings/version").response());
    assert_eq!(refusal(&set(3)), refused(400, "bad_argument"));
}

fn set_administrator(site: &Site, key: &str, person: &Person, administrator: bool) -> Answer {
    let body = json!({ "productId": NIL_GUID, "userId": person.id, "administrator": administrator });
    site.send(Ask::put(ADMINISTRATOR).bearer(key).json(&body))
}

testkit::on_both_engines! {
    fn administrators_are_made_by_the_owner(lab) {
        let (site, owner) = Site::owned(lab);
        let kinds = [UserKind::Guest, UserKind::User, UserKind::RoomAdmin, UserKind::DocSpaceAdmin];
        let [guest, user, room_admin, admin] = kinds.map(|kind| site.lab.person(kind, &format!("{kind:?}")));
        let (admins_key, users_key) = (site.key(&admin, &[]), site.key(&user, &[]));
        let is = |key: &str, person: &Person| {
            let path = format!("{ADMINISTRATOR}?productid={NIL_GUID}&userid={}", person.id);
            site.send(Ask::get(&path).bearer(key))
        };
        let list = |key: &str, product: &str| site.send(Ask::get(&format!("{ADMINISTRATOR}/{product}")).bearer(key));
        let names = |product: &str| {
            let people = list(&owner, product).response();
            people.as_array().into_iter().flatten().map(|person| person["displayName"].as_str().unwrap_or_default().to_owned()).collect::<Vec<_>>()
        };
        assert_eq!(names(NIL_GUID), ["Olive Owner", "DocSpaceAdmin Tester"]);
        assert_eq!(names(ROOMS), names(NIL_GUID));
        assert_eq!(names("00000000-0000-4000-8000-000000000001"), [""; 0]);
        assert_eq!((list(&users_key, NIL_GUID).status, is(&users_key, &user).status), (403, 403));

        assert_eq!(refusal(&set_administrator(&site, &admins_key, &room_admin, true)), refused(403, "access_denied"));
        for person in [&guest, &user, &room_admin] {
            let made = set_administrator(&site, &owner, person, true);
            assert_eq!(made.response(), json!({ "productId": NIL_GUID, "userId": person.id, "administrator": true }));
            assert_eq!(is(&admins_key, person).response(), made.response());
        }
        assert_eq!(set_administrator(&site, &owner, &admin, true).status, 200, "he is one already");
        assert_eq!(refusal(&set_administrator(&site, &admins_key, &user, false)), refused(403, "access_denied"));
        assert_eq!(set_administrator(&site, &owner, &user, false).response()["administrator"], false);
        assert_eq!(set_administrator(&site, &admins_key, &user, false).status, 200, "he is none any more");
        let profile = site.send(Ask::get(&format!("/people/{}", user.id)).bearer(&owner)).response();
        assert_eq!((&profile["isAdmin"], &profile["isRoomAdmin"]), (&json!(false), &json!(true)));

        let olive = site.lab.portal_owner();
        assert_eq!(refusal(&set_administrator(&site, &owner, &olive, false)), refused(403, "access_denied"));
        let nobody = Person { id: NIL_GUID.parse().expect("a guid"), ..olive };
        assert_eq!(refusal(&set_administrator(&site, &owner, &nobody, true)), refused(404, "user_not_found"));
        assert_eq!(refusal(&is(&owner, &nobody)), refused(404, "user_not_found"));
        let of_module = |product: &str| {
            let body = json!({ "productId": product, "userId": user.id, "administrator": true });
            refusal(&site.send(Ask::put(ADMINISTRATOR).bearer(&owner).json(&body)))
        };
        assert_eq!(of_module(ROOMS), refused(403, "module_open"));
        assert_eq!(of_module("00000000-0000-4000-8000-000000000001"), refused(404, "module_not_found"));
        assert_eq!(site.send(Ask::put(ADMINISTRATOR).bearer(&owner).json(&json!({}))).fields(), ["$"]);
    }

    fn administrators_take_seats(lab) {
        let (site, owner) = Site::owned(lab);
        let user = site.lab.person(UserKind::User, "user");
        let (call, portal) = (Call::system(site.lab.portal()), site.lab.portal().id);
        let limit = |admins: i64| {
            let seats = Seats { admins: Some(admins), users: None };
            site.lab.write(&call, move |tx| setting::set(tx, portal, None, &seats)).expect("fewer seats");
        };
        limit(1);
        assert_eq!(refusal(&set_administrator(&site, &owner, &user, true)), refused(402, "seats_taken"));
        limit(2);
        assert_eq!(set_administrator(&site, &owner, &user, true).status, 200);
    }
}
