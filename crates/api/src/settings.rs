//! The portal's settings as clients read them first, and set-up (foundation.md §4.3, §4.4).

use std::collections::BTreeMap;

use axum::http::header;
use domain::people::{self, password};
use domain::portals::{self, NewOwner, Portal};
use domain::{Kind, Problem, Result, sessions, time};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::app::App;
use crate::authentication::session_cookie;
use crate::bind;
use crate::body::{Body, BodyDto, Checks, NoBody};
use crate::gate::{Call, setup_token};
use crate::params::{Headers, Param, Query, QueryDto};
use crate::passwords::Secret;
use crate::reply::Reply;
use crate::routes::{Need, Routes, Scope};

/// The version of the reference whose API this is.
const API_VERSION: &str = "3.7.2";
/// What people can be called.
pub(crate) const USER_NAME: &str = r"^[\p{L}\p{M}' \-.]+$";
/// The welcome title of a portal without a name of its own.
const GREETING: &str = "Cloud space for your office docs";
/// Longest e-mail address.
const EMAIL_MAX: usize = 255;
/// Longest hash a client may send; ours have 64 digits.
const HASH_MAX: usize = 512;

pub(crate) fn routes(routes: Routes) -> Routes {
    routes
        .tag("settings")
        .get(
            "/api/2.0/settings",
            "settings.get",
            Need::Anyone,
            Scope::Read,
            "The portal, as a client needs it first",
            get,
        )
        .while_suspended()
        .put(
            "/api/2.0/settings/wizard/complete",
            "settings.set_up",
            Need::SetUp,
            Scope::Write,
            "Make the owner's account",
            set_up,
        )
}

/// Whether the parameters of the password hash are wanted.
#[derive(Debug, Clone, Copy)]
struct SettingsQuery {
    with_password: bool,
}

impl QueryDto for SettingsQuery {
    const PARAMS: &'static [Param] = &[Param {
        name: "withpassword",
        kind: "boolean",
        about: "Include the parameters of the password hash",
    }];

    fn read(query: &mut bind::Query<'_>) -> Self {
        Self { with_password: query.flag("withpassword", "Withpassword").unwrap_or(false) }
    }
}

/// How clients hash a password.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "PasswordHasher")]
struct HasherDto {
    size: u32,
    iterations: u32,
    salt: String,
}

/// What portal names look like.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "TenantDomainValidator")]
struct DomainValidatorDto {
    regex: &'static str,
    min_length: u32,
    max_length: u32,
}

/// Push messages for mobile applications, which this server doesn't send: every member is empty.
#[derive(Debug, Default, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "FirebaseDto")]
struct FirebaseDto {
    api_key: &'static str,
    auth_domain: &'static str,
    project_id: &'static str,
    storage_bucket: &'static str,
    messaging_sender_id: &'static str,
    app_id: &'static str,
    measurement_id: &'static str,
    #[serde(rename = "databaseURL")]
    database_url: &'static str,
}

/// The gallery of form templates, of which there is none: every member is empty.
#[derive(Debug, Default, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "FormGalleryDto")]
struct FormGalleryDto {
    path: &'static str,
    domain: &'static str,
    ext: &'static str,
    upload_path: &'static str,
    upload_domain: &'static str,
    upload_ext: &'static str,
    upload_dashboard: &'static str,
}

/// Whether the web client's plug-ins are on.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "PluginsDto")]
struct PluginsDto {
    enabled: bool,
    upload: bool,
    delete: bool,
}

/// Where mobile applications are.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "DeepLinkDto")]
struct DeepLinkDto {
    android_package_name: &'static str,
    url: &'static str,
    ios_package_id: &'static str,
}

/// Addresses of one kind outside the server.
#[derive(Debug, Default, Serialize, JsonSchema)]
#[schemars(rename = "CultureSpecificExternalResource")]
struct ExternalResourceDto {
    domain: &'static str,
    entries: BTreeMap<&'static str, &'static str>,
}

/// The maker's sites. There are none: clients then show no links.
#[derive(Debug, Default, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "CultureSpecificExternalResources")]
struct ExternalResourcesDto {
    api: ExternalResourceDto,
    common: ExternalResourceDto,
    integrations: ExternalResourceDto,
    site: ExternalResourceDto,
    social_networks: ExternalResourceDto,
}

