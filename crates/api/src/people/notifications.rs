//! Which notices the caller wants (people.md §10).

use domain::ids::EntryId;
use domain::people::{Notice, Notices};
use domain::{Kind, Problem, Result, rooms, setting};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::app::App;
use crate::bind::{EnumTable, Named, NumberOrName};
use crate::body::{Body, BodyDto, NoBody};
use crate::gate::Call;
use crate::params::{PathEnum, PathOf};
use crate::reply::Reply;
use crate::routes::{Need, Routes, Scope};

pub(super) fn routes(routes: Routes) -> Routes {
    routes
        .tag("settings")
        .get(
            "/api/2.0/settings/notification/{type}",
            "notifications.get",
            Need::Guest,
            Scope::Read,
            "Whether the caller wants notices of a kind",
            get,
        )
        .get(
            "/api/2.0/settings/notification/channels",
            "notifications.channels",
            Need::Guest,
            Scope::Read,
            "By which ways notices come",
            channels,
        )
        .post(
            "/api/2.0/settings/notification",
            "notifications.set",
            Need::Guest,
            Scope::Write,
            "Switch notices of a kind on or off",
            set,
        )
        .get(
            "/api/2.0/settings/notification/rooms",
            "notifications.muted",
            Need::Guest,
            Scope::Read,
            "Rooms of which the caller wants no notices",
            muted,
        )
        .post(
            "/api/2.0/settings/notification/rooms",
            "notifications.mute",
            Need::Guest,
            Scope::Write,
            "Mute a room, or listen to it again",
            mute,
        )
}

/// Whether notices of a kind are wanted.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "NotificationSettingsDto")]
struct NoticeDto {
    r#type: i64,
    is_enabled: bool,
}

/// The kinds of notices by name and number.
#[derive(Debug, Clone, Copy)]
struct Kinds;

impl EnumTable for Kinds {
    const TYPE: &'static str = "ASC.Web.Core.Notify.NotificationType";
    const NAMES: &'static [(&'static str, i64)] = Notice::NAMES;
}

impl PathEnum for Kinds {
    const NAME: &'static str = "type";
    const NAMES: &'static [(&'static str, i64)] = Notice::NAMES;
}

fn notice(number: Option<i64>) -> Result<Notice> {
    number.and_then(Notice::of).ok_or_else(|| {
        Problem::text(Kind::BadArgument, "There is no such kind of notices. (Parameter 'type')")
    })
}

async fn get(call: Call, app: App, PathOf(number, ..): PathOf<Kinds>, _: NoBody) -> Result<Reply<NoticeDto>> {
    let notice = notice(Some(number))?;
    app.read(call, move |conn, call| {
        let notices: Notices = setting::of_person(conn, call.portal.id, call.person()?.id)?;
        Ok(Reply::one(NoticeDto { r#type: number, is_enabled: notices.wants(notice) }))
    })
    .await
}

/// A way by which notices come.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "NotificationChannelDto")]
struct ChannelDto {
    name: &'static str,
    is_enabled: bool,
}

/// The ways by which notices come.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "NotificationChannelStatusDto")]
struct ChannelsDto {
    channels: Vec<ChannelDto>,
}

/// Letters are the only way.
async fn channels(_: Call, _: NoBody) -> Result<Reply<ChannelsDto>> {
    Ok(Reply::one(ChannelsDto { channels: vec![ChannelDto { name: "Email", is_enabled: true }] }))
}

/// A kind of notices, and whether it is wanted.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, rename_all = "camelCase")]
#[schemars(rename = "NotificationSettingsRequestsDto")]
struct NoticeChangeDto {
    #[schemars(with = "Option<i64>")]
    r#type: Option<Named<Kinds>>,
    is_enabled: bool,
}

impl BodyDto for NoticeChangeDto {
    const NAME: &'static str = "NotificationSettingsRequestsDto";
}

async fn set(call: Call, app: App, Body(change): Body<NoticeChangeDto>) -> Result<Reply<NoticeDto>> {
    let number = change.r#type.map_or(Some(0), |sent| sent.known());
    let (notice, on) = (notice(number)?, change.is_enabled);
    app.write(call, move |tx, call| {
        let (portal, user) = (call.portal.id, call.person()?.id);
        let mut notices: Notices = setting::of_person(tx, portal, user)?;
        notices.set(notice, on);
        setting::set(tx, portal, Some(user), &notices)?;
        Ok(Reply::one(NoticeDto { r#type: notice as i64, is_enabled: on }))
    })
    .await
}

/// Muted rooms, by id as text.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "RoomsNotificationSettingsDto")]
struct MutedDto {
    disabled_rooms: Vec<String>,
}

impl MutedDto {
    fn of(rooms: &[EntryId]) -> Self {
        Self { disabled_rooms: rooms.iter().map(ToString::to_string).collect() }
    }
}

async fn muted(call: Call, app: App, _: NoBody) -> Result<Reply<MutedDto>> {
    app.read(call, |conn, call| Ok(Reply::one(MutedDto::of(&rooms::muted(conn, call)?)))).await
}

/// A room, and whether it is muted.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, rename_all = "camelCase")]
#[schemars(rename = "RoomsNotificationsSettingsRequestDto")]
struct MuteDto {
    #[schemars(with = "Option<i64>")]
    rooms_id: Option<NumberOrName>,
    mute: bool,
}

impl BodyDto for MuteDto {
    const NAME: &'static str = "RoomsNotificationsSettingsRequestDto";
}

/// Muting takes a room the caller can see; listening again takes none.
async fn mute(call: Call, app: App, Body(change): Body<MuteDto>) -> Result<Reply<MutedDto>> {
    let Some(NumberOrName::Number(number)) = change.rooms_id else {
        return Err(Problem::text(Kind::BadArgument, "A room's id is wanted. (Parameter 'roomsId')"));
    };
    let (room, mute) = (EntryId(number), change.mute);
    app.write(call, move |tx, call| {
        rooms::set_muted(tx, call, room, mute)?;
        Ok(Reply::one(MutedDto::of(&rooms::muted(tx, call)?)))
    })
    .await
}
