//! The list of rooms: its orders, its filters, its pages (rooms.md §5).

use std::cmp::Ordering;
use std::collections::HashSet;

use db::{args, sql};
use domain::ids::EntryId;
use domain::people::{self, Person, UserKind};
use domain::rooms::{Area, Filter, NewRoom, RoomKind, Sort, SubjectRole, View};
use domain::text::fold;
use testkit::Lab;

use crate::cast::{Cast, all, archive, create, list, new_room, room, share, titles};

/// Rooms that differ in everything they can be sorted by; all of them on the user's shelf.
fn furnish(lab: &Lab, cast: &Cast) {
    let rooms: [(&str, RoomKind, &Person, &[&str], i64); 7] = [
        ("beta", RoomKind::Custom, &cast.creator, &["red"], 5),
        ("Alpha", RoomKind::Public, &cast.stranger, &[], 500),
        ("żółw", RoomKind::Editing, &cast.creator, &["blue", "red"], 50),
        ("Zebra 100%", RoomKind::DataRoom, &cast.admin, &["green"], 0),
        ("alpha", RoomKind::Custom, &cast.stranger, &["blue"], 50),
        ("under_score", RoomKind::FillingForms, &cast.creator, &[], 0),
        ("back\u{ff3c}slash", RoomKind::Agent, &cast.admin, &["Red"], 7),
    ];
    for (name, kind, creator, tags, bytes) in rooms {
        let tags = tags.iter().map(|tag| (*tag).to_owned()).collect();
        let quota = if bytes == 500 { 1000 } else { -2 };
        let id = create(lab, creator, NewRoom { kind, tags, quota, ..new_room(name) }).unwrap().seen.room.id;
        lab.advance(1_000_000);
        share(lab, id, &cast.user, 2);
        let portal = lab.portal().id;
        let sql = sql!("update room set used_bytes = $3 where portal_id = $1 and id = $2");
        lab.store.upkeep_blocking(move |tx| Ok(tx.exec(sql, args![portal, id, bytes])?)).unwrap();
    }
    // Modified in another order than created.
    for name in ["alpha", "beta"] {
        let found = list(lab, &cast.admin, all());
        let id = found.rooms.iter().find(|view| view.seen.room.title == name).unwrap().seen.room.id;
        let owner = if name == "beta" { &cast.creator } else { &cast.stranger };
        crate::cast::rename(lab, owner, id, name).unwrap();
        lab.advance(1_000_000);
    }
}

/// The order of two rooms by a sort of the contract.
fn compare(sort: Sort, descending: bool, a: &View, b: &View) -> Ordering {
    let title = |view: &View| (fold(&view.seen.room.title), view.seen.room.id);
    let author = |view: &View| fold(&view.people[&view.seen.room.created_by].display_name());
    let first_tag = |view: &View| view.tags.iter().min().cloned().unwrap_or_default();
    let (x, y) = (&a.seen.room, &b.seen.room);
    let (order, tie) = match sort {
        Sort::Date => ((x.modified_at, x.id).cmp(&(y.modified_at, y.id)), Ordering::Equal),
        Sort::Created => ((x.created_at, x.id).cmp(&(y.created_at, y.id)), Ordering::Equal),
        Sort::Title => (title(a).cmp(&title(b)), Ordering::Equal),
        Sort::Size => (x.used_bytes.cmp(&y.used_bytes), title(a).cmp(&title(b))),
        Sort::Kind => ((x.kind as i64).cmp(&(y.kind as i64)), title(a).cmp(&title(b))),
        Sort::Author => (author(a).cmp(&author(b)), title(a).cmp(&title(b))),
        Sort::Tags => (first_tag(a).cmp(&first_tag(b)), title(a).cmp(&title(b))),
    };
    (if descending { order.reverse() } else { order }).then(tie)
}

fn id(view: &View) -> EntryId {
    view.seen.room.id
}

