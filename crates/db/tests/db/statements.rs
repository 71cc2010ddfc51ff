//! Statements, their arguments and their results, the same on both engines.

use db::{Conn, Error, Query, Result, Value, args, sql};

use crate::ground::{Engine, Ground, insert, number, on_both_engines, with_table, write};

type Cells = (Option<i64>, Option<f64>, Option<String>, Option<Vec<u8>>);

fn store(conn: &mut Conn, id: i64, cells: &[Value<'_>; 4]) -> Result<Cells> {
    let args = &[&[Value::Int(id)], cells.as_slice()].concat();
    conn.exec(sql!("insert into kinds (id, i, x, t, b) values ($1, $2, $3, $4, $5)"), args)?;
    conn.one(sql!("select i, x, t, b from kinds where id = $1"), args![id], |row| {
        Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?))
    })
}

fn with_kinds(ground: &Ground) -> db::Db {
    let db = ground.open();
    let bytes = match ground.engine {
        Engine::Sqlite => {
            sql!("create table kinds (id bigint primary key, i bigint, x double precision, t text, b blob)")
        }
        Engine::Postgres => {
            sql!("create table kinds (id bigint primary key, i bigint, x double precision, t text, b bytea)")
        }
    };
    write(&db, move |conn| conn.exec(bytes, args![])).unwrap();
    db
}

