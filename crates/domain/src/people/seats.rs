//! How many accounts a portal may have (people.md §3.1). There is no licence and no tariff: all counts are unlimited
//! unless an administrator limits them (deviations.md 23).

use db::Conn;
use serde::{Deserialize, Serialize};

use super::{UserKind, writes};
use crate::ids::PortalId;
use crate::setting::{self, Setting};
use crate::{Call, Kind, Problem, Result};

/// Limits on the number of accounts; none: no limit.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seats {
    /// The owner, administrators and room administrators, in use or invited.
    pub admins: Option<i64>,
    /// Users and guests.
    pub users: Option<i64>,
}

impl Setting for Seats {
    const NAME: &'static str = "seats";
}

/// The limits on a portal's accounts.
pub(crate) fn limits(conn: &mut Conn, portal: PortalId) -> Result<Seats> {
    setting::of_portal(conn, portal)
}

/// How many seats for administrators and room administrators are taken, and how many for users and guests: in use or
/// invited, which is what limits are held against.
pub(crate) fn taken(conn: &mut Conn, portal: PortalId) -> Result<(i64, i64)> {
    let admins = writes::count_kinds(conn, portal, UserKind::RoomAdmin, UserKind::DocSpaceAdmin)?;
    Ok((admins, writes::count_kinds(conn, portal, UserKind::User, UserKind::Guest)?))
}

/// Whether there is a seat for one more account of this type. Fails with `SeatsTaken`.
pub(crate) fn check(conn: &mut Conn, call: &Call, kind: UserKind) -> Result<()> {
    let seats = limits(conn, call.portal.id)?;
    let (limit, who, kinds) = if kind.makes_rooms() {
        (seats.admins, "admins", (UserKind::RoomAdmin, UserKind::DocSpaceAdmin))
    } else {
        (seats.users, "users", (UserKind::User, UserKind::Guest))
    };
    let Some(limit) = limit else { return Ok(()) };
    let taken = writes::count_kinds(conn, call.portal.id, kinds.0, kinds.1)?;
    if taken < limit {
        return Ok(());
    }
    Err(Problem::text(Kind::SeatsTaken, format!("The number of {who} should not exceed {limit}")))
}

/// Whether there are seats for this many more who make rooms. Fails with `SeatsTaken`.
pub(crate) fn check_batch(conn: &mut Conn, call: &Call, requested: i64) -> Result<()> {
    let seats = limits(conn, call.portal.id)?;
    let Some(limit) = seats.admins else { return Ok(()) };
    let taken = writes::count_kinds(conn, call.portal.id, UserKind::RoomAdmin, UserKind::DocSpaceAdmin)?;
    let free = (limit - taken).max(0);
    if requested <= free {
        return Ok(());
    }
    Err(Problem::text(
        Kind::SeatsTaken,
        format!("The number of admins exceeds the limit: {requested}/{free}."),
    ))
}
