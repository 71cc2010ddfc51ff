//! Ratchets over the endpoint table: what is true of every line, whichever lines there are.
#![cfg(test)]

use std::collections::{BTreeMap, BTreeSet};

use api::{Line, Need, openapi};
use domain::keys::{Permission, Scope};
use domain::people::UserKind;
use serde_json::{Value, json};
use testkit::{Answer, Ask, Engine, Lab, Site};

/// The operations of the reference that are still to come.
const MISSING: &str = include_str!("../../../tests/conformance/missing.txt");
/// Lines that the reference's description doesn't have; the last is there one with an optional id.
const OURS: &[&str] = &[
    "DELETE /api/2.0/portal/deleteportalimmediately",
    "DELETE /apisystem/portal/remove",
    "GET /api/2.0/modules",
    "GET /api/2.0/modules/info",
    "GET /api/2.0/people/checkrecalculatequota",
    "GET /api/2.0/people/recalculatequota",
    "GET /api/2.0/portal/tenantextra",
    "GET /api/2.0/security/audit/reports/{half}",
    "GET /api/2.0/settings/checkrecalculatequota",
    "GET /api/2.0/settings/recalculatequota",
    "GET /api/2.0/settings/version",
    "GET /api/2.0/settings/version/build",
    "GET /apisystem/portal/get",
    "GET /apisystem/portal/test",
    "GET /apisystem/settings/get",
    "GET /health",
    "GET /openapi.json",
    "GET /s/{key}",
    "GET /static/images/{file}",
    "GET /storage/userPhotos/root/{file}",
    "GET /storage/userPhotos/temp/{file}",
    "POST /api/2.0/people/active",
    "POST /api/2.0/settings/userquotasettings",
    "POST /apisystem/portal/register",
    "POST /apisystem/portal/registerbyemail",
    "POST /apisystem/portal/signin",
    "POST /apisystem/portal/validateportalname",
    "POST /apisystem/settings/checkdomain",
    "POST /apisystem/settings/save",
    "PUT /api/2.0/files/fileops/terminate",
    "PUT /api/2.0/portal/portalrename",
    "PUT /api/2.0/settings/timeandlanguage",
    "PUT /api/2.0/settings/version",
    "PUT /apisystem/portal/status",
];

fn lines() -> Vec<Line> {
    api::table().lines().cloned().collect()
}

fn label(line: &Line) -> String {
    format!("{} {}", line.method, line.path)
}

/// A request to this line that binds, and finds nothing it could harm.
fn harmless(line: &Line) -> Ask {
    const NOBODY: &str = "00000000-0000-4000-8000-000000000000";
    let path = line.path.replace("group/{id}", &format!("group/{NOBODY}"));
    let path = path
        .replace("{userid}", NOBODY)
        .replace("{userID}", NOBODY)
        .replace("{fromId}", NOBODY)
        .replace("{toId}", NOBODY)
        .replace("{status}", if line.method == "PUT" { "Pending" } else { "Active" })
        .replace("{employeeType}", "Guest")
        .replace("{activationstatus}", "Activated")
        .replace("{key}", "nothing")
        .replace("{query}", "words")
        .replace("notification/{type}", "notification/Badges")
        .replace("{type}", "User")
        .replace("security/{id}", &format!("security/{NOBODY}"))
        .replace("spaceusage/{id}", &format!("spaceusage/{NOBODY}"))
        .replace("{productid}", NOBODY)
        .replace("{id}", "999999")
        .replace("{keyId}", NOBODY)
        .replace("{userId}", NOBODY)
        .replace("{loginEventId}", "999999")
        .replace("{code}", "000000")
        .replace("{half}", "logins")
        .replace("{file}", "nothing.png")
        .replace("{folderId}", "999999")
        .replace("{groupId}", "00000000-0000-4000-8000-000000000000")
        .replace("{operationType}", "Move");
    let path = path.replace("status/Active/search", "status/Active/search?query=words");
    assert!(!path.contains('{'), "{path}: say here what its parameter can be");
    let kind = if path.contains("/settings/") { json!(0) } else { json!("User") };
    let tenant = path.contains("/settings/").then_some(1);
    Ask::new(line.method.clone(), &path).json(&json!({
        "title": "Room", "alias": "other-name", "name": "key", "groupName": "Group", "email": "new@example.org", "passwordHash": "00",
        "domains": [], "inviteUsersAsVisitors": false, "lng": "en-US", "minLength": 8,
        "attemptCount": 5, "blockTime": 60, "checkPeriod": 60, "ipRestrictions": [], "message": "hello",
        "deepLinkSettings": {}, "defaultFolderType": 14, "code": "000000", "ownerId": NOBODY, "type": kind,
        "invitations": [], "userId": NOBODY, "fromUserId": NOBODY, "toUserId": NOBODY,
        "productId": NOBODY, "tenantId": tenant,
    }))
}

