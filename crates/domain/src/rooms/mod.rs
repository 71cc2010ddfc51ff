//! Rooms: who sees them and may do what (rooms.md §3–7). The verbs are in the modules below.

mod changes;
pub mod covers;
mod create;
mod filter;
mod invite;
mod lifecycle;
mod links;
mod list;
mod members;
mod merge;
mod mute;
mod owner;
mod purge;
mod roles;
mod rules;
mod share;
mod shelf;
mod sql;
mod tags;
mod volume;

pub use changes::{Change, Changes, update};
pub use create::{NewRoom, create};
pub use filter::{Area, Filter, Sort, SubjectRole};
pub use invite::resend;
pub use lifecycle::{Done, delete, relocate};
pub use list::{List, list};
pub use members::{GroupMember, Member, MemberFilter, Page, Rows, Who, group_members, members};
pub(crate) use mute::forget_muted;
pub use mute::{muted, set_muted};
pub use owner::{change_owner, drop_granted, drop_subject, give_all, lower_managers, owns_any};
pub use purge::purge;
pub use rules::{
    Chat, DESCRIPTION_MAX, Lifetime, QUOTA_DEFAULT, RoomKind, Section, TAG_MAX, TITLE_MAX, Title, Watermark,
};
pub use share::{Invitation, Invitations, leave, may_invite, share};
pub use shelf::Subject;
pub use volume::{Volume, volume};

use std::collections::HashMap;
use std::sync::Arc;

use db::Conn;

use crate::access::{Action, Found, Guarded, Right, Rights, Role, Standing, rights};
use crate::event::{Event, RoomEvent};
use crate::ids::{EntryId, UserId};
use crate::people::{self, Person};
use crate::store::Tx;
use crate::{Call, Kind, Problem, Result, Timestamp};
use roles::RESTRICT;

/// A room as it is stored.
#[derive(Debug, Clone)]
pub struct Room {
    /// Its id, in the one space of all entries.
    pub id: EntryId,
    /// Where it lies.
    pub section: Section,
    /// Its type.
    pub kind: RoomKind,
    /// Its title.
    pub title: String,
    /// Its description; empty when there is none.
    pub description: String,
    /// Its colour, hex without `#`.
    pub color: String,
    /// Its cover's id.
    pub cover: Option<String>,
    /// Whether its content is encrypted by clients.
    pub private: bool,
    /// Whether its content is numbered.
    pub indexing: bool,
    /// Whether viewers can't download.
    pub deny_download: bool,
    /// Its quota in bytes: -1 none, -2 the portal's default.
    pub quota: i64,
    /// The lifetime of its files.
    pub lifetime: Option<Lifetime>,
    /// Its watermark.
    pub watermark: Option<Watermark>,
    /// Its chat's parameters.
    pub chat: Option<Chat>,
    /// Form rooms: whether answers are gathered in a table.
    pub save_form_as_xlsx: bool,
    /// Form rooms: whether answers go to an external database.
    pub send_form_to_external_db: bool,
    /// Files in it, at any depth.
    pub files_count: i64,
    /// Folders in it, at any depth.
    pub folders_count: i64,
    /// Bytes it uses.
    pub used_bytes: i64,
    /// External links it has.
    pub links_count: i64,
    /// Those of them that are open to strangers.
    pub public_links_count: i64,
    /// People and groups it is shared with.
    pub members_count: i64,
    /// Who created, and owns, it.
    pub created_by: UserId,
    /// When it was created.
    pub created_at: Timestamp,
    /// Who changed it last.
    pub modified_by: UserId,
    /// When it was changed last.
    pub modified_at: Timestamp,
}

/// A room as one caller sees it.
#[derive(Debug, Clone)]
pub struct Seen {
    /// The room.
    pub room: Room,
    /// What counts of the caller's share records: 0 for the creator, else the role; none for those who see it
    /// otherwise.
    pub access: Option<i64>,
    /// Whether the room is the caller's by himself: created, or shared with him and none of his groups.
    pub in_room: bool,
    /// Whether one of the caller's groups has a role in it.
    pub by_group: bool,
    /// Who gave the caller his own record.
    pub shared_by: Option<UserId>,
    /// Whether the caller wants no notices of it.
    pub muted: bool,
    /// What the caller may do.
    pub rights: Rights,
}

impl Seen {
    /// The people a reply names.
    fn names(&self) -> impl Iterator<Item = UserId> {
        [self.room.created_by, self.room.modified_by].into_iter().chain(self.shared_by)
    }
}

impl Guarded for Seen {
    fn rights(&self) -> Rights {
        self.rights
    }

    fn is_archived(&self) -> bool {
        self.room.section == Section::Archive
    }
}

/// A room as a reply shows it: with its tags and the people it names.
#[derive(Debug, Clone)]
pub struct View {
    /// The room, and what the caller may do.
    pub seen: Seen,
    /// Its tags, the newest first.
    pub tags: Vec<String>,
    /// The people it names: creator, last editor, and who shared it with the caller.
    pub people: Arc<HashMap<UserId, Person>>,
    /// Shown in a list, where some fields differ (rooms.md §3).
    pub listed: bool,
}

