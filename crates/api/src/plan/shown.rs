//! The plan as it is shown to people: each feature with its limit and its use (foundation.md §4.5
//! `portal/payment/quota`).

use db::Conn;
use domain::people::{Person, UserKind};
use domain::plan::{self, Shown};
use domain::quotas::{AgentQuota, Limits, PortalQuota, RoomQuota, UserQuota};
use domain::{Result, setting};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Value, json};
use serde_with::skip_serializing_none;

use super::RefreshQuery;
use crate::app::App;
use crate::bind;
use crate::body::NoBody;
use crate::gate::Call;
use crate::params::{Param, Query, QueryDto, param};
use crate::reply::Reply;
use crate::routes::{Need, Routes, Scope};
use crate::wire::Site;
use crate::wire::quota::{LimitDto, PortalQuotaDto};

/// What prices are in. They are all 0, but clients format them, which takes a currency.
pub(super) const CURRENCY: &str = "USD";
pub(super) const CURRENCY_SYMBOL: &str = "$";
/// A limit that there isn't.
const UNLIMITED: i64 = -1;

pub(super) fn routes(routes: Routes) -> Routes {
    routes
        .get(
            "/api/2.0/portal/payment/quota",
            "plan.shown",
            Need::Guest,
            Scope::Read,
            "The portal's plan, with what is used of it",
            get,
        )
        .get(
            "/api/2.0/portal/payment/quotas",
            "plan.for_sale",
            Need::Guest,
            Scope::Read,
            "The plans that can be bought: there are none",
            for_sale,
        )
}

/// A price.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "PriceDto")]
struct PriceDto {
    value: i64,
    currency_symbol: &'static str,
    iso_currency_symbol: &'static str,
}

/// How much of a feature is used; nothing for those who aren't told.
#[skip_serializing_none]
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "FeatureUsedDto")]
struct UsedDto {
    value: Option<i64>,
}

/// A feature of a plan: a number of things, a size in bytes, or whether it is there.
#[skip_serializing_none]
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "TenantQuotaFeatureDto")]
struct FeatureDto {
    id: &'static str,
    title: &'static str,
    value: Value,
    r#type: &'static str,
    used: Option<UsedDto>,
}

/// The plan.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "QuotaDto")]
struct PlanDto {
    id: i64,
    title: &'static str,
    price: PriceDto,
    non_profit: bool,
    free: bool,
    trial: bool,
    features: Vec<FeatureDto>,
    users_quota: LimitDto,
    rooms_quota: LimitDto,
    ai_agents_quota: LimitDto,
    tenant_custom_quota: PortalQuotaDto,
}

impl PlanDto {
    fn read(conn: &mut Conn, call: &Call) -> Result<Self> {
        let (portal, site) = (call.portal.id, Site::of(call));
        let users: UserQuota = setting::of_portal(conn, portal)?;
        let rooms: RoomQuota = setting::of_portal(conn, portal)?;
        let agents: AgentQuota = setting::of_portal(conn, portal)?;
        let whole = setting::stored::<PortalQuota>(conn, portal, None)?;
        Ok(Self {
            id: plan::ID,
            title: plan::TITLE,
            price: PriceDto { value: 0, currency_symbol: CURRENCY_SYMBOL, iso_currency_symbol: CURRENCY },
            non_profit: plan::has("non-profit"),
            free: plan::has("free"),
            trial: plan::has("trial"),
            features: features(conn, call)?,
            users_quota: LimitDto::of(users.limit(), &site),
            rooms_quota: LimitDto::of(rooms.limit(), &site),
            ai_agents_quota: LimitDto::of(agents.limit(), &site),
            tenant_custom_quota: PortalQuotaDto::of(&whole, &site),
        })
    }
}

/// The features that the caller is told of. Guests aren't told what is used, and users only how much space.
fn features(conn: &mut Conn, call: &Call) -> Result<Vec<FeatureDto>> {
    let viewer = call.person()?;
    let limits = plan::limits(conn, call.portal.id)?;
    let [some, all] = match viewer.kind {
        UserKind::Guest => [false, false],
        UserKind::User => [true, false],
        UserKind::RoomAdmin | UserKind::DocSpaceAdmin => [true, true],
    };
    // Nothing is counted that isn't told.
    let used = if some { plan::used(conn, call.portal.id)? } else { plan::Used::default() };
    let amount = |id, title, r#type, limit: Option<i64>, used: Option<(i64, bool)>| FeatureDto {
        id,
        title,
        value: json!(limit.unwrap_or(UNLIMITED)),
        r#type,
        used: used.map(|(value, told)| UsedDto { value: Some(value).filter(|_| told) }),
    };
    let mut features = vec![
        amount("users", "Users and guests", "count", limits.users, Some((used.users, all))),
        amount(
            "manager",
            "Administrators and room administrators",
            "count",
            limits.admins,
            Some((used.admins, all)),
        ),
        amount("room", "Rooms", "count", None, Some((used.rooms, all))),
        amount("aiagent", "AI agents", "count", None, Some((used.agents, all))),
        amount("total_size", "Storage space", "size", limits.bytes, Some((used.bytes, some))),
        amount("file_size", "Size of a file", "size", Some(plan::FILE_BYTES), None),
    ];
    if viewer.is_admin() {
        features.push(amount(
            "free_backup",
            "Free backups in a month",
            "count",
            Some(plan::FREE_BACKUPS),
            None,
        ));
    }
    features.extend(flags(viewer));
    Ok(features)
}

fn flags(viewer: &Person) -> impl Iterator<Item = FeatureDto> {
    let admin = viewer.is_admin();
    let shown = move |shown: Shown| shown == Shown::ToAll || (shown == Shown::ToAdmins && admin);
    plan::FLAGS.iter().filter(move |flag| shown(flag.shown)).map(|flag| FeatureDto {
        id: flag.id,
        title: flag.title,
        value: json!(flag.on),
        r#type: "flag",
        used: None,
    })
}

async fn get(
    call: Call,
    app: App,
    Query(RefreshQuery): Query<RefreshQuery>,
    _: NoBody,
) -> Result<Reply<PlanDto>> {
    app.read(call, |conn, call| Ok(Reply::one(PlanDto::read(conn, call)?))).await
}

/// Whether the services paid for from a wallet are meant, of which there are none either.
#[derive(Debug)]
struct WalletQuery;

impl QueryDto for WalletQuery {
    const PARAMS: &'static [Param] =
        &[param("wallet", "boolean", "The services paid for from a wallet instead")];

    fn read(query: &mut bind::Query<'_>) -> Self {
        query.flag("wallet", "Wallet");
        Self
    }
}

async fn for_sale(_: Call, Query(WalletQuery): Query<WalletQuery>, _: NoBody) -> Result<Reply<Vec<PlanDto>>> {
    Ok(Reply::list(Vec::new()))
}
