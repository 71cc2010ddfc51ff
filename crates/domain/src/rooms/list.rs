//! The list of rooms (rooms.md §5): who sees which, filters, order, pages.
//!
//! By date and by title, "my rooms" is an index kept in order (table `shelf`), and an administrator's list the
//! portal's own index (table `room`); totals without a filter come from counters. Other orders sort, and filters
//! count.

use std::sync::Arc;

use db::{Bind as _, Conn, Query, Value, args, sql};

use super::sql::{ACCESS, columns, read};
use super::{Section, View, see, tags};
use crate::ids::{EntryId, UserId};
use crate::people;
use crate::text::contains_pattern;
use crate::{Call, Result};

/// Which sections are searched: `searchArea`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Area {
    /// The active rooms.
    #[default]
    Active,
    /// The archive.
    Archive,
    /// Both.
    Any,
    /// Templates, of which there are none yet.
    Templates,
    /// AI rooms.
    Agents,
    /// The areas 3, 5 and 6: everything for administrators, nothing for others.
    AdminsOnly,
}

impl Area {
    /// The reference's names.
    pub const NAMES: &[(&str, i64)] = &[
        ("Active", 0),
        ("Archive", 1),
        ("Any", 2),
        ("RecentByLinks", 3),
        ("Templates", 4),
        ("Knowledge", 5),
        ("ResultStorage", 6),
        ("AiAgents", 7),
    ];

    /// The area of a number.
    pub fn of(number: i64) -> Self {
        match number {
            1 => Self::Archive,
            2 => Self::Any,
            4 => Self::Templates,
            7 => Self::Agents,
            3 | 5 | 6 => Self::AdminsOnly,
            _ => Self::Active,
        }
    }
}

/// What the list is ordered by: `sortBy`. Orders without a meaning for rooms go by date.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sort {
    /// Last change.
    Date,
    /// Title.
    Title,
    /// Size.
    Size,
    /// Creator's name.
    Author,
    /// Type.
    Kind,
    /// Creation.
    Created,
    /// First tag.
    Tags,
}

impl Sort {
    /// The reference's names.
    pub const NAMES: &[(&str, i64)] = &[
        ("DateAndTime", 0),
        ("AZ", 1),
        ("Size", 2),
        ("Author", 3),
        ("Type", 4),
        ("New", 5),
        ("DateAndTimeCreation", 6),
        ("RoomType", 7),
        ("Tags", 8),
        ("Room", 9),
        ("CustomOrder", 10),
        ("LastOpened", 11),
        ("UsedSpace", 12),
    ];

    /// The order of a number.
    pub fn of(number: i64) -> Self {
        match number {
            1 | 9 => Self::Title,
            2 | 12 => Self::Size,
            3 => Self::Author,
            4 | 7 => Self::Kind,
            6 => Self::Created,
            8 => Self::Tags,
            _ => Self::Date,
        }
    }

    /// The `order by` of this sort; `shelf` names the index kept in order for a member.
    fn clause(self, descending: bool, shelf: bool) -> &'static str {
        match (self, descending, shelf) {
            (Self::Date, true, true) => " order by m.modified_at desc, m.room_id desc",
            (Self::Date, false, true) => " order by m.modified_at, m.room_id",
            (Self::Date, true, false) => " order by r.modified_at desc, r.id desc",
            (Self::Date, false, false) => " order by r.modified_at, r.id",
            (Self::Title, true, true) => " order by m.title_fold desc, m.room_id desc",
            (Self::Title, false, true) => " order by m.title_fold, m.room_id",
            (Self::Title, true, false) => " order by r.title_fold desc, r.id desc",
            (Self::Title, false, false) => " order by r.title_fold, r.id",
            (Self::Size, true, _) => " order by r.used_bytes desc, r.title_fold, r.id",
            (Self::Size, false, _) => " order by r.used_bytes, r.title_fold, r.id",
            (Self::Kind, true, _) => " order by r.kind desc, r.title_fold, r.id",
            (Self::Kind, false, _) => " order by r.kind, r.title_fold, r.id",
            (Self::Created, true, _) => " order by r.created_at desc, r.id desc",
            (Self::Created, false, _) => " order by r.created_at, r.id",
            (Self::Author, true, _) => concat!(" order by ", author!(), " desc, r.title_fold, r.id"),
            (Self::Author, false, _) => concat!(" order by ", author!(), ", r.title_fold, r.id"),
            (Self::Tags, true, _) => concat!(" order by ", first_tag!(), " desc, r.title_fold, r.id"),
            (Self::Tags, false, _) => concat!(" order by ", first_tag!(), ", r.title_fold, r.id"),
        }
    }
}

macro_rules! author {
    () => {
        "(select p.name_fold from person p where p.portal_id = $1 and p.id = r.created_by)"
    };
}
use author;

macro_rules! first_tag {
    () => {
        "coalesce((select min(t.name) from room_tag rt join tag t on t.portal_id = $1 and t.id = rt.tag_id \
         where rt.portal_id = $1 and rt.room_id = r.id), '')"
    };
}
use first_tag;

