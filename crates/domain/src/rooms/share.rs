//! Sharing a room: members come, get another role, and go (rooms.md §7.2).

use db::Conn;

use super::invite::{self, Greeting};
use super::roles::RESTRICT;
use super::shelf::{self, Subject};
use super::{Look, Member, Room, Seen, Share, find, members, say};
use crate::access::{Found, Guarded as _};
use crate::event::RoomEvent;
use crate::ids::{EntryId, GroupId, UserId};
use crate::people::{self, PENDING, Person, TERMINATED, UserKind};
use crate::portal_settings::InvitationSettings;
use crate::store::Tx;
use crate::{Call, Kind, Result, setting};

/// One whom a room is to be shared with, or no longer.
#[derive(Debug, Clone)]
pub struct Invitation {
    /// A person or a group; goes before the address.
    pub id: Option<UserId>,
    /// The e-mail address of somebody who may have no account yet.
    pub email: Option<String>,
    /// The role; 0 takes the record away.
    pub access: i64,
}

/// Whom a room is to be shared with.
#[derive(Debug, Clone)]
pub struct Invitations {
    /// Who, in order; of several about the same one the last stays.
    pub items: Vec<Invitation>,
    /// Whether those who come or get another role are told by mail. Who has not come yet always is.
    pub notify: bool,
    /// The language of new accounts.
    pub culture: Option<String>,
}

impl Invitations {
    /// How many addresses are to be written to.
    pub fn letters(&self) -> usize {
        self.items.iter().filter(|item| item.id.is_none() && item.email.is_some() && item.access != 0).count()
    }
}

/// Whom an item is about.
#[derive(Debug, Clone)]
enum Target {
    Person(Box<Person>),
    Group(GroupId),
    /// An address without an account.
    Address(String),
}

/// An item that the caller may name.
#[derive(Debug, Clone)]
struct Item {
    target: Target,
    access: i64,
    by_email: bool,
}

/// Shares a room, or changes who has it; an unknown address becomes a guest's account that waits for its owner.
/// Returns the records of the ids named, as they are afterwards; none when nobody was named.
///
/// What the caller may not see is dropped before any right is looked at, and when nothing is left nothing is done and
/// nothing refused. All or nothing: a role that doesn't fit undoes the call (deviations.md 18). Contract: rooms.md
/// §7. Fails with `RoomNotFound`, `RoomNotReadable`, `AccessDenied`, `RoleNotAvailable`.
pub fn share(tx: &mut Tx<'_>, call: &Call, id: EntryId, wanted: &Invitations) -> Result<Option<Vec<Member>>> {
    if wanted.items.is_empty() {
        return Ok(None);
    }
    let found = find(tx, call, id)?.require::<Look>()?;
    if wanted.items.iter().any(|item| item.id.is_none() && item.email.is_some()) {
        let settings: InvitationSettings = setting::of_portal(tx, call.portal.id)?;
        if !settings.allow_inviting_guests {
            return Err(Kind::AccessDenied.into());
        }
    }
    let items = nameable(tx, call, &found, wanted)?;
    let seen = if items.is_empty() {
        found.grant::<Look>()?.into_inner()
    } else {
        let seen = allow(call, found, &items)?;
        for item in &items {
            check_role(&seen.room, item)?;
        }
        for item in items {
            apply(tx, call, &seen.room, wanted, item)?;
        }
        seen
    };
    let named = named_subjects(tx, call, wanted)?;
    Ok(Some(members::of_subjects(tx, call, &seen, &named)?))
}

/// Whether the caller may share this room with anybody at all; of one that isn't there nobody may.
pub fn may_invite(conn: &mut Conn, call: &Call, id: EntryId) -> Result<bool> {
    let guest = call.person()?.kind == UserKind::Guest;
    let may = find(conn, call, id).and_then(|found| found.grant::<Share>().map(drop));
    match may {
        Ok(()) => Ok(!guest),
        Err(problem) if problem.kind().entry().status < 500 => Ok(false),
        Err(problem) => Err(problem),
    }
}

