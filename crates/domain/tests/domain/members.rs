//! Members of rooms: who may share, with whom, as what, and what becomes of it (rooms.md §7).

use db::{args, sql};
use domain::Kind::{AccessDenied, RoleNotAvailable, RoomNotFound, RoomNotReadable};
use domain::ids::{EntryId, GroupId, UserId};
use domain::mail::{self, Letter};
use domain::people::{self, ACTIVATION_PENDING, PENDING, Person, TERMINATED, UserKind};
use domain::portal_settings::InvitationSettings;
use domain::rooms::{
    self, Invitation, Invitations, Member, MemberFilter, NewRoom, Page, RoomKind, Rows, Subject, Who,
};
use domain::{Kind, Result, setting};
use testkit::Lab;

use crate::cast::{
    Cast, all, archive, audited_by, create, delete, get, group, list, new_room, number, outcome, rename,
    room, titles,
};

fn item(id: UserId, access: i64) -> Invitation {
    Invitation { id: Some(id), email: None, access }
}

fn by_email(email: &str, access: i64) -> Invitation {
    Invitation { id: None, email: Some(email.to_owned()), access }
}

fn of_group(group: GroupId, access: i64) -> Invitation {
    item(group.as_str().parse().unwrap(), access)
}

fn invite(
    lab: &Lab,
    person: &Person,
    id: EntryId,
    items: Vec<Invitation>,
    notify: bool,
) -> Result<Option<Vec<Member>>> {
    let call = lab.call(person);
    let wanted = Invitations { items, notify, culture: Some("de-DE".to_owned()) };
    lab.write(&call.clone(), move |tx| rooms::share(tx, &call, id, &wanted))
}

fn give(lab: &Lab, person: &Person, id: EntryId, to: &Person, access: i64) -> Result<Option<Vec<Member>>> {
    invite(lab, person, id, vec![item(to.id, access)], false)
}

fn filter(rows: Rows) -> MemberFilter {
    MemberFilter { rows, text: None, count: 100, start: 0 }
}

fn members(lab: &Lab, person: &Person, id: EntryId, filter: MemberFilter) -> Result<Page<Member>> {
    let call = lab.call(person);
    lab.read(move |conn| rooms::members(conn, &call, id, &filter))
}

/// The rows as name and role, with `*` at those the caller may change.
fn rows(page: &[Member]) -> Vec<String> {
    let row = |member: &Member| {
        let name = match &member.who {
            Who::Person(profile) => profile.person.first_name.clone(),
            Who::Group(group) => group.name.clone(),
        };
        format!("{name} {}{}", member.access, if member.can_edit { "*" } else { "" })
    };
    page.iter().map(row).collect()
}

fn listed(lab: &Lab, person: &Person, id: EntryId) -> Vec<String> {
    rows(&members(lab, person, id, filter(Rows::Everybody)).unwrap().rows)
}

fn relate(lab: &Lab, source: &Person, target: &Person) {
    let (portal, source, target) = (lab.portal().id, source.id, target.id);
    lab.store.upkeep_blocking(move |tx| people::relate(tx, portal, source, target)).unwrap();
}

fn set_status(lab: &Lab, person: &Person, status: i64) -> Person {
    let (portal, id) = (lab.portal(), person.id);
    lab.store
        .upkeep_blocking(move |tx| {
            tx.exec(
                sql!("update person set status = $3 where portal_id = $1 and id = $2"),
                args![portal.id, id, status],
            )?;
            Ok(people::find(tx, &portal, id)?.unwrap())
        })
        .unwrap()
}

/// The letters that wait to be sent, oldest first.
fn letters(lab: &Lab) -> Vec<Letter> {
    lab.read(|conn| {
        let texts: Vec<String> = conn.all(
            sql!("select payload from job where name = $1 order by id"),
            args![mail::SEND],
            |row| row.get(0),
        )?;
        Ok(texts.iter().map(|text| serde_json::from_str(text).unwrap()).collect())
    })
    .unwrap()
}

