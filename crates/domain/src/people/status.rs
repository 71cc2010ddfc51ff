//! Switching accounts off and on (people.md §5.4), and confirming one's own address.

use super::rules::Deed;
use super::{ACTIVE, PENDING, Person, TERMINATED, letters, seats, writes};
use crate::confirm;
use crate::event::{Event, UserEvent};
use crate::ids::UserId;
use crate::store::Tx;
use crate::{Call, Kind, Problem, Result, sessions};

/// Switches accounts off ([`TERMINATED`]) or on ([`ACTIVE`]). Nothing changes when one of them isn't the caller's to
/// switch, or isn't there.
///
/// Fails with `BadArgument` for another status, whoever asks; `AccessDenied`; `SeatsTaken`.
pub fn set_status(tx: &mut Tx<'_>, call: &Call, ids: &[UserId], status: i64) -> Result<Vec<Person>> {
    if ![ACTIVE, TERMINATED].contains(&status) {
        return Err(Problem::text(Kind::BadArgument, "Incorrect status"));
    }
    let mut people = Vec::new();
    for id in ids {
        let person = super::find(tx, &call.portal, *id)?.ok_or(Kind::AccessDenied)?;
        super::require(tx, call, Deed::Switch, &person)?;
        people.push(person);
    }
    if !call.person()?.is_admin() {
        return Err(Kind::AccessDenied.into());
    }
    for person in people.iter_mut().filter(|person| (person.status == TERMINATED) != (status == TERMINATED)) {
        switch(tx, call, person, status)?;
    }
    people.iter().map(|person| super::again(tx, call, person.id)).collect()
}

fn switch(tx: &mut Tx<'_>, call: &Call, person: &mut Person, status: i64) -> Result<()> {
    if status == TERMINATED {
        sessions::end_all_of(tx, call, person.id, None)?;
        person.status = TERMINATED;
    } else {
        seats::check(tx, call, person.kind)?;
        // Who was invited and never came is invited again, not in use.
        let nameless = person.first_name.is_empty() && person.last_name.is_empty();
        person.status = if nameless && person.created_by.is_some() { PENDING } else { ACTIVE };
        person.terminated_at = None;
    }
    writes::save(tx, call.portal.id, person)?;
    tx.say(Event::User { user: person.id, kind: person.kind, what: UserEvent::Status(person.status) });
    Ok(())
}

/// Notes that the caller's address is confirmed, or isn't. The link that lets them in is theirs; the only account it
/// may change is the one it names.
///
/// Fails with `BadArgument` unless exactly the caller is named.
pub fn set_activation(tx: &mut Tx<'_>, call: &Call, ids: &[UserId], activation: i64) -> Result<Vec<Person>> {
    let caller = call.person()?.id;
    let named = call.confirmed.as_ref().and_then(|link| link.user).unwrap_or(caller);
    if ids != [caller] || named != caller {
        return Err(Problem::text(Kind::BadArgument, "The link is for another account"));
    }
    let mut person = super::again(tx, call, caller)?;
    if person.activation_status != activation {
        person.activation_status = activation;
        writes::save(tx, call.portal.id, &person)?;
        tx.say(Event::User { user: caller, kind: person.kind, what: UserEvent::Activated });
    }
    Ok(vec![super::again(tx, call, caller)?])
}

/// Sends the caller the link that switches their own account off; answers with the address it went to.
///
/// Fails with `NotForYou` for the owner.
pub fn ask_to_leave(tx: &mut Tx<'_>, call: &Call) -> Result<String> {
    let person = call.person()?;
    if person.is_owner {
        return Err(Kind::NotForYou.into());
    }
    letters::farewell(tx, call, person)?;
    Ok(person.email.clone())
}

/// Switches the caller's own account off, by the link that was sent for it; administrators are told. What the account
/// owns stays.
///
/// Fails with `AccessDenied` for the owner, or for a link about another account; `LinkInvalid` when it was used.
pub fn leave(tx: &mut Tx<'_>, call: &Call) -> Result<Person> {
    let link = call.confirmed.clone().ok_or(Kind::LinkInvalid)?;
    let mut person = super::again(tx, call, call.person()?.id)?;
    if person.is_owner || link.user.is_some_and(|user| user != person.id) {
        return Err(Kind::AccessDenied.into());
    }
    if !confirm::note_use(tx, &call.portal, &link.key)? {
        return Err(Kind::LinkInvalid.into());
    }
    switch(tx, call, &mut person, TERMINATED)?;
    for admin in writes::administrators(tx, &call.portal)? {
        letters::left(tx, call, &admin, &person)?;
    }
    super::again(tx, call, person.id)
}
