//! The portal's modules, of which there is one, and who administers them (foundation.md §4.8).

use domain::ids::{ModuleId, UserId};
use domain::people::types;
use domain::{Kind, Problem, Result, modules, people};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::app::App;
use crate::bind;
use crate::body::{Body, BodyDto, NoBody};
use crate::gate::Call;
use crate::params::{Param, PathId, Query, QueryDto, param};
use crate::reply::Reply;
use crate::routes::{Need, Routes, Scope};
use crate::wire::Site;
use crate::wire::employee::{EmployeeDto, GroupSummaryDto};

/// The rooms' name.
const TITLE: &str = "Rooms";

pub(super) fn routes(routes: Routes) -> Routes {
    const ADMIN: Need = Need::DocSpaceAdmin;
    const SECURITY: &str = "/api/2.0/settings/security";
    const ADMINISTRATOR: &str = "/api/2.0/settings/security/administrator";
    let routes = routes
        .tag("modules")
        .get(
            "/api/2.0/modules",
            "modules.paths",
            Need::Guest,
            Scope::Read,
            "Where the modules' calls are",
            paths,
        )
        .get("/api/2.0/modules/info", "modules.list", Need::Guest, Scope::Read, "The modules", list)
        .tag("settings");
    let routes = routes
        .get(SECURITY, "modules.access", Need::Guest, Scope::Read, "Who may use the modules", access)
        .put(SECURITY, "modules.set_access", ADMIN, Scope::Write, "Choose who may use a module", set_access)
        .get(
            "/api/2.0/settings/security/{id}",
            "modules.is_open",
            Need::Guest,
            Scope::Read,
            "Whether the caller may use a module",
            is_open,
        )
        .get(
            "/api/2.0/settings/security/modules",
            "modules.enabled",
            Need::Guest,
            Scope::Read,
            "The modules that are switched on",
            enabled,
        )
        .put(
            "/api/2.0/settings/security/access",
            "modules.switch",
            ADMIN,
            Scope::Write,
            "Switch modules on and off",
            switch,
        );
    routes
        .get(
            ADMINISTRATOR,
            "modules.is_administrator",
            ADMIN,
            Scope::Read,
            "Whether somebody administers a module, or the portal",
            is_administrator,
        )
        .get(
            "/api/2.0/settings/security/administrator/{productid}",
            "modules.administrators",
            ADMIN,
            Scope::Read,
            "Who administers a module, or the portal",
            administrators,
        )
        .put(
            ADMINISTRATOR,
            "modules.set_administrator",
            ADMIN,
            Scope::Write,
            "Make somebody an administrator of the portal, or a room administrator again",
            set_administrator,
        )
}

/// A module.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "Module")]
struct ModuleDto {
    id: String,
    app_name: &'static str,
    title: &'static str,
    link: String,
    description: &'static str,
    is_primary: bool,
}

async fn paths(_: Call, _: NoBody) -> Result<Reply<Vec<&'static str>>> {
    Ok(Reply::list(vec!["/api/2.0/files"]))
}

async fn list(call: Call, _: NoBody) -> Result<Reply<Vec<ModuleDto>>> {
    Ok(Reply::list(vec![ModuleDto {
        id: modules::rooms().to_string(),
        app_name: "files",
        title: TITLE,
        link: format!("{}/rooms", Site::of(&call).base),
        description: "Rooms in which people work on documents together",
        is_primary: true,
    }]))
}

/// Who may use a module: everybody.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "SecurityDto")]
struct AccessDto {
    web_item_id: String,
    users: Vec<EmployeeDto>,
    groups: Vec<GroupSummaryDto>,
    enabled: bool,
    is_sub_item: bool,
}

impl AccessDto {
    fn of(module: ModuleId) -> Self {
        Self {
            web_item_id: module.to_string(),
            users: Vec::new(),
            groups: Vec::new(),
            enabled: true,
            is_sub_item: false,
        }
    }
}

/// Which modules; all when none is named.
#[derive(Debug)]
struct ModulesQuery(Vec<String>);

impl QueryDto for ModulesQuery {
    const PARAMS: &'static [Param] = &[param("ids", "string", "The modules; all when absent")];

    fn read(query: &mut bind::Query<'_>) -> Self {
        Self(query.texts("ids"))
    }
}

/// Modules that aren't here are left out.
async fn access(
    _: Call,
    Query(ModulesQuery(ids)): Query<ModulesQuery>,
    _: NoBody,
) -> Result<Reply<Vec<AccessDto>>> {
    // Some clients repeat the name, others put commas between.
    let asked = ids.iter().flat_map(|ids| ids.split(',')).map(|id| {
        let bad = || Problem::validation([("ids".to_owned(), format!("The value '{id}' is not valid."))]);
        id.trim().parse::<ModuleId>().map_err(|_| bad())
    });
    let asked = asked.collect::<Result<Vec<_>>>()?;
    let shown = asked.is_empty() || asked.contains(&modules::rooms());
    Ok(Reply::list(shown.then(|| AccessDto::of(modules::rooms())).into_iter().collect()))
}

async fn is_open(_: Call, PathId(module): PathId<ModuleId>, _: NoBody) -> Result<Reply<bool>> {
    Ok(Reply::one(module == modules::rooms()))
}

/// A module in short.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "EnabledModule")]
struct EnabledDto {
    id: String,
    title: &'static str,
}

async fn enabled(_: Call, _: NoBody) -> Result<Reply<Vec<EnabledDto>>> {
    Ok(Reply::list(vec![EnabledDto { id: modules::rooms().to_string(), title: TITLE }]))
}

