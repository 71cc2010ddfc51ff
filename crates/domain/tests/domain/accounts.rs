//! The verbs that change accounts (people.md §5), on both engines.

use domain::Kind::{AccessDenied, BadArgument, NameIncorrect, SeatsTaken, UserNotFound};
use domain::people::create::{self, NewMember, Way};
use domain::people::invite::{self, Invitee};
use domain::people::seats::Seats;
use domain::people::tasks::TaskKind;
use domain::people::{
    self, ACTIVE, PENDING, Person, TERMINATED, UserKind, removal, status, tasks, types, update,
};
use domain::{Call, Result, setting};
use testkit::Lab;

use crate::cast::outcome;

fn new(email: &str, kind: UserKind) -> NewMember {
    NewMember {
        kind: Some(kind),
        email: Some(email.to_owned()),
        first_name: Some("Ada".to_owned()),
        ..NewMember::default()
    }
}

fn make(lab: &Lab, call: &Call, way: fn() -> Way<'static>, new: &NewMember) -> Result<Person> {
    let (inner, new) = (call.clone(), new.clone());
    lab.write(call, move |tx| create::member(tx, &inner, way(), &new))
}

fn find(lab: &Lab, person: &Person) -> Option<Person> {
    let (portal, id) = (lab.portal(), person.id);
    lab.read(move |conn| people::find(conn, &portal, id)).unwrap()
}

fn set_status(lab: &Lab, call: &Call, whom: &[&Person], to: i64) -> Result<Vec<Person>> {
    let (inner, ids) = (call.clone(), whom.iter().map(|person| person.id).collect::<Vec<_>>());
    lab.write(call, move |tx| status::set_status(tx, &inner, &ids, to))
}

fn limit(lab: &Lab, call: &Call, admins: i64) {
    let portal = lab.portal().id;
    let seats = Seats { admins: Some(admins), users: None };
    lab.write(call, move |tx| setting::set(tx, portal, None, &seats)).unwrap();
}

