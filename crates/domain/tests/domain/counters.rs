//! Totals come from counters: they say what is listed, whatever happened before.

use domain::ids::EntryId;
use domain::people::{Person, UserKind};
use domain::rooms::{Area, Filter};
use proptest::prelude::*;
use testkit::{Engine, Lab};

use crate::cast::{all, archive, delete, list, rename, room, share, unarchive};

#[derive(Debug, Clone, Copy)]
enum Deed {
    Create,
    Rename,
    Archive,
    Unarchive,
    Delete,
    Share,
    DrainJobs,
}

fn deeds() -> impl Strategy<Value = Vec<(Deed, usize, usize)>> {
    let deed = prop_oneof![
        4 => Just(Deed::Create),
        2 => Just(Deed::Rename),
        3 => Just(Deed::Archive),
        2 => Just(Deed::Unarchive),
        2 => Just(Deed::Delete),
        2 => Just(Deed::Share),
        1 => Just(Deed::DrainJobs),
    ];
    prop::collection::vec((deed, 0..4_usize, any::<usize>()), 1..40)
}

/// A room as the model has it: who has it, whether it is in the archive.
struct Known {
    id: EntryId,
    holders: Vec<usize>,
    archived: bool,
}

/// Does it, when the verbs allow it, to the model too.
fn act(lab: &Lab, people: &[Person], known: &mut Vec<Known>, (deed, who, which): (Deed, usize, usize)) {
    let person = &people[who];
    if let Deed::Create = deed {
        if person.kind.makes_rooms() {
            known.push(Known { id: room(lab, person, "Room"), holders: vec![who], archived: false });
        }
        return;
    }
    if let Deed::DrainJobs = deed {
        return lab.drain_jobs().unwrap();
    }
    let Some(at) = which.checked_rem(known.len()) else { return };
    let id = known[at].id;
    match deed {
        Deed::Rename => drop(rename(lab, person, id, "Other")),
        Deed::Archive if archive(lab, person, id).is_ok() => known[at].archived = true,
        Deed::Unarchive if unarchive(lab, person, id).is_ok() => known[at].archived = false,
        Deed::Delete if delete(lab, person, id).is_ok() => drop(known.remove(at)),
        Deed::Share if !known[at].holders.contains(&who) => {
            share(lab, id, person, 2);
            known[at].holders.push(who);
        }
        _ => {}
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn totals_are_what_is_listed(deeds in deeds()) {
        let lab = Lab::new(Engine::Sqlite);
        let kinds = [UserKind::DocSpaceAdmin, UserKind::RoomAdmin, UserKind::RoomAdmin, UserKind::User];
        let people: Vec<Person> =
            kinds.iter().enumerate().map(|(number, kind)| lab.person(*kind, &format!("p{number}"))).collect();
        let mut known = Vec::new();
        for deed in deeds {
            act(&lab, &people, &mut known, deed);
        }
        for (who, person) in people.iter().enumerate() {
            for (area, archived) in [(Area::Active, Some(false)), (Area::Archive, Some(true)), (Area::Any, None)] {
                let found = list(&lab, person, Filter { area, ..all() });
                let mut listed: Vec<EntryId> = found.rooms.iter().map(|view| view.seen.room.id).collect();
                listed.sort();
                let mut expected: Vec<EntryId> = known
                    .iter()
                    .filter(|room| archived.is_none_or(|archived| room.archived == archived))
                    .filter(|room| person.is_admin() || room.holders.contains(&who))
                    .map(|room| room.id)
                    .collect();
                expected.sort();
                prop_assert_eq!(found.total, i64::try_from(expected.len()).unwrap(), "{:?} of person {}", area, who);
                prop_assert_eq!(listed, expected, "{:?} of person {}", area, who);
            }
        }
    }
}
