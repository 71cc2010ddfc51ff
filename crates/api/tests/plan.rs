//! Plan, tariff, payments and limits on storage, on the wire (foundation.md §4.4, §4.5, deviations.md 23).
#![cfg(test)]

use domain::people::UserKind;
use domain::people::seats::Seats;
use domain::{Call, setting};
use serde_json::{Value, json};
use testkit::{Answer, Ask, Engine, Lab, Site};

fn get(site: &Site, key: &str, path: &str) -> Value {
    let answer = site.send(Ask::get(path).bearer(key));
    assert_eq!(answer.status, 200, "{path}: {}", answer.text);
    answer.response()
}

fn refusal(answer: &Answer) -> (u16, String) {
    (answer.status, answer.code())
}

/// A feature of the plan as this caller is told of it.
fn feature(site: &Site, key: &str, id: &str) -> Value {
    let plan = get(site, key, "/portal/payment/quota");
    let features = plan["features"].as_array().cloned().unwrap_or_default();
    features.into_iter().find(|feature| feature["id"] == id).unwrap_or_default()
}

fn room(site: &Site, key: &str, kind: i64) -> Value {
    site.send(Ask::post("/files/rooms").bearer(key).json(&json!({ "title": "Room", "roomType": kind })))
        .response()
}

fn keys_of(site: &Site, kinds: &[UserKind]) -> Vec<String> {
    kinds.iter().map(|kind| site.key(&site.lab.person(*kind, &format!("{kind:?}")), &[])).collect()
}

/// Says how many bytes are in every room, as files will.
fn fill(site: &Site, bytes: i64) {
    let call = Call::system(site.lab.portal());
    let portal = call.portal.id;
    let filled = site.lab.write(&call, move |tx| {
        tx.exec(db::sql!("update room set used_bytes = $2 where portal_id = $1"), db::args![portal, bytes])?;
        Ok(())
    });
    filled.expect("full rooms");
}

fn limit_seats(site: &Site, seats: Seats) {
    let call = Call::system(site.lab.portal());
    let portal = call.portal.id;
    site.lab.write(&call, move |tx| setting::set(tx, portal, None, &seats)).expect("fewer seats");
}

#[test]
fn a_new_portal_has_everything() {
    let (site, key) = Site::owned(Lab::new(Engine::Sqlite));
    for (name, path) in [
        ("raw", "/portal/quota"),
        ("right", "/portal/quota/right"),
        ("tariff", "/portal/tariff?refresh=true"),
        ("shown", "/portal/payment/quota?refresh=false"),
        ("for_sale", "/portal/payment/quotas?wallet=true"),
        ("prices", "/portal/payment/prices"),
        ("currencies", "/portal/payment/currencies"),
        ("customer", "/portal/payment/customerinfo?refresh=true"),
        ("account", "/portal/payment/account?backUrl=x"),
        ("payment", "/settings/payment"),
        ("licence", "/settings/license/required"),
        ("used_space", "/portal/usedspace"),
    ] {
        insta::assert_json_snapshot!(name, site.send(Ask::get(path).bearer(&key)).whole());
    }
    let extra = get(&site, &key, "/portal/tenantextra?refresh=true");
    assert_eq!(extra["tariff"], get(&site, &key, "/portal/tariff"));
    assert_eq!(extra["quota"], get(&site, &key, "/portal/quota"));
    assert_eq!((&extra["notPaid"], &extra["enterprise"]), (&json!(false), &json!(true)));
    let bad = site.send(Ask::get("/portal/tariff?refresh=perhaps").bearer(&key));
    assert_eq!((bad.status, bad.fields()), (400, vec!["refresh".to_owned()]));
}

