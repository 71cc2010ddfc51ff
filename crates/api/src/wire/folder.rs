//! Folders and rooms as the reference's `FolderDto` (rooms.md §3).

use std::collections::HashMap;
use std::sync::Arc;

use domain::access::{Right, Rights};
use domain::ids::{EntryId, UserId};
use domain::people::{Person, UserKind};
use domain::portals::Portal;
use domain::rooms::covers;
use domain::rooms::{Chat, Lifetime, QUOTA_DEFAULT, Room, RoomKind, Section, View, Watermark};
use schemars::JsonSchema;
use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};
use serde_with::skip_serializing_none;

use super::Site;
use super::employee::EmployeeDto;
use crate::gate::Call;

/// `rootFolderType` of templates.
const TEMPLATES: i64 = 30;

/// A folder; for a room with the members that only rooms have.
#[skip_serializing_none]
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "FolderDtoInteger")]
pub(crate) struct FolderDto {
    id: i64,
    parent_id: i64,
    title: String,
    /// Enfilade's own: deviations.md 3.
    description: Option<String>,
    access: i64,
    shared: bool,
    shared_for_user: bool,
    shared_external: bool,
    parent_shared: bool,
    short_web_url: &'static str,
    created: String,
    created_by: Option<Arc<EmployeeDto>>,
    updated: String,
    updated_by: Option<Arc<EmployeeDto>>,
    shared_by: Option<Arc<EmployeeDto>>,
    owned_by: Option<Arc<EmployeeDto>>,
    root_folder_type: i64,
    root_folder_id: i64,
    parent_room_type: Option<i64>,
    is_favorite: bool,
    file_entry_type: i64,
    can_share: bool,
    share_settings: Option<LinkLimits>,
    available_share_rights: LinkRoles,
    security: Security,
    files_count: i64,
    folders_count: i64,
    new: i64,
    mute: bool,
    tags: Option<Vec<String>>,
    logo: Option<LogoDto>,
    pinned: bool,
    room_type: Option<i64>,
    private: bool,
    indexing: bool,
    deny_download: bool,
    lifetime: Option<LifetimeDto>,
    watermark: Option<WatermarkDto>,
    r#type: Option<i64>,
    in_room: Option<bool>,
    used_space: Option<i64>,
    quota_limit: Option<i64>,
    is_custom_quota: Option<bool>,
    #[serde(rename = "saveFormAsXLSX")]
    save_form_as_xlsx: Option<bool>,
    #[serde(rename = "sendFormToExternalDB")]
    send_form_to_external_db: Option<bool>,
    chat_settings: Option<ChatDto>,
}

/// Turns rooms into their wire form, making each person's card once.
pub(crate) struct Folders<'a> {
    call: &'a Call,
    site: Site<'a>,
    cards: HashMap<UserId, Arc<EmployeeDto>>,
}

impl<'a> Folders<'a> {
    pub(crate) fn new(call: &'a Call) -> Self {
        Self { call, site: Site::of(call), cards: HashMap::new() }
    }

    fn card(&mut self, people: &HashMap<UserId, Person>, id: UserId) -> Option<Arc<EmployeeDto>> {
        let person = people.get(&id)?;
        let site = &self.site;
        Some(self.cards.entry(id).or_insert_with(|| Arc::new(EmployeeDto::of(person, site))).clone())
    }

