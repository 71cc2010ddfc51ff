//! Inviting people by mail, and sending the letters again (people.md §5.2).

use db::Conn;

use super::rules::{self, Deed, Standing};
use super::{
    ACTIVATED, ACTIVATION_PENDING, NewPerson, PENDING, Person, TERMINATED, UserKind, letters, seats, types,
    writes,
};
use crate::event::{Event, UserEvent};
use crate::ids::UserId;
use crate::portal_settings::InvitationSettings;
use crate::store::Tx;
use crate::{Call, Kind, Problem, Result, setting};

/// Somebody to be invited.
#[derive(Debug, Clone)]
pub struct Invitee {
    /// The address, as typed.
    pub email: String,
    /// The type; none: whatever an administrator would make without saying.
    pub kind: Option<UserKind>,
}

/// The outcome of a call on several that goes on until one is refused: what was done before stays done.
pub type Partly<T> = std::result::Result<T, Problem>;

/// Invites people, one after the other; who was invited before a refusal stays invited. Answers with everybody who was
/// invited or made and hasn't confirmed the address, as far as the caller may see them.
///
/// Fails with `AccessDenied` and `SeatsTaken`; refused with `EmailIncorrect`, `AccessDenied` or `BadArgument`.
pub fn invite(
    tx: &mut Tx<'_>,
    call: &Call,
    invitees: &[Invitee],
    culture: Option<&str>,
) -> Result<Partly<Vec<Person>>> {
    if !is_open(tx, call)? {
        return Err(Kind::AccessDenied.into());
    }
    let paid = invitees.iter().filter(|one| one.kind.is_none_or(UserKind::makes_rooms)).count();
    seats::check_batch(tx, call, i64::try_from(paid).unwrap_or(i64::MAX))?;
    for invitee in invitees {
        if let Err(problem) = invite_one(tx, call, invitee, culture) {
            return super::refused(problem);
        }
    }
    let mut shown = Vec::new();
    for person in writes::unconfirmed(tx, &call.portal)? {
        if super::may_view(tx, call, &person)? {
            shown.push(person);
        }
    }
    Ok(Ok(shown))
}

/// Whether the caller may invite anybody at all.
pub fn is_open(conn: &mut Conn, call: &Call) -> Result<bool> {
    let settings: InvitationSettings = setting::of_portal(conn, call.portal.id)?;
    Ok(settings.allow_inviting_members && call.person()?.kind.makes_rooms())
}

fn invite_one(tx: &mut Tx<'_>, call: &Call, invitee: &Invitee, culture: Option<&str>) -> Result<()> {
    let (email, caller) = (invitee.email.trim(), call.person()?);
    if !rules::is_strict_email(email) {
        return Err(Kind::EmailIncorrect.into());
    }
    let kind = invitee.kind.unwrap_or(UserKind::RoomAdmin);
    if !rules::may_make(Standing::of(caller), kind) {
        return Err(Kind::AccessDenied.into());
    }
    match super::find_by_email(tx, &call.portal, email)? {
        Some(known) if known.status == TERMINATED => {
            Err(Problem::text(Kind::BadArgument, format!("User disabled: {email}")))
        }
        Some(known) => raise(tx, call, known, kind),
        None => add(tx, call, email, kind, culture),
    }
}

/// Gives somebody who is there already a mightier type, if that is the caller's to do; else leaves them alone.
fn raise(tx: &mut Tx<'_>, call: &Call, known: Person, kind: UserKind) -> Result<()> {
    if known.kind.rank() >= kind.rank() || !super::may(tx, call, Deed::Promote(kind), &known)? {
        return Ok(());
    }
    super::relate(tx, call.portal.id, call.person()?.id, known.id)?;
    types::set_type(tx, call, known, kind)?;
    Ok(())
}

fn add(tx: &mut Tx<'_>, call: &Call, email: &str, kind: UserKind, culture: Option<&str>) -> Result<()> {
    seats::check(tx, call, kind)?;
    let (portal, by) = (&call.portal, call.person()?.id);
    let person = super::insert(
        tx,
        portal,
        &NewPerson {
            id: None,
            kind,
            email: email.to_owned(),
            first_name: String::new(),
            last_name: String::new(),
            password_hash: None,
            status: PENDING,
            activation_status: ACTIVATION_PENDING,
            created_by: Some(by),
            culture: culture.filter(|name| super::is_culture(name)).map(str::to_owned),
        },
    )?;
    super::relate(tx, portal.id, by, person.id)?;
    tx.say(Event::User { user: person.id, kind, what: UserEvent::Invited });
    letters::invitation(tx, call, &person)
}

/// Sends the letters again: to all who haven't confirmed their address, or to those named. Whoever is activated or
/// switched off gets none, nor who isn't the caller's to write to. Answers with those whom the caller may see.
///
/// Fails with `AccessDenied`.
pub fn resend(tx: &mut Tx<'_>, call: &Call, ids: &[UserId], all: bool) -> Result<Vec<Person>> {
    let caller = call.person()?;
    let own = ids.iter().all(|id| *id == caller.id);
    if !caller.kind.makes_rooms() && (all || !own) {
        return Err(Kind::AccessDenied.into());
    }
    let people = if all { writes::unconfirmed(tx, &call.portal)? } else { super::listed(tx, call, ids)? };
    let mut shown = Vec::new();
    for person in people {
        let done = person.activation_status == ACTIVATED || person.status == TERMINATED;
        if !done && super::may(tx, call, Deed::Resend, &person)? {
            match person.status {
                PENDING => {
                    letters::invitation(tx, call, &person)?;
                    letters::note_invitation(tx, &person);
                }
                _ => letters::activation(tx, call, &person)?,
            }
        }
        if super::may_view(tx, call, &person)? {
            shown.push(person);
        }
    }
    Ok(shown)
}
