//! New accounts: made by hand, brought in without a letter, or by whoever holds an invitation link (people.md §5.1,
//! §7.3).

use db::Conn;

use super::rules::{self, Standing};
use super::{
    ACTIVATED, ACTIVATION_PENDING, ACTIVE, Contact, NOT_ACTIVATED, NewPerson, PENDING, Person, Photo,
    UserKind, letters, seats, writes,
};
use crate::confirm::{ConfirmType, Confirmed};
use crate::event::{Event, UserEvent};
use crate::ids::{GroupId, UserId};
use crate::portal_settings::{InvitationSettings, MailDomains};
use crate::store::Tx;
use crate::{Call, Kind, Problem, Result, invitations, setting};

/// An account to be made.
#[derive(Debug, Clone, Default)]
pub struct NewMember {
    /// The type that is asked for; none: whatever the caller may make.
    pub kind: Option<UserKind>,
    /// E-mail address, checked loosely by the caller.
    pub email: Option<String>,
    /// First name.
    pub first_name: Option<String>,
    /// Last name.
    pub last_name: Option<String>,
    /// Argon2id over the client's hash.
    pub password_hash: Option<String>,
    /// Groups to join; applied for administrators alone.
    pub groups: Vec<GroupId>,
    /// Where the person is.
    pub location: Option<String>,
    /// What is to be known about the person.
    pub notes: Option<String>,
    /// Whether news of the vendor are wanted.
    pub spam: Option<bool>,
    /// Language.
    pub culture: Option<String>,
    /// Other ways to reach the person.
    pub contacts: Vec<Contact>,
    /// A picture whose bytes are in the blob store.
    pub photo: Option<Photo>,
}

/// How an account comes to be.
#[derive(Debug, Clone, Copy)]
pub enum Way<'a> {
    /// By somebody who may, with a letter to its holder.
    ByHand,
    /// Without a letter: tests and imports.
    Import,
    /// By whoever holds this link.
    Link(&'a Confirmed),
}

/// Whether an account may be made so: rights first, then whether address and names make sense. Writes nothing; called
/// before a password is hashed, and again by [`member`]. Whether the address is free is for the unit to find out, where
/// a request that is repeated finds its answer first.
///
/// Fails with `AccessDenied`, `BadArgument`, `NameIncorrect`.
pub fn check(conn: &mut Conn, call: &Call, way: Way<'_>, new: &NewMember) -> Result<()> {
    let settings: InvitationSettings = setting::of_portal(conn, call.portal.id)?;
    match way {
        Way::ByHand => {
            let kind = new.kind.unwrap_or(UserKind::RoomAdmin);
            if !rules::may_make(Standing::of(call.person()?), kind) || !settings.allow_inviting_members {
                return Err(Kind::AccessDenied.into());
            }
        }
        Way::Import => {
            let kind = new.kind.unwrap_or(UserKind::RoomAdmin);
            let allowed = match kind {
                UserKind::Guest => settings.allow_inviting_guests,
                _ => settings.allow_inviting_members,
            };
            if !rules::may_add(Standing::of(call.person()?), kind) || !allowed {
                return Err(Kind::AccessDenied.into());
            }
        }
        Way::Link(link) => {
            let invites = matches!(link.kind, ConfirmType::LinkInvite | ConfirmType::EmpInvite);
            let common_allowed = match &link.invitation {
                None => true,
                Some(invitation) if invitation.kind == UserKind::Guest => settings.allow_inviting_guests,
                Some(_) => settings.allow_inviting_members,
            };
            if !invites || link.invites.is_none() || !common_allowed {
                return Err(Kind::AccessDenied.into());
            }
        }
    }
    given(new.email.as_deref(), "email")?;
    let first = given(new.first_name.as_deref(), "firstName")?;
    let last = new.last_name.as_deref().unwrap_or_default();
    if !rules::is_name(first) || !(last.is_empty() || rules::is_name(last)) {
        return Err(Kind::NameIncorrect.into());
    }
    Ok(())
}

fn given<'t>(text: Option<&'t str>, name: &str) -> Result<&'t str> {
    let text = text.map(str::trim);
    text.ok_or_else(|| {
        Problem::text(Kind::BadArgument, format!("Value cannot be null. (Parameter '{name}')"))
    })
}

/// The account that waits for whoever was invited at this address.
fn waiting(conn: &mut Conn, call: &Call, link: &Confirmed, email: &str) -> Result<Person> {
    let meant = link.email.as_deref().is_some_and(|meant| meant.trim().eq_ignore_ascii_case(email));
    let found = super::find_by_email(conn, &call.portal, email)?;
    found.filter(|person| meant && person.status == PENDING).ok_or_else(|| Kind::AccessDenied.into())
}

/// Makes an account, or completes the one that waits behind an invitation by mail.
///
/// Fails as [`check`] does, with `EmailRegistered`, and with `SeatsTaken`; who comes by a link becomes a User when the seats of those who make
/// rooms are taken (people.md §3.1).
pub fn member(tx: &mut Tx<'_>, call: &Call, way: Way<'_>, new: &NewMember) -> Result<Person> {
    check(tx, call, way, new)?;
    let waits =
        matches!(way, Way::Link(link) if link.invitation.is_none() && link.kind == ConfirmType::LinkInvite);
    if !waits && super::find_by_email(tx, &call.portal, given(new.email.as_deref(), "email")?)?.is_some() {
        return Err(Kind::EmailRegistered.into());
    }
    let person = make_or_join(tx, call, way, new)?;
    if let Some(photo) = &new.photo {
        super::photo::change(tx, call.portal.id, &person, Some(photo))?;
    }
    super::again(tx, call, person.id)
}

