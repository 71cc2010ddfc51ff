//! Limits on what single accounts may store (people.md §5 `userquota`).

use domain::Result;
use domain::ids::UserId;
use domain::people::quota;
use domain::quotas::{self, Sort, UserQuota};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::body::{MembersDto, all_full};
use crate::app::App;
use crate::body::{Body, BodyDto, NoBody};
use crate::gate::Call;
use crate::reply::Reply;
use crate::routes::{Need, Routes, Scope};
use crate::wire::employee::EmployeeFullDto;
use crate::wire::quota::bytes;

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
    let (bytes, ids) = (bytes(new.quota.as_ref(), Sort::User)?, new.user_ids.unwrap_or_default());
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
        quotas::recount::<UserQuota>(tx, call)?;
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
    Ok(Reply::one(RecountDto { is_completed: quotas::is_recounted(&call)? }))
}
