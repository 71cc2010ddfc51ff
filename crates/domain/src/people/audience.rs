//! People and groups beside a room: who has it already, and who could be given it (people.md §4.3).

use db::{Bind as _, Conn, Query, Value, args, sql};

use super::list::{Area, Page, Words, only_area};
use super::sql::{WIDTH, columns, read};
use super::{Person, Profile, UserKind, profiles};
use crate::access::{Action, Right};
use crate::groups::{self, View};
use crate::ids::{EntryId, UserId};
use crate::rooms::{self, Room};
use crate::{Call, Kind, Result};

/// Looking at who has a room.
#[derive(Debug)]
pub enum Meet {}

impl Action for Meet {
    const RIGHT: Right = Right::Read;
    const REFUSAL: Kind = Kind::AccessDenied;
}

/// Choosing to whom a room is given.
#[derive(Debug)]
pub enum Share {}

impl Action for Share {
    const RIGHT: Right = Right::EditAccess;
    const REFUSAL: Kind = Kind::AccessDenied;
}

/// Which people are wanted, from where to where.
#[derive(Debug, Clone, Default)]
pub struct Audience {
    /// The stored status.
    pub status: Option<i64>,
    /// The stored `activationStatus`.
    pub activation_status: Option<i64>,
    /// Who has the room (true), or hasn't; everybody when absent.
    pub shared: Option<bool>,
    /// Invited by this person.
    pub inviter: Option<UserId>,
    /// Guests or others.
    pub area: Area,
    /// Of these types; asked only where room administrators are among them.
    pub kinds: Vec<i64>,
    /// In names or address.
    pub words: Words,
    /// People on the page: 1..100.
    pub count: i64,
    /// People before the page.
    pub start: i64,
}

/// A page of the accounts, groups first, that a room could be given to.
#[derive(Debug, Clone)]
pub struct Accounts {
    /// The groups on the page.
    pub groups: Vec<View>,
    /// The people on the page, after the groups.
    pub people: Vec<Profile>,
    /// All groups and people that match.
    pub total: i64,
}

/// The room, if the caller may do `A` with it.
///
/// Fails with `ItemNotFound`, `ItemDeleted` or `AccessDenied`.
pub fn room<A: Action>(conn: &mut Conn, call: &Call, id: EntryId) -> Result<Room> {
    let found = rooms::find(conn, call, id).map_err(|problem| match problem.kind() {
        Kind::RoomNotFound => Kind::ItemNotFound.into(),
        Kind::RoomDeleted => Kind::ItemDeleted.into(),
        _ => problem,
    })?;
    Ok(found.grant::<A>()?.into_inner().room)
}

/// The people beside a room: everybody the caller may see there, each with whether he has the room.
///
/// Fails with `ItemNotFound`, and with `AccessDenied` for who can't read the room. That guests may not ask at all is
/// said by the endpoint's line.
pub fn of_room(conn: &mut Conn, call: &Call, id: EntryId, audience: &Audience) -> Result<Page> {
    let room = room::<Meet>(conn, call, id)?;
    let search = Search { call, viewer: call.person()?, room: room.id, audience };
    let total = search.total(conn)?;
    let people = search.page(conn, audience.start, audience.count, total)?;
    Ok(Page { people, total })
}

/// The groups and people of whom a text tells: groups by the whole of it in their name, people word by word.
///
/// Without a text there is nothing. Fails with `ItemNotFound`, and with `AccessDenied` for who can't share the room.
pub fn accounts(
    conn: &mut Conn,
    call: &Call,
    id: EntryId,
    text: &str,
    audience: &Audience,
) -> Result<Accounts> {
    let room = room::<Share>(conn, call, id)?;
    let text = text.trim();
    if text.is_empty() {
        return Ok(Accounts { groups: Vec::new(), people: Vec::new(), total: 0 });
    }
    let (start, count) = (audience.start, audience.count);
    let beside = groups::Beside { shared: audience.shared, text: Some(text.to_owned()), count, start };
    let of_groups = groups::beside_room(conn, call, room.id, &beside)?;
    let search = Search { call, viewer: call.person()?, room: room.id, audience };
    let of_people = search.total(conn)?;
    let shown = i64::try_from(of_groups.groups.len()).unwrap_or(count);
    let people = search.page(conn, (start - of_groups.total).max(0), count - shown, of_people)?;
    Ok(Accounts { groups: of_groups.groups, people, total: of_groups.total + of_people })
}

struct Search<'a> {
    call: &'a Call,
    viewer: &'a Person,
    room: EntryId,
    audience: &'a Audience,
}

impl<'a> Search<'a> {
    fn total(&'a self, conn: &mut Conn) -> Result<i64> {
        let base = sql!("select count(*) from person p where p.portal_id = $1 and p.removed_at is null");
        let query = self.conditions(Query::new(base, args![self.call.portal.id]));
        Ok(conn.one(&query, query.args(), |row| row.get(0))?)
    }

    fn page(&'a self, conn: &mut Conn, start: i64, count: i64, total: i64) -> Result<Vec<Profile>> {
        if start >= total || count <= 0 {
            return Ok(Vec::new());
        }
        let base = sql!(
            "select ",
            columns!(),
            ", (select count(*) from shelf s where s.portal_id = $1 and s.subject_id = p.id and s.room_id = $2)
             from person p where p.portal_id = $1 and p.removed_at is null"
        );
        let mut query = self.conditions(Query::new(base, args![self.call.portal.id, self.room]));
        query.push(" order by p.activation_status, p.first_fold, p.last_fold, p.id");
        query.bind(" limit $? offset $?", &[Value::Int(count), Value::Int(start)]);
        let rows = conn.all(&query, query.args(), |row| {
            Ok((read(row, 0, &self.call.portal)?, row.get::<i64>(WIDTH)? > 0))
        })?;
        let (people, shared): (Vec<_>, Vec<_>) = rows.into_iter().unzip();
        let mut people = profiles(conn, self.call, people)?;
        for (profile, shared) in people.iter_mut().zip(shared) {
            profile.shared = Some(shared);
        }
        Ok(people)
    }

    fn conditions(&'a self, mut query: Query<'a>) -> Query<'a> {
        const HAS: &str = "exists (select 1 from shelf s where s.portal_id = $1 and s.subject_id = p.id and s.room_id = $?)";
        let audience = self.audience;
        if let Some(status) = audience.status {
            query.bind(" and p.status = $?", &[Value::Int(status)]);
        }
        if let Some(status) = audience.activation_status {
            query.bind(" and p.activation_status = $?", &[Value::Int(status)]);
        }
        if let Some(shared) = audience.shared {
            query.push(if shared { " and " } else { " and not " }).bind(HAS, &[self.room.bind()]);
        }
        if let Some(inviter) = &audience.inviter {
            query.bind(" and p.created_by = $?", &[inviter.bind()]);
        }
        only_area(&mut query, audience.area);
        if !self.viewer.is_admin() {
            query.bind(
                " and (p.kind <> 2 or exists (select 1 from relation f where f.portal_id = $1 and f.source_id = $? and f.target_id = p.id) or ",
                &[self.viewer.id.bind()],
            );
            query.bind(HAS, &[self.room.bind()]).push(")");
        }
        if audience.kinds.contains(&(UserKind::RoomAdmin as i64)) {
            query.list(" and p.kind in (", &audience.kinds, ")");
        }
        audience.words.conditions(&mut query);
        query
    }
}
