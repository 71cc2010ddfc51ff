//! The letters about accounts, and the links in them (people.md §5–7).

use super::{Person, UserKind};
use crate::confirm::{self, Bound, ConfirmType};
use crate::event::{Event, SentLetter, UserEvent};
use crate::mail::{self, Letter};
use crate::portals::Portal;
use crate::store::Tx;
use crate::{Call, Result};

/// The full address behind a short one for this path of the portal.
pub(crate) fn address_of(tx: &mut Tx<'_>, portal: &Portal, path: &str) -> Result<String> {
    let short = confirm::shorten(tx, portal, path)?;
    Ok(format!("{}{short}", tx.address(portal)))
}

fn linked(tx: &mut Tx<'_>, portal: &Portal, kind: ConfirmType, bound: &Bound<'_>) -> Result<String> {
    let path = confirm::link(tx, portal, kind, bound)?;
    address_of(tx, portal, &path)
}

fn sent(tx: &mut Tx<'_>, person: &Person, letter: SentLetter) {
    tx.say(Event::User { user: person.id, kind: person.kind, what: UserEvent::Sent(letter) });
}

/// The portal's name as a letter has it.
fn name(portal: &Portal) -> &str {
    if portal.name.is_empty() { "the portal" } else { &portal.name }
}

/// Invites somebody whose account waits for them.
pub(super) fn invitation(tx: &mut Tx<'_>, call: &Call, person: &Person) -> Result<()> {
    let portal = &call.portal;
    let bound = Bound { email: Some(&person.email), invites: Some(person.kind), ..Bound::default() };
    let link = linked(tx, portal, ConfirmType::LinkInvite, &bound)?;
    let by = call.someone().map(|by| format!("{} has invited you", by.display_name()));
    let by = by.unwrap_or_else(|| "You are invited".to_owned());
    let text = format!("{by} to join {}.\n\nThe invitation is good for seven days.", name(portal));
    let letter =
        Letter::to(person, format!("Join {}", name(portal)), text).with_link("Accept the invitation", link);
    mail::send(tx, portal, &letter)
}

/// Lets the holder of an account somebody else made confirm the address and set a password of their own.
pub(super) fn welcome(tx: &mut Tx<'_>, call: &Call, person: &Person) -> Result<()> {
    let (portal, bound) = (&call.portal, of_account(person));
    let link = linked(tx, portal, ConfirmType::Activation, &bound)?;
    let text = format!(
        "An account was made for you in {}. Confirm your address and choose a password of your own.",
        name(portal)
    );
    let letter = Letter::to(person, format!("Activate your account in {}", name(portal)), text)
        .with_link("Activate the account", link);
    mail::send(tx, portal, &letter)
}

/// Asks for the confirmation of an address.
pub(super) fn activation(tx: &mut Tx<'_>, call: &Call, person: &Person) -> Result<()> {
    let (portal, bound) = (&call.portal, of_account(person));
    let link = linked(tx, portal, ConfirmType::EmailActivation, &bound)?;
    let text = format!("Please confirm that this is your address in {}.", name(portal));
    let letter = Letter::to(person, "Confirm your address", text).with_link("Confirm the address", link);
    mail::send(tx, portal, &letter)?;
    sent(tx, person, SentLetter::Activation);
    Ok(())
}

/// Asks, at the new address, whether an account's address is to change.
pub(super) fn new_address(tx: &mut Tx<'_>, call: &Call, person: &Person, email: &str) -> Result<()> {
    let portal = &call.portal;
    let bound = Bound {
        email: Some(email),
        user: Some(person.id),
        stamp: person.email_asked_at.0,
        ..Bound::default()
    };
    let link = linked(tx, portal, ConfirmType::EmailChange, &bound)?;
    let text = format!("Open the link to make this the address of your account in {}.", name(portal));
    let mut letter = Letter::to(person, "Change of your address", text).with_link("Change the address", link);
    email.clone_into(&mut letter.to);
    mail::send(tx, portal, &letter)?;
    sent(tx, person, SentLetter::EmailChange);
    Ok(())
}

/// Lets the holder of an account set another password.
pub(super) fn new_password(tx: &mut Tx<'_>, call: &Call, person: &Person) -> Result<()> {
    let (portal, link) = (&call.portal, password_link(tx, &call.portal, person)?);
    let text = format!(
        "Somebody asked for a new password for your account in {}. If it wasn't you, do nothing.",
        name(portal)
    );
    let letter = Letter::to(person, "New password", text).with_link("Set a new password", link);
    mail::send(tx, portal, &letter)?;
    sent(tx, person, SentLetter::PasswordChange);
    Ok(())
}

/// The address at which an account's holder sets another password; good until the next request or the change itself.
pub fn password_link(tx: &mut Tx<'_>, portal: &Portal, person: &Person) -> Result<String> {
    let bound = Bound { stamp: confirm::password_stamp(person), ..of_account(person) };
    linked(tx, portal, ConfirmType::PasswordChange, &bound)
}

/// Says that a password was changed.
pub(super) fn password_changed(tx: &mut Tx<'_>, call: &Call, person: &Person) -> Result<()> {
    let text = format!("The password of your account in {} was changed.", name(&call.portal));
    mail::send(tx, &call.portal, &Letter::to(person, "Your password was changed", text))
}

/// Asks whether somebody wants their own account switched off.
pub(super) fn farewell(tx: &mut Tx<'_>, call: &Call, person: &Person) -> Result<()> {
    let (portal, bound) = (&call.portal, of_account(person));
    let link = linked(tx, portal, ConfirmType::ProfileRemove, &bound)?;
    let text = format!("Open the link to switch your account in {} off.", name(portal));
    let letter =
        Letter::to(person, "Removal of your account", text).with_link("Switch the account off", link);
    mail::send(tx, portal, &letter)?;
    sent(tx, person, SentLetter::Removal);
    Ok(())
}

/// Tells an administrator that somebody switched their own account off.
pub(super) fn left(tx: &mut Tx<'_>, call: &Call, admin: &Person, person: &Person) -> Result<()> {
    let text = format!("{} ({}) switched their own account off.", person.display_name(), person.email);
    mail::send(tx, &call.portal, &Letter::to(admin, "An account was switched off", text))
}

/// Tells somebody what they are from now on.
pub(super) fn new_type(tx: &mut Tx<'_>, call: &Call, person: &Person) -> Result<()> {
    let what = match person.kind {
        UserKind::DocSpaceAdmin => "an administrator",
        UserKind::RoomAdmin => "a room administrator",
        UserKind::User => "a user",
        UserKind::Guest => "a guest",
    };
    let text = format!("You are {what} in {} from now on.", name(&call.portal));
    mail::send(tx, &call.portal, &Letter::to(person, "Your account has another type", text))
}

/// Tells whoever started long work that it is done.
pub(super) fn task_done(tx: &mut Tx<'_>, call: &Call, starter: &Person, what: String) -> Result<()> {
    mail::send(tx, &call.portal, &Letter::to(starter, "What you started is done", what))
}

/// A link about an account, as it is now.
fn of_account(person: &Person) -> Bound<'_> {
    Bound { email: Some(&person.email), user: Some(person.id), ..Bound::default() }
}

/// Notes that an invitation was sent again.
pub(super) fn note_invitation(tx: &mut Tx<'_>, person: &Person) {
    sent(tx, person, SentLetter::Invitation);
}
