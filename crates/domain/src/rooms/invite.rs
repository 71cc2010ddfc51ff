//! Letters to members: an invitation for those who have yet to come, news of a role for the others (rooms.md §7.2).

use db::{args, sql};

use super::shelf::{self, Subject};
use super::{Remind, Room, find, say};
use crate::confirm::{self, Bound, ConfirmType};
use crate::event::RoomEvent;
use crate::ids::{EntryId, UserId};
use crate::mail::{self, Letter};
use crate::people::{self, ACTIVATION_PENDING, NewPerson, PENDING, Person, UserKind};
use crate::store::Tx;
use crate::{Call, Kind, Result};

/// Invitations sent again in one call: each is a few rows, and no unit may hold the writer for long.
const RESENT_MAX: i64 = 500;

/// What a letter is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Greeting {
    /// To one who has no password yet.
    Invitation,
    /// To one who has a role now.
    Role,
}

/// Makes the account of somebody who is known by an address alone: a guest, known to the caller, who waits for its
/// owner to come.
pub(super) fn make_guest(tx: &mut Tx<'_>, call: &Call, email: &str, culture: Option<&str>) -> Result<Person> {
    let caller = call.person()?.id;
    let new = NewPerson {
        id: None,
        kind: UserKind::Guest,
        email: email.to_owned(),
        first_name: String::new(),
        last_name: String::new(),
        password_hash: None,
        status: PENDING,
        activation_status: ACTIVATION_PENDING,
        created_by: Some(caller),
        culture: culture.filter(|culture| people::is_culture(culture)).map(str::to_owned),
    };
    people::create(tx, &call.portal, &new)
}

/// Writes to a member.
pub(super) fn write(
    tx: &mut Tx<'_>,
    call: &Call,
    room: &Room,
    person: &Person,
    greeting: Greeting,
) -> Result<()> {
    let (title, inviter, address) = (&room.title, call.person()?.display_name(), tx.address(&call.portal));
    let letter = match greeting {
        Greeting::Invitation => {
            let bound = Bound { email: Some(&person.email), invites: Some(person.kind), ..Bound::default() };
            let path = confirm::link(tx, &call.portal, ConfirmType::LinkInvite, &bound)?;
            let path = confirm::shorten(tx, &call.portal, &format!("{path}&roomId={}", room.id))?;
            let subject = format!("Invitation to the room \u{201c}{title}\u{201d}");
            let text = format!(
                "{inviter} invites you to the room \u{201c}{title}\u{201d}.\n\nChoose a name and a password to get in. \
                 The link is good for seven days."
            );
            Letter::to(person, subject, text).with_link("Accept the invitation", format!("{address}{path}"))
        }
        Greeting::Role => {
            let subject = format!("The room \u{201c}{title}\u{201d} is shared with you");
            let text = format!("{inviter} has given you a role in the room \u{201c}{title}\u{201d}.");
            let path = format!("/rooms/shared/{0}/filter?folder={0}", room.id);
            Letter::to(person, subject, text).with_link("Open the room", format!("{address}{path}"))
        }
    };
    mail::send(tx, &call.portal, &letter)
}

/// Invites members again who haven't come yet: those named, or all of them (at most 500 in one call).
///
/// Contract: rooms.md §7.2. Nobody named is nothing done. Fails with `RoomOperationDenied`, for a missing room too.
pub fn resend(tx: &mut Tx<'_>, call: &Call, id: EntryId, users: &[UserId], all: bool) -> Result<()> {
    if users.is_empty() && !all {
        return Ok(());
    }
    let seen = find(tx, call, id).map_err(missing_is_denied)?.grant::<Remind>()?;
    let users = if all { waiting(tx, call, id)? } else { users.to_vec() };
    for user in users {
        let person = people::find(tx, &call.portal, user)?.filter(|person| person.status == PENDING);
        let Some(person) = person else { continue };
        if shelf::record(tx, call.portal.id, id, Subject::Person(user))?.is_none() {
            continue;
        }
        write(tx, call, &seen.room, &person, Greeting::Invitation)?;
        say(tx, &seen.room, vec![RoomEvent::InvitationResent { user }]);
    }
    Ok(())
}

fn missing_is_denied(problem: crate::Problem) -> crate::Problem {
    match problem.kind() {
        Kind::RoomNotFound | Kind::RoomDeleted => Kind::RoomOperationDenied.into(),
        _ => problem,
    }
}

/// The members who haven't come yet.
fn waiting(tx: &mut Tx<'_>, call: &Call, room: EntryId) -> Result<Vec<UserId>> {
    Ok(tx.all(
        sql!(
            "select p.id from shelf s cross join person p where p.portal_id = $1 and p.id = s.subject_id
             and s.portal_id = $1 and s.room_id = $2 and s.subject_kind = 0 and p.status = 4 order by p.id limit $3"
        ),
        args![call.portal.id, room, RESENT_MAX],
        |row| row.get(0),
    )?)
}
