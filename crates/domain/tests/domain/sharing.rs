//! Whatever happens to people, groups and rooms: what somebody can list is exactly what he can open.

use db::{args, sql};
use domain::ids::{EntryId, GroupId};
use domain::people::{Person, UserKind};
use domain::rooms::{self, Area, Filter, Invitation, Invitations, Subject};
use proptest::prelude::*;
use testkit::{Engine, Lab};

use crate::cast::{all, archive, delete, get, group, list, number, rename, room, share, unarchive};

#[derive(Debug, Clone, Copy)]
enum Deed {
    Create,
    Rename,
    Archive,
    Unarchive,
    Delete,
    ShareWithPerson,
    ShareWithGroup,
    Leave,
    Join,
    Part,
    Retype,
    ChangeOwner,
    GiveAll,
    LowerManagers,
    DropPerson,
    DropGroup,
}

const KINDS: [UserKind; 4] = [UserKind::DocSpaceAdmin, UserKind::RoomAdmin, UserKind::User, UserKind::Guest];
const ROLES: [i64; 8] = [9, 11, 10, 7, 5, 6, 2, 0];

/// A deed, who does it, to which room, with whom, and how.
type Step = (Deed, usize, usize, usize, usize);

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let deed = prop_oneof![
        2 => Just(Deed::Create),
        1 => Just(Deed::Rename),
        1 => Just(Deed::Archive),
        1 => Just(Deed::Unarchive),
        1 => Just(Deed::Delete),
        6 => Just(Deed::ShareWithPerson),
        6 => Just(Deed::ShareWithGroup),
        4 => Just(Deed::Leave),
        3 => Just(Deed::Join),
        1 => Just(Deed::Part),
        2 => Just(Deed::Retype),
        2 => Just(Deed::ChangeOwner),
        1 => Just(Deed::GiveAll),
        1 => Just(Deed::LowerManagers),
        1 => Just(Deed::DropPerson),
        1 => Just(Deed::DropGroup),
    ];
    prop::collection::vec((deed, 0..5_usize, any::<usize>(), 0..5_usize, 0..8_usize), 5..40)
}

struct World {
    lab: Lab,
    people: Vec<Person>,
    groups: Vec<GroupId>,
    rooms: Vec<EntryId>,
}

impl World {
    fn new(engine: Engine) -> Self {
        let lab = Lab::new(engine);
        let kinds = [KINDS[0], KINDS[1], KINDS[1], KINDS[2], KINDS[3]];
        let people: Vec<Person> =
            kinds.iter().enumerate().map(|(number, kind)| lab.person(*kind, &format!("p{number}"))).collect();
        let groups = vec![group(&lab, "One", &[&people[2], &people[3]]), group(&lab, "Two", &[&people[3]])];
        // Two rooms that groups are in, so that little has to happen before something can go wrong.
        let rooms: Vec<EntryId> =
            ["First", "Second"].iter().map(|name| room(&lab, &people[1], name)).collect();
        let world = Self { lab, people, groups, rooms };
        for (room, group) in world.rooms.iter().zip(&world.groups) {
            world.share(&world.people[1], *room, group.as_str(), 2);
        }
        world
    }