/// A site with an account on every level, and each one's key; the stranger has none.
fn cast() -> (Site, Vec<(Need, Option<String>)>) {
    let (site, owner) = Site::owned(Lab::new(Engine::Sqlite));
    let kinds = [
        (Need::Guest, UserKind::Guest),
        (Need::User, UserKind::User),
        (Need::RoomAdmin, UserKind::RoomAdmin),
        (Need::DocSpaceAdmin, UserKind::DocSpaceAdmin),
    ];
    let mut cast = vec![(Need::Anyone, None), (Need::Owner, Some(owner))];
    for (level, kind) in kinds {
        let person = site.lab.person(kind, &format!("{level:?}"));
        cast.push((level, Some(site.key(&person, &[]))));
    }
    (site, cast)
}

fn send(site: &Site, line: &Line, key: Option<&str>) -> Answer {
    let ask = harmless(line);
    site.send(key.into_iter().fold(ask, Ask::bearer))
}

#[test]
fn every_line_refuses_every_level_below_its_own() {
    let (site, cast) = cast();
    let mut refused = 0;
    for line in lines().iter().filter(|line| line.need.wants_account()) {
        for (level, key) in cast.iter().filter(|(level, _)| *level < line.need) {
            let answer = send(&site, line, key.as_deref());
            let code = if key.is_some() { line.refusal.entry().code } else { "unauthenticated" };
            let status = if key.is_some() { line.refusal.entry().status } else { 401 };
            assert_eq!((answer.status, answer.code().as_str()), (status, code), "{} {level:?}", label(line));
            refused += 1;
        }
    }
    assert!(refused >= 15, "only {refused} refusals were seen");
}

#[test]
fn every_line_lets_its_own_level_in() {
    let (site, cast) = cast();
    for line in lines().iter().filter(|line| line.need != Need::SetUp) {
        for (level, key) in cast.iter().filter(|(level, _)| *level >= line.need) {
            let answer = send(&site, line, key.as_deref());
            assert_ne!(answer.code(), "unauthenticated", "{} {level:?}", label(line));
            assert_ne!(answer.code(), line.refusal.entry().code, "{} {level:?}", label(line));
            assert!(answer.status < 500, "{} {level:?}: {}", label(line), answer.text);
        }
    }
}

/// The access matrix: what each line answers to everybody there is. Bodies and ids are harmless, so that where the line
/// lets somebody in, a 404 or 400 says that the thing itself was looked for.
#[test]
fn who_is_let_in_where() {
    use std::fmt::Write as _;
    let (site, cast) = cast();
    let (other_portal, other_owner) = site.lab.found("other");
    let stray = site.key_of(site.lab.call_in(&other_portal, &other_owner), &other_owner, &[]);
    let owner = site.lab.portal_owner();
    let narrow: BTreeMap<&str, String> = Permission::ALL
        .iter()
        .map(|permission| (permission.text(), site.key(&owner, &[permission.text()])))
        .collect();
    let who =
        |level: Need| cast.iter().find(|(known, _)| *known == level).and_then(|(_, key)| key.as_deref());
    let levels = [Need::Anyone, Need::Guest, Need::User, Need::RoomAdmin, Need::DocSpaceAdmin, Need::Owner];
    let told_by = |line: &Line, key: Option<&str>| {
        // With two portals, each has its host; the first goes by the machine's own name.
        let ask = harmless(line).host("localhost");
        site.send(key.into_iter().fold(ask, Ask::bearer)).status.to_string()
    };
    let mut text = "stranger guest user room-admin admin owner narrow-key other-portal\n".to_owned();
    let mut lines = lines();
    lines.sort_by_key(|line| (line.path, line.method.to_string()));
    for line in &lines {
        let mut told: Vec<String> = levels.iter().map(|level| told_by(line, who(*level))).collect();
        let unfit = Permission::ALL.iter().find(|permission| {
            **permission != Permission::All && !line.scope.accepted().contains(permission)
        });
        let key = unfit.map(|permission| narrow[permission.text()].as_str());
        told.push(key.map_or("-".to_owned(), |key| told_by(line, Some(key))));
        told.push(told_by(line, Some(&stray)));
        let _ = writeln!(text, "{}  {}", told.join(" "), label(line));
    }
    insta::assert_snapshot!("access", text);
}