macro_rules! actions {
    ($($(#[$doc:meta])* $name:ident takes $right:ident else $refusal:ident, archived $archived:ident;)*) => {
        $($(#[$doc])*
        #[derive(Debug)]
        pub enum $name {}
        impl Action for $name {
            const RIGHT: Right = Right::$right;
            const REFUSAL: Kind = Kind::$refusal;
            const REFUSAL_ARCHIVED: Kind = Kind::$archived;
        })*
    };
}

actions! {
    /// Looking at a room.
    Look takes Read else RoomNotReadable, archived RoomNotReadable;
    /// Changing a room's settings and title.
    Update takes EditRoom else RoomNotEditable, archived RoomArchived;
    /// Moving a room to the archive and back.
    Relocate takes Move else AccessDenied, archived AccessDenied;
    /// Deleting a room for good.
    Remove takes Delete else AccessDenied, archived AccessDenied;
    /// Changing who its members are.
    Share takes EditAccess else AccessDenied, archived AccessDenied;
    /// Giving it to another owner.
    GiveAway takes ChangeOwner else RoomOperationDenied, archived RoomOperationDenied;
    /// Inviting members again who haven't come yet.
    Remind takes EditRoom else RoomOperationDenied, archived RoomOperationDenied;
}

/// Finds a room, whatever the caller may do with it.
///
/// Fails with `RoomDeleted` or `RoomNotFound`; a section's root is no room either.
pub fn find(conn: &mut Conn, call: &Call, id: EntryId) -> Result<Found<Seen>> {
    match sql::by_id(conn, call, id)? {
        Some((room, _)) if room.section == Section::Gone => Err(Kind::RoomDeleted.into()),
        Some((room, hold)) => Ok(Found::new(see(call, room, hold, false))),
        None if sql::is_tombstone(conn, call.portal.id, id)? => Err(Kind::RoomDeleted.into()),
        None => Err(Kind::RoomNotFound.into()),
    }
}

/// The caller's share records of a room.
#[derive(Debug, Clone, Copy, Default)]
struct Hold {
    /// His own; 0 for the creator.
    own: Option<i64>,
    /// Who gave it to him.
    shared_by: Option<UserId>,
    /// The greatest role that his groups have.
    by_groups: Option<i64>,
    /// Whether he wants no notices of it.
    muted: bool,
}

impl Hold {
    fn of_creator() -> Self {
        Self { own: Some(0), ..Self::default() }
    }

    /// What counts of them. A person's own record overrides those of his groups, if it gives less too (files.md §4);
    /// a creator who may no longer own rooms is left with what his groups have.
    fn counts(self, owns: bool) -> Option<i64> {
        match self.own {
            Some(0) if !owns => self.by_groups.or(Some(0)),
            Some(access) => Some(access),
            None => self.by_groups,
        }
    }
}

/// What the caller is to a room, and may do with it (rooms.md §3.1).
fn see(call: &Call, room: Room, hold: Hold, listed: bool) -> Seen {
    let standing = Standing {
        archived: room.section == Section::Archive,
        agent: room.kind == RoomKind::Agent,
        deny_download: room.deny_download,
        indexing: room.indexing,
        shared: room.links_count > 0,
        listed,
    };
    let created = call.someone().is_some_and(|person| person.id == room.created_by);
    let access = hold.counts(created && call.someone().is_some_and(|person| person.kind.makes_rooms()));
    let has_record = hold.own.is_some_and(|own| own > 0 && own != RESTRICT);
    let in_room = created || (has_record && hold.by_groups.is_none());
    let roles = call.someone().into_iter().flat_map(|person| {
        let owner = (created && person.kind.makes_rooms()).then_some(Role::Owner);
        let admin = (person.is_admin() && !created).then_some(Role::Admin);
        [owner, admin, access.and_then(Role::of_access)].into_iter().flatten()
    });
    Seen {
        rights: rights(roles, standing),
        room,
        access,
        in_room,
        by_group: hold.by_groups.is_some(),
        shared_by: hold.shared_by,
        muted: hold.muted,
    }
}

/// A room with everything a reply shows of it. Anyone whose rights include Read may see it.
///
/// Contract: rooms.md §4.2. Fails with `RoomNotFound`, `RoomDeleted` or `RoomNotReadable`; `Unauthenticated` for
/// somebody without account.
pub fn get(conn: &mut Conn, call: &Call, id: EntryId) -> Result<View> {
    // Before anything is read: a stranger is not told which rooms there are.
    call.person()?;
    let seen = find(conn, call, id)?.grant::<Look>()?.into_inner();
    view_with_tags(conn, call, seen)
}

fn view_with_tags(conn: &mut Conn, call: &Call, seen: Seen) -> Result<View> {
    let tags = tags::of_room(conn, call.portal.id, seen.room.id)?;
    view(conn, call, seen, tags)
}

fn view(conn: &mut Conn, call: &Call, seen: Seen, tags: Vec<String>) -> Result<View> {
    let people = people::find_all(conn, call, seen.names())?;
    Ok(View { seen, tags, people: Arc::new(people), listed: false })
}

fn say(tx: &mut Tx<'_>, room: &Room, happened: Vec<RoomEvent>) {
    for what in happened {
        tx.say(Event::Room { room: room.id, title: room.title.clone(), what });
    }
}

/// A section's root is a folder, but no room: it is neither moved nor deleted.
fn not_a_room(call: &Call, id: EntryId, problem: Problem) -> Problem {
    if problem.kind() == Kind::RoomNotFound && is_root(call, id) {
        Kind::AccessDenied.into()
    } else {
        problem
    }
}

/// Whether the id is that of a section's root folder.
pub fn is_root(call: &Call, id: EntryId) -> bool {
    [call.portal.rooms_root, call.portal.archive_root, call.portal.templates_root].contains(&id)
}
