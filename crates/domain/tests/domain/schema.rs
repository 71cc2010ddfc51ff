//! The text of the migrations keeps the rules of docs/sql.md.

use domain::schema::{MIGRATIONS, SEQS};

/// Tables and indexes that don't begin with the portal, and why.
const EXCEPTIONS: &[(&str, &str)] = &[
    ("installation", "belongs to no portal"),
    ("job", "one queue for the installation"),
    ("job_by_time", "the worker takes the next job of any portal"),
    ("session_by_expiry", "swept for all portals at once"),
    ("idempotent_reply_by_age", "swept for all portals at once"),
    ("confirm_use_by_age", "swept for all portals at once"),
    ("short_link_by_age", "swept for all portals at once"),
    ("task_by_age", "swept for all portals at once"),
];

/// The migrations' statements, each on one line, without comments.
pub(crate) fn statements() -> Vec<String> {
    MIGRATIONS
        .iter()
        .flat_map(|migration| {
            let text: Vec<&str> =
                migration.text.lines().filter(|line| !line.trim_start().starts_with("--")).collect();
            text.join(" ")
                .split(';')
                .map(|s| s.split_whitespace().collect::<Vec<_>>().join(" "))
                .collect::<Vec<_>>()
        })
        .filter(|statement| !statement.is_empty())
        .collect()
}

/// The tables with a column `portal_id`.
pub(crate) fn tenant_tables() -> Vec<String> {
    let tables = statements().into_iter().filter(|s| s.contains("portal_id"));
    tables
        .filter_map(|s| s.strip_prefix("create table ").and_then(|s| s.split(' ').next()).map(str::to_owned))
        .collect()
}

/// The columns of a table, each with its type.
pub(crate) fn columns_of(table: &str) -> Vec<(String, String)> {
    let mut columns = Vec::new();
    for statement in statements() {
        let head = format!("create table {table} ( ");
        let added = format!("alter table {table} add column ");
        let inside =
            statement.strip_prefix(&head).and_then(|rest| rest.rsplit_once(" )")).map(|(inside, _)| inside);
        let text = inside.or_else(|| statement.strip_prefix(&added)).unwrap_or_default();
        for column in text.split(", primary key (").next().unwrap_or_default().split(", ") {
            let mut words = column.split(' ');
            if let (Some(name), Some(kind)) = (words.next(), words.next()) {
                columns.push((name.to_owned(), kind.to_owned()));
            }
        }
    }
    columns
}

fn name_of(statement: &str) -> &str {
    let words: Vec<&str> = statement.split(' ').collect();
    words[words.iter().position(|word| ["table", "index"].contains(word)).unwrap() + 1]
}

/// Whether the key or index begins with the portal.
fn leads_with_portal(statement: &str) -> bool {
    ["primary key (portal_id", "portal_id bigint primary key"].iter().any(|key| statement.contains(key))
        || statement.split(" on ").nth(1).is_some_and(|on| on.contains("(portal_id"))
}

#[test]
fn every_key_and_index_begins_with_the_portal() {
    // A column added later changes no key; a row filled in is no table.
    let all: Vec<String> =
        statements().into_iter().filter(|statement| statement.starts_with("create ")).collect();
    assert!(all.len() > 20 && tenant_tables().len() > 10, "{} statements", all.len());
    for statement in &all {
        let name = name_of(statement);
        let excepted = EXCEPTIONS.iter().any(|(exception, _)| *exception == name);
        assert_ne!(leads_with_portal(statement), excepted, "{statement}");
    }
    for (exception, reason) in EXCEPTIONS {
        assert!(all.iter().any(|s| name_of(s) == *exception), "{exception} ({reason}) is no longer there");
    }
}

#[test]
fn columns_have_the_types_both_engines_know() {
    for statement in statements().iter().filter(|s| s.starts_with("create table")) {
        let inside = statement.split_once("( ").unwrap().1.rsplit_once(" )").unwrap().0;
        let columns = inside.split(", primary key (").next().unwrap().split(", ");
        for column in columns {
            let kind = column.split(' ').nth(1).unwrap();
            assert!(["bigint", "{text}", "{bytes}"].contains(&kind), "{column} in {statement}");
        }
        let keyed = statement.contains("primary key (");
        assert_eq!(keyed, statement.ends_with("{key}"), "a composite key is the table's order: {statement}");
    }
}

#[test]
fn migrations_are_numbered_without_gaps() {
    let numbers: Vec<i64> = MIGRATIONS.iter().map(|migration| migration.number).collect();
    assert_eq!(numbers, (1..=i64::try_from(MIGRATIONS.len()).unwrap()).collect::<Vec<_>>());
    let names: std::collections::BTreeSet<_> = SEQS.iter().map(|seq| seq.name).collect();
    assert_eq!(names.len(), SEQS.len(), "every counter once");
}
