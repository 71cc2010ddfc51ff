//! Migrations and counters.

use std::collections::HashSet;

use db::{Error, Migration, Schema, Seq, args, seq, sql};

use crate::ground::{Engine, number, on_both_engines, write};

const FIRST: Migration = Migration {
    number: 1,
    name: "first",
    text: "-- A comment; with a semicolon.\ncreate table a (id bigint not null, name {text} not null, raw {bytes}, primary key (id, name)) {key};\ncreate index a_by_name on a (name);\n",
};
const SECOND: Migration =
    Migration { number: 2, name: "second", text: "create table b (id bigint primary key);" };
const BROKEN: Migration = Migration {
    number: 2,
    name: "broken",
    text: "create table b (id bigint primary key);\ninsert into nowhere (id) values (1);",
};
const OLD: &[Migration] = &[FIRST];
const NEW: &[Migration] = &[FIRST, SECOND];
const BAD: &[Migration] = &[FIRST, BROKEN];
const ONLY: &[Migration] = &[Migration { number: 1, name: "broken", text: BROKEN.text }];
const SEQS: &[Seq] = &[seq!("entry"), seq!("other")];
const ENTRY: Seq = seq!("entry");

on_both_engines! {
    fn empty_becomes_current_and_stays_so(ground) {
        let db = ground.open();
        assert_eq!(db.schema(NEW).unwrap(), Schema::Empty);
        db.migrate(NEW, SEQS, 7).unwrap();
        assert_eq!(db.schema(NEW).unwrap(), Schema::Current);
        db.migrate(NEW, SEQS, 8).expect("again");
        let ledger = db.read_blocking(|conn| {
            conn.all(sql!("select number, name, applied_at from migration order by number"), args![], |row| {
                Ok((row.get::<i64>(0)?, row.get::<String>(1)?, row.get::<i64>(2)?))
            })
        });
        assert_eq!(ledger.unwrap(), [(1, "first".to_owned(), 7), (2, "second".to_owned(), 7)]);
    }

    fn only_what_is_missing_is_applied(ground) {
        let db = ground.open();
        db.migrate(OLD, SEQS, 1).unwrap();
        write(&db, |conn| conn.exec(sql!("insert into a (id, name, raw) values (1, 'kept', $1)"), args![[0_u8, 255]]))
            .unwrap();
        assert_eq!(db.schema(NEW).unwrap(), Schema::Behind(1));
        db.migrate(NEW, SEQS, 2).unwrap();
        assert_eq!(db.schema(NEW).unwrap(), Schema::Current);
        let kept = db.read_blocking(|conn| Ok::<_, Error>(number(conn, sql!("select count(*) from a"), args![])));
        assert_eq!(kept.unwrap(), 1);
    }

    fn newer_schema_is_left_alone(ground) {
        let db = ground.open();
        db.migrate(NEW, SEQS, 1).unwrap();
        assert_eq!(db.schema(OLD).unwrap(), Schema::Ahead(1));
        let refused = db.migrate(OLD, SEQS, 2);
        assert!(matches!(&refused, Err(Error::Schema(text)) if text.contains("newer")), "{refused:?}");
        assert_eq!(db.schema(NEW).unwrap(), Schema::Current);
    }

    fn failing_migration_leaves_nothing(ground) {
        let db = ground.open();
        db.migrate(OLD, SEQS, 1).unwrap();
        assert!(db.migrate(BAD, SEQS, 2).is_err());
        assert_eq!(db.schema(BAD).unwrap(), Schema::Behind(1));
        assert!(db.read_blocking(|conn| conn.exec(sql!("select count(*) from b"), args![])).is_err(), "no table b");
        db.migrate(NEW, SEQS, 3).expect("when it is mended");
    }

    fn failing_first_migration_leaves_an_empty_database(ground) {
        let db = ground.open();
        assert!(db.migrate(ONLY, SEQS, 1).is_err());
        assert_eq!(db.schema(ONLY).unwrap(), Schema::Empty);
    }

    fn text_sorts_by_bytes(ground) {
        let db = ground.open();
        db.migrate(OLD, SEQS, 1).unwrap();
        let sorted = write(&db, |conn| {
            for name in ["b", "é", "Z", "a", "É", "_"] {
                conn.exec(sql!("insert into a (id, name) values (1, $1)"), args![name])?;
            }
            conn.all(sql!("select name from a order by name"), args![], |row| row.get::<String>(0))
        });
        assert_eq!(sorted.unwrap(), ["Z", "_", "a", "b", "É", "é"]);
    }

    fn numbers_begin_at_one_and_never_come_twice(ground) {
        let db = ground.open_with(db::Options { clients: 4, ..db::Options::default() });
        db.migrate(OLD, SEQS, 1).unwrap();
        assert_eq!(write(&db, |conn| conn.next_id(ENTRY)).unwrap(), 1);
        assert_eq!(write(&db, |conn| conn.next_id(seq!("other"))).unwrap(), 1, "each counter has its own");
        let writers: Vec<_> = (0..8)
            .map(|_| {
                let db = db.clone();
                std::thread::spawn(move || {
                    (0..25).map(|_| write(&db, |conn| conn.next_id(ENTRY)).unwrap()).collect::<Vec<i64>>()
                })
            })
            .collect();
        let drawn: Vec<i64> = writers.into_iter().flat_map(|writer| writer.join().unwrap()).collect();
        assert_eq!(drawn.iter().collect::<HashSet<_>>().len(), 200);
        assert!(drawn.iter().all(|id| *id > 1));
        db.migrate(OLD, SEQS, 2).unwrap();
        let next = write(&db, |conn| conn.next_id(ENTRY)).unwrap();
        assert!(!drawn.contains(&next), "migrating again doesn't set it back: {next}");
    }

    fn counter_ends_with_the_int32(ground) {
        let db = ground.open();
        db.migrate(OLD, SEQS, 1).unwrap();
        let set = match ground.engine {
            Engine::Sqlite => sql!("update counter set value = 2147483646 where name = 'entry'"),
            Engine::Postgres => sql!("alter sequence entry_seq restart with 2147483647"),
        };
        write(&db, move |conn| conn.exec(set, args![])).unwrap();
        assert_eq!(write(&db, |conn| conn.next_id(ENTRY)).unwrap(), i64::from(i32::MAX));
        for _ in 0..2 {
            let over = write(&db, |conn| conn.next_id(ENTRY));
            assert!(matches!(over, Err(Error::Exhausted("entry"))), "{over:?}");
        }
    }

    fn unknown_counter_is_an_error(ground) {
        let db = ground.open();
        db.migrate(OLD, SEQS, 1).unwrap();
        assert!(write(&db, |conn| conn.next_id(seq!("nobody"))).is_err());
    }
}
