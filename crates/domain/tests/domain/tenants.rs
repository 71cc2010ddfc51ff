//! Many portals in one database: which one a name stands for, and what is left of a deleted one (foundation.md §4.1,
//! deviations.md 12, 28).

use std::collections::BTreeSet;
use std::sync::Arc;

use db::{SqlText, Value};
use domain::Kind;
use domain::ids::PortalId;
use domain::portals::{self, NewPortal, Portal};
use domain::time::SECOND;
use testkit::Lab;

use crate::schema::{columns_of, tenant_tables};

/// A statement about a table whose name is no constant.
struct Raw(String);

impl SqlText for Raw {
    fn text(&self) -> &str {
        &self.0
    }
}

fn found(lab: &Lab, alias: &str) -> domain::Result<Arc<Portal>> {
    let new = NewPortal { alias: alias.to_owned(), ..NewPortal::default() };
    lab.store.found_blocking(move |tx| Ok((portals::create(tx, &new)?, ()))).map(|(portal, ())| portal)
}

/// The alias of the portal a host reaches, or an `Origin` names.
fn reached(lab: &Lab, name: &str, exactly: bool) -> Option<String> {
    let (addresses, name) = (lab.store.addresses().clone(), portals::host_name(name)?);
    let find = if exactly { portals::by_exact_name } else { portals::by_host };
    lab.read(move |conn| find(conn, &addresses, &name)).unwrap().map(|portal| portal.alias.clone())
}

/// Puts a row into a table for a portal; `number` makes it differ from others.
fn fill(lab: &Lab, table: &str, portal: PortalId, number: i64) {
    let columns = columns_of(table);
    let names: Vec<&str> = columns.iter().map(|(name, _)| name.as_str()).collect();
    let marks: Vec<String> = (1..=columns.len()).map(|n| format!("${n}")).collect();
    let sql = format!("insert into {table} ({}) values ({})", names.join(", "), marks.join(", "));
    lab.store
        .upkeep_blocking(move |tx| {
            let text = format!("x{number}");
            let values: Vec<Value<'_>> = columns
                .iter()
                .map(|(name, kind)| match (name.as_str(), kind.as_str()) {
                    ("portal_id", _) => Value::Int(portal.0),
                    (_, "bigint") => Value::Int(1_000_000 + number),
                    (_, "{bytes}") => Value::Bytes(text.as_bytes()),
                    _ => Value::Text(&text),
                })
                .collect();
            Ok(tx.exec(Raw(sql.clone()), &values)?)
        })
        .unwrap();
}

fn rows(lab: &Lab, table: &str, portal: PortalId) -> i64 {
    let sql = format!("select count(*) from {table} where portal_id = $1");
    lab.read(move |conn| Ok(conn.one(Raw(sql.clone()), &[Value::Int(portal.0)], |row| row.get(0))?)).unwrap()
}

