//! Changing an account's e-mail address (people.md §5.7).

use super::rules::{self, Deed};
use super::{ACTIVATED, ACTIVE, NOT_ACTIVATED, Person, letters, writes};
use crate::confirm;
use crate::event::{Event, UserEvent};
use crate::ids::UserId;
use crate::store::Tx;
use crate::{Call, Kind, Problem, Result, sessions};

/// Changes an address at once, for administrators, or sends a letter to the new one that asks whether it is to change.
///
/// Fails with `BadArgument` without an address, `EmailIncorrect`, `UserNotFound`, `AccessDenied`, `EmailRegistered`, in
/// this order.
pub fn ask(tx: &mut Tx<'_>, call: &Call, user: UserId, email: &str) -> Result<()> {
    let email = email.trim();
    if email.is_empty() {
        return Err(Problem::text(Kind::BadArgument, "Email field is empty"));
    }
    if !rules::is_strict_email(email) {
        return Err(Kind::EmailIncorrect.into());
    }
    let found = super::find(tx, &call.portal, user)?;
    let mut person = found.filter(|person| person.status == ACTIVE).ok_or(Kind::UserNotFound)?;
    super::require(tx, call, Deed::Edit, &person)?;
    if super::find_by_email(tx, &call.portal, email)?.is_some() {
        return Err(Kind::EmailRegistered.into());
    }
    if call.person()?.is_admin() {
        email.clone_into(&mut person.email);
        person.activation_status = NOT_ACTIVATED;
        replace(tx, call, &mut person)?;
        return letters::activation(tx, call, &person);
    }
    person.email_asked_at = super::stamp(tx, person.email_asked_at);
    writes::save(tx, call.portal.id, &person)?;
    letters::new_address(tx, call, &person, email)
}

/// Changes an account's address by the link that was sent to it. `email` is what the request says beside the link; it
/// can't say anything else than the link. The address is confirmed by that, and stored in lower case.
///
/// Fails with `UserNotFound`, `EmailIncorrect`, `AccessDenied`, `EmailRegistered`.
pub fn change(tx: &mut Tx<'_>, call: &Call, user: UserId, email: Option<&str>) -> Result<Person> {
    let link = call.confirmed.clone().ok_or(Kind::LinkInvalid)?;
    let mut person = super::find(tx, &call.portal, user)?.ok_or(Kind::UserNotFound)?;
    let meant = link.email.as_deref().map(|email| email.trim().to_lowercase()).unwrap_or_default();
    let said = email.map_or_else(|| meant.clone(), |email| email.trim().to_lowercase());
    if !rules::is_strict_email(&said) {
        return Err(Kind::EmailIncorrect.into());
    }
    if link.user != Some(user) || said != meant {
        return Err(Kind::AccessDenied.into());
    }
    if super::find_by_email(tx, &call.portal, &said)?.is_some_and(|other| other.id != user) {
        return Err(Kind::EmailRegistered.into());
    }
    (person.email, person.activation_status) = (said, ACTIVATED);
    // The link and those before it have served.
    person.email_asked_at = super::stamp(tx, person.email_asked_at);
    writes::save(tx, call.portal.id, &person)?;
    tx.say(Event::User { user, kind: person.kind, what: UserEvent::Email });
    super::again(tx, call, user)
}

/// Whether a link to change the address is good for the address sealed in the request.
pub fn opened(tx: &mut Tx<'_>, sealed: &str) -> Result<Option<String>> {
    confirm::open_email(tx, sealed)
}

fn replace(tx: &mut Tx<'_>, call: &Call, person: &mut Person) -> Result<()> {
    person.email_asked_at = super::stamp(tx, person.email_asked_at);
    writes::save(tx, call.portal.id, person)?;
    sessions::end_all_of(tx, call, person.id, None)?;
    tx.say(Event::User { user: person.id, kind: person.kind, what: UserEvent::Email });
    Ok(())
}