    /// A room.
    pub(crate) fn room(&mut self, view: &View) -> FolderDto {
        let (room, rights) = (&view.seen.room, view.seen.rights);
        let created = self.call.someone().is_some_and(|person| person.id == room.created_by);
        let guest = self.call.someone().is_none_or(|person| person.kind == UserKind::Guest);
        let can_share = rights.has(Right::EditAccess) && !guest && room.kind.can_be_shared();
        let root = room.section.root(&self.call.portal).0;
        let listed_section = view.listed && room.section == Section::Rooms;
        let form = room.kind == RoomKind::FillingForms;
        let limit = limit(room, &self.call.portal).filter(|_| shows_usage(room, rights));
        FolderDto {
            id: room.id.0,
            parent_id: root,
            title: room.title.clone(),
            description: Some(room.description.clone()).filter(|text| !text.is_empty()),
            access: access(view),
            shared: room.links_count > 0,
            shared_for_user: room.members_count > 0,
            shared_external: room.public_links_count > 0,
            parent_shared: false,
            short_web_url: "",
            created: self.site.date(room.created_at),
            created_by: self.card(&view.people, room.created_by),
            updated: self.site.date(room.modified_at),
            updated_by: self.card(&view.people, room.modified_by),
            shared_by: view
                .seen
                .shared_by
                .filter(|_| view.seen.access.is_some_and(|access| access > 0))
                .and_then(|id| self.card(&view.people, id)),
            owned_by: if view.seen.access.is_some_and(|access| access > 0) {
                self.card(&view.people, room.created_by)
            } else {
                None
            },
            root_folder_type: room.section as i64,
            root_folder_id: root,
            parent_room_type: listed_section.then_some(Section::Rooms as i64),
            is_favorite: false,
            file_entry_type: 1,
            can_share,
            share_settings: Some(LinkLimits(room.kind.link_limits()))
                .filter(|limits| can_share && !limits.0.is_empty()),
            available_share_rights: LinkRoles { roles: Some(room.kind.link_roles()), none: created },
            security: Security(rights),
            files_count: room.files_count,
            folders_count: room.folders_count,
            new: 0,
            mute: view.seen.muted,
            tags: Some(view.tags.clone()),
            logo: Some(LogoDto::of(room)),
            pinned: false,
            room_type: Some(room.kind as i64),
            private: room.private,
            indexing: room.indexing,
            deny_download: room.deny_download,
            lifetime: room.lifetime.as_ref().map(LifetimeDto::of),
            watermark: room.watermark.as_ref().map(WatermarkDto::of),
            r#type: None,
            in_room: Some(view.seen.in_room),
            used_space: shows_usage(room, rights).then_some(room.used_bytes),
            quota_limit: limit.map(|(bytes, _)| bytes),
            is_custom_quota: limit.map(|(_, own)| own),
            save_form_as_xlsx: form.then_some(room.save_form_as_xlsx),
            send_form_to_external_db: form.then_some(room.send_form_to_external_db),
            chat_settings: room.chat.as_ref().map(ChatDto::of),
        }
    }

    /// A section's root folder, as `current` of a list and as the place a room was moved to (rooms.md §5).
    pub(crate) fn root(&self, id: EntryId) -> FolderDto {
        let portal = &self.call.portal;
        let (title, section) = match id {
            id if id == portal.archive_root => ("Archive", Section::Archive as i64),
            id if id == portal.templates_root => ("Templates", TEMPLATES),
            _ => ("Rooms", Section::Rooms as i64),
        };
        let creates = self.call.someone().is_some_and(|person| person.kind.makes_rooms())
            && section == Section::Rooms as i64;
        let founded = self.site.date(portal.created_at);
        FolderDto {
            id: id.0,
            parent_id: 0,
            title: title.to_owned(),
            description: None,
            access: 0,
            shared: false,
            shared_for_user: false,
            shared_external: false,
            parent_shared: false,
            short_web_url: "",
            created: founded.clone(),
            created_by: None,
            updated: founded,
            updated_by: None,
            shared_by: None,
            owned_by: None,
            root_folder_type: section,
            root_folder_id: id.0,
            parent_room_type: (section != Section::Archive as i64).then_some(section),
            is_favorite: false,
            file_entry_type: 1,
            can_share: false,
            share_settings: None,
            available_share_rights: LinkRoles { roles: None, none: false },
            security: Security(Rights::of_root(creates)),
            files_count: 0,
            folders_count: 0,
            new: 0,
            mute: false,
            tags: None,
            logo: None,
            pinned: false,
            room_type: None,
            private: false,
            indexing: false,
            deny_download: false,
            lifetime: None,
            watermark: None,
            r#type: Some(section),
            in_room: None,
            used_space: None,
            quota_limit: None,
            is_custom_quota: None,
            save_form_as_xlsx: None,
            send_form_to_external_db: None,
            chat_settings: None,
        }
    }

    /// The way to a section's root: itself.
    pub(crate) fn path(&self, root: EntryId) -> Vec<PathPartDto> {
        let folder = self.root(root);
        vec![PathPartDto { id: folder.id, title: folder.title, folder_type: folder.root_folder_type }]
    }
}

/// The caller's role: 0 for the creator, and for an administrator without one in lists; there 3 on single rooms.
fn access(view: &View) -> i64 {
    view.seen.access.unwrap_or(if view.listed { 0 } else { 3 })
}

/// Who sees how much a room uses: those who edit or fill it, or delete it from the archive (rooms.md §3).
fn shows_usage(room: &Room, rights: Rights) -> bool {
    if room.section == Section::Archive {
        rights.has(Right::Delete)
    } else {
        rights.has(Right::EditRoom) || rights.has(Right::Create)
    }
}

