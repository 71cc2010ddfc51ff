//! The tariff, which is paid for ever, and the licence, which isn't asked for (foundation.md §4.4, §4.5).

use domain::people::Person;
use domain::time::{NEVER, NEVER_PLAIN};
use domain::{Result, plan};
use schemars::JsonSchema;
use serde::Serialize;
use serde_with::skip_serializing_none;

use super::RefreshQuery;
use super::raw::RawPlanDto;
use crate::app::App;
use crate::body::NoBody;
use crate::gate::Call;
use crate::params::Query;
use crate::reply::Reply;
use crate::routes::{Need, Routes, Scope};

/// `TariffState`: paid.
const PAID: i64 = 1;
/// The most of anything that the reference sells at once.
const QUANTITY_MAX: i64 = 999;

pub(super) fn routes(routes: Routes) -> Routes {
    routes
        .get("/api/2.0/portal/tariff", "plan.tariff", Need::Guest, Scope::Read, "The portal's tariff", tariff)
        .get(
            "/api/2.0/portal/tenantextra",
            "plan.extra",
            Need::DocSpaceAdmin,
            Scope::Read,
            "The portal's tariff and plan together",
            extra,
        )
        .tag("settings")
        .get(
            "/api/2.0/settings/payment",
            "plan.payment",
            Need::DocSpaceAdmin,
            Scope::Read,
            "Where one pays, and what the licence is",
            payment,
        )
        .get(
            "/api/2.0/settings/license/required",
            "plan.needs_licence",
            Need::Anyone,
            Scope::Read,
            "Whether a licence is asked for",
            needs_licence,
        )
        .tag("portal")
}

/// A plan in a tariff.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Quota")]
struct PartDto {
    id: i64,
    quantity: i64,
    wallet: bool,
}

/// The tariff. The dates are for who makes rooms, what comes after them for administrators (foundation.md §4.5).
#[skip_serializing_none]
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "Tariff")]
pub(super) struct TariffDto {
    id: i64,
    state: i64,
    due_date: Option<&'static str>,
    delay_due_date: Option<&'static str>,
    open_source: Option<bool>,
    enterprise: Option<bool>,
    developer: Option<bool>,
    customer_id: Option<&'static str>,
    license_date: Option<&'static str>,
    quotas: Option<Vec<PartDto>>,
}

impl TariffDto {
    /// The tariff as this person sees it: without an end, for which the reference writes the first of all dates.
    fn of(viewer: &Person) -> Self {
        let (admin, makes_rooms) = (viewer.is_admin(), viewer.kind.makes_rooms());
        Self {
            id: 0,
            state: PAID,
            due_date: makes_rooms.then_some(NEVER),
            delay_due_date: makes_rooms.then_some(NEVER),
            // Of the reference's editions, the one without limits is its enterprise edition.
            open_source: admin.then_some(false),
            enterprise: admin.then_some(true),
            developer: admin.then_some(false),
            customer_id: admin.then_some(""),
            license_date: admin.then_some(NEVER),
            quotas: admin.then(|| vec![PartDto { id: plan::ID, quantity: 1, wallet: false }]),
        }
    }
}

async fn tariff(call: Call, Query(RefreshQuery): Query<RefreshQuery>, _: NoBody) -> Result<Reply<TariffDto>> {
    Ok(Reply::one(TariffDto::of(call.person()?)))
}

/// Tariff and plan together.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "TenantExtraDto")]
struct ExtraDto {
    custom_mode: bool,
    opensource: bool,
    enterprise: bool,
    tariff: TariffDto,
    quota: RawPlanDto,
    not_paid: bool,
    enable_tariff_page: bool,
}

async fn extra(
    call: Call,
    app: App,
    Query(RefreshQuery): Query<RefreshQuery>,
    _: NoBody,
) -> Result<Reply<ExtraDto>> {
    app.read(call, |conn, call| {
        Ok(Reply::one(ExtraDto {
            custom_mode: false,
            opensource: false,
            enterprise: true,
            tariff: TariffDto::of(call.person()?),
            quota: RawPlanDto::read(conn, call)?,
            not_paid: false,
            enable_tariff_page: false,
        }))
    })
    .await
}

/// The licence.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "CurrentLicenseInfo")]
struct LicenceDto {
    trial: bool,
    due_date: &'static str,
}

/// Where one pays: nowhere.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "PaymentSettingsDto")]
struct PaymentDto {
    sales_email: &'static str,
    buy_url: &'static str,
    standalone: bool,
    current_license: LicenceDto,
    max: i64,
}

async fn payment(_: Call, _: NoBody) -> Result<Reply<PaymentDto>> {
    Ok(Reply::one(PaymentDto {
        sales_email: "",
        buy_url: "",
        standalone: true,
        current_license: LicenceDto { trial: plan::has("trial"), due_date: NEVER_PLAIN },
        max: QUANTITY_MAX,
    }))
}

/// No licence is ever asked for (deviations.md 23).
async fn needs_licence(_: Call, _: NoBody) -> Result<Reply<bool>> {
    Ok(Reply::one(false))
}
