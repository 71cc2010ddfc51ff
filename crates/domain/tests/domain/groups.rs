//! Groups of people.

use db::{args, sql};
use domain::Kind::{AccessDenied, BadArgument, GroupNotFound, ItemNotFound, UserNotFound};
use domain::groups::{self, Beside, Changes, EVERYONE, Filter, NewGroup, Sort, View};
use domain::ids::{EntryId, GroupId, UserId};
use domain::people::{self, Audience, Person, Words};
use domain::{Call, Result, Tx};
use testkit::Lab;

use crate::cast::{Cast, outcome, room};

const NOBODY: &str = "00000000-0000-4000-8000-000000000000";

fn create(lab: &Lab, by: &Person, name: &str, manager: Option<&Person>, members: &[&Person]) -> Result<View> {
    let call = lab.call(by);
    let new = NewGroup {
        name: name.to_owned(),
        manager: manager.map(|person| person.id),
        members: members.iter().map(|person| person.id).collect(),
    };
    lab.write(&call.clone(), move |tx| groups::create(tx, &call, &new))
}

fn write<T: Send + 'static>(
    lab: &Lab,
    by: &Person,
    unit: impl Fn(&mut Tx<'_>, &Call) -> Result<T> + Send + 'static,
) -> Result<T> {
    let call = lab.call(by);
    lab.write(&call.clone(), move |tx| unit(tx, &call))
}

fn members(view: &View) -> Vec<&str> {
    view.members.iter().flatten().map(|profile| profile.person.first_name.as_str()).collect()
}

fn manager(view: &View) -> Option<&str> {
    view.manager.as_ref().map(|profile| profile.person.first_name.as_str())
}

fn set_status(lab: &Lab, person: &Person, status: i64) {
    let (portal, id) = (lab.portal(), person.id);
    lab.write(&Call::system(portal.clone()), move |tx| {
        tx.exec(
            sql!("update person set status = $3 where portal_id = $1 and id = $2"),
            args![portal.id, id, status],
        )?;
        Ok(())
    })
    .unwrap();
}

fn beside(lab: &Lab, by: &Person, room: EntryId, wanted: Beside) -> Result<Vec<String>> {
    let call = lab.call(by);
    let list = lab.read(move |conn| groups::beside_room(conn, &call, room, &wanted))?;
    assert!(i64::try_from(list.groups.len()).unwrap() <= list.total);
    let mark = |view: &View| if view.shared == Some(true) { "+" } else { "" };
    Ok(list.groups.iter().map(|view| format!("{}{}", mark(view), view.group.name)).collect())
}

fn give(lab: &Lab, room: EntryId, group: GroupId) {
    let portal = lab.portal();
    lab.write(&Call::system(portal.clone()), move |tx| {
        tx.exec(
            sql!(
                "insert into shelf (portal_id, subject_id, room_id, section, access, title_fold, modified_at, subject_kind)
                 values ($1, $2, $3, 14, 2, 'room', 0, 2)"
            ),
            args![portal.id, group, room],
        )?;
        tx.exec(sql!("update room set members_count = members_count + 1 where portal_id = $1 and id = $2"), args![portal.id, room])?;
        Ok(())
    })
    .unwrap();
}

