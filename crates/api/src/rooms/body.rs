//! The bodies of the calls on rooms (rooms.md §4), and what becomes of them.

use domain::rooms::{
    Change, Changes, Chat, DESCRIPTION_MAX, Lifetime, NewRoom, QUOTA_DEFAULT, RoomKind, TITLE_MAX, Title,
    Watermark,
};
use domain::{Kind, Problem, Result};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::bind::{EnumTable, Named};
use crate::body::{BodyDto, Checks};

/// Longest colour and cover id (rooms.md §4.1).
const COLOR_MAX: usize = 6;
const COVER_MAX: usize = 50;
const WATERMARK_TEXT_MAX: usize = 255;
/// The range of a logo's rectangle.
const LOGO_SIDE: i64 = 1280;

/// The names of room types in a body.
#[derive(Debug)]
struct RoomTypes;

impl EnumTable for RoomTypes {
    const TYPE: &'static str = "ASC.Files.Core.ApiModels.RoomType";
    const NAMES: &'static [(&'static str, i64)] = RoomKind::NAMES;
}

/// A room to be created.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, rename_all = "camelCase")]
#[schemars(rename = "CreateRoomRequestDto")]
pub(super) struct NewRoomDto {
    title: Option<String>,
    /// Enfilade's own: deviations.md 3.
    description: Option<String>,
    #[serde(deserialize_with = "present")]
    #[schemars(with = "Option<i64>")]
    room_type: Option<Named<RoomTypes>>,
    quota: Option<i64>,
    indexing: Option<bool>,
    deny_download: Option<bool>,
    lifetime: Option<LifetimeDto>,
    watermark: Option<WatermarkDto>,
    logo: Option<LogoDto>,
    tags: Option<Vec<Option<String>>>,
    color: Option<String>,
    cover: Option<String>,
    private: Option<bool>,
    #[schemars(with = "Option<Vec<serde_json::Value>>")]
    share: Option<Vec<serde_json::Value>>,
    chat_settings: Option<ChatDto>,
    #[serde(rename = "saveFormAsXLSX")]
    save_form_as_xlsx: Option<bool>,
    #[serde(rename = "sendFormToExternalDB")]
    send_form_to_external_db: Option<bool>,
}

impl BodyDto for NewRoomDto {
    const NAME: &'static str = "ASC.Files.ApiModels.RequestDto.CreateRoomRequestDto";
    const REQUIRED: &'static [&'static str] = &["title"];

    fn check(&self, checks: &mut Checks) {
        checks.length("Title", self.title.as_deref(), TITLE_MAX);
        check_looks(checks, self.color.as_deref(), self.cover.as_deref(), self.description.as_deref());
        check_parts(checks, self.lifetime.as_ref(), self.watermark.as_ref(), self.logo.as_ref());
    }
}

impl NewRoomDto {
    /// The command.
    pub(super) fn parse(self) -> Result<NewRoom> {
        let kind = self.room_type.map_or(Some(RoomKind::Custom), |sent| RoomKind::of(sent.value()));
        let title = self.title.ok_or_else(|| argument("Value cannot be null. (Parameter 'title')"))?;
        refuse_logo(self.logo.as_ref())?;
        refuse_private(self.private, self.share.as_deref())?;
        Ok(NewRoom {
            title: Title::parse(&title)?,
            kind: kind.ok_or_else(|| {
                argument("Specified argument was out of the range of valid values. (Parameter 'roomType')")
            })?,
            description: self.description.unwrap_or_default(),
            color: self.color,
            cover: self.cover,
            indexing: self.indexing.unwrap_or(false),
            deny_download: self.deny_download.unwrap_or(false),
            quota: self.quota.unwrap_or(QUOTA_DEFAULT),
            lifetime: self
                .lifetime
                .filter(|lifetime| lifetime.enabled != Some(false))
                .map(LifetimeDto::into_lifetime),
            watermark: self
                .watermark
                .filter(|watermark| watermark.enabled != Some(false))
                .map(WatermarkDto::into_watermark),
            chat: self.chat_settings.map(ChatDto::into_chat).transpose()?,
            tags: tag_names(self.tags.unwrap_or_default())?,
            save_form_as_xlsx: self.save_form_as_xlsx.unwrap_or(true),
            send_form_to_external_db: self.send_form_to_external_db.unwrap_or(false),
        })
    }
}

