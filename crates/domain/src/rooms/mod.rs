//! Rooms: create, get, update, list, archive, unarchive, delete (rooms.md §3–6).

pub mod covers;
mod links;
mod list;
mod purge;
mod rules;
mod sql;
mod tags;

pub use list::{Area, Filter, List, Sort, SubjectRole, list};
pub use purge::purge;
pub use rules::{
    Chat, DESCRIPTION_MAX, Lifetime, QUOTA_DEFAULT, RoomKind, Section, TAG_MAX, TITLE_MAX, Title, Watermark,
};

use std::collections::HashMap;
use std::sync::Arc;

use data_encoding::HEXLOWER;
use db::Conn;

use crate::access::{Action, Found, Granted, Guarded, Right, Rights, Role, Standing, rights};
use crate::event::{Event, RoomEvent};
use crate::ids::{EntryId, UserId};
use crate::operations::{Operation, OperationKind};
use crate::people::{self, Person};
use crate::store::Tx;
use crate::{Call, Kind, Problem, Result, Timestamp, schema};

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
    /// The caller's share record: 0 for the creator, else the role; none for those who see it otherwise.
    pub access: Option<i64>,
    /// What the caller may do.
    pub rights: Rights,
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
    /// The people it names: creator and last editor.
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
}

/// Finds a room, whatever the caller may do with it.
///
/// Fails with `RoomDeleted` or `RoomNotFound`; a section's root is no room either.
pub fn find(conn: &mut Conn, call: &Call, id: EntryId) -> Result<Found<Seen>> {
    match sql::by_id(conn, call, id)? {
        Some((room, _)) if room.section == Section::Gone => Err(Kind::RoomDeleted.into()),
        Some((room, access)) => Ok(Found::new(see(call, room, access, false))),
        None if sql::is_tombstone(conn, call.portal.id, id)? => Err(Kind::RoomDeleted.into()),
        None => Err(Kind::RoomNotFound.into()),
    }
}

/// What the caller is to a room, and may do with it (rooms.md §3.1).
fn see(call: &Call, room: Room, access: Option<i64>, listed: bool) -> Seen {
    let standing = Standing {
        archived: room.section == Section::Archive,
        agent: room.kind == RoomKind::Agent,
        deny_download: room.deny_download,
        indexing: room.indexing,
        shared: room.links_count > 0,
        listed,
    };
    let roles = call.someone().into_iter().flat_map(|person| {
        let created = room.created_by == person.id;
        let owner = (created && person.kind.makes_rooms()).then_some(Role::Owner);
        let admin = (person.is_admin() && !created).then_some(Role::Admin);
        [owner, admin, access.and_then(Role::of_access)].into_iter().flatten()
    });
    Seen { rights: rights(roles, standing), room, access }
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
    let people = people::find_all(conn, call, [seen.room.created_by, seen.room.modified_by])?;
    Ok(View { seen, tags, people: Arc::new(people), listed: false })
}

/// A room to be created. Lengths and ranges are checked where the wire form is parsed.
#[derive(Debug, Clone)]
pub struct NewRoom {
    /// Title.
    pub title: Title,
    /// Type.
    pub kind: RoomKind,
    /// Description, at most [`DESCRIPTION_MAX`] characters.
    pub description: String,
    /// Colour, at most 6 characters; one is drawn when absent or empty.
    pub color: Option<String>,
    /// Cover id.
    pub cover: Option<String>,
    /// Whether its content is numbered.
    pub indexing: bool,
    /// Whether viewers can't download.
    pub deny_download: bool,
    /// Quota; 0 counts as [`QUOTA_DEFAULT`].
    pub quota: i64,
    /// Lifetime of its files.
    pub lifetime: Option<Lifetime>,
    /// Watermark.
    pub watermark: Option<Watermark>,
    /// Chat parameters.
    pub chat: Option<Chat>,
    /// Tags; unknown ones are made.
    pub tags: Vec<String>,
    /// Form rooms: gather answers in a table.
    pub save_form_as_xlsx: bool,
    /// Form rooms: send answers to an external database.
    pub send_form_to_external_db: bool,
}

