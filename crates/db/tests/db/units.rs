//! Units on both engines: what is kept, what is undone, who is answered.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use crossbeam_channel::bounded;
use db::{Conn, Error, Result, args, sql};

use crate::ground::{
    PATIENCE, Queued, hold, ids, insert, number, on_both_engines, queue, refusal, signal, with_table, write,
};

on_both_engines! {
    fn refused_unit_is_undone_alone(ground) {
        let db = with_table(ground.open_narrow());
        let held = hold(&db);
        let queued = [
            queue(&db, insert(1)),
            queue(&db, |conn| insert(2)(conn).and(Err(refusal()))),
            queue(&db, insert(3)),
        ];
        drop(held);
        let [first, refused, last] = queued.map(Queued::wait);
        assert!(first.is_ok() && last.is_ok());
        assert!(matches!(refused, Err(Error::Invalid(_))), "its own error: {refused:?}");
        assert_eq!(ids(&db), [1, 3]);
    }

    fn panicking_unit_is_undone_and_its_thread_lives_on(ground) {
        let db = with_table(ground.open_narrow());
        let panicked = write(&db, |conn| -> Result<()> {
            insert(1)(conn)?;
            panic!("on purpose {}", 7)
        });
        assert!(matches!(&panicked, Err(Error::Panicked(text)) if text == "on purpose 7"), "{panicked:?}");
        let read = db.read_blocking(|_| -> Result<()> { panic!("on purpose") });
        assert!(matches!(&read, Err(Error::Panicked(text)) if text == "on purpose"), "{read:?}");
        write(&db, insert(2)).unwrap();
        assert_eq!(ids(&db), [2]);
    }

    fn failing_statement_fails_its_unit(ground) {
        let db = with_table(ground.open_narrow());
        write(&db, insert(1)).unwrap();
        let twice = write(&db, |conn| insert(2)(conn).and_then(|_| insert(1)(conn)));
        assert!(matches!(twice, Err(Error::Sqlite(_) | Error::Postgres(_))), "{twice:?}");
        assert_eq!(ids(&db), [1]);
    }

    fn unit_that_swallows_an_error_is_answered_honestly(ground) {
        let db = with_table(ground.open_narrow());
        write(&db, insert(1)).unwrap();
        let answer = write(&db, |conn| {
            insert(2)(conn)?;
            let _ = insert(1)(conn);
            Ok(())
        });
        assert_eq!(answer.is_ok(), ids(&db).contains(&2), "said {answer:?}, kept {:?}", ids(&db));
        write(&db, insert(3)).unwrap();
    }

    fn hook_runs_after_the_commit_even_when_the_caller_is_gone(ground) {
        let db = with_table(ground.open_narrow());
        let (tell, told) = signal();
        let held = hold(&db);
        let caller = db.clone();
        let queued = Queued::new(async move { caller.write(insert(1), move |_| tell()).await });
        drop(queued);
        assert!(told.try_recv().is_err(), "not before it ran");
        drop(held);
        told.recv_timeout(PATIENCE).expect("the hook runs");
        assert_eq!(ids(&db), [1], "what the hook tells of can be read");
    }

    fn hook_does_not_run_after_a_refusal(ground) {
        let db = with_table(ground.open_narrow());
        let (tell, told) = signal();
        let refused: Result<()> = db.write_blocking(|_| Err(refusal()), move |()| tell());
        assert!(refused.is_err());
        assert!(told.try_recv().is_err());
    }

    fn hook_may_change_the_answer(ground) {
        let db = ground.open();
        let answer: Result<i64> = db.write_blocking(|_| Ok(1), |n| *n += 1);
        assert_eq!(answer.unwrap(), 2);
    }

    fn panicking_hook_leaves_the_commit_and_the_thread(ground) {
        let db = with_table(ground.open_narrow());
        let answer = db.write_blocking(insert(1), |_| panic!("on purpose"));
        assert!(answer.is_ok(), "the unit was kept: {answer:?}");
        write(&db, insert(2)).unwrap();
        assert_eq!(ids(&db), [1, 2]);
    }

    fn full_queue_is_busy_at_once(ground) {
        let db = ground.open_narrow();
        let held = hold(&db);
        let mut queued: Vec<_> = (0..2048).map(|_| queue(&db, |_| Ok(()))).collect();
        let refused = queue(&db, |_| Ok(())).early();
        assert!(matches!(refused, Some(Err(Error::Busy))), "{refused:?}");
        drop(held);
        queued.pop().unwrap().wait().expect("the last that found room is answered");
        write(&db, |_| Ok(())).expect("and there is room again");
    }

    fn read_unit_sees_one_snapshot(ground) {
        let db = with_table(ground.open());
        write(&db, insert(1)).unwrap();
        let (looked, look) = bounded(1);
        let (go_on, wait) = bounded::<()>(1);
        let reader = db.clone();
        let seen = std::thread::spawn(move || {
            reader.read_blocking(move |conn| -> Result<_> {
                let before = number(conn, sql!("select count(*) from t"), args![]);
                looked.send(()).unwrap();
                wait.recv().unwrap();
                Ok((before, number(conn, sql!("select count(*) from t"), args![])))
            })
        });
        look.recv_timeout(PATIENCE).unwrap();
        write(&db, insert(2)).unwrap();
        go_on.send(()).unwrap();
        assert_eq!(seen.join().unwrap().unwrap(), (1, 1));
        assert_eq!(ids(&db), [1, 2], "the next one sees it");
    }

    fn read_unit_cannot_write(ground) {
        let db = with_table(ground.open());
        assert!(db.read_blocking(insert(1)).is_err());
        assert_eq!(ids(&db), [] as [i64; 0]);
        write(&db, insert(1)).unwrap();
    }

    fn commit_is_seen_by_the_next_reader(ground) {
        let db = with_table(ground.open());
        for id in 1..=50 {
            write(&db, insert(id)).unwrap();
            assert_eq!(ids(&db).len(), usize::try_from(id).unwrap());
        }
    }

    fn concurrent_writers_lose_nothing(ground) {
        let db = with_table(ground.open_with(db::Options { clients: 4, ..db::Options::default() }));
        let writers: Vec<_> = (0..8)
            .map(|writer| {
                let db = db.clone();
                std::thread::spawn(move || {
                    for n in 0..25 {
                        write(&db, insert(writer * 25 + n)).unwrap();
                    }
                })
            })
            .collect();
        writers.into_iter().for_each(|writer| writer.join().unwrap());
        assert_eq!(ids(&db), (0..200).collect::<Vec<i64>>());
    }

    fn dropping_the_last_handle_ends_what_is_queued(ground) {
        let db = with_table(ground.open_narrow());
        let held = hold(&db);
        let ran = Arc::new(AtomicU32::new(0));
        for id in 0..20 {
            let ran = ran.clone();
            drop(queue(&db, move |conn: &mut Conn| {
                ran.fetch_add(1, Ordering::Relaxed);
                insert(id)(conn)
            }));
        }
        drop(held);
        drop(db);
        assert_eq!(ran.load(Ordering::Relaxed), 20, "the threads are joined after the queue is empty");
        assert_eq!(ids(&ground.open()).len(), 20);
    }
}
