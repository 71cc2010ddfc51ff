//! Pictures of people: whose they are, and what becomes of those that are replaced.

use domain::Kind::{AccessDenied, NotFound};
use domain::people::{Person, Photo, UserKind, photo};
use domain::time::DAY;
use domain::{Call, Result};
use testkit::Lab;

use crate::cast::outcome;

/// A photo whose bytes are there.
fn kept(lab: &Lab, name: &str) -> Photo {
    let key = format!("1/photos/{name}");
    lab.means.blobs.put(&format!("{key}/82"), name.as_bytes()).unwrap();
    Photo { key, format: "png".into(), width: 4, height: 3 }
}

fn is_there(lab: &Lab, photo: &Photo) -> bool {
    lab.means.blobs.get(&format!("{}/82", photo.key)).unwrap().is_some()
}

fn set(lab: &Lab, call: &Call, who: &str, photo: &Photo) -> Result<Person> {
    let (call, who, photo) = (call.clone(), who.to_owned(), photo.clone());
    lab.write(&call.clone(), move |tx| photo::set(tx, &call, &who, &photo))
}

fn drain_tomorrow(lab: &Lab) {
    lab.advance(DAY);
    lab.drain_jobs().unwrap();
}

testkit::on_both_engines! {
    fn a_replaced_picture_goes_after_a_while_and_the_new_one_stays(lab) {
        let person = lab.person(UserKind::Guest, "ada");
        let call = lab.call(&person);
        let (old, new) = (kept(&lab, "old"), kept(&lab, "new"));
        set(&lab, &call, "ada", &old).unwrap();
        lab.drain_jobs().unwrap();
        let person = set(&lab, &call, &person.id.to_string(), &new).unwrap();
        assert_eq!(person.photo, Some(new.clone()));
        assert!(is_there(&lab, &old), "who reads it finishes");
        drain_tomorrow(&lab);
        assert_eq!((is_there(&lab, &old), is_there(&lab, &new)), (false, true));
        let (portal, id, key) = (lab.portal(), person.id, new.key.clone());
        assert!(lab.read(move |conn| photo::is_current(conn, &portal, id, &key)).unwrap());

        let other = call.clone();
        let without = lab.write(&call, move |tx| photo::unset(tx, &other, "ada")).unwrap();
        assert_eq!(without.photo, None);
        drain_tomorrow(&lab);
        assert!(!is_there(&lab, &new));
    }

    fn nobody_changes_the_picture_of_another(lab) {
        let owner = lab.set_up();
        lab.person(UserKind::User, "ada");
        let (call, photo) = (lab.call(&owner), kept(&lab, "a"));
        assert_eq!(outcome(set(&lab, &call, "ada", &photo)), Some(AccessDenied));
        for nobody in ["", "eve", "00000000-0000-4000-8000-000000000000", "a\0b"] {
            assert_eq!(outcome(set(&lab, &call, nobody, &photo)), Some(NotFound), "{nobody:?}");
        }
    }

    fn a_picture_is_seen_by_whom_the_account_is_seen(lab) {
        let owner = lab.set_up();
        let (ada, bob) = (lab.person(UserKind::User, "ada"), lab.person(UserKind::Guest, "bob"));
        for (viewer, who, refusal) in [
            (&owner, "bob", None),
            (&ada, "ada", None),
            (&ada, "bob", Some(AccessDenied)),
            (&bob, "ada", Some(AccessDenied)),
            (&bob, "eve", Some(NotFound)),
        ] {
            let call = lab.call(viewer);
            assert_eq!(outcome(lab.read(move |conn| photo::seen(conn, &call, who))), refusal, "{who}");
        }
    }

    fn an_uploaded_picture_waits_a_day(lab) {
        let call = lab.call(&lab.person(UserKind::User, "ada"));
        let key = photo::waiting_key(call.portal.id, "a.png");
        let (caller, noted) = (call.clone(), key.clone());
        lab.write(&call, move |tx| photo::wait(tx, &caller, &noted)).unwrap();
        lab.means.blobs.put(&key, b"x").unwrap();
        lab.advance(DAY - 1);
        lab.drain_jobs().unwrap();
        assert!(lab.means.blobs.get(&key).unwrap().is_some());
        lab.advance(1);
        lab.drain_jobs().unwrap();
        assert_eq!(lab.means.blobs.get(&key).unwrap(), None);
    }
}
