//! Who has a room, as its members see it (rooms.md §7.2).

use std::collections::HashMap;

use db::{Bind as _, Conn, Query, Row, Sql, Value, args, sql};

use super::shelf::{self, Subject};
use super::{Look, Seen, find};
use crate::access::{Guarded as _, Right};
use crate::groups::Summary;
use crate::ids::{EntryId, GroupId, PortalId, UserId};
use crate::people::{self, Profile, UserKind};
use crate::text::{contains_pattern, fold};
use crate::{Call, Kind, Result};

/// `access` of the owner's row.
const OWNERS: i64 = 1;

/// Which rows of a share list are wanted: `filterType`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rows {
    /// People and groups, the owner first.
    Everybody,
    /// People, the owner first.
    People,
    /// Groups.
    Groups,
}

/// Which page of a list of members is wanted.
#[derive(Debug, Clone)]
pub struct MemberFilter {
    /// Which rows.
    pub rows: Rows,
    /// The name or e-mail address contains this.
    pub text: Option<String>,
    /// Rows on the page, at most.
    pub count: i64,
    /// Rows before the page.
    pub start: i64,
}

/// Whom a row is about.
#[derive(Debug, Clone)]
pub enum Who {
    /// A person, as the caller sees them.
    Person(Box<Profile>),
    /// A group.
    Group(Summary),
}

/// A row of a share list.
#[derive(Debug, Clone)]
pub struct Member {
    /// Whom it is about.
    pub who: Who,
    /// The role; 1 for the owner.
    pub access: i64,
    /// The caller's own row.
    pub own: bool,
    /// The owner's row.
    pub owner: bool,
    /// Whether the caller may change it.
    pub can_edit: bool,
}

/// A page of members, and how many there are.
#[derive(Debug, Clone)]
pub struct Page<T> {
    /// The rows.
    pub rows: Vec<T>,
    /// All that match.
    pub total: i64,
}

impl<T> Page<T> {
    /// Nothing.
    fn empty() -> Self {
        Self { rows: Vec::new(), total: 0 }
    }
}

/// A record as its row has it: whom it is for, and its role.
#[derive(Debug, Clone)]
struct Record {
    subject: Subject,
    access: i64,
    group: Option<Summary>,
}

macro_rules! records {
    ($columns:literal) => {
        concat!(
            "select ",
            $columns,
            " from shelf s left join person p on p.portal_id = $1 and s.subject_kind = 0 and p.id = s.subject_id
             left join people_group g on g.portal_id = $1 and s.subject_kind = 2 and g.id = s.subject_id
             left join person h on h.portal_id = $1 and h.id = g.manager_id
             where s.portal_id = $1 and s.room_id = $2 and s.access <> 0 and s.access <> 3
             and coalesce(p.removed_at, 0) = 0 and coalesce(p.id, g.id) <> ''"
        )
    };
}

fn read(row: &Row<'_>) -> db::Result<Record> {
    let (kind, access): (i64, i64) = (row.get(1)?, row.get(2)?);
    if kind == 0 {
        return Ok(Record { subject: Subject::Person(row.get(0)?), access, group: None });
    }
    let id: GroupId = row.get(0)?;
    let group = Summary { id, name: row.get(3)?, manager: row.get(4)? };
    Ok(Record { subject: Subject::Group(id), access, group: Some(group) })
}

/// The members of a room: every reader may list them, somebody else gets an empty list.
///
/// A guest sees, beside the owner and himself, people related to him, and no groups (deviations.md 17). Contract:
/// rooms.md §7.2. Fails with `ItemNotFound` for a room that isn't there.
pub fn members(conn: &mut Conn, call: &Call, id: EntryId, filter: &MemberFilter) -> Result<Page<Member>> {
    let Some(seen) = readable(conn, call, id)? else { return Ok(Page::empty()) };
    let owner = find_owner(conn, call, &seen, filter)?;
    let (before, pattern) = (i64::from(owner.is_some()), filter.text.as_deref().map(contains_pattern));
    let total = {
        let query = conditions(
            Query::new(sql!(records!("count(*)")), args![call.portal.id, id]),
            call,
            filter,
            pattern.as_ref(),
        );
        conn.one(&query, query.args(), |row| row.get::<i64>(0))?
    };
    let mut rows: Vec<Record> = Vec::new();
    rows.extend(owner.filter(|_| filter.start == 0 && filter.count > 0));
    let count = filter.count - i64::from(!rows.is_empty());
    let start = (filter.start - before).max(0);
    let base = sql!(records!("s.subject_id, s.subject_kind, s.access, g.name, h.user_name"));
    let mut query = conditions(Query::new(base, args![call.portal.id, id]), call, filter, pattern.as_ref());
    query.push(" order by coalesce(p.name_fold, g.name_fold), s.subject_id");
    query.bind(" limit $? offset $?", &[Value::Int(count), Value::Int(start)]);
    rows.extend(conn.all(&query, query.args(), read)?);
    Ok(Page { rows: shown(conn, call, &seen, rows)?, total: total + before })
}

