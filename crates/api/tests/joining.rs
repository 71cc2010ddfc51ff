//! Joining a portal by oneself (foundation.md §4.4 `sendjoininvite`), guests by a link, and how names are written
//! (people.md §2.1).
#![cfg(test)]

use domain::people::UserKind;
use serde_json::{Value, json};
use testkit::{Answer, Ask, Engine, Lab, Site};

/// A site whose owner lets the addresses of one domain join.
fn open(as_guests: bool) -> (Site, String) {
    let (site, key) = Site::owned(Lab::new(Engine::Sqlite));
    let domains = json!({ "type": 1, "domains": ["example.org"], "inviteUsersAsVisitors": as_guests });
    assert_eq!(site.send(Ask::post("/settings/maildomainsettings").bearer(&key).json(&domains)).status, 200);
    (site, key)
}

/// Asks for the link to join; the header `confirm` it comes back as.
fn link(site: &Site, email: &str) -> String {
    let asked = site.send(Ask::post("/settings/sendjoininvite").json(&json!({ "email": email })));
    assert_eq!(asked.status, 200, "{}", asked.text);
    let letter = site.lab.letters().pop().expect("a letter");
    assert_eq!(letter.to, email);
    letter.link.expect("a link").1.split_once('?').expect("a query").1.to_owned()
}

fn register(site: &Site, confirm: &str, email: &str) -> Answer {
    let body = json!({ "fromInviteLink": true, "email": email, "firstName": "Eve", "password": "secret12" });
    site.send(Ask::post("/people").header("confirm", confirm).json(&body))
}

#[test]
fn whoever_may_join_does_so_by_the_link_that_was_sent() {
    for (as_guests, flag) in [(false, "isCollaborator"), (true, "isVisitor")] {
        let (site, _) = open(as_guests);
        let confirm = link(&site, "eve@example.org");
        assert_eq!(register(&site, &confirm, "mallory@example.org").status, 403, "the link is Eve's");
        let joined = register(&site, &confirm, "Eve@example.org");
        assert_eq!(joined.response()[flag], json!(true), "{}", joined.text);
        assert_eq!(joined.response()["activationStatus"], json!(1), "the letter came to that address");
        let body = json!({ "userName": "eve@example.org", "password": "secret12" });
        assert_eq!(site.send(Ask::post("/authentication").json(&body)).status, 200);
        let twice = register(&site, &confirm, "eve@example.org");
        assert_eq!((twice.status, twice.code().as_str()), (400, "email_taken"));
    }
}

#[test]
fn a_link_to_join_is_worth_nothing_once_nobody_may() {
    let (site, key) = open(false);
    let confirm = link(&site, "eve@example.org");
    let closed = json!({ "type": 0, "domains": [], "inviteUsersAsVisitors": false });
    assert_eq!(site.send(Ask::post("/settings/maildomainsettings").bearer(&key).json(&closed)).status, 200);
    assert_eq!(register(&site, &confirm, "eve@example.org").status, 403);
}

#[test]
fn guests_come_by_a_link_that_is_not_kept() {
    let (site, owner) = Site::owned(Lab::new(Engine::Sqlite));
    let carl = site.lab.person(UserKind::RoomAdmin, "carl");
    let ursula = site.lab.person(UserKind::User, "ursula");
    let passing = |key: &str| site.send(Ask::get("/portal/users/invite/Guest").bearer(key)).response();
    assert_eq!(passing(&site.key(&ursula, &[])), json!(""));
    assert_ne!(passing(&owner), json!(""));
    let carls = site.key(&carl, &[]);
    let short = passing(&carls).as_str().unwrap_or_default().to_owned();
    let opened = site.send(Ask::get(&format!("/{}", &short[short.find("/s/").expect("a short link")..])));
    let path = opened.header("location");
    let confirm = path.split_once('?').expect("a query").1;
    let guest = register(&site, confirm, "gus@example.org").response();
    assert_eq!(guest["isVisitor"], json!(true), "{guest}");
    let known =
        site.send(Ask::get(&format!("/people/{}", guest["id"].as_str().unwrap_or_default())).bearer(&carls));
    assert_eq!(known.status, 200, "who gave the link knows the guest");
    let off = json!({ "allowInvitingMembers": true, "allowInvitingGuests": false });
    assert_eq!(site.send(Ask::put("/settings/invitationsettings").bearer(&owner).json(&off)).status, 200);
    assert_eq!(register(&site, confirm, "gil@example.org").status, 403);
}

