//! How the owner of a new portal gets into it: the link that signs in, and the letter (foundation.md §4.2, §4.6).

use std::sync::Arc;

use super::Portal;
use crate::confirm::{self, Bound, ConfirmType};
use crate::ids::UserId;
use crate::mail::{self, Letter};
use crate::people::{self, Person};
use crate::store::Tx;
use crate::time::DAY;
use crate::{Call, Kind, Result};

/// How long a key for the letter is good, in microseconds.
const KEY_LIFETIME: i64 = 7 * DAY;

/// The address that signs a person in, once.
pub fn sign_in_link(tx: &mut Tx<'_>, portal: &Portal, person: &Person) -> Result<String> {
    let bound = Bound { email: Some(&person.email), first: !portal.owned, ..Bound::default() };
    let path = confirm::link(tx, portal, ConfirmType::Auth, &bound)?;
    Ok(format!("{}{path}", tx.address(portal)))
}

/// Tells a person that the portal is ready.
pub fn welcome(tx: &mut Tx<'_>, portal: &Arc<Portal>, person: &Person) -> Result<()> {
    let address = tx.address(portal);
    let text = format!(
        "Your portal is ready: {address}\n\nSign in there with this e-mail address and the password you chose."
    );
    let letter = Letter::to(person, "Your portal is ready", text).with_link("Open the portal", address);
    mail::send(tx, portal, &letter)
}

/// What lets somebody have that letter sent, once, without being signed in.
pub fn welcome_key(tx: &mut Tx<'_>, portal: &Portal, user: UserId) -> Result<String> {
    confirm::ticket(tx, portal, &purpose(user))
}

/// Sends the letter for a key of [`welcome_key`].
///
/// Fails with `WelcomeKeyInvalid` when the key isn't good for this account, or not any more.
pub fn welcome_by_key(tx: &mut Tx<'_>, call: &Call, user: UserId, key: &str) -> Result<()> {
    let portal = &call.portal;
    let made_at = confirm::ticket_made_at(tx, portal, &purpose(user), key)?;
    let good = made_at.is_some_and(|at| tx.now() < at.plus(KEY_LIFETIME));
    let person = people::find(tx, portal, user)?.filter(Person::is_active);
    match person {
        Some(person) if good && confirm::note_use(tx, portal, key)? => welcome(tx, portal, &person),
        _ => Err(Kind::WelcomeKeyInvalid.into()),
    }
}

fn purpose(user: UserId) -> String {
    format!("welcome|{user}")
}
