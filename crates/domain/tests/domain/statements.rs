//! Every statement of the domain, and of the database crate below it: what it says, and how it would be run.

use std::collections::BTreeSet;
use std::path::Path;

use db::{STATEMENTS, Statement};
use domain::keys;
use domain::rooms::{self, Filter};
use testkit::{Engine, Lab};

use crate::cast::{Cast, room, share};
use crate::schema::tenant_tables;

/// Statements that touch tenant tables without naming a portal: how they begin, and why they may.
const OF_ALL_PORTALS: &[(&str, &str)] = &[
    (
        "select portal_id, alias, name, status, owner_id, owned, culture, time_zone, created_at, modified_at, status_changed_at, industry from portal where alias",
        "finds the portal",
    ),
    (
        "select portal_id, alias, name, status, owner_id, owned, culture, time_zone, created_at, modified_at, status_changed_at, industry from portal where deleted_at",
        "lists the portals",
    ),
    ("select alias from portal", "busy names like another"),
    ("select p.portal_id from portal p join person", "finds the portals in which an address is known"),
    ("insert into job (id, portal_id", "one queue for the installation, whose key is the job's number"),
    ("update job set attempts", "one queue for the installation"),
    ("update job set run_at", "one queue for the installation"),
    ("delete from job", "one queue for the installation"),
    ("select run_at from job", "one queue for the installation"),
    ("delete from session", "swept for all portals at once"),
    ("delete from idempotent_reply", "swept for all portals at once"),
    ("delete from confirm_use", "swept for all portals at once"),
    ("delete from task where (portal_id", "swept for all portals at once"),
];

/// The program's statements. Those of tests are in the list too.
fn statements() -> Vec<&'static Statement> {
    STATEMENTS.iter().filter(|statement| !statement.file.contains("/tests/")).collect()
}

/// A statement on one line.
fn line(statement: &Statement) -> String {
    statement.text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn read(name: &str) -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests").join(name)).unwrap()
}

#[test]
fn list_is_complete() {
    let least: usize = read("statements.txt").trim().parse().unwrap();
    let found = statements().len();
    assert!(found >= least, "{found} statements, {least} are expected: is the domain linked?");
    assert!(found < least + 20, "{found} statements, and statements.txt says {least}: raise it");
    let files: BTreeSet<&str> = statements().iter().map(|statement| statement.file).collect();
    for file in [
        "db/src/migrate.rs",
        "rooms/sql.rs",
        "rooms/list.rs",
        "keys/sql.rs",
        "idempotency.rs",
        "jobs.rs",
        "audit/mod.rs",
    ] {
        assert!(files.iter().any(|path| path.ends_with(file)), "{file} has none");
    }
}

testkit::on_both_engines! {
    fn every_statement_is_understood_and_none_reads_a_whole_table(lab) {
        let engine = format!("{:?}", lab.engine).to_lowercase();
        let (mut found, mut failures) = (BTreeSet::new(), Vec::new());
        for statement in statements() {
            match explain(&lab, statement.text) {
                Err(error) => failures.push(format!("{}:{}: {error}", statement.file, statement.line)),
                Ok(plan) => found.extend(plan.scans.iter().map(|table| format!("{engine} {table}: {}", line(statement)))),
            }
        }
        assert!(failures.is_empty(), "{}", failures.join("\n"));
        let known: BTreeSet<String> = read("scans.txt")
            .lines()
            .filter(|line| line.starts_with(&engine))
            .map(str::to_owned)
            .collect();
        let new: Vec<_> = found.difference(&known).collect();
        assert!(new.is_empty(), "these read a whole table: give them an index. {new:#?}");
        let gone: Vec<_> = known.difference(&found).collect();
        assert!(gone.is_empty(), "no longer needed: take them out of scans.txt. {gone:#?}");
    }
}

