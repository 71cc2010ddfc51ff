//! Founding and set-up (foundation.md §4.4, deviations.md 25).

use db::{args, sql};
use domain::Kind::SetupDone;
use domain::people::{self, Person, UserKind, password};
use domain::portals::{self, NewOwner};
use domain::{Call, Result};
use testkit::Lab;

use crate::cast::{audited_by, number, outcome};

fn owner(name: Option<&str>) -> NewOwner {
    NewOwner {
        email: "Olive@Example.org".into(),
        name: name.map(str::to_owned),
        password_hash: "$argon2id$not-checked-here".into(),
        culture: None,
        time_zone: None,
    }
}

fn set_up(lab: &Lab, new: NewOwner) -> Result<Person> {
    let portal = lab.portal();
    lab.write(&Call::system(portal.clone()), move |tx| portals::set_up(tx, &portal, &new))
}

fn new_token(lab: &Lab) -> Option<String> {
    let portal = lab.portal().id;
    lab.store.upkeep_blocking(move |tx| portals::new_setup_token(tx, portal)).unwrap()
}

fn is_valid(lab: &Lab, token: &str) -> bool {
    let (portal, token) = (lab.portal().id, token.to_owned());
    lab.read(move |conn| portals::setup_token_is_valid(conn, portal, &token)).unwrap()
}

testkit::on_both_engines! {
    fn founding_twice_changes_nothing(lab) {
        let facts = |lab: &Lab| (lab.read(portals::installation).unwrap().password_salt, format!("{:?}", lab.portal()));
        let before = facts(&lab);
        portals::found(&lab.store).unwrap();
        assert_eq!(facts(&lab), before);
        assert_eq!(number(&lab, sql!("select count(*) from portal"), args![]), 1);
        assert_eq!(number(&lab, sql!("select count(*) from section"), args![]), 3);
        assert!(before.0.len() == 64 && before.0.bytes().all(|b| b.is_ascii_hexdigit()));
    }

    fn founded_portal_has_its_sections_and_no_owner(lab) {
        let portal = lab.portal();
        let roots = [portal.rooms_root.0, portal.archive_root.0, portal.templates_root.0];
        assert!(roots.iter().all(|id| *id > 0) && roots[0] != roots[1] && roots[1] != roots[2], "{roots:?}");
        assert!(!portal.owned);
        let id = portal.owner;
        assert!(!lab.read(move |conn| people::exists(conn, portal.id, id)).unwrap());
    }

    fn set_up_makes_the_owner(lab) {
        let mut made = None;
        let said = audited_by(&lab, || made = Some(set_up(&lab, owner(Some(" Olive van der Owner "))).unwrap()));
        assert_eq!(said, [4000]);
        let (made, portal) = (made.unwrap(), lab.portal());
        assert_eq!((made.id, made.kind, made.is_owner), (portal.owner, UserKind::DocSpaceAdmin, true));
        assert_eq!((made.first_name.as_str(), made.last_name.as_str()), ("Olive", "van der Owner"));
        assert_eq!(made.user_name, "olive");
        assert!(portal.owned && made.is_active());
        let (found, hash) = lab.read(move |conn| people::find_login(conn, &portal, "OLIVE@example.ORG")).unwrap().unwrap();
        assert_eq!((found.id, hash.as_deref()), (made.id, Some("$argon2id$not-checked-here")));
    }

    fn owner_without_a_name_is_called_administrator(lab) {
        let made = set_up(&lab, owner(Some("  "))).unwrap();
        assert_eq!(made.display_name(), "Administrator");
    }

    fn set_up_twice_is_done_already(lab) {
        let first = set_up(&lab, owner(None)).unwrap();
        let again = NewOwner { email: "other@example.org".into(), culture: Some("de".into()), ..owner(None) };
        assert_eq!(outcome(set_up(&lab, again)), Some(SetupDone));
        let portal = lab.portal();
        assert_eq!((portal.owner, portal.culture.as_str()), (first.id, "en-US"));
        assert_eq!(number(&lab, sql!("select count(*) from person"), args![]), 1);
    }

    fn set_up_may_choose_language_and_time_zone(lab) {
        let chosen = NewOwner { culture: Some("de".into()), time_zone: Some("Europe/Berlin".into()), ..owner(None) };
        set_up(&lab, chosen).unwrap();
        let portal = lab.portal();
        assert_eq!((portal.culture.as_str(), portal.time_zone.as_str()), ("de", "Europe/Berlin"));
        assert_eq!(lab.now().utc_offset_seconds(&portal.zone), 3600);
    }

    fn newer_token_voids_the_older(lab) {
        let first = new_token(&lab).unwrap();
        assert!(first.len() == 64 && is_valid(&lab, &first));
        assert!(is_valid(&lab, &first), "asking doesn't use it up");
        let second = new_token(&lab).unwrap();
        assert!(!is_valid(&lab, &first) && is_valid(&lab, &second));
        for wrong in ["", "x", &second[1..], &second.to_uppercase()] {
            assert!(!is_valid(&lab, wrong), "{wrong}");
        }
    }

    fn token_is_void_once_there_is_an_owner(lab) {
        let token = new_token(&lab).unwrap();
        set_up(&lab, owner(None)).unwrap();
        assert!(!is_valid(&lab, &token));
        assert_eq!(new_token(&lab), None, "and none is made any more");
    }

    fn two_set_ups_at_once_make_one_owner(lab) {
        let outcomes: Vec<_> = std::thread::scope(|scope| {
            let tries: Vec<_> = (0..4)
                .map(|number| {
                    let new = NewOwner { email: format!("o{number}@example.org"), ..owner(None) };
                    let lab = &lab;
                    scope.spawn(move || set_up(lab, new))
                })
                .collect();
            tries.into_iter().map(|tried| outcome(tried.join().unwrap())).collect()
        });
        assert_eq!(outcomes.iter().filter(|outcome| outcome.is_none()).count(), 1, "{outcomes:?}");
        assert!(outcomes.iter().flatten().all(|kind| *kind == SetupDone), "{outcomes:?}");
    }

    fn labs_owner_signs_in_with_his_password(lab) {
        let made = lab.set_up();
        let (portal, salt) = (lab.portal(), lab.read(portals::installation).unwrap().password_salt);
        let (_, hash) = lab.read(move |conn| people::find_login(conn, &portal, &made.id.to_string())).unwrap().unwrap();
        assert!(password::verify(&password::client_hash("secret12", &salt), hash.as_deref()));
    }
}
