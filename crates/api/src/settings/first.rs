//! The portal's settings as clients read them first (foundation.md §4.3).

use std::collections::BTreeMap;

use db::Conn;
use domain::people::password;
use domain::portal_settings::{
    AdminMessages, AiAccess, Banner, CookieSettings, DefaultFolder, DevTools, MailDomains,
};
use domain::portals::{self, Portal};
use domain::{Result, setting, time};
use schemars::JsonSchema;
use serde::Serialize;
use serde_with::skip_serializing_none;

use super::USER_NAME;
use crate::app::App;
use crate::bind;
use crate::body::NoBody;
use crate::gate::{Call, setup_token};
use crate::params::{Headers, Param, Query, QueryDto};
use crate::reply::Reply;
use crate::routes::{Need, Routes, Scope};
use crate::wire::whole;

/// The version of the reference whose API this is.
const API_VERSION: &str = "3.7.2";
/// Where the socket is.
pub(super) const SOCKET_URL: &str = "/socket.io";

pub(super) fn routes(routes: Routes) -> Routes {
    routes
        .get(
            "/api/2.0/settings",
            "settings.get",
            Need::Anyone,
            Scope::Read,
            "The portal, as a client needs it first",
            get,
        )
        .while_suspended()
        .get(
            "/api/2.0/settings/version/build",
            "settings.build",
            Need::Anyone,
            Scope::Read,
            "Which version of the API this is",
            build,
        )
}

/// Versions.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "BuildVersion")]
struct BuildDto {
    doc_space: &'static str,
}

async fn build(_: Call, _: NoBody) -> Result<Reply<BuildDto>> {
    Ok(Reply::one(BuildDto { doc_space: API_VERSION }))
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
    let chosen = app.read(call.clone(), Chosen::read).await?;
    settings.enable_adm_mess = chosen.admin_messages.enabled;
    settings.cookie_settings_enabled = chosen.cookie.enabled;
    if known {
        for_accounts(&mut settings, &call.portal, app.store().now(), &chosen);
    } else {
        for_strangers(&mut settings, &chosen);
    }
    Ok(Reply::one(settings))
}

/// What administrators and the caller chose.
struct Chosen {
    admin_messages: AdminMessages,
    cookie: CookieSettings,
    mail_domains: MailDomains,
    dev_tools: DevTools,
    banner: Banner,
    ai: AiAccess,
    folder: DefaultFolder,
}

impl Chosen {
    fn read(conn: &mut Conn, call: &Call) -> Result<Self> {
        let portal = call.portal.id;
        let folder = match call.someone() {
            Some(person) => setting::of_person(conn, portal, person.id)?,
            None => DefaultFolder::default(),
        };
        Ok(Self {
            admin_messages: setting::of_portal(conn, portal)?,
            cookie: setting::of_portal(conn, portal)?,
            mail_domains: setting::of_portal(conn, portal)?,
            dev_tools: setting::of_portal(conn, portal)?,
            banner: setting::of_portal(conn, portal)?,
            ai: setting::of_portal(conn, portal)?,
            folder,
        })
    }
}

/// What only callers without an account are told (foundation.md §4.3, column N).
fn for_strangers(settings: &mut SettingsDto, chosen: &Chosen) {
    let joining = chosen.mail_domains.is_open();
    settings.enabled_join = Some(joining);
    settings.thirdparty_enable = Some(false);
    if joining {
        settings.trusted_domains = Some(chosen.mail_domains.domains.clone());
        settings.trusted_domains_type = chosen.mail_domains.kind;
    }
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
        greeting_settings: portals::greeting(portal).to_owned(),
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
        socket_url: SOCKET_URL,
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
fn for_accounts(settings: &mut SettingsDto, portal: &Portal, now: domain::Timestamp, chosen: &Chosen) {
    let offset = now.utc_offset_seconds(&portal.zone);
    settings.utc_offset = time::span(offset);
    settings.utc_hours_offset = f64::from(offset) / 3600.0;
    settings.owner_id = portal.owner.to_string();
    settings.invitation_limit = i64::from(i32::MAX);
    settings.max_image_upload_size = 1 << 20;
    settings.default_folder_type = chosen.folder.kind;
    settings.limited_access_dev_tools_for_users = chosen.dev_tools.limited;
    settings.display_banners = !chosen.banner.hidden;
    settings.ai_enabled = chosen.ai.enabled;
    settings.timezone = Some(portal.time_zone.clone());
    settings.name_schema_id = Some("Common");
    settings.domain_validator = Some(DomainValidatorDto {
        regex: "^[a-z0-9]([a-z0-9-]){1,61}[a-z0-9]$",
        min_length: 3,
        max_length: 63,
    });
    settings.trusted_domains = Some(chosen.mail_domains.domains.clone());
    settings.trusted_domains_type = chosen.mail_domains.kind;
    settings.firebase = Some(FirebaseDto::default());
    settings.form_gallery = Some(FormGalleryDto::default());
    settings.zendesk_key = Some("");
    settings.tag_manager_id = Some("");
    settings.plugins = Some(PluginsDto { enabled: false, upload: false, delete: false });
}
