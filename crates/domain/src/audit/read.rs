//! The log, read: the history of sign-ins, and the trail of everything else (foundation.md §4.9).

use db::{Conn, Query, Row, args, sql};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::actions::{ACTIONS, Action, action};
use super::kinds::{ActionType, EntryType, Location};
use crate::ids::{PortalId, UserId};
use crate::setting::{self, Setting};
use crate::store::Tx;
use crate::time::DAY;
use crate::{Result, Timestamp, portals};

/// The two halves of the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Half {
    /// Who signed in and out, or failed to.
    Logins,
    /// Everything else.
    Trail,
}

/// A row of the log.
#[derive(Debug, Clone)]
pub struct Record {
    /// Its number: the later, the greater.
    pub id: i64,
    /// When it happened.
    pub at: Timestamp,
    /// Who did it; none for strangers and the server itself.
    pub actor: Option<UserId>,
    /// The action's number.
    pub action: i64,
    /// What it was done to: an id.
    pub target: Option<String>,
    /// What else is known of it.
    pub detail: Value,
    /// From where.
    pub ip: String,
    /// With which program.
    pub user_agent: String,
}

impl Record {
    /// Its line of the table; none for an action of a newer version.
    pub fn known(&self) -> Option<&'static Action> {
        action(self.action)
    }

    /// What it was done to, by name, where that was noted.
    pub fn context(&self) -> Option<&str> {
        ["title", "name", "email", "login", "alias"].iter().find_map(|member| self.detail[member].as_str())
    }
}

/// Which rows are wanted; what is absent doesn't matter.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// Done by.
    pub user: Option<UserId>,
    /// Of this action.
    pub action: Option<i64>,
    /// Of this kind.
    pub kind: Option<ActionType>,
    /// In this part of the product.
    pub location: Option<Location>,
    /// Done to this kind of thing.
    pub entry: Option<EntryType>,
    /// Done to this id.
    pub target: Option<String>,
    /// Not before.
    pub from: Option<Timestamp>,
    /// Not after.
    pub to: Option<Timestamp>,
    /// How many of them to leave out first.
    pub start: i64,
    /// How many to return.
    pub count: i64,
}

impl Filter {
    /// The last rows.
    pub fn last(count: i64) -> Self {
        Self { count, ..Self::default() }
    }

    /// The actions that are wanted, when not all are.
    fn actions(&self) -> Option<Vec<i64>> {
        if self.kind.is_none() && self.location.is_none() && self.entry.is_none() {
            return None;
        }
        let fits = |action: &&Action| {
            self.kind.is_none_or(|kind| action.kind == kind)
                && self.location.is_none_or(|location| action.location == location)
                && self.entry.is_none_or(|entry| action.entry == entry)
        };
        Some(ACTIONS.iter().filter(fits).map(|action| action.id).collect())
    }
}

/// Rows of one half, the newest first. Filters come before paging, as people expect.
pub fn list(conn: &mut Conn, portal: PortalId, half: Half, filter: &Filter) -> Result<Vec<Record>> {
    let actions = filter.actions();
    if actions.as_ref().is_some_and(Vec::is_empty) {
        return Ok(Vec::new());
    }
    let (logins, given) = (i64::from(half == Half::Logins), |value: Option<Timestamp>| value.map(|at| at.0));
    let base = sql!(
        "select id, at, actor_id, action, target, detail, ip, user_agent from audit
         where portal_id = $1 and login = $2"
    );
    let first = [db::Value::Int(portal.0), db::Value::Int(logins)];
    let mut query = Query::new(base, &first);
    if let Some(user) = &filter.user {
        query.bind(" and actor_id = $?", &[db::Value::Text(user.as_str())]);
    }
    if let Some(action) = filter.action {
        query.bind(" and action = $?", &[db::Value::Int(action)]);
    }
    if let Some(actions) = &actions {
        query.list(" and action in (", actions, ")");
    }
    if let Some(target) = &filter.target {
        query.bind(" and target = $?", &[db::Value::Text(target)]);
    }
    if let Some(from) = given(filter.from) {
        query.bind(" and at >= $?", &[db::Value::Int(from)]);
    }
    if let Some(to) = given(filter.to) {
        query.bind(" and at <= $?", &[db::Value::Int(to)]);
    }
    query.bind(
        " order by id desc limit $? offset $?",
        &[db::Value::Int(filter.count), db::Value::Int(filter.start)],
    );
    let args = query.args().to_vec();
    Ok(conn.all(&query, &args, read)?)
}

fn read(row: &Row<'_>) -> db::Result<Record> {
    let detail: String = row.get(5)?;
    Ok(Record {
        id: row.get(0)?,
        at: row.get(1)?,
        actor: row.get(2)?,
        action: row.get(3)?,
        target: row.get(4)?,
        detail: serde_json::from_str(&detail).unwrap_or_default(),
        ip: row.get(6)?,
        user_agent: row.get(7)?,
    })
}

/// How long the log is kept, in days (`security/audit/settings/lifetime`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lifetimes {
    /// The history of sign-ins.
    pub logins: i64,
    /// The trail.
    pub trail: i64,
}

impl Lifetimes {
    /// What each may be.
    pub const RANGE: std::ops::RangeInclusive<i64> = 1..=180;
}

impl Default for Lifetimes {
    fn default() -> Self {
        let most = *Self::RANGE.end();
        Self { logins: most, trail: most }
    }
}

impl Setting for Lifetimes {
    const NAME: &'static str = "audit_lifetimes";
}

/// Removes at most `limit` rows of each portal that are older than they are kept for; says how many there were.
pub fn sweep(tx: &mut Tx<'_>, limit: i64) -> Result<u64> {
    let mut removed = 0;
    for portal in portals::list(tx)? {
        let kept: Lifetimes = setting::of_portal(tx, portal.id)?;
        for (half, days) in [(1, kept.logins), (0, kept.trail)] {
            let before = Timestamp(tx.now().0 - days * DAY);
            if oldest(tx, portal.id, half)?.is_some_and(|at| at < before) {
                removed += remove(tx, portal.id, half, before, limit)?;
            }
        }
    }
    Ok(removed)
}

fn oldest(conn: &mut Conn, portal: PortalId, half: i64) -> Result<Option<Timestamp>> {
    Ok(conn.first(
        sql!("select at from audit where portal_id = $1 and login = $2 order by id limit 1"),
        args![portal, half],
        |row| row.get(0),
    )?)
}

fn remove(tx: &mut Tx<'_>, portal: PortalId, half: i64, before: Timestamp, limit: i64) -> Result<u64> {
    Ok(tx.exec(
        sql!(
            "delete from audit where portal_id = $1 and id in
             (select id from audit where portal_id = $1 and login = $2 and at < $3 order by id limit $4)"
        ),
        args![portal, half, before, limit],
    )?)
}