#[test]
fn names_are_written_as_their_script_or_the_readers_language_has_it() {
    let (site, owner) = Site::owned(Lab::new(Engine::Sqlite));
    let made = |first: &str, last: &str, email: &str| {
        let body = json!({ "firstName": first, "lastName": last, "email": email, "type": "User" });
        site.send(Ask::post("/people").bearer(&owner).json(&body)).response()
    };
    assert_eq!(made("小明", "王", "wang@example.org")["displayName"], "王小明");
    assert_eq!(made("Ming", "王", "ming@example.org")["displayName"], "王Ming");
    let ada = made("Ada", "Byron", "ada@example.org");
    assert_eq!(ada["displayName"], "Ada Byron");
    let path = format!("/people/{}", ada["id"].as_str().unwrap_or_default());
    let name = || site.send(Ask::get(&path).bearer(&owner)).response()["displayName"].clone();
    let place = |language: &str| {
        let body = json!({ "lng": language });
        site.send(Ask::put("/settings/timeandlanguage").bearer(&owner).json(&body))
    };
    assert_eq!(place("xx").status, 400, "no language there is");
    assert_eq!(place("RU").status, 200);
    assert_eq!(site.send(Ask::get("/settings")).response()["culture"], "ru");
    assert_eq!(name(), "Byron Ada", "in the portal's language");
    let own: Value = site.send(Ask::get("/people/@self").bearer(&owner)).response();
    let own = format!("/people/{}/culture", own["id"].as_str().unwrap_or_default());
    let changed = site.send(Ask::put(&own).bearer(&owner).json(&json!({ "cultureName": "en-US" })));
    assert_eq!(changed.status, 200, "{}", changed.text);
    assert_eq!(name(), "Ada Byron", "in one's own");
}

/// people.md §7.4: who may make, read, change and delete which common link.
#[test]
fn a_common_link_is_for_those_who_may_make_such_accounts() {
    let (site, owner) = Site::owned(Lab::new(Engine::Sqlite));
    let ada = site.lab.person(UserKind::DocSpaceAdmin, "ada");
    let carl = site.lab.person(UserKind::RoomAdmin, "carl");
    let ursula = site.lab.person(UserKind::User, "ursula");
    let gus = site.lab.person(UserKind::Guest, "gus");
    let keys = [ada, carl, ursula, gus].map(|person| site.key(&person, &[]));
    // Owner, administrator, room administrator, user, guest.
    let callers: Vec<&str> = std::iter::once(&owner).chain(&keys).map(String::as_str).collect();
    for (kind, may) in [(3, 1), (1, 2), (4, 3)] {
        let path = format!("/portal/users/invitationlink/{kind}");
        let create = |key: &str| {
            let body = json!({ "employeeType": kind });
            site.send(Ask::post("/portal/users/invitationlink").bearer(key).json(&body))
        };
        for key in &callers[may..] {
            assert_eq!(create(key).status, 403, "{kind}");
        }
        let made = create(callers[may - 1]);
        assert_eq!(made.status, 200, "{}", made.text);
        let id = made.response()["id"].clone();
        for (at, key) in callers.iter().enumerate() {
            let wanted = if at < may { 200 } else { 403 };
            assert_eq!(site.send(Ask::get(&path).bearer(key)).status, wanted, "{kind} {at}");
            let change = json!({ "id": id, "maxUseCount": 3 });
            let changed = site.send(Ask::put("/portal/users/invitationlink").bearer(key).json(&change));
            assert_eq!(changed.status, wanted, "{kind} {at}");
        }
        for (at, key) in callers.iter().enumerate().rev() {
            let gone =
                site.send(Ask::delete("/portal/users/invitationlink").bearer(key).json(&json!({ "id": id })));
            let wanted = match at + 1 {
                place if place > may => 403,
                place if place == may => 200,
                _ => 404,
            };
            assert_eq!(gone.status, wanted, "{kind} {at}");
        }
    }
}