/// The id of a module that was sent as text.
fn module(sent: Option<&str>) -> Result<ModuleId> {
    let sent = sent.unwrap_or_default().trim();
    sent.parse().map_err(|_| Problem::text(Kind::BadArgument, "A module's id is wanted. (Parameter 'id')"))
}

/// Who may use a module from now on.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
#[schemars(rename = "WebItemSecurityRequestsDto")]
struct NewAccessDto {
    id: Option<String>,
    enabled: bool,
    #[schemars(with = "Option<Vec<String>>")]
    subjects: Option<Vec<UserId>>,
}

impl BodyDto for NewAccessDto {
    const NAME: &'static str = "WebItemSecurityRequestsDto";
}

async fn set_access(_: Call, Body(new): Body<NewAccessDto>) -> Result<Reply<Vec<AccessDto>>> {
    let module = module(new.id.as_deref())?;
    modules::set_open(module, new.enabled, new.subjects.is_some_and(|subjects| !subjects.is_empty()))?;
    Ok(Reply::list(vec![AccessDto::of(module)]))
}

/// Modules to be switched on or off.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
#[schemars(rename = "WebItemsSecurityRequestsDto")]
struct SwitchesDto {
    items: Option<Vec<SwitchDto>>,
}

/// A module and whether it is on.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
#[schemars(rename = "ItemKeyValuePairStringBoolean")]
struct SwitchDto {
    key: Option<String>,
    value: bool,
}

impl BodyDto for SwitchesDto {
    const NAME: &'static str = "WebItemsSecurityRequestsDto";
}

async fn switch(_: Call, Body(new): Body<SwitchesDto>) -> Result<Reply<Vec<AccessDto>>> {
    let mut switched = Vec::new();
    for item in new.items.unwrap_or_default() {
        let module = module(item.key.as_deref())?;
        modules::set_open(module, item.value, false)?;
        if switched.is_empty() {
            switched.push(AccessDto::of(module));
        }
    }
    Ok(Reply::list(switched))
}

/// Whether somebody administers something.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "ProductAdministratorDto")]
struct AdministratorDto {
    product_id: String,
    user_id: String,
    administrator: bool,
}

/// Whether this is the portal as a whole (the zero guid), or the module it consists of: their administrators are the
/// same.
fn is_here(product: &str) -> bool {
    product == domain::ids::NIL_GUID || product == modules::rooms().as_str()
}

/// Somebody, and a module or the portal.
#[derive(Debug)]
struct WhoQuery {
    product: Option<String>,
    user: Option<String>,
}

impl QueryDto for WhoQuery {
    const PARAMS: &'static [Param] = &[
        param("productid", "string", "The module; the portal as a whole when absent or the zero guid"),
        param("userid", "string", "The account"),
    ];

    fn read(query: &mut bind::Query<'_>) -> Self {
        Self { product: query.guid("productid", "Productid"), user: query.guid("userid", "Userid") }
    }
}

async fn is_administrator(
    call: Call,
    app: App,
    Query(query): Query<WhoQuery>,
    _: NoBody,
) -> Result<Reply<AdministratorDto>> {
    let product = query.product.unwrap_or_else(|| domain::ids::NIL_GUID.to_owned());
    let user = query.user.and_then(|id| id.parse::<UserId>().ok()).ok_or(Kind::UserNotFound)?;
    app.read(call, move |conn, call| {
        let person = people::find(conn, &call.portal, user)?.ok_or(Kind::UserNotFound)?;
        Ok(Reply::one(AdministratorDto {
            administrator: is_here(&product) && person.is_admin(),
            product_id: product.clone(),
            user_id: user.to_string(),
        }))
    })
    .await
}

async fn administrators(
    call: Call,
    app: App,
    PathId(product): PathId<ModuleId>,
    _: NoBody,
) -> Result<Reply<Vec<EmployeeDto>>> {
    if !is_here(product.as_str()) {
        return Ok(Reply::list(Vec::new()));
    }
    app.read(call, |conn, call| {
        let (people, site) = (people::administrators(conn, &call.portal)?, Site::of(call));
        Ok(Reply::list(people.iter().map(|person| EmployeeDto::of(person, &site)).collect()))
    })
    .await
}

/// Who is to administer what, or no longer.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "SecurityRequestsDto")]
struct NewAdministratorDto {
    #[serde(default)]
    #[schemars(with = "Option<String>")]
    product_id: Option<ModuleId>,
    #[serde(default)]
    #[schemars(with = "Option<String>")]
    user_id: Option<UserId>,
    #[serde(default)]
    administrator: bool,
}

impl BodyDto for NewAdministratorDto {
    const NAME: &'static str = "SecurityRequestsDto";
    const REQUIRED: &'static [&'static str] = &["productId", "userId"];
}

/// The portal's administrators alone can be chosen: the module has no others.
async fn set_administrator(
    call: Call,
    app: App,
    Body(new): Body<NewAdministratorDto>,
) -> Result<Reply<AdministratorDto>> {
    let module = new.product_id.filter(|id| !id.is_nil());
    if let Some(module) = module {
        let known = module == modules::rooms();
        return Err(if known { Kind::ModuleOpen } else { Kind::ModuleNotFound }.into());
    }
    let user = new.user_id.filter(|id| !id.is_nil()).ok_or(Kind::UserNotFound)?;
    let administrator = new.administrator;
    app.write(call, move |tx, call| {
        let person = types::set_administrator(tx, call, user, administrator)?;
        Ok(Reply::one(AdministratorDto {
            product_id: domain::ids::NIL_GUID.to_owned(),
            user_id: person.id.to_string(),
            administrator: person.is_admin(),
        }))
    })
    .await
}