/// Changes to a room; what is absent or null stays.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, rename_all = "camelCase")]
#[schemars(rename = "UpdateRoomRequest")]
pub(super) struct RoomChangesDto {
    title: Option<String>,
    /// Enfilade's own: deviations.md 3.
    description: Option<String>,
    quota: Option<i64>,
    indexing: Option<bool>,
    deny_download: Option<bool>,
    lifetime: Option<LifetimeDto>,
    watermark: Option<WatermarkDto>,
    logo: Option<LogoDto>,
    tags: Option<Vec<Option<String>>>,
    color: Option<String>,
    cover: Option<String>,
    chat_settings: Option<ChatDto>,
    #[serde(rename = "saveFormAsXLSX")]
    save_form_as_xlsx: Option<bool>,
    #[serde(rename = "sendFormToExternalDB")]
    send_form_to_external_db: Option<bool>,
}

impl BodyDto for RoomChangesDto {
    const NAME: &'static str = "UpdateRoomRequest";
    const MEMBER: &'static str = "UpdateRoom";

    fn check(&self, checks: &mut Checks) {
        checks.length("Title", self.title.as_deref(), TITLE_MAX);
        check_looks(checks, self.color.as_deref(), self.cover.as_deref(), self.description.as_deref());
        check_parts(checks, self.lifetime.as_ref(), self.watermark.as_ref(), self.logo.as_ref());
    }
}

impl RoomChangesDto {
    /// The command. A blank title changes nothing (rooms.md §4.1).
    pub(super) fn parse(self) -> Result<Changes> {
        refuse_logo(self.logo.as_ref())?;
        let title = self.title.filter(|title| !title.trim().is_empty());
        Ok(Changes {
            title: title.map(|title| Title::parse(&title)).transpose()?,
            description: self.description,
            color: self.color,
            cover: self.cover,
            indexing: self.indexing,
            deny_download: self.deny_download,
            quota: self.quota,
            lifetime: self.lifetime.map(|lifetime| {
                if lifetime.enabled == Some(false) {
                    Change::Remove
                } else {
                    Change::Set(lifetime.into_lifetime())
                }
            }),
            watermark: self.watermark.map(|watermark| {
                if watermark.enabled == Some(false) {
                    Change::Remove
                } else {
                    Change::Set(watermark.into_watermark())
                }
            }),
            chat: self.chat_settings.map(ChatDto::into_chat).transpose()?,
            tags: self.tags.map(tag_names).transpose()?,
            save_form_as_xlsx: self.save_form_as_xlsx,
            send_form_to_external_db: self.send_form_to_external_db,
        })
    }
}

fn argument(sentence: &'static str) -> Problem {
    Problem::text(Kind::BadArgument, sentence)
}

fn check_looks(checks: &mut Checks, color: Option<&str>, cover: Option<&str>, description: Option<&str>) {
    checks.length("Color", color, COLOR_MAX);
    checks.length("Cover", cover, COVER_MAX);
    // Counted in characters, not in UTF-16 units: the field is ours.
    let long = description.is_some_and(|text| text.chars().count() > DESCRIPTION_MAX);
    checks.length("Description", description.filter(|_| long), DESCRIPTION_MAX);
}

fn check_parts(
    checks: &mut Checks,
    lifetime: Option<&LifetimeDto>,
    watermark: Option<&WatermarkDto>,
    logo: Option<&LogoDto>,
) {
    if let Some(lifetime) = lifetime.filter(|lifetime| lifetime.enabled != Some(false)) {
        // An absent number counts as 0 (foundation.md §1.3).
        checks.range("Lifetime.Value", Some(lifetime.value.unwrap_or(0)), 1..=999);
        checks.range("Lifetime.Period", lifetime.period, 0..=2);
    }
    checks.length(
        "Watermark.Text",
        watermark.and_then(|watermark| watermark.text.as_deref()),
        WATERMARK_TEXT_MAX,
    );
    if let Some(logo) = logo {
        checks.required("Logo.TmpFile", logo.tmp_file.as_deref());
        checks.range("Logo.X", logo.x, 0..=LOGO_SIDE);
        checks.range("Logo.Y", logo.y, 0..=LOGO_SIDE);
        checks.range("Logo.Width", logo.width, 1..=LOGO_SIDE);
        checks.range("Logo.Height", logo.height, 1..=LOGO_SIDE);
    }
}

/// No picture can have been uploaded yet, so whatever is named isn't there.
fn refuse_logo(logo: Option<&LogoDto>) -> Result<()> {
    if logo.is_some() {
        Err(Problem::text(Kind::NotFound, "The uploaded picture could not be found"))
    } else {
        Ok(())
    }
}

