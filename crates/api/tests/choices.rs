//! The portal's settings that are a choice, on the wire (foundation.md §4.4).
#![cfg(test)]

use domain::confirm::{self, Bound, ConfirmType};
use domain::ids::UserId;
use domain::people::UserKind;
use serde_json::{Value, json};
use testkit::{Answer, Ask, Engine, Lab, Site};

fn site() -> (Site, String) {
    Site::owned(Lab::new(Engine::Sqlite))
}

fn refusal(answer: &Answer) -> (u16, String, String) {
    (answer.status, answer.code(), answer.message())
}

#[test]
fn switches_are_shown_as_they_were_set() {
    let (site, key) = site();
    let user = site.key(&site.lab.person(UserKind::User, "user"), &[]);
    let never = "0001-01-01T00:00:00";
    let now = "2026-03-01T09:30:00Z";
    for (method, path, before, body, after) in [
        (
            "put",
            "invitationsettings",
            json!({ "allowInvitingMembers": true, "allowInvitingGuests": true }),
            json!({ "allowInvitingGuests": true }),
            json!({ "allowInvitingMembers": false, "allowInvitingGuests": true }),
        ),
        (
            "post",
            "devtoolsaccess",
            json!({ "limitedAccessForUsers": false }),
            json!({ "limitedAccessForUsers": true }),
            json!({ "limitedAccessForUsers": true }),
        ),
        ("post", "banner", json!({ "hidden": false }), json!({ "hidden": true }), json!({ "hidden": true })),
        (
            "post",
            "ai-access",
            json!({ "enabled": true }),
            json!({ "enabled": false }),
            json!({ "enabled": false }),
        ),
        (
            "post",
            "deeplink",
            json!({ "handlingMode": 0 }),
            json!({ "deepLinkSettings": { "handlingMode": 2 } }),
            json!({ "handlingMode": 2 }),
        ),
    ] {
        let path = format!("/settings/{path}");
        let with = |mut value: Value, at: &str| {
            value["lastModified"] = json!(at);
            value
        };
        assert_eq!(site.send(Ask::get(&path).bearer(&user)).response(), with(before, never), "{path}");
        let ask = || if method == "put" { Ask::put(&path) } else { Ask::post(&path) };
        assert_eq!(site.send(ask().bearer(&user).json(&body)).code(), "access_denied", "{path}");
        assert_eq!(site.send(ask().bearer(&key)).status, 400, "{path}: an absent body resets nothing");
        assert_eq!(site.send(ask().bearer(&key).json(&body)).response(), with(after.clone(), now), "{path}");
        assert_eq!(site.send(Ask::get(&path).bearer(&user)).response(), with(after, now), "{path}");
    }
    let settings = site.send(Ask::get("/settings").bearer(&user)).response();
    let shown =
        ["limitedAccessDevToolsForUsers", "displayBanners", "aiEnabled"].map(|name| settings[name].clone());
    assert_eq!(shown, [json!(true), json!(false), json!(false)]);
    let body = json!({ "deepLinkSettings": { "handlingMode": 3 } });
    assert_eq!(site.send(Ask::post("/settings/deeplink").bearer(&key).json(&body)).status, 400);
}

#[test]
fn limited_tools_are_for_administrators() {
    let (site, key) = site();
    let user = site.key(&site.lab.person(UserKind::User, "user"), &[]);
    let make = |key: &str| site.send(Ask::post("/keys").bearer(key).json(&json!({ "name": "new" }))).status;
    assert_eq!(make(&user), 200);
    let body = json!({ "limitedAccessForUsers": true });
    assert_eq!(site.send(Ask::post("/settings/devtoolsaccess").bearer(&key).json(&body)).status, 200);
    assert_eq!([make(&user), make(&key)], [403, 200]);
}

