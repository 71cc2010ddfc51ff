//! Many writers at once lose nothing and count right.

use std::collections::HashSet;
use std::thread;

use domain::rooms::{Area, Filter};

use crate::cast::{Cast, all, archive, create, delete, list, new_room, rename, room, titles};

testkit::on_both_engines! {
    fn concurrent_creates_lose_nothing(lab) {
        let cast = Cast::of(&lab);
        let ids: Vec<i64> = thread::scope(|scope| {
            let writers: Vec<_> = [&cast.creator, &cast.stranger, &cast.admin, &cast.creator]
                .map(|person| {
                    let lab = &lab;
                    scope.spawn(move || {
                        // PostgreSQL may say that it met too many others: that is told, and nothing is kept.
                        (0..10).filter_map(|_| create(lab, person, new_room("Room")).ok()).map(|view| view.seen.room.id.0).collect::<Vec<_>>()
                    })
                })
                .into_iter()
                .collect();
            writers.into_iter().flat_map(|writer| writer.join().unwrap()).collect()
        });
        assert_eq!(ids.iter().collect::<HashSet<_>>().len(), ids.len(), "no id twice");
        let found = list(&lab, &cast.admin, all());
        let listed: HashSet<i64> = found.rooms.iter().map(|view| view.seen.room.id.0).collect();
        assert_eq!(listed, ids.iter().copied().collect(), "what was answered is there, and nothing else");
        assert_eq!(found.total, i64::try_from(ids.len()).unwrap(), "the counter");
        assert!(ids.len() >= 30, "most succeed: {}", ids.len());
    }

    fn two_renames_at_once_both_succeed(lab) {
        let cast = Cast::of(&lab);
        let id = room(&lab, &cast.creator, "Room");
        thread::scope(|scope| {
            for name in ["One", "Two"] {
                let (lab, cast) = (&lab, &cast);
                scope.spawn(move || rename(lab, &cast.creator, id, name).unwrap());
            }
        });
        let found = list(&lab, &cast.creator, all());
        assert!(["One", "Two"].contains(&titles(&found)[0]));
    }

    fn archive_and_delete_at_once_leave_no_count_behind(lab) {
        let cast = Cast::of(&lab);
        let ids: Vec<_> = (0..8).map(|_| room(&lab, &cast.creator, "Room")).collect();
        thread::scope(|scope| {
            for id in &ids {
                let (lab, cast) = (&lab, &cast);
                scope.spawn(move || archive(lab, &cast.admin, *id));
                scope.spawn(move || delete(lab, &cast.creator, *id));
            }
        });
        let left = list(&lab, &cast.admin, Filter { area: Area::Any, ..all() });
        assert_eq!(usize::try_from(left.total).unwrap(), left.rooms.len());
        let own = list(&lab, &cast.creator, Filter { area: Area::Any, ..all() });
        assert_eq!((own.total, own.rooms.len()), (left.total, left.rooms.len()));
    }
}