/// A private room wants members with encryption keys, and this server keeps nobody's.
fn refuse_private(private: Option<bool>, share: Option<&[serde_json::Value]>) -> Result<()> {
    match (private, share.unwrap_or_default()) {
        (Some(true), []) => Err(argument("Value cannot be null. (Parameter 'shares')")),
        (Some(true), _) => Err(Problem::text(Kind::KeyMissing, "The user does not have an encryption key")),
        _ => Ok(()),
    }
}

/// A member that may be absent, but not null.
pub(super) fn present<'de, D: serde::Deserializer<'de>, T: Deserialize<'de>>(
    deserializer: D,
) -> std::result::Result<Option<T>, D::Error> {
    T::deserialize(deserializer).map(Some)
}

fn tag_names(names: Vec<Option<String>>) -> Result<Vec<String>> {
    names
        .into_iter()
        .map(|name| name.ok_or_else(|| argument("Value cannot be null. (Parameter 'name')")))
        .collect()
}

/// The lifetime of a room's files.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, rename_all = "camelCase")]
#[schemars(rename = "RoomDataLifetimeRequest")]
struct LifetimeDto {
    delete_permanently: bool,
    period: Option<i64>,
    value: Option<i64>,
    enabled: Option<bool>,
}

impl LifetimeDto {
    fn into_lifetime(self) -> Lifetime {
        Lifetime {
            delete_permanently: self.delete_permanently,
            period: self.period.unwrap_or(0),
            value: self.value.unwrap_or(0),
            started_at: 0,
        }
    }
}

/// A watermark.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, rename_all = "camelCase")]
#[schemars(rename = "WatermarkRequestDto")]
struct WatermarkDto {
    enabled: Option<bool>,
    additions: Option<i32>,
    text: Option<String>,
    rotate: Option<i32>,
    image_scale: Option<i32>,
    image_url: Option<String>,
    image_height: Option<f64>,
    image_width: Option<f64>,
}

impl WatermarkDto {
    /// The watermark. An image that isn't an absolute address is an uploaded one, of which there are none yet:
    /// failures while a watermark is applied are swallowed (rooms.md §4.2).
    fn into_watermark(self) -> Watermark {
        let absolute = |url: &String| url.starts_with("http://") || url.starts_with("https://");
        Watermark {
            additions: self.additions.unwrap_or(0).into(),
            text: self.text,
            rotate: self.rotate.unwrap_or(0).into(),
            image_scale: self.image_scale.unwrap_or(0).into(),
            image_url: self.image_url.filter(absolute),
            image_height: self.image_height.unwrap_or(0.0),
            image_width: self.image_width.unwrap_or(0.0),
        }
    }
}

/// An uploaded picture and the part of it to use.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, rename_all = "camelCase")]
#[schemars(rename = "LogoRequest")]
struct LogoDto {
    tmp_file: Option<String>,
    x: Option<i64>,
    y: Option<i64>,
    width: Option<i64>,
    height: Option<i64>,
}

/// Chat parameters of an AI room.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, rename_all = "camelCase")]
#[schemars(rename = "ChatSettings")]
struct ChatDto {
    provider_id: i32,
    model_id: Option<String>,
    prompt: Option<String>,
}

impl ChatDto {
    fn into_chat(self) -> Result<Chat> {
        let model_id = self.model_id.filter(|id| !id.trim().is_empty());
        if self.provider_id <= 0 {
            return Err(argument(
                "Specified argument was out of the range of valid values. (Parameter 'providerId')",
            ));
        }
        Ok(Chat {
            provider_id: self.provider_id.into(),
            model_id: model_id
                .ok_or_else(|| argument("The value cannot be an empty string. (Parameter 'modelId')"))?,
            prompt: self.prompt,
        })
    }
}

macro_rules! operation_body {
    ($($(#[$doc:meta])* $name:ident $schema:literal $member:literal;)*) => {
        $($(#[$doc])*
        #[derive(Debug, Default, Deserialize, JsonSchema)]
        #[serde(default, rename_all = "camelCase")]
        #[schemars(rename = $schema)]
        pub(super) struct $name {
            delete_after: bool,
        }

        impl BodyDto for $name {
            const NAME: &'static str = $schema;
            const MEMBER: &'static str = $member;
        }

        impl $name {
            /// Whether the finished operation stays listed until it is fetched.
            pub(super) fn keeps_result(&self) -> bool {
                !self.delete_after
            }
        })*
    };
}
operation_body! {
    /// How to archive or unarchive.
    ArchiveRoomDto "ArchiveRoomRequest" "ArchiveRoom";
    /// How to delete.
    DeleteRoomDto "DeleteRoomRequest" "DeleteRoom";
}