fn members_count(lab: &Lab, id: EntryId) -> i64 {
    number(lab, sql!("select members_count from room where id = $1"), &[db::Value::Int(id.0)])
}

fn of_kind(lab: &Lab, person: &Person, kind: RoomKind) -> EntryId {
    create(lab, person, NewRoom { kind, ..new_room("Room") }).unwrap().seen.room.id
}

testkit::on_both_engines! {
    fn members_come_change_and_go(lab) {
        let cast = Cast::of(&lab);
        let id = room(&lab, &cast.creator, "Room");
        let step = |access: i64, event: i64, count: i64| {
            let said = audited_by(&lab, || {
                let records = give(&lab, &cast.creator, id, &cast.user, access).unwrap().unwrap();
                let expected: &[String] = if access == 0 { &[] } else { &[format!("ursula {access}*")] };
                assert_eq!(rows(&records), expected);
            });
            assert_eq!(said, [event]);
            assert_eq!(members_count(&lab, id), count);
            assert_eq!(list(&lab, &cast.user, all()).total, count);
            assert_eq!(get(&lab, &cast.user, id).is_ok(), count == 1);
        };
        step(2, 5085, 1);
        step(11, 5075, 1);
        step(0, 5084, 0);
        step(10, 5085, 1);
        assert_eq!(get(&lab, &cast.user, id).unwrap().seen.shared_by, Some(cast.creator.id));
        let said = audited_by(&lab, || drop(give(&lab, &cast.creator, id, &cast.user, 10).unwrap()));
        assert_eq!(said, [0; 0], "the same again is no event");
        assert_eq!(listed(&lab, &cast.creator, id), ["carl 1", "ursula 10*"]);
        assert_eq!(listed(&lab, &cast.user, id), ["carl 1", "ursula 10"]);
    }

    fn only_owner_and_managers_share(lab) {
        let cast = Cast::of(&lab);
        let other = lab.person(UserKind::RoomAdmin, "otto");
        let id = room(&lab, &cast.creator, "Room");
        for access in [11, 10, 5, 6, 2] {
            give(&lab, &cast.creator, id, &cast.stranger, access).unwrap();
            assert_eq!(outcome(give(&lab, &cast.stranger, id, &other, 2)), Some(AccessDenied), "{access}");
        }
        assert_eq!(outcome(give(&lab, &cast.admin, id, &other, 2)), Some(AccessDenied), "an administrator without role");
        assert_eq!(outcome(give(&lab, &other, id, &cast.user, 2)), Some(RoomNotReadable));
        assert_eq!(outcome(give(&lab, &cast.admin, EntryId(99_999), &other, 2)), Some(RoomNotFound));
        give(&lab, &cast.creator, id, &cast.stranger, 9).unwrap();
        give(&lab, &cast.stranger, id, &other, 9).unwrap();
        give(&lab, &cast.creator, id, &cast.admin, 9).unwrap();
        give(&lab, &cast.admin, id, &cast.user, 11).unwrap();
        archive(&lab, &cast.creator, id).unwrap();
        for person in [&cast.creator, &cast.stranger, &cast.admin] {
            assert_eq!(outcome(give(&lab, person, id, &cast.user, 0)), Some(AccessDenied), "archived");
        }
        assert_eq!(members_count(&lab, id), 4);
    }

    fn whom_one_does_not_see_is_dropped_before_rights_are_looked_at(lab) {
        let cast = Cast::of(&lab);
        let id = room(&lab, &cast.creator, "Room");
        give(&lab, &cast.creator, id, &cast.user, 11).unwrap();
        relate(&lab, &cast.creator, &cast.guest);
        give(&lab, &cast.creator, id, &cast.guest, 2).unwrap();
        give(&lab, &cast.creator, id, &cast.stranger, 9).unwrap();
        // A user names others: nothing is done, nothing refused; what there is of them is told.
        let told = invite(&lab, &cast.user, id, vec![item(cast.stranger.id, 2), by_email("new@example.org", 2)], false);
        assert_eq!(rows(&told.unwrap().unwrap()), ["stan 9"]);
        let told = give(&lab, &cast.user, id, &cast.admin, 2).unwrap().unwrap();
        assert_eq!(told.len(), 0);
        // A guest is told of himself alone.
        let told = invite(&lab, &cast.guest, id, vec![item(cast.stranger.id, 2)], false).unwrap().unwrap();
        assert_eq!(told.len(), 0);
        // A manager sees no guests of others.
        let other = lab.person(UserKind::Guest, "gina");
        give(&lab, &cast.stranger, id, &other, 2).unwrap();
        give(&lab, &cast.stranger, id, &cast.guest, 6).unwrap();
        assert_eq!(listed(&lab, &cast.stranger, id), ["carl 1", "gus 2", "stan 9", "ursula 11*"]);
        // The creator may change whoever is in, and bring in only whom he sees.
        lab.store.upkeep_blocking(|tx| Ok(tx.exec(sql!("delete from relation where portal_id = $1"), args![domain::ids::PortalId(1)])?)).unwrap();
        give(&lab, &cast.creator, id, &other, 2).unwrap();
        give(&lab, &cast.creator, id, &cast.guest, 6).unwrap();
        assert_eq!(listed(&lab, &cast.creator, id), ["carl 1", "gus 6*", "stan 9*", "ursula 11*"]);
        assert_eq!(number(&lab, sql!("select count(*) from person where email = 'new@example.org'"), args![]), 0);
    }

    fn roles_are_those_of_the_room_and_the_account(lab) {
        let cast = Cast::of(&lab);
        relate(&lab, &cast.creator, &cast.guest);
        let crew = group(&lab, "Crew", &[&cast.user]);
        for kind in [RoomKind::Custom, RoomKind::Public, RoomKind::FillingForms, RoomKind::Editing, RoomKind::DataRoom, RoomKind::Agent] {
            let id = of_kind(&lab, &cast.creator, kind);
            for access in -1..=12 {
                for person in [&cast.admin, &cast.stranger, &cast.user, &cast.guest] {
                    let expected = (!kind.fits(person.kind, access)).then_some(RoleNotAvailable);
                    let tried = outcome(give(&lab, &cast.creator, id, person, access));
                    assert_eq!(tried, expected, "{kind:?} {:?} {access}", person.kind);
                }
                let expected = (!kind.fits_group(access)).then_some(RoleNotAvailable);
                let tried = outcome(invite(&lab, &cast.creator, id, vec![of_group(crew, access)], false));
                assert_eq!(tried, expected, "{kind:?} group {access}");
            }
            // One role that doesn't fit undoes the whole call.
            let before = members_count(&lab, id);
            let both = vec![item(cast.stranger.id, 0), by_email("other@example.org", 2), item(cast.user.id, 9)];
            assert_eq!(outcome(invite(&lab, &cast.creator, id, both, false)), Some(RoleNotAvailable));
            assert_eq!(members_count(&lab, id), before);
        }
        assert_eq!(number(&lab, sql!("select count(*) from person where status = 4"), args![]), 0);
    }

    fn unknown_address_becomes_a_guest_who_is_awaited(lab) {
        let cast = Cast::of(&lab);
        let id = room(&lab, &cast.stranger, "Room");
        let twice = vec![by_email("New.One@example.org", 2), by_email(" new.one@example.org ", 6)];
        let said = audited_by(&lab, || assert_eq!(invite(&lab, &cast.stranger, id, twice, false).unwrap().unwrap().len(), 0));
        assert_eq!(said, [4000, 5085, 5075]);
        let portal = lab.portal();
        let guest = lab.read(move |conn| people::find_by_email(conn, &portal, "new.one@example.org")).unwrap().unwrap();
        assert_eq!((guest.kind, guest.status, guest.activation_status), (UserKind::Guest, PENDING, ACTIVATION_PENDING));
        assert_eq!((guest.created_by, guest.culture.as_deref()), (Some(cast.stranger.id), Some("de-DE")));
        assert_eq!(guest.email, "New.One@example.org", "as typed");
        let call = lab.call(&cast.stranger);
        assert!(lab.read(move |conn| people::may_view(conn, &call, &guest)).unwrap(), "the inviter knows him");
        let sent = letters(&lab);
        assert_eq!(sent.len(), 2);
        assert_eq!(sent[0].to, "New.One@example.org");
        let (_, address) = sent[0].link.clone().unwrap();
        let short = address.strip_prefix("http://localhost/s/").unwrap().to_owned();
        let portal = lab.portal();
        let long = lab.read(move |conn| domain::confirm::lengthen(conn, &portal, &short)).unwrap().unwrap();
        assert!(long.starts_with("/confirm/LinkInvite?type=LinkInvite&key=") && long.ends_with(&format!("&emplType=2&roomId={id}")), "{long}");
    }

    fn known_address_is_its_account(lab) {
        let cast = Cast::of(&lab);
        let id = room(&lab, &cast.creator, "Room");
        invite(&lab, &cast.creator, id, vec![by_email("GUS@example.org", 2), by_email("ursula@example.org", 10)], false).unwrap();
        assert_eq!(listed(&lab, &cast.creator, id), ["carl 1", "gus 2*", "ursula 10*"], "an invitation makes known");
        assert_eq!(letters(&lab).len(), 0, "nobody asked to notify");
        assert_eq!(outcome(invite(&lab, &cast.creator, id, vec![by_email("ursula@example.org", 9)], false)), Some(RoleNotAvailable));
        assert_eq!(outcome(invite(&lab, &cast.creator, id, vec![by_email("nobody@example.org", 9)], false)), Some(RoleNotAvailable));
        invite(&lab, &cast.creator, id, vec![item(cast.user.id, 11), item(cast.guest.id, 2)], true).unwrap();
        let sent = letters(&lab);
        assert_eq!((sent.len(), sent[0].to.as_str()), (1, "ursula@example.org"), "who has the role already isn't told");
    }

    fn guests_can_be_barred_from_the_portal(lab) {
        let cast = Cast::of(&lab);
        let id = room(&lab, &cast.creator, "Room");
        let portal = lab.portal().id;
        let rules = InvitationSettings { allow_inviting_guests: false, ..InvitationSettings::default() };
        lab.store.upkeep_blocking(move |tx| setting::set(tx, portal, None, &rules)).unwrap();
        let email = || vec![by_email("ursula@example.org", 2)];
        assert_eq!(outcome(invite(&lab, &cast.creator, id, email(), false)), Some(AccessDenied));
        give(&lab, &cast.creator, id, &cast.user, 2).unwrap();
    }

    fn suspended_accounts_are_only_removed(lab) {
        let cast = Cast::of(&lab);
        let id = room(&lab, &cast.creator, "Room");
        give(&lab, &cast.creator, id, &cast.user, 2).unwrap();
        for person in [&cast.user, &cast.stranger] {
            set_status(&lab, person, TERMINATED);
        }
        let items = vec![item(cast.user.id, 10), item(cast.stranger.id, 10), by_email("stan@example.org", 9)];
        invite(&lab, &cast.creator, id, items, true).unwrap();
        assert_eq!(listed(&lab, &cast.creator, id), ["carl 1", "ursula 2*"]);
        give(&lab, &cast.creator, id, &cast.user, 0).unwrap();
        assert_eq!((members_count(&lab, id), letters(&lab).len()), (0, 0));
    }

    fn creators_record_never_changes(lab) {
        let cast = Cast::of(&lab);
        let id = room(&lab, &cast.creator, "Room");
        give(&lab, &cast.creator, id, &cast.stranger, 9).unwrap();
        for access in [0, 2, 7] {
            give(&lab, &cast.stranger, id, &cast.creator, access).unwrap();
            give(&lab, &cast.creator, id, &cast.creator, access).unwrap();
        }
        assert_eq!(listed(&lab, &cast.creator, id), ["carl 1", "stan 9*"]);
        rename(&lab, &cast.creator, id, "Still mine").unwrap();
    }

    fn everybody_can_leave(lab) {
        let cast = Cast::of(&lab);
        let id = room(&lab, &cast.creator, "Room");
        relate(&lab, &cast.creator, &cast.guest);
        for person in [&cast.user, &cast.guest, &cast.stranger] {
            give(&lab, &cast.creator, id, person, 2).unwrap();
            let said = audited_by(&lab, || drop(give(&lab, person, id, person, 0).unwrap()));
            assert_eq!(said, [5084]);
            assert_eq!(outcome(get(&lab, person, id)), Some(RoomNotReadable));
            give(&lab, &cast.creator, id, person, 2).unwrap();
            leave(&lab, person, vec![id, EntryId(99_999)]);
            assert_eq!(list(&lab, person, all()).total, 0);
        }
        leave(&lab, &cast.creator, vec![id]);
        leave(&lab, &cast.admin, vec![id]);
        assert_eq!(list(&lab, &cast.creator, all()).total, 1);
        assert_eq!(members_count(&lab, id), 0);
    }

    fn lists_of_members_are_paged_and_searched(lab) {
        let cast = Cast::of(&lab);
        let id = room(&lab, &cast.creator, "Room");
        relate(&lab, &cast.creator, &cast.guest);
        let crew = group(&lab, "Crew", &[&cast.user]);
        for item in [item(cast.user.id, 2), item(cast.guest.id, 2), item(cast.stranger.id, 9), of_group(crew, 11)] {
            invite(&lab, &cast.creator, id, vec![item], false).unwrap();
        }
        let of = |filter: MemberFilter| {
            let page = members(&lab, &cast.creator, id, filter).unwrap();
            (rows(&page.rows), page.total)
        };
        let everybody = ["carl 1", "Crew 11*", "gus 2*", "stan 9*", "ursula 2*"];
        assert_eq!(of(filter(Rows::Everybody)), (everybody.map(str::to_owned).to_vec(), 5));
        assert_eq!(of(filter(Rows::Groups)), (vec!["Crew 11*".to_owned()], 1));
        assert_eq!(of(filter(Rows::People)).1, 4);
        for count in 1..=6 {
            let mut seen = Vec::new();
            for page in 0..6 {
                let (rows, total) = of(MemberFilter { count, start: page * count, ..filter(Rows::Everybody) });
                assert_eq!(total, 5);
                seen.extend(rows);
            }
            assert_eq!(seen, everybody, "pages of {count}");
        }
        for (text, expected) in [("CARL", vec!["carl 1"]), ("u", vec!["gus 2*", "ursula 2*"]), ("cre", vec!["Crew 11*"]), ("%", vec![])] {
            let found = of(MemberFilter { text: Some(text.to_owned()), ..filter(Rows::Everybody) });
            assert_eq!(found, (expected.iter().map(|row| (*row).to_owned()).collect(), i64::try_from(expected.len()).unwrap()), "{text}");
        }
        // Somebody else gets nothing; an administrator all of it, and may change none.
        let outsider = lab.person(UserKind::User, "udo");
        assert_eq!(members(&lab, &outsider, id, filter(Rows::Everybody)).unwrap().total, 0);
        assert_eq!(listed(&lab, &cast.admin, id), ["carl 1", "Crew 11", "gus 2", "stan 9", "ursula 2"]);
        assert_eq!(outcome(members(&lab, &cast.admin, EntryId(99_999), filter(Rows::Everybody))), Some(Kind::ItemNotFound));
        // A guest sees the owner, himself, and whom he is related to.
        assert_eq!(listed(&lab, &cast.guest, id), ["carl 1", "gus 2"]);
        relate(&lab, &cast.stranger, &cast.guest);
        assert_eq!(listed(&lab, &cast.guest, id), ["carl 1", "gus 2", "stan 9"]);
        assert_eq!(members(&lab, &cast.guest, id, filter(Rows::Everybody)).unwrap().total, 3);
    }

    fn groups_bring_their_members_in(lab) {
        let cast = Cast::of(&lab);
        let ids = ["One", "Two", "Three"].map(|name| room(&lab, &cast.creator, name));
        let (crew, team) = (group(&lab, "Crew", &[&cast.user, &cast.stranger]), group(&lab, "Team", &[&cast.user]));
        invite(&lab, &cast.creator, ids[0], vec![of_group(crew, 2), of_group(team, 11)], false).unwrap();
        invite(&lab, &cast.creator, ids[1], vec![of_group(crew, 10), item(cast.user.id, 2)], false).unwrap();
        let user = get(&lab, &cast.user, ids[0]).unwrap().seen;
        assert_eq!((user.access, user.in_room), (Some(11), false), "the greatest of the groups");
        let user = get(&lab, &cast.user, ids[1]).unwrap().seen;
        assert_eq!((user.access, user.in_room), (Some(2), false), "one's own goes before it");
        assert_eq!(get(&lab, &cast.stranger, ids[1]).unwrap().seen.access, Some(10));
        assert_eq!(outcome(get(&lab, &cast.user, ids[2])), Some(RoomNotReadable));
        let found = list(&lab, &cast.user, rooms::Filter { sort: Some(1), ..all() });
        assert_eq!((titles(&found), found.total), (vec!["One", "Two"], 2), "each room once");
        let accesses: Vec<_> = found.rooms.iter().map(|view| (view.seen.access, view.seen.in_room)).collect();
        assert_eq!(accesses, [(Some(11), false), (Some(2), false)]);
        assert_eq!(members_count(&lab, ids[1]), 2);
        // Leaving bars one whom a group brings in.
        leave(&lab, &cast.stranger, vec![ids[0]]);
        assert_eq!(outcome(get(&lab, &cast.stranger, ids[0])), Some(RoomNotReadable));
        assert_eq!(titles(&list(&lab, &cast.stranger, all())), ["Two"]);
        assert_eq!(listed(&lab, &cast.creator, ids[0]), ["carl 1", "Crew 2*", "Team 11*"]);
        give(&lab, &cast.creator, ids[0], &cast.stranger, 5).unwrap();
        assert_eq!(get(&lab, &cast.stranger, ids[0]).unwrap().seen.access, Some(5));
        // The members of a group, with what they have.
        let call = lab.call(&cast.creator);
        let id = ids[1];
        let page = lab.read(move |conn| rooms::group_members(conn, &call, id, crew, &filter(Rows::People))).unwrap();
        let got: Vec<_> = page
            .rows
            .iter()
            .map(|member| (member.profile.person.first_name.as_str(), member.group_access, member.user_access, member.overridden, member.can_edit))
            .collect();
        assert_eq!(got, [("stan", 10, None, false, true), ("ursula", 10, Some(2), true, true)]);
        assert_eq!(page.total, 2);
        let call = lab.call(&cast.creator);
        let unknown: GroupId = cast.user.id.as_str().parse().unwrap();
        let none = lab.read(move |conn| rooms::group_members(conn, &call, id, unknown, &filter(Rows::People)));
        assert_eq!(outcome(none), Some(Kind::GroupNotFound));
        // An administrator in a group has that role beside his own rights.
        let chiefs = group(&lab, "Chiefs", &[&cast.admin]);
        invite(&lab, &cast.creator, ids[2], vec![of_group(chiefs, 11)], false).unwrap();
        let seen = get(&lab, &cast.admin, ids[2]).unwrap().seen;
        assert!(seen.rights.has(domain::access::Right::Create) && seen.rights.has(domain::access::Right::Move));
        let found = list(&lab, &cast.admin, rooms::Filter { sort: Some(1), ..all() });
        let accesses: Vec<_> = found.rooms.iter().map(|view| view.seen.access).collect();
        assert_eq!((accesses, found.total), (vec![None, Some(11), None], 3));
        // A group that goes takes its roles along.
        let portal = lab.portal().id;
        let gone = lab.store.upkeep_blocking(move |tx| rooms::drop_subject(tx, portal, Subject::Group(crew), 1)).unwrap();
        assert!(!gone, "there is another room");
        while !lab.store.upkeep_blocking(move |tx| rooms::drop_subject(tx, portal, Subject::Group(crew), 1)).unwrap() {}
        assert_eq!(titles(&list(&lab, &cast.stranger, all())), ["One"], "his own record stays");
        assert_eq!(members_count(&lab, ids[1]), 1);
    }

    fn filters_know_members_and_groups(lab) {
        let cast = Cast::of(&lab);
        let ids = ["One", "Two", "Three"].map(|name| room(&lab, &cast.creator, name));
        let own = room(&lab, &cast.stranger, "Own");
        let crew = group(&lab, "Crew", &[&cast.user]);
        invite(&lab, &cast.creator, ids[0], vec![of_group(crew, 2), item(cast.stranger.id, 2)], false).unwrap();
        invite(&lab, &cast.creator, ids[1], vec![item(cast.user.id, 2)], false).unwrap();
        let of = |person: &Person, filter: rooms::Filter| {
            let found = list(&lab, person, rooms::Filter { sort: Some(1), ..filter });
            assert_eq!(found.total, i64::try_from(found.rooms.len()).unwrap());
            titles(&found).join(" ")
        };
        let subject = |id: UserId| rooms::Filter { subject: Some(id), ..all() };
        let crew: UserId = crew.as_str().parse().unwrap();
        assert_eq!(of(&cast.admin, subject(cast.user.id)), "Two");
        assert_eq!(of(&cast.admin, subject(crew)), "One");
        assert_eq!(of(&cast.admin, subject(cast.stranger.id)), "One Own");
        assert_eq!(of(&cast.admin, rooms::Filter { exclude_subject: true, ..subject(cast.stranger.id) }), "Three Two");
        assert_eq!(of(&cast.admin, rooms::Filter { subject_role: Some(rooms::SubjectRole::Owner), ..subject(cast.stranger.id) }), "Own");
        assert_eq!(of(&cast.user, subject(cast.user.id)), "Two");
        assert_eq!(of(&cast.user, subject(crew)), "One");
        assert_eq!(of(&cast.user, rooms::Filter { owner: Some(cast.creator.id), ..all() }), "One Two");
        assert_eq!(of(&cast.user, rooms::Filter { text: Some("ON".to_owned()), ..all() }), "One");
        for sort in 0..=12 {
            for descending in [false, true] {
                let found = list(&lab, &cast.user, rooms::Filter { sort: Some(sort), descending, ..all() });
                assert_eq!((found.rooms.len(), found.total), (2, 2));
            }
        }
        // Pages of the merged list hold each room once.
        for count in 1..=3 {
            let page = |start: i64| titles(&list(&lab, &cast.user, rooms::Filter { count, start, sort: Some(1), ..all() })).join(" ");
            let all: Vec<String> = (0..3).map(|number| page(number * count)).filter(|page| !page.is_empty()).collect();
            assert_eq!(all.join(" "), "One Two");
        }
        delete(&lab, &cast.creator, ids[0]).unwrap();
        archive(&lab, &cast.creator, ids[1]).unwrap();
        assert_eq!(of(&cast.user, all()), "");
        assert_eq!(of(&cast.user, rooms::Filter { area: rooms::Area::Any, ..all() }), "Two");
        let _ = own;
    }
}

fn leave(lab: &Lab, person: &Person, ids: Vec<EntryId>) {
    let call = lab.call(person);
    lab.write(&call.clone(), move |tx| rooms::leave(tx, &call, &ids)).unwrap();
}
