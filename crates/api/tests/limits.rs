//! Limits on the rate of requests (foundation.md §6).
#![cfg(test)]

use api::Settings;
use domain::people::UserKind;
use domain::time::{DAY, SECOND};
use serde_json::json;
use testkit::{Ask, Engine, Lab, Site};

/// A site whose owner's key is limited; the lab's clients come from no address of this machine.
fn limited() -> (Site, String) {
    let lab = Lab::new(Engine::Sqlite);
    let owner = lab.set_up();
    let site = Site::with(lab, Settings { limits: true, ..Settings::default() });
    let key = site.key(&owner, &[]);
    (site, key)
}

#[test]
fn nothing_is_limited_unless_it_is_switched_on() {
    let (site, key) = Site::owned(Lab::new(Engine::Sqlite));
    for _ in 0..8 {
        let answer = site.send(Ask::post("/keys").bearer(&key).json(&json!({ "name": "key" })));
        assert_eq!((answer.status, answer.header("x-ratelimit-limit").as_str()), (200, ""));
    }
}

#[test]
fn sensitive_endpoints_are_called_five_times_in_a_quarter_of_an_hour() {
    let (site, key) = limited();
    let create = || site.send(Ask::post("/keys").bearer(&key).json(&json!({ "name": "key" })));
    for _ in 0..5 {
        assert_eq!(create().status, 200);
    }
    let refused = create();
    assert_eq!((refused.status, refused.code().as_str()), (429, "too_many_requests"));
    assert_eq!(refused.header("x-ratelimit-limit"), "5");
    assert_eq!(refused.header("x-ratelimit-remaining"), "0");
    let wait: i64 = refused.header("retry-after").parse().expect("seconds");
    assert!((1..=901).contains(&wait), "{wait}");
    assert_eq!(refused.header("x-ratelimit-reset"), wait.to_string());
    assert_eq!(site.send(Ask::get("/keys").bearer(&key)).status, 200, "another endpoint");
    site.lab.advance(30 * 60 * SECOND);
    assert_eq!(create().status, 200);
}

#[test]
fn a_portal_invites_so_many_people_a_day_as_the_configuration_says() {
    let lab = Lab::new(Engine::Sqlite);
    let owner = lab.set_up();
    let settings = Settings { limits: true, invitations: Some(3), ..Settings::default() };
    let site = Site::with(lab, settings);
    let key = site.key(&owner, &[]);
    let people = |names: &[&str]| {
        let invited =
            names.iter().map(|name| json!({ "email": format!("{name}@example.org"), "type": "User" }));
        json!({ "invitations": invited.collect::<Vec<_>>() })
    };
    let invite = |names: &[&str]| site.send(Ask::post("/people/invite").bearer(&key).json(&people(names)));
    let room = site.send(Ask::post("/files/rooms").bearer(&key).json(&json!({ "title": "Room" })));
    let share = |email: &str| {
        let path = format!("/files/rooms/{}/share", room.response()["id"]);
        let whom = json!({ "invitations": [{ "email": email, "access": 2 }] });
        site.send(Ask::put(&path).bearer(&key).json(&whom)).status
    };
    // Who may not share the room uses nothing up, whatever they ask for.
    let gus = site.lab.person(UserKind::Guest, "gus");
    let guest = site.key(&gus, &[]);
    let path = format!("/files/rooms/{}/share", room.response()["id"]);
    for email in ["a@example.org", "b@example.org", "c@example.org", "d@example.org"] {
        let whom = json!({ "invitations": [{ "email": email, "access": 2 }] });
        assert_eq!(site.send(Ask::put(&path).bearer(&guest).json(&whom)).status, 403);
    }
    assert_eq!(invite(&["ada", "bob"]).status, 200);
    let too_many = invite(&["cid", "dot", "eve", "fay"]);
    assert_eq!(too_many.status, 400, "more than there may ever be: {}", too_many.text);
    let refused = invite(&["cid", "dot"]);
    assert_eq!((refused.status, refused.code().as_str()), (429, "too_many_requests"));
    assert_eq!(
        site.send(Ask::get("/people/email?email=cid@example.org").bearer(&key)).status,
        404,
        "none came"
    );
    assert_eq!(share("eve@example.org"), 200, "one more was left");
    assert_eq!(share("fay@example.org"), 429);
    site.lab.advance(2 * DAY);
    assert_eq!(share("fay@example.org"), 200);
}

#[test]
fn a_caller_has_fifteen_hundred_requests_a_minute() {
    let (site, key) = limited();
    let ask = || site.send(Ask::get("/authentication").bearer(&key));
    let first = ask();
    assert_eq!(
        (first.header("x-ratelimit-limit"), first.header("x-ratelimit-remaining")),
        ("1500".into(), "1499".into())
    );
    for _ in 1..1500 {
        assert_eq!(ask().status, 200);
    }
    assert_eq!(ask().status, 429);
    assert_eq!(site.send(Ask::get("/authentication")).status, 200, "strangers count by their address");
    site.lab.advance(120 * SECOND);
    assert_eq!(ask().status, 200);
}