/// The room, if the caller may look into it.
fn readable(conn: &mut Conn, call: &Call, id: EntryId) -> Result<Option<Seen>> {
    let found = find(conn, call, id).map_err(as_item)?;
    Ok(found.grant::<Look>().ok().map(crate::access::Granted::into_inner))
}

/// What calls about members say of a room that isn't there.
fn as_item(problem: crate::Problem) -> crate::Problem {
    match problem.kind() {
        Kind::RoomNotFound => Kind::ItemNotFound.into(),
        Kind::RoomDeleted => Kind::ItemDeleted.into(),
        _ => problem,
    }
}

/// The owner's row, if it is wanted.
fn find_owner(conn: &mut Conn, call: &Call, seen: &Seen, filter: &MemberFilter) -> Result<Option<Record>> {
    if filter.rows == Rows::Groups {
        return Ok(None);
    }
    let id = seen.room.created_by;
    let Some(owner) = people::find_all(conn, call, [id])?.remove(&id) else { return Ok(None) };
    let wanted = filter.text.as_deref().is_none_or(|text| {
        let text = fold(text);
        fold(&owner.display_name()).contains(&text) || fold(&owner.email).contains(&text)
    });
    Ok(wanted.then_some(Record { subject: Subject::Person(id), access: OWNERS, group: None }))
}

/// The statement with the conditions of the filter; `pattern` is that of its text.
fn conditions<'q>(
    mut query: Query<'q>,
    call: &'q Call,
    filter: &MemberFilter,
    pattern: Option<&'q String>,
) -> Query<'q> {
    let guest = call.someone().filter(|person| person.kind == UserKind::Guest);
    match filter.rows {
        Rows::Everybody if guest.is_none() => {}
        Rows::Groups if guest.is_none() => drop(query.push(" and s.subject_kind = 2")),
        Rows::Groups => drop(query.push(" and s.subject_kind = 2 and s.subject_kind = 0")),
        Rows::Everybody | Rows::People => drop(query.push(" and s.subject_kind = 0")),
    }
    if let Some(guest) = guest {
        query.bind(
            " and (s.subject_id = $? or exists (select 1 from relation a where a.portal_id = $1 and a.source_id = s.subject_id and a.target_id = $?)
             or exists (select 1 from relation b where b.portal_id = $1 and b.source_id = $? and b.target_id = s.subject_id))",
            &[guest.id.bind(), guest.id.bind(), guest.id.bind()],
        );
    }
    if let Some(pattern) = pattern {
        query.bind(
            " and (p.name_fold like $? escape '\\' or p.email_fold like $? escape '\\' or g.name_fold like $? escape '\\')",
            &[pattern.bind(), pattern.bind(), pattern.bind()],
        );
    }
    query
}

/// Records as the caller sees them, in their order. People who aren't there any more are left out.
fn shown(conn: &mut Conn, call: &Call, seen: &Seen, records: Vec<Record>) -> Result<Vec<Member>> {
    let ids = records.iter().filter_map(|record| match record.subject {
        Subject::Person(id) => Some(id),
        Subject::Group(_) => None,
    });
    let mut profiles = profiles(conn, call, ids)?;
    let mut members = Vec::with_capacity(records.len());
    for record in records {
        let who = match (record.subject, record.group) {
            (Subject::Person(id), _) => profiles.remove(&id).map(Box::new).map(Who::Person),
            (Subject::Group(_), group) => group.map(Who::Group),
        };
        let Some(who) = who else { continue };
        let own = is_caller(call, record.subject);
        let owner = record.subject == Subject::Person(seen.room.created_by);
        let can_edit = !own && !owner && may_change(conn, call, seen, &who)?;
        members.push(Member { who, access: record.access, own, owner, can_edit });
    }
    Ok(members)
}

fn is_caller(call: &Call, subject: Subject) -> bool {
    call.someone().is_some_and(|person| subject == Subject::Person(person.id))
}

/// The profiles of these people.
fn profiles(
    conn: &mut Conn,
    call: &Call,
    ids: impl IntoIterator<Item = UserId>,
) -> Result<HashMap<UserId, Profile>> {
    let people = people::find_all(conn, call, ids)?;
    let profiles = people::profiles(conn, call, people.into_values().collect())?;
    Ok(profiles.into_iter().map(|profile| (profile.person.id, profile)).collect())
}

/// Whether the caller manages the room's members and may name this one: its creator anyone who is in it, others
/// those whom they see at all.
fn may_change(conn: &mut Conn, call: &Call, seen: &Seen, who: &Who) -> Result<bool> {
    if !manages(call, seen) {
        return Ok(false);
    }
    match who {
        Who::Person(profile) if !is_caller(call, Subject::Person(seen.room.created_by)) => {
            people::may_view(conn, call, &profile.person)
        }
        _ => Ok(true),
    }
}

