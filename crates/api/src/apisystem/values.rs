//! Values that the registration service keeps, for the installation or for a portal (foundation.md §4.2).

use std::collections::BTreeSet;
use std::net::IpAddr;
use std::time::Duration;

use domain::ids::PortalId;
use domain::portals::{self, Named};
use domain::{Kind, Problem, Result, Via};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use super::{ValueDto, ok};
use crate::app::App;
use crate::bind;
use crate::body::{Body, BodyDto, Checks, NoBody};
use crate::gate::Call;
use crate::params::{Param, Query, QueryDto};
use crate::reply::Bare;
use crate::routes::{Need, Routes, Scope};

/// The installation itself.
const GLOBAL: i64 = -1;
/// The value that is the configuration's: `portals.base_domain`.
const BASE_DOMAIN: &str = "BaseDomain";
/// How long a look-up of a host's name may take.
const LOOK_UP: Duration = Duration::from_secs(5);

pub(super) fn routes(routes: Routes) -> Routes {
    routes
        .get(
            "/apisystem/settings/get",
            "apisystem.value",
            Need::System,
            Scope::Read,
            "A value that was kept",
            get,
        )
        .flat()
        .post("/apisystem/settings/save", "apisystem.keep", Need::System, Scope::Write, "Keep a value", save)
        .flat()
        .post(
            "/apisystem/settings/checkdomain",
            "apisystem.check_domain",
            Need::System,
            Scope::Write,
            "Whether a host's name leads to where the base domain does",
            check_domain,
        )
        .flat()
}

/// Which value.
#[derive(Debug)]
struct ValueQuery {
    key: Option<String>,
    tenant_id: i64,
}

impl QueryDto for ValueQuery {
    const PARAMS: &'static [Param] = &[
        Param { name: "key", kind: "string", about: "Its name" },
        Param { name: "tenantId", kind: "integer", about: "The portal's number; -1 is the installation" },
    ];

    fn read(query: &mut bind::Query<'_>) -> Self {
        let tenant_id = query.int("tenantId", "TenantId", GLOBAL..=i64::from(i32::MAX), GLOBAL);
        Self { key: query.text("key"), tenant_id }
    }
}

/// A value.
#[skip_serializing_none]
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "ServiceSettings")]
struct SettingsDto {
    settings: Option<String>,
}

fn params(text: &'static str) -> Problem {
    Problem::text(Kind::Params, text)
}

/// The portal whose value it is; none for the installation's, which only the machine key reaches.
fn place(conn: &mut db::Conn, call: &Call, id: i64) -> Result<Option<PortalId>> {
    if id != GLOBAL {
        return Ok(Some(portals::managed(conn, call, &Named::Id(PortalId(id)))?.id));
    }
    if matches!(call.via, Via::System) { Ok(None) } else { Err(Kind::AccessDenied.into()) }
}

async fn get(call: Call, app: App, Query(query): Query<ValueQuery>, _: NoBody) -> Result<Bare<SettingsDto>> {
    let key = query.key.ok_or_else(|| params("Key is required"))?;
    let base = app.store().addresses().base_domain().to_owned();
    let settings = app
        .read(call, move |conn, call| {
            let place = place(conn, call, query.tenant_id)?;
            if key == BASE_DOMAIN {
                return Ok(Some(base.clone()));
            }
            portals::service_value(conn, place, &key)
        })
        .await?;
    Ok(ok(SettingsDto { settings }))
}

/// A value to be kept.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, rename_all = "camelCase")]
#[schemars(rename = "SettingsModel")]
struct NewValueDto {
    tenant_id: i64,
    key: Option<String>,
    value: Option<String>,
}

impl BodyDto for NewValueDto {
    const NAME: &'static str = "SettingsModel";

    fn check(&self, checks: &mut Checks) {
        checks.length("Key", self.key.as_deref(), 255);
        checks.length("Value", self.value.as_deref(), 4000);
    }
}

async fn save(call: Call, app: App, Body(new): Body<NewValueDto>) -> Result<Bare<SettingsDto>> {
    let given = |text: Option<String>| text.filter(|text| !text.trim().is_empty());
    let key = given(new.key).ok_or_else(|| params("Key is required"))?;
    let value = given(new.value).ok_or_else(|| params("Value is empty"))?;
    if key == BASE_DOMAIN && !value.eq_ignore_ascii_case(app.store().addresses().base_domain()) {
        return Err(params("BaseDomain is not valid"));
    }
    let (id, kept, inner) = (new.tenant_id, value.clone(), call.clone());
    app.store()
        .write(domain::Call::clone(&call), move |tx| {
            let place = place(tx, &inner, id)?;
            portals::keep_service_value(tx, place, &key, &kept)
        })
        .await?;
    Ok(ok(SettingsDto { settings: Some(value) }))
}

/// A host.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, rename_all = "camelCase")]
#[schemars(rename = "CheckDomainModel")]
struct HostDto {
    host_name: Option<String>,
}

impl BodyDto for HostDto {
    const NAME: &'static str = "CheckDomainModel";
}

async fn check_domain(_: Call, app: App, Body(host): Body<HostDto>) -> Result<Bare<ValueDto<bool>>> {
    let name = host.host_name.as_deref().and_then(portals::host_name).unwrap_or_default();
    let base = app.store().addresses().base_domain();
    let (theirs, ours) = tokio::join!(look_up(&name), look_up(base));
    Ok(ok(ValueDto { value: !theirs.is_disjoint(&ours) }))
}

async fn look_up(name: &str) -> BTreeSet<IpAddr> {
    let found = tokio::time::timeout(LOOK_UP, tokio::net::lookup_host((name, 0))).await;
    found
        .ok()
        .and_then(std::result::Result::ok)
        .map_or_else(BTreeSet::new, |found| found.map(|at| at.ip()).collect())
}
