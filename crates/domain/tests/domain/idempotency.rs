//! A request sent twice is carried out once (deviations.md 13).

use domain::Kind::{AlreadyDone, IdempotencyConflict, Unauthenticated};
use domain::Result;
use domain::call::Caller;
use domain::idempotency::{self, Kept, Ticket};
use domain::people::Person;
use domain::time::DAY;
use testkit::Lab;

use crate::cast::{Cast, outcome};

const FIRST: Ticket = Ticket { key: [1; 32], request: [1; 32] };
const SAME_KEY: Ticket = Ticket { key: [1; 32], request: [2; 32] };
const OTHER_KEY: Ticket = Ticket { key: [2; 32], request: [1; 32] };

fn find(lab: &Lab, person: &Person, ticket: Ticket) -> Result<Option<String>> {
    let call = lab.call(person);
    lab.write(&call.clone(), move |tx| idempotency::find(tx, &call, &ticket))
}

fn keep(lab: &Lab, person: &Person, ticket: Ticket, kept: Kept) {
    let call = lab.call(person);
    lab.write(&call.clone(), move |tx| idempotency::keep(tx, &call, &ticket, &kept)).unwrap();
}

fn reply(text: &str) -> Kept {
    Kept::Reply(text.into())
}

fn sweep(lab: &Lab, limit: i64) -> u64 {
    lab.store.upkeep_blocking(move |tx| idempotency::sweep(tx, limit)).unwrap()
}

testkit::on_both_engines! {
    fn first_reply_is_given_again(lab) {
        let cast = Cast::of(&lab);
        assert_eq!(find(&lab, &cast.user, FIRST).unwrap(), None);
        keep(&lab, &cast.user, FIRST, reply("{\"id\":1}"));
        assert_eq!(find(&lab, &cast.user, FIRST).unwrap().as_deref(), Some("{\"id\":1}"));
        assert_eq!(find(&lab, &cast.user, FIRST).unwrap().as_deref(), Some("{\"id\":1}"), "any number of times");
    }

    fn key_of_another_request_is_a_conflict(lab) {
        let cast = Cast::of(&lab);
        keep(&lab, &cast.user, FIRST, reply("x"));
        assert_eq!(outcome(find(&lab, &cast.user, SAME_KEY)), Some(IdempotencyConflict));
        assert_eq!(find(&lab, &cast.user, OTHER_KEY).unwrap(), None);
    }

    fn keys_belong_to_their_caller(lab) {
        let cast = Cast::of(&lab);
        keep(&lab, &cast.user, FIRST, reply("x"));
        assert_eq!(find(&lab, &cast.guest, FIRST).unwrap(), None);
        keep(&lab, &cast.guest, FIRST, reply("y"));
        assert_eq!(find(&lab, &cast.user, FIRST).unwrap().as_deref(), Some("x"));
        let mut call = lab.call(&cast.user);
        call.caller = Caller::Anyone;
        let asked = lab.write(&call.clone(), move |tx| idempotency::find(tx, &call, &FIRST));
        assert_eq!(outcome(asked), Some(Unauthenticated));
    }

    fn reply_with_a_secret_is_told_by_its_id(lab) {
        let cast = Cast::of(&lab);
        keep(&lab, &cast.user, FIRST, Kept::Secret("key-7".into()));
        let refused = find(&lab, &cast.user, FIRST).unwrap_err();
        assert_eq!(refused.kind(), AlreadyDone);
        assert!(refused.message().contains("key-7"), "{refused}");
        assert_eq!(outcome(find(&lab, &cast.user, SAME_KEY)), Some(IdempotencyConflict));
    }

    fn reply_is_kept_for_a_day(lab) {
        let cast = Cast::of(&lab);
        keep(&lab, &cast.user, FIRST, reply("x"));
        lab.advance(DAY - 1);
        assert!(find(&lab, &cast.user, FIRST).unwrap().is_some());
        lab.advance(1);
        assert_eq!(find(&lab, &cast.user, FIRST).unwrap(), None);
        assert_eq!(find(&lab, &cast.user, SAME_KEY).unwrap(), None, "the key is free again");
        keep(&lab, &cast.user, SAME_KEY, reply("y"));
        assert_eq!(find(&lab, &cast.user, SAME_KEY).unwrap().as_deref(), Some("y"), "over what was not swept yet");
    }

    fn old_replies_are_swept_a_few_at_a_time(lab) {
        let cast = Cast::of(&lab);
        for number in 0..5 {
            keep(&lab, &cast.user, Ticket { key: [number; 32], request: [0; 32] }, reply("old"));
        }
        lab.advance(DAY / 2);
        keep(&lab, &cast.user, Ticket { key: [9; 32], request: [0; 32] }, reply("young"));
        assert_eq!(sweep(&lab, 3), 0);
        lab.advance(DAY / 2);
        assert_eq!([sweep(&lab, 3), sweep(&lab, 3), sweep(&lab, 3)], [3, 2, 0]);
        assert!(find(&lab, &cast.user, Ticket { key: [9; 32], request: [0; 32] }).unwrap().is_some());
    }
}
