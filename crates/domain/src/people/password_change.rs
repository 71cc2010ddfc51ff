//! Setting another password, always by a link (people.md §6.3).

use db::Conn;

use super::rules::{self, Deed};
use super::{ACTIVATED, ACTIVE, PENDING, Person, TERMINATED, letters, writes};
use crate::confirm::ConfirmType;
use crate::event::{Event, UserEvent};
use crate::ids::UserId;
use crate::store::Tx;
use crate::{Call, Kind, Problem, Result, sessions};

/// Sends the link for another password. A stranger learns nothing of whether there is such an account; who is known
/// hears what is wrong.
///
/// Fails with `NotForYou`, `EmailIncorrect`, and for those who are known with `PasswordNotSent`.
pub fn ask(tx: &mut Tx<'_>, call: &Call, email: &str) -> Result<()> {
    let email = email.trim();
    let found = super::find_by_email(tx, &call.portal, email)?;
    let known = call.someone().is_some();
    if known {
        match &found {
            Some(person) if super::may(tx, call, Deed::Edit, person)? => {}
            None if call.person()?.is_admin() => {}
            // Who may not ask about others doesn't learn whether there are any.
            _ => return Err(Kind::NotForYou.into()),
        }
    }
    if !rules::is_strict_email(email) {
        return Err(Kind::EmailIncorrect.into());
    }
    let refused = match found {
        None => format!("The user with \"{email}\" email could not be found"),
        Some(person) if person.status == TERMINATED => "Your profile is suspended".to_owned(),
        Some(person) if person.status == PENDING => return letters::invitation(tx, call, &person),
        Some(mut person) => {
            person.password_asked_at = super::stamp(tx, super::newest(&person));
            writes::save(tx, call.portal.id, &person)?;
            return letters::new_password(tx, call, &person);
        }
    };
    if known { Err(Problem::text(Kind::PasswordNotSent, refused)) } else { Ok(()) }
}

/// Whether the holder of the link may set this account's password; and what is stored of the old one, which the new
/// one must differ from. Writes nothing: the hashes are compared outside of units.
///
/// Fails with `UserNotFound`, `AccessDenied`.
pub fn check(conn: &mut Conn, call: &Call, user: UserId) -> Result<(Person, Option<String>)> {
    let link = call.confirmed.clone().ok_or(Kind::LinkInvalid)?;
    let person = super::find(conn, &call.portal, user)?.ok_or(Kind::UserNotFound)?;
    let own = link.user.map_or_else(
        || link.email.as_deref().is_some_and(|email| email.trim().eq_ignore_ascii_case(&person.email)),
        |named| named == user,
    );
    if !own || person.status != ACTIVE || call.person()?.id != user {
        return Err(Kind::AccessDenied.into());
    }
    let stored = writes::password(conn, call.portal.id, user)?;
    Ok((person, stored))
}

/// Sets another password: argon2id over the client's hash. All sessions end.
///
/// Fails as [`check`] does, and with `LinkInvalid` when the link served meanwhile.
pub fn change(tx: &mut Tx<'_>, call: &Call, user: UserId, hash: &str) -> Result<Person> {
    let (mut person, _) = check(tx, call, user)?;
    let link = call.confirmed.clone().ok_or(Kind::LinkInvalid)?;
    if link.kind == ConfirmType::PasswordChange {
        // The gate read before this unit: of two that come at once, one is late.
        if !crate::confirm::note_use(tx, &call.portal, &link.key)? {
            return Err(Kind::LinkInvalid.into());
        }
        if person.activation_status != ACTIVATED {
            person.activation_status = ACTIVATED;
            tx.say(Event::User { user, kind: person.kind, what: UserEvent::Activated });
        }
        person.password_asked_at = super::stamp(tx, super::newest(&person));
        writes::save(tx, call.portal.id, &person)?;
    }
    replace(tx, call, &person, hash)
}

/// Sets another password without a link: for the command line, whose user has the database anyway. All sessions end.
///
/// Fails with `UserNotFound`, and with `AccessDenied` unless the account is active.
pub fn reset(tx: &mut Tx<'_>, call: &Call, user: UserId, hash: &str) -> Result<Person> {
    let person = super::find(tx, &call.portal, user)?.ok_or(Kind::UserNotFound)?;
    if person.status != ACTIVE {
        return Err(Kind::AccessDenied.into());
    }
    replace(tx, call, &person, hash)
}

fn replace(tx: &mut Tx<'_>, call: &Call, person: &Person, hash: &str) -> Result<Person> {
    let user = person.id;
    writes::set_password(tx, call.portal.id, user, hash)?;
    sessions::end_all_of(tx, call, user, None)?;
    tx.say(Event::User { user, kind: person.kind, what: UserEvent::Password });
    letters::password_changed(tx, call, person)?;
    super::again(tx, call, user)
}
