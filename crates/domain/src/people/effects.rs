//! What a change of an account does to rooms.

use crate::Result;
use crate::ids::{PortalId, UserId};
use crate::rooms::{self, Subject};
use crate::store::Tx;

use super::Person;

/// Rooms or memberships that one unit changes.
const CHUNK: i64 = 200;

/// Gives some of the rooms of one account to another; true when there are no more.
pub(super) fn give_rooms(tx: &mut Tx<'_>, portal: PortalId, from: &Person, to: UserId) -> Result<bool> {
    rooms::give_all(tx, portal, from, to, CHUNK)
}

/// Makes a room manager content creator in some of the rooms; true when there are no more.
pub(super) fn lower_managers(tx: &mut Tx<'_>, portal: PortalId, person: &Person) -> Result<bool> {
    rooms::lower_managers(tx, portal, person, CHUNK)
}

/// Takes an account off some of the rooms shared with it; true when there are no more.
pub(super) fn drop_shares(tx: &mut Tx<'_>, portal: PortalId, user: UserId) -> Result<bool> {
    rooms::drop_subject(tx, portal, Subject::Person(user), CHUNK)
}

/// Takes an account off every room that this other account shared with it.
pub(super) fn drop_granted(tx: &mut Tx<'_>, portal: PortalId, user: UserId, by: UserId) -> Result<()> {
    while !rooms::drop_granted(tx, portal, Subject::Person(user), by, CHUNK)? {}
    Ok(())
}