/// Creates a room; its creator owns it. A public or form-filling one gets its primary link.
///
/// Contract: rooms.md §4.2. Who may call it is said by the endpoint's line: `RoomAdmin` and above.
pub fn create(tx: &mut Tx<'_>, call: &Call, new: &NewRoom) -> Result<View> {
    let creator = call.person()?;
    if !creator.kind.makes_rooms() {
        return Err(Kind::RoomCreateDenied.into());
    }
    let portal = call.portal.id;
    let room = blank(tx, creator.id, new)?;
    sql::insert(tx, portal, &room, new.title.fold())?;
    sql::shelve(tx, portal, &room, new.title.fold())?;
    let mut happened = vec![RoomEvent::Created];
    happened.extend(tags::replace(tx, portal, &room, &new.tags)?);
    happened.extend(settings_of_new(&room));
    if let Some((title, access)) = room.kind.primary_link() {
        links::insert_primary(tx, portal, &room, title, access)?;
        happened.push(RoomEvent::ExternalLinkCreated { link: title.to_owned() });
    }
    say(tx, &room, happened);
    let tags = if new.tags.is_empty() { Vec::new() } else { tags::of_room(tx, portal, room.id)? };
    view(tx, call, see(call, room, Some(0), false), tags)
}

fn blank(tx: &mut Tx<'_>, creator: UserId, new: &NewRoom) -> Result<Room> {
    let now = tx.now();
    let color = new.color.clone().filter(|color| !color.is_empty());
    let links = i64::from(new.kind.primary_link().is_some());
    Ok(Room {
        id: EntryId(tx.next(schema::ENTRY)?),
        section: Section::Rooms,
        kind: new.kind,
        title: new.title.as_str().to_owned(),
        description: new.description.clone(),
        color: color.unwrap_or_else(|| rules::color(tx.random::<1>()[0]).to_owned()),
        cover: checked_cover(new.cover.as_deref())?,
        private: false,
        indexing: new.indexing,
        deny_download: new.deny_download,
        quota: stored_quota(if new.quota == 0 { QUOTA_DEFAULT } else { new.quota }),
        lifetime: new.lifetime.clone().map(|lifetime| lifetime.from(now)),
        watermark: new.watermark.clone(),
        chat: new.chat.clone(),
        save_form_as_xlsx: new.save_form_as_xlsx,
        send_form_to_external_db: new.send_form_to_external_db,
        files_count: 0,
        folders_count: 0,
        used_bytes: 0,
        links_count: links,
        public_links_count: links,
        members_count: 0,
        created_by: creator,
        created_at: now,
        modified_by: creator,
        modified_at: now,
    })
}

/// Every quota below -1 means "the portal's default".
fn stored_quota(quota: i64) -> i64 {
    quota.max(QUOTA_DEFAULT)
}

fn checked_cover(id: Option<&str>) -> Result<Option<String>> {
    match id {
        None | Some("") => Ok(None),
        Some(id) if covers::find(id).is_some() => Ok(Some(id.to_owned())),
        Some(_) => {
            Err(Problem::text(Kind::BadArgument, "There is no cover of this name. (Parameter 'icon')"))
        }
    }
}

fn settings_of_new(room: &Room) -> impl Iterator<Item = RoomEvent> {
    let events = [
        room.indexing.then_some(RoomEvent::Indexing(true)),
        room.deny_download.then_some(RoomEvent::DenyDownload(true)),
        room.lifetime.is_some().then_some(RoomEvent::Lifetime(true)),
        room.watermark.is_some().then_some(RoomEvent::Watermark(true)),
    ];
    events.into_iter().flatten()
}

fn say(tx: &mut Tx<'_>, room: &Room, happened: Vec<RoomEvent>) {
    for what in happened {
        tx.say(Event::Room { room: room.id, title: room.title.clone(), what });
    }
}

/// A setting that an update removes, replaces, or (by its absence) leaves alone.
#[derive(Debug, Clone, PartialEq)]
pub enum Change<T> {
    /// Take it away.
    Remove,
    /// Put this in its place.
    Set(T),
}

