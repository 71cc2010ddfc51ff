//! Registering portals (foundation.md §4.2, deviations.md 12).

use std::sync::LazyLock;

use domain::people::{self, password};
use domain::portal_settings::PasswordPolicy;
use domain::portals::{self, Founder, NewPortal};
use domain::{Kind, Result, Tx, time};
use regex::Regex;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use super::{TenantDto, ok, refused};
use crate::app::App;
use crate::body::{Body, BodyDto, Checks};
use crate::gate::Call;
use crate::passwords::Secret;
use crate::portal::CONGRATULATIONS;
use crate::reply::Bare;
use crate::routes::{Need, Routes, Scope};
use crate::settings::USER_NAME;

/// Longest e-mail address and name.
const TEXT_MAX: usize = 255;
/// Longest hash a client may send; ours have 64 digits.
const HASH_MAX: usize = 512;
/// Longest plain password.
const PASSWORD_MAX: usize = 30;

pub(super) fn routes(routes: Routes) -> Routes {
    routes
        .post(
            "/apisystem/portal/register",
            "apisystem.register",
            Need::Anyone,
            Scope::Write,
            "Found a portal with its owner",
            register,
        )
        .flat()
        .unlimited()
        .post(
            "/apisystem/portal/registerbyemail",
            "apisystem.register_by_email",
            Need::System,
            Scope::Write,
            "Found a portal under a name that is chosen for it",
            register_by_email,
        )
        .flat()
        .unlimited()
        .post(
            "/apisystem/portal/validateportalname",
            "apisystem.validate",
            Need::Anyone,
            Scope::Write,
            "Whether a portal could be founded under a name",
            validate,
        )
        .flat()
}

/// A portal to be founded, and its owner. Other members of the reference's are not read; of three that mean nothing here
/// only the length counts.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, rename_all = "camelCase")]
#[schemars(rename = "TenantModel")]
struct NewTenantDto {
    portal_name: Option<String>,
    first_name: Option<String>,
    last_name: Option<String>,
    email: Option<String>,
    industry: i64,
    language: Option<String>,
    password: Option<String>,
    password_hash: Option<String>,
    time_zone_name: Option<String>,
    module: Option<String>,
    phone: Option<String>,
    region: Option<String>,
    skip_welcome: bool,
}

impl BodyDto for NewTenantDto {
    const NAME: &'static str = "TenantModel";

    fn check(&self, checks: &mut Checks) {
        checks.length("FirstName", self.first_name.as_deref(), TEXT_MAX);
        checks.length("LastName", self.last_name.as_deref(), TEXT_MAX);
        checks.email("Email", self.email.as_deref());
        checks.length("Email", self.email.as_deref(), TEXT_MAX);
        checks.length("Language", self.language.as_deref(), 7);
        checks.length("Module", self.module.as_deref(), 38);
        checks.length("Phone", self.phone.as_deref(), 32);
        checks.length("Region", self.region.as_deref(), 20);
        checks.length("Password", self.password.as_deref(), PASSWORD_MAX);
        checks.length("PasswordHash", self.password_hash.as_deref(), HASH_MAX);
    }
}

/// A registration that makes sense.
struct Registration {
    /// None: one is chosen.
    alias: Option<String>,
    portal: NewPortal,
    email: String,
    first_name: String,
    last_name: String,
    secret: Option<Secret>,
    skip_welcome: bool,
}

impl NewTenantDto {
    fn parse(self) -> Result<Registration> {
        let given =
            |text: Option<String>| text.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
        let (Some(first_name), Some(last_name)) = (given(self.first_name), given(self.last_name)) else {
            return Err(refused("name is required"));
        };
        if !is_name(&first_name) || !is_name(&last_name) {
            return Err(refused("name is incorrect"));
        }
        let email = given(self.email).ok_or(Kind::EmailEmpty)?;
        let alias = given(self.portal_name).map(|name| portals::parse_alias(&name)).transpose()?;
        let secret = match (given(self.password_hash), given(self.password)) {
            (Some(hash), _) => Some(Secret::Hashed(hash)),
            (None, Some(plain)) if password::policy_problem(&plain, &PasswordPolicy::default()).is_some() => {
                return Err(Kind::PasswordPolicy.into());
            }
            (None, plain) => plain.map(Secret::Plain),
        };
        let first = NewPortal::default();
        let portal = NewPortal {
            culture: given(self.language).filter(|name| people::is_culture(name)).unwrap_or(first.culture),
            time_zone: given(self.time_zone_name)
                .filter(|name| time::zone(name).is_some())
                .unwrap_or(first.time_zone),
            industry: self.industry,
            ..NewPortal::default()
        };
        Ok(Registration {
            alias,
            portal,
            email,
            first_name,
            last_name,
            secret,
            skip_welcome: self.skip_welcome,
        })
    }
}

