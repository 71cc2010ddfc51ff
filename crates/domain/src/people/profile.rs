//! Accounts as one caller sees them: with their groups, who invited them, and their quota (people.md §2.2).

use std::collections::HashMap;

use db::Conn;

use super::rules::Deed;
use super::{Person, find_all};
use crate::groups::{self, Summary};
use crate::ids::UserId;
use crate::quotas::UserQuota;
use crate::setting;
use crate::{Call, Kind, Result, tfa};

/// An account as the caller sees it.
#[derive(Debug, Clone)]
pub struct Profile {
    /// The account.
    pub person: Person,
    /// Its groups, by name; none when they are not the caller's to see.
    pub groups: Option<Vec<Summary>>,
    /// Who invited it, for administrators.
    pub inviter: Option<Person>,
    /// What administrators see beside: whether an authenticator app is bound, if the portal asks for one.
    pub tfa_bound: Option<bool>,
    /// Bytes its things use, for administrators and itself.
    pub used_bytes: Option<i64>,
    /// Its limit in bytes (-1 none) and whether it is its own, where limits hold.
    pub quota: Option<(i64, bool)>,
    /// In lists for a room: whether the room is shared with it.
    pub shared: Option<bool>,
}

/// The profiles of these accounts for the caller, in their order.
///
/// Viewers of type User and Guest see no groups of others (people.md §2.2, deviations.md 17).
pub fn profiles(conn: &mut Conn, call: &Call, people: Vec<Person>) -> Result<Vec<Profile>> {
    let viewer = call.someone();
    let admin = viewer.is_some_and(Person::is_admin);
    let sees_groups = viewer.is_some_and(|viewer| viewer.kind.makes_rooms());
    let of_self = |id: UserId| viewer.is_some_and(|viewer| viewer.id == id);
    let ids: Vec<UserId> =
        people.iter().map(|person| person.id).filter(|id| sees_groups || of_self(*id)).collect();
    let mut groups = groups::of_people(conn, call.portal.id, &ids)?;
    let inviters = if admin {
        find_all(conn, call, people.iter().filter_map(|person| person.created_by))?
    } else {
        HashMap::new()
    };
    let UserQuota(quota) = setting::of_portal(conn, call.portal.id)?;
    let shows_tfa = admin && tfa::is_enabled(conn, &call.portal)?;
    let profiles = people.into_iter().map(|person| {
        let (own, id) = (of_self(person.id), person.id);
        let sees_use = admin || own;
        Profile {
            groups: (sees_groups || own).then(|| groups.remove(&id).unwrap_or_default()),
            inviter: person.created_by.and_then(|id| inviters.get(&id).cloned()),
            tfa_bound: shows_tfa.then_some(person.tfa_bound),
            // Files will count here; rooms alone use nothing.
            used_bytes: sees_use.then_some(0),
            quota: (sees_use && quota.enabled)
                .then(|| (person.quota.unwrap_or(quota.default_bytes), person.quota.is_some())),
            shared: None,
            person,
        }
    });
    Ok(profiles.collect())
}

/// The profile of one account for the caller.
pub fn profile(conn: &mut Conn, call: &Call, person: Person) -> Result<Profile> {
    let shown = person.clone();
    let mut profiles = profiles(conn, call, vec![person])?;
    Ok(profiles.pop().unwrap_or(Profile {
        person: shown,
        groups: None,
        inviter: None,
        tfa_bound: None,
        used_bytes: None,
        quota: None,
        shared: None,
    }))
}

/// Whether an account may be seen by the caller: the View right of people.md §3.
pub fn may_view(conn: &mut Conn, call: &Call, person: &Person) -> Result<bool> {
    if call.someone().is_none() {
        return Ok(false);
    }
    super::may(conn, call, Deed::View, person)
}

/// Whether there is a relation from the one to the other (people.md §3).
pub fn are_related(conn: &mut Conn, call: &Call, source: UserId, target: UserId) -> Result<bool> {
    super::sql::related(conn, call.portal.id, source, target)
}

/// The profile of an account that was found, or wasn't, if the caller may see it.
///
/// Fails with `UserNotFound`, then with `PersonNotVisible`.
pub fn find_visible(conn: &mut Conn, call: &Call, found: Option<Person>) -> Result<Profile> {
    let person = found.filter(|person| person.removed_at.is_none()).ok_or(Kind::UserNotFound)?;
    if !may_view(conn, call, &person)? {
        return Err(Kind::PersonNotVisible.into());
    }
    profile(conn, call, person)
}
