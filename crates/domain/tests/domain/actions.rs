//! Every action on a room × who asks × type of room × section, through the verbs: what is allowed, and how the rest is
//! refused (rooms.md §3.1, §6, §7, §15).

use std::fmt::Write as _;

use db::{args, sql};
use domain::access::Role;
use domain::ids::EntryId;
use domain::people::{Person, UserKind};
use domain::rooms::{self, Changes, Invitation, Invitations, MemberFilter, NewRoom, RoomKind, Rows, Section};
use domain::{Call, Kind, Problem, Result, Tx};
use testkit::{Engine, Lab};

use crate::cast::{archive, create, group, new_room, share, title};

/// The sentence that undoes a unit that did what was asked.
const ALLOWED: &str = "allowed";

/// The sentence of what was answered as done, and changed nothing.
const NOTHING: &str = "nothing is done";

type Action = fn(&mut Tx<'_>, &Call, EntryId, &Person) -> Result<()>;

/// Every action, with the account that some of them name.
const ACTIONS: &[(&str, Action)] = &[
    ("get", |tx, call, id, _| rooms::get(tx, call, id).map(drop)),
    ("members", |tx, call, id, _| {
        let filter = MemberFilter { rows: Rows::Everybody, text: None, count: 100, start: 0 };
        let found = rooms::members(tx, call, id, &filter)?.total;
        // Who may not look is answered with nothing.
        if found == 0 { Err(Kind::NotFound.into()) } else { Ok(()) }
    }),
    ("update", |tx, call, id, _| {
        let changes = Changes { title: Some(title("New")), ..Changes::default() };
        rooms::update(tx, call, id, &changes).map(drop)
    }),
    ("archive", |tx, call, id, _| rooms::relocate(tx, call, id, Section::Archive, true).map(drop)),
    ("unarchive", |tx, call, id, _| rooms::relocate(tx, call, id, Section::Rooms, true).map(drop)),
    ("delete", |tx, call, id, _| rooms::delete(tx, call, id, true).map(drop)),
    ("share", |tx, call, id, other| sharing(tx, call, id, (other, 11))),
    ("remove member", |tx, call, id, other| sharing(tx, call, id, (other, 0))),
    ("leave", |tx, call, id, _| sharing(tx, call, id, (&call.person()?.clone(), 0))),
    ("resend", |tx, call, id, _| rooms::resend(tx, call, id, &[], true)),
    ("change owner", |tx, call, id, other| rooms::change_owner(tx, call, &[id], other.id).map(drop)),
];

fn sharing(tx: &mut Tx<'_>, call: &Call, id: EntryId, (who, access): (&Person, i64)) -> Result<()> {
    let items = vec![Invitation { id: Some(who.id), email: None, access }];
    let wanted = Invitations { items, notify: false, culture: None };
    let before = records(tx, id)?;
    rooms::share(tx, call, id, &wanted)?;
    // What is dropped without a word.
    if before == records(tx, id)? { Err(Problem::text(Kind::Internal, NOTHING)) } else { Ok(()) }
}

fn records(tx: &mut Tx<'_>, id: EntryId) -> Result<Vec<(String, i64)>> {
    let portal = domain::ids::PortalId(1);
    Ok(tx.all(
        sql!(
            "select subject_id, access from shelf where portal_id = $1 and room_id = $2 order by subject_id"
        ),
        args![portal, id],
        |row| Ok((row.get(0)?, row.get(1)?)),
    )?)
}

/// Tries an action and undoes it; says how it was refused.
fn tried(lab: &Lab, person: &Person, id: EntryId, other: &Person, action: Action) -> Option<String> {
    let (call, other) = (lab.call(person), other.clone());
    let undone: Result<()> = lab.write(&call.clone(), move |tx| {
        action(tx, &call, id, &other)?;
        Err(Problem::text(Kind::Internal, ALLOWED))
    });
    let problem = undone.unwrap_err();
    match problem.message() {
        ALLOWED => None,
        NOTHING => Some(NOTHING.to_owned()),
        _ => Some(problem.kind().entry().code.to_owned()),
    }
}

#[test]
fn every_action_of_everybody() {
    let lab = Lab::new(Engine::Sqlite);
    let creator = lab.person(UserKind::RoomAdmin, "creator");
    let other = lab.person(UserKind::RoomAdmin, "other");
    let mut callers = vec![
        ("creator".to_owned(), creator.clone(), None),
        ("administrator".to_owned(), lab.person(UserKind::DocSpaceAdmin, "administrator"), None),
    ];
    for role in Role::ALL {
        let Some(access) = (0..12).find(|access| Role::of_access(*access) == Some(*role)) else { continue };
        let person = lab.person(UserKind::RoomAdmin, &format!("{role:?}"));
        callers.push((format!("{role:?}"), person, Some(access)));
    }
    let grouped = lab.person(UserKind::User, "grouped");
    let crew = group(&lab, "Crew", &[&grouped]);
    callers.push(("content creator by a group, a user".to_owned(), grouped, None));
    callers.push(("viewer, a guest".to_owned(), lab.person(UserKind::Guest, "guest"), Some(2)));
    callers.push((
        "no member, a room administrator".to_owned(),
        lab.person(UserKind::RoomAdmin, "outsider"),
        None,
    ));
    callers.push(("no member, a user".to_owned(), lab.person(UserKind::User, "user"), None));

    let mut text = String::new();
    for (name, number) in RoomKind::NAMES {
        let kind = RoomKind::of(*number).unwrap();
        for archived in [false, true] {
            let id = create(&lab, &creator, NewRoom { kind, ..new_room("Room") }).unwrap().seen.room.id;
            let call = lab.call(&creator);
            let items =
                vec![Invitation { id: Some(crew.as_str().parse().unwrap()), email: None, access: 11 }];
            let wanted = Invitations { items, notify: false, culture: None };
            lab.write(&call.clone(), move |tx| rooms::share(tx, &call, id, &wanted)).unwrap();
            share(&lab, id, &other, 2);
            for (_, person, access) in &callers {
                if let Some(access) = access {
                    share(&lab, id, person, *access);
                }
            }
            if archived && archive(&lab, &creator, id).is_err() {
                let _ = writeln!(text, "== {name} can't be archived");
                continue;
            }
            let _ = writeln!(text, "== {name}, {}", if archived { "archived" } else { "active" });
            for (caller, person, _) in &callers {
                let _ = writeln!(text, "{caller}:");
                let mut allowed = Vec::new();
                let mut refused = String::new();
                for (action, run) in ACTIONS {
                    match tried(&lab, person, id, &other, *run) {
                        None => allowed.push(*action),
                        Some(code) => drop(writeln!(refused, "  {action}: {code}")),
                    }
                }
                let may = if allowed.is_empty() { "nothing".to_owned() } else { allowed.join(", ") };
                let _ = write!(text, "  may: {may}\n{refused}");
            }
        }
    }
    insta::assert_snapshot!(text);
}