/// Whether the caller manages the room's members: never a guest.
pub(super) fn manages(call: &Call, seen: &Seen) -> bool {
    let guest = call.someone().is_none_or(|person| person.kind == UserKind::Guest);
    !guest && seen.rights().has(Right::EditAccess)
}

/// The records of these subjects, in this order; who has none is left out.
pub(super) fn of_subjects(
    conn: &mut Conn,
    call: &Call,
    seen: &Seen,
    subjects: &[Subject],
) -> Result<Vec<Member>> {
    let mut records = Vec::new();
    for subject in subjects {
        let base = sql!(
            records!("s.subject_id, s.subject_kind, s.access, g.name, h.user_name"),
            " and s.subject_id = $3"
        );
        records.extend(conn.first(base, args![call.portal.id, seen.room.id, *subject], read)?);
    }
    shown(conn, call, seen, records)
}

/// A member of a group with what he may do in a room.
#[derive(Debug, Clone)]
pub struct GroupMember {
    /// The person.
    pub profile: Profile,
    /// The group's role.
    pub group_access: i64,
    /// The person's own role, if there is a record of his own.
    pub user_access: Option<i64>,
    /// Whether the group's role doesn't count for this person.
    pub overridden: bool,
    /// Whether the caller may change this person's role.
    pub can_edit: bool,
    /// Whether this person owns the room.
    pub owner: bool,
}

macro_rules! in_group {
    ($columns:literal) => {
        concat!(
            "select ",
            $columns,
            " from group_member m join person p on p.portal_id = $1 and p.id = m.user_id
             left join shelf s on s.portal_id = $1 and s.subject_id = m.user_id and s.room_id = $3
             where m.portal_id = $1 and m.group_id = $2 and p.status <> 2 and coalesce(p.removed_at, 0) = 0"
        )
    };
}
/// The statement with the condition that names or addresses match the pattern.
fn named<'q>(base: Sql, args: &[Value<'q>], pattern: Option<&'q String>) -> Query<'q> {
    let mut query = Query::new(base, args);
    if let Some(pattern) = pattern {
        query.bind(
            " and (p.name_fold like $? escape '\\' or p.email_fold like $? escape '\\')",
            &[pattern.bind(), pattern.bind()],
        );
    }
    query
}

/// The members of a group that is in a room, by name; nobody when the group isn't in it.
///
/// Contract: rooms.md §7.2. Who may call it is said by the endpoint's line: no guests. Fails with `ItemNotFound`,
/// `AccessDenied` for one who may not look into the room, `GroupNotFound`.
pub fn group_members(
    conn: &mut Conn,
    call: &Call,
    id: EntryId,
    group: GroupId,
    filter: &MemberFilter,
) -> Result<Page<GroupMember>> {
    let Some(seen) = readable(conn, call, id)? else { return Err(Kind::AccessDenied.into()) };
    if !group_exists(conn, call.portal.id, group)? {
        return Err(Kind::GroupNotFound.into());
    }
    let Some(group_access) = shelf::record(conn, call.portal.id, id, Subject::Group(group))? else {
        return Ok(Page::empty());
    };
    let pattern = filter.text.as_deref().map(contains_pattern);
    let total = {
        let query = named(sql!(in_group!("count(*)")), args![call.portal.id, group, id], pattern.as_ref());
        conn.one(&query, query.args(), |row| row.get(0))?
    };
    let base = sql!(in_group!("p.id, s.access"));
    let mut query = named(base, args![call.portal.id, group, id], pattern.as_ref());
    query.push(" order by p.name_fold, p.id");
    query.bind(" limit $? offset $?", &[Value::Int(filter.count), Value::Int(filter.start)]);
    let found: Vec<(UserId, Option<i64>)> =
        conn.all(&query, query.args(), |row| Ok((row.get(0)?, row.get(1)?)))?;
    let mut profiles = profiles(conn, call, found.iter().map(|(id, _)| *id))?;
    let mut rows = Vec::with_capacity(found.len());
    for (id, own) in found {
        let Some(profile) = profiles.remove(&id) else { continue };
        let (owner, who) = (id == seen.room.created_by, Who::Person(Box::new(profile.clone())));
        let can_edit =
            !owner && !is_caller(call, Subject::Person(id)) && may_change(conn, call, &seen, &who)?;
        let user_access = own.filter(|access| *access != 0);
        rows.push(GroupMember {
            profile,
            group_access,
            user_access,
            overridden: own.is_some(),
            can_edit,
            owner,
        });
    }
    Ok(Page { rows, total })
}

pub(super) fn group_exists(conn: &mut Conn, portal: PortalId, group: GroupId) -> Result<bool> {
    let found = conn.first(
        sql!("select id from people_group where portal_id = $1 and id = $2"),
        args![portal, group],
        |row| row.get::<GroupId>(0),
    )?;
    Ok(found.is_some())
}
