//! The plan as it is kept: numbers and flags (foundation.md §4.5 `portal/quota`).

use db::Conn;
use domain::Result;
use domain::plan::{self, Limits};
use schemars::JsonSchema;
use serde::Serialize;

use super::shown::{CURRENCY, CURRENCY_SYMBOL};
use crate::app::App;
use crate::body::NoBody;
use crate::gate::Call;
use crate::reply::Reply;
use crate::routes::{Need, Routes, Scope};

/// A count that isn't limited, and a size.
const UNLIMITED: i64 = i32::MAX as i64;
const UNLIMITED_BYTES: i64 = i64::MAX;

pub(super) fn routes(routes: Routes) -> Routes {
    routes
        .get("/api/2.0/portal/quota", "plan.raw", Need::DocSpaceAdmin, Scope::Read, "The portal's plan", get)
        .get(
            "/api/2.0/portal/quota/right",
            "plan.right",
            Need::DocSpaceAdmin,
            Scope::Read,
            "The cheapest plan that could be bought and would do: there is none",
            right,
        )
}

/// The plan.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "TenantQuota")]
pub(super) struct RawPlanDto {
    tenant_id: i64,
    name: &'static str,
    price: i64,
    price_currency_symbol: &'static str,
    #[serde(rename = "priceISOCurrencySymbol")]
    price_iso_currency_symbol: &'static str,
    product_id: &'static str,
    service_name: &'static str,
    service_group: &'static str,
    visible: bool,
    wallet: bool,
    features: String,
    max_file_size: i64,
    max_total_size: i64,
    count_user: i64,
    count_room_admin: i64,
    users_in_room: i64,
    count_room: i64,
    non_profit: bool,
    trial: bool,
    free: bool,
    update: bool,
    audit: bool,
    docs_edition: bool,
    ldap: bool,
    sso: bool,
    statistic: bool,
    branding: bool,
    customization: bool,
    lifetime: bool,
    automation_api: bool,
    custom: bool,
    restore: bool,
    oauth: bool,
    content_search: bool,
    third_party: bool,
    year: bool,
    count_free_backup: i64,
    backup: bool,
    #[serde(rename = "countAIAgent")]
    count_ai_agent: i64,
    ai_tools: bool,
}

impl RawPlanDto {
    pub(super) fn read(conn: &mut Conn, call: &Call) -> Result<Self> {
        let limits = plan::limits(conn, call.portal.id)?;
        Ok(Self {
            tenant_id: call.portal.id.0,
            name: plan::NAME,
            price: 0,
            price_currency_symbol: CURRENCY_SYMBOL,
            price_iso_currency_symbol: CURRENCY,
            product_id: "",
            service_name: "",
            service_group: "",
            visible: false,
            wallet: false,
            features: features(&limits),
            max_file_size: plan::FILE_BYTES,
            max_total_size: limits.bytes.unwrap_or(UNLIMITED_BYTES),
            count_user: limits.users.unwrap_or(UNLIMITED),
            count_room_admin: limits.admins.unwrap_or(UNLIMITED),
            users_in_room: UNLIMITED,
            count_room: UNLIMITED,
            non_profit: plan::has("non-profit"),
            trial: plan::has("trial"),
            free: plan::has("free"),
            update: plan::has("update"),
            audit: plan::has("audit"),
            docs_edition: plan::has("docs"),
            ldap: plan::has("ldap"),
            sso: plan::has("sso"),
            statistic: plan::has("statistic"),
            branding: plan::has("branding"),
            customization: plan::has("customization"),
            lifetime: plan::has("lifetime"),
            automation_api: plan::has("automationapi"),
            custom: plan::has("custom"),
            restore: plan::has("restore"),
            oauth: plan::has("oauth"),
            content_search: plan::has("contentsearch"),
            third_party: plan::has("thirdparty"),
            year: plan::has("year"),
            count_free_backup: plan::FREE_BACKUPS,
            backup: plan::has("backup"),
            count_ai_agent: UNLIMITED,
            ai_tools: plan::has("aitools"),
        })
    }
}

/// The plan as the reference writes it down: what is on, and what is limited.
fn features(limits: &Limits) -> String {
    let mut features: Vec<String> =
        plan::FLAGS.iter().filter(|flag| flag.on).map(|flag| flag.id.to_owned()).collect();
    features.push(format!("file_size:{}", plan::FILE_BYTES >> 20));
    for (id, limit) in [("total_size", limits.bytes), ("manager", limits.admins), ("users", limits.users)] {
        features.extend(limit.map(|limit| format!("{id}:{limit}")));
    }
    features.join(",")
}

async fn get(call: Call, app: App, _: NoBody) -> Result<Reply<RawPlanDto>> {
    app.read(call, |conn, call| Ok(Reply::one(RawPlanDto::read(conn, call)?))).await
}

/// No plan is for sale, so none is the right one.
async fn right(_: Call, _: NoBody) -> Result<Reply<RawPlanDto>> {
    Ok(Reply::nothing())
}