on_both_engines! {
    fn five_types_cross_and_come_back(ground) {
        let db = with_kinds(ground);
        let all_bytes: Vec<u8> = (0..=255).collect();
        let rows: [(i64, f64, &'static str, Vec<u8>); 4] = [
            (0, 0.0, "", Vec::new()),
            (i64::MIN, f64::MIN_POSITIVE, "Zażółć 🎉 'quoted' \"\\%_", all_bytes),
            (i64::MAX, -1.5e300, "line\nbreak\ttab\u{1}", vec![0]),
            (-1, 0.1, "\u{10ffff}", vec![0, 0, 0]),
        ];
        write(&db, move |conn| {
            for (id, (i, x, t, b)) in (1..).zip(&rows) {
                let back = store(conn, id, &[Value::Int(*i), Value::Real(*x), Value::Text(t), Value::Bytes(b)])?;
                assert_eq!(back, (Some(*i), Some(*x), Some((*t).to_owned()), Some(b.clone())));
            }
            let nulls = store(conn, 100, &[Value::Null; 4])?;
            assert_eq!(nulls, (None, None, None, None));
            Ok(())
        })
        .unwrap();
    }

    fn whole_number_in_a_real_column_is_real(ground) {
        let db = with_kinds(ground);
        let back = write(&db, |conn| store(conn, 1, &[Value::Null, Value::Int(3), Value::Null, Value::Null]));
        assert_eq!(back.unwrap().1, Some(3.0));
    }

    fn cell_of_another_type_is_an_error(ground) {
        let db = with_kinds(ground);
        write(&db, |conn| store(conn, 1, &[Value::Int(1 << 40), Value::Null, Value::Text("t"), Value::Null])).unwrap();
        db.read_blocking(|conn| -> Result<()> {
            let text = conn.one(sql!("select t from kinds"), args![], |row| row.get::<i64>(0));
            assert!(matches!(text, Err(Error::Cell { column: 0, expected: "integer", found: "text" })), "{text:?}");
            let null = conn.one(sql!("select i, x from kinds"), args![], |row| row.get::<f64>(1));
            assert!(matches!(null, Err(Error::Cell { column: 1, found: "null", .. })), "{null:?}");
            let wide = conn.one(sql!("select i from kinds"), args![], |row| row.get::<i32>(0));
            assert!(matches!(wide, Err(Error::Cell { .. })), "too wide: {wide:?}");
            Ok(())
        })
        .unwrap();
    }

    fn arguments_are_bound_by_number(ground) {
        let db = ground.open();
        let sql = sql!("select cast($2 as text), cast($1 as text), cast($3 as text), cast($2 as text)");
        let seen = db.read_blocking(move |conn| {
            conn.one(sql, args!["one", "two", "three"], |row| {
                (0..4).map(|column| row.get::<String>(column)).collect::<Result<Vec<_>>>()
            })
        });
        assert_eq!(seen.unwrap(), ["two", "one", "three", "two"]);
    }

    fn more_than_nine_arguments_keep_their_numbers(ground) {
        let db = ground.open();
        let sql = sql!(
            "select cast($11 as bigint), cast($1 as bigint), cast($10 as bigint), cast($2 as bigint) + $3 + $4 + $5 + $6 + $7 + $8 + $9"
        );
        let seen = db.read_blocking(move |conn| {
            let args = args![1_i64, 2_i64, 3_i64, 4_i64, 5_i64, 6_i64, 7_i64, 8_i64, 9_i64, 10_i64, 11_i64];
            conn.one(sql, args, |row| (0..4).map(|column| row.get::<i64>(column)).collect::<Result<Vec<_>>>())
        });
        assert_eq!(seen.unwrap(), [11, 1, 10, 44]);
    }

    fn missing_argument_is_an_error(ground) {
        let db = ground.open();
        let missing = db.read_blocking(|conn| {
            conn.first(sql!("select cast($1 as bigint), cast($2 as bigint)"), args![1_i64], |row| row.get::<i64>(0))
        });
        assert!(missing.is_err(), "{missing:?}");
    }

    fn surplus_argument_is_an_error(ground) {
        let db = ground.open();
        let surplus = db.read_blocking(|conn| {
            conn.first(sql!("select cast($1 as bigint)"), args![1_i64, 2_i64], |row| row.get::<i64>(0))
        });
        assert!(surplus.is_err(), "{surplus:?}");
    }

    fn statement_says_how_many_rows_it_touched(ground) {
        let db = with_table(ground.open());
        write(&db, |conn| {
            (1..=3).try_for_each(|id| insert(id)(conn).map(drop))?;
            assert_eq!(conn.exec(sql!("update t set note = 'y' where id > $1"), args![1_i64])?, 2);
            assert_eq!(conn.exec(sql!("delete from t where id > $1"), args![9_i64])?, 0);
            Ok(())
        })
        .unwrap();
    }

    fn first_is_one_row_or_none_and_one_is_one(ground) {
        let db = with_table(ground.open());
        write(&db, |conn| {
            (1..=3).try_for_each(|id| insert(id)(conn).map(drop))?;
            let id = |row: &db::Row<'_>| row.get::<i64>(0);
            assert_eq!(conn.first(sql!("select id from t order by id"), args![], id)?, Some(1));
            assert_eq!(conn.first(sql!("select id from t where id = 9"), args![], id)?, None);
            let none = conn.one(sql!("select id from t where id = 9"), args![], id);
            assert!(matches!(none, Err(Error::NoRow)), "{none:?}");
            Ok(())
        })
        .unwrap();
    }

    fn first_of_a_returning_statement_changes_every_row(ground) {
        let db = with_table(ground.open());
        write(&db, |conn| {
            (1..=3).try_for_each(|id| insert(id)(conn).map(drop))?;
            conn.first(sql!("update t set note = 'y' where id > 1 returning id"), args![], |row| row.get::<i64>(0))?;
            assert_eq!(number(conn, sql!("select count(*) from t where note = 'y'"), args![]), 2);
            Ok(())
        })
        .unwrap();
    }

    fn query_is_built_of_pieces_and_bound_values(ground) {
        let db = with_table(ground.open());
        let found = write(&db, |conn| {
            (1..=9).try_for_each(|id| insert(id)(conn).map(drop))?;
            let wanted = [2_i64, 4, 6, 8];
            let mut query = Query::new(sql!("select id from t where note = $1"), args!["x"]);
            query.list(" and id in (", &wanted, ")").bind(" and id between $? and $?", args![3_i64, 7_i64]);
            query.push(" order by id desc").bind(" limit $?", args![5_i64]);
            assert_eq!(query.args().len(), 8);
            conn.all(&query, query.args(), |row| row.get::<i64>(0))
        });
        assert_eq!(found.unwrap(), [6, 4]);
    }

    fn plan_names_the_tables_that_are_scanned(ground) {
        let db = with_table(ground.open());
        let (scan, search) = write(&db, |conn| {
            Ok((conn.explain("select id from t where note = $1")?, conn.explain("select id from t where id = $1")?))
        })
        .unwrap();
        assert_eq!(scan.scans, ["t"], "{:?}", scan.steps);
        assert_eq!(search.scans, [] as [&str; 0], "{:?}", search.steps);
    }

    fn explained_statement_is_not_run(ground) {
        let db = with_table(ground.open());
        write(&db, |conn| conn.explain("insert into t (id, note) values ($1, $2)")).unwrap();
        assert_eq!(crate::ground::ids(&db), [] as [i64; 0]);
    }
}

#[test]
fn hot_statement_is_not_compiled_anew() {
    let ground = Ground::new(Engine::Sqlite);
    let db = with_table(ground.open());
    let hot = [
        sql!("select id from t where note = $1 order by id limit $2 offset $3"),
        sql!("select id from t where note like $1 and id > $2 order by id limit $3"),
    ];
    write(&db, move |conn| {
        (0..50).try_for_each(|id| insert(id)(conn).map(drop))?;
        for run in 0..100_i64 {
            conn.all(hot[0], args!["x", run % 7 + 1, run % 3], |row| row.get::<i64>(0))?;
            conn.all(hot[1], args![if run % 2 == 0 { "x%" } else { "%y" }, run, run % 5], |row| {
                row.get::<i64>(0)
            })?;
        }
        for sql in hot {
            assert_eq!(conn.reprepared(sql)?, 0, "{}", sql.0);
        }
        Ok(())
    })
    .unwrap();
}