impl<T> Change<T> {
    fn into_option(self) -> Option<T> {
        match self {
            Self::Remove => None,
            Self::Set(value) => Some(value),
        }
    }
}

/// What an update changes; what is absent stays.
#[derive(Debug, Clone, Default)]
pub struct Changes {
    /// Title.
    pub title: Option<Title>,
    /// Description; empty removes it.
    pub description: Option<String>,
    /// Colour; empty draws a new one.
    pub color: Option<String>,
    /// Cover id; empty removes it.
    pub cover: Option<String>,
    /// Whether its content is numbered.
    pub indexing: Option<bool>,
    /// Whether viewers can't download.
    pub deny_download: Option<bool>,
    /// Quota.
    pub quota: Option<i64>,
    /// Lifetime of its files.
    pub lifetime: Option<Change<Lifetime>>,
    /// Watermark.
    pub watermark: Option<Change<Watermark>>,
    /// Chat parameters.
    pub chat: Option<Chat>,
    /// The whole new set of tags.
    pub tags: Option<Vec<String>>,
    /// Form rooms: gather answers in a table.
    pub save_form_as_xlsx: Option<bool>,
    /// Form rooms: send answers to an external database.
    pub send_form_to_external_db: Option<bool>,
}

/// Changes a room's title and settings, as a caller of the API asks: finds it, and checks the right.
///
/// Contract: rooms.md §4.2. A missing room is `RoomNotFoundForEdit` (403 in the reference); else `RoomArchived` or
/// `RoomNotEditable`.
pub fn update(tx: &mut Tx<'_>, call: &Call, id: EntryId, changes: &Changes) -> Result<View> {
    let found = find(tx, call, id).map_err(|problem| match problem.kind() {
        Kind::RoomNotFound if is_root(call, id) => Kind::RoomNotEditable.into(),
        Kind::RoomNotFound => Kind::RoomNotFoundForEdit.into(),
        Kind::RoomDeleted => Kind::RoomDeletedForEdit.into(),
        _ => problem,
    })?;
    let room = found.grant::<Update>()?;
    apply(tx, call, &room, changes)?;
    let seen = find(tx, call, id)?.grant::<Look>()?.into_inner();
    view_with_tags(tx, call, seen)
}

fn apply(tx: &mut Tx<'_>, call: &Call, seen: &Granted<Seen, Update>, changes: &Changes) -> Result<()> {
    let old = &seen.room;
    let mut room = old.clone();
    let mut happened = Vec::new();
    if let Some(title) = &changes.title {
        title.as_str().clone_into(&mut room.title);
    }
    if let Some(description) = &changes.description {
        room.description.clone_from(description);
    }
    change_looks(tx, &mut room, changes)?;
    room.indexing = changes.indexing.unwrap_or(old.indexing);
    room.deny_download = changes.deny_download.unwrap_or(old.deny_download);
    room.quota = changes.quota.map_or(old.quota, stored_quota);
    if let Some(lifetime) = changes.lifetime.clone() {
        room.lifetime = lifetime.into_option().map(|lifetime| lifetime.from(tx.now()));
    }
    if let Some(watermark) = changes.watermark.clone() {
        room.watermark = watermark.into_option();
    }
    room.chat = changes.chat.clone().or(room.chat);
    room.save_form_as_xlsx = changes.save_form_as_xlsx.unwrap_or(old.save_form_as_xlsx);
    room.send_form_to_external_db = changes.send_form_to_external_db.unwrap_or(old.send_form_to_external_db);
    happened.extend(differences(old, &room));
    if let Some(tags) = &changes.tags {
        happened.extend(tags::replace(tx, call.portal.id, &room, tags)?);
    }
    (room.modified_by, room.modified_at) = (call.person()?.id, tx.now());
    let title_fold = crate::text::fold(&room.title);
    sql::update(tx, call.portal.id, &room, &title_fold)?;
    say(tx, &room, happened);
    Ok(())
}

fn change_looks(tx: &Tx<'_>, room: &mut Room, changes: &Changes) -> Result<()> {
    match changes.color.as_deref() {
        None => {}
        Some("") => rules::color(tx.random::<1>()[0]).clone_into(&mut room.color),
        Some(color) => color.clone_into(&mut room.color),
    }
    if let Some(cover) = &changes.cover {
        room.cover = checked_cover(Some(cover))?;
    }
    Ok(())
}

