//! The list of rooms (rooms.md §5): who sees which, filters, order, pages.
//!
//! By date and by title, "my rooms" is an index kept in order (table `shelf`), and an administrator's list the
//! portal's own index (table `room`); totals without a filter come from counters. A member of groups has several such
//! shelves, which are merged. Other orders sort, and filters count.

use std::collections::HashMap;
use std::sync::Arc;

use db::{Bind as _, Conn, Query, Sql, Value, args, sql};

use super::filter::{Area, Filter, Sort, SubjectRole};
use super::merge::Shelves;
use super::sql::{by_groups, columns, muted, read_held};
use super::{Hold, Room, Section, Seen, View, see, tags};
use crate::ids::{EntryId, PortalId, UserId};
use crate::people;
use crate::text::contains_pattern;
use crate::{Call, Result};

/// A page of the list.
#[derive(Debug, Clone)]
pub struct List {
    /// The rooms.
    pub rooms: Vec<View>,
    /// All that match.
    pub total: i64,
    /// The order that was used: twice the sort's number, plus one when descending.
    pub order: i64,
}

/// The rooms the caller sees: DocSpace administrators all, others those on their own shelf and on those of their
/// groups. A person's own record overrides the groups' (files.md §4), so one that bars him keeps a room off the list.
pub fn list(conn: &mut Conn, call: &Call, filter: &Filter) -> Result<List> {
    let person = call.person()?;
    let order = match filter.sort {
        Some(sort) => 2 * sort + i64::from(filter.descending),
        None => people::room_order(conn, call.portal.id, person.id)?,
    };
    let sections = sections(filter.area, person.is_admin());
    if filter.nothing || sections.is_empty() {
        return Ok(List { rooms: Vec::new(), total: 0, order });
    }
    let search = Search {
        call,
        filter,
        admin: person.is_admin(),
        owns: person.kind.makes_rooms(),
        grouped: is_in_a_group(conn, call.portal.id, person.id)?,
        subject: person.id,
        sections,
        pattern: filter.text.as_deref().map(contains_pattern),
    };
    let total = search.total(conn)?;
    let rooms = if filter.start >= total { Vec::new() } else { search.page(conn, order)? };
    Ok(List { rooms, total, order })
}

fn sections(area: Area, admin: bool) -> &'static [i64] {
    const ROOMS: i64 = Section::Rooms as i64;
    const ARCHIVE: i64 = Section::Archive as i64;
    match area {
        Area::Active | Area::Agents => &[ROOMS],
        Area::Archive => &[ARCHIVE],
        Area::Any => &[ROOMS, ARCHIVE],
        Area::AdminsOnly if admin => &[ROOMS, ARCHIVE],
        Area::AdminsOnly | Area::Templates => &[],
    }
}

fn is_in_a_group(conn: &mut Conn, portal: PortalId, person: UserId) -> Result<bool> {
    let found = conn.first(
        sql!("select group_id from group_member where portal_id = $1 and user_id = $2 limit 1"),
        args![portal, person],
        |row| row.get::<String>(0),
    )?;
    Ok(found.is_some())
}

/// The rows of `m` for a member of groups: his shelf and theirs, each room once. (A cross join is what SQLite keeps the
/// order of; else it would begin with the whole portal's shelf.)
macro_rules! shelves {
    () => {
        "(select s.room_id, s.section, s.title_fold, s.modified_at from shelf s
          where s.portal_id = $1 and s.subject_id = $2 and s.access <> 3 and s.access >= $3
          union select g.room_id, g.section, g.title_fold, g.modified_at from group_member gm
          cross join shelf g where g.portal_id = $1 and g.subject_id = gm.group_id
          and gm.portal_id = $1 and gm.user_id = $2 and not exists
          (select 1 from shelf b where b.portal_id = $1 and b.subject_id = $2 and b.room_id = g.room_id and b.access = 3)) m"
    };
}

struct Search<'a> {
    call: &'a Call,
    filter: &'a Filter,
    /// Sees every room.
    admin: bool,
    /// May own rooms: one who may not has nothing of those he created.
    owns: bool,
    /// Is in a group, so that more shelves than his own have to be looked at.
    grouped: bool,
    subject: UserId,
    sections: &'static [i64],
    pattern: Option<String>,
}