#[test]
fn who_is_less_is_told_less() {
    let (site, owner) = Site::owned(Lab::new(Engine::Sqlite));
    let keys = keys_of(&site, &[UserKind::RoomAdmin, UserKind::User, UserKind::Guest]);
    let [room_admin, user, guest] = [0, 1, 2].map(|at| keys[at].as_str());
    room(&site, &owner, 5);
    for key in [room_admin, user, guest] {
        let tariff = get(&site, key, "/portal/tariff");
        let told: Vec<&String> = tariff.as_object().into_iter().flat_map(|tariff| tariff.keys()).collect();
        let dated = ["delayDueDate", "dueDate", "id", "state"];
        assert_eq!(told, if key == room_admin { &dated[..] } else { &dated[2..] });
        assert_eq!(tariff["state"], 1);
        assert_eq!(feature(&site, key, "audit"), Value::Null, "what concerns administrators alone");
        assert_eq!(feature(&site, key, "statistic")["value"], true);
    }
    let used = |key: &str, id: &str| feature(&site, key, id)["used"].take();
    for key in [&owner, room_admin] {
        assert_eq!(
            (used(key, "room"), used(key, "total_size")),
            (json!({ "value": 1 }), json!({ "value": 0 }))
        );
    }
    assert_eq!((used(user, "room"), used(user, "total_size")), (json!({}), json!({ "value": 0 })));
    assert_eq!((used(guest, "room"), used(guest, "total_size")), (json!({}), json!({})));
    assert_eq!(feature(&site, &owner, "audit")["value"], true);
    assert_eq!(site.send(Ask::get("/settings/license/required")).response(), false, "without an account");
}

#[test]
fn nothing_is_paid() {
    let (site, owner) = Site::owned(Lab::new(Engine::Sqlite));
    let guest = keys_of(&site, &[UserKind::Guest]).remove(0);
    for line in api::table().lines().filter(|line| line.path.contains("/portal/payment/")) {
        if line.method == "GET" {
            continue;
        }
        for (key, body) in
            [(&owner, json!({})), (&guest, json!({ "quantity": { "admin": 5 }, "amount": 10 }))]
        {
            let answer = site.send(Ask::new(line.method.clone(), line.path).bearer(key).json(&body));
            assert_eq!(refusal(&answer), (403, "nothing_to_pay".to_owned()), "{} {}", line.method, line.path);
            assert!(answer.message().starts_with("There is nothing to pay here"));
        }
        let stranger = site.send(Ask::new(line.method.clone(), line.path));
        assert_eq!(stranger.status, 401);
    }
}

