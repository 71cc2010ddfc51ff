//! Lists of people: filters, order, pages (people.md §4.1, §4.3).
//!
//! Who sees whom is part of the statement: guests are shown to administrators and to those related to them.

use db::{Bind as _, Conn, Query, Value, args, sql};

use super::sql::{columns, read};
use super::{ACTIVE, NameOrder, PENDING, Person, Profile, TERMINATED, UserKind, profiles};
use crate::ids::{GroupId, UserId};
use crate::text::contains_pattern;
use crate::{Call, Result};

/// Which accounts are wanted: `area`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Area {
    /// Everybody.
    #[default]
    All,
    /// No guests.
    People,
    /// Guests alone.
    Guests,
}

impl Area {
    /// The reference's names.
    pub const NAMES: &[(&str, i64)] = &[("All", 0), ("People", 1), ("Guests", 2)];

    /// The area of a number.
    pub fn of(number: i64) -> Self {
        match number {
            1 => Self::People,
            2 => Self::Guests,
            _ => Self::All,
        }
    }
}

/// What the list is ordered by: `sortBy`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Sort {
    /// First name, active accounts before pending ones before terminated ones.
    #[default]
    FirstName,
    /// Last name, likewise.
    LastName,
    /// Whichever of the two stands first in the caller's language.
    DisplayName,
    /// Owner, administrators, room administrators, users, guests.
    Kind,
    /// E-mail address.
    Email,
    /// How many groups they are in.
    Department,
    /// Bytes their things use.
    UsedSpace,
    /// Who invited them.
    CreatedBy,
    /// When they came.
    Registered,
}

impl Sort {
    /// The sort of a name in any letter case; an unknown one is the first name.
    pub fn of(name: &str) -> Self {
        match name.trim().to_ascii_lowercase().as_str() {
            "lastname" => Self::LastName,
            "displayname" => Self::DisplayName,
            "type" => Self::Kind,
            "email" => Self::Email,
            "department" => Self::Department,
            "usedspace" => Self::UsedSpace,
            "createdby" => Self::CreatedBy,
            "registrationdate" => Self::Registered,
            _ => Self::FirstName,
        }
    }
}

/// A text that is searched for in names and addresses.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Words {
    patterns: Vec<String>,
    any: bool,
}

impl Words {
    /// Every word of the text must occur; with a separator, any of the parts between separators.
    pub fn of(text: &str, separator: Option<&str>) -> Self {
        let text = text.trim();
        let separator = separator.filter(|separator| !separator.is_empty());
        let parts: Vec<&str> = match separator {
            Some(separator) => text.split(separator).collect(),
            None => text.split(' ').collect(),
        };
        let parts = parts.into_iter().map(str::trim).filter(|part| !part.is_empty());
        Self { patterns: parts.map(contains_pattern).collect(), any: separator.is_some() }
    }

    /// Whether there is nothing to search for.
    pub fn is_empty(&self) -> bool {
        self.patterns.is_empty()
    }

    pub(super) fn conditions<'q>(&'q self, query: &mut Query<'q>) {
        let (open, between) = if self.any { (" and (", " or ") } else { (" and ", " and ") };
        for (i, pattern) in self.patterns.iter().enumerate() {
            query.push(if i == 0 { open } else { between }).bind(
                "(p.first_fold like $? escape '\\' or p.last_fold like $? escape '\\' or p.email_fold like $? escape '\\')",
                &[pattern.bind(), pattern.bind(), pattern.bind()],
            );
        }
        if self.any && !self.patterns.is_empty() {
            query.push(")");
        }
    }
}

/// Which people are wanted, in which order, from where to where (people.md §4.1).
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// `employeeStatus`: 1 and 5 active, 2 terminated, 4 pending, 7 any; absent, any.
    pub status: Option<i64>,
    /// The stored `activationStatus`.
    pub activation_status: Option<i64>,
    /// Members of this group.
    pub group: Option<GroupId>,
    /// Turns `group` round: those who are no members.
    pub exclude_group: bool,
    /// Members of no group; goes before `group`.
    pub without_group: bool,
    /// `employeeType`, 0 for any. When there is one, `kinds` doesn't count.
    pub kind: Option<i64>,
    /// `employeeTypes`: one of these; not asked where a condition on groups holds (people.md §4.1).
    pub kinds: Vec<i64>,
    /// Administrators alone.
    pub administrators: bool,
    /// Those who may create rooms (true), or those who may not.
    pub paid: Option<bool>,
    /// `accountLoginType` is one that no account here has: SSO or LDAP.
    pub foreign_login: bool,
    /// For administrators: those with a quota of their own (true), or without.
    pub own_quota: Option<bool>,
    /// Guests or others.
    pub area: Area,
    /// Invited by this person.
    pub inviter: Option<UserId>,
    /// In names or address.
    pub words: Words,
    /// The order.
    pub sort: Sort,
    /// The other way round.
    pub descending: bool,
    /// People on the page: 1..100.
    pub count: i64,
    /// People before the page.
    pub start: i64,
}