/// The portal's settings. The members after `socket_url` are for callers with an account; others see defaults.
#[skip_serializing_none]
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "SettingsDto")]
struct SettingsDto {
    culture: String,
    greeting_settings: String,
    doc_space: bool,
    standalone: bool,
    is_ami: bool,
    base_domain: String,
    version: &'static str,
    tenant_status: i64,
    tenant_alias: String,
    enable_adm_mess: bool,
    cookie_settings_enabled: bool,
    user_name_regex: &'static str,
    display_about: bool,
    deep_link: DeepLinkDto,
    logo_text: &'static str,
    external_resources: ExternalResourcesDto,
    recaptcha_type: i64,
    socket_url: &'static str,
    trusted_domains: Option<Vec<String>>,
    trusted_domains_type: i64,
    utc_offset: String,
    #[serde(serialize_with = "whole")]
    utc_hours_offset: f64,
    owner_id: String,
    limited_access_space: bool,
    limited_access_dev_tools_for_users: bool,
    display_banners: bool,
    ai_enabled: bool,
    debug_info: bool,
    invitation_limit: i64,
    max_image_upload_size: i64,
    default_folder_type: i64,
    external_db_enabled: bool,
    enabled_join: Option<bool>,
    thirdparty_enable: Option<bool>,
    wizard_token: Option<String>,
    password_hash: Option<HasherDto>,
    timezone: Option<String>,
    name_schema_id: Option<&'static str>,
    domain_validator: Option<DomainValidatorDto>,
    plugins: Option<PluginsDto>,
    firebase: Option<FirebaseDto>,
    form_gallery: Option<FormGalleryDto>,
    zendesk_key: Option<&'static str>,
    tag_manager_id: Option<&'static str>,
}

/// A number of hours: without a fraction where it has none, as .NET writes it.
#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes fields by reference")]
fn whole<S: serde::Serializer>(hours: &f64, serializer: S) -> std::result::Result<S::Ok, S::Error> {
    #[expect(clippy::cast_possible_truncation, reason = "offsets are below a day")]
    if hours.fract() == 0.0 {
        serializer.serialize_i32(*hours as i32)
    } else {
        serializer.serialize_f64(*hours)
    }
}

async fn get(
    call: Call,
    app: App,
    Headers(headers): Headers,
    Query(query): Query<SettingsQuery>,
    _: NoBody,
) -> Result<Reply<SettingsDto>> {
    let known = call.someone().is_some();
    let token = setup_token(&headers).filter(|_| !known && !call.portal.owned);
    let wizard_token = match token {
        Some(token) => valid_token(&app, &call.portal, token).await?,
        None => None,
    };
    let hasher = HasherDto {
        size: password::SIZE,
        iterations: password::ITERATIONS,
        salt: app.installation().password_salt.clone(),
    };
    let mut settings = common(&call.portal, app.store().addresses().base_domain());
    settings.wizard_token = wizard_token;
    settings.password_hash = (!known || query.with_password).then_some(hasher);
    if known {
        for_accounts(&mut settings, &call.portal, app.store().now());
    } else {
        settings.enabled_join = Some(false);
        settings.thirdparty_enable = Some(false);
    }
    Ok(Reply::one(settings))
}

/// The token as clients send it in the `confirm` header, when it is the right one (deviations.md 25).
async fn valid_token(app: &App, portal: &Portal, token: String) -> Result<Option<String>> {
    let (id, offered) = (portal.id, token.clone());
    let valid = app.store().read(move |conn| portals::setup_token_is_valid(conn, id, &offered)).await?;
    Ok(valid.then(|| format!("type=Wizard&key={token}&uid={}", portal.owner)))
}

fn common(portal: &Portal, base_domain: &str) -> SettingsDto {
    SettingsDto {
        culture: portal.culture.clone(),
        greeting_settings: if portal.name.is_empty() { GREETING.to_owned() } else { portal.name.clone() },
        doc_space: true,
        standalone: true,
        is_ami: false,
        base_domain: base_domain.to_owned(),
        version: API_VERSION,
        tenant_status: portal.status,
        tenant_alias: portal.alias.clone(),
        enable_adm_mess: false,
        cookie_settings_enabled: false,
        user_name_regex: USER_NAME,
        display_about: true,
        deep_link: DeepLinkDto { android_package_name: "", url: "", ios_package_id: "" },
        logo_text: "Enfilade",
        external_resources: ExternalResourcesDto::default(),
        recaptcha_type: 0,
        socket_url: "/socket.io",
        trusted_domains: None,
        trusted_domains_type: 0,
        utc_offset: "00:00:00".to_owned(),
        utc_hours_offset: 0.0,
        owner_id: domain::ids::NIL_GUID.to_owned(),
        limited_access_space: false,
        limited_access_dev_tools_for_users: false,
        display_banners: false,
        ai_enabled: false,
        debug_info: false,
        invitation_limit: 0,
        max_image_upload_size: 0,
        default_folder_type: 0,
        external_db_enabled: false,
        enabled_join: None,
        thirdparty_enable: None,
        wizard_token: None,
        password_hash: None,
        timezone: None,
        name_schema_id: None,
        domain_validator: None,
        plugins: None,
        firebase: None,
        form_gallery: None,
        zendesk_key: None,
        tag_manager_id: None,
    }
}

