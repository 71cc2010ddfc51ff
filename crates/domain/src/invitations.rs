//! The portal's common invitation links: at most one for each type of account (people.md §7.4, foundation.md §4.6).

mod sql;

use db::Conn;

use crate::ids::{PortalId, UserId};
use crate::people::rules::{self, Standing};
use crate::people::{self, UserKind, seats};
use crate::portal_settings::InvitationSettings;
use crate::store::Tx;
use crate::{Call, Kind, Problem, Result, Timestamp, confirm, setting};

/// How often a link may be used, when that is limited.
pub const USES: std::ops::RangeInclusive<i64> = 1..=1000;

/// A common invitation link.
#[derive(Debug, Clone)]
pub struct Invitation {
    /// Its id, a guid.
    pub id: String,
    /// The type of account it makes.
    pub kind: UserKind,
    /// When it ends; none: never.
    pub expires_at: Option<Timestamp>,
    /// How often it may be used; none: any number of times.
    pub max_uses: Option<i64>,
    /// How often it was used.
    pub uses: i64,
    /// Who made it.
    pub created_by: UserId,
}

impl Invitation {
    /// One for which nothing is stored: good for any number of uses until it ends.
    pub(crate) fn passing(kind: UserKind, created_by: UserId, expires_at: Option<Timestamp>) -> Self {
        Self { id: String::new(), kind, expires_at, max_uses: None, uses: 0, created_by }
    }

    /// Whether it is over.
    pub fn is_expired(&self, now: Timestamp) -> bool {
        self.expires_at.is_some_and(|end| now >= end)
    }
}

/// A link as the caller hands it out.
#[derive(Debug, Clone)]
pub struct Shown {
    /// The link.
    pub invitation: Invitation,
    /// Whether it is over.
    pub is_expired: bool,
    /// Its address, which names the caller.
    pub url: String,
}

/// How long and how often a link is good.
#[derive(Debug, Clone, Copy, Default)]
pub struct Limits {
    /// When it ends; none: never.
    pub expires_at: Option<Timestamp>,
    /// How often it may be used; none: any number of times.
    pub max_uses: Option<i64>,
}

/// A link by its id.
pub fn find(conn: &mut Conn, portal: PortalId, id: &str) -> Result<Option<Invitation>> {
    sql::by_id(conn, portal, id)
}

/// Counts a use of a link.
pub(crate) fn count_use(tx: &mut Tx<'_>, portal: PortalId, id: &str) -> Result<()> {
    sql::count_use(tx, portal, id)
}

fn bad(text: &'static str) -> Problem {
    Problem::text(Kind::BadArgument, text)
}

/// Members may be invited at all.
fn demand_open(conn: &mut Conn, call: &Call) -> Result<()> {
    let settings: InvitationSettings = setting::of_portal(conn, call.portal.id)?;
    if settings.allow_inviting_members { Ok(()) } else { Err(Kind::AccessDenied.into()) }
}

/// Whether the caller may make accounts of this type, and so have links to them.
fn is_for(call: &Call, kind: UserKind) -> Result<bool> {
    Ok(rules::may_make(Standing::of(call.person()?), kind))
}

/// The same as a demand, with a seat for one more.
fn demand(conn: &mut Conn, call: &Call, kind: UserKind) -> Result<()> {
    if !is_for(call, kind)? {
        return Err(Kind::AccessDenied.into());
    }
    if kind.makes_rooms() { seats::check(conn, call, kind) } else { Ok(()) }
}

/// The types there are links to.
fn linkable(kind: Option<UserKind>) -> Result<UserKind> {
    kind.filter(|kind| *kind != UserKind::Guest).ok_or_else(|| bad("EmployeeType"))
}

fn demand_future(now: Timestamp, limits: Limits) -> Result<()> {
    if limits.expires_at.is_some_and(|end| end <= now) { Err(bad("Expiration")) } else { Ok(()) }
}

fn show(tx: &mut Tx<'_>, call: &Call, invitation: Invitation) -> Result<Shown> {
    let path = confirm::common_link(tx, &call.portal, &invitation, call.person()?.id)?;
    let url = people::address_of(tx, &call.portal, &path)?;
    Ok(Shown { is_expired: invitation.is_expired(tx.now()), invitation, url })
}