/// A page of a list of people.
#[derive(Debug, Clone)]
pub struct Page {
    /// The people.
    pub people: Vec<Profile>,
    /// All that match.
    pub total: i64,
}

/// The people the caller sees among those the filter wants. Who may list at all is said by the endpoint's line.
pub fn list(conn: &mut Conn, call: &Call, filter: &Filter) -> Result<Page> {
    let viewer = call.person()?;
    let foreign = filter.foreign_login || (filter.status == Some(TERMINATED) && !viewer.is_admin());
    if foreign {
        return Ok(Page { people: Vec::new(), total: 0 });
    }
    let search = Search { call, viewer, filter };
    let total = search.total(conn)?;
    let people = if filter.start >= total { Vec::new() } else { search.page(conn)? };
    Ok(Page { people: profiles(conn, call, people)?, total })
}

/// Guests that are not the caller's to see don't match.
fn only_visible<'q>(query: &mut Query<'q>, viewer: &'q Person) {
    if !viewer.is_admin() {
        query.bind(
            " and (p.kind <> 2 or exists (select 1 from relation f where f.portal_id = $1 and f.source_id = $? and f.target_id = p.id))",
            &[viewer.id.bind()],
        );
    }
}

pub(super) fn only_area(query: &mut Query<'_>, area: Area) {
    match area {
        Area::All => query,
        Area::People => query.push(" and p.kind <> 2"),
        Area::Guests => query.push(" and p.kind = 2"),
    };
}

struct Search<'a> {
    call: &'a Call,
    viewer: &'a Person,
    filter: &'a Filter,
}

impl<'a> Search<'a> {
    fn total(&self, conn: &mut Conn) -> Result<i64> {
        let base = sql!("select count(*) from person p where p.portal_id = $1 and p.removed_at is null");
        let query = self.conditions(Query::new(base, args![self.call.portal.id]));
        Ok(conn.one(&query, query.args(), |row| row.get(0))?)
    }

    fn page(&self, conn: &mut Conn) -> Result<Vec<Person>> {
        let base =
            sql!("select ", columns!(), " from person p where p.portal_id = $1 and p.removed_at is null");
        let mut query = self.conditions(Query::new(base, args![self.call.portal.id]));
        self.order(&mut query);
        query.bind(" limit $? offset $?", &[Value::Int(self.filter.count), Value::Int(self.filter.start)]);
        Ok(conn.all(&query, query.args(), |row| read(row, 0, &self.call.portal))?)
    }

