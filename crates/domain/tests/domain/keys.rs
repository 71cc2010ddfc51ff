//! API keys (foundation.md §3).

use domain::Kind::{AccessDenied, BadArgument, KeyNotFound};
use domain::Result;
use domain::ids::KeyId;
use domain::keys::{self, Changes, Key, Made, NewKey, Scope};
use domain::people::Person;
use domain::sessions::token_hash;
use domain::time::{DAY, SECOND};
use testkit::Lab;
use uuid::Uuid;

use crate::cast::{Cast, audited_by, outcome};

fn new_key(name: &str, permissions: &[&str]) -> NewKey {
    NewKey { name: name.into(), permissions: texts(permissions), expires_in_days: None }
}

fn texts(permissions: &[&str]) -> Vec<String> {
    permissions.iter().map(|text| (*text).to_owned()).collect()
}

fn create(lab: &Lab, person: &Person, new: NewKey) -> Result<Made> {
    let call = lab.call(person);
    lab.write(&call.clone(), move |tx| keys::create(tx, &call, &new))
}

fn made(lab: &Lab, person: &Person, name: &str) -> Made {
    create(lab, person, new_key(name, &[])).unwrap()
}

fn update(lab: &Lab, person: &Person, id: KeyId, changes: Changes) -> Result<bool> {
    let call = lab.call(person);
    lab.write(&call.clone(), move |tx| keys::update(tx, &call, id, &changes))
}

fn delete(lab: &Lab, person: &Person, id: KeyId) -> Result<bool> {
    let call = lab.call(person);
    lab.write(&call.clone(), move |tx| keys::delete(tx, &call, id))
}

fn names(lab: &Lab, person: &Person) -> Vec<String> {
    let call = lab.call(person);
    lab.read(move |conn| keys::list(conn, &call)).unwrap().into_iter().map(|key| key.name).collect()
}

fn find(lab: &Lab, text: &str) -> Option<(Key, Person)> {
    let (portal, hash) = (lab.portal(), token_hash(text));
    lab.read(move |conn| keys::find(conn, &portal, &hash)).unwrap()
}

fn off() -> Changes {
    Changes { is_active: Some(false), ..Changes::default() }
}

