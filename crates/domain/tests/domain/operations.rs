//! Finished file operations: kept until they are fetched (rooms.md §6, deviations.md 4).

use domain::Timestamp;
use domain::ids::{PortalId, UserId};
use domain::operations::{Operation, OperationKind, Operations};
use domain::rooms::{self, Section};
use domain::time::DAY;
use testkit::Lab;
use uuid::Uuid;

use crate::cast::{Cast, archive, delete, room, unarchive};

const NOON: Timestamp = Timestamp(1_000_000_000_000_000);
const PORTAL: PortalId = PortalId(1);

fn owner(number: u128) -> UserId {
    UserId::new(Uuid::from_u128(number))
}

fn operation(id: usize, at: Timestamp) -> Operation {
    Operation {
        id: id.to_string(),
        portal: PORTAL,
        owner: owner(1),
        kind: if id.is_multiple_of(2) { OperationKind::Move } else { OperationKind::Delete },
        processed: 1,
        room: None,
        section: None,
        at,
    }
}

fn ids(operations: &Operations, now: Timestamp) -> Vec<String> {
    operations.list(PORTAL, owner(1), now, |_| true).into_iter().map(|operation| operation.id).collect()
}

#[test]
fn operations_stay_until_they_are_forgotten() {
    let operations = Operations::default();
    (1..=3).for_each(|id| operations.put(operation(id, NOON)));
    assert_eq!(ids(&operations, NOON), ["1", "2", "3"], "the newest last");
    assert_eq!(ids(&operations, NOON), ["1", "2", "3"], "looking leaves them");
    operations.forget(PORTAL, owner(2), &["1".into()]);
    operations.forget(PortalId(2), owner(1), &["1".into()]);
    operations.forget(PORTAL, owner(1), &["3".into(), "2".into(), "9".into()]);
    assert_eq!(ids(&operations, NOON), ["1"], "only those that were named, of their owner");
    operations.forget(PORTAL, owner(1), &["1".into()]);
    assert_eq!(ids(&operations, NOON), [""; 0]);
}

#[test]
fn only_what_is_wanted_is_listed() {
    let operations = Operations::default();
    (1..=4).for_each(|id| operations.put(operation(id, NOON)));
    let deletions =
        operations.list(PORTAL, owner(1), NOON, |operation| operation.kind == OperationKind::Delete);
    assert_eq!(deletions.iter().map(|operation| operation.id.as_str()).collect::<Vec<_>>(), ["1", "3"]);
}

#[test]
fn operations_are_their_owners() {
    let operations = Operations::default();
    operations.put(operation(1, NOON));
    assert!(operations.list(PORTAL, owner(2), NOON, |_| true).is_empty());
    assert!(operations.list(PortalId(2), owner(1), NOON, |_| true).is_empty());
    assert_eq!(ids(&operations, NOON), ["1"]);
}

#[test]
fn a_hundred_are_kept_and_the_oldest_goes() {
    let operations = Operations::default();
    (1..=103).for_each(|id| operations.put(operation(id, NOON)));
    let kept = ids(&operations, NOON);
    assert_eq!((kept.len(), kept[0].as_str(), kept[99].as_str()), (100, "4", "103"));
}

#[test]
fn a_day_later_they_are_forgotten() {
    let operations = Operations::default();
    operations.put(operation(1, NOON));
    operations.put(operation(2, NOON.plus(5)));
    assert_eq!(ids(&operations, NOON.plus(DAY - 1)), ["1", "2"]);
    assert_eq!(ids(&operations, NOON.plus(DAY)), ["2"]);
    operations.sweep(NOON.plus(DAY + 5));
    assert_eq!(ids(&operations, NOON), [""; 0], "swept, whatever the time is now");
}

testkit::on_both_engines! {
    fn verbs_leave_their_operations_with_their_caller(lab) {
        let cast = Cast::of(&lab);
        let id = room(&lab, &cast.creator, "Room");
        let kept = |lab: &Lab, person: &domain::people::Person| {
            let all = lab.store.operations().list(lab.portal().id, person.id, lab.now(), |_| true);
            all.into_iter().map(|operation| operation.kind).collect::<Vec<_>>()
        };
        archive(&lab, &cast.admin, id).unwrap();
        unarchive(&lab, &cast.creator, id).unwrap();
        delete(&lab, &cast.creator, id).unwrap();
        assert_eq!(kept(&lab, &cast.admin), [OperationKind::Move]);
        assert_eq!(kept(&lab, &cast.creator), [OperationKind::Move, OperationKind::Delete]);
        assert!(delete(&lab, &cast.creator, id).is_err());
        assert_eq!(kept(&lab, &cast.creator).len(), 2, "a refusal leaves none");
    }

    fn operation_that_is_not_to_be_held_is_not_listed(lab) {
        let cast = Cast::of(&lab);
        let id = room(&lab, &cast.creator, "Room");
        let call = lab.call(&cast.creator);
        let done = lab.write(&call.clone(), move |tx| rooms::relocate(tx, &call, id, Section::Archive, false)).unwrap();
        assert_eq!(done.operation.processed, 1);
        assert!(lab.store.operations().list(lab.portal().id, cast.creator.id, lab.now(), |_| true).is_empty());
    }
}
