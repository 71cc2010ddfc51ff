//! The registration service of the reference (foundation.md §4.2): flat JSON, no envelope, outside any portal.

mod manage;
mod register;
mod sign_in;
mod values;

use axum::http::StatusCode;
use db::Conn;
use domain::portals::Portal;
use domain::{Kind, Problem, Result, plan};
use schemars::JsonSchema;
use serde::Serialize;
use serde_with::skip_serializing_none;

use crate::app::App;
use crate::body::NoBody;
use crate::gate::Call;
use crate::reply::Bare;
use crate::routes::{Need, Routes, Scope};

pub(crate) fn routes(routes: Routes) -> Routes {
    let routes = routes.tag("apisystem");
    let routes = register::routes(routes);
    let routes = manage::routes(routes);
    let routes = sign_in::routes(routes);
    let routes = values::routes(routes);
    routes
        .get(
            "/apisystem/portal/test",
            "apisystem.test",
            Need::Anyone,
            Scope::Read,
            "Whether the registration service works",
            test,
        )
        .flat()
}

/// A reply with the status of every success here.
fn ok<T>(value: T) -> Bare<T> {
    Bare(StatusCode::OK, value)
}

/// A refusal without a code of its own.
fn refused(text: &'static str) -> Problem {
    Problem::text(Kind::ServiceRefused, text)
}

/// One value.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "ServiceValue")]
struct ValueDto<T> {
    value: T,
}

async fn test(_: Call, _: NoBody) -> Result<Bare<ValueDto<&'static str>>> {
    Ok(ok(ValueDto { value: "Portal api works" }))
}

/// What stands for no limit.
const UNLIMITED: i64 = -1;

/// A portal from outside.
#[skip_serializing_none]
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "TenantResponse")]
struct TenantDto {
    created: String,
    domain: String,
    industry: i64,
    language: String,
    name: String,
    owner_id: String,
    portal_name: String,
    status: &'static str,
    tenant_id: i64,
    time_zone_id: String,
    time_zone_name: String,
    custom_quota: i64,
    quota_usage: Option<UsageDto>,
    owner: Option<OwnerDto>,
    wizard_settings: Option<WizardDto>,
}

/// What a portal holds; -1 is unlimited.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "TenantQuotaUsage")]
struct UsageDto {
    tenant_id: i64,
    tenant_alias: String,
    tenant_domain: String,
    storage_size: i64,
    used_size: i64,
    max_room_admins_count: i64,
    room_admin_count: i64,
    max_users: i64,
    users_count: i64,
    max_rooms_count: i64,
    rooms_count: i64,
    #[serde(rename = "maxAIAgentsCount")]
    max_ai_agents_count: i64,
    ai_agents_count: i64,
}

/// A portal's owner.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "TenantOwner")]
struct OwnerDto {
    id: String,
    email: String,
    display_name: String,
}

/// Whether set-up is done.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "TenantWizardSettings")]
struct WizardDto {
    completed: bool,
}

impl TenantDto {
    /// A portal with its limit on storage.
    fn read(app: &App, conn: &mut Conn, portal: &Portal) -> Result<Self> {
        let custom_quota = plan::limits(conn, portal.id)?.bytes.unwrap_or(UNLIMITED);
        Ok(Self { custom_quota, ..Self::of(app, portal) })
    }

    /// A portal that is new, and so has no limits.
    fn of(app: &App, portal: &Portal) -> Self {
        Self {
            created: portal.created_at.plain(),
            domain: app.store().addresses().domain(&portal.alias),
            industry: portal.industry,
            language: portal.culture.clone(),
            name: portal.name.clone(),
            owner_id: portal.owner.to_string(),
            portal_name: portal.alias.clone(),
            status: status_name(portal.status),
            tenant_id: portal.id.0,
            time_zone_id: portal.time_zone.clone(),
            time_zone_name: portal.time_zone.clone(),
            custom_quota: UNLIMITED,
            quota_usage: None,
            owner: None,
            wizard_settings: None,
        }
    }
}

fn status_name(status: i64) -> &'static str {
    match status {
        domain::portals::ACTIVE => "Active",
        domain::portals::SUSPENDED => "Suspended",
        _ => "RemovePending",
    }
}