/// What the log says of an update (rooms.md §14). What is set to what it was is not said.
fn differences(old: &Room, new: &Room) -> Vec<RoomEvent> {
    let mut events = Vec::new();
    if old.title != new.title {
        events.push(RoomEvent::Renamed { old: old.title.clone() });
    }
    if old.description != new.description {
        events.push(RoomEvent::Described);
    }
    if old.color != new.color || old.cover != new.cover {
        events.push(RoomEvent::CoverChanged);
    }
    if old.indexing != new.indexing {
        events.push(RoomEvent::Indexing(new.indexing));
    }
    if old.deny_download != new.deny_download {
        events.push(RoomEvent::DenyDownload(new.deny_download));
    }
    if old.quota != new.quota {
        events.push(RoomEvent::Quota(new.quota));
    }
    if old.lifetime != new.lifetime {
        events.push(RoomEvent::Lifetime(new.lifetime.is_some()));
    }
    if old.watermark != new.watermark {
        events.push(RoomEvent::Watermark(new.watermark.is_some()));
    }
    events
}

/// A finished operation with the room it shows, if it shows one.
#[derive(Debug, Clone)]
pub struct Done {
    /// The operation.
    pub operation: Operation,
    /// The room, where it went.
    pub room: Option<View>,
}

/// Moves a room to the archive or back. Where it lies there already, the operation finishes with nothing done.
///
/// Contract: rooms.md §6, deviations.md 4: the operation is finished when the call is answered. With `hold` it
/// stays listed until it is fetched. Fails with `RoomNotFound`, `RoomNotReadable`, `AccessDenied`.
pub fn relocate(tx: &mut Tx<'_>, call: &Call, id: EntryId, to: Section, hold: bool) -> Result<Done> {
    let found = find(tx, call, id).map_err(|problem| not_a_room(call, id, problem))?;
    let room = found.require::<Look>()?.grant::<Relocate>()?;
    let moves = room.room.section != to;
    if moves {
        sql::relocate(tx, call.portal.id, &room, to, call.person()?.id)?;
        say(
            tx,
            &room.room,
            vec![if to == Section::Archive { RoomEvent::Archived } else { RoomEvent::Unarchived }],
        );
    }
    let operation = Operation {
        processed: i64::from(moves),
        room: moves.then_some(id),
        section: Some(to.root(&call.portal)),
        ..finished(tx, call, OperationKind::Move)?
    };
    keep(tx, &operation, hold);
    let room = if moves { Some(get(tx, call, id)?) } else { None };
    Ok(Done { operation, room })
}

/// Deletes a room for good: from this commit on nothing shows it. A job removes its rows and bytes.
///
/// Contract: rooms.md §6. Fails with `RoomNotFound`, `RoomDeleted`, `AccessDenied`.
pub fn delete(tx: &mut Tx<'_>, call: &Call, id: EntryId, hold: bool) -> Result<Done> {
    let found = find(tx, call, id).map_err(|problem| not_a_room(call, id, problem))?;
    let room = found.grant::<Remove>()?;
    sql::relocate(tx, call.portal.id, &room, Section::Gone, call.person()?.id)?;
    say(tx, &room.room, vec![RoomEvent::Deleted]);
    let processed = 1 + room.room.files_count + room.room.folders_count;
    let operation = Operation { processed, ..finished(tx, call, OperationKind::Delete)? };
    keep(tx, &operation, hold);
    Ok(Done { operation, room: None })
}

fn keep(tx: &mut Tx<'_>, operation: &Operation, hold: bool) {
    if hold {
        tx.keep_operation(operation.clone());
    }
}

fn finished(tx: &mut Tx<'_>, call: &Call, kind: OperationKind) -> Result<Operation> {
    Ok(Operation {
        id: HEXLOWER.encode(&tx.random::<16>()),
        portal: call.portal.id,
        owner: call.person()?.id,
        kind,
        processed: 0,
        room: None,
        section: None,
        at: tx.now(),
    })
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