fn make_or_join(tx: &mut Tx<'_>, call: &Call, way: Way<'_>, new: &NewMember) -> Result<Person> {
    match way {
        Way::ByHand => {
            let kind = affordable(tx, call, new.kind.unwrap_or(UserKind::RoomAdmin))?;
            let person = make(tx, call, new, kind, ACTIVATION_PENDING, Some(call.person()?.id))?;
            tx.say(Event::UserCreated { user: person.id });
            letters::welcome(tx, call, &person)?;
            Ok(person)
        }
        Way::Import => {
            let kind = new.kind.unwrap_or(UserKind::RoomAdmin);
            seats::check(tx, call, kind)?;
            let person = make(tx, call, new, kind, ACTIVATION_PENDING, Some(call.person()?.id))?;
            tx.say(Event::User { user: person.id, kind, what: UserEvent::Imported });
            Ok(person)
        }
        Way::Link(link) => match &link.invitation {
            Some(invitation) => {
                let kind = affordable(tx, call, invitation.kind)?;
                let person = make(tx, call, new, kind, NOT_ACTIVATED, link.user)?;
                invitations::count_use(tx, call.portal.id, &invitation.id)?;
                tx.say(Event::User { user: person.id, kind, what: UserEvent::Registered });
                letters::activation(tx, call, &person)?;
                Ok(person)
            }
            None if link.kind == ConfirmType::EmpInvite => enroll(tx, call, link, new),
            None => join(tx, call, link, new),
        },
    }
}

/// The type itself while there are seats for it, else User.
fn affordable(tx: &mut Tx<'_>, call: &Call, kind: UserKind) -> Result<UserKind> {
    match seats::check(tx, call, kind) {
        Err(problem) if problem.kind() == Kind::SeatsTaken && kind.makes_rooms() => {
            seats::check(tx, call, UserKind::User)?;
            Ok(UserKind::User)
        }
        checked => checked.map(|()| kind),
    }
}

fn make(
    tx: &mut Tx<'_>,
    call: &Call,
    new: &NewMember,
    kind: UserKind,
    activation_status: i64,
    created_by: Option<UserId>,
) -> Result<Person> {
    let portal = &call.portal;
    let text = |text: &Option<String>| text.as_deref().unwrap_or_default().trim().to_owned();
    let made = super::insert(
        tx,
        portal,
        &NewPerson {
            id: None,
            kind,
            email: text(&new.email),
            first_name: text(&new.first_name),
            last_name: text(&new.last_name),
            password_hash: new.password_hash.clone(),
            status: ACTIVE,
            activation_status,
            created_by,
            culture: None,
        },
    )?;
    let mut person = made;
    fill(&mut person, new);
    writes::save(tx, portal.id, &person)?;
    if let Some(by) = created_by {
        super::relate(tx, portal.id, by, person.id)?;
    }
    // Who may change groups may put new accounts into them (people.md §5.1).
    if call.someone().is_some_and(Person::is_admin) && kind != UserKind::Guest {
        for group in &new.groups {
            writes::join_group(tx, portal.id, *group, person.id)?;
        }
    }
    Ok(person)
}

/// What a registration tells about the person beside name and address.
fn fill(person: &mut Person, new: &NewMember) {
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    (person.location, person.notes) = (text(&new.location), text(&new.notes));
    person.spam = new.spam;
    person.contacts = new.contacts.iter().filter(|contact| !contact.value.is_empty()).cloned().collect();
    if let Some(culture) = new.culture.as_ref().filter(|name| super::is_culture(name)) {
        person.culture = Some(culture.clone());
    }
}

/// Makes the account of somebody who asked to join, and was sent a link to do so (foundation.md §4.4 `sendjoininvite`):
/// whoever has the link owns the address. Who may join, and as what, is asked again.
fn enroll(tx: &mut Tx<'_>, call: &Call, link: &Confirmed, new: &NewMember) -> Result<Person> {
    let email = given(new.email.as_deref(), "email")?;
    let domains: MailDomains = setting::of_portal(tx, call.portal.id)?;
    let meant = link.email.as_deref().is_some_and(|meant| meant.trim().eq_ignore_ascii_case(email));
    if !meant || !domains.is_open() || !domains.admit(email) {
        return Err(Kind::AccessDenied.into());
    }
    let kind = domains.invites();
    seats::check(tx, call, kind)?;
    let person = make(tx, call, new, kind, ACTIVATED, None)?;
    tx.say(Event::User { user: person.id, kind, what: UserEvent::Joined });
    Ok(person)
}

/// Completes the account that waits for whoever was invited by mail.
fn join(tx: &mut Tx<'_>, call: &Call, link: &Confirmed, new: &NewMember) -> Result<Person> {
    let email = given(new.email.as_deref(), "email")?;
    let mut person = waiting(tx, call, link, email)?;
    let trimmed = |text: &Option<String>| text.as_deref().unwrap_or_default().trim().to_owned();
    (person.first_name, person.last_name) = (trimmed(&new.first_name), trimmed(&new.last_name));
    (person.status, person.activation_status) = (ACTIVE, ACTIVATED);
    fill(&mut person, new);
    writes::save(tx, call.portal.id, &person)?;
    if let Some(hash) = &new.password_hash {
        writes::set_password(tx, call.portal.id, person.id, hash)?;
    }
    tx.say(Event::User { user: person.id, kind: person.kind, what: UserEvent::Joined });
    Ok(person)
}