testkit::on_both_engines! {
    fn without_seats_a_member_becomes_a_user_and_an_import_is_refused(lab) {
        let owner = lab.set_up();
        let call = lab.call(&owner);
        limit(&lab, &call, 1);
        let made = make(&lab, &call, || Way::ByHand, &new("a@example.org", UserKind::RoomAdmin)).unwrap();
        assert_eq!((made.kind, made.created_by), (UserKind::User, Some(owner.id)));
        let refused = make(&lab, &call, || Way::Import, &new("b@example.org", UserKind::RoomAdmin));
        assert_eq!(outcome(refused), Some(SeatsTaken));
        let inner = call.clone();
        let invitees = vec![Invitee { email: "c@example.org".into(), kind: Some(UserKind::RoomAdmin) }];
        let refused = lab.write(&call, move |tx| invite::invite(tx, &inner, &invitees, None));
        let problem = refused.unwrap_err();
        assert_eq!((problem.kind(), problem.message()), (SeatsTaken, "The number of admins exceeds the limit: 1/0."));
        limit(&lab, &call, 2);
        assert!(make(&lab, &call, || Way::Import, &new("b@example.org", UserKind::RoomAdmin)).is_ok());
        let bad = NewMember { first_name: Some("7".into()), ..new("d@example.org", UserKind::User) };
        assert_eq!(outcome(make(&lab, &call, || Way::ByHand, &bad)), Some(NameIncorrect));
    }

    fn who_was_invited_and_never_came_waits_again(lab) {
        let owner = lab.set_up();
        let call = lab.call(&owner);
        let inner = call.clone();
        let invitees = vec![Invitee { email: "a@example.org".into(), kind: Some(UserKind::User) }];
        let invited = lab.write(&call, move |tx| invite::invite(tx, &inner, &invitees, None)).unwrap().unwrap();
        assert_eq!(invited.iter().map(|person| person.status).collect::<Vec<_>>(), [PENDING]);
        set_status(&lab, &call, &[&invited[0]], TERMINATED).unwrap();
        let again = set_status(&lab, &call, &[&invited[0]], ACTIVE).unwrap();
        assert_eq!(again[0].status, PENDING);
        let named = lab.person(UserKind::User, "named");
        set_status(&lab, &call, &[&named], TERMINATED).unwrap();
        assert_eq!(set_status(&lab, &call, &[&named], ACTIVE).unwrap()[0].status, ACTIVE);
    }

    fn one_who_is_not_the_callers_to_switch_saves_all(lab) {
        let owner = lab.set_up();
        let (admin, user) = (lab.person(UserKind::DocSpaceAdmin, "admin"), lab.person(UserKind::User, "user"));
        let other = lab.person(UserKind::DocSpaceAdmin, "other");
        let call = lab.call(&admin);
        for beyond in [&owner, &admin, &other] {
            assert_eq!(outcome(set_status(&lab, &call, &[&user, beyond], TERMINATED)), Some(AccessDenied));
        }
        assert_eq!(outcome(set_status(&lab, &call, &[&user], PENDING)), Some(BadArgument));
        assert_eq!(find(&lab, &user).unwrap().status, ACTIVE);
        assert!(set_status(&lab, &lab.call(&owner), &[&user, &other], TERMINATED).is_ok());
    }

    fn a_profile_is_changed_by_its_holder_and_switched_by_administrators(lab) {
        lab.set_up();
        let (user, admin) = (lab.person(UserKind::User, "user"), lab.person(UserKind::DocSpaceAdmin, "admin"));
        let change = |who: &Person, whom: String, changes: update::Changes| {
            let call = lab.call(who);
            let inner = call.clone();
            lab.write(&call, move |tx| update::update(tx, &inner, &whom, &changes))
        };
        let named = update::Changes { last_name: Some("Byron".into()), disable: Some(true), ..Default::default() };
        let own = change(&user, "user".into(), named.clone()).unwrap();
        assert_eq!((own.last_name.as_str(), own.status), ("Byron", ACTIVE), "by login name, and not off");
        assert_eq!(outcome(change(&user, "nobody".into(), named.clone())), Some(UserNotFound));
        assert_eq!(outcome(change(&user, admin.id.to_string(), named.clone())), Some(AccessDenied));
        let off = change(&admin, user.id.to_string(), named).unwrap();
        assert_eq!((off.status, off.terminated_at.is_some()), (TERMINATED, true));
    }

    fn a_task_is_started_once_and_goes_on_after_a_crash(lab) {
        let owner = lab.set_up();
        let user = lab.person(UserKind::RoomAdmin, "user");
        let call = lab.call(&owner);
        let start = || {
            let inner = call.clone();
            let id = user.id;
            lab.write(&call, move |tx| types::demote(tx, &inner, Some(id), Some(UserKind::Guest), None)).unwrap()
        };
        let first = start();
        assert_eq!(start(), first, "the one that runs");
        let ticket = tasks::Ticket { user: user.id, kind: TaskKind::Type };
        let step = || {
            let inner = call.clone();
            lab.write(&call, move |tx| tasks::step(tx, &inner, ticket)).unwrap()
        };
        assert!(!step() && !step());
        lab.drain_jobs().unwrap();
        assert_eq!(find(&lab, &user).unwrap().kind, UserKind::Guest);
        assert!(step(), "nothing is left to do");
        let portal = call.portal.id;
        let sweep = || lab.write(&call, move |tx| tasks::sweep(tx, 10)).unwrap();
        assert_eq!(sweep(), 0, "it can be read a while");
        lab.advance(61_000_000);
        assert_eq!((sweep(), portal), (1, lab.portal().id));
    }

    fn a_deleted_account_is_gone_by_every_name(lab) {
        let owner = lab.set_up();
        let user = lab.person(UserKind::User, "user");
        let call = lab.call(&owner);
        set_status(&lab, &call, &[&user], TERMINATED).unwrap();
        let inner = call.clone();
        let gone = lab.write(&call, move |tx| removal::delete(tx, &inner, "user")).unwrap();
        assert_eq!((gone.id, gone.email.as_str()), (user.id, "user@example.org"));
        assert!(find(&lab, &user).is_none());
        for login in ["user@example.org".to_owned(), user.id.to_string()] {
            let (portal, text) = (lab.portal(), login.clone());
            let found = lab.read(move |conn| people::find_login(conn, &portal, &text)).unwrap();
            assert!(found.is_none_or(|(person, hash)| hash.is_none() && !person.is_active()), "{login}");
        }
        let again = make(&lab, &call, || Way::ByHand, &new("user@example.org", UserKind::User)).unwrap();
        assert_eq!(again.user_name, "user");
        lab.drain_jobs().unwrap();
        let (inner, id, now) = (call, user.id, lab.now());
        let task = lab.read(move |conn| tasks::progress(conn, &inner, id, TaskKind::Remove, now)).unwrap();
        assert_eq!(task.map(|task| (task.status, task.percentage)), Some((2, 100)));
    }
}
