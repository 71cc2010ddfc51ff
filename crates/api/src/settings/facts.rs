//! What the portal says of itself in short (foundation.md §4.4, §4.11).

use domain::{Kind, Problem, Result, plan};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::first::SOCKET_URL;
use crate::body::{Body, BodyDto, NoBody};
use crate::gate::Call;
use crate::people::pictures::LOGO;
use crate::portal::DATA_VERSION;
use crate::reply::Reply;
use crate::routes::{Need, Routes, Scope};
use crate::wire::Site;

pub(super) fn routes(routes: Routes) -> Routes {
    const VERSION: &str = "/api/2.0/settings/version";
    routes
        .get(
            "/api/2.0/settings/logo",
            "settings.logo",
            Need::Guest,
            Scope::Read,
            "The address of the logo",
            logo,
        )
        .get(
            "/api/2.0/settings/socket",
            "settings.socket",
            Need::Guest,
            Scope::Read,
            "Where the socket is",
            socket,
        )
        .get(
            VERSION,
            "settings.version",
            Need::Guest,
            Scope::Read,
            "The version of the portal's data",
            version,
        )
        .put(
            VERSION,
            "settings.set_version",
            Need::DocSpaceAdmin,
            Scope::Write,
            "Choose the version of the portal's data, of which there is one",
            set_version,
        )
        .get(
            "/api/2.0/settings/enablewhitelabel",
            "settings.may_be_branded",
            Need::Guest,
            Scope::Read,
            "Whether the plan has an own logo and name",
            may_be_branded,
        )
}

async fn logo(call: Call, _: NoBody) -> Result<Reply<String>> {
    Ok(Reply::one(format!("{}/static/images/{LOGO}", Site::of(&call).base)))
}

/// Where the socket is.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "SocketSettings")]
struct SocketDto {
    url: &'static str,
}

async fn socket(_: Call, _: NoBody) -> Result<Reply<SocketDto>> {
    Ok(Reply::one(SocketDto { url: SOCKET_URL }))
}

/// A version of the portal's data.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "TenantVersion")]
struct VersionDto {
    id: i64,
    name: String,
}

/// The versions of the portal's data.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "TenantVersionDto")]
struct VersionsDto {
    current: i64,
    versions: Vec<VersionDto>,
}

fn versions() -> VersionsDto {
    VersionsDto {
        current: DATA_VERSION,
        versions: vec![VersionDto { id: DATA_VERSION, name: DATA_VERSION.to_string() }],
    }
}

async fn version(_: Call, _: NoBody) -> Result<Reply<VersionsDto>> {
    Ok(Reply::one(versions()))
}

/// The version that is wanted.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, rename_all = "camelCase")]
#[schemars(rename = "SettingsRequestsDto")]
struct NewVersionDto {
    version_id: i64,
}

impl BodyDto for NewVersionDto {
    const NAME: &'static str = "SettingsRequestsDto";
}

async fn set_version(_: Call, Body(new): Body<NewVersionDto>) -> Result<Reply<VersionsDto>> {
    if new.version_id == DATA_VERSION {
        Ok(Reply::one(versions()))
    } else {
        Err(Problem::text(Kind::BadArgument, format!("There is no version but {DATA_VERSION}")))
    }
}

async fn may_be_branded(_: Call, _: NoBody) -> Result<Reply<bool>> {
    Ok(Reply::one(plan::has("branding")))
}
