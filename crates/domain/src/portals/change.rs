//! What an administrator changes about a portal, and who owns it (foundation.md §4.4).

use std::sync::Arc;

use db::{args, sql};

use super::register::{check_free, parse_alias};
use super::{FIRST_ALIAS, Portal, sql, welcome};
use crate::confirm::{self, Bound, ConfirmType, Confirmed};
use crate::event::{Event, SettingsEvent};
use crate::ids::UserId;
use crate::mail::{self, Letter};
use crate::people::{self, Person, UserKind};
use crate::store::Tx;
use crate::{Call, Kind, Problem, Result, sessions, time};

/// Changes a portal's title; the empty one is the product's own.
pub fn set_name(tx: &mut Tx<'_>, call: &Call, name: &str) -> Result<()> {
    let now = tx.now();
    tx.exec(
        sql!("update portal set name = $2, modified_at = $3 where portal_id = $1"),
        args![call.portal.id, name, now],
    )?;
    tx.say(Event::PortalUpdated { what: SettingsEvent::Greeting });
    Ok(())
}

/// Changes a portal's language and, when one is given, its time zone.
///
/// Fails with `BadArgument` for a language or a zone that is none.
pub fn set_place(tx: &mut Tx<'_>, call: &Call, culture: &str, time_zone: Option<&str>) -> Result<()> {
    let culture = people::known_culture(culture);
    let culture = culture.ok_or_else(|| Problem::text(Kind::BadArgument, "Unknown language"))?;
    if time_zone.is_some_and(|name| time::zone(name).is_none()) {
        return Err(Problem::text(Kind::BadArgument, "Unknown time zone"));
    }
    let zone = time_zone.unwrap_or(&call.portal.time_zone);
    let now = tx.now();
    tx.exec(
        sql!("update portal set culture = $2, time_zone = $3, modified_at = $4 where portal_id = $1"),
        args![call.portal.id, culture, zone, now],
    )?;
    if culture != call.portal.culture {
        tx.say(Event::PortalUpdated { what: SettingsEvent::Language });
    }
    if zone != call.portal.time_zone {
        tx.say(Event::PortalUpdated { what: SettingsEvent::TimeZone });
    }
    Ok(())
}

/// Gives a portal another name in addresses. Nobody stays signed in: sessions belong to an address. Answers with the
/// caller's way in under the new one; none when it is the name the portal has.
///
/// Fails as [`parse_alias`] and [`check_free`] do, and with `FirstPortalName`.
pub fn rename(tx: &mut Tx<'_>, call: &Call, alias: &str) -> Result<Option<String>> {
    let alias = parse_alias(alias)?;
    if alias == call.portal.alias {
        return Ok(None);
    }
    if call.portal.alias == FIRST_ALIAS {
        return Err(Kind::FirstPortalName.into());
    }
    check_free(tx, &alias)?;
    sql::set_alias(tx, call.portal.id, &alias)?;
    sessions::end_all(tx, call)?;
    tx.say(Event::PortalUpdated { what: SettingsEvent::Alias });
    let portal = Arc::new(Portal { alias, ..Portal::clone(&call.portal) });
    for person in people::administrators(tx, &portal)? {
        moved(tx, &portal, &person)?;
    }
    welcome::sign_in_link(tx, &portal, call.person()?).map(Some)
}

fn moved(tx: &mut Tx<'_>, portal: &Arc<Portal>, person: &Person) -> Result<()> {
    let address = tx.address(portal);
    let text = format!("Your portal has another address now: {address}\n\nSign in there as before.");
    let letter =
        Letter::to(person, "Your portal has another address", text).with_link("Open the portal", address);
    mail::send(tx, portal, &letter)
}

/// Mails the owner a link that gives the portal to somebody else. None when the caller isn't the owner, or the other
/// account can't take it.
///
/// Fails with `AccessDenied` for a guest, with `BadArgument` while the owner's address isn't confirmed, and with
/// `UserNotFound`.
pub fn ask_for_new_owner(tx: &mut Tx<'_>, call: &Call, user: UserId) -> Result<Option<Person>> {
    let target = people::find(tx, &call.portal, user)?.ok_or(Kind::UserNotFound)?;
    if target.kind == UserKind::Guest {
        return Err(Kind::AccessDenied.into());
    }
    let owner = people::find(tx, &call.portal, call.portal.owner)?.ok_or(Kind::UserNotFound)?;
    if owner.activation_status != people::ACTIVATED {
        return Err(Problem::text(Kind::BadArgument, "Owner's email is not activated"));
    }
    let person = call.person()?;
    if !person.is_owner || !target.is_active() || target.id == owner.id {
        return Ok(None);
    }
    let bound = Bound { email: Some(&owner.email), user: Some(target.id), ..Bound::default() };
    let path = confirm::link(tx, &call.portal, ConfirmType::PortalOwnerChange, &bound)?;
    let address = tx.address(&call.portal);
    let text = format!(
        "You asked to make {} the owner of {address}. Open the link to do so; it is good for seven days.",
        target.display_name()
    );
    let letter = Letter::to(&owner, "Confirm the new owner of your portal", text)
        .with_link("Change the owner", format!("{address}{path}"));
    mail::send(tx, &call.portal, &letter)?;
    tx.say(Event::OwnerChangeAsked { user: target.id });
    Ok(Some(owner))
}

/// Gives the portal to the account the owner's link names, which becomes an administrator with it.
///
/// Fails with `AccessDenied` when the link is for another account, or that account can't take it.
pub fn change_owner(tx: &mut Tx<'_>, call: &Call, link: &Confirmed, user: UserId) -> Result<()> {
    let target = people::find(tx, &call.portal, user)?;
    let target = target.filter(|target| target.is_active() && target.kind != UserKind::Guest);
    let Some(target) = target.filter(|_| link.user == Some(user)) else {
        return Err(Kind::AccessDenied.into());
    };
    let now = tx.now();
    tx.exec(
        sql!("update portal set owner_id = $2, modified_at = $3 where portal_id = $1"),
        args![call.portal.id, target.id, now],
    )?;
    tx.exec(
        sql!("update person set kind = $3, modified_at = $4 where portal_id = $1 and id = $2"),
        args![call.portal.id, target.id, UserKind::DocSpaceAdmin as i64, now],
    )?;
    tx.say(Event::OwnerChanged { user: target.id });
    Ok(())
}

/// The portal's title as people see it.
pub fn greeting(portal: &Portal) -> &str {
    if portal.name.is_empty() { GREETING } else { &portal.name }
}

/// The welcome title of a portal without a name of its own.
const GREETING: &str = "Cloud space for your office docs";