testkit::on_both_engines! {
    fn while_there_is_one_portal_every_host_reaches_it(lab) {
        for name in ["localhost", "127.0.0.1:8080", "rooms.example.org", "abc.localhost", "[::1]"] {
            assert_eq!(reached(&lab, name, false).as_deref(), Some("localhost"), "{name}");
        }
        assert_eq!(reached(&lab, "http://rooms.example.org", true), None, "an origin names one exactly");
    }

    fn with_several_portals_a_name_stands_for_one_or_none(lab) {
        found(&lab, "abc").unwrap();
        found(&lab, "my-portal-2026t10z").unwrap();
        for (name, host, origin) in [
            ("localhost", Some("localhost"), Some("localhost")),
            ("localhost:8080", Some("localhost"), Some("localhost")),
            ("127.0.0.1:8080", Some("localhost"), None),
            ("[::1]:8080", Some("localhost"), None),
            ("abc.localhost", Some("abc"), Some("abc")),
            ("ABC.Localhost:8080", Some("abc"), Some("abc")),
            ("abc", Some("abc"), Some("abc")),
            ("http://abc", Some("abc"), Some("abc")),
            ("http://My-Portal-2026T10Z", Some("my-portal-2026t10z"), Some("my-portal-2026t10z")),
            ("localhost.localhost", Some("localhost"), Some("localhost")),
            ("abcd.localhost", None, None),
            ("abc.example.org", None, None),
            ("x.abc.localhost", None, None),
            ("rooms.example.org", None, None),
            ("null", None, None),
            ("!1", None, None),
        ] {
            assert_eq!(reached(&lab, name, false).as_deref(), host, "host {name}");
            assert_eq!(reached(&lab, name, true).as_deref(), origin, "origin {name}");
        }
    }

    fn a_deleted_portal_is_gone_at_once_and_its_alias_free(lab) {
        let first = lab.portal();
        assert_eq!(lab.delete_portal(&first).unwrap_err().kind(), Kind::LastPortal);
        let portal = found(&lab, "abc").unwrap();
        assert_eq!(found(&lab, "abc").unwrap_err().kind(), Kind::PortalNameTaken);

        let generation = lab.store.generation().now();
        lab.delete_portal(&portal).unwrap();
        assert!(lab.store.generation().now() > generation, "what was remembered is stale");
        assert_eq!(reached(&lab, "abc.localhost", true), None);
        let id = portal.id;
        assert!(lab.read(move |conn| portals::by_id(conn, id)).unwrap().is_none());
        assert_eq!(lab.read(portals::list).unwrap().len(), 1);
        assert_eq!(lab.delete_portal(&portal).unwrap_err().kind(), Kind::LastPortal);

        let again = found(&lab, "abc").unwrap();
        assert_ne!(again.id, portal.id);
        assert_eq!(lab.delete_portal(&portal).unwrap_err().kind(), Kind::PortalNotFound);
        assert_eq!(reached(&lab, "abc", true).as_deref(), Some("abc"));
    }

    fn busy_names_are_told_to_who_asks_for_one(lab) {
        for alias in ["team1", "team2", "teal", "tea"] {
            found(&lab, alias).unwrap();
        }
        let problem = found(&lab, "team1").unwrap_err();
        assert_eq!(problem.similar(), ["team1", "team2"]);
    }

    fn a_purge_empties_every_table_of_its_portal_and_of_no_other(lab) {
        let (kept, portal) = (lab.portal(), found(&lab, "abc").unwrap());
        let tables: Vec<String> = tenant_tables().into_iter().filter(|table| table != "portal").collect();
        let purged: BTreeSet<&str> = portals::purged_tables().collect();
        let known: BTreeSet<&str> = tables.iter().map(String::as_str).collect();
        assert_eq!(purged, known, "the purge (portals/purge.rs) must know every table of portals");
        for table in &tables {
            fill(&lab, table, kept.id, 1);
            (2..5).for_each(|number| fill(&lab, table, portal.id, number));
        }
        (5..1205).for_each(|number| fill(&lab, "audit", portal.id, number));
        let before: Vec<i64> = tables.iter().map(|table| rows(&lab, table, kept.id)).collect();

        lab.delete_portal(&portal).unwrap();
        lab.drain_jobs().unwrap();
        let jobs = |table: &str| i64::from(table == "job");
        for table in &tables {
            assert_eq!(rows(&lab, table, portal.id), jobs(table), "{table}: its own job waits for the last look");
        }
        assert_eq!(rows(&lab, "portal", portal.id), 1);
        // A request that had passed the gate before wrote once more.
        fill(&lab, "audit", portal.id, 9);
        lab.advance(61 * SECOND);
        lab.drain_jobs().unwrap();
        for table in tables.iter().map(String::as_str).chain(["portal"]) {
            assert_eq!(rows(&lab, table, portal.id), 0, "{table}");
        }
        let after: Vec<i64> = tables.iter().map(|table| rows(&lab, table, kept.id)).collect();
        assert_eq!(after, before, "another portal's rows stay");
    }

    fn a_portal_that_was_not_deleted_is_not_purged(lab) {
        let portal = lab.portal().id;
        let purge = lab.store.upkeep_blocking(move |tx| portals::purge(tx, portal, 0)).unwrap();
        assert_eq!(purge, portals::Purge::Kept);
        assert_eq!((rows(&lab, "section", portal), rows(&lab, "portal", portal)), (3, 1));
    }
}

/// What is registered, used and deleted over and over must leave the database as large as it was.
#[test]
fn portals_that_come_and_go_leave_no_trace_in_the_file() {
    let lab = Lab::new(testkit::Engine::Sqlite);
    let pages = |lab: &Lab| -> i64 {
        lab.read(|conn| Ok(conn.one(Raw("pragma page_count".into()), &[], |row| row.get(0))?)).unwrap()
    };
    let round = |lab: &Lab, number: i64| {
        let (portal, owner) = lab.found(&format!("portal-{number}"));
        let call = lab.call_in(&portal, &owner);
        let new = crate::cast::new_room("Room");
        lab.write(&call.clone(), move |tx| domain::rooms::create(tx, &call, &new)).unwrap();
        lab.delete_portal(&portal).unwrap();
        lab.drain_jobs().unwrap();
        lab.advance(61 * SECOND);
    };
    (0..10).for_each(|number| round(&lab, number));
    let early = pages(&lab);
    (10..60).for_each(|number| round(&lab, number));
    lab.drain_jobs().unwrap();
    assert!(pages(&lab) <= early + 2, "{early} pages after ten portals, {} after sixty", pages(&lab));
    assert_eq!(lab.read(portals::list).unwrap().len(), 1);
}