#[test]
fn own_settings_are_ones_own() {
    let (site, key) = site();
    let guest = site.key(&site.lab.person(UserKind::Guest, "guest"), &[]);
    let set = |key: &str, kind: i64| {
        site.send(Ask::put("/settings/defaultfolder").bearer(key).json(&json!({ "defaultFolderType": kind })))
    };
    assert_eq!(set(&key, 5).response()["defaultFolderType"], 5);
    assert_eq!(refusal(&set(&guest, 5)), (400, "bad_argument".into(), "DefaultFolderType".into()));
    assert_eq!(set(&key, 99).status, 400);
    let folder =
        |key: &str| site.send(Ask::get("/settings").bearer(key)).response()["defaultFolderType"].take();
    assert_eq!((folder(&key), folder(&guest)), (json!(5), json!(14)));
    let ask = Ask::put("/settings/emailactivation").bearer(&guest).json(&json!({ "show": true }));
    assert_eq!(site.send(ask).response()["show"], true);
}

#[test]
fn the_place_and_the_title_change() {
    let (site, key) = site();
    let user = site.key(&site.lab.person(UserKind::User, "user"), &[]);
    let place = |body: Value| site.send(Ask::put("/settings/timeandlanguage").bearer(&key).json(&body));
    let body = json!({ "lng": "de", "timeZoneID": "Europe/Berlin" });
    assert_eq!(place(body).response(), json!("Settings have been successfully updated"));
    let settings = site.send(Ask::get("/settings").bearer(&key)).response();
    assert_eq!((&settings["culture"], &settings["timezone"]), (&json!("de"), &json!("Europe/Berlin")));
    for bad in [json!({ "lng": "?" }), json!({ "lng": "de", "timeZoneID": "Mars/Base" }), json!({})] {
        assert_eq!(place(bad.clone()).status, 400, "{bad}");
    }

    let path = "/settings/greetingsettings";
    let ask = Ask::post(path).bearer(&key).json(&json!({ "title": "Our space" }));
    assert_eq!(site.send(ask).response(), json!("Welcome Page settings have been successfully saved"));
    assert_eq!(site.send(Ask::get(path).bearer(&user)).response(), json!("Our space"));
    let is_default = || site.send(Ask::get("/settings/greetingsettings/isdefault").bearer(&user)).response();
    assert_eq!(is_default(), json!(false));
    let restored = site.send(Ask::post("/settings/greetingsettings/restore").bearer(&key)).response();
    assert_eq!((restored, is_default()), (json!("Cloud space for your office docs"), json!(true)));
    let long = json!({ "title": "x".repeat(256) });
    assert_eq!(site.send(Ask::post(path).bearer(&key).json(&long)).fields(), ["Title"]);

    let cultures = site.send(Ask::get("/settings/cultures"));
    assert_eq!(
        (cultures.response()[4].clone(), cultures.json()["count"].take()),
        (json!("en-US"), json!(33))
    );
    let zones = site.send(Ask::get("/settings/timezones").bearer(&key)).response();
    let berlin = json!({ "id": "Europe/Berlin", "displayName": "(UTC+01:00) Europe/Berlin" });
    assert!(zones.as_array().is_some_and(|zones| zones.contains(&berlin)));
    assert_eq!(site.send(Ask::get("/settings/timezones").bearer(&user)).status, 403);
    assert_eq!(site.send(Ask::get("/settings/timezones")).status, 401);
    assert_eq!(site.send(Ask::get("/settings/version/build")).response(), json!({ "docSpace": "3.7.2" }));
}

