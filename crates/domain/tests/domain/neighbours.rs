//! Two portals in one database: whatever is asked in one, nothing of the other is told or touched.

use std::fmt::Debug;
use std::sync::Arc;

use db::{args, sql};
use domain::call::{Caller, Client, Via};
use domain::ids::{EntryId, GroupId, PortalId, UserId};
use domain::people::{self, NewPerson, Person, UserKind};
use domain::portals::{Founder, NewPortal, Portal, register};
use domain::rooms::{
    self, Area, Changes, Filter, Invitation, Invitations, MemberFilter, Rows, Section, Subject,
};
use domain::{Call, Kind, Result, Tx};
use proptest::prelude::*;
use testkit::{Engine, Lab};

use crate::cast::{all, new_room, title};

/// A portal with one account of each type, a group of all of them, and a room shared with both.
struct House {
    portal: Arc<Portal>,
    people: Vec<Person>,
    group: GroupId,
    room: EntryId,
}

const KINDS: [UserKind; 4] = [UserKind::DocSpaceAdmin, UserKind::RoomAdmin, UserKind::User, UserKind::Guest];

impl House {
    /// The people have the same addresses in every portal.
    fn build(lab: &Lab, portal: Arc<Portal>) -> Self {
        let mut people = Vec::new();
        for kind in KINDS {
            let (of, now) = (portal.clone(), format!("{}@example.org", kind.name()));
            let new = NewPerson {
                id: None,
                kind,
                email: now,
                first_name: kind.name().to_owned(),
                last_name: String::new(),
                password_hash: None,
                status: people::ACTIVE,
                activation_status: people::ACTIVATED,
                created_by: None,
                culture: None,
            };
            people
                .push(lab.write(&Call::system(of.clone()), move |tx| people::create(tx, &of, &new)).unwrap());
        }
        let id = GroupId::new(lab.store.chance().guid(lab.now()));
        let (of, ids) = (portal.id, people.iter().map(|person| person.id).collect::<Vec<_>>());
        lab.store
            .upkeep_blocking(move |tx| {
                tx.exec(
                    sql!(
                        "insert into people_group (portal_id, id, name, name_fold, created_at, modified_at) values ($1, $2, 'Crew', 'crew', 0, 0)"
                    ),
                    args![of, id],
                )?;
                for person in &ids {
                    tx.exec(
                        sql!("insert into group_member (portal_id, group_id, user_id) values ($1, $2, $3)"),
                        args![of, id, *person],
                    )?;
                }
                Ok(())
            })
            .unwrap();
        let call = call(&portal, &people[1]);
        let room = lab.write(&call.clone(), move |tx| rooms::create(tx, &call, &new_room("Room"))).unwrap();
        Self { portal, people, group: id, room: room.seen.room.id }
    }

    /// The guids that are nobody else's to see.
    fn guids(&self) -> Vec<String> {
        let people = self.people.iter().map(|person| person.id.to_string());
        people.chain([self.group.to_string(), self.portal.owner.to_string()]).collect()
    }
}

fn call(portal: &Arc<Portal>, person: &Person) -> Call {
    let client = Client { ip: "127.0.0.1".into(), user_agent: "lab".into() };
    let caller = Caller::Person(Arc::new(person.clone()));
    Call { portal: portal.clone(), caller, via: Via::System, client, confirmed: None }
}

fn second_portal(lab: &Lab) -> Arc<Portal> {
    let new = NewPortal {
        alias: "second".to_owned(),
        name: String::new(),
        culture: "en-US".to_owned(),
        time_zone: "UTC".to_owned(),
        industry: 0,
    };
    let founder = Founder {
        email: "owner@example.org".to_owned(),
        first_name: "Olga".to_owned(),
        last_name: String::new(),
        password_hash: Some("hash".to_owned()),
        activation_status: people::ACTIVATED,
    };
    lab.store.found_blocking(move |tx| register(tx, &new, &founder)).unwrap().0
}

/// Everything that a portal has of rooms, people and groups.
fn everything(lab: &Lab, portal: PortalId) -> Vec<String> {
    lab.read(move |conn| {
        let mut rows: Vec<String> = conn.all(
            sql!("select subject_id, room_id, section, access from shelf where portal_id = $1 order by subject_id, room_id"),
            args![portal],
            |row| Ok(format!("{} {} {} {}", row.get::<String>(0)?, row.get::<i64>(1)?, row.get::<i64>(2)?, row.get::<i64>(3)?)),
        )?;
        rows.extend(conn.all(
            sql!("select id, title, created_by, members_count from room where portal_id = $1 order by id"),
            args![portal],
            |row| Ok(format!("{} {} {} {}", row.get::<i64>(0)?, row.get::<String>(1)?, row.get::<String>(2)?, row.get::<i64>(3)?)),
        )?);
        for table in [
            sql!("select count(*) from person where portal_id = $1"),
            sql!("select count(*) from relation where portal_id = $1"),
            sql!("select count(*) from shelf_count where portal_id = $1"),
        ] {
            rows.push(conn.one(table, args![portal], |row| row.get::<i64>(0))?.to_string());
        }
        Ok(rows)
    })
    .unwrap()
}

