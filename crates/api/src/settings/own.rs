//! Settings that are the caller's own (foundation.md §4.4).

use domain::people::UserKind;
use domain::portal_settings::{DefaultFolder, EmailActivation};
use domain::setting::{self, Stored};
use domain::{Kind, Problem, Result};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::app::App;
use crate::body::{Body, BodyDto};
use crate::gate::Call;
use crate::reply::Reply;
use crate::routes::{Need, Routes, Scope};
use crate::wire::modified;

pub(super) fn routes(routes: Routes) -> Routes {
    routes
        .put(
            "/api/2.0/settings/defaultfolder",
            "settings.set_default_folder",
            Need::Guest,
            Scope::Write,
            "Choose where the caller begins",
            set_folder,
        )
        .put(
            "/api/2.0/settings/emailactivation",
            "settings.set_email_activation",
            Need::Guest,
            Scope::Write,
            "Show the caller the reminder to confirm the address, or not",
            set_reminder,
        )
}

/// Where the caller begins from now on: a folder type's number.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, rename_all = "camelCase")]
#[schemars(rename = "DefaultProductRequestDto")]
struct NewFolderDto {
    default_folder_type: i32,
}

impl BodyDto for NewFolderDto {
    const NAME: &'static str = "DefaultProductRequestDto";
    const REQUIRED: &'static [&'static str] = &["defaultFolderType"];
}

/// Where the caller begins.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "StudioDefaultPageSettings")]
struct FolderDto {
    default_folder_type: i64,
    last_modified: String,
}

async fn set_folder(call: Call, app: App, Body(new): Body<NewFolderDto>) -> Result<Reply<FolderDto>> {
    let kind = i64::from(new.default_folder_type);
    let is_guest = call.someone().is_some_and(|person| person.kind == UserKind::Guest);
    if !DefaultFolder::KINDS.contains(&kind) || (is_guest && kind == DefaultFolder::MINE) {
        return Err(Problem::text(Kind::BadArgument, "DefaultFolderType"));
    }
    app.write(call, move |tx, call| {
        let (portal, user) = (call.portal.id, call.person()?.id);
        setting::set(tx, portal, Some(user), &DefaultFolder { kind })?;
        let stored: Stored<DefaultFolder> = setting::stored(tx, portal, Some(user))?;
        Ok(Reply::one(FolderDto { default_folder_type: stored.value.kind, last_modified: modified(&stored) }))
    })
    .await
}

/// Whether the reminder is shown from now on.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
#[schemars(rename = "EmailActivationRequestDto")]
struct NewReminderDto {
    show: bool,
}

impl BodyDto for NewReminderDto {
    const NAME: &'static str = "EmailActivationSettings";
}

/// Whether the reminder is shown.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "EmailActivationSettings")]
struct ReminderDto {
    show: bool,
    last_modified: String,
}

async fn set_reminder(call: Call, app: App, Body(new): Body<NewReminderDto>) -> Result<Reply<ReminderDto>> {
    let value = EmailActivation { show: new.show };
    app.write(call, move |tx, call| {
        let (portal, user) = (call.portal.id, call.person()?.id);
        setting::set(tx, portal, Some(user), &value)?;
        let stored: Stored<EmailActivation> = setting::stored(tx, portal, Some(user))?;
        Ok(Reply::one(ReminderDto { show: stored.value.show, last_modified: modified(&stored) }))
    })
    .await
}
