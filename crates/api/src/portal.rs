//! The portal a caller is in (foundation.md §4.6; the invitation links are with the people).

use domain::confirm::ConfirmType;
use domain::portals::{self, Farewell};
use domain::time::NEVER_PLAIN;
use domain::{Kind, Result};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::app::App;
use crate::bind;
use crate::body::{Body, BodyDto, NoBody};
use crate::gate::Call;
use crate::params::{Param, Query, QueryDto};
use crate::reply::Reply;
use crate::routes::{Need, Routes, Scope};

/// Where a new portal's first letter is sent from, by a key that its registration gave out.
pub(crate) const CONGRATULATIONS: &str = "/api/2.0/portal/sendcongratulations";

pub(crate) fn routes(routes: Routes) -> Routes {
    routes
        .tag("portal")
        .get("/api/2.0/portal", "portal.get", Need::Guest, Scope::Read, "The portal itself", get)
        .get(
            "/api/2.0/portal/path",
            "portal.path",
            Need::Guest,
            Scope::Read,
            "The address of a place in the portal",
            path,
        )
        .post(
            "/api/2.0/portal/suspend",
            "portal.ask_to_suspend",
            Need::Owner,
            Scope::Write,
            "Mail the owner a link that suspends the portal",
            ask_to_suspend,
        )
        .sensitive()
        .put(
            "/api/2.0/portal/suspend",
            "portal.suspend",
            Need::Confirm(&[ConfirmType::PortalSuspend]),
            Scope::Write,
            "Suspend the portal",
            suspend,
        )
        .put(
            "/api/2.0/portal/continue",
            "portal.resume",
            Need::Confirm(&[ConfirmType::PortalContinue]),
            Scope::Write,
            "Let a suspended portal go on",
            resume,
        )
        .while_suspended()
        .post(
            "/api/2.0/portal/delete",
            "portal.ask_to_delete",
            Need::Owner,
            Scope::Write,
            "Mail the owner a link that deletes the portal",
            ask_to_delete,
        )
        .sensitive()
        .delete(
            "/api/2.0/portal/delete",
            "portal.delete",
            Need::Confirm(&[ConfirmType::PortalRemove]),
            Scope::Write,
            "Delete the portal with all that is in it",
            delete,
        )
        .delete(
            "/api/2.0/portal/deleteportalimmediately",
            "portal.delete_immediately",
            Need::Owner,
            Scope::Write,
            "Delete the portal with all that is in it, without a link, where portals are registered over HTTP",
            delete_immediately,
        )
        .unlimited()
        .put(
            "/api/2.0/portal/portalrename",
            "portal.rename",
            Need::DocSpaceAdmin,
            Scope::Write,
            "Give the portal another name in addresses: every session ends",
            rename,
        )
        .post(
            CONGRATULATIONS,
            "portal.congratulate",
            Need::Anyone,
            Scope::Write,
            "Send a new portal's owner the first letter, by the key of its registration",
            congratulate,
        )
}

/// The portal. Who isn't its administrator sees its number and nothing else.
#[skip_serializing_none]
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "TenantDto")]
struct PortalDto {
    tenant_alias: Option<String>,
    calls: bool,
    creation_date_time: String,
    tenant_id: i64,
    industry: i64,
    language: Option<String>,
    last_modified: String,
    name: Option<String>,
    owner_id: String,
    spam: bool,
    status: i64,
    status_change_date: String,
    time_zone: Option<String>,
    trusted_domains: Option<Vec<String>>,
    trusted_domains_type: i64,
    version: i64,
    version_changed: String,
    region: Option<&'static str>,
}

/// The reference's version of a portal's data, which clients don't look at.
pub(crate) const DATA_VERSION: i64 = 2;

async fn get(call: Call, _: NoBody) -> Result<Reply<PortalDto>> {
    let portal = &call.portal;
    let mut shown = PortalDto {
        tenant_alias: None,
        calls: false,
        creation_date_time: NEVER_PLAIN.to_owned(),
        tenant_id: portal.id.0,
        industry: 0,
        language: None,
        last_modified: NEVER_PLAIN.to_owned(),
        name: None,
        owner_id: domain::ids::NIL_GUID.to_owned(),
        spam: false,
        status: 0,
        status_change_date: NEVER_PLAIN.to_owned(),
        time_zone: None,
        trusted_domains: None,
        trusted_domains_type: 0,
        version: 0,
        version_changed: NEVER_PLAIN.to_owned(),
        region: None,
    };
    if call.person()?.is_admin() {
        let changed = Some(portal.status_changed_at).filter(|at| at.0 > 0);
        shown = PortalDto {
            tenant_alias: Some(portal.alias.clone()),
            calls: true,
            creation_date_time: portal.created_at.plain(),
            industry: portal.industry,
            language: Some(portal.culture.clone()),
            last_modified: portal.modified_at.plain(),
            name: Some(portal.name.clone()),
            owner_id: portal.owner.to_string(),
            spam: true,
            status: portal.status,
            status_change_date: changed.map_or(NEVER_PLAIN.to_owned(), domain::Timestamp::plain),
            time_zone: Some(portal.time_zone.clone()),
            trusted_domains: Some(Vec::new()),
            version: DATA_VERSION,
            region: Some(""),
            ..shown
        };
    }
    Ok(Reply::one(shown))
}