/// One of the calls, by its number, with ids that may be the neighbours'; what it answered as text.
fn ask(tx: &mut Tx<'_>, call: &Call, which: usize, access: i64, room: EntryId, id: UserId) -> Result<String> {
    fn shown(reply: impl Debug) -> String {
        format!("{reply:?}")
    }
    let filter = MemberFilter { rows: Rows::Everybody, text: None, count: 100, start: 0 };
    let group: GroupId = id.as_str().parse().unwrap();
    Ok(match which {
        0 => shown(rooms::get(tx, call, room)?),
        1 => shown(rooms::list(tx, call, &Filter { area: Area::Any, ..all() })?),
        2 => shown(rooms::list(tx, call, &Filter { subject: Some(id), ..all() })?),
        3 => shown(rooms::members(tx, call, room, &filter)?),
        4 => shown(rooms::group_members(tx, call, room, group, &filter)?),
        5 => shown(rooms::change_owner(tx, call, &[room], id)?),
        6 => shown(rooms::resend(tx, call, room, &[id], true)?),
        7 => shown(rooms::leave(tx, call, &[room])?),
        8 => shown(rooms::update(
            tx,
            call,
            room,
            &Changes { title: Some(title("New")), ..Changes::default() },
        )?),
        9 => shown(rooms::relocate(tx, call, room, Section::Archive, false)?),
        10 => shown(rooms::delete(tx, call, room, false)?),
        _ => {
            let by_email = Invitation { id: None, email: Some("Guest@example.org".to_owned()), access };
            let items = vec![Invitation { id: Some(id), email: None, access }, by_email];
            shown(rooms::share(tx, call, room, &Invitations { items, notify: true, culture: None })?)
        }
    })
}

type Step = (usize, usize, usize, bool, usize);

fn steps() -> impl Strategy<Value = Vec<Step>> {
    prop::collection::vec((0..14_usize, 0..4_usize, 0..5_usize, any::<bool>(), 0..4_usize), 5..30)
}

fn nothing_of_the_neighbours(engine: Engine, steps: &[Step]) -> std::result::Result<(), TestCaseError> {
    let lab = Lab::new(engine);
    let here = House::build(&lab, lab.portal());
    let there = House::build(&lab, second_portal(&lab));
    let before = everything(&lab, there.portal.id);
    for (which, who, whom, abroad, role) in steps {
        let call = call(&here.portal, &here.people[*who]);
        let named = if *abroad { &there } else { &here };
        let id =
            named.people.get(*whom).map_or_else(|| named.group.as_str().parse().unwrap(), |person| person.id);
        let (which, room, access) = (*which, named.room, [2, 11, 9, 0][*role]);
        let answer = lab.write(&call.clone(), move |tx| ask(tx, &call, which, access, room, id));
        match answer {
            Err(problem) => prop_assert!(problem.kind().entry().status < 500, "{problem:?}"),
            Ok(text) => {
                for guid in there.guids() {
                    prop_assert!(!text.contains(&guid), "call {which} told {guid}: {text}");
                }
            }
        }
        if *abroad && matches!(which, 0 | 3 | 8 | 9 | 10) {
            let call = self::call(&here.portal, &here.people[0]);
            let found = lab.read(move |conn| rooms::find(conn, &call, room).map(drop));
            prop_assert_eq!(found.unwrap_err().kind(), Kind::RoomNotFound);
        }
    }
    prop_assert_eq!(&everything(&lab, there.portal.id), &before);
    // What is taken away of somebody is taken away here.
    let (portal, group) = (here.portal.id, there.group);
    lab.store.upkeep_blocking(move |tx| rooms::drop_subject(tx, portal, Subject::Group(group), 10)).unwrap();
    prop_assert_eq!(everything(&lab, there.portal.id), before);
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 16, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn nothing_of_the_neighbours_is_told_or_touched_sqlite(steps in steps()) {
        nothing_of_the_neighbours(Engine::Sqlite, &steps)?;
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn nothing_of_the_neighbours_is_told_or_touched_postgres(steps in steps()) {
        nothing_of_the_neighbours(Engine::Postgres, &steps)?;
    }
}