/// What only callers with an account are told (foundation.md §4.3, column U).
fn for_accounts(settings: &mut SettingsDto, portal: &Portal, now: domain::Timestamp) {
    let offset = now.utc_offset_seconds(&portal.zone);
    settings.utc_offset = time::span(offset);
    settings.utc_hours_offset = f64::from(offset) / 3600.0;
    settings.owner_id = portal.owner.to_string();
    settings.invitation_limit = i64::from(i32::MAX);
    settings.max_image_upload_size = 1 << 20;
    settings.default_folder_type = 14;
    settings.timezone = Some(portal.time_zone.clone());
    settings.name_schema_id = Some("Common");
    settings.domain_validator = Some(DomainValidatorDto {
        regex: "^[a-z0-9]([a-z0-9-]){1,61}[a-z0-9]$",
        min_length: 3,
        max_length: 63,
    });
    settings.trusted_domains = Some(Vec::new());
    settings.firebase = Some(FirebaseDto::default());
    settings.form_gallery = Some(FormGalleryDto::default());
    settings.zendesk_key = Some("");
    settings.tag_manager_id = Some("");
    settings.plugins = Some(PluginsDto { enabled: false, upload: false, delete: false });
}

/// The owner, and the portal's language and time zone.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, rename_all = "camelCase")]
#[schemars(rename = "WizardRequestsDto")]
struct WizardDto {
    email: Option<String>,
    password_hash: Option<String>,
    lng: Option<String>,
    time_zone: Option<String>,
}

impl BodyDto for WizardDto {
    const NAME: &'static str = "WizardRequestsDto";
    const REQUIRED: &'static [&'static str] = &["email", "passwordHash"];

    fn check(&self, checks: &mut Checks) {
        checks.length("Email", self.email.as_deref(), EMAIL_MAX);
        checks.email("Email", self.email.as_deref());
        checks.length("PasswordHash", self.password_hash.as_deref(), HASH_MAX);
    }
}

/// What set-up needs besides the hash that is stored.
struct Wizard {
    email: String,
    client_hash: String,
    culture: Option<String>,
    time_zone: Option<String>,
}

impl WizardDto {
    fn parse(self) -> Result<Wizard> {
        let email = self.email.unwrap_or_default().trim().to_owned();
        if !people::looks_like_email(&email) {
            return Err(Problem::text(Kind::BadArgument, "Incorrect email address"));
        }
        let client_hash = self.password_hash.unwrap_or_default().trim().to_owned();
        if client_hash.is_empty() {
            return Err(Problem::text(Kind::BadArgument, "The password is empty."));
        }
        let given =
            |text: Option<String>| text.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
        let culture = given(self.lng).filter(|name| people::is_culture(name));
        // A zone nobody knows leaves the portal's as it is, as in the reference.
        let time_zone = given(self.time_zone).filter(|name| time::zone(name).is_some());
        Ok(Wizard { email, client_hash, culture, time_zone })
    }
}

/// Whether set-up is done.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "WizardSettings")]
struct WizardSettingsDto {
    completed: bool,
    last_modified: String,
}

/// Makes the owner's account and signs the owner in.
async fn set_up(call: Call, app: App, Body(wizard): Body<WizardDto>) -> Result<Reply<WizardSettingsDto>> {
    let wizard = wizard.parse()?;
    let salt = app.store().chance().bytes();
    let password_hash = app.passwords().hash(Secret::Hashed(wizard.client_hash), salt).await?;
    let owner = NewOwner {
        email: wizard.email,
        name: None,
        password_hash,
        culture: wizard.culture,
        time_zone: wizard.time_zone,
    };
    app.write(call, move |tx, call| {
        let person = portals::set_up(tx, &call.portal, &owner)?;
        let opened = sessions::open(tx, call, &person, &owner.email, true)?;
        let reply = Reply::one(WizardSettingsDto { completed: true, last_modified: tx.now().plain() });
        Ok(reply.with_header(header::SET_COOKIE, session_cookie(call.exchange(), &opened, false)))
    })
    .await
}