/// How much a room may hold (-1: no limit) and whether that is its own limit, where limits on rooms hold; nothing is
/// added to archived ones (rooms.md §3).
fn limit(room: &Room, portal: &Portal) -> Option<(i64, bool)> {
    let of_all = if room.kind == RoomKind::Agent { portal.agent_limit } else { portal.room_limit };
    let own = room.quota > QUOTA_DEFAULT;
    let bytes = if own { room.quota } else { of_all.default_bytes };
    (of_all.enabled && room.section != Section::Archive).then_some((bytes, own))
}

/// An element of `pathParts`.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "PathPartDto")]
pub(crate) struct PathPartDto {
    id: i64,
    title: String,
    folder_type: i64,
}

/// Rights as the `security` object: a name and a bool for each.
#[derive(Debug, Clone, Copy)]
struct Security(Rights);

impl Serialize for Security {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(Right::ALL.iter().map(|right| (right.name(), self.0.has(*right))))
    }
}

/// How many links of each kind there may be.
#[derive(Debug, Clone, Copy)]
struct LinkLimits(&'static [(&'static str, u32)]);

impl Serialize for LinkLimits {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().copied())
    }
}

/// The roles each kind of link may give: `{}` for what has no links.
#[derive(Debug, Clone, Copy)]
struct LinkRoles {
    roles: Option<&'static [&'static str]>,
    none: bool,
}

impl Serialize for LinkRoles {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Some(roles) = self.roles else { return serializer.serialize_map(Some(0))?.end() };
        let names: Vec<&str> = roles.iter().copied().chain(self.none.then_some("None")).collect();
        serializer.collect_map([("ExternalLink", &names), ("PrimaryExternalLink", &names)])
    }
}

macro_rules! schema_of {
    ($($type:ident as $schema:ty, $name:literal;)*) => {
        $(impl JsonSchema for $type {
            fn schema_name() -> std::borrow::Cow<'static, str> {
                $name.into()
            }
            fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
                <$schema>::json_schema(generator)
            }
        })*
    };
}
schema_of! {
    Security as HashMap<String, bool>, "FileEntryDtoIntegerAllOfSecurity";
    LinkLimits as HashMap<String, u32>, "FileEntryDtoIntegerAllOfShareSettings";
    LinkRoles as HashMap<String, Vec<String>>, "FileEntryDtoIntegerAllOfAvailableShareRights";
}

/// A room's picture: its colour, and its cover if it has one (rooms.md §3.2).
#[skip_serializing_none]
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[schemars(rename = "Logo")]
struct LogoDto {
    original: &'static str,
    large: &'static str,
    medium: &'static str,
    small: &'static str,
    color: String,
    cover: Option<CoverDto>,
}

/// A cover's drawing.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[schemars(rename = "LogoCover")]
struct CoverDto {
    id: &'static str,
    data: &'static str,
}

impl LogoDto {
    fn of(room: &Room) -> Self {
        let cover = room
            .cover
            .as_deref()
            .and_then(covers::find)
            .map(|cover| CoverDto { id: cover.id, data: cover.svg });
        Self { original: "", large: "", medium: "", small: "", color: room.color.clone(), cover }
    }
}

/// The lifetime of a room's files.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "RoomDataLifetimeDto")]
struct LifetimeDto {
    delete_permanently: bool,
    period: i64,
    value: i64,
    enabled: bool,
}

impl LifetimeDto {
    fn of(lifetime: &Lifetime) -> Self {
        Self {
            delete_permanently: lifetime.delete_permanently,
            period: lifetime.period,
            value: lifetime.value,
            enabled: true,
        }
    }
}

/// A room's watermark.
#[skip_serializing_none]
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "WatermarkDto")]
struct WatermarkDto {
    additions: i64,
    text: Option<String>,
    rotate: i64,
    image_scale: i64,
    image_url: Option<String>,
    image_height: f64,
    image_width: f64,
}

impl WatermarkDto {
    fn of(watermark: &Watermark) -> Self {
        Self {
            additions: watermark.additions,
            text: watermark.text.clone(),
            rotate: watermark.rotate,
            image_scale: watermark.image_scale,
            image_url: watermark.image_url.clone(),
            image_height: watermark.image_height,
            image_width: watermark.image_width,
        }
    }
}

/// The parameters of a room's chat.
#[skip_serializing_none]
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "ChatSettingsDto")]
struct ChatDto {
    provider_id: i64,
    model_id: String,
    prompt: Option<String>,
    thinking: bool,
}

impl ChatDto {
    fn of(chat: &Chat) -> Self {
        Self {
            provider_id: chat.provider_id,
            model_id: chat.model_id.clone(),
            prompt: chat.prompt.clone(),
            thinking: false,
        }
    }
}
