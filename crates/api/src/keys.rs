//! API keys (foundation.md §3).

use domain::call::Via;
use domain::ids::KeyId;
use domain::keys::{self, Changes, DAYS, Key, NAME_MAX, NewKey, Permission};
use domain::people::{self, Person};
use domain::{Kind, Problem, Result};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::app::App;
use crate::body::{Body, BodyDto, Checks, NoBody};
use crate::gate::Call;
use crate::params::PathId;
use crate::reply::Reply;
use crate::routes::{Need, Routes, Scope};
use crate::wire::Site;
use crate::wire::employee::EmployeeDto;

pub(crate) fn routes(routes: Routes) -> Routes {
    routes
        .tag("api_keys")
        .get(
            "/api/2.0/keys",
            "keys.list",
            Need::Guest,
            Scope::Read,
            "API keys: administrators see all, others their own",
            list,
        )
        .post("/api/2.0/keys", "keys.create", Need::User, Scope::Write, "Make an API key", create)
        .sensitive()
        .get(
            "/api/2.0/keys/permissions",
            "keys.permissions",
            Need::Guest,
            Scope::Read,
            "What a key can be made for",
            permissions,
        )
        .get("/api/2.0/keys/@self", "keys.self", Need::Guest, Scope::None, "The key in use", own)
        .put(
            "/api/2.0/keys/{keyId}",
            "keys.update",
            Need::Guest,
            Scope::Write,
            "Rename, rescope or switch a key",
            update,
        )
        .delete("/api/2.0/keys/{keyId}", "keys.delete", Need::Guest, Scope::Write, "Delete a key", delete)
}

/// A key as it is shown; its text only in the reply to its making.
#[skip_serializing_none]
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "ApiKeyResponseDto")]
struct KeyDto {
    id: String,
    name: String,
    key: String,
    key_postfix: String,
    permissions: Vec<String>,
    last_used: Option<String>,
    create_on: String,
    create_by: Option<EmployeeDto>,
    expires_at: Option<String>,
    is_active: bool,
}

impl KeyDto {
    fn of(call: &Call, app: &App, key: Key, creator: Option<&Person>, text: Option<String>) -> Self {
        let site = Site::of(call);
        // The database learns of uses some seconds late.
        let last_used = key.last_used_at.max(app.last_use(key.id));
        Self {
            id: key.id.to_string(),
            name: key.name,
            key: text.unwrap_or_else(|| format!("{}***{}", keys::PREFIX, key.postfix)),
            key_postfix: key.postfix,
            permissions: key.permissions,
            last_used: last_used.map(|at| site.date(at)),
            create_on: site.date(key.created_at),
            create_by: creator.map(|person| EmployeeDto::of(person, &site)),
            expires_at: key.expires_at.map(|at| site.date(at)),
            is_active: key.is_active,
        }
    }
}

async fn list(call: Call, app: App, _: NoBody) -> Result<Reply<Vec<KeyDto>>> {
    let uses = app.clone();
    app.read(call, move |conn, call| {
        let keys = keys::list(conn, call)?;
        let creators = people::find_all(conn, call, keys.iter().map(|key| key.created_by))?;
        let shown = keys.into_iter().map(|key| {
            let creator = creators.get(&key.created_by);
            KeyDto::of(call, &uses, key, creator, None)
        });
        // Streamed in the reference, so its count is 1 (foundation.md §1.1).
        Ok(Reply::one(shown.collect()))
    })
    .await
}

/// A key to be made.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, rename_all = "camelCase")]
#[schemars(rename = "CreateApiKeyRequestDto")]
struct NewKeyDto {
    name: Option<String>,
    permissions: Option<Vec<String>>,
    expires_in_days: Option<i32>,
}

impl BodyDto for NewKeyDto {
    const NAME: &'static str = "CreateApiKeyRequestDto";
    const REQUIRED: &'static [&'static str] = &["name"];

    fn check(&self, checks: &mut Checks) {
        checks.required("Name", self.name.as_deref().map(str::trim));
        check_name(checks, self.name.as_deref());
        let (first, last) = (DAYS.start(), DAYS.end());
        let sentence = format!("Incorrect number of days. Value must be between {first} and {last}");
        checks.range_or("ExpiresInDays", self.expires_in_days.map(i64::from), DAYS, sentence);
    }
}

impl NewKeyDto {
    fn parse(self) -> NewKey {
        NewKey {
            name: self.name.unwrap_or_default(),
            permissions: self.permissions.unwrap_or_default(),
            expires_in_days: self.expires_in_days.map(i64::from),
        }
    }
}

fn check_name(checks: &mut Checks, name: Option<&str>) {
    checks.length_or("Name", name, NAME_MAX, format!("Incorrect name. Length must be less than {NAME_MAX}"));
}

async fn create(call: Call, app: App, Body(new): Body<NewKeyDto>) -> Result<Reply<KeyDto>> {
    let new = new.parse();
    let uses = app.clone();
    app.write(call, move |tx, call| {
        let made = keys::create(tx, call, &new)?;
        let id = made.key.id;
        let dto = KeyDto::of(call, &uses, made.key, Some(call.person()?), Some(made.text));
        Ok(Reply::one(dto).secret(id))
    })
    .await
}

async fn permissions(_: Call, _: NoBody) -> Result<Reply<Vec<&'static str>>> {
    Ok(Reply::list(Permission::ALL.iter().map(|permission| permission.text()).collect()))
}

async fn own(call: Call, app: App, _: NoBody) -> Result<Reply<KeyDto>> {
    let Via::Key { id, .. } = call.via else {
        return Err(Problem::text(Kind::BadArgument, "This request was made without an API key"));
    };
    let uses = app.clone();
    app.read(call, move |conn, call| {
        let key = keys::get(conn, call.portal.id, id)?;
        let creator = people::find(conn, &call.portal, key.created_by)?;
        Ok(Reply::one(KeyDto::of(call, &uses, key, creator.as_ref(), None)))
    })
    .await
}

/// What is to change about a key.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, rename_all = "camelCase")]
#[schemars(rename = "UpdateApiKeyRequest")]
struct KeyChangesDto {
    name: Option<String>,
    permissions: Option<Vec<String>>,
    is_active: Option<bool>,
}

impl BodyDto for KeyChangesDto {
    const NAME: &'static str = "UpdateApiKeyRequest";
    const MEMBER: &'static str = "Changed";

    fn check(&self, checks: &mut Checks) {
        check_name(checks, self.name.as_deref());
    }
}

impl KeyChangesDto {
    fn parse(self) -> Changes {
        Changes { name: self.name, permissions: self.permissions, is_active: self.is_active }
    }
}

async fn update(
    call: Call,
    app: App,
    PathId(id): PathId<KeyId>,
    Body(changes): Body<KeyChangesDto>,
) -> Result<Reply<bool>> {
    let changes = changes.parse();
    app.write(call, move |tx, call| Ok(Reply::one(keys::update(tx, call, id, &changes)?))).await
}

async fn delete(call: Call, app: App, PathId(id): PathId<KeyId>, _: NoBody) -> Result<Reply<bool>> {
    app.write(call, move |tx, call| Ok(Reply::one(keys::delete(tx, call, id)?))).await
}
