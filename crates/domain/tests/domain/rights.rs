//! Who sees which room, and who may do what with it (rooms.md §3.1, §4.2, §6).

use db::{args, sql};
use domain::Kind::{
    AccessDenied, RoomArchived, RoomCreateDenied, RoomDeleted, RoomDeletedForEdit, RoomNotEditable,
    RoomNotFound, RoomNotFoundForEdit, RoomNotReadable, Unauthenticated,
};
use domain::access::{Guarded as _, Right};
use domain::call::Caller;
use domain::ids::EntryId;
use domain::people::Person;
use domain::rooms::Section;
use domain::{Kind, rooms};
use testkit::Lab;

use crate::cast::{
    Cast, all, archive, create, delete, get, list, new_room, number, outcome, relocate, rename, room, share,
    titles,
};

/// What somebody is told who looks, renames, archives (or brings back) and deletes.
type Outcomes = [Option<Kind>; 4];

/// Tries all four on rooms made alike, so that none spoils the next.
fn tries(lab: &Lab, make: impl Fn() -> EntryId, person: &Person, to: Section) -> Outcomes {
    [
        outcome(get(lab, person, make())),
        outcome(rename(lab, person, make(), "Renamed")),
        outcome(relocate(lab, person, make(), to)),
        outcome(delete(lab, person, make())),
    ]
}

const ALL: Outcomes = [None; 4];