#[test]
fn set_up_asks_everybody_for_its_token() {
    let fresh = Site::new(Lab::new(Engine::Sqlite));
    let (owned, cast) = cast();
    for line in lines().iter().filter(|line| line.need == Need::SetUp) {
        assert_eq!(send(&fresh, line, None).code(), "setup_token_invalid", "{}", label(line));
        for (level, key) in &cast {
            let answer = send(&owned, line, key.as_deref());
            let refused = if key.is_some() { (403, "access_denied") } else { (401, "setup_token_invalid") };
            assert_eq!((answer.status, answer.code().as_str()), refused, "{level:?}");
        }
    }
}

#[test]
fn every_line_refuses_every_narrower_key() {
    let (site, _) = Site::owned(Lab::new(Engine::Sqlite));
    let owner = site.lab.person(UserKind::DocSpaceAdmin, "scoped");
    for permission in Permission::ALL.iter().filter(|permission| **permission != Permission::All) {
        let key = site.key(&owner, &[permission.text()]);
        // Where a link is asked for, it stands in for scopes.
        for line in lines().into_iter().filter(|line| !matches!(line.need, Need::Confirm(_))) {
            let answer = send(&site, &line, Some(&key));
            let label = format!("{} with {}", label(&line), permission.text());
            if line.scope.accepted().contains(permission) {
                assert_ne!(answer.code(), "scope_missing", "{label}");
                assert!(answer.status < 500, "{label}: {}", answer.text);
            } else {
                assert_eq!((answer.status, answer.code().as_str()), (403, "scope_missing"), "{label}");
            }
        }
    }
}

#[test]
fn every_scope_is_the_contracts() {
    for line in lines() {
        // To read where a mailed link would do, any key is good; to write there, ours must have the scope all the same.
        let any_key = matches!(line.need, Need::ConfirmOrAccount(_)) && line.method == "GET";
        let wanted = if any_key { Scope::None } else { Scope::of(line.method.as_str(), line.path) };
        assert_eq!(line.scope, wanted, "{}", label(&line));
    }
}

#[test]
fn every_operation_of_the_reference_is_served_or_listed_as_missing() {
    let served: BTreeSet<String> = lines().iter().map(label).collect();
    let known: BTreeSet<String> =
        openapi::reference().map(|operation| format!("{} {}", operation.method, operation.path)).collect();
    let listed: Vec<&str> = MISSING.lines().collect();
    assert!(listed.is_sorted(), "missing.txt is sorted");

    let missing: BTreeSet<&str> = known.difference(&served).map(String::as_str).collect();
    let listed: BTreeSet<&str> = listed.into_iter().collect();
    let unlisted: Vec<_> = missing.difference(&listed).collect();
    assert!(unlisted.is_empty(), "neither served nor on tests/conformance/missing.txt: {unlisted:#?}");
    let stale: Vec<_> = listed.difference(&missing).collect();
    assert!(stale.is_empty(), "take from tests/conformance/missing.txt, it only shrinks: {stale:#?}");

    let own: Vec<&str> = served.difference(&known).map(String::as_str).collect();
    assert_eq!(own, OURS, "lines the reference doesn't have");
}

#[test]
fn names_are_noun_and_verb_and_unique() {
    let mut seen = BTreeSet::new();
    for line in lines() {
        let parts: Vec<&str> = line.name.split('.').collect();
        let word =
            |part: &&str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_lowercase() || b == b'_');
        assert!(parts.len() == 2 && parts.iter().all(word), "{}", line.name);
        assert!(seen.insert(line.name), "{} is there twice", line.name);
        assert!(!line.tag.is_empty() && !line.about.is_empty(), "{}", line.name);
    }
}

#[test]
fn the_api_description_is_the_one_we_know() {
    insta::assert_json_snapshot!("openapi", openapi::document(&api::table()));
}

