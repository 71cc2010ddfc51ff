//! Who is in a group, and who manages it (people.md §8). None of this reaches the groups that stand for a type of
//! account (deviations.md 19): these are not found.

use super::{View, get, no_such_member, own, sql};
use crate::event::Event;
use crate::ids::{GroupId, UserId};
use crate::people;
use crate::store::Tx;
use crate::{Call, Kind, Result};

/// Makes people members; who can't be one is passed over. Fails with `GroupNotFound`.
pub fn add_members(tx: &mut Tx<'_>, call: &Call, id: GroupId, users: &[UserId]) -> Result<View> {
    let group = own(tx, call.portal.id, id)?;
    for user in users {
        sql::join(tx, call.portal.id, id, *user)?;
    }
    tx.say(Event::GroupUpdated { group: id, name: group.name });
    get(tx, call, id, true)
}

/// Makes these people the only members; who can't be one is passed over.
///
/// Fails with `BadArgument` when none of them can be, before anything else is looked at, then with `AccessDenied` for
/// who doesn't administrate the portal (people.md §8 has them in this order), then with `GroupNotFound`.
pub fn replace_members(tx: &mut Tx<'_>, call: &Call, id: GroupId, users: &[UserId]) -> Result<View> {
    let portal = call.portal.id;
    let mut members = Vec::new();
    for user in users {
        if sql::can_be_member(tx, portal, *user)? {
            members.push(*user);
        }
    }
    if members.is_empty() {
        return Err(no_such_member());
    }
    if !call.person()?.is_admin() {
        return Err(Kind::AccessDenied.into());
    }
    let group = own(tx, portal, id)?;
    sql::empty(tx, portal, id)?;
    for user in members {
        sql::join(tx, portal, id, user)?;
    }
    sql::drop_absent_manager(tx, portal, id)?;
    tx.say(Event::GroupUpdated { group: id, name: group.name });
    get(tx, call, id, true)
}

/// Ends people's membership; a manager's office ends with it. Fails with `GroupNotFound`.
pub fn remove_members(tx: &mut Tx<'_>, call: &Call, id: GroupId, users: &[UserId]) -> Result<View> {
    let portal = call.portal.id;
    let group = own(tx, portal, id)?;
    for user in users {
        sql::leave(tx, portal, id, *user)?;
    }
    sql::drop_absent_manager(tx, portal, id)?;
    tx.say(Event::GroupMembersLeft { group: id, name: group.name });
    get(tx, call, id, true)
}

/// Moves all members of a group to another, and shows that one. Fails with `GroupNotFound`.
pub fn move_members(tx: &mut Tx<'_>, call: &Call, from: GroupId, to: GroupId) -> Result<View> {
    let portal = call.portal.id;
    let (source, target) = (own(tx, portal, from)?, own(tx, portal, to)?);
    if from != to {
        sql::copy_members(tx, portal, from, to)?;
        sql::empty(tx, portal, from)?;
        sql::drop_absent_manager(tx, portal, from)?;
        tx.say(Event::GroupMembersLeft { group: from, name: source.name });
        tx.say(Event::GroupMembersLeft { group: to, name: target.name });
    }
    get(tx, call, to, true)
}

/// Gives a group its manager, who becomes a member. With a guest, or somebody terminated, nothing happens.
///
/// Fails with `GroupNotFound` or `UserNotFound`.
pub fn set_manager(tx: &mut Tx<'_>, call: &Call, id: GroupId, user: UserId) -> Result<View> {
    let portal = call.portal.id;
    let group = own(tx, portal, id)?;
    people::find(tx, &call.portal, user)?.ok_or(Kind::UserNotFound)?;
    if sql::can_be_member(tx, portal, user)? {
        sql::set_manager(tx, portal, id, user)?;
        sql::join(tx, portal, id, user)?;
        tx.say(Event::GroupUpdated { group: id, name: group.name });
    }
    get(tx, call, id, true)
}
