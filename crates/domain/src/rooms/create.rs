//! Creating a room (rooms.md §4.2).

use db::Conn;

use super::rules::{self, Chat, Lifetime, QUOTA_DEFAULT, RoomKind, Section, Title, Watermark};
use super::{Hold, Room, View, covers, links, say, see, sql, tags, view};
use crate::event::RoomEvent;
use crate::ids::{EntryId, PortalId, UserId};
use crate::store::Tx;
use crate::{Call, Kind, Problem, Result, quotas, schema};

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
/// Contract: rooms.md §4.2. Who may call it is said by the endpoint's line: `RoomAdmin` and above. Fails with
/// `RoomCreateDenied` or `RoomQuotaTooLarge`.
pub fn create(tx: &mut Tx<'_>, call: &Call, new: &NewRoom) -> Result<View> {
    let creator = call.person()?;
    if !creator.kind.makes_rooms() {
        return Err(Kind::RoomCreateDenied.into());
    }
    let portal = call.portal.id;
    check_quota(tx, portal, new.quota)?;
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
    view(tx, call, see(call, room, Hold::of_creator(), false), tags)
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
pub(super) fn stored_quota(quota: i64) -> i64 {
    quota.max(QUOTA_DEFAULT)
}

/// Refuses a quota that is greater than all the portal may store with `RoomQuotaTooLarge`.
pub(super) fn check_quota(conn: &mut Conn, portal: PortalId, quota: i64) -> Result<()> {
    if quotas::fits(conn, portal, quota)? { Ok(()) } else { Err(Kind::RoomQuotaTooLarge.into()) }
}

pub(super) fn checked_cover(id: Option<&str>) -> Result<Option<String>> {
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
