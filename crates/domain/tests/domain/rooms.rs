//! Creating and changing rooms, and what the audit log says of it (rooms.md §4, §14).

use db::{args, sql};
use domain::Kind::BadArgument;
use domain::operations::OperationKind;
use domain::people::Person;
use domain::rooms::{self, Change, Changes, Chat, Lifetime, NewRoom, RoomKind, Section, Watermark};
use domain::{Problem, Result};
use testkit::Lab;

use crate::cast::{
    Cast, all, archive, audited, audited_by, create, delete, get, list, new_room, number, outcome, rename,
    room, title, unarchive, update,
};

fn lifetime(value: i64) -> Lifetime {
    Lifetime { delete_permanently: true, period: 1, value, started_at: 0 }
}

fn watermark() -> Watermark {
    Watermark {
        additions: 3,
        text: Some("Zażółć".into()),
        rotate: -45,
        image_scale: 100,
        image_url: None,
        image_height: 0.5,
        image_width: 1.5,
    }
}

/// Everything set.
fn full() -> NewRoom {
    NewRoom {
        kind: RoomKind::DataRoom,
        description: "What it is for".into(),
        color: Some("ABCDEF".into()),
        cover: Some("star".into()),
        indexing: true,
        deny_download: true,
        quota: 1 << 40,
        lifetime: Some(lifetime(3)),
        watermark: Some(watermark()),
        chat: Some(Chat { provider_id: 1, model_id: "m".into(), prompt: None }),
        tags: vec!["b".into(), "a".into(), "b".into()],
        save_form_as_xlsx: false,
        send_form_to_external_db: true,
        ..new_room("Full")
    }
}

