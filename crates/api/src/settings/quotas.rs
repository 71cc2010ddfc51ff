//! Limits on what may be stored: by the portal, and by each account, room and AI agent (foundation.md §4.5).

use domain::ids::PortalId;
use domain::quotas::{self, AgentQuota, Limits, RoomQuota, UserQuota};
use domain::setting::Stored;
use domain::{Kind, Problem, Result};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::app::App;
use crate::body::{Body, BodyDto, NoBody};
use crate::gate::Call;
use crate::reply::Reply;
use crate::routes::{Need, Routes, Scope};
use crate::wire::quota::{LimitDto, PortalQuotaDto, bytes};
use crate::wire::{Site, modified};

pub(super) fn routes(routes: Routes) -> Routes {
    const ADMIN: Need = Need::DocSpaceAdmin;
    let routes = routes
        .get(
            "/api/2.0/settings/userquotasettings",
            "settings.user_quota",
            ADMIN,
            Scope::Read,
            "The portal's limit on what each account may store",
            user_quota,
        )
        .put(
            "/api/2.0/settings/tenantquotasettings",
            "settings.set_portal_quota",
            ADMIN,
            Scope::Write,
            "Limit what the portal may store",
            set_portal_quota,
        )
        .get(
            "/api/2.0/settings/recalculatequota",
            "settings.recount",
            ADMIN,
            Scope::Read,
            "Count anew what is stored",
            recount,
        )
        .get(
            "/api/2.0/settings/checkrecalculatequota",
            "settings.is_recounting",
            ADMIN,
            Scope::Read,
            "Whether that is still going on",
            is_recounting,
        );
    // What is no number is told before the right is asked for, so the verbs ask for it.
    routes
        .post(
            "/api/2.0/settings/userquotasettings",
            "settings.set_user_quota",
            Need::Guest,
            Scope::Write,
            "Limit what each account may store",
            set::<UserQuota>,
        )
        .post(
            "/api/2.0/settings/roomquotasettings",
            "settings.set_room_quota",
            Need::Guest,
            Scope::Write,
            "Limit what each room may hold",
            set::<RoomQuota>,
        )
        .post(
            "/api/2.0/settings/aiagentquotasettings",
            "settings.set_agent_quota",
            Need::Guest,
            Scope::Write,
            "Limit what each AI agent's room may hold",
            set::<AgentQuota>,
        )
}

/// A limit whose setting has a wire form of its own.
trait Shown: Limits {
    type Dto: Serialize + JsonSchema + Send + 'static;
    fn show(limit: LimitDto, last_modified: String) -> Self::Dto;
}

macro_rules! shown {
    ($($(#[$doc:meta])* $limits:ident as $dto:ident $schema:literal;)*) => {
        $(
            $(#[$doc])*
            #[derive(Debug, Serialize, JsonSchema)]
            #[serde(rename_all = "camelCase")]
            #[schemars(rename = $schema)]
            struct $dto {
                #[serde(flatten)]
                limit: LimitDto,
                last_modified: String,
            }

            impl Shown for $limits {
                type Dto = $dto;

                fn show(limit: LimitDto, last_modified: String) -> $dto {
                    $dto { limit, last_modified }
                }
            }
        )*
    };
}

shown! {
    /// The limit on what each account may store.
    UserQuota as UserQuotaDto "TenantUserQuotaSettings";
    /// The limit on what each room may hold.
    RoomQuota as RoomQuotaDto "TenantRoomQuotaSettings";
    /// The limit on what each AI agent's room may hold.
    AgentQuota as AgentQuotaDto "TenantAiAgentQuotaSettings";
}

fn show<S: Shown>(stored: &Stored<S>, site: &Site<'_>) -> S::Dto {
    S::show(LimitDto::of(stored.value.limit(), site), modified(stored))
}

async fn user_quota(call: Call, app: App, _: NoBody) -> Result<Reply<UserQuotaDto>> {
    app.read(call, |conn, call| {
        Ok(Reply::one(show(&quotas::settings::<UserQuota>(conn, call)?, &Site::of(call))))
    })
    .await
}

/// A new limit.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, rename_all = "camelCase")]
#[schemars(rename = "QuotaSettingsRequestsDto")]
struct NewLimitDto {
    enable_quota: bool,
    default_quota: Option<Value>,
}

impl BodyDto for NewLimitDto {
    const NAME: &'static str = "ASC.Web.Api.ApiModel.RequestsDto.QuotaSettingsRequestsDto";
    const REQUIRED: &'static [&'static str] = &["defaultQuota"];
}

async fn set<S: Shown>(call: Call, app: App, Body(new): Body<NewLimitDto>) -> Result<Reply<S::Dto>> {
    let (enabled, bytes) = (new.enable_quota, bytes(new.default_quota.as_ref(), S::SORT)?);
    app.write(call, move |tx, call| {
        let stored = quotas::set::<S>(tx, call, enabled, bytes)?;
        Ok(Reply::one(show(&stored, &Site::of(call))))
    })
    .await
}

/// A portal's new limit; a negative one switches it off.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, rename_all = "camelCase")]
#[schemars(rename = "TenantQuotaSettingsRequestsDto")]
struct NewPortalQuotaDto {
    tenant_id: i64,
    quota: Option<i64>,
}

impl BodyDto for NewPortalQuotaDto {
    const NAME: &'static str = "TenantQuotaSettingsRequestsDto";
    const REQUIRED: &'static [&'static str] = &["tenantId"];
}

async fn set_portal_quota(
    call: Call,
    app: App,
    Body(new): Body<NewPortalQuotaDto>,
) -> Result<Reply<PortalQuotaDto>> {
    // An absent number would count as 0, and nothing could be stored any more.
    let quota = new.quota.ok_or_else(|| Problem::text(Kind::BadArgument, "Quota"))?;
    let portal = PortalId(new.tenant_id);
    app.write(call, move |tx, call| {
        let stored = quotas::set_portal(tx, call, portal, quota)?;
        Ok(Reply::one(PortalQuotaDto::of(&stored, &Site::of(call))))
    })
    .await
}

async fn recount(call: Call, app: App, _: NoBody) -> Result<Reply<()>> {
    app.write(call, |tx, call| {
        quotas::recount_all(tx, call)?;
        Ok(Reply::nothing())
    })
    .await
}

async fn is_recounting(call: Call, _: NoBody) -> Result<Reply<bool>> {
    Ok(Reply::one(!quotas::is_recounted(&call)?))
}
