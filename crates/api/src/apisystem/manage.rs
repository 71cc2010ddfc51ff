//! Managing portals from outside: with the machine key any, as an administrator one's own (deviations.md 27).

use std::sync::Arc;

use domain::ids::PortalId;
use domain::portals::{self, Farewell, Named, Portal};
use domain::{Kind, Result, people, plan};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{OwnerDto, TenantDto, UNLIMITED, UsageDto, WizardDto, ok, refused};
use crate::app::App;
use crate::bind;
use crate::body::{Body, BodyDto, NoBody};
use crate::gate::Call;
use crate::params::{Param, Query, QueryDto};
use crate::reply::Bare;
use crate::routes::{Need, Routes, Scope};

/// Portals that one reply shows with what they hold.
const COUNTED: usize = 200;

pub(super) fn routes(routes: Routes) -> Routes {
    routes
        .delete(
            "/apisystem/portal/remove",
            "apisystem.remove",
            Need::System,
            Scope::Write,
            "Delete a portal nobody has set up, or mail its owner a link that deletes it",
            remove,
        )
        .flat()
        .put(
            "/apisystem/portal/status",
            "apisystem.set_status",
            Need::System,
            Scope::Write,
            "Suspend a portal, or let it go on",
            set_status,
        )
        .flat()
        .get(
            "/apisystem/portal/get",
            "apisystem.get",
            Need::System,
            Scope::Read,
            "Portals by their name, number or an account's address",
            get,
        )
        .flat()
}

/// Which portals.
#[derive(Debug)]
struct PortalsQuery {
    email: Option<String>,
    portal_name: Option<String>,
    tenant_id: Option<i64>,
    statistics: bool,
}

impl QueryDto for PortalsQuery {
    const PARAMS: &'static [Param] = &[
        Param { name: "email", kind: "string", about: "An account's address" },
        Param { name: "portalName", kind: "string", about: "The portal's alias" },
        Param { name: "tenantId", kind: "integer", about: "The portal's number" },
        Param {
            name: "statistics",
            kind: "boolean",
            about: "Tell what the portals hold, and whose they are",
        },
    ];

    fn read(query: &mut bind::Query<'_>) -> Self {
        Self {
            email: query.text("email"),
            portal_name: query.text("portalName"),
            tenant_id: query.int_opt("tenantId", "TenantId", 0..=i64::from(i32::MAX)),
            statistics: query.flag("statistics", "Statistics").unwrap_or(false),
        }
    }
}

/// One portal in a query.
#[derive(Debug)]
struct NamedQuery(Option<String>, Option<i64>);

impl QueryDto for NamedQuery {
    const PARAMS: &'static [Param] = &[
        Param { name: "portalName", kind: "string", about: "The portal's alias" },
        Param { name: "tenantId", kind: "integer", about: "The portal's number" },
    ];

    fn read(query: &mut bind::Query<'_>) -> Self {
        let id = query.int_opt("tenantId", "TenantId", 0..=i64::from(i32::MAX));
        Self(query.text("portalName"), id)
    }
}

/// A portal by its number or, without one, by its alias.
fn named(alias: Option<String>, id: Option<i64>) -> Result<Named> {
    match (id.filter(|id| *id > 0), alias.filter(|alias| !alias.trim().is_empty())) {
        (Some(id), _) => Ok(Named::Id(PortalId(id))),
        (None, Some(alias)) => Ok(Named::Alias(alias)),
        (None, None) => Err(Kind::PortalNameEmpty.into()),
    }
}

async fn managed(app: &App, call: &Call, named: Named) -> Result<Arc<Portal>> {
    app.read(call.clone(), move |conn, call| portals::managed(conn, call, &named)).await
}

/// A portal that was or will be removed.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "RemovedTenant")]
struct RemovedDto {
    tenant: TenantDto,
    removed: bool,
}

