//! Owners of rooms, and what becomes of rooms and roles when an account changes or goes (rooms.md §7.2, §15).

use db::{args, sql};
use domain::Kind::{RoomNotEditable, RoomNotReadable, RoomOperationDenied, UserNotSelectable};
use domain::ids::{EntryId, UserId};
use domain::people::{self, PENDING, Person, UserKind};
use domain::rooms::{self, Filter, NewRoom, RoomKind, Subject, View};
use domain::{Kind, Result};
use testkit::Lab;

use crate::cast::{
    Cast, all, archive, audited_by, create, delete, get, list, new_room, number, outcome, rename, room,
    share, titles,
};

fn change_owner(lab: &Lab, person: &Person, ids: &[EntryId], to: UserId) -> Result<Vec<View>> {
    let (call, ids) = (lab.call(person), ids.to_vec());
    lab.write(&call.clone(), move |tx| rooms::change_owner(tx, &call, &ids, to))
}

/// The account as another type, as it is when the verbs for accounts are called.
fn retype(lab: &Lab, person: &Person, kind: UserKind) -> Person {
    let (portal, id) = (lab.portal(), person.id);
    lab.store
        .upkeep_blocking(move |tx| {
            tx.exec(
                sql!("update person set kind = $3 where portal_id = $1 and id = $2"),
                args![portal.id, id, kind as i64],
            )?;
            Ok(people::find(tx, &portal, id)?.unwrap())
        })
        .unwrap()
}

fn upkeep<T: Send + 'static>(
    lab: &Lab,
    unit: impl Fn(&mut domain::Tx<'_>) -> Result<T> + Send + 'static,
) -> T {
    lab.store.upkeep_blocking(unit).unwrap()
}