/// The right to do it: to manage the members, which no guest can; or to leave, which everybody can, though nobody
/// changes anything in the archive.
fn allow(call: &Call, found: Found<Seen>, items: &[Item]) -> Result<Seen> {
    let caller = call.person()?;
    let leaves = items.iter().all(|item| {
        item.access == 0 && matches!(&item.target, Target::Person(person) if person.id == caller.id)
    });
    if leaves {
        let seen = found.grant::<Look>()?.into_inner();
        return if seen.is_archived() { Err(Kind::AccessDenied.into()) } else { Ok(seen) };
    }
    let seen = found.grant::<Share>()?.into_inner();
    if caller.kind == UserKind::Guest { Err(Kind::AccessDenied.into()) } else { Ok(seen) }
}

/// The items whose subject the caller may see, found; unknown ids are nobody's.
fn nameable(tx: &mut Tx<'_>, call: &Call, found: &Found<Seen>, wanted: &Invitations) -> Result<Vec<Item>> {
    let caller = call.person()?;
    let mut items = Vec::new();
    for item in &wanted.items {
        let Some((target, by_email)) = target(tx, call, item)? else { continue };
        let may = match &target {
            Target::Person(person) if person.id == caller.id && !by_email => true,
            _ if !caller.kind.makes_rooms() => false,
            Target::Group(_) | Target::Address(_) => true,
            // To invite a guest by his address is how one gets to know him.
            Target::Person(_) if by_email => true,
            Target::Person(person) => {
                people::may_view(tx, call, person)? || is_in_own_room(tx, call, found, person)?
            }
        };
        if may {
            items.push(Item { target, access: item.access, by_email });
        }
    }
    Ok(items)
}

/// Whether the caller created the room, and the person is in it.
fn is_in_own_room(tx: &mut Tx<'_>, call: &Call, found: &Found<Seen>, person: &Person) -> Result<bool> {
    let room = &found.peek().room;
    let member = Subject::Person(person.id);
    Ok(room.created_by == call.person()?.id && shelf::record(tx, call.portal.id, room.id, member)?.is_some())
}

/// Whom an item names, and whether it does so by an address.
fn target(tx: &mut Tx<'_>, call: &Call, item: &Invitation) -> Result<Option<(Target, bool)>> {
    let person = |person| Target::Person(Box::new(person));
    if let Some(id) = item.id {
        if let Some(found) = people::find(tx, &call.portal, id)? {
            return Ok(Some((person(found), false)));
        }
        let group: Option<GroupId> = id.as_str().parse().ok();
        let known =
            group.map(|group| members::group_exists(tx, call.portal.id, group)).transpose()?.unwrap_or(false);
        return Ok(group.filter(|_| known).map(|group| (Target::Group(group), false)));
    }
    let Some(email) = item.email.as_deref().map(str::trim).filter(|email| !email.is_empty()) else {
        return Ok(None);
    };
    let found = people::find_by_email(tx, &call.portal, email)?;
    Ok(Some((found.map_or_else(|| Target::Address(email.to_owned()), person), true)))
}

/// Whether the role is one that the room has for this type of account. Items that change nothing aren't asked.
fn check_role(room: &Room, item: &Item) -> Result<()> {
    let fits = match &item.target {
        Target::Person(person) => {
            person.id == room.created_by
                || person.status == TERMINATED
                || room.kind.fits(person.kind, item.access)
        }
        Target::Group(_) => room.kind.fits_group(item.access),
        Target::Address(_) => room.kind.fits(UserKind::Guest, item.access),
    };
    if fits { Ok(()) } else { Err(Kind::RoleNotAvailable.into()) }
}