/// With a bound LIMIT, SQLite would look at the value and compile the statement anew at every run (docs/sql.md).
#[test]
fn hot_statements_are_not_compiled_anew() {
    let lab = Lab::new(Engine::Sqlite);
    let cast = Cast::of(&lab);
    let id = room(&lab, &cast.creator, "Room");
    share(&lab, id, &cast.user, 2);
    let calls = [lab.call(&cast.admin), lab.call(&cast.creator), lab.call(&cast.user)];
    let again = lab.read(move |conn| {
        for run in 0..100 {
            for call in &calls {
                rooms::get(conn, call, id)?;
                let page =
                    Filter { count: run % 9 + 1, start: run % 2, sort: Some(run % 2), ..Filter::default() };
                rooms::list(conn, call, &page)?;
                keys::list(conn, call)?;
            }
        }
        let mut again = Vec::new();
        for statement in statements() {
            if conn.reprepared(db::Sql(statement.text))? > 0 {
                again.push(statement.text);
            }
        }
        Ok(again)
    });
    assert_eq!(again.unwrap(), [""; 0]);
}

fn explain(lab: &Lab, text: &'static str) -> db::Result<db::Plan> {
    lab.store.db().write_blocking(move |conn| conn.explain(text), |_| {})
}

/// How often a statement names a tenant table to read, change or delete from, and how often to insert into.
fn mentions(text: &str, tables: &[String]) -> (usize, usize) {
    let words: Vec<&str> = text.split([' ', '(', ')', ',']).filter(|word| !word.is_empty()).collect();
    let is_table = |word: &str| tables.iter().any(|table| table == word);
    let count = |verbs: &[&str]| {
        words.windows(2).filter(|pair| verbs.contains(&pair[0]) && is_table(pair[1])).count()
    };
    (count(&["from", "join", "update"]), count(&["into"]))
}

#[test]
fn every_statement_names_its_portal() {
    let tables = tenant_tables();
    let mut used = BTreeSet::new();
    for statement in statements() {
        let text = line(statement);
        let (reads, inserts) = mentions(&text, &tables);
        let named = text.matches("portal_id = $1").count() >= reads
            && text.matches("(portal_id, ").count() >= inserts;
        // Sweeps begin like the statements that remove one portal's rows, which name it.
        let exception = OF_ALL_PORTALS.iter().find(|(begin, _)| !named && text.starts_with(begin));
        used.extend(exception.map(|(begin, _)| *begin));
        assert!(named || exception.is_some(), "{}:{}: {text}", statement.file, statement.line);
    }
    assert_eq!(used.len(), OF_ALL_PORTALS.len(), "an exception that nothing needs: only {used:?} are used");
}

#[test]
fn no_statement_sorts_by_a_locale_or_asks_for_time_or_chance() {
    let barred = [
        "collate",
        "now()",
        "current_",
        "localtime",
        "clock_timestamp",
        "statement_timestamp",
        "strftime",
        "julianday",
        "datetime(",
        "date(",
        "random",
        "gen_",
        "uuid(",
        "is null or",
        "ilike",
        "glob",
        "last_insert_rowid",
        "changes()",
    ];
    for statement in statements() {
        let text = line(statement);
        assert_eq!(text, text.replace('"', ""), "quoted names differ between engines");
        let lower = text.to_lowercase().replace("random()", "random");
        let found = barred.iter().find(|word| lower.contains(**word) && !allowed(&lower, word));
        assert_eq!(found, None, "{}:{}: {text}", statement.file, statement.line);
        assert!(!lower.contains("sum(") || lower.contains("cast("), "a sum is numeric on PostgreSQL: {text}");
    }
}

/// `last_used_at is null or last_used_at < $3` tests a column, which is fine; what is barred is an argument that may be null.
fn allowed(text: &str, word: &str) -> bool {
    word == "is null or"
        && !text.split("is null or").any(|before| before.trim_end().ends_with(|c: char| c.is_ascii_digit()))
}
