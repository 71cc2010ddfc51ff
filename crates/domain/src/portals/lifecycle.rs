//! Suspending, continuing and deleting portals (foundation.md §4.2, §4.6; deviations.md 12, 27).

use std::sync::Arc;

use db::Conn;

use super::{Portal, by_alias, sql};
use crate::confirm::{self, Bound, ConfirmType};
use crate::event::Event;
use crate::ids::PortalId;
use crate::mail::{self, Letter};
use crate::people::{self, Person};
use crate::store::Tx;
use crate::{Call, Kind, Result, Via};

/// [`Portal::status`] of a portal that works.
pub const ACTIVE: i64 = 0;
/// [`Portal::status`] of a suspended portal.
pub const SUSPENDED: i64 = 1;
/// [`Portal::status`] of a deleted portal.
pub const REMOVE_PENDING: i64 = 2;

/// How a portal is named from outside it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Named {
    /// By its alias, in any case.
    Alias(String),
    /// By its number.
    Id(PortalId),
}

/// Every portal, by number.
pub fn list(conn: &mut Conn) -> Result<Vec<Portal>> {
    let mut portals: Vec<Portal> = Vec::new();
    loop {
        let after = portals.last().map_or(0, |portal| portal.id.0);
        let page = sql::all(conn, after, 500)?;
        if page.is_empty() {
            return Ok(portals);
        }
        portals.extend(page);
    }
}

/// A portal by its number.
pub fn by_id(conn: &mut Conn, id: PortalId) -> Result<Option<Arc<Portal>>> {
    Ok(sql::by_id(conn, id)?.map(Arc::new))
}

/// Whether a caller may manage this portal from outside: the command line and the machine key any, an administrator
/// his own (deviations.md 27).
pub fn may_manage(call: &Call, portal: PortalId) -> bool {
    matches!(call.via, Via::System)
        || (call.portal.id == portal && call.someone().is_some_and(Person::is_admin))
}

/// The portal a caller names and may manage. Others' are told neither to be there nor not to be.
///
/// Fails with `PortalNameMissing` ("Portal not found"), and with `AccessDenied`.
pub fn managed(conn: &mut Conn, call: &Call, named: &Named) -> Result<Arc<Portal>> {
    let found = match named {
        Named::Alias(alias) => by_alias(conn, alias)?,
        Named::Id(id) => by_id(conn, *id)?,
    };
    match found {
        Some(portal) if may_manage(call, portal.id) => Ok(portal),
        None if matches!(call.via, Via::System) => Err(Kind::PortalNameMissing.into()),
        _ => Err(Kind::AccessDenied.into()),
    }
}

/// Suspends a portal or lets it go on: while it is suspended its requests find no portal.
pub fn set_status(tx: &mut Tx<'_>, portal: &Portal, active: bool) -> Result<()> {
    let status = if active { ACTIVE } else { SUSPENDED };
    if sql::set_status(tx, portal.id, status)? {
        tx.say(Event::PortalStatus { active });
    }
    Ok(())
}

/// Deletes a portal: from this commit on nothing finds it, its alias is free, and a job removes what it held.
///
/// Fails with `LastPortal`: an installation keeps one. Who may do it is decided by the verb or command that calls this.
pub fn delete(tx: &mut Tx<'_>, portal: &Portal) -> Result<()> {
    check_not_last(tx)?;
    if !sql::mark_deleted(tx, portal.id, REMOVE_PENDING)? {
        return Err(Kind::PortalNotFound.into());
    }
    tx.say(Event::PortalDeleted { portal: portal.id, alias: portal.alias.clone() });
    Ok(())
}

/// An installation keeps one portal that works. Fails with `LastPortal`.
fn check_not_last(conn: &mut Conn) -> Result<()> {
    if sql::all(conn, 0, 2)?.len() < 2 { Err(Kind::LastPortal.into()) } else { Ok(()) }
}

/// Suspends a portal for its owner. Fails with `LastPortal`.
pub fn suspend(tx: &mut Tx<'_>, portal: &Portal) -> Result<()> {
    check_not_last(tx)?;
    set_status(tx, portal, false)
}

/// What an owner is asked to confirm by mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Farewell {
    /// That the portal is suspended.
    Suspend,
    /// That it is deleted.
    Delete,
}

/// Mails a portal's owner a link that suspends or deletes it. With the one that suspends goes another, good for as long as
/// it takes, that lets it go on.
///
/// Fails with `LastPortal`. That the caller may ask is the caller's to check.
pub fn ask_owner(tx: &mut Tx<'_>, portal: &Portal, farewell: Farewell) -> Result<()> {
    check_not_last(tx)?;
    let owner = people::find(tx, portal, portal.owner)?.ok_or(Kind::UserNotFound)?;
    let address = tx.address(portal);
    let link = |tx: &mut Tx<'_>, kind| {
        let bound = Bound { email: Some(&owner.email), ..Bound::default() };
        confirm::link(tx, portal, kind, &bound).map(|path| format!("{address}{path}"))
    };
    let letter = match farewell {
        Farewell::Suspend => {
            let back = link(tx, ConfirmType::PortalContinue)?;
            let text = format!(
                "You asked to suspend the portal {address}. While it is suspended nobody can use it, you neither.\n\n\
                 Keep this letter. To let the portal go on, open {back}"
            );
            let there = link(tx, ConfirmType::PortalSuspend)?;
            Letter::to(&owner, "Suspend the portal", text).with_link("Suspend the portal", there)
        }
        Farewell::Delete => {
            let text = format!(
                "You asked to delete the portal {address} with everything in it. It can't be had back.\n\n\
                 If you didn't ask, do nothing."
            );
            let there = link(tx, ConfirmType::PortalRemove)?;
            Letter::to(&owner, "Delete the portal", text).with_link("Delete the portal", there)
        }
    };
    mail::send(tx, portal, &letter)
}