testkit::on_both_engines! {
    fn key_is_found_by_its_text_alone(lab) {
        let cast = Cast::of(&lab);
        let made = create(&lab, &cast.user, new_key("mine", &["rooms:read"])).unwrap();
        assert!(made.text.starts_with("sk-") && made.text.len() == 67 && made.text.ends_with(&made.key.postfix));
        let (key, person) = find(&lab, &made.text).unwrap();
        assert_eq!((key.id, person.id, key.name.as_str()), (made.key.id, cast.user.id, "mine"));
        assert_eq!((key.created_at, key.expires_at, key.last_used_at), (lab.now(), None, None));
        assert!(key.is_active);
        assert!(key.scopes().open(Scope::RoomsRead) && !key.scopes().open(Scope::RoomsWrite));
        for wrong in ["", "sk-", &made.text[1..], &made.text.to_uppercase()] {
            assert!(find(&lab, wrong).is_none(), "{wrong}");
        }
    }

    fn guests_make_no_keys(lab) {
        let cast = Cast::of(&lab);
        for person in [&cast.admin, &cast.creator, &cast.user] {
            assert!(create(&lab, person, new_key("k", &[])).is_ok(), "{:?}", person.kind);
        }
        assert_eq!(outcome(create(&lab, &cast.guest, new_key("k", &[]))), Some(AccessDenied));
    }

    fn permissions_are_kept_as_sent_and_everything_is_none(lab) {
        let cast = Cast::of(&lab);
        for (sent, kept) in [
            (&[][..], &[][..]),
            (&["*"], &[]),
            (&["rooms:read", "*"], &[]),
            (&["rooms:write", "files:read"], &["rooms:write", "files:read"]),
            (&["*:read"], &["*:read"]),
        ] {
            let key = create(&lab, &cast.user, new_key("k", sent)).unwrap().key;
            assert_eq!(key.permissions, texts(kept), "{sent:?}");
            let portal = lab.portal().id;
            assert_eq!(lab.read(move |conn| keys::get(conn, portal, key.id)).unwrap().permissions, texts(kept));
        }
        for unknown in ["rooms", "Rooms:read", "", "rooms:read "] {
            let refused = create(&lab, &cast.user, new_key("k", &["*", unknown])).unwrap_err();
            assert_eq!((refused.kind(), refused.message()), (BadArgument, "Permissions are not valid."), "{unknown:?}");
        }
    }

    fn administrators_see_all_keys_and_others_their_own(lab) {
        let cast = Cast::of(&lab);
        for (name, person) in [("a", &cast.admin), ("u", &cast.user), ("c", &cast.creator), ("u2", &cast.user)] {
            made(&lab, person, name);
            lab.advance(SECOND);
        }
        assert_eq!(names(&lab, &cast.admin), ["a", "u", "c", "u2"], "oldest first");
        assert_eq!(names(&lab, &cast.user), ["u", "u2"]);
        assert_eq!(names(&lab, &cast.creator), ["c"]);
        assert_eq!(names(&lab, &cast.guest), [""; 0]);
    }

    fn key_is_changed_by_its_creator_and_administrators(lab) {
        let cast = Cast::of(&lab);
        let key = made(&lab, &cast.user, "k").key;
        for (person, allowed) in [(&cast.user, true), (&cast.admin, true), (&cast.creator, false), (&cast.guest, false)] {
            let changes = Changes { name: Some(person.first_name.clone()), ..Changes::default() };
            let said = audited_by(&lab, || assert_eq!(update(&lab, person, key.id, changes).unwrap(), allowed, "{:?}", person.kind));
            assert_eq!(said, if allowed { vec![6059] } else { vec![] });
        }
        assert_eq!(names(&lab, &cast.user), ["ada"]);
    }

    fn update_leaves_alone_what_is_absent_or_empty(lab) {
        let cast = Cast::of(&lab);
        let made = create(&lab, &cast.user, new_key("k", &["rooms:read"])).unwrap();
        let state = |lab: &Lab| find(lab, &made.text).map(|(key, _)| (key.name, key.permissions, key.is_active)).unwrap();
        let empty = Changes { name: Some(String::new()), permissions: Some(vec![]), is_active: None };
        assert!(update(&lab, &cast.user, made.key.id, empty).unwrap());
        assert_eq!(state(&lab), ("k".into(), texts(&["rooms:read"]), true));
        let all = Changes { permissions: Some(texts(&["*"])), is_active: Some(false), ..Changes::default() };
        assert!(update(&lab, &cast.user, made.key.id, all).unwrap());
        assert_eq!(state(&lab), ("k".into(), vec![], false));
        let unknown = Changes { permissions: Some(texts(&["nonsense"])), ..Changes::default() };
        assert_eq!(outcome(update(&lab, &cast.user, made.key.id, unknown)), Some(BadArgument));
    }

    fn key_is_deleted_by_its_creator_and_administrators(lab) {
        let cast = Cast::of(&lab);
        for (person, allowed) in [(&cast.guest, false), (&cast.creator, false), (&cast.user, true), (&cast.admin, true)] {
            let made = made(&lab, &cast.user, "k");
            let said = audited_by(&lab, || assert_eq!(delete(&lab, person, made.key.id).unwrap(), allowed, "{:?}", person.kind));
            assert_eq!(said, if allowed { vec![6060] } else { vec![] });
            assert_eq!(find(&lab, &made.text).is_none(), allowed);
        }
    }

    fn unknown_key_is_not_found(lab) {
        let cast = Cast::of(&lab);
        let id = KeyId::new(Uuid::from_u128(7));
        assert_eq!(outcome(update(&lab, &cast.admin, id, off())), Some(KeyNotFound));
        assert_eq!(outcome(delete(&lab, &cast.admin, id)), Some(KeyNotFound));
        let made = made(&lab, &cast.user, "k");
        assert!(delete(&lab, &cast.user, made.key.id).unwrap());
        assert_eq!(outcome(delete(&lab, &cast.user, made.key.id)), Some(KeyNotFound), "nor one that was deleted");
    }

    fn expired_key_is_no_longer_changed_but_can_be_deleted(lab) {
        let cast = Cast::of(&lab);
        let made = create(&lab, &cast.user, NewKey { expires_in_days: Some(2), ..new_key("k", &[]) }).unwrap();
        assert_eq!(made.key.expires_at, Some(lab.now().plus(2 * DAY)));
        lab.advance(2 * DAY - 1);
        assert!(!find(&lab, &made.text).unwrap().0.is_expired(lab.now()));
        assert!(update(&lab, &cast.user, made.key.id, off()).unwrap());
        lab.advance(1);
        assert!(find(&lab, &made.text).unwrap().0.is_expired(lab.now()));
        assert!(!update(&lab, &cast.admin, made.key.id, Changes { is_active: Some(true), ..Changes::default() }).unwrap());
        assert!(!find(&lab, &made.text).unwrap().0.is_active);
        assert!(delete(&lab, &cast.user, made.key.id).unwrap());
    }

    fn last_use_never_goes_back(lab) {
        let cast = Cast::of(&lab);
        let made = made(&lab, &cast.user, "k");
        let (portal, id, now) = (lab.portal().id, made.key.id, lab.now());
        for (at, expected) in [(5, 5), (9, 9), (7, 9)] {
            lab.store.upkeep_blocking(move |tx| keys::note_uses(tx, &[(portal, id, now.plus(at))])).unwrap();
            assert_eq!(find(&lab, &made.text).unwrap().0.last_used_at, Some(now.plus(expected)));
        }
        let gone = KeyId::new(Uuid::from_u128(7));
        lab.store.upkeep_blocking(move |tx| keys::note_uses(tx, &[(portal, gone, now)])).expect("a key deleted meanwhile");
    }

    fn permission_of_a_later_build_opens_nothing(lab) {
        let cast = Cast::of(&lab);
        let made = create(&lab, &cast.user, new_key("k", &["rooms:read"])).unwrap();
        let portal = lab.portal().id;
        let later = db::sql!("update api_key set permissions = '[\"things:read\"]' where portal_id = $1");
        lab.store.upkeep_blocking(move |tx| Ok(tx.exec(later, db::args![portal])?)).unwrap();
        let scopes = find(&lab, &made.text).unwrap().0.scopes();
        for scope in [Scope::Read, Scope::Write, Scope::RoomsRead, Scope::FilesRead, Scope::PeopleRead] {
            assert!(!scopes.open(scope), "{scope:?}");
        }
    }

    fn change_of_a_key_makes_what_is_remembered_stale(lab) {
        let cast = Cast::of(&lab);
        let made = made(&lab, &cast.user, "k");
        let generation = || lab.store.generation().now();
        let before = generation();
        assert!(update(&lab, &cast.user, made.key.id, off()).unwrap());
        let changed = generation();
        assert!(changed > before);
        assert!(delete(&lab, &cast.user, made.key.id).unwrap());
        assert!(generation() > changed);
    }
}