    fn conditions(&self, mut query: Query<'a>) -> Query<'a> {
        let filter = self.filter;
        match filter.status {
            Some(TERMINATED) => query.push(" and p.status = 2"),
            Some(PENDING) => query.push(" and p.status = 4"),
            Some(ACTIVE | 5) => query.push(" and p.status = 1"),
            // Terminated beside another: for who isn't an administrator that other alone.
            Some(3) if self.viewer.is_admin() => query.push(" and p.status in (1, 2)"),
            Some(6) if self.viewer.is_admin() => query.push(" and p.status in (2, 4)"),
            Some(3) => query.push(" and p.status = 1"),
            Some(6) => query.push(" and p.status = 4"),
            _ if self.viewer.is_admin() => &mut query,
            _ => query.push(" and p.status <> 2"),
        };
        if let Some(status) = filter.activation_status {
            query.bind(" and p.activation_status = $?", &[Value::Int(status)]);
        }
        only_area(&mut query, filter.area);
        only_visible(&mut query, self.viewer);
        self.groups(&mut query);
        self.kinds(&mut query);
        match filter.own_quota.filter(|_| self.viewer.is_admin()) {
            Some(true) => query.push(" and p.quota is not null"),
            Some(false) => query.push(" and p.quota is null"),
            None => &mut query,
        };
        if let Some(inviter) = &filter.inviter {
            query.bind(" and p.created_by = $?", &[inviter.bind()]);
        }
        filter.words.conditions(&mut query);
        query
    }

    fn groups(&self, query: &mut Query<'a>) {
        const MEMBER: &str =
            "exists (select 1 from group_member m where m.portal_id = $1 and m.user_id = p.id";
        let filter = self.filter;
        match &filter.group {
            _ if filter.without_group => query.push(" and not ").push(MEMBER).push(")"),
            Some(group) => query
                .push(if filter.exclude_group { " and not " } else { " and " })
                .push(MEMBER)
                .bind(" and m.group_id = $?)", &[group.bind()]),
            None => query,
        };
    }

    /// The conditions on types. They have holes in the reference, which clients know (people.md §4.1).
    fn kinds(&self, query: &mut Query<'a>) {
        let filter = self.filter;
        if filter.administrators {
            query.push(" and p.kind = 3");
        }
        match filter.paid {
            Some(true) => query.push(" and p.kind in (1, 3)"),
            Some(false) => query.push(" and p.kind in (2, 4)"),
            None => query,
        };
        let guest = UserKind::Guest as i64;
        let means_something = |kind: i64| match filter.area {
            _ if kind == 0 => false,
            Area::All => true,
            Area::People => kind != guest,
            Area::Guests => kind == guest,
        };
        if let Some(kind) = filter.kind {
            if means_something(kind) {
                query.bind(" and p.kind = $?", &[Value::Int(kind)]);
            }
            return;
        }
        let by_group = filter.group.is_some() && !filter.without_group;
        let overruled =
            by_group || filter.administrators || filter.paid.is_some() || filter.area == Area::Guests;
        if !overruled && filter.kinds.iter().any(|kind| means_something(*kind)) {
            query.list(" and p.kind in (", &filter.kinds, ")");
        }
    }

    fn order(&self, query: &mut Query<'a>) {
        // Active, pending, terminated: always in this order.
        const STANDING: &str = " order by case p.status when 1 then 0 when 4 then 1 else 2 end, case p.status when 4 then p.email_fold else ";
        let down = self.filter.descending;
        let last_first =
            self.filter.sort == Sort::DisplayName && NameOrder::of(self.call) == NameOrder::LastFirst;
        match self.filter.sort {
            Sort::LastName => by_name(query.push(STANDING), false, down),
            Sort::FirstName | Sort::DisplayName => by_name(query.push(STANDING), !last_first, down),
            Sort::Kind => {
                query.bind(
                    " order by case when p.id = $? then 0 else case p.kind when 3 then 1 when 1 then 2 when 4 then 3 else 4 end end",
                    &[self.call.portal.owner.bind()],
                );
                then(query, down);
            }
            Sort::Email => then(query.push(" order by p.email_fold"), down),
            Sort::Department => then(
                query.push(
                    " order by (select count(*) from group_member m where m.portal_id = $1 and m.user_id = p.id)",
                ),
                down,
            ),
            Sort::CreatedBy => then(
                query.push(
                    " order by coalesce((select i.name_fold from person i where i.portal_id = $1 and i.id = p.created_by), '')",
                ),
                down,
            ),
            Sort::Registered => then(query.push(" order by p.created_at"), down),
            // Files will count here; rooms alone use nothing.
            Sort::UsedSpace => {
                query.push(" order by p.first_fold, p.last_fold, p.id");
            }
        }
    }
}

fn by_name(query: &mut Query<'_>, first: bool, down: bool) {
    query.push(match (first, down) {
        (true, false) => "p.first_fold end, p.last_fold, p.id",
        (true, true) => "p.first_fold end desc, p.last_fold desc, p.id desc",
        (false, false) => "p.last_fold end, p.first_fold, p.id",
        (false, true) => "p.last_fold end desc, p.first_fold desc, p.id desc",
    });
}

/// Ends an order: the direction of what was named, and names where that is the same.
fn then(query: &mut Query<'_>, down: bool) {
    query.push(if down { " desc" } else { "" }).push(", p.first_fold, p.last_fold, p.id");
}
