//! Groups of people (people.md §8).

mod sql;

use std::collections::HashMap;

use db::Conn;

use crate::Result;
use crate::ids::{GroupId, PortalId, UserId};

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

/// The ids of a person's groups.
pub fn ids_of(conn: &mut Conn, portal: PortalId, user: UserId) -> Result<Vec<GroupId>> {
    sql::ids_of(conn, portal, user)
}