/// Whether people can be called so: letters, apostrophes, spaces, hyphens and dots.
fn is_name(text: &str) -> bool {
    static PATTERN: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(USER_NAME).ok());
    PATTERN.as_ref().is_none_or(|pattern| pattern.is_match(text))
}

/// A portal that was founded, with the address that signs its owner in. `referenceWelcome` has the letter sent that was
/// to be left out (`skipWelcome`).
#[skip_serializing_none]
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "RegisteredTenant")]
struct RegisteredDto {
    reference: String,
    tenant: TenantDto,
    reference_welcome: Option<String>,
}

async fn register(call: Call, app: App, Body(new): Body<NewTenantDto>) -> Result<Bare<RegisteredDto>> {
    check_open(&app)?;
    Ok(ok(found(&app, &call, new.parse()?, people::NOT_ACTIVATED).await?))
}

/// The same with a word about the address.
#[skip_serializing_none]
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "RegisteredTenantByEmail")]
struct RegisteredByEmailDto {
    reference: String,
    tenant: TenantDto,
    reference_welcome: Option<String>,
    auto_generated_email: bool,
}

async fn register_by_email(
    call: Call,
    app: App,
    Body(mut new): Body<NewTenantDto>,
) -> Result<Bare<RegisteredByEmailDto>> {
    check_open(&app)?;
    new.portal_name = None;
    let RegisteredDto { reference, tenant, reference_welcome } =
        found(&app, &call, new.parse()?, people::ACTIVATED).await?;
    Ok(ok(RegisteredByEmailDto { reference, tenant, reference_welcome, auto_generated_email: false }))
}

fn check_open(app: &App) -> Result<()> {
    if app.settings().registration { Ok(()) } else { Err(Kind::RegistrationClosed.into()) }
}

async fn found(app: &App, call: &Call, new: Registration, activation_status: i64) -> Result<RegisteredDto> {
    if let Some(alias) = new.alias.clone() {
        // Said before the password is hashed, which takes long; the unit looks again.
        app.store().read(move |conn| portals::check_free(conn, &alias)).await?;
    }
    let password_hash = match new.secret {
        Some(secret) => Some(app.passwords().hash(secret, app.store().chance().bytes()).await?),
        None => None,
    };
    let founder = Founder {
        email: new.email,
        first_name: new.first_name,
        last_name: new.last_name,
        password_hash,
        activation_status,
    };
    let (alias, portal, greeted) = (new.alias, new.portal, !new.skip_welcome);
    let unit = move |tx: &mut Tx<'_>| {
        let alias = match &alias {
            Some(alias) => alias.clone(),
            None => portals::free_alias(tx)?,
        };
        let (portal, owner) = portals::register(tx, &NewPortal { alias, ..portal.clone() }, &founder)?;
        let reference = portals::sign_in_link(tx, &portal, &owner)?;
        let later = if greeted {
            portals::welcome(tx, &portal, &owner)?;
            None
        } else {
            let key = portals::welcome_key(tx, &portal, owner.id)?;
            Some(format!("{}{CONGRATULATIONS}?userid={}&key={key}", tx.address(&portal), owner.id))
        };
        Ok((portal, (reference, later)))
    };
    let (portal, (reference, reference_welcome)) = app.found(call, unit).await?;
    Ok(RegisteredDto { reference, tenant: TenantDto::of(app, &portal), reference_welcome })
}

/// A portal's name.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, rename_all = "camelCase")]
#[schemars(rename = "TenantModelName")]
struct NameDto {
    portal_name: Option<String>,
}

impl BodyDto for NameDto {
    const NAME: &'static str = "TenantModel";
}

/// What became of a request.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "ServiceMessage")]
struct MessageDto {
    message: &'static str,
}

async fn validate(_: Call, app: App, Body(name): Body<NameDto>) -> Result<Bare<MessageDto>> {
    let alias = portals::parse_alias(&name.portal_name.unwrap_or_default())?;
    app.store().read(move |conn| portals::check_free(conn, &alias)).await?;
    Ok(ok(MessageDto { message: "portalNameReadyToRegister" }))
}
