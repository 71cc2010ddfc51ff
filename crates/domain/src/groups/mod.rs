//! Groups of people (people.md §8).

mod list;
mod members;
mod sql;
mod system;

pub use list::{Beside, Filter, List, Sort, beside_room, list};
pub use members::{add_members, move_members, remove_members, replace_members, set_manager};
pub use system::{CATEGORY, EVERYONE};

use std::collections::HashMap;

use db::Conn;

use crate::event::Event;
use crate::ids::{GroupId, PortalId, UserId};
use crate::people::{self, Person, Profile};
use crate::rooms::{self, Subject};
use crate::store::Tx;
use crate::text::fold;
use crate::{Call, Kind, Problem, Result};

/// Longest name, in UTF-16 units.
pub const NAME_MAX: usize = 128;

/// A group in short: what a person's profile and a room's members show of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Summary {
    /// Its id.
    pub id: GroupId,
    /// Its name.
    pub name: String,
    /// The login name of its manager, if it has one.
    pub manager: Option<String>,
}

/// A group as it is stored; or one that stands for everybody of a type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// Its id.
    pub id: GroupId,
    /// Its name.
    pub name: String,
    /// Its manager.
    pub manager: Option<UserId>,
    /// Whether it stands for a type of account, or for everybody.
    pub is_system: bool,
}

/// A group as a reply shows it.
#[derive(Debug, Clone)]
pub struct View {
    /// The group.
    pub group: Group,
    /// Its manager's profile.
    pub manager: Option<Profile>,
    /// Its members who are active or pending, by name; only where they are wanted.
    pub members: Option<Vec<Profile>>,
    /// How many such members it has.
    pub members_count: i64,
    /// In lists for a room: whether the room is shared with it.
    pub shared: Option<bool>,
}

/// The groups of each of these people, sorted by name.
pub fn of_people(
    conn: &mut Conn,
    portal: PortalId,
    people: &[UserId],
) -> Result<HashMap<UserId, Vec<Summary>>> {
    let mut groups: HashMap<UserId, Vec<Summary>> = HashMap::new();
    if people.is_empty() {
        return Ok(groups);
    }
    for (user, group) in sql::of_people(conn, portal, people)? {
        groups.entry(user).or_default().push(group);
    }
    Ok(groups)
}

/// The groups of one person, sorted by name; none of an unknown or deleted one.
pub fn of_person(conn: &mut Conn, call: &Call, user: UserId) -> Result<Vec<Summary>> {
    if people::find(conn, &call.portal, user)?.is_none() {
        return Ok(Vec::new());
    }
    Ok(of_people(conn, call.portal.id, &[user])?.remove(&user).unwrap_or_default())
}

/// The ids of a person's groups.
pub fn ids_of(conn: &mut Conn, portal: PortalId, user: UserId) -> Result<Vec<GroupId>> {
    sql::ids_of(conn, portal, user)
}

/// A group by its id, those that stand for types of accounts too.
pub fn find(conn: &mut Conn, portal: PortalId, id: GroupId) -> Result<Option<Group>> {
    match system::group(id) {
        Some(group) => Ok(Some(group)),
        None => sql::by_id(conn, portal, id),
    }
}

/// A group that people made; the others can't be changed (deviations.md 19).
///
/// Fails with `GroupNotFound`.
fn own(conn: &mut Conn, portal: PortalId, id: GroupId) -> Result<Group> {
    sql::by_id(conn, portal, id)?.ok_or_else(|| Kind::GroupNotFound.into())
}

/// A group, with its members when they are wanted. Fails with `GroupNotFound`.
pub fn get(conn: &mut Conn, call: &Call, id: GroupId, with_members: bool) -> Result<View> {
    let group = find(conn, call.portal.id, id)?.ok_or(Kind::GroupNotFound)?;
    view(conn, call, group, with_members)
}

fn view(conn: &mut Conn, call: &Call, group: Group, with_members: bool) -> Result<View> {
    let members_count = match system::of(group.id) {
        Some(system) => sql::count_of_kind(conn, call.portal.id, system.kind)?,
        None => sql::count_members(conn, call.portal.id, group.id)?,
    };
    let members = match (with_members, system::of(group.id)) {
        (false, _) => None,
        (true, Some(system)) => Some(sql::of_kind(conn, &call.portal, system.kind)?),
        (true, None) => Some(sql::members(conn, &call.portal, group.id)?),
    };
    let members = members.map(|members| people::profiles(conn, call, members)).transpose()?;
    let mut views = with_managers(conn, call, vec![(group, members_count, None)])?;
    let view = views.pop().ok_or(Kind::GroupNotFound)?;
    Ok(View { members, ..view })
}