/// What a subject is to the rooms wanted: the obsolete `subjectFilter`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SubjectRole {
    /// Their creator.
    Owner,
    /// Their creator or a member.
    Member,
}

/// Which rooms are wanted, in which order, from where to where.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// Where.
    pub area: Area,
    /// Of these types; empty for all.
    pub kinds: Vec<i64>,
    /// Created by, or shared with, this person or group.
    pub subject: Option<UserId>,
    /// What the subject is to them.
    pub subject_role: Option<SubjectRole>,
    /// Created by this person.
    pub owner: Option<UserId>,
    /// Inverts the subject's and owner's conditions.
    pub exclude_subject: bool,
    /// Without any tag.
    pub untagged: bool,
    /// With one of these tags.
    pub tags: Vec<String>,
    /// Nothing can match: third-party storage, or a group of rooms, of which there are none yet.
    pub nothing: bool,
    /// For administrators: with the default (true) or a custom quota (false).
    pub default_quota: Option<bool>,
    /// The title contains this.
    pub text: Option<String>,
    /// The order, by number of [`Sort`]; the caller's saved one when absent.
    pub sort: Option<i64>,
    /// Descending; goes with `sort`.
    pub descending: bool,
    /// Rooms on the page: 1..100.
    pub count: i64,
    /// Rooms before the page.
    pub start: i64,
}

impl Filter {
    fn is_plain(&self) -> bool {
        self.kinds.is_empty()
            && self.subject.is_none()
            && self.owner.is_none()
            && !self.untagged
            && self.tags.is_empty()
            && self.default_quota.is_none()
            && self.text.is_none()
            && self.area != Area::Agents
    }
}

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

/// The rooms the caller sees: DocSpace administrators all, others those on their shelf.
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

struct Search<'a> {
    call: &'a Call,
    filter: &'a Filter,
    admin: bool,
    subject: UserId,
    sections: &'static [i64],
    pattern: Option<String>,
}

impl Search<'_> {
    /// Everything that matches: a counter where nothing is filtered, else counted.
    fn total(&self, conn: &mut Conn) -> Result<i64> {
        let portal = self.call.portal.id;
        if self.filter.is_plain() {
            let subject = if self.admin { "" } else { self.subject.as_str() };
            let base = sql!(
                "select cast(coalesce(sum(rooms), 0) as bigint) from shelf_count where portal_id = $1 and subject_id = $2"
            );
            let mut query = Query::new(base, args![portal, subject]);
            query.list(" and section in (", self.sections, ")");
            return Ok(conn.one(&query, query.args(), |row| row.get(0))?);
        }
        let base = if self.admin {
            Query::new(
                sql!("select count(*) from room r where r.portal_id = $1 and $2 <> ''"),
                args![portal, self.subject],
            )
        } else {
            Query::new(
                sql!(
                    "select count(*) from shelf m join room r on r.portal_id = $1 and r.id = m.room_id
                     where m.portal_id = $1 and m.subject_id = $2"
                ),
                args![portal, self.subject],
            )
        };
        let query = self.conditions(base);
        Ok(conn.one(&query, query.args(), |row| row.get(0))?)
    }

    fn page(&self, conn: &mut Conn, order: i64) -> Result<Vec<View>> {
        let portal = self.call.portal.id;
        let base = if self.admin {
            sql!(
                "select ",
                columns!(),
                ", s.access from room r left join shelf s on s.portal_id = $1 and s.subject_id = $2 and s.room_id = r.id
                 where r.portal_id = $1"
            )
        } else {
            sql!(
                "select ",
                columns!(),
                ", m.access from shelf m join room r on r.portal_id = $1 and r.id = m.room_id
                 where m.portal_id = $1 and m.subject_id = $2"
            )
        };
        let mut query = self.conditions(Query::new(base, args![portal, self.subject]));
        query.push(Sort::of(order / 2).clause(order % 2 == 1, !self.admin));
        query.bind(" limit $? offset $?", &[Value::Int(self.filter.count), Value::Int(self.filter.start)]);
        let rows = conn.all(&query, query.args(), |row| Ok((read(row)?, row.get::<Option<i64>>(ACCESS)?)))?;
        let seen: Vec<_> =
            rows.into_iter().map(|(room, access)| see(self.call, room, access, true)).collect();
        let ids: Vec<EntryId> = seen.iter().map(|seen| seen.room.id).collect();
        let mut tags = tags::of_rooms(conn, portal, &ids)?;
        let named = seen.iter().flat_map(|seen| [seen.room.created_by, seen.room.modified_by]);
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

    /// The conditions of the filter, on a room `r` and, for members, their shelf `m`. `$1` is the portal.
    fn conditions<'q>(&'q self, mut query: Query<'q>) -> Query<'q> {
        let filter = self.filter;
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
                    "r.created_by = $? or exists (select 1 from shelf x where x.portal_id = $1 and x.subject_id = $? and x.room_id = r.id))",
                    &[subject.bind(), subject.bind()],
                ),
            };
        }
        if let Some(owner) = filter.owner.as_ref().filter(|_| filter.subject_role.is_none()) {
            query.push(not).bind("r.created_by = $?)", &[owner.bind()]);
        }
    }
}