    /// Runs a unit that is no caller's; it works.
    fn upkeep(&self, unit: impl Fn(&mut domain::Tx<'_>) -> domain::Result<()> + Send + 'static) {
        self.lab.store.upkeep_blocking(unit).unwrap();
    }

    /// Tries to share as somebody; refusals are fine, mistakes of ours aren't.
    fn share(&self, by: &Person, id: EntryId, subject: &str, access: i64) {
        let call = self.lab.call(by);
        let item = Invitation { id: Some(subject.parse().unwrap()), email: None, access };
        let wanted = Invitations { items: vec![item], notify: false, culture: None };
        let shared = self.lab.write(&call.clone(), move |tx| rooms::share(tx, &call, id, &wanted));
        assert!(shared.err().is_none_or(|problem| problem.kind().entry().status < 500));
    }

    fn act(&mut self, (deed, who, which, with, how): Step) {
        // So that dates differ.
        self.lab.advance(1_000_000);
        let portal = self.lab.portal().id;
        let (person, other) = (self.people[who].clone(), self.people[with].clone());
        let group = self.groups[with % 2];
        if let Deed::Create = deed {
            if person.kind.makes_rooms() {
                self.rooms.push(room(&self.lab, &person, &format!("Room {how}")));
            }
            return;
        }
        match deed {
            Deed::Join => self.upkeep(move |tx| {
                tx.exec(
                    sql!(
                        "insert into group_member (portal_id, group_id, user_id) values ($1, $2, $3)
                         on conflict (portal_id, group_id, user_id) do nothing"
                    ),
                    args![portal, group, person.id],
                )?;
                Ok(())
            }),
            Deed::Part => self.upkeep(move |tx| {
                tx.exec(
                    sql!("delete from group_member where portal_id = $1 and group_id = $2 and user_id = $3"),
                    args![portal, group, person.id],
                )?;
                Ok(())
            }),
            Deed::Retype => {
                let (id, kind) = (person.id, KINDS[how % 4]);
                self.upkeep(move |tx| {
                    tx.exec(
                        sql!("update person set kind = $3 where portal_id = $1 and id = $2"),
                        args![portal, id, kind as i64],
                    )?;
                    Ok(())
                });
                self.people[who].kind = kind;
            }
            Deed::GiveAll if other.kind.makes_rooms() => {
                self.upkeep(move |tx| rooms::give_all(tx, portal, &person, other.id, 2).map(drop));
            }
            Deed::LowerManagers => {
                self.upkeep(move |tx| rooms::lower_managers(tx, portal, &person, 2).map(drop));
            }
            Deed::DropPerson => {
                let subject = Subject::Person(person.id);
                self.upkeep(move |tx| rooms::drop_subject(tx, portal, subject, 2).map(drop));
            }
            Deed::DropGroup => {
                let subject = Subject::Group(group);
                self.upkeep(move |tx| rooms::drop_subject(tx, portal, subject, 2).map(drop));
            }
            deed => self.act_on_room(deed, &person, which, &other, how),
        }
    }

    fn act_on_room(&mut self, deed: Deed, person: &Person, which: usize, other: &Person, how: usize) {
        let Some(at) = which.checked_rem(self.rooms.len()) else { return };
        let (lab, id) = (&self.lab, self.rooms[at]);
        match deed {
            Deed::Rename => drop(rename(lab, person, id, &format!("Other {how}"))),
            Deed::Archive => drop(archive(lab, person, id)),
            Deed::Unarchive => drop(unarchive(lab, person, id)),
            Deed::Delete => drop(delete(lab, person, id)),
            Deed::ShareWithPerson => self.share(person, id, other.id.as_str(), ROLES[how]),
            Deed::ShareWithGroup => self.share(person, id, self.groups[which % 2].as_str(), ROLES[how]),
            Deed::Leave => {
                let call = lab.call(person);
                lab.write(&call.clone(), move |tx| rooms::leave(tx, &call, &[id])).unwrap();
            }
            Deed::ChangeOwner => {
                let (call, to) = (lab.call(person), other.id);
                let changed =
                    lab.write(&call.clone(), move |tx| rooms::change_owner(tx, &call, &[id], to).map(drop));
                assert!(changed.err().is_none_or(|problem| problem.kind().entry().status < 500));
            }
            _ => {}
        }
    }

    fn check(&self) -> Result<(), TestCaseError> {
        for person in &self.people {
            for area in [Area::Active, Area::Archive, Area::Any] {
                for sort in [0, 1, 3, 6] {
                    for descending in [false, true] {
                        let filter = Filter { area, sort: Some(sort), descending, ..all() };
                        self.check_list(person, &filter)?;
                    }
                }
            }
            let listed = list(&self.lab, person, Filter { area: Area::Any, ..all() });
            let mut found: Vec<EntryId> = listed.rooms.iter().map(|view| view.seen.room.id).collect();
            found.sort();
            let mut opened: Vec<EntryId> =
                self.rooms.iter().copied().filter(|id| get(&self.lab, person, *id).is_ok()).collect();
            opened.sort();
            prop_assert_eq!(&found, &opened, "{:?} {}", person.kind, &person.first_name);
            for view in &listed.rooms {
                let one = get(&self.lab, person, view.seen.room.id).unwrap().seen;
                prop_assert_eq!((view.seen.access, view.seen.in_room), (one.access, one.in_room));
            }
        }
        let kept =
            sql!("select cast(coalesce(sum(members_count), 0) as bigint) from room where section <> 0");
        let there = sql!(
            "select count(*) from shelf s join room r on r.portal_id = s.portal_id and r.id = s.room_id
             where r.section <> 0 and s.access not in (0, 3)"
        );
        prop_assert_eq!(
            number(&self.lab, kept, args![]),
            number(&self.lab, there, args![]),
            "members counted"
        );
        Ok(())
    }

    /// A list is as long as it says, and pages, filters and orders don't change what it holds.
    fn check_list(&self, person: &Person, filter: &Filter) -> Result<(), TestCaseError> {
        let ids = |filter: Filter| {
            let found = list(&self.lab, person, filter);
            let ids: Vec<EntryId> = found.rooms.iter().map(|view| view.seen.room.id).collect();
            (ids, found.total)
        };
        let (whole, total) = ids(filter.clone());
        prop_assert_eq!(i64::try_from(whole.len()).unwrap(), total, "{:?} {:?}", person.kind, filter);
        // A filter that everything passes takes another way.
        let (filtered, counted) = ids(Filter { kinds: vec![5], ..filter.clone() });
        prop_assert_eq!((&filtered, counted), (&whole, total), "{:?} {:?}", person.kind, filter);
        let mut paged = Vec::new();
        for start in (0..total).step_by(2) {
            paged.extend(ids(Filter { start, count: 2, ..filter.clone() }).0);
        }
        prop_assert_eq!(&paged, &whole, "{:?} {:?}", person.kind, filter);
        Ok(())
    }
}

fn what_is_listed_can_be_opened(engine: Engine, steps: Vec<Step>) -> Result<(), TestCaseError> {
    let mut world = World::new(engine);
    for step in steps {
        world.act(step);
    }
    world.check()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_listed_can_be_opened_and_nothing_else_sqlite(steps in steps()) {
        what_is_listed_can_be_opened(Engine::Sqlite, steps)?;
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 6, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_listed_can_be_opened_and_nothing_else_postgres(steps in steps()) {
        what_is_listed_can_be_opened(Engine::Postgres, steps)?;
    }
}

testkit::on_both_engines! {
    fn greater_role_of_a_group_never_loses_a_right(lab) {
        let creator = lab.person(UserKind::RoomAdmin, "carl");
        let members = KINDS.map(|kind| lab.person(kind, kind.name()));
        let everyone: Vec<&Person> = members.iter().collect();
        let (crew, team) = (group(&lab, "Crew", &everyone), group(&lab, "Team", &everyone));
        let id = room(&lab, &creator, "Room");
        let give = |group: GroupId, access: i64| {
            let call = lab.call(&creator);
            let item = Invitation { id: Some(group.as_str().parse().unwrap()), email: None, access };
            let wanted = Invitations { items: vec![item], notify: false, culture: None };
            lab.write(&call.clone(), move |tx| rooms::share(tx, &call, id, &wanted)).unwrap();
        };
        let mut before = members.clone().map(|person| get(&lab, &person, id).ok().map(|view| view.seen.rights));
        for (group, access) in [(crew, 2), (team, 2), (team, 6), (crew, 11), (team, 0), (team, 2), (crew, 11)] {
            give(group, access);
            for (person, before) in members.iter().zip(&mut before) {
                let now = get(&lab, person, id).unwrap().seen.rights;
                let had = before.unwrap_or_default();
                assert_eq!(had | now, now, "{:?}: {access}", person.kind);
                *before = Some(now);
            }
        }
        // A record of one's own goes before all of them, if it gives less too.
        let user = &members[2];
        share(&lab, id, user, 2);
        assert_eq!(get(&lab, user, id).unwrap().seen.access, Some(2));
    }
}
