//! What is left of a deleted room, and how it goes.

use db::{Value, args, sql};
use domain::ids::EntryId;
use domain::rooms::{self, NewRoom, RoomKind};
use testkit::Lab;

use crate::cast::{Cast, all, archive, create, delete, get, list, new_room, number, room, share};

/// Rows of each table that name the room.
fn left(lab: &Lab, id: EntryId) -> [i64; 5] {
    let id = &[Value::Int(id.0)];
    [
        number(lab, sql!("select count(*) from room where id = $1"), id),
        number(lab, sql!("select count(*) from shelf where room_id = $1"), id),
        number(lab, sql!("select count(*) from room_tag where room_id = $1"), id),
        number(lab, sql!("select count(*) from link where room_id = $1"), id),
        number(lab, sql!("select count(*) from tombstone where id = $1"), id),
    ]
}

fn purge(lab: &Lab, id: EntryId) -> bool {
    let portal = lab.portal().id;
    lab.store.upkeep_blocking(move |tx| rooms::purge(tx, portal, id)).unwrap()
}

/// Puts a room on the shelves of this many more people, at once.
fn crowd(lab: &Lab, id: EntryId, members: i64) {
    let portal = lab.portal().id;
    let sql = sql!(
        "insert into shelf (portal_id, subject_id, room_id, section, access, title_fold, modified_at)
         with recursive n (i) as (select 1 union all select i + 1 from n where i < $3)
         select $1, 'somebody ' || cast(i as text), $2, 14, 2, 'room', 0 from n"
    );
    lab.store.upkeep_blocking(move |tx| Ok(tx.exec(sql, args![portal, id, members])?)).unwrap();
}

testkit::on_both_engines! {
    fn deleted_room_is_gone_at_once_and_its_rows_later(lab) {
        let cast = Cast::of(&lab);
        let new = NewRoom { kind: RoomKind::Public, tags: vec!["a".into(), "b".into()], ..new_room("Room") };
        let id = create(&lab, &cast.creator, new).unwrap().seen.room.id;
        share(&lab, id, &cast.user, 2);
        let done = delete(&lab, &cast.creator, id).unwrap();
        assert_eq!((done.operation.processed, done.room.is_none()), (1, true));
        assert_eq!(list(&lab, &cast.admin, all()).total, 0);
        assert_eq!(left(&lab, id), [1, 2, 2, 1, 0]);
        lab.drain_jobs().unwrap();
        assert_eq!(left(&lab, id), [0, 0, 0, 0, 1]);
        assert_eq!(number(&lab, sql!("select count(*) from job"), args![]), 0, "the job is done");
        assert_eq!(number(&lab, sql!("select count(*) from tag"), args![]), 2, "tags are the portal's");
    }

    fn crowded_room_is_purged_in_chunks(lab) {
        let cast = Cast::of(&lab);
        let id = room(&lab, &cast.creator, "Room");
        crowd(&lab, id, 1200);
        archive(&lab, &cast.creator, id).unwrap();
        delete(&lab, &cast.admin, id).unwrap();
        let mut steps = vec![left(&lab, id)[1]];
        while !purge(&lab, id) {
            steps.push(left(&lab, id)[1]);
        }
        assert_eq!(steps, [1201, 701, 201], "500 at a time");
        assert_eq!(left(&lab, id), [0, 0, 0, 0, 1]);
        assert!(purge(&lab, id), "again, there is nothing to do");
        lab.drain_jobs().unwrap();
        assert_eq!(number(&lab, sql!("select count(*) from job"), args![]), 0);
    }

    fn one_job_purges_a_crowded_room(lab) {
        let cast = Cast::of(&lab);
        let id = room(&lab, &cast.creator, "Room");
        crowd(&lab, id, 1200);
        delete(&lab, &cast.creator, id).unwrap();
        lab.drain_jobs().unwrap();
        assert_eq!(left(&lab, id), [0, 0, 0, 0, 1]);
    }

    fn counters_of_deleted_rooms_do_not_stay(lab) {
        let cast = Cast::of(&lab);
        for _ in 0..3 {
            let id = room(&lab, &cast.creator, "Room");
            delete(&lab, &cast.creator, id).unwrap();
        }
        lab.drain_jobs().unwrap();
        let gone = number(&lab, sql!("select cast(coalesce(sum(rooms), 0) as bigint) from shelf_count"), args![]);
        assert_eq!(gone, 0, "nothing counts what nothing lists");
    }

    fn room_that_is_not_deleted_is_not_purged(lab) {
        let cast = Cast::of(&lab);
        let id = room(&lab, &cast.creator, "Room");
        assert!(purge(&lab, id));
        assert!(purge(&lab, EntryId(999_999)));
        assert!(get(&lab, &cast.creator, id).is_ok());
        assert_eq!(left(&lab, id), [1, 1, 0, 0, 0]);
        assert_eq!(left(&lab, EntryId(999_999))[4], 0, "what never was leaves no tombstone");
    }

    fn id_of_a_deleted_room_is_not_given_again(lab) {
        let cast = Cast::of(&lab);
        let id = room(&lab, &cast.creator, "Room");
        delete(&lab, &cast.creator, id).unwrap();
        lab.drain_jobs().unwrap();
        assert!(room(&lab, &cast.creator, "Room") > id);
    }
}
