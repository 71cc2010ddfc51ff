//! Changing a room's title and settings (rooms.md §4.2).

use super::create::{check_quota, checked_cover, stored_quota};
use super::rules::{self, Chat, Lifetime, QUOTA_DEFAULT, Title, Watermark};
use super::{Look, Room, Seen, Update, View, find, is_root, say, sql, tags, view_with_tags};
use crate::access::Granted;
use crate::event::RoomEvent;
use crate::ids::EntryId;
use crate::store::Tx;
use crate::{Call, Kind, Result};

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
/// `RoomNotEditable`, then `RoomQuotaTooLarge`.
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
    check_quota(tx, call.portal.id, changes.quota.unwrap_or(QUOTA_DEFAULT))?;
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