testkit::on_both_engines! {
    fn active_room_is_its_creators(lab) {
        let cast = Cast::of(&lab);
        let make = || room(&lab, &cast.creator, "Room");
        let tried = |person| tries(&lab, make, person, Section::Archive);
        assert_eq!(tried(&cast.creator), ALL);
        assert_eq!(tried(&cast.admin), [None, Some(RoomNotEditable), None, Some(AccessDenied)]);
        for person in cast.outsiders() {
            let denied = [Some(RoomNotReadable), Some(RoomNotEditable), Some(RoomNotReadable), Some(AccessDenied)];
            assert_eq!(tried(person), denied, "{:?}", person.kind);
        }
    }

    fn archived_room_is_only_brought_back_or_deleted(lab) {
        let cast = Cast::of(&lab);
        let make = || {
            let id = room(&lab, &cast.creator, "Room");
            archive(&lab, &cast.creator, id).unwrap();
            id
        };
        let tried = |person| tries(&lab, make, person, Section::Rooms);
        for person in [&cast.creator, &cast.admin] {
            assert_eq!(tried(person), [None, Some(RoomArchived), None, None], "{:?}", person.kind);
        }
        for person in cast.outsiders() {
            let denied = [Some(RoomNotReadable), Some(RoomNotEditable), Some(RoomNotReadable), Some(AccessDenied)];
            assert_eq!(tried(person), denied, "{:?}", person.kind);
        }
    }

    fn members_role_says_what_he_may(lab) {
        let cast = Cast::of(&lab);
        for access in [9, 11, 10, 7, 5, 6, 2] {
            let edits = (access != 9).then_some(RoomNotEditable);
            for person in [&cast.user, &cast.guest, &cast.stranger] {
                let make = || {
                    let id = room(&lab, &cast.creator, "Room");
                    share(&lab, id, person, access);
                    id
                };
                let expected = [None, edits, Some(AccessDenied), Some(AccessDenied)];
                assert_eq!(tries(&lab, make, person, Section::Archive), expected, "access {access}");
                let archived = || {
                    let id = make();
                    archive(&lab, &cast.creator, id).unwrap();
                    id
                };
                let expected = [None, Some(RoomArchived), Some(AccessDenied), Some(AccessDenied)];
                assert_eq!(tries(&lab, archived, person, Section::Rooms), expected, "archived, access {access}");
            }
        }
    }

    fn admin_who_manages_a_room_has_both_rights(lab) {
        let cast = Cast::of(&lab);
        let make = || {
            let id = room(&lab, &cast.creator, "Room");
            share(&lab, id, &cast.admin, 9);
            id
        };
        assert_eq!(tries(&lab, make, &cast.admin, Section::Archive), [None, None, None, Some(AccessDenied)]);
    }

    fn admin_owns_the_rooms_he_creates(lab) {
        let cast = Cast::of(&lab);
        let make = || room(&lab, &cast.admin, "Room");
        assert_eq!(tries(&lab, make, &cast.admin, Section::Archive), ALL);
    }

    fn deleted_room_says_so_to_everybody_and_for_ever(lab) {
        let cast = Cast::of(&lab);
        let id = room(&lab, &cast.creator, "Room");
        delete(&lab, &cast.creator, id).unwrap();
        let expected = [Some(RoomDeleted), Some(RoomDeletedForEdit), Some(RoomDeleted), Some(RoomDeleted)];
        for person in cast.everybody() {
            assert_eq!(tries(&lab, || id, person, Section::Archive), expected, "{:?}", person.kind);
        }
        lab.drain_jobs().unwrap();
        assert_eq!(number(&lab, sql!("select count(*) from room"), args![]), 0, "its row is purged");
        for person in cast.everybody() {
            assert_eq!(tries(&lab, || id, person, Section::Rooms), expected, "purged, {:?}", person.kind);
        }
    }

    fn room_that_never_was_is_not_found(lab) {
        let cast = Cast::of(&lab);
        let expected = [Some(RoomNotFound), Some(RoomNotFoundForEdit), Some(RoomNotFound), Some(RoomNotFound)];
        for id in [EntryId(999_999), EntryId(0), EntryId(-1), EntryId(i64::MAX)] {
            assert_eq!(tries(&lab, || id, &cast.admin, Section::Archive), expected, "{id}");
        }
    }

    fn sections_root_is_no_room(lab) {
        let cast = Cast::of(&lab);
        let portal = lab.portal();
        let expected = [Some(RoomNotFound), Some(RoomNotEditable), Some(AccessDenied), Some(AccessDenied)];
        for id in [portal.rooms_root, portal.archive_root, portal.templates_root] {
            assert_eq!(tries(&lab, || id, &cast.admin, Section::Archive), expected, "{id}");
        }
    }

    fn users_and_guests_create_no_rooms(lab) {
        let cast = Cast::of(&lab);
        for (person, expected) in [
            (&cast.admin, None),
            (&cast.creator, None),
            (&cast.user, Some(RoomCreateDenied)),
            (&cast.guest, Some(RoomCreateDenied)),
        ] {
            assert_eq!(outcome(create(&lab, person, new_room("Room"))), expected, "{:?}", person.kind);
        }
        assert_eq!(list(&lab, &cast.admin, all()).total, 2);
    }

    fn caller_without_account_is_told_nothing(lab) {
        let cast = Cast::of(&lab);
        let id = room(&lab, &cast.creator, "Room");
        let mut call = lab.call(&cast.creator);
        call.caller = Caller::Anyone;
        for id in [id, EntryId(999_999)] {
            let (by_get, by_list) = (call.clone(), call.clone());
            assert_eq!(outcome(lab.read(move |conn| rooms::get(conn, &by_get, id))), Some(Unauthenticated));
            assert_eq!(outcome(lab.read(move |conn| rooms::list(conn, &by_list, &all()))), Some(Unauthenticated));
        }
        let by_create = call.clone();
        let created = lab.write(&call, move |tx| rooms::create(tx, &by_create, &new_room("Room")));
        assert_eq!(outcome(created), Some(Unauthenticated));
    }

    fn list_holds_what_its_reader_can_open(lab) {
        let cast = Cast::of(&lab);
        let ids: Vec<EntryId> =
            ["One", "Two", "Three", "Four"].iter().map(|name| room(&lab, &cast.creator, name)).collect();
        let own = room(&lab, &cast.stranger, "Own");
        share(&lab, ids[1], &cast.stranger, 2);
        share(&lab, ids[2], &cast.user, 9);
        share(&lab, ids[3], &cast.guest, 6);
        archive(&lab, &cast.creator, ids[3]).unwrap();
        let both = rooms::Filter { area: rooms::Area::Any, ..all() };
        for person in cast.everybody() {
            let mut listed: Vec<EntryId> =
                list(&lab, person, both.clone()).rooms.iter().map(|view| view.seen.room.id).collect();
            listed.sort();
            let mut opened: Vec<EntryId> =
                ids.iter().copied().chain([own]).filter(|id| get(&lab, person, *id).is_ok()).collect();
            opened.sort();
            assert_eq!(listed, opened, "{}", person.first_name);
        }
        assert_eq!(titles(&list(&lab, &cast.user, all())), ["Three"]);
        assert_eq!(titles(&list(&lab, &cast.guest, all())), [""; 0]);
    }

    fn what_a_reply_shows_is_what_may_be_done(lab) {
        let cast = Cast::of(&lab);
        let id = room(&lab, &cast.creator, "Room");
        share(&lab, id, &cast.user, 9);
        share(&lab, id, &cast.guest, 2);
        for person in [&cast.creator, &cast.admin, &cast.user, &cast.guest] {
            let rights = get(&lab, person, id).unwrap().seen.rights();
            assert!(rights.has(Right::Read));
            assert_eq!(rights.has(Right::Rename), rename(&lab, person, id, "Renamed").is_ok(), "{:?}", person.kind);
            let listed = &list(&lab, person, all()).rooms[0];
            assert!(listed.seen.rights().has(Right::Mute), "lists show it to everybody: {:?}", person.kind);
            assert_eq!(rights.has(Right::Mute), person.kind != cast.admin.kind);
        }
    }

    fn share_record_is_shown_as_access(lab) {
        let cast = Cast::of(&lab);
        let id = room(&lab, &cast.creator, "Room");
        share(&lab, id, &cast.user, 9);
        for (person, access) in [(&cast.creator, Some(0)), (&cast.user, Some(9)), (&cast.admin, None)] {
            assert_eq!(get(&lab, person, id).unwrap().seen.access, access);
            assert_eq!(list(&lab, person, all()).rooms[0].seen.access, access);
        }
    }
}
