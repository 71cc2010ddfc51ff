//! What strangers may ask for, where administrators let them: to write to them, and to join (foundation.md §4.4
//! `sendadmmail`, `sendjoininvite`).

use crate::confirm::{self, Bound, ConfirmType};
use crate::event::Event;
use crate::mail::{self, Letter};
use crate::people::{self, looks_like_email};
use crate::portal_settings::{AdminMessages, MailDomains};
use crate::store::Tx;
use crate::{Call, Kind, Problem, Result, setting};

/// Sends a stranger's words to the portal's administrators.
///
/// Fails with `SwitchedOff`, then with `BadArgument` for an address or a text that is none.
pub fn write_to_admins(tx: &mut Tx<'_>, call: &Call, email: &str, message: &str) -> Result<()> {
    let settings: AdminMessages = setting::of_portal(tx, call.portal.id)?;
    if !settings.enabled {
        return Err(Kind::SwitchedOff.into());
    }
    let (email, message) = (email.trim(), message.trim());
    if !looks_like_email(email) {
        return Err(Problem::text(Kind::BadArgument, "Incorrect email"));
    }
    if message.is_empty() {
        return Err(Problem::text(Kind::BadArgument, "Message text is empty"));
    }
    let address = tx.address(&call.portal);
    let text = format!("{email} wrote to the administrators of {address}:\n\n{message}");
    for admin in people::administrators(tx, &call.portal)? {
        let letter = Letter::to(&admin, "A message to the portal's administrators", text.as_str());
        mail::send(tx, &call.portal, &letter)?;
    }
    tx.say(Event::AdminsWrittenTo { email: email.to_owned() });
    Ok(())
}

/// Sends somebody who wants to join the link to do so.
///
/// Fails with `SwitchedOff` where nobody may, and with `BadArgument` for an address that is none, is somebody's
/// already, or isn't in a trusted domain.
pub fn invite_to_join(tx: &mut Tx<'_>, call: &Call, email: &str) -> Result<()> {
    let domains: MailDomains = setting::of_portal(tx, call.portal.id)?;
    if !domains.is_open() {
        return Err(Kind::SwitchedOff.into());
    }
    let email = email.trim();
    let refused = |text: &'static str| Err(Problem::text(Kind::BadArgument, text));
    if !looks_like_email(email) {
        return refused("Incorrect email");
    }
    if people::find_by_email(tx, &call.portal, email)?.is_some() {
        return refused("User with this email is already registered");
    }
    if !domains.admit(email) {
        return refused("Emails from this domain are not allowed for registration");
    }
    let bound = Bound { email: Some(email), invites: Some(domains.invites()), ..Bound::default() };
    let path = confirm::link(tx, &call.portal, ConfirmType::EmpInvite, &bound)?;
    let address = tx.address(&call.portal);
    let letter = Letter {
        to: email.to_owned(),
        to_name: String::new(),
        subject: "Your invitation".to_owned(),
        text: format!("You asked to join {address}. Open the link to make your account."),
        link: Some(("Join".to_owned(), format!("{address}{path}"))),
    };
    mail::send(tx, &call.portal, &letter)?;
    tx.say(Event::JoinInvited { email: email.to_owned() });
    Ok(())
}