async fn remove(
    call: Call,
    app: App,
    Query(NamedQuery(alias, id)): Query<NamedQuery>,
    _: NoBody,
) -> Result<Bare<RemovedDto>> {
    let portal = managed(&app, &call, named(alias, id)?).await?;
    let (place, shown) = (portal.clone(), app.clone());
    let unit = move |tx: &mut domain::Tx<'_>| {
        let tenant = TenantDto::read(&shown, tx, &place)?;
        if place.owned {
            portals::ask_owner(tx, &place, Farewell::Delete)?;
        } else {
            portals::delete(tx, &place)?;
        }
        Ok((tenant, !place.owned))
    };
    let (tenant, removed) = app.store().write(call.into_portal(portal), unit).await.map_err(|problem| {
        let last = problem.kind() == Kind::LastPortal;
        if last { refused("The last full access space cannot be deleted.") } else { problem }
    })?;
    Ok(ok(RemovedDto { tenant, removed }))
}

/// A portal and its new status: 0 goes on, anything else suspends.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, rename_all = "camelCase")]
#[schemars(rename = "TenantModelStatus")]
struct StatusDto {
    portal_name: Option<String>,
    tenant_id: Option<i64>,
    status: i64,
}

impl BodyDto for StatusDto {
    const NAME: &'static str = "TenantModel";
}

/// A portal.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "OneTenant")]
struct OneDto {
    tenant: TenantDto,
}

async fn set_status(call: Call, app: App, Body(wanted): Body<StatusDto>) -> Result<Bare<OneDto>> {
    let portal = managed(&app, &call, named(wanted.portal_name, wanted.tenant_id)?).await?;
    let (place, active, shown) = (portal.clone(), wanted.status == portals::ACTIVE, app.clone());
    let unit = move |tx: &mut domain::Tx<'_>| {
        portals::set_status(tx, &place, active)?;
        let changed = portals::by_id(tx, place.id)?.ok_or(Kind::PortalNameMissing)?;
        TenantDto::read(&shown, tx, &changed)
    };
    Ok(ok(OneDto { tenant: app.store().write(call.into_portal(portal), unit).await? }))
}

/// Portals, by number.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "ManyTenants")]
struct ManyDto {
    tenants: Vec<TenantDto>,
}

async fn get(call: Call, app: App, Query(query): Query<PortalsQuery>, _: NoBody) -> Result<Bare<ManyDto>> {
    let (place, statistics) = (app.clone(), query.statistics);
    let tenants = app
        .read(call, move |conn, call| {
            let mut found = match (&query.portal_name, query.tenant_id, &query.email) {
                (Some(alias), ..) => portals::by_alias(conn, alias)?.into_iter().collect(),
                (_, Some(id), _) => portals::by_id(conn, PortalId(id))?.into_iter().collect(),
                (_, _, Some(email)) => portals::with_account(conn, email, i64::from(i32::MAX))?,
                _ => portals::list(conn)?.into_iter().map(Arc::new).collect::<Vec<_>>(),
            };
            found.retain(|portal| portal.status == portals::ACTIVE && portals::may_manage(call, portal.id));
            let mut tenants = Vec::with_capacity(found.len());
            for (number, portal) in found.iter().enumerate() {
                let mut tenant = TenantDto::read(&place, conn, portal)?;
                if statistics && number < COUNTED {
                    describe(conn, &mut tenant, portal)?;
                }
                tenants.push(tenant);
            }
            Ok(tenants)
        })
        .await?;
    Ok(ok(ManyDto { tenants }))
}

fn describe(conn: &mut db::Conn, tenant: &mut TenantDto, portal: &Portal) -> Result<()> {
    let (limits, used) = (plan::limits(conn, portal.id)?, plan::used(conn, portal.id)?);
    tenant.quota_usage = Some(UsageDto {
        tenant_id: portal.id.0,
        tenant_alias: portal.alias.clone(),
        tenant_domain: tenant.domain.clone(),
        storage_size: limits.bytes.unwrap_or(UNLIMITED),
        used_size: used.bytes,
        max_room_admins_count: limits.admins.unwrap_or(UNLIMITED),
        room_admin_count: used.admins,
        max_users: limits.users.unwrap_or(UNLIMITED),
        users_count: used.users,
        // Nothing limits how many rooms there are.
        max_rooms_count: UNLIMITED,
        rooms_count: used.rooms,
        max_ai_agents_count: UNLIMITED,
        ai_agents_count: used.agents,
    });
    let owner = people::find(conn, portal, portal.owner)?;
    tenant.owner = owner.map(|owner| OwnerDto {
        id: owner.id.to_string(),
        display_name: owner.display_name(),
        email: owner.email,
    });
    tenant.wizard_settings = Some(WizardDto { completed: portal.owned });
    Ok(())
}
