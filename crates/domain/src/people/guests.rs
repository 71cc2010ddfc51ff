//! Guests and those who know them (people.md §5.8).

use db::Conn;

use super::rules::Deed;
use super::{Person, TERMINATED, UserKind, effects, letters, writes};
use crate::confirm::{self, Bound, ConfirmType};
use crate::event::{Event, UserEvent};
use crate::ids::UserId;
use crate::store::Tx;
use crate::{Call, Kind, Problem, Result};

/// Takes guests off the caller's list: they are no longer known to the caller, and lose what the caller shared with
/// them. Their accounts stay.
///
/// Fails with `AccessDenied` when one of them is no guest whom the caller knows; then nothing changes.
pub fn forget(tx: &mut Tx<'_>, call: &Call, ids: &[UserId]) -> Result<()> {
    let (portal, caller) = (call.portal.id, call.person()?.id);
    let mut guests = Vec::new();
    for id in ids {
        let guest = super::find(tx, &call.portal, *id)?.filter(|person| person.status != TERMINATED);
        let guest = guest.ok_or(Kind::AccessDenied)?;
        super::require(tx, call, Deed::Forget, &guest)?;
        guests.push(guest);
    }
    for guest in guests {
        writes::part(tx, portal, caller, guest.id)?;
        effects::drop_granted(tx, portal, guest.id, caller)?;
        tx.say(Event::User { user: guest.id, kind: guest.kind, what: UserEvent::Forgotten });
    }
    Ok(())
}

/// A link by which somebody else gets to know a guest.
///
/// Fails with `UserNotFound`, `AccessDenied`, and `BadArgument` when it is no guest.
pub fn share_link(tx: &mut Tx<'_>, call: &Call, user: UserId) -> Result<String> {
    let found = super::find(tx, &call.portal, user)?;
    let person = found.ok_or_else(|| Problem::text(Kind::UserNotFound, "User not found"))?;
    super::require(tx, call, Deed::View, &person)?;
    if person.kind != UserKind::Guest {
        return Err(Problem::text(Kind::BadArgument, "User is not a guest"));
    }
    let bound = Bound { email: Some(&person.email), user: Some(user), ..Bound::default() };
    let path = confirm::link(tx, &call.portal, ConfirmType::GuestShareLink, &bound)?;
    letters::address_of(tx, &call.portal, &path)
}

/// Makes the guest of a link known to the caller.
///
/// Fails with `AccessDenied` for those who have no guests, `UserNotFound`.
pub fn meet(tx: &mut Tx<'_>, call: &Call) -> Result<Person> {
    let link = call.confirmed.clone().ok_or(Kind::LinkInvalid)?;
    let caller = call.person()?;
    if !caller.kind.makes_rooms() {
        return Err(Kind::AccessDenied.into());
    }
    let guest = guest_of(tx, call, link.user)?;
    super::relate(tx, call.portal.id, caller.id, guest.id)?;
    tx.say(Event::User { user: guest.id, kind: guest.kind, what: UserEvent::Met });
    Ok(guest)
}

fn guest_of(conn: &mut Conn, call: &Call, user: Option<UserId>) -> Result<Person> {
    let found = user.map(|user| super::find(conn, &call.portal, user)).transpose()?.flatten();
    found.filter(|person| person.kind == UserKind::Guest).ok_or_else(|| Kind::UserNotFound.into())
}