/// Groups with the number of their members, and whether a room is shared with them, together with their managers.
fn with_managers(conn: &mut Conn, call: &Call, groups: Vec<(Group, i64, Option<bool>)>) -> Result<Vec<View>> {
    let managers = people::find_all(conn, call, groups.iter().filter_map(|(group, ..)| group.manager))?;
    let managers: Vec<Person> =
        managers.into_values().filter(|manager| manager.removed_at.is_none()).collect();
    let managers = people::profiles(conn, call, managers)?;
    let managers: HashMap<UserId, Profile> =
        managers.into_iter().map(|profile| (profile.person.id, profile)).collect();
    let views = groups.into_iter().map(|(group, members_count, shared)| View {
        manager: group.manager.and_then(|id| managers.get(&id).cloned()),
        members: None,
        members_count,
        shared,
        group,
    });
    Ok(views.collect())
}

/// A group to be made. Lengths are checked where the wire form is parsed.
#[derive(Debug, Clone)]
pub struct NewGroup {
    /// Its name, at most [`NAME_MAX`] units.
    pub name: String,
    /// Its manager, who is a member too.
    pub manager: Option<UserId>,
    /// Its members.
    pub members: Vec<UserId>,
}

/// Makes a group.
///
/// Fails with `BadArgument` when the name is blank, and when the manager or any of the members is unknown, terminated
/// or a guest; then nothing is made. Contract: people.md §8. Who may is said by the endpoint's line.
pub fn create(tx: &mut Tx<'_>, call: &Call, new: &NewGroup) -> Result<View> {
    if new.name.trim().is_empty() {
        return Err(Problem::text(
            Kind::BadArgument,
            "The name of the group is empty. (Parameter 'groupName')",
        ));
    }
    let portal = call.portal.id;
    for user in new.manager.iter().chain(&new.members) {
        if !sql::can_be_member(tx, portal, *user)? {
            return Err(no_such_member());
        }
    }
    let group =
        Group { id: GroupId::new(tx.guid()), name: new.name.clone(), manager: new.manager, is_system: false };
    sql::insert(tx, portal, &group, &fold(&group.name))?;
    for user in new.manager.iter().chain(&new.members) {
        sql::join(tx, portal, group.id, *user)?;
    }
    tx.say(Event::GroupCreated { group: group.id, name: group.name.clone() });
    view(tx, call, group, true)
}

fn no_such_member() -> Problem {
    Problem::text(Kind::BadArgument, Kind::UserNotFound.entry().text)
}

/// What is to change about a group; what is absent stays.
#[derive(Debug, Clone, Default)]
pub struct Changes {
    /// Its name; a blank one leaves it as it is.
    pub name: Option<String>,
    /// Its manager, who becomes a member.
    pub manager: Option<UserId>,
    /// Who becomes a member.
    pub add: Vec<UserId>,
    /// Who is one no longer.
    pub remove: Vec<UserId>,
}

/// Changes a group. People who can't be members are passed over, whatever they were named for.
///
/// Fails with `GroupNotFound`. Contract: people.md §8.
pub fn update(tx: &mut Tx<'_>, call: &Call, id: GroupId, changes: &Changes) -> Result<View> {
    let portal = call.portal.id;
    let mut group = own(tx, portal, id)?;
    if let Some(name) = changes.name.as_ref().filter(|name| !name.trim().is_empty()) {
        group.name.clone_from(name);
        sql::rename(tx, portal, id, name, &fold(name))?;
    }
    for user in &changes.add {
        sql::join(tx, portal, id, *user)?;
    }
    for user in &changes.remove {
        sql::leave(tx, portal, id, *user)?;
    }
    if let Some(manager) = changes.manager
        && sql::can_be_member(tx, portal, manager)?
    {
        sql::set_manager(tx, portal, id, manager)?;
        sql::join(tx, portal, id, manager)?;
    }
    sql::drop_absent_manager(tx, portal, id)?;
    tx.say(Event::GroupUpdated { group: id, name: group.name });
    get(tx, call, id, true)
}

/// How many rooms are taken from a deleted group at a time.
const BATCH: i64 = 500;

/// Deletes a group, with what is shared with it. Fails with `GroupNotFound`.
pub fn delete(tx: &mut Tx<'_>, call: &Call, id: GroupId) -> Result<()> {
    let portal = call.portal.id;
    let group = own(tx, portal, id)?;
    while !rooms::drop_subject(tx, portal, Subject::Group(id), BATCH)? {}
    sql::delete(tx, portal, id)?;
    tx.say(Event::GroupDeleted { group: id, name: group.name });
    Ok(())
}