/// A place in the portal.
#[derive(Debug)]
struct PathQuery {
    virtual_path: String,
}

impl QueryDto for PathQuery {
    const PARAMS: &'static [Param] = &[Param {
        name: "virtualPath",
        kind: "string",
        about: "The place, as a path from the portal's address, such as /rooms",
    }];

    fn read(query: &mut bind::Query<'_>) -> Self {
        Self { virtual_path: query.text("virtualPath").unwrap_or_default() }
    }
}

async fn path(call: Call, Query(query): Query<PathQuery>, _: NoBody) -> Result<Reply<String>> {
    let base = &call.exchange().base;
    let path = query.virtual_path.trim().trim_start_matches('~').trim_start_matches('/');
    Ok(Reply::one(if path.is_empty() { base.clone() } else { format!("{base}/{path}") }))
}

async fn ask_to_suspend(call: Call, app: App, _: NoBody) -> Result<Reply<()>> {
    app.write(call, |tx, call| {
        portals::ask_owner(tx, &call.portal, Farewell::Suspend)?;
        Ok(Reply::nothing())
    })
    .await
}

async fn ask_to_delete(call: Call, app: App, _: NoBody) -> Result<Reply<()>> {
    app.write(call, |tx, call| {
        portals::ask_owner(tx, &call.portal, Farewell::Delete)?;
        Ok(Reply::nothing())
    })
    .await
}

async fn suspend(call: Call, app: App, _: NoBody) -> Result<Reply<()>> {
    app.write(call, |tx, call| {
        portals::suspend(tx, &call.portal)?;
        Ok(Reply::nothing())
    })
    .await
}

async fn resume(call: Call, app: App, _: NoBody) -> Result<Reply<()>> {
    app.write(call, |tx, call| {
        portals::set_status(tx, &call.portal, true)?;
        Ok(Reply::nothing())
    })
    .await
}

async fn delete(call: Call, app: App, _: NoBody) -> Result<Reply<String>> {
    bury(call, app).await
}

async fn delete_immediately(call: Call, app: App, _: NoBody) -> Result<Reply<String>> {
    let settings = app.settings();
    if !settings.registration && !settings.is_test_email(&call.person()?.email) {
        return Err(Kind::DeleteNotAtOnce.into());
    }
    bury(call, app).await
}

/// Deletes the portal; the reply is where a browser goes from there: the server's own address.
async fn bury(call: Call, app: App) -> Result<Reply<String>> {
    app.write(call, |tx, call| {
        portals::delete(tx, &call.portal)?;
        Ok(Reply::one(tx.addresses().base().to_owned()))
    })
    .await
}

/// The portal's new name in addresses.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
#[schemars(rename = "PortalRenameRequestsDto")]
struct RenameDto {
    alias: Option<String>,
}

impl BodyDto for RenameDto {
    const NAME: &'static str = "PortalRenameRequestsDto";
    const REQUIRED: &'static [&'static str] = &["alias"];
}

/// The reply signs the caller in at the new address; it is empty when the name is the old one.
async fn rename(call: Call, app: App, Body(new): Body<RenameDto>) -> Result<Reply<String>> {
    let alias = new.alias.unwrap_or_default();
    app.write(call, move |tx, call| match portals::rename(tx, call, &alias)? {
        Some(link) => Ok(Reply::one(link).secret(call.portal.id.to_string())),
        None => Ok(Reply::one(String::new())),
    })
    .await
}

/// Whose letter, and the key for it.
#[derive(Debug)]
struct CongratulationsQuery {
    user: Option<String>,
    key: String,
}

impl QueryDto for CongratulationsQuery {
    const PARAMS: &'static [Param] = &[
        Param { name: "userid", kind: "string", about: "The owner" },
        Param { name: "key", kind: "string", about: "The key of the address that registration gave out" },
    ];

    fn read(query: &mut bind::Query<'_>) -> Self {
        let user = query.guid("userid", "Userid");
        Self { user, key: query.text("key").unwrap_or_default() }
    }
}

async fn congratulate(
    call: Call,
    app: App,
    Query(query): Query<CongratulationsQuery>,
    _: NoBody,
) -> Result<Reply<()>> {
    let user = query.user.and_then(|id| id.parse().ok()).ok_or(Kind::WelcomeKeyInvalid)?;
    app.write(call, move |tx, call| {
        portals::welcome_by_key(tx, call, user, &query.key)?;
        Ok(Reply::nothing())
    })
    .await
}