/// Makes the link for a type.
///
/// Fails with `AccessDenied` while members aren't invited; `BadArgument` for a type without links or an end that is
/// past; `AccessDenied`; `SeatsTaken`; `BadArgument` when there is one.
pub fn create(tx: &mut Tx<'_>, call: &Call, kind: Option<UserKind>, limits: Limits) -> Result<Shown> {
    demand_open(tx, call)?;
    let kind = linkable(kind)?;
    demand_future(tx.now(), limits)?;
    demand(tx, call, kind)?;
    if sql::by_kind(tx, call.portal.id, kind)?.is_some() {
        return Err(bad("link with the same EmployeeType already exists"));
    }
    let invitation = Invitation {
        id: tx.guid().to_string(),
        kind,
        expires_at: limits.expires_at,
        max_uses: limits.max_uses,
        uses: 0,
        created_by: call.person()?.id,
    };
    sql::insert(tx, call.portal.id, &invitation)?;
    show(tx, call, invitation)
}

/// The link for a type; none when there is none.
///
/// Fails with `BadArgument` for a type without links, `AccessDenied`, `SeatsTaken`.
pub fn get(tx: &mut Tx<'_>, call: &Call, kind: Option<UserKind>) -> Result<Option<Shown>> {
    let kind = linkable(kind)?;
    demand_open(tx, call)?;
    demand(tx, call, kind)?;
    let found = sql::by_kind(tx, call.portal.id, kind)?;
    found.map(|invitation| show(tx, call, invitation)).transpose()
}

/// Changes how long and how often a link is good.
///
/// Fails with `AccessDenied` while members aren't invited, `NotFound`, `BadArgument` for fewer uses than there were or
/// an end that is past, `AccessDenied`.
pub fn update(tx: &mut Tx<'_>, call: &Call, id: &str, limits: Limits) -> Result<Shown> {
    demand_open(tx, call)?;
    let mut invitation = find(tx, call.portal.id, id)?.ok_or(Kind::NotFound)?;
    if limits.max_uses.is_some_and(|max| max < invitation.uses) {
        return Err(bad("MaxUseCount"));
    }
    demand_future(tx.now(), limits)?;
    if !is_for(call, invitation.kind)? {
        return Err(Kind::AccessDenied.into());
    }
    (invitation.expires_at, invitation.max_uses) = (limits.expires_at, limits.max_uses);
    sql::update(tx, call.portal.id, &invitation)?;
    show(tx, call, invitation)
}

/// Deletes a link.
///
/// Fails with `AccessDenied` while members aren't invited, `NotFound`, `AccessDenied`.
pub fn delete(tx: &mut Tx<'_>, call: &Call, id: &str) -> Result<()> {
    demand_open(tx, call)?;
    let invitation = find(tx, call.portal.id, id)?.ok_or(Kind::NotFound)?;
    if !is_for(call, invitation.kind)? {
        return Err(Kind::AccessDenied.into());
    }
    sql::delete(tx, call.portal.id, id)
}

/// A link to this type for which nothing is stored: it is good for a week and any number of uses. Empty when the type
/// isn't the caller's to make (foundation.md §4.6).
///
/// Fails with `AccessDenied` while members aren't invited.
pub fn passing_link(tx: &mut Tx<'_>, call: &Call, kind: Option<UserKind>) -> Result<String> {
    demand_open(tx, call)?;
    let caller = call.person()?;
    let settings: InvitationSettings = setting::of_portal(tx, call.portal.id)?;
    let useful = |kind: &UserKind| *kind != UserKind::Guest || settings.allow_inviting_guests;
    let kind = kind.filter(|kind| rules::may_link(Standing::of(caller), *kind)).filter(useful);
    let Some(kind) = kind else {
        return Ok(String::new());
    };
    let path = confirm::passing_link(tx, &call.portal, kind, caller.id)?;
    people::address_of(tx, &call.portal, &path)
}