#[test]
fn strangers_may_ask_where_they_are_let() {
    let (site, key) = site();
    let set = |path: &str, body: Value| site.send(Ask::post(path).bearer(&key).json(&body));
    let write = |email: &str, message: &str| {
        let body = json!({ "email": email, "message": message });
        refusal(&site.send(Ask::post("/settings/sendadmmail").json(&body)))
    };
    let join = |email: &str| {
        refusal(&site.send(Ask::post("/settings/sendjoininvite").json(&json!({ "email": email }))))
    };
    let off = (403, "switched_off".to_owned(), "Method not available".to_owned());
    assert_eq!((write("bad", ""), join("bad")), (off.clone(), off));

    assert_eq!(set("/settings/messagesettings", json!({ "turnOn": true })).status, 200);
    let bad = |message: &str| (400, "bad_argument".to_owned(), message.to_owned());
    assert_eq!(write("bad", "hello"), bad("Incorrect email"));
    assert_eq!(write("ada@ex.org", " "), bad("Message text is empty"));
    assert_eq!(write("ada@ex.org", "hello").0, 200);
    assert_eq!(site.send(Ask::get("/settings")).response()["enableAdmMess"], true);

    let domains = |kind: i64, domains: Value| {
        let body = json!({ "type": kind, "domains": domains, "inviteUsersAsVisitors": false });
        set("/settings/maildomainsettings", body)
    };
    assert_eq!(refusal(&domains(1, json!([]))), bad("Add at least 1 trusted domain."));
    assert_eq!(refusal(&domains(1, json!(["-bad"]))), bad("Invalid domain name"));
    assert_eq!(domains(3, json!([])).status, 400);
    assert_eq!(domains(1, json!(["Ex.org"])).status, 200);
    let settings = site.send(Ask::get("/settings")).response();
    assert_eq!((&settings["enabledJoin"], &settings["trustedDomains"]), (&json!(true), &json!(["ex.org"])));
    assert_eq!(join("bad"), bad("Incorrect email"));
    assert_eq!(join("owner@example.org"), bad("User with this email is already registered"));
    assert_eq!(join("ada@elsewhere.org"), bad("Emails from this domain are not allowed for registration"));
    assert_eq!(join("ada@ex.org").0, 200);
    for _ in 0..6 {
        assert_eq!(join("ada@ex.org").0, 200);
    }
    assert_eq!(join("ada@ex.org"), (429, "asked_too_often".into(), "Request limit is exceeded".into()));
}

#[test]
fn themes_are_the_ones_we_know() {
    let (site, key) = site();
    let path = "/settings/colortheme";
    insta::assert_json_snapshot!("themes", site.send(Ask::get(path)).whole());
    let colors = json!({ "accent": "#112233", "buttons": "#445566" });
    let body = json!({ "theme": { "name": "mine", "main": colors, "text": colors }, "selected": 11 });
    let set = site.send(Ask::put(path).bearer(&key).json(&body)).response();
    assert_eq!((&set["selected"], &set["themes"][6]["name"]), (&json!(11), &json!("mine")));
    let bad = json!({ "theme": { "name": "mine", "main": { "accent": "red" } } });
    assert_eq!(site.send(Ask::put(path).bearer(&key).json(&bad)).status, 400);
    let gone = site.send(Ask::delete("/settings/colortheme?id=11").bearer(&key)).response();
    assert_eq!((&gone["selected"], gone["themes"].as_array().map(Vec::len)), (&json!(1), Some(6)));
}

#[test]
fn the_owner_gives_the_portal_away() {
    let (site, key) = site();
    let (user, guest) = (site.lab.person(UserKind::User, "user"), site.lab.person(UserKind::Guest, "guest"));
    let admin = site.key(&site.lab.person(UserKind::DocSpaceAdmin, "admin"), &[]);
    let ask = |key: &str, id: &str| {
        site.send(Ask::post("/settings/owner").bearer(key).json(&json!({ "ownerId": id })))
    };
    assert_eq!(ask(&key, user.id.as_str()).response()["status"], 1);
    let denied = json!({ "status": 0, "message": "No permissions to perform this action" });
    assert_eq!(ask(&admin, user.id.as_str()).response(), denied);
    assert_eq!(ask(&key, guest.id.as_str()).status, 403);
    assert_eq!(ask(&key, "nobody").status, 400);

    let put = |confirm: &str, id: UserId| {
        let ask = Ask::put("/settings/owner").header("confirm", confirm);
        site.send(ask.json(&json!({ "ownerId": id.as_str() })))
    };
    let (portal, id) = (site.lab.portal(), user.id);
    let call = domain::Call::system(portal.clone());
    let link = site.lab.write(&call, move |tx| {
        let bound = Bound { email: Some("owner@example.org"), user: Some(id), ..Bound::default() };
        confirm::link(tx, &portal, ConfirmType::PortalOwnerChange, &bound)
    });
    let link = link.expect("a link");
    let query = link.split_once('?').map_or("", |(_, query)| query);
    assert_eq!(put(query, guest.id).status, 403, "the link is for another");
    assert_eq!(put(query, user.id).status, 200);
    assert_eq!(site.lab.portal().owner, user.id);
    assert_eq!(put(query, user.id).status, 401, "it has served");
    let own = site.send(Ask::get("/people/@self").bearer(&site.key(&user, &[]))).response();
    assert_eq!((&own["isOwner"], &own["isCollaborator"]), (&json!(true), &json!(false)));
}
