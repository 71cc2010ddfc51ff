//! Limits on what accounts may store (people.md §5 `userquota`, foundation.md §4.5).

use domain::ids::UserId;
use domain::people::{UserQuota, quota};
use domain::setting::Stored;
use domain::time::NEVER_PLAIN;
use domain::{Kind, Problem, Result, Timestamp};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use serde_with::skip_serializing_none;

use super::body::{MembersDto, all_full};
use crate::app::App;
use crate::body::{Body, BodyDto, NoBody};
use crate::gate::Call;
use crate::reply::Reply;
use crate::routes::{Need, Routes, Scope};
use crate::wire::Site;
use crate::wire::employee::EmployeeFullDto;

/// What a limit that can't be is called.
const TOO_LARGE: &str =
    "Failed to set quota per user. The entered value is greater than the total DocSpace storage.";

pub(super) fn routes(routes: Routes) -> Routes {
    let admin = Need::DocSpaceAdmin;
    routes
        .put(
            "/api/2.0/people/userquota",
            "people.set_quota",
            Need::Guest,
            Scope::PeopleWrite,
            "Limit what accounts may store",
            set,
        )
        .put(
            "/api/2.0/people/resetquota",
            "people.reset_quota",
            admin,
            Scope::PeopleWrite,
            "Give accounts the portal's limit again",
            reset,
        )
        .get(
            "/api/2.0/people/recalculatequota",
            "people.recount",
            admin,
            Scope::PeopleRead,
            "Count anew what accounts store",
            recount,
        )
        .get(
            "/api/2.0/people/checkrecalculatequota",
            "people.is_recounted",
            admin,
            Scope::PeopleRead,
            "Whether that is over",
            is_recounted,
        )
        .tag("settings")
        .get(
            "/api/2.0/settings/userquotasettings",
            "settings.user_quota",
            admin,
            Scope::Read,
            "The portal's limit on what each account may store",
            settings,
        )
        .post(
            "/api/2.0/settings/userquotasettings",
            "settings.set_user_quota",
            Need::Guest,
            Scope::Write,
            "Set it",
            set_settings,
        )
        .tag("people")
}

/// A whole number of bytes that was sent; other things are refused as the reference does.
fn bytes(sent: Option<&Value>) -> Result<i64> {
    match sent {
        Some(Value::Number(number)) => {
            number.as_i64().ok_or_else(|| Problem::text(Kind::BadArgument, TOO_LARGE))
        }
        other => {
            let has = match other {
                Some(Value::String(_)) => "String",
                Some(Value::Bool(true)) => "True",
                Some(Value::Bool(false)) => "False",
                Some(Value::Array(_)) => "Array",
                Some(Value::Object(_)) => "Object",
                Some(Value::Null) => "Null",
                _ => "Undefined",
            };
            Err(Problem::text(
                Kind::NumberExpected,
                format!(
                    "The requested operation requires an element of type 'Number', but the target element has type '{has}'."
                ),
            ))
        }
    }
}

/// Accounts and their limit.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, rename_all = "camelCase")]
#[schemars(rename = "UpdateMembersQuotaRequestDto")]
struct QuotaDto {
    #[schemars(with = "Option<Vec<String>>")]
    user_ids: Option<Vec<UserId>>,
    quota: Option<Value>,
}

impl BodyDto for QuotaDto {
    const NAME: &'static str = "ASC.People.ApiModels.RequestDto.UpdateMembersQuotaRequestDto";
}

async fn set(call: Call, app: App, Body(new): Body<QuotaDto>) -> Result<Reply<Vec<EmployeeFullDto>>> {
    let (bytes, ids) = (bytes(new.quota.as_ref())?, new.user_ids.unwrap_or_default());
    app.write(call, move |tx, call| {
        let people = quota::set(tx, call, &ids, Some(bytes))?;
        Ok(Reply::one(all_full(tx, call, people)?))
    })
    .await
}

async fn reset(call: Call, app: App, Body(whom): Body<MembersDto>) -> Result<Reply<Vec<EmployeeFullDto>>> {
    let ids = whom.user_ids.unwrap_or_default();
    app.write(call, move |tx, call| {
        let people = quota::set(tx, call, &ids, None)?;
        Ok(Reply::one(all_full(tx, call, people)?))
    })
    .await
}

async fn recount(call: Call, app: App, _: NoBody) -> Result<Reply<()>> {
    app.write(call, move |tx, call| {
        quota::recount(tx, call)?;
        Ok(Reply::nothing())
    })
    .await
}

/// Whether a recount is over.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "RecalculateQuotaDto")]
struct RecountDto {
    is_completed: bool,
}

async fn is_recounted(call: Call, _: NoBody) -> Result<Reply<RecountDto>> {
    Ok(Reply::one(RecountDto { is_completed: quota::is_recounted(&call)? }))
}

/// The portal's limit.
#[skip_serializing_none]
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "TenantUserQuotaSettings")]
struct SettingsDto {
    enable_quota: bool,
    default_quota: i64,
    last_recalculate_date: Option<String>,
    last_modified: String,
}

impl SettingsDto {
    fn of(stored: &Stored<UserQuota>, site: &Site<'_>) -> Self {
        let value = stored.value;
        Self {
            enable_quota: value.enabled,
            default_quota: value.default_bytes,
            last_recalculate_date: value.recounted_at.map(|at| site.date(Timestamp(at))),
            last_modified: stored.modified_at.map_or_else(|| NEVER_PLAIN.to_owned(), Timestamp::plain),
        }
    }
}

async fn settings(call: Call, app: App, _: NoBody) -> Result<Reply<SettingsDto>> {
    app.read(call, move |conn, call| {
        Ok(Reply::one(SettingsDto::of(&quota::settings(conn, call)?, &Site::of(call))))
    })
    .await
}

/// The portal's new limit.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, rename_all = "camelCase")]
#[schemars(rename = "QuotaSettingsRequestsDto")]
struct NewSettingsDto {
    enable_quota: bool,
    default_quota: Option<Value>,
}

impl BodyDto for NewSettingsDto {
    const NAME: &'static str = "ASC.Web.Api.ApiModel.RequestsDto.QuotaSettingsRequestsDto";
    const REQUIRED: &'static [&'static str] = &["defaultQuota"];
}

async fn set_settings(call: Call, app: App, Body(new): Body<NewSettingsDto>) -> Result<Reply<SettingsDto>> {
    let (enabled, bytes) = (new.enable_quota, bytes(new.default_quota.as_ref())?);
    app.write(call, move |tx, call| {
        let stored = quota::set_settings(tx, call, enabled, bytes)?;
        Ok(Reply::one(SettingsDto::of(&stored, &Site::of(call))))
    })
    .await
}
