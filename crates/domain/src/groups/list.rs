//! Lists of groups: the portal's, and those beside a room (people.md §8).

use db::{Bind as _, Conn, Query, Value, args, sql};

use super::sql::{group_columns, members_count, read};
use super::{Group, View, system, with_managers};
use crate::ids::{EntryId, UserId};
use crate::people::{Share, room};
use crate::text::{contains_pattern, fold};
use crate::{Call, Result};

/// What the list is ordered by: `sortBy`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Sort {
    /// Name.
    #[default]
    Title,
    /// The manager's first name; groups without one come first.
    Manager,
    /// How many members there are.
    MembersCount,
}

impl Sort {
    /// The sort of a name in any letter case; an unknown one is the title.
    pub fn of(name: &str) -> Self {
        match name.trim().to_ascii_lowercase().as_str() {
            "manager" => Self::Manager,
            "memberscount" => Self::MembersCount,
            _ => Self::Title,
        }
    }
}

/// Which groups are wanted, in which order, from where to where.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// Those this person is in.
    pub user: Option<UserId>,
    /// Of `user`: those he manages, not those he is in.
    pub managed: bool,
    /// The name contains this.
    pub text: Option<String>,
    /// The order.
    pub sort: Sort,
    /// The other way round.
    pub descending: bool,
    /// Groups on the page: 1..100.
    pub count: i64,
    /// Groups before the page.
    pub start: i64,
}

/// A page of a list of groups.
#[derive(Debug, Clone)]
pub struct List {
    /// The groups.
    pub groups: Vec<View>,
    /// All that match.
    pub total: i64,
}

/// The groups people made.
pub fn list(conn: &mut Conn, call: &Call, filter: &Filter) -> Result<List> {
    let portal = call.portal.id;
    let pattern = filter.text.as_deref().map(|text| contains_pattern(text.trim()));
    let all = sql!("select count(*) from people_group g where g.portal_id = $1");
    let query = conditions(Query::new(all, args![portal]), filter, pattern.as_ref());
    let total: i64 = conn.one(&query, query.args(), |row| row.get(0))?;
    if filter.start >= total {
        return Ok(List { groups: Vec::new(), total });
    }
    let base = sql!(
        "select ",
        group_columns!(),
        ", ",
        members_count!(),
        " from people_group g where g.portal_id = $1"
    );
    let mut query = conditions(Query::new(base, args![portal]), filter, pattern.as_ref());
    query.push(match (filter.sort, filter.descending) {
        (Sort::Title, false) => " order by g.name_fold, g.id",
        (Sort::Title, true) => " order by g.name_fold desc, g.id desc",
        (Sort::Manager, false) => concat!(" order by ", manager!(), ", g.name_fold, g.id"),
        (Sort::Manager, true) => concat!(" order by ", manager!(), " desc, g.name_fold, g.id"),
        (Sort::MembersCount, false) => concat!(" order by ", members_count!(), ", g.name_fold, g.id"),
        (Sort::MembersCount, true) => concat!(" order by ", members_count!(), " desc, g.name_fold, g.id"),
    });
    query.bind(" limit $? offset $?", &[Value::Int(filter.count), Value::Int(filter.start)]);
    let found = conn.all(&query, query.args(), |row| Ok((read(row)?, row.get(3)?, None)))?;
    Ok(List { groups: with_managers(conn, call, found)?, total })
}

macro_rules! manager {
    () => {
        "coalesce((select p.first_fold from person p where p.portal_id = $1 and p.id = g.manager_id), '')"
    };
}
use manager;

fn conditions<'q>(mut query: Query<'q>, filter: &'q Filter, pattern: Option<&'q String>) -> Query<'q> {
    match &filter.user {
        Some(user) if filter.managed => query.bind(" and g.manager_id = $?", &[user.bind()]),
        Some(user) => query.bind(
            " and exists (select 1 from group_member m where m.portal_id = $1 and m.group_id = g.id and m.user_id = $?)",
            &[user.bind()],
        ),
        None => &mut query,
    };
    if let Some(pattern) = pattern {
        query.bind(" and g.name_fold like $? escape '\\'", &[pattern.bind()]);
    }
    query
}

/// Which groups beside a room are wanted, from where to where.
#[derive(Debug, Clone, Default)]
pub struct Beside {
    /// Who has the room (true), or hasn't; all when absent.
    pub shared: Option<bool>,
    /// The name contains this.
    pub text: Option<String>,
    /// Groups on the page: 1..100.
    pub count: i64,
    /// Groups before the page.
    pub start: i64,
}

/// Every group with what a room has to do with it, everybody's among them.
macro_rules! beside {
    () => {
        concat!(
            "(select ",
            group_columns!(),
            ", g.name_fold as name_fold, ",
            members_count!(),
            " as members,
             (select count(*) from shelf s where s.portal_id = $1 and s.subject_id = g.id and s.room_id = $2) as shared
             from people_group g where g.portal_id = $1
             union all
             select cast($3 as text), cast($4 as text), null, cast($5 as text),
             (select count(*) from person p where p.portal_id = $1 and p.removed_at is null and p.status in (1, 4)),
             (select count(*) from shelf s where s.portal_id = $1 and s.subject_id = $3 and s.room_id = $2)) x"
        )
    };
}

/// The groups beside a room, by name, and the group of everybody among them: each with whether it has the room.
///
/// Fails with `ItemNotFound`, and with `AccessDenied` for who can't share the room.
pub fn beside_room(conn: &mut Conn, call: &Call, id: EntryId, beside: &Beside) -> Result<List> {
    let room = room::<Share>(conn, call, id)?;
    let Some(everyone) = system::everyone() else { return Ok(List { groups: Vec::new(), total: 0 }) };
    let name_fold = fold(&everyone.name);
    let args = args![call.portal.id, room.id, everyone.id, everyone.name, name_fold];
    let pattern = beside.text.as_deref().map(|text| contains_pattern(text.trim()));
    let mut all = Query::new(sql!("select count(*) from ", beside!(), " where 1 = 1"), args);
    restrict(&mut all, beside, pattern.as_ref());
    let total: i64 = conn.one(&all, all.args(), |row| row.get(0))?;
    if beside.start >= total {
        return Ok(List { groups: Vec::new(), total });
    }
    let base =
        sql!("select x.id, x.name, x.manager_id, x.members, x.shared from ", beside!(), " where 1 = 1");
    let mut query = Query::new(base, args);
    restrict(&mut query, beside, pattern.as_ref());
    query.push(" order by x.name_fold, x.id");
    query.bind(" limit $? offset $?", &[Value::Int(beside.count), Value::Int(beside.start)]);
    let found = conn.all(&query, query.args(), |row| {
        let group = read(row)?;
        let group = Group { is_system: group.id == everyone.id, ..group };
        Ok((group, row.get(3)?, Some(row.get::<i64>(4)? > 0)))
    })?;
    Ok(List { groups: with_managers(conn, call, found)?, total })
}

fn restrict<'q>(query: &mut Query<'q>, beside: &Beside, pattern: Option<&'q String>) {
    match beside.shared {
        Some(true) => query.push(" and x.shared > 0"),
        Some(false) => query.push(" and x.shared = 0"),
        None => query,
    };
    if let Some(pattern) = pattern {
        query.bind(" and x.name_fold like $? escape '\\'", &[pattern.bind()]);
    }
}
