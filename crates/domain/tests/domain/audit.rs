//! The log, read: in halves, filtered, paged, and forgotten in time.

use domain::audit::{self, ActionType, EntryType, Filter, Half, Lifetimes, Location, Record};
use domain::event::{SettingsEvent, SignIn, SignInFailure};
use domain::people::Person;
use domain::time::DAY;
use domain::{portal_settings, sessions};
use testkit::Lab;

use crate::cast::{Cast, room};

fn list(lab: &Lab, half: Half, filter: Filter) -> Vec<Record> {
    let portal = lab.portal().id;
    lab.read(move |conn| audit::list(conn, portal, half, &filter)).unwrap()
}

fn sign_in(lab: &Lab, person: &Person) {
    let (call, person) = (lab.call(person), person.clone());
    lab.write(&call.clone(), move |tx| sessions::open(tx, &call, &person, "typed", SignIn::Hashed)).unwrap();
}

fn filter() -> Filter {
    Filter::last(100)
}

testkit::on_both_engines! {
    fn the_halves_are_apart_and_the_newest_is_first(lab) {
        let cast = Cast::of(&lab);
        sign_in(&lab, &cast.user);
        let call = lab.call(&cast.user);
        lab.write(&call, |tx| sessions::note_failure(tx, None, "who", SignInFailure::Password)).unwrap();
        room(&lab, &cast.creator, "Room");
        let logins: Vec<i64> = list(&lab, Half::Logins, filter()).iter().map(|record| record.action).collect();
        assert_eq!(logins, [1013, 1029]);
        let trail = list(&lab, Half::Trail, filter());
        assert_eq!((trail[0].action, trail[0].context()), (5070, Some("Room")));
        assert!(trail.is_sorted_by(|one, other| one.id > other.id));
        assert!(trail.iter().all(|record| record.known().is_some()), "every action is in the table");
    }

    fn filters_come_before_paging(lab) {
        let cast = Cast::of(&lab);
        for _ in 0..3 {
            sign_in(&lab, &cast.user);
            sign_in(&lab, &cast.guest);
        }
        let by_user = Filter { user: Some(cast.user.id), count: 2, start: 1, ..Filter::default() };
        let found = list(&lab, Half::Logins, by_user);
        assert_eq!(found.len(), 2);
        assert!(found.iter().all(|record| record.actor == Some(cast.user.id)));
        room(&lab, &cast.creator, "Room");
        let count = |filter: Filter| list(&lab, Half::Trail, filter).iter().filter(|record| record.action == 5070).count();
        assert_eq!(count(Filter { location: Some(Location::Rooms), ..filter() }), 1);
        assert_eq!(count(Filter { entry: Some(EntryType::Room), kind: Some(ActionType::Create), ..filter() }), 1);
        assert_eq!(count(Filter { kind: Some(ActionType::Delete), ..filter() }), 0);
        assert_eq!(count(Filter { action: Some(5070), ..filter() }), 1);
        assert_eq!(count(Filter { target: Some("nothing".into()), ..filter() }), 0);
        assert_eq!(count(Filter { from: Some(lab.now()), to: Some(lab.now()), ..filter() }), 1);
        assert_eq!(count(Filter { from: Some(lab.now().plus(1)), ..filter() }), 0);
        assert_eq!(count(Filter { to: Some(lab.now().plus(-1)), ..filter() }), 0);
    }

    fn each_half_is_forgotten_in_its_time(lab) {
        let cast = Cast::of(&lab);
        sign_in(&lab, &cast.user);
        let call = lab.call(&cast.admin);
        let kept = Lifetimes { logins: 10, trail: 20 };
        lab.write(&call.clone(), move |tx| portal_settings::change(tx, &call, &kept, SettingsEvent::Audit)).unwrap();
        let sweep = || lab.store.upkeep_blocking(|tx| audit::sweep(tx, 3)).unwrap();
        assert_eq!(sweep(), 0);
        lab.advance(10 * DAY + 1);
        assert_eq!(sweep(), 1);
        assert!(list(&lab, Half::Logins, filter()).is_empty());
        let trail = list(&lab, Half::Trail, filter()).len();
        assert!(trail > 3);
        sign_in(&lab, &cast.user);
        lab.advance(10 * DAY);
        assert_eq!(sweep(), 3, "a few at a time");
        while sweep() > 0 {}
        assert_eq!(list(&lab, Half::Trail, filter()).len(), 0);
    }
}