#[test]
fn the_api_description_is_served() {
    let site = Site::new(Lab::new(Engine::Sqlite));
    assert_eq!(site.send(Ask::get("/openapi.json")).json(), openapi::document(&api::table()));
}

#[test]
fn the_api_description_is_sound() {
    let document = openapi::document(&api::table());
    let mut ids = BTreeSet::new();
    let mut operations = 0;
    for (path, methods) in document["paths"].as_object().into_iter().flatten() {
        for (method, operation) in methods.as_object().into_iter().flatten() {
            let id = operation["operationId"].as_str().unwrap_or_default();
            assert!(!id.is_empty() && ids.insert(id.to_owned()), "{method} {path}: {id:?} is not unique");
            let named: BTreeSet<String> = path
                .split('/')
                .filter_map(|part| Some(part.strip_prefix('{')?.strip_suffix('}')?.to_owned()))
                .collect();
            let parameters = operation["parameters"].as_array().cloned().unwrap_or_default();
            let described: BTreeSet<String> = parameters
                .iter()
                .filter(|parameter| parameter["in"] == "path")
                .filter_map(|parameter| parameter["name"].as_str().map(str::to_owned))
                .collect();
            assert_eq!(named, described, "{method} {path}");
            operations += 1;
        }
    }
    assert_eq!(operations, lines().len());

    let mut references = Vec::new();
    collect_references(&document, &mut references);
    assert!(references.len() > 20);
    for reference in references {
        let target = reference.strip_prefix('#').and_then(|pointer| document.pointer(pointer));
        assert!(target.is_some(), "{reference} leads nowhere");
    }
}

fn collect_references(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::Object(members) => {
            found.extend(members.get("$ref").and_then(Value::as_str).map(str::to_owned));
            members.values().for_each(|member| collect_references(member, found));
        }
        Value::Array(items) => items.iter().for_each(|item| collect_references(item, found)),
        _ => {}
    }
}

#[test]
fn a_method_an_address_does_not_take_is_405_and_says_which_it_takes() {
    let (site, key) = Site::owned(Lab::new(Engine::Sqlite));
    let mut addresses: BTreeMap<&str, (Line, BTreeSet<String>)> = BTreeMap::new();
    for line in lines() {
        let (_, methods) = addresses.entry(line.path).or_insert_with(|| (line.clone(), BTreeSet::new()));
        methods.insert(line.method.to_string());
        if line.method == "GET" {
            methods.insert("HEAD".to_owned());
        }
    }
    for (path, (line, methods)) in addresses {
        for method in ["GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "BREW"] {
            if methods.contains(method) {
                continue;
            }
            let Ok(method) = method.parse() else { panic!("{method} is a method") };
            let unknown = Line { method, ..line.clone() };
            let answer = site.send(harmless(&unknown).bearer(&key));
            assert_eq!(answer.status, 405, "{} {path}: {}", unknown.method, answer.text);
            let allowed: BTreeSet<String> = answer.header("allow").split(", ").map(str::to_owned).collect();
            assert_eq!(allowed, methods, "{path}");
            if unknown.method != "HEAD" {
                assert_eq!(answer.code(), "method_not_allowed");
            }
        }
    }
}

#[test]
fn head_answers_like_get_without_body() {
    let (site, key) = Site::owned(Lab::new(Engine::Sqlite));
    for line in lines().into_iter().filter(|line| line.method == "GET") {
        let head = Line { method: axum::http::Method::HEAD, ..line.clone() };
        let (head, get) = (send(&site, &head, Some(&key)), send(&site, &line, Some(&key)));
        assert_eq!((head.status, head.text.as_str()), (get.status, ""), "{}", label(&line));
        for name in ["content-type", "content-length", "cache-control", "x-request-id"] {
            assert_eq!(head.header(name), get.header(name), "{name} of {}", label(&line));
        }
        assert_eq!(get.header("content-length"), get.text.len().to_string(), "{}", label(&line));
    }
}

#[test]
fn every_refusal_is_in_the_documentation() {
    const DOCS: &str = include_str!("../../../docs/api.md");
    let missing: BTreeSet<String> = domain::Kind::ALL
        .iter()
        .map(|kind| format!("| `{}` | {} |", kind.entry().code, kind.entry().status))
        .filter(|row| !DOCS.contains(row))
        .collect();
    assert!(missing.is_empty(), "docs/api.md has no row for {missing:?}");
}