testkit::on_both_engines! {
    fn what_is_used_is_counted(lab) {
        let (site, key) = Site::owned(lab);
        let counts = |site: &Site| {
            ["users", "manager", "room", "aiagent", "total_size"]
                .map(|id| feature(site, &key, id)["used"]["value"].as_i64().unwrap_or(-1))
        };
        assert_eq!(counts(&site), [0, 1, 0, 0, 0]);
        keys_of(&site, &[UserKind::Guest, UserKind::User, UserKind::RoomAdmin, UserKind::DocSpaceAdmin]);
        let (old, gone) = (room(&site, &key, 2), room(&site, &key, 5));
        room(&site, &key, 6);
        room(&site, &key, 9);
        fill(&site, 1 << 28);
        assert_eq!(counts(&site), [2, 3, 3, 1, 1 << 30]);
        site.send(Ask::put(&format!("/files/rooms/{}/archive", old["id"])).bearer(&key));
        site.send(Ask::delete(&format!("/files/rooms/{}", gone["id"])).bearer(&key));
        assert_eq!(counts(&site), [2, 3, 1, 1, 3 << 28], "the archive takes space, but no room");
        assert_eq!(get(&site, &key, "/portal/usedspace"), json!(0.75));
        assert_eq!(get(&site, &key, "/portal/userscount"), json!(5));
        let places = get(&site, &key, "/settings/statistics/spaceusage/e67be73d-f9ae-4ce1-8fec-1880cb518cb4");
        assert_eq!(places, json!([
            { "name": "Rooms", "disabled": false, "size": "512 MB", "url": "http://portal.test/rooms" },
            { "name": "Archive", "disabled": false, "size": "256 MB", "url": "http://portal.test/archive" },
        ]));
        let none = format!("/settings/statistics/spaceusage/{}", domain::ids::NIL_GUID);
        assert_eq!(get(&site, &key, &none), json!([]));
        assert_eq!(site.send(Ask::get("/settings/statistics/spaceusage/files").bearer(&key)).status, 404);
    }

    fn what_is_limited_shows(lab) {
        let (site, key) = Site::owned(lab);
        let set = json!({ "tenantId": 1, "quota": 5000 });
        let whole = site.send(Ask::put("/settings/tenantquotasettings").bearer(&key).json(&set));
        assert_eq!(whole.response(), json!({ "enableQuota": true, "quota": 5000, "lastModified": "2026-03-01T09:30:00Z" }));
        limit_seats(&site, Seats { admins: Some(7), users: Some(9) });
        let raw = get(&site, &key, "/portal/quota");
        assert_eq!((&raw["maxTotalSize"], &raw["countRoomAdmin"], &raw["countUser"]), (&json!(5000), &json!(7), &json!(9)));
        let features = raw["features"].as_str().unwrap_or_default().to_owned();
        assert!(features.ends_with(",file_size:102400,total_size:5000,manager:7,users:9"), "{features}");
        let shown = ["total_size", "manager", "users"].map(|id| feature(&site, &key, id)["value"].take());
        assert_eq!(shown, [5000, 7, 9]);
        let plan = get(&site, &key, "/portal/payment/quota");
        assert_eq!(plan["tenantCustomQuota"], whole.response());

        for (path, member) in [("user", "usersQuota"), ("room", "roomsQuota"), ("aiagent", "aiAgentsQuota")] {
            let path = format!("/settings/{path}quotasettings");
            let post = |body: Value| site.send(Ask::post(&path).bearer(&key).json(&body));
            let set = post(json!({ "enableQuota": true, "defaultQuota": 400 }));
            assert_eq!(set.response(), json!({ "enableQuota": true, "defaultQuota": 400, "lastModified": "2026-03-01T09:30:00Z" }));
            assert_eq!(get(&site, &key, "/portal/payment/quota")[member], json!({ "enableQuota": true, "defaultQuota": 400 }));
            let large = post(json!({ "enableQuota": true, "defaultQuota": 5001 }));
            assert_eq!(refusal(&large), (400, "bad_argument".to_owned()));
            assert!(large.message().ends_with("The entered value is greater than the total DocSpace storage."), "{}", large.message());
            assert_eq!(post(json!({ "defaultQuota": 1.5 })).message(), large.message());
            assert_eq!(refusal(&post(json!({ "defaultQuota": "5" }))), (403, "number_expected".to_owned()));
            assert_eq!(post(json!({ "enableQuota": true })).fields(), ["$"]);
            assert_eq!(post(json!({ "enableQuota": true, "defaultQuota": -7 })).response()["defaultQuota"], 0);
        }
        let people = json!({ "userIds": [site.lab.portal().owner], "quota": 5001 });
        assert_eq!(site.send(Ask::put("/people/userquota").bearer(&key).json(&people)).status, 400);
        let off = json!({ "tenantId": 1, "quota": -5 });
        let off = site.send(Ask::put("/settings/tenantquotasettings").bearer(&key).json(&off)).response();
        assert_eq!((&off["enableQuota"], &off["quota"]), (&json!(false), &json!(-1)));
        assert_eq!(get(&site, &key, "/portal/quota")["maxTotalSize"], i64::MAX);
    }

    fn limits_on_rooms_show_at_rooms(lab) {
        let (site, key) = Site::owned(lab);
        let (id, agent) = (room(&site, &key, 5)["id"].take(), room(&site, &key, 9)["id"].take());
        let shown = |id: &Value| {
            let room = get(&site, &key, &format!("/files/rooms/{id}"));
            (room["quotaLimit"].as_i64(), room["isCustomQuota"].as_bool())
        };
        let set = |what: &str, enabled: bool, bytes: i64| {
            let body = json!({ "enableQuota": enabled, "defaultQuota": bytes });
            assert_eq!(site.send(Ask::post(&format!("/settings/{what}quotasettings")).bearer(&key).json(&body)).status, 200);
        };
        assert_eq!(shown(&id), (None, None), "no limits hold");
        set("room", true, 700);
        assert_eq!((shown(&id), shown(&agent)), ((Some(700), Some(false)), (None, None)));
        set("aiagent", true, 300);
        assert_eq!((shown(&id), shown(&agent)), ((Some(700), Some(false)), (Some(300), Some(false))));
        let own = |quota: i64| site.send(Ask::put(&format!("/files/rooms/{id}")).bearer(&key).json(&json!({ "quota": quota })));
        assert_eq!(own(50).response()["quotaLimit"], 50);
        assert_eq!(shown(&id), (Some(50), Some(true)));
        assert_eq!(own(-1).response()["quotaLimit"], -1);
        let listed = get(&site, &key, "/files/rooms?type=5");
        assert_eq!(listed["folders"][0]["isCustomQuota"], true);
        let whole = |quota: i64| site.send(Ask::put("/settings/tenantquotasettings").bearer(&key).json(&json!({ "tenantId": 1, "quota": quota }))).status;
        assert_eq!(whole(800), 200);
        assert_eq!(refusal(&own(801)), (403, "room_quota_too_large".to_owned()));
        assert_eq!(own(800).status, 200);
        let new = json!({ "title": "Room", "quota": 801 });
        assert_eq!(refusal(&site.send(Ask::post("/files/rooms").bearer(&key).json(&new))), (403, "room_quota_too_large".to_owned()));
        assert_eq!(whole(-1), 200);
        own(-2);
        set("room", false, 700);
        assert_eq!(shown(&id), (None, None));
        set("room", true, 700);
        site.send(Ask::put(&format!("/files/rooms/{id}/archive")).bearer(&key));
        assert_eq!(shown(&id), (None, None), "nothing is added to an archived room");
        let log = get(&site, &key, "/security/audit/events/last?count=20");
        let mut actions: Vec<i64> = log.as_array().into_iter().flatten().filter_map(|event| event["actionId"].as_i64()).collect();
        actions.retain(|action| [6040, 6041, 6068, 6069].contains(action));
        assert_eq!(actions, [6040, 6041, 6068, 6040]);
    }

    fn limits_are_set_by_administrators_of_the_portal(lab) {
        let (site, _) = Site::owned(lab);
        let keys = keys_of(&site, &[UserKind::RoomAdmin, UserKind::DocSpaceAdmin]);
        for (key, expected) in keys.iter().zip([403, 200]) {
            for what in ["user", "room", "aiagent"] {
                let body = json!({ "enableQuota": true, "defaultQuota": 5 });
                let answer = site.send(Ask::post(&format!("/settings/{what}quotasettings")).bearer(key).json(&body));
                assert_eq!(answer.status, expected, "{what}: {}", answer.text);
            }
            let whole = |body: Value| site.send(Ask::put("/settings/tenantquotasettings").bearer(key).json(&body)).status;
            assert_eq!(whole(json!({ "tenantId": 1, "quota": -1 })), expected);
            assert_eq!(whole(json!({ "tenantId": 2, "quota": -1 })), 403, "another portal");
            assert_eq!(site.send(Ask::get("/settings/recalculatequota").bearer(key)).status, expected);
        }
        let admin = &keys[1];
        assert_eq!(site.send(Ask::put("/settings/tenantquotasettings").bearer(admin).json(&json!({ "tenantId": 1 }))).status, 400);
        assert_eq!(get(&site, admin, "/settings/checkrecalculatequota"), json!(false), "it is over");
        let plan = get(&site, admin, "/portal/payment/quota");
        for member in ["usersQuota", "roomsQuota", "aiAgentsQuota", "tenantCustomQuota"] {
            assert_eq!(plan[member]["lastRecalculateDate"], "2026-03-01T09:30:00.0000000Z", "{member}");
        }
    }
}