testkit::on_both_engines! {
    fn owners_change(lab) {
        let cast = Cast::of(&lab);
        let id = room(&lab, &cast.creator, "Room");
        share(&lab, id, &cast.stranger, 9);
        let said = audited_by(&lab, || {
            let views = change_owner(&lab, &cast.creator, &[id, EntryId(99_999)], cast.stranger.id).unwrap();
            assert_eq!((views.len(), views[0].seen.access, views[0].seen.room.created_by), (1, Some(9), cast.stranger.id));
        });
        assert_eq!(said, [5159]);
        assert_eq!(get(&lab, &cast.stranger, id).unwrap().seen.access, Some(0));
        assert_eq!(outcome(change_owner(&lab, &cast.creator, &[id], cast.creator.id)), Some(RoomOperationDenied));
        let said = audited_by(&lab, || assert_eq!(change_owner(&lab, &cast.admin, &[id], cast.stranger.id).unwrap().len(), 1));
        assert_eq!(said, [0; 0], "his already");
        // An administrator may, and may take it himself.
        change_owner(&lab, &cast.admin, &[id], cast.admin.id).unwrap();
        for person in [&cast.creator, &cast.stranger] {
            assert_eq!((get(&lab, person, id).unwrap().seen.access, list(&lab, person, all()).total), (Some(9), 1));
        }
        rename(&lab, &cast.admin, id, "Mine").unwrap();
        archive(&lab, &cast.admin, id).unwrap();
        assert_eq!(outcome(change_owner(&lab, &cast.admin, &[id], cast.stranger.id)), Some(RoomOperationDenied), "archived");
        delete(&lab, &cast.admin, id).unwrap();
        assert_eq!(change_owner(&lab, &cast.admin, &[id], cast.stranger.id).unwrap().len(), 0);
    }

    fn owners_are_those_who_may_have_rooms(lab) {
        let cast = Cast::of(&lab);
        let id = room(&lab, &cast.creator, "Room");
        share(&lab, id, &cast.user, 11);
        share(&lab, id, &cast.stranger, 9);
        let waiting = lab.person(UserKind::RoomAdmin, "wanda");
        upkeep(&lab, {
            let (portal, id) = (lab.portal().id, waiting.id);
            move |tx| Ok(tx.exec(sql!("update person set status = $3 where portal_id = $1 and id = $2"), args![portal, id, PENDING])?)
        });
        let nobody: UserId = "00000000-0000-4000-8000-000000000000".parse().unwrap();
        for to in [cast.user.id, cast.guest.id, waiting.id, nobody] {
            assert_eq!(outcome(change_owner(&lab, &cast.creator, &[id], to)), Some(UserNotSelectable));
            assert_eq!(outcome(change_owner(&lab, &cast.user, &[], to)), Some(UserNotSelectable), "checked first");
        }
        for person in [&cast.user, &cast.stranger, &cast.guest] {
            let tried = change_owner(&lab, person, &[id], cast.admin.id);
            assert_eq!(outcome(tried), Some(RoomOperationDenied), "{:?}", person.kind);
        }
    }

    fn demoted_creator_lists_what_he_can_open(lab) {
        let cast = Cast::of(&lab);
        let ids = ["One", "Two", "Three"].map(|name| room(&lab, &cast.creator, name));
        let other = room(&lab, &cast.stranger, "Other");
        share(&lab, other, &cast.creator, 9);
        archive(&lab, &cast.creator, ids[2]).unwrap();
        let demoted = retype(&lab, &cast.creator, UserKind::User);
        assert_eq!(outcome(get(&lab, &demoted, ids[0])), Some(RoomNotReadable));
        let found = list(&lab, &demoted, all());
        assert_eq!((titles(&found), found.total), (vec!["Other"], 1));
        let found = list(&lab, &demoted, Filter { area: rooms::Area::Any, text: Some("t".to_owned()), ..all() });
        assert_eq!((titles(&found), found.total), (vec!["Other"], 1));
        // He is left with less, a few rooms at a time.
        let portal = lab.portal().id;
        let (from, to) = (demoted.clone(), cast.admin.id);
        let give = move |tx: &mut domain::Tx<'_>| rooms::give_all(tx, portal, &from, to, 2);
        let owns = |person: &Person| {
            let id = person.id;
            lab.read(move |conn| rooms::owns_any(conn, portal, id)).unwrap()
        };
        assert!(owns(&demoted) && !owns(&cast.admin));
        assert!(!upkeep(&lab, give.clone()), "there is more");
        assert!(upkeep(&lab, give), "that was all");
        assert!(!owns(&demoted) && owns(&cast.admin));
        let lowered = demoted.clone();
        assert!(upkeep(&lab, move |tx| rooms::lower_managers(tx, portal, &lowered, 10)));
        for id in ids.iter().chain([&other]) {
            assert_eq!(get(&lab, &demoted, *id).unwrap().seen.access, Some(11), "content creator in all of them");
        }
        assert_eq!(outcome(rename(&lab, &demoted, other, "Mine")), Some(RoomNotEditable));
        let everything = Filter { area: rooms::Area::Any, ..all() };
        assert_eq!(list(&lab, &demoted, everything.clone()).total, 4);
        assert_eq!(number(&lab, sql!("select members_count from room where id = $1"), &[db::Value::Int(ids[0].0)]), 1);
        // And with nothing, when he goes.
        let subject = Subject::Person(demoted.id);
        while !upkeep(&lab, move |tx| rooms::drop_subject(tx, portal, subject, 2)) {}
        assert_eq!(list(&lab, &demoted, everything).total, 0);
        assert_eq!(number(&lab, sql!("select members_count from room where id = $1"), &[db::Value::Int(ids[0].0)]), 0);
    }

    fn what_one_is_left_with_fits_the_type_one_becomes(lab) {
        let cast = Cast::of(&lab);
        let agent = |person: &Person| create(&lab, person, NewRoom { kind: RoomKind::Agent, ..new_room("Agent") }).unwrap().seen.room.id;
        let (own, other) = (agent(&cast.creator), agent(&cast.stranger));
        share(&lab, other, &cast.creator, 9);
        let guest = retype(&lab, &cast.creator, UserKind::Guest);
        let (portal, to, from) = (lab.portal().id, cast.admin.id, guest.clone());
        assert!(upkeep(&lab, move |tx| Ok(rooms::give_all(tx, portal, &from, to, 5)? && rooms::lower_managers(tx, portal, &from, 5)?)));
        for id in [own, other] {
            assert_eq!(get(&lab, &guest, id).unwrap().seen.access, Some(2));
        }
        let same = lab.call(&cast.admin);
        let nothing = lab.write(&same, move |tx| rooms::give_all(tx, portal, &guest, guest.id, 5)).unwrap();
        assert!(nothing, "to oneself");
    }

    fn owner_who_is_no_admin_any_more_is_left_with_a_role_that_fits(lab) {
        let cast = Cast::of(&lab);
        let id = room(&lab, &cast.creator, "Room");
        let demoted = retype(&lab, &cast.creator, UserKind::User);
        change_owner(&lab, &cast.admin, &[id], cast.stranger.id).unwrap();
        assert_eq!(get(&lab, &demoted, id).unwrap().seen.access, Some(11));
        let refused: Result<()> = Err(Kind::RoomNotEditable.into());
        assert_eq!(outcome(rename(&lab, &demoted, id, "Mine")), outcome(refused));
    }
}