fn tags(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

fn changed(lab: &Lab, person: &Person, id: domain::ids::EntryId, changes: Changes) -> rooms::Room {
    update(lab, person, id, changes).unwrap().seen.room
}

testkit::on_both_engines! {
    fn what_is_created_is_read_again(lab) {
        let cast = Cast::of(&lab);
        let created = create(&lab, &cast.creator, full()).unwrap();
        let read = get(&lab, &cast.creator, created.seen.room.id).unwrap();
        assert_eq!(format!("{:?}", created.seen), format!("{:?}", read.seen));
        let room = read.seen.room;
        assert_eq!((room.kind, room.section, room.quota), (RoomKind::DataRoom, Section::Rooms, 1 << 40));
        assert_eq!((room.color.as_str(), room.cover.as_deref()), ("ABCDEF", Some("star")));
        assert_eq!(room.lifetime, Some(lifetime(3).from(lab.now())));
        assert_eq!(room.watermark, Some(watermark()));
        assert_eq!((room.created_by, room.created_at, room.modified_at), (cast.creator.id, lab.now(), lab.now()));
        assert!(room.indexing && room.deny_download && room.send_form_to_external_db && !room.save_form_as_xlsx);
        assert_eq!(read.tags, ["a", "b"], "each once, the newest first");
        assert_eq!(read.people[&cast.creator.id].email, cast.creator.email);
    }

    fn what_is_not_given_has_its_default(lab) {
        let cast = Cast::of(&lab);
        let room = create(&lab, &cast.creator, NewRoom { quota: 0, color: Some(String::new()), cover: Some(String::new()), ..new_room("Plain") }).unwrap().seen.room;
        assert_eq!((room.quota, room.cover, room.links_count, room.members_count), (-2, None, 0, 0));
        assert!(room.color.len() == 6 && room.color.bytes().all(|b| b.is_ascii_hexdigit()), "drawn: {}", room.color);
        let room = create(&lab, &cast.creator, NewRoom { quota: -7, ..new_room("Odd") }).unwrap().seen.room;
        assert_eq!(room.quota, -2, "all below -1 mean the default");
    }

    fn unknown_cover_is_refused_and_changes_nothing(lab) {
        let cast = Cast::of(&lab);
        let bad = || Some("no such cover".to_owned());
        assert_eq!(outcome(create(&lab, &cast.creator, NewRoom { cover: bad(), ..new_room("Room") })), Some(BadArgument));
        assert_eq!(list(&lab, &cast.creator, all()).total, 0);
        let id = room(&lab, &cast.creator, "Room");
        let changes = Changes { title: Some(title("Other")), cover: bad(), ..Changes::default() };
        assert_eq!(outcome(update(&lab, &cast.creator, id, changes)), Some(BadArgument));
        assert_eq!(get(&lab, &cast.creator, id).unwrap().seen.room.title, "Room");
    }

    fn bad_tag_is_refused_and_changes_nothing(lab) {
        let cast = Cast::of(&lab);
        let (max, over) = ("ż".repeat(255), "x".repeat(256));
        for bad in ["", "  ", &over] {
            let refused = create(&lab, &cast.creator, NewRoom { tags: vec!["good".into(), bad.into()], ..new_room("Room") });
            assert_eq!(outcome(refused), Some(BadArgument), "{bad:?}");
        }
        assert_eq!(number(&lab, sql!("select count(*) from tag"), args![]), 0);
        create(&lab, &cast.creator, NewRoom { tags: vec![max], ..new_room("Room") }).unwrap();
    }

    fn public_and_form_rooms_are_born_with_a_link(lab) {
        let cast = Cast::of(&lab);
        for (kind, links) in [
            (RoomKind::FillingForms, 1),
            (RoomKind::Editing, 0),
            (RoomKind::Custom, 0),
            (RoomKind::Public, 1),
            (RoomKind::DataRoom, 0),
            (RoomKind::Agent, 0),
        ] {
            let made = create(&lab, &cast.creator, NewRoom { kind, ..new_room("Room") }).unwrap().seen.room;
            assert_eq!((made.links_count, made.public_links_count), (links, links), "{kind:?}");
            let id = db::Value::Int(made.id.0);
            let stored = number(&lab, sql!("select count(*) from link where room_id = $1 and is_primary = 1"), &[id]);
            assert_eq!(stored, links, "{kind:?}");
        }
        let roles = lab.read(|conn| Ok(conn.all(sql!("select title, access from link order by access"), args![], |row| Ok((row.get::<String>(0)?, row.get::<i64>(1)?)))?));
        assert_eq!(roles.unwrap(), [("Shared link".to_owned(), 2), ("Link to fill out".to_owned(), 7)]);
    }

    fn update_leaves_alone_what_it_does_not_name(lab) {
        let cast = Cast::of(&lab);
        let before = create(&lab, &cast.creator, full()).unwrap();
        let after = update(&lab, &cast.creator, before.seen.room.id, Changes::default()).unwrap();
        assert_eq!(format!("{:?}", before.seen), format!("{:?}", after.seen));
        assert_eq!(before.tags, after.tags);
    }

    fn update_changes_what_it_names(lab) {
        let cast = Cast::of(&lab);
        let id = create(&lab, &cast.creator, full()).unwrap().seen.room.id;
        lab.advance(1_000_000);
        let changes = Changes {
            title: Some(title("New")),
            description: Some(String::new()),
            color: Some("123456".into()),
            cover: Some(String::new()),
            indexing: Some(false),
            deny_download: Some(false),
            quota: Some(-99),
            lifetime: Some(Change::Remove),
            watermark: Some(Change::Remove),
            chat: Some(Chat { provider_id: 2, model_id: "n".into(), prompt: Some("p".into()) }),
            tags: Some(tags(&[])),
            save_form_as_xlsx: Some(true),
            send_form_to_external_db: Some(false),
        };
        let view = update(&lab, &cast.creator, id, changes).unwrap();
        let room = view.seen.room;
        assert_eq!((room.title.as_str(), room.description.as_str(), room.color.as_str()), ("New", "", "123456"));
        assert_eq!((room.cover, room.quota, room.lifetime, room.watermark), (None, -2, None, None));
        assert_eq!(room.chat.map(|chat| chat.provider_id), Some(2));
        assert!(!room.indexing && !room.deny_download && room.save_form_as_xlsx && !room.send_form_to_external_db);
        assert_eq!(view.tags, [""; 0]);
        assert_eq!(room.modified_at, lab.now());
        assert!(room.created_at < room.modified_at);
    }

    fn lifetime_that_is_set_again_starts_anew(lab) {
        let cast = Cast::of(&lab);
        let id = create(&lab, &cast.creator, full()).unwrap().seen.room.id;
        lab.advance(5_000_000);
        let changes = Changes { lifetime: Some(Change::Set(lifetime(3))), ..Changes::default() };
        assert_eq!(changed(&lab, &cast.creator, id, changes).lifetime.map(|l| l.started_at), Some(lab.now().0));
    }

    fn room_manager_is_shown_as_last_editor(lab) {
        let cast = Cast::of(&lab);
        let id = room(&lab, &cast.creator, "Room");
        crate::cast::share(&lab, id, &cast.user, 9);
        let view = rename(&lab, &cast.user, id, "Renamed").unwrap();
        assert_eq!((view.seen.room.created_by, view.seen.room.modified_by), (cast.creator.id, cast.user.id));
        assert_eq!(view.people[&cast.user.id].first_name, "ursula");
    }

    fn tags_are_replaced_and_shared_by_the_portal(lab) {
        let cast = Cast::of(&lab);
        let id = create(&lab, &cast.creator, NewRoom { tags: vec!["a".into(), "b".into()], ..new_room("Room") }).unwrap().seen.room.id;
        let other = create(&lab, &cast.stranger, NewRoom { tags: vec!["b".into()], ..new_room("Other") }).unwrap().seen.room.id;
        assert_eq!(number(&lab, sql!("select count(*) from tag"), args![]), 2);
        let view = update(&lab, &cast.creator, id, Changes { tags: Some(tags(&["c", "a", "A"])), ..Changes::default() }).unwrap();
        assert_eq!(view.tags, ["A", "c", "a"], "the newest tag first; names are exact");
        assert_eq!(get(&lab, &cast.stranger, other).unwrap().tags, ["b"], "the other room keeps its own");
        assert_eq!(list(&lab, &cast.creator, all()).rooms[0].tags, ["A", "c", "a"]);
    }

    fn archiving_ends_the_lifetime_and_nothing_else(lab) {
        let cast = Cast::of(&lab);
        let before = create(&lab, &cast.creator, full()).unwrap();
        let id = before.seen.room.id;
        lab.advance(1_000_000);
        let done = archive(&lab, &cast.admin, id).unwrap();
        let room = &done.room.as_ref().unwrap().seen.room;
        assert_eq!((room.section, room.lifetime.clone(), room.modified_by), (Section::Archive, None, cast.admin.id));
        assert_eq!((&room.watermark, room.quota), (&before.seen.room.watermark, before.seen.room.quota));
        assert_eq!((done.operation.kind, done.operation.processed), (OperationKind::Move, 1));
        assert_eq!((done.operation.room, done.operation.section), (Some(id), Some(lab.portal().archive_root)));
        let back = unarchive(&lab, &cast.creator, id).unwrap();
        assert_eq!(back.room.unwrap().seen.room.section, Section::Rooms);
        assert_eq!(back.operation.section, Some(lab.portal().rooms_root));
    }

    fn moving_a_room_where_it_lies_does_nothing(lab) {
        let cast = Cast::of(&lab);
        let id = room(&lab, &cast.creator, "Room");
        let before = get(&lab, &cast.creator, id).unwrap().seen.room.modified_at;
        lab.advance(1_000_000);
        let said = audited_by(&lab, || {
            let done = unarchive(&lab, &cast.creator, id).unwrap();
            assert_eq!((done.operation.processed, done.operation.room), (0, None));
            assert_eq!(done.operation.section, Some(lab.portal().rooms_root));
            assert!(done.room.is_none());
        });
        assert_eq!(said, [0; 0]);
        assert_eq!(get(&lab, &cast.creator, id).unwrap().seen.room.modified_at, before);
    }

    fn audit_log_says_what_happened(lab) {
        let cast = Cast::of(&lab);
        let (creator, mut id) = (&cast.creator, None);
        assert_eq!(audited_by(&lab, || id = Some(room(&lab, creator, "Room"))), [5070]);
        let id = id.unwrap();
        assert_eq!(
            audited_by(&lab, || drop(create(&lab, creator, full()).unwrap())),
            [5070, 5076, 5076, 5078, 5114, 5109, 5116, 5112]
        );
        let public = NewRoom { kind: RoomKind::Public, ..new_room("Public") };
        assert_eq!(audited_by(&lab, || drop(create(&lab, creator, public).unwrap())), [5070, 5088]);
        let none = Changes::default;
        let steps: [(Changes, &[i64]); 13] = [
            (Changes { title: Some(title("Other")), ..none() }, &[5071]),
            (Changes { title: Some(title("Other")), ..none() }, &[]),
            (Changes { description: Some("d".into()), ..none() }, &[5071]),
            (Changes { cover: Some("star".into()), ..none() }, &[5103]),
            (Changes { indexing: Some(true), ..none() }, &[5114]),
            (Changes { indexing: Some(false), deny_download: Some(true), ..none() }, &[5115, 5109]),
            (Changes { deny_download: Some(false), ..none() }, &[5110]),
            (Changes { watermark: Some(Change::Set(watermark())), ..none() }, &[5112]),
            (Changes { watermark: Some(Change::Remove), ..none() }, &[5113]),
            (Changes { lifetime: Some(Change::Set(lifetime(1))), ..none() }, &[5116]),
            (Changes { lifetime: Some(Change::Remove), ..none() }, &[5117]),
            (Changes { quota: Some(5), ..none() }, &[6049]),
            (Changes { tags: Some(tags(&["a", "new"])), ..none() }, &[5076, 5078]),
        ];
        for (changes, expected) in steps {
            let text = format!("{changes:?}");
            assert_eq!(audited_by(&lab, || drop(update(&lab, creator, id, changes).unwrap())), expected, "{text}");
        }
        let less = Changes { tags: Some(tags(&["new"])), ..none() };
        assert_eq!(audited_by(&lab, || drop(update(&lab, creator, id, less).unwrap())), [5079]);
        assert_eq!(audited_by(&lab, || drop(archive(&lab, &cast.admin, id).unwrap())), [5072]);
        assert_eq!(audited_by(&lab, || drop(unarchive(&lab, creator, id).unwrap())), [5073]);
        assert_eq!(audited_by(&lab, || drop(delete(&lab, creator, id).unwrap())), [5074]);
        let sql = sql!("select actor_id, target, detail, ip, user_agent from audit where action = 5072");
        let row = lab.read(move |conn| Ok(conn.one(sql, args![], |row| (0..5).map(|i| row.get::<String>(i)).collect::<db::Result<Vec<_>>>())?));
        assert_eq!(
            row.unwrap(),
            [cast.admin.id.to_string(), id.to_string(), r#"{"title":"Other"}"#.into(), "127.0.0.1".into(), "lab".into()]
        );
    }

    fn refused_unit_leaves_no_trace(lab) {
        let cast = Cast::of(&lab);
        let before = audited(&lab);
        let call = lab.call(&cast.creator);
        let refused: Result<()> = lab.write(&call.clone(), move |tx| {
            rooms::create(tx, &call, &full())?;
            Err(Problem::text(BadArgument, "after all"))
        });
        assert_eq!(outcome(refused), Some(BadArgument));
        assert_eq!(list(&lab, &cast.creator, all()).total, 0);
        for sql in [
            sql!("select count(*) from room"),
            sql!("select count(*) from shelf"),
            sql!("select count(*) from shelf_count"),
            sql!("select count(*) from tag"),
            sql!("select count(*) from room_tag"),
        ] {
            assert_eq!(number(&lab, sql, args![]), 0, "{}", sql.0);
        }
        assert_eq!(audited(&lab), before);
    }
}