testkit::on_both_engines! {
    fn every_order_is_kept_in_both_directions(lab) {
        let cast = Cast::of(&lab);
        furnish(&lab, &cast);
        for person in [&cast.admin, &cast.user] {
            let mut expected = list(&lab, person, all()).rooms;
            assert_eq!(expected.len(), 7);
            for (name, number) in Sort::NAMES {
                for descending in [false, true] {
                    let found = list(&lab, person, Filter { sort: Some(*number), descending, ..all() });
                    expected.sort_by(|a, b| compare(Sort::of(*number), descending, a, b));
                    let wanted: Vec<&str> = expected.iter().map(|view| view.seen.room.title.as_str()).collect();
                    assert_eq!(titles(&found), wanted, "{name}, descending {descending}, for {}", person.first_name);
                    assert_eq!(found.order, 2 * number + i64::from(descending));
                }
            }
        }
    }

    fn authors_sort_without_regard_to_case(lab) {
        let admin = lab.person(UserKind::DocSpaceAdmin, "ada");
        for name in ["zoe", "Émile", "élodie", "Ada2"] {
            let author = lab.person(UserKind::RoomAdmin, name);
            room(&lab, &author, name);
        }
        let found = list(&lab, &admin, Filter { sort: Some(3), ..all() });
        assert_eq!(titles(&found), ["Ada2", "zoe", "élodie", "Émile"]);
    }

    fn saved_order_is_the_default(lab) {
        let cast = Cast::of(&lab);
        furnish(&lab, &cast);
        assert_eq!(titles(&list(&lab, &cast.user, all()))[0], "beta", "at first: by date, the newest first");
        let call = lab.call(&cast.user);
        lab.write(&call.clone(), move |tx| people::save_room_order(tx, &call, 2)).unwrap();
        let (portal, who) = (lab.portal(), cast.user.id);
        let again = lab.read(move |conn| people::find(conn, &portal, who)).unwrap().unwrap();
        let found = list(&lab, &again, all());
        assert_eq!(titles(&found)[..3], ["Alpha", "alpha", "back\u{ff3c}slash"], "by title");
        assert_eq!(found.order, 2);
    }

    fn filters_find_what_they_say(lab) {
        let cast = Cast::of(&lab);
        furnish(&lab, &cast);
        let old = room(&lab, &cast.creator, "old");
        archive(&lab, &cast.creator, old).unwrap();
        let by = |person: &Person| Some(person.id);
        let named = |text: &str| Filter { text: Some(text.into()), ..all() };
        let tagged = |tags: &[&str]| Filter { tags: tags.iter().map(|tag| (*tag).to_owned()).collect(), ..all() };
        let creators = ["beta", "under_score", "żółw"];
        let cases: Vec<(&str, Filter, Vec<&str>)> = vec![
            ("kinds", Filter { kinds: vec![5, 6], ..all() }, vec!["Alpha", "alpha", "beta"]),
            ("agents", Filter { area: Area::Agents, ..all() }, vec!["back\u{ff3c}slash"]),
            ("archive", Filter { area: Area::Archive, ..all() }, vec!["old"]),
            ("templates", Filter { area: Area::Templates, ..all() }, vec![]),
            ("nothing", Filter { nothing: true, ..all() }, vec![]),
            ("subject creates", Filter { subject: by(&cast.creator), ..all() }, creators.to_vec()),
            ("subject is owner", Filter { subject: by(&cast.user), subject_role: Some(SubjectRole::Owner), ..all() }, vec![]),
            ("owner", Filter { owner: by(&cast.creator), ..all() }, creators.to_vec()),
            ("not the owner's", Filter { owner: by(&cast.creator), exclude_subject: true, ..all() },
                vec!["Alpha", "Zebra 100%", "alpha", "back\u{ff3c}slash"]),
            ("subject is a member of none left out", Filter { subject: by(&cast.user), exclude_subject: true, ..all() }, vec![]),
            ("owner is ignored beside a role",
                Filter { owner: by(&cast.guest), subject: by(&cast.creator), subject_role: Some(SubjectRole::Owner), ..all() }, creators.to_vec()),
            ("owner and subject", Filter { owner: by(&cast.creator), subject: by(&cast.stranger), ..all() }, vec![]),
            ("untagged", Filter { untagged: true, tags: vec!["red".into()], ..all() }, vec!["Alpha", "under_score"]),
            ("one tag", tagged(&["red"]), vec!["beta", "żółw"]),
            ("either tag", tagged(&["green", "blue", "none"]), vec!["Zebra 100%", "alpha", "żółw"]),
            ("unknown tag", tagged(&["none"]), vec![]),
            ("text without case", named("ALPHA"), vec!["Alpha", "alpha"]),
            ("text beyond ASCII", named("ŻÓŁ"), vec!["żółw"]),
            ("a percent sign is itself", named("0%"), vec!["Zebra 100%"]),
            ("an underscore is itself", named("r_s"), vec!["under_score"]),
            ("a backslash is itself", named("\\"), vec![]),
            ("both", Filter { kinds: vec![5], tags: vec!["blue".into()], ..named("a") }, vec!["alpha"]),
        ];
        for (name, filter, expected) in cases {
            // Only what the member has on the shelf: the archived room is not.
            let people: &[&Person] = if name == "archive" { &[&cast.admin] } else { &[&cast.admin, &cast.user] };
            for person in people {
                let found = list(&lab, person, filter.clone());
                let mut sorted = titles(&found);
                sorted.sort_unstable();
                assert_eq!(sorted, expected, "{name}, for {}", person.first_name);
                assert_eq!(found.total, i64::try_from(expected.len()).unwrap(), "the total: {name}");
            }
        }
    }

    fn subject_finds_rooms_shared_with_him(lab) {
        let cast = Cast::of(&lab);
        let shared = room(&lab, &cast.creator, "shared");
        room(&lab, &cast.creator, "not");
        share(&lab, shared, &cast.guest, 2);
        let subject = Filter { subject: Some(cast.guest.id), ..all() };
        for role in [None, Some(SubjectRole::Member)] {
            let filter = Filter { subject_role: role, ..subject.clone() };
            assert_eq!(titles(&list(&lab, &cast.admin, filter.clone())), ["shared"]);
            assert_eq!(titles(&list(&lab, &cast.creator, Filter { exclude_subject: true, ..filter })), ["not"]);
        }
    }

    fn quota_filter_is_for_administrators(lab) {
        let cast = Cast::of(&lab);
        furnish(&lab, &cast);
        for (default, for_admin) in [(true, 6), (false, 1)] {
            let filter = Filter { default_quota: Some(default), ..all() };
            assert_eq!(list(&lab, &cast.admin, filter.clone()).total, for_admin);
            let ignored = list(&lab, &cast.user, filter);
            assert_eq!((ignored.total, ignored.rooms.len()), (7, 7));
        }
    }

    fn areas_hold_their_sections(lab) {
        let cast = Cast::of(&lab);
        room(&lab, &cast.creator, "new");
        let old = room(&lab, &cast.creator, "old");
        archive(&lab, &cast.creator, old).unwrap();
        let admins = [1, 1, 2, 2, 0, 2, 2, 0];
        let others = [1, 1, 2, 0, 0, 0, 0, 0];
        for (person, expected) in [(&cast.admin, admins), (&cast.creator, others), (&cast.guest, [0; 8])] {
            for ((name, number), total) in Area::NAMES.iter().zip(expected) {
                let found = list(&lab, person, Filter { area: Area::of(*number), ..all() });
                assert_eq!(found.total, total, "{name} for {}", person.first_name);
                assert_eq!(found.rooms.len(), usize::try_from(total).unwrap(), "{name} for {}", person.first_name);
            }
        }
    }

    fn pages_cover_each_room_once(lab) {
        let cast = Cast::of(&lab);
        // All of one moment and many of one title: only the id tells them apart.
        for number in 0..23 {
            let id = room(&lab, &cast.creator, ["same", "Same", "other"][number % 3]);
            share(&lab, id, &cast.user, 2);
        }
        for person in [&cast.admin, &cast.user] {
            for (name, sort) in Sort::NAMES {
                for (count, descending) in [(1, false), (7, true), (10, false), (23, true)] {
                    let mut seen = Vec::new();
                    for start in (0..23).step_by(usize::try_from(count).unwrap()) {
                        let page = list(&lab, person, Filter { count, start, sort: Some(*sort), descending, ..all() });
                        assert_eq!(page.total, 23);
                        assert!(page.rooms.len() <= usize::try_from(count).unwrap());
                        seen.extend(page.rooms.iter().map(id));
                    }
                    assert_eq!(seen.len(), 23, "{name} by {count}");
                    assert_eq!(seen.iter().collect::<HashSet<_>>().len(), 23, "{name} by {count}");
                }
            }
        }
        let beyond = list(&lab, &cast.user, Filter { start: 23, ..all() });
        assert_eq!((beyond.rooms.len(), beyond.total), (0, 23));
        let far = list(&lab, &cast.user, Filter { start: i64::MAX, ..all() });
        assert_eq!((far.rooms.len(), far.total), (0, 23));
    }
}
