//! Sessions: opened by a sign-in, found by their token, closed, expired, swept.

use db::{args, sql};
use domain::event::{SettingsEvent, SignIn, SignInFailure};
use domain::ids::{SessionId, UserId};
use domain::people::Person;
use domain::portal_settings::CookieSettings;
use domain::sessions::{self, LIFETIME, Opened, token_hash};
use domain::time::{DAY, SECOND};
use domain::{Kind, portal_settings};
use testkit::Lab;

use crate::cast::{Cast, audited_by, number};

fn open(lab: &Lab, person: &Person) -> Opened {
    let (call, person) = (lab.call(person), person.clone());
    lab.write(&call.clone(), move |tx| sessions::open(tx, &call, &person, "typed", SignIn::Plain)).unwrap()
}

fn close(lab: &Lab, person: &Person, opened: &Opened) {
    let (call, id) = (lab.call(person), opened.id);
    lab.write(&call.clone(), move |tx| sessions::close(tx, &call, id)).unwrap();
}

fn find(lab: &Lab, token: &str) -> Option<Person> {
    let (portal, hash, now) = (lab.portal(), token_hash(token), lab.now());
    lab.read(move |conn| sessions::find(conn, &portal, &hash, now)).unwrap().map(|(_, person)| person)
}

fn sweep(lab: &Lab, limit: i64) -> u64 {
    lab.store.upkeep_blocking(move |tx| sessions::sweep(tx, limit)).unwrap()
}

testkit::on_both_engines! {
    fn session_is_found_by_its_token_alone(lab) {
        let cast = Cast::of(&lab);
        let mut opened = None;
        assert_eq!(audited_by(&lab, || opened = Some(open(&lab, &cast.guest))), [1010]);
        let opened = opened.unwrap();
        assert_eq!((opened.token.len(), opened.expires_at), (44, lab.now().plus(LIFETIME)));
        assert_eq!(find(&lab, &opened.token).map(|person| person.id), Some(cast.guest.id));
        for wrong in ["", "x", &opened.token[1..]] {
            assert!(find(&lab, wrong).is_none(), "{wrong}");
        }
        assert_ne!(open(&lab, &cast.guest).token, opened.token);
    }

    fn token_itself_is_not_stored(lab) {
        let cast = Cast::of(&lab);
        let opened = open(&lab, &cast.user);
        let stored = lab.read(|conn| Ok(conn.one(sql!("select token_hash from session"), args![], |row| row.get::<Vec<u8>>(0))?));
        assert_eq!(stored.unwrap(), token_hash(&opened.token));
    }

    fn closed_session_is_dead_and_the_others_live(lab) {
        let cast = Cast::of(&lab);
        let (one, other) = (open(&lab, &cast.user), open(&lab, &cast.user));
        let before = lab.store.generation().now();
        assert_eq!(audited_by(&lab, || close(&lab, &cast.user, &one)), [1006]);
        assert!(lab.store.generation().now() > before, "what is remembered of it is stale");
        assert!(find(&lab, &one.token).is_none());
        assert!(find(&lab, &other.token).is_some());
        assert_eq!(audited_by(&lab, || close(&lab, &cast.user, &one)), [0; 0], "closing again is nothing");
    }

    fn session_ends_after_its_lifetime(lab) {
        let cast = Cast::of(&lab);
        let opened = open(&lab, &cast.user);
        lab.advance(LIFETIME - 1);
        assert!(find(&lab, &opened.token).is_some());
        lab.advance(1);
        assert!(find(&lab, &opened.token).is_none());
    }

    fn expired_sessions_are_swept_a_few_at_a_time(lab) {
        let cast = Cast::of(&lab);
        let old: Vec<_> = (0..5).map(|_| open(&lab, &cast.user)).collect();
        lab.advance(DAY);
        let young = open(&lab, &cast.user);
        close(&lab, &cast.user, &old[0]);
        assert_eq!(sweep(&lab, 3), 0);
        lab.advance(LIFETIME - DAY);
        assert_eq!([sweep(&lab, 3), sweep(&lab, 3), sweep(&lab, 3)], [3, 2, 0]);
        assert!(find(&lab, &young.token).is_some());
        assert_eq!(number(&lab, sql!("select count(*) from session"), args![]), 1);
    }

    fn failed_sign_ins_are_noted(lab) {
        let cast = Cast::of(&lab);
        for (why, action) in [(SignInFailure::Password, 1013), (SignInFailure::Blocked, 1023), (SignInFailure::Code, 1025)] {
            let call = lab.call(&cast.user);
            let said = audited_by(&lab, || lab.write(&call, move |tx| sessions::note_failure(tx, None, "who", why)).unwrap());
            assert_eq!(said, [action]);
        }
    }

    fn sessions_of_an_account_end_together_but_for_one(lab) {
        let cast = Cast::of(&lab);
        let (kept, ended, others) = (open(&lab, &cast.user), open(&lab, &cast.user), open(&lab, &cast.guest));
        let before = lab.store.generation().now();
        let (call, user, except) = (lab.call(&cast.user), cast.user.id, kept.id);
        lab.write(&call.clone(), move |tx| sessions::end_all_of(tx, &call, user, Some(except))).unwrap();
        assert!(lab.store.generation().now() > before, "what is remembered of them is stale");
        assert!(find(&lab, &ended.token).is_none());
        assert!(find(&lab, &kept.token).is_some() && find(&lab, &others.token).is_some());
        let call = lab.call(&cast.admin);
        lab.write(&call.clone(), move |tx| sessions::end_all(tx, &call)).unwrap();
        assert!(find(&lab, &kept.token).is_none() && find(&lab, &others.token).is_none());
    }

    fn sessions_are_ended_by_their_account_and_administrators(lab) {
        let cast = Cast::of(&lab);
        let end = |by: &Person, opened: &Opened| {
            let (call, id) = (lab.call(by), opened.id);
            lab.write(&call.clone(), move |tx| sessions::end(tx, &call, id))
        };
        let one = open(&lab, &cast.user);
        assert_eq!(end(&cast.guest, &one).unwrap_err().kind(), Kind::NotYours);
        assert_eq!(audited_by(&lab, || assert!(end(&cast.user, &one).unwrap())), [4035]);
        assert!(!end(&cast.user, &one).unwrap(), "it is over");
        assert!(!end(&cast.user, &Opened { id: SessionId(9999), ..one }).unwrap(), "unknown");
        let two = open(&lab, &cast.user);
        assert!(end(&cast.admin, &two).unwrap());
        let all = |by: &Person, user: UserId| {
            let call = lab.call(by);
            lab.write(&call.clone(), move |tx| sessions::end_by_hand(tx, &call, user))
        };
        assert_eq!(all(&cast.user, cast.guest.id).unwrap_err().kind(), Kind::NotYours);
        assert_eq!(audited_by(&lab, || all(&cast.admin, cast.user.id).unwrap()), [4036]);
    }

    fn limited_sessions_last_as_long_as_they_may(lab) {
        let cast = Cast::of(&lab);
        let call = lab.call(&cast.admin);
        let limits = CookieSettings { minutes: 5, enabled: true };
        lab.write(&call.clone(), move |tx| portal_settings::change(tx, &call, &limits, SettingsEvent::Cookie)).unwrap();
        let opened = open(&lab, &cast.user);
        assert_eq!(opened.expires_at, lab.now().plus(5 * 60 * SECOND));
        let (portal, id, now) = (lab.portal().id, opened.id, lab.now());
        let left = lab.read(move |conn| sessions::time_left(conn, portal, id, now)).unwrap();
        assert_eq!(left, Some(5 * 60 * SECOND));
    }
}