impl Search<'_> {
    /// Everything that matches: a counter where nothing is filtered, else counted.
    fn total(&self, conn: &mut Conn) -> Result<i64> {
        if self.filter.is_plain() && (self.admin || !self.grouped) {
            return self.counted(conn);
        }
        if self.filter.is_plain() {
            let mut total = self.counted(conn)?;
            for section in self.sections {
                total += self.shelves(*section).beside_own(conn)?;
            }
            return Ok(total);
        }
        let base = match (self.admin, self.grouped) {
            (true, _) => sql!(
                "select count(*) from room r where r.portal_id = $1 and $2 <> '' and $3 >= cast(0 as bigint)"
            ),
            (false, false) => sql!(
                "select count(*) from shelf m join room r on r.portal_id = $1 and r.id = m.room_id
                 where m.portal_id = $1 and m.subject_id = $2 and m.access >= $3"
            ),
            (false, true) => sql!(
                "select count(*) from ",
                shelves!(),
                " join room r on r.portal_id = $1 and r.id = m.room_id where true"
            ),
        };
        let query = self.conditions(base);
        Ok(conn.one(&query, query.args(), |row| row.get(0))?)
    }

    /// What the counters say, without the rooms of a creator who may no longer own any.
    fn counted(&self, conn: &mut Conn) -> Result<i64> {
        let portal = self.call.portal.id;
        let subject = if self.admin { "" } else { self.subject.as_str() };
        let base = sql!(
            "select cast(coalesce(sum(rooms), 0) as bigint) from shelf_count where portal_id = $1 and subject_id = $2"
        );
        let mut query = Query::new(base, args![portal, subject]);
        query.list(" and section in (", self.sections, ")");
        let all: i64 = conn.one(&query, query.args(), |row| row.get(0))?;
        if self.owns {
            return Ok(all);
        }
        let base = sql!("select count(*) from room where portal_id = $1 and created_by = $2");
        let mut query = Query::new(base, args![portal, self.subject]);
        query.list(" and section in (", self.sections, ")");
        let lost: i64 = conn.one(&query, query.args(), |row| row.get(0))?;
        Ok(all - lost)
    }

    /// The statement of a page, without conditions: rooms `r` and, for members, the shelf `m`.
    fn base(&self) -> Sql {
        match (self.admin, self.grouped) {
            (true, false) => sql!(
                "select ",
                columns!(),
                ", s.access, s.shared_by, cast(null as bigint), ",
                muted!("$2"),
                " from room r
                 left join shelf s on s.portal_id = $1 and s.subject_id = $2 and s.room_id = r.id
                 where r.portal_id = $1 and $3 >= cast(0 as bigint)"
            ),
            (true, true) => sql!(
                "select ",
                columns!(),
                ", s.access, s.shared_by, ",
                by_groups!("$2"),
                ", ",
                muted!("$2"),
                " from room r left join shelf s on s.portal_id = $1 and s.subject_id = $2 and s.room_id = r.id
                 where r.portal_id = $1 and $3 >= cast(0 as bigint)"
            ),
            (false, false) => sql!(
                "select ",
                columns!(),
                ", m.access, m.shared_by, cast(null as bigint), ",
                muted!("$2"),
                " from shelf m
                 join room r on r.portal_id = $1 and r.id = m.room_id
                 where m.portal_id = $1 and m.subject_id = $2 and m.access >= $3"
            ),
            (false, true) => sql!(
                "select ",
                columns!(),
                ", s.access, s.shared_by, ",
                by_groups!("$2"),
                ", ",
                muted!("$2"),
                " from ",
                shelves!(),
                " join room r on r.portal_id = $1 and r.id = m.room_id
                 left join shelf s on s.portal_id = $1 and s.subject_id = $2 and s.room_id = m.room_id where true"
            ),
        }
    }

    /// The least `access` of a record of the caller's own that counts: not 0 for one who may own nothing.
    fn least(&self) -> i64 {
        i64::from(!self.owns)
    }

    fn shelves(&self, section: i64) -> Shelves {
        Shelves { portal: self.call.portal.id, person: self.subject, section, least: self.least() }
    }

    fn page(&self, conn: &mut Conn, order: i64) -> Result<Vec<View>> {
        let portal = self.call.portal.id;
        let (sort, descending) = (Sort::of(order / 2), order % 2 == 1);
        let merges = self.filter.is_plain() && !self.admin && self.grouped;
        let rows = match self.sections {
            [section] if merges && matches!(sort, Sort::Date | Sort::Title) => {
                let page = (self.filter.start, self.filter.count);
                let ids = self.shelves(*section).page(conn, sort, descending, page)?;
                self.rooms(conn, &ids)?
            }
            _ => {
                let mut query = self.conditions(self.base());
                query.push(sort.clause(descending, !self.admin));
                let page = [Value::Int(self.filter.count), Value::Int(self.filter.start)];
                query.bind(" limit $? offset $?", &page);
                conn.all(&query, query.args(), read_held)?
            }
        };
        let seen: Vec<_> = rows.into_iter().map(|(room, hold)| see(self.call, room, hold, true)).collect();
        let ids: Vec<EntryId> = seen.iter().map(|seen| seen.room.id).collect();
        let mut tags = tags::of_rooms(conn, portal, &ids)?;
        let named = seen.iter().flat_map(Seen::names);
        let people = Arc::new(people::find_all(conn, self.call, named)?);
        Ok(seen
            .into_iter()
            .map(|seen| View {
                tags: tags.remove(&seen.room.id).unwrap_or_default(),
                people: people.clone(),
                listed: true,
                seen,
            })
            .collect())
    }

    /// These rooms, in this order, with the caller's records.
    fn rooms(&self, conn: &mut Conn, ids: &[EntryId]) -> Result<Vec<(Room, Hold)>> {
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let base = sql!(
            "select ",
            columns!(),
            ", s.access, s.shared_by, ",
            by_groups!("$2"),
            ", ",
            muted!("$2"),
            " from room r left join shelf s on s.portal_id = $1 and s.subject_id = $2 and s.room_id = r.id
             where r.portal_id = $1"
        );
        let mut query = Query::new(base, args![self.call.portal.id, self.subject]);
        query.list(" and r.id in (", ids, ")");
        let found = conn.all(&query, query.args(), read_held)?;
        let mut rooms: HashMap<EntryId, _> = found.into_iter().map(|held| (held.0.id, held)).collect();
        Ok(ids.iter().filter_map(|id| rooms.remove(id)).collect())
    }

    /// The statement with the conditions of the filter, on a room `r` and, for members, their shelf `m`. `$1` is the
    /// portal, `$2` the caller, `$3` the least `access` of a record that counts.
    fn conditions(&self, base: Sql) -> Query<'_> {
        let filter = self.filter;
        let least = Value::Int(self.least());
        let mut query = Query::new(base, &[self.call.portal.id.bind(), self.subject.bind(), least]);
        match (self.sections, self.admin) {
            ([section], true) => query.bind(" and r.section = $?", &[Value::Int(*section)]),
            ([section], false) => query.bind(" and m.section = $?", &[Value::Int(*section)]),
            (sections, true) => query.list(" and r.section in (", sections, ")"),
            (sections, false) => query.list(" and m.section in (", sections, ")"),
        };
        if !filter.kinds.is_empty() {
            query.list(" and r.kind in (", &filter.kinds, ")");
        }
        if filter.area == Area::Agents {
            query.push(" and r.kind = 9");
        }
        self.people_conditions(&mut query);
        if filter.untagged {
            query.push(
                " and not exists (select 1 from room_tag rt where rt.portal_id = $1 and rt.room_id = r.id)",
            );
        } else if !filter.tags.is_empty() {
            query.push(
                " and exists (select 1 from room_tag rt join tag t on t.portal_id = $1 and t.id = rt.tag_id
                 where rt.portal_id = $1 and rt.room_id = r.id",
            );
            query.list(" and t.name in (", &filter.tags, "))");
        }
        match filter.default_quota.filter(|_| self.admin) {
            Some(true) => query.push(" and r.quota = -2"),
            Some(false) => query.push(" and r.quota <> -2"),
            None => &mut query,
        };
        if let Some(pattern) = &self.pattern {
            query.bind(" and r.title_fold like $? escape '\\'", &[pattern.bind()]);
        }
        query
    }

    fn people_conditions<'q>(&'q self, query: &mut Query<'q>) {
        let filter = self.filter;
        let not = if filter.exclude_subject { " and not (" } else { " and (" };
        if let Some(subject) = &filter.subject {
            query.push(not);
            match filter.subject_role {
                Some(SubjectRole::Owner) => query.bind("r.created_by = $?)", &[subject.bind()]),
                Some(SubjectRole::Member) | None => query.bind(
                    "r.created_by = $? or exists (select 1 from shelf x where x.portal_id = $1 and x.subject_id = $? and x.room_id = r.id and x.access <> 3))",
                    &[subject.bind(), subject.bind()],
                ),
            };
        }
        if let Some(owner) = filter.owner.as_ref().filter(|_| filter.subject_role.is_none()) {
            query.push(not).bind("r.created_by = $?)", &[owner.bind()]);
        }
    }
}