fn apply(tx: &mut Tx<'_>, call: &Call, room: &Room, wanted: &Invitations, item: Item) -> Result<()> {
    let person = match item.target {
        Target::Group(group) => {
            return put(tx, call, room, Subject::Group(group), item.access).map(drop);
        }
        Target::Person(person) => *person,
        Target::Address(_) if item.access == 0 => return Ok(()),
        // An item before this one may have named the same address.
        Target::Address(email) => match people::find_by_email(tx, &call.portal, &email)? {
            Some(person) => person,
            None => invite::make_guest(tx, call, &email, wanted.culture.as_deref())?,
        },
    };
    if person.id == room.created_by || (person.status == TERMINATED && item.access != 0) {
        return Ok(());
    }
    let changed = put(tx, call, room, Subject::Person(person.id), item.access)?;
    if item.access == 0 {
        return Ok(());
    }
    if item.by_email {
        people::relate(tx, call.portal.id, call.person()?.id, person.id)?;
    }
    let greeting = if person.status == PENDING { Greeting::Invitation } else { Greeting::Role };
    let is_due = if person.status == PENDING { changed || item.by_email } else { changed && wanted.notify };
    if is_due { invite::write(tx, call, room, &person, greeting) } else { Ok(()) }
}

/// Gives a subject this role, or takes its record away; false when that changes nothing.
pub(super) fn put(tx: &mut Tx<'_>, call: &Call, room: &Room, member: Subject, access: i64) -> Result<bool> {
    let old = shelf::record(tx, call.portal.id, room.id, member)?;
    let new = Some(access).filter(|access| *access != 0);
    if old == new {
        return Ok(false);
    }
    shelf::set(tx, call.portal.id, room.id, member, (old, new), Some(call.person()?.id))?;
    // One who was barred wasn't a member.
    let event = match (old.filter(|old| *old != RESTRICT), new.filter(|new| *new != RESTRICT)) {
        (None, None) => return Ok(true),
        (None, Some(access)) => RoomEvent::MemberAdded { member, access },
        (Some(old), Some(access)) => RoomEvent::MemberChanged { member, access, old },
        (Some(old), None) => RoomEvent::MemberRemoved { member, old },
    };
    say(tx, room, vec![event]);
    Ok(true)
}

/// The subjects named by id, each once. A guest is told of himself alone (deviations.md 17).
fn named_subjects(tx: &mut Tx<'_>, call: &Call, wanted: &Invitations) -> Result<Vec<Subject>> {
    let caller = call.person()?;
    let mut subjects: Vec<Subject> = Vec::new();
    for id in wanted.items.iter().filter_map(|item| item.id) {
        if caller.kind == UserKind::Guest && id != caller.id {
            continue;
        }
        let person = people::find(tx, &call.portal, id)?.is_some();
        let group = id.as_str().parse().ok().map(Subject::Group);
        let subject = if person { Some(Subject::Person(id)) } else { group };
        subjects.extend(subject.filter(|subject| !subjects.contains(subject)));
    }
    Ok(subjects)
}

/// Takes the caller off rooms: those he was in by himself forget him, and where one of his groups is in, a record of
/// his own bars him. What isn't there, isn't his or is his own is left as it is.
///
/// Contract: rooms.md §7.2 "Leave a room", files.md §12.2 `DELETE /files/share`.
pub fn leave(tx: &mut Tx<'_>, call: &Call, rooms: &[EntryId]) -> Result<()> {
    let caller = call.person()?.id;
    for id in rooms {
        let seen = match find(tx, call, *id) {
            Ok(found) => found.grant::<Look>(),
            Err(problem) if matches!(problem.kind(), Kind::RoomNotFound | Kind::RoomDeleted) => continue,
            Err(problem) => return Err(problem),
        };
        let Ok(seen) = seen else { continue };
        if seen.room.created_by == caller
            || seen.access.is_none_or(|access| access == 0 || access == RESTRICT)
        {
            continue;
        }
        let access = if seen.by_group { RESTRICT } else { 0 };
        put(tx, call, &seen.room, Subject::Person(caller), access)?;
    }
    Ok(())
}