testkit::on_both_engines! {
    fn a_manager_is_a_member_and_nobody_else_is_let_in(lab) {
        let cast = Cast::of(&lab);
        let made = create(&lab, &cast.admin, "Crew", Some(&cast.creator), &[]).unwrap();
        assert_eq!((members(&made), manager(&made), made.members_count), (vec!["carl"], Some("carl"), 1));
        set_status(&lab, &cast.stranger, 2);
        let unknown = Person { id: NOBODY.parse().unwrap(), ..cast.user.clone() };
        for bad in [&cast.guest, &cast.stranger, &unknown] {
            for (manager, members) in [(Some(bad), vec![]), (None, vec![&cast.user, bad])] {
                let refused = create(&lab, &cast.admin, "Bad", manager, &members);
                assert_eq!(outcome(refused), Some(BadArgument), "{}", bad.first_name);
            }
        }
        assert_eq!(outcome(create(&lab, &cast.admin, "  ", None, &[])), Some(BadArgument));
        let call = lab.call(&cast.admin);
        let all = lab.read(move |conn| groups::list(conn, &call, &Filter { count: 100, ..Filter::default() })).unwrap();
        assert_eq!(all.total, 1, "what was refused isn't there");
    }

    fn a_change_passes_over_whom_it_cannot_take(lab) {
        let cast = Cast::of(&lab);
        let id = create(&lab, &cast.admin, "Crew", None, &[&cast.user]).unwrap().group.id;
        let (guest, creator, user) = (cast.guest.id, cast.creator.id, cast.user.id);
        let nobody: UserId = NOBODY.parse().unwrap();
        let changes = Changes {
            name: Some("Crew of two".into()),
            manager: Some(creator),
            add: vec![guest, nobody],
            remove: vec![user, nobody],
        };
        let view = write(&lab, &cast.admin, move |tx, call| groups::update(tx, call, id, &changes)).unwrap();
        assert_eq!((view.group.name.as_str(), members(&view), manager(&view)), ("Crew of two", vec!["carl"], Some("carl")));
        for manager in [guest, nobody] {
            let changes = Changes { name: Some(" ".into()), manager: Some(manager), ..Changes::default() };
            let view = write(&lab, &cast.admin, move |tx, call| groups::update(tx, call, id, &changes)).unwrap();
            assert_eq!((view.group.name.as_str(), self::manager(&view)), ("Crew of two", Some("carl")));
        }
        let view = write(&lab, &cast.admin, move |tx, call| groups::remove_members(tx, call, id, &[creator])).unwrap();
        assert_eq!((members(&view), manager(&view)), (vec![], None), "who leaves is manager no longer");
        let ignored = write(&lab, &cast.admin, move |tx, call| groups::set_manager(tx, call, id, guest)).unwrap();
        assert_eq!(manager(&ignored), None);
        let unknown = write(&lab, &cast.admin, move |tx, call| groups::set_manager(tx, call, id, nobody));
        assert_eq!(outcome(unknown), Some(UserNotFound));
        let set = write(&lab, &cast.admin, move |tx, call| groups::set_manager(tx, call, id, user)).unwrap();
        assert_eq!((members(&set), manager(&set)), (vec!["ursula"], Some("ursula")));
    }

    fn members_are_added_replaced_and_moved(lab) {
        let cast = Cast::of(&lab);
        let id = create(&lab, &cast.admin, "Crew", Some(&cast.user), &[]).unwrap().group.id;
        let other = create(&lab, &cast.admin, "Other", None, &[&cast.stranger]).unwrap().group.id;
        let (guest, creator, admin) = (cast.guest.id, cast.creator.id, cast.admin.id);
        let view = write(&lab, &cast.admin, move |tx, call| groups::add_members(tx, call, id, &[guest, creator])).unwrap();
        assert_eq!(members(&view), ["carl", "ursula"]);
        let bad = write(&lab, &cast.admin, move |tx, call| groups::replace_members(tx, call, id, &[guest]));
        assert_eq!(outcome(bad), Some(BadArgument));
        let empty = write(&lab, &cast.guest, move |tx, call| groups::replace_members(tx, call, id, &[]));
        assert_eq!(outcome(empty), Some(BadArgument), "said before the rights");
        let denied = write(&lab, &cast.creator, move |tx, call| groups::replace_members(tx, call, id, &[creator]));
        assert_eq!(outcome(denied), Some(AccessDenied));
        let view = write(&lab, &cast.admin, move |tx, call| groups::replace_members(tx, call, id, &[admin, guest])).unwrap();
        assert_eq!((members(&view), manager(&view)), (vec!["ada"], None));
        let moved = write(&lab, &cast.admin, move |tx, call| groups::move_members(tx, call, other, id)).unwrap();
        assert_eq!(members(&moved), ["ada", "stan"]);
        let call = lab.call(&cast.admin);
        let left = lab.read(move |conn| groups::get(conn, &call, other, true)).unwrap();
        assert_eq!(left.members_count, 0);
        set_status(&lab, &cast.stranger, 2);
        let call = lab.call(&cast.admin);
        let view = lab.read(move |conn| groups::get(conn, &call, id, true)).unwrap();
        assert_eq!((members(&view), view.members_count), (vec!["ada"], 1), "terminated members aren't counted");
    }

    fn groups_of_a_type_are_read_and_never_written(lab) {
        lab.set_up();
        let cast = Cast::of(&lab);
        for (id, wanted) in [
            (EVERYONE, "ada carl gus Olive stan ursula"),
            ("cd84e66b-b803-40fc-99f9-b2969a54a1de", "ada Olive"),
            ("abef62db-11a8-4673-9d32-ef1d8af19dc0", "carl stan"),
            ("88f11e7c-7407-4bea-b4cb-070010cdbb6b", "ursula"),
            ("aced04fa-dd96-4b35-af3e-346bf1eb972d", "gus"),
        ] {
            let (call, id) = (lab.call(&cast.admin), id.parse::<GroupId>().unwrap());
            let view = lab.read(move |conn| groups::get(conn, &call, id, true)).unwrap();
            let names: Vec<String> = view.members.iter().flatten().map(|profile| profile.person.first_name.clone()).collect();
            let expected: Vec<&str> = wanted.split(' ').collect();
            assert_eq!(names, expected);
            assert!(view.group.is_system && view.members_count == i64::try_from(names.len()).unwrap());
            let user = cast.user.id;
            for refused in [
                write(&lab, &cast.admin, move |tx, call| groups::add_members(tx, call, id, &[user]).map(drop)),
                write(&lab, &cast.admin, move |tx, call| groups::replace_members(tx, call, id, &[user]).map(drop)),
                write(&lab, &cast.admin, move |tx, call| groups::remove_members(tx, call, id, &[user]).map(drop)),
                write(&lab, &cast.admin, move |tx, call| groups::move_members(tx, call, id, id).map(drop)),
                write(&lab, &cast.admin, move |tx, call| groups::set_manager(tx, call, id, user).map(drop)),
                write(&lab, &cast.admin, move |tx, call| groups::update(tx, call, id, &Changes::default()).map(drop)),
                write(&lab, &cast.admin, move |tx, call| groups::delete(tx, call, id)),
            ] {
                assert_eq!(outcome(refused), Some(GroupNotFound));
            }
        }
    }

    fn the_list_is_filtered_and_sorted(lab) {
        let cast = Cast::of(&lab);
        create(&lab, &cast.admin, "Bakers", Some(&cast.user), &[]).unwrap();
        create(&lab, &cast.admin, "ärzte", Some(&cast.admin), &[&cast.user, &cast.creator]).unwrap();
        create(&lab, &cast.admin, "Smiths", None, &[&cast.user, &cast.stranger]).unwrap();
        let any = || Filter { count: 100, ..Filter::default() };
        let sorted = |name, descending| Filter { sort: Sort::of(name), descending, ..any() };
        for (query, filter, wanted) in [
            ("all", any(), "Bakers Smiths ärzte"),
            ("downwards", sorted("title", true), "ärzte Smiths Bakers"),
            ("manager", sorted("MANAGER", false), "Smiths ärzte Bakers"),
            ("members", sorted("memberscount", true), "ärzte Smiths Bakers"),
            ("text", Filter { text: Some("ÄRZ".into()), ..any() }, "ärzte"),
            ("user", Filter { user: Some(cast.user.id), ..any() }, "Bakers Smiths ärzte"),
            ("manages", Filter { user: Some(cast.user.id), managed: true, ..any() }, "Bakers"),
            ("nobody", Filter { user: Some(cast.guest.id), ..any() }, ""),
            ("page", Filter { count: 1, start: 1, ..Filter::default() }, "Smiths"),
        ] {
            let call = lab.call(&cast.creator);
            let list = lab.read(move |conn| groups::list(conn, &call, &filter)).unwrap();
            let names: Vec<&str> = list.groups.iter().map(|view| view.group.name.as_str()).collect();
            assert_eq!(names.join(" "), wanted, "{query}");
        }
        let (call, user) = (lab.call(&cast.admin), cast.user.id);
        let own = lab.read(move |conn| groups::of_person(conn, &call, user)).unwrap();
        assert_eq!(own.iter().map(|group| group.name.as_str()).collect::<Vec<_>>(), ["Bakers", "Smiths", "ärzte"]);
        assert_eq!(own[0].manager.as_deref(), Some("ursula"));
    }

    fn groups_beside_a_room_are_known_and_go_with_their_shares(lab) {
        let cast = Cast::of(&lab);
        let crew = create(&lab, &cast.admin, "Crew", None, &[&cast.user]).unwrap().group.id;
        create(&lab, &cast.admin, "Friends", None, &[&cast.user]).unwrap();
        let id = room(&lab, &cast.creator, "Room");
        give(&lab, id, crew);
        let all = || Beside { count: 100, ..Beside::default() };
        assert_eq!(beside(&lab, &cast.creator, id, all()).unwrap(), ["+Crew", "Everyone", "Friends"]);
        assert_eq!(beside(&lab, &cast.creator, id, Beside { shared: Some(false), ..all() }).unwrap(), ["Everyone", "Friends"]);
        assert_eq!(beside(&lab, &cast.creator, id, Beside { text: Some("EVERY".into()), ..all() }).unwrap(), ["Everyone"]);
        for other in [&cast.admin, &cast.stranger, &cast.user, &cast.guest] {
            assert_eq!(outcome(beside(&lab, other, id, all())), Some(AccessDenied), "{}", other.first_name);
        }
        assert_eq!(outcome(beside(&lab, &cast.creator, EntryId(999_999), all())), Some(ItemNotFound));

        let search = |text: &'static str, start, count| {
            let call = lab.call(&cast.creator);
            let audience = Audience { words: Words::of(text, None), start, count, ..Audience::default() };
            let found = lab.read(move |conn| people::accounts(conn, &call, id, text, &audience)).unwrap();
            let groups = found.groups.iter().map(|view| view.group.name.clone());
            let people = found.people.iter().map(|profile| profile.person.first_name.clone());
            (groups.chain(people).collect::<Vec<_>>().join(" "), found.total)
        };
        assert_eq!(search("", 0, 100), (String::new(), 0));
        assert_eq!(search("r", 0, 100), ("Crew Everyone Friends ada carl stan ursula".to_owned(), 7));
        assert_eq!(search("r", 2, 2), ("Friends ada".to_owned(), 7));
        assert_eq!(search("r", 4, 2), ("carl stan".to_owned(), 7));

        write(&lab, &cast.admin, move |tx, call| groups::delete(tx, call, crew)).unwrap();
        assert_eq!(beside(&lab, &cast.creator, id, all()).unwrap(), ["Everyone", "Friends"]);
        let portal = lab.portal().id;
        let left = lab.read(move |conn| Ok(conn.one(sql!("select members_count from room where portal_id = $1 and id = $2"), args![portal, id], |row| row.get::<i64>(0))?));
        assert_eq!(left.unwrap(), 0);
        let again = write(&lab, &cast.admin, move |tx, call| groups::delete(tx, call, crew));
        assert_eq!(outcome(again), Some(GroupNotFound));
    }
}
