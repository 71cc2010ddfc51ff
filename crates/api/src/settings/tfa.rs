//! The second factor: the portal's choice, and the app of each account (foundation.md §2.7).

use axum::http::header;
use data_encoding::BASE64;
use domain::confirm::ConfirmType;
use domain::event::SignIn;
use domain::ids::{GroupId, UserId};
use domain::people::{self, Person};
use domain::portal_settings::TfaSettings;
use domain::tfa::{self, Checked, Choice, Step};
use domain::{Kind, Problem, Result, Tx, sessions, setting};
use qrcode::QrCode;
use qrcode::render::svg;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::app::App;
use crate::authentication::{key_cookie, key_cookie_name, session_cookie, with_code};
use crate::bind::{EnumTable, Named};
use crate::body::{Body, BodyDto, NoBody};
use crate::gate::Call;
use crate::reply::Reply;
use crate::routes::{Need, Routes, Scope};

pub(super) fn routes(routes: Routes) -> Routes {
    const BIND: Need = Need::Confirm(&[ConfirmType::TfaActivation]);
    const EITHER: Need = Need::Confirm(&[ConfirmType::TfaActivation, ConfirmType::TfaAuth]);
    const APP: &str = "/api/2.0/settings/tfaapp";
    routes
        .get(APP, "tfa.list", Need::Guest, Scope::Read, "Second factors, and which is asked for", list)
        .put(APP, "tfa.choose", Need::DocSpaceAdmin, Scope::Write, "Choose the second factor", choose)
        .put(
            "/api/2.0/settings/tfaappwithlink",
            "tfa.choose_with_link",
            Need::DocSpaceAdmin,
            Scope::Write,
            "Choose the second factor, and get the address to bind one's own app",
            choose_with_link,
        )
        .get(
            "/api/2.0/settings/tfaapp/confirm",
            "tfa.step",
            Need::Guest,
            Scope::Read,
            "What the caller has to do about the second factor",
            step,
        )
        .get(
            "/api/2.0/settings/tfaapp/setup",
            "tfa.set_up",
            BIND,
            Scope::Read,
            "What an authenticator app needs to know",
            set_up,
        )
        .post(
            "/api/2.0/settings/tfaapp/validate",
            "tfa.validate",
            EITHER,
            Scope::Write,
            "Give a code, and be signed in",
            validate,
        )
        .get(
            "/api/2.0/settings/tfaappcodes",
            "tfa.codes",
            Need::Guest,
            Scope::Read,
            "The caller's backup codes",
            codes,
        )
        .put(
            "/api/2.0/settings/tfaappnewcodes",
            "tfa.new_codes",
            Need::Guest,
            Scope::Write,
            "Make new backup codes",
            new_codes,
        )
        .put(
            "/api/2.0/settings/tfaappnewapp",
            "tfa.unbind",
            Need::Guest,
            Scope::Write,
            "Take the app off an account",
            unbind,
        )
}

/// A second factor.
#[skip_serializing_none]
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "TfaSettingsDto")]
struct FactorDto {
    id: &'static str,
    title: &'static str,
    enabled: bool,
    available: bool,
    trusted_ips: Option<Vec<String>>,
    mandatory_users: Option<Vec<String>>,
    mandatory_groups: Option<Vec<String>>,
}

async fn list(call: Call, app: App, _: NoBody) -> Result<Reply<Vec<FactorDto>>> {
    app.read(call, |conn, call| {
        let settings: TfaSettings = setting::of_portal(conn, call.portal.id)?;
        // Whom it spares is for administrators to know.
        let admin = call.someone().is_some_and(Person::is_admin);
        let users = settings.mandatory_users.iter().map(ToString::to_string);
        let groups = settings.mandatory_groups.iter().map(ToString::to_string);
        let sms = FactorDto {
            id: "sms",
            title: "By SMS",
            enabled: false,
            available: false,
            trusted_ips: None,
            mandatory_users: None,
            mandatory_groups: None,
        };
        let app = FactorDto {
            id: "app",
            title: "By authenticator app",
            enabled: settings.enabled,
            available: true,
            mandatory_users: admin.then(|| users.collect()),
            mandatory_groups: admin.then(|| groups.collect()),
            trusted_ips: admin.then_some(settings.trusted_ips),
        };
        Ok(Reply::list(vec![sms, app]))
    })
    .await
}

/// The reference's names of the choice.
#[derive(Debug)]
enum Factors {}

impl EnumTable for Factors {
    const TYPE: &'static str = "ASC.Web.Studio.Core.TFA.TfaRequestsDtoType";
    const NAMES: &'static [(&'static str, i64)] = &[("None", 0), ("Sms", 1), ("App", 2)];
}

/// The portal's choice, and where it isn't asked for.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, rename_all = "camelCase")]
#[schemars(rename = "TfaRequestsDto")]
struct ChoiceDto {
    #[serde(rename = "type")]
    #[schemars(with = "Option<String>")]
    kind: Option<Named<Factors>>,
    #[schemars(with = "Option<String>")]
    id: Option<UserId>,
    trusted_ips: Option<Vec<String>>,
    #[schemars(with = "Option<Vec<String>>")]
    mandatory_users: Option<Vec<UserId>>,
    #[schemars(with = "Option<Vec<String>>")]
    mandatory_groups: Option<Vec<GroupId>>,
}

impl BodyDto for ChoiceDto {
    const NAME: &'static str = "TfaRequestsDto";
    const REQUIRED: &'static [&'static str] = &["type"];
}

/// What is to be chosen.
struct NewChoice {
    choice: Choice,
    about: Option<UserId>,
    settings: TfaSettings,
}

impl ChoiceDto {
    fn parse(self) -> Result<NewChoice> {
        let choice = match self.kind.and_then(|kind| kind.known()) {
            Some(0) => Choice::None,
            Some(1) => Choice::Sms,
            Some(2) => Choice::App,
            _ => return Err(Problem::text(Kind::BadArgument, "Type")),
        };
        let settings = TfaSettings {
            enabled: choice == Choice::App,
            trusted_ips: self.trusted_ips.unwrap_or_default(),
            mandatory_users: self.mandatory_users.unwrap_or_default(),
            mandatory_groups: self.mandatory_groups.unwrap_or_default(),
        };
        Ok(NewChoice { choice, about: self.id, settings })
    }
}

async fn choose(call: Call, app: App, Body(new): Body<ChoiceDto>) -> Result<Reply<bool>> {
    let new = new.parse()?;
    app.write(call, move |tx, call| {
        Ok(Reply::one(tfa::configure(tx, call, new.choice, new.about, &new.settings)?))
    })
    .await
}

async fn choose_with_link(call: Call, app: App, Body(new): Body<ChoiceDto>) -> Result<Reply<String>> {
    let new = new.parse()?;
    app.write(call, move |tx, call| {
        tfa::configure(tx, call, new.choice, new.about, &new.settings)?;
        go_on(tx, call)
    })
    .await
}

/// Where the caller goes on: the address to bind an app at or give a code, with a cookie that holds the key; empty
/// when there is nothing to do.
fn go_on(tx: &mut Tx<'_>, call: &Call) -> Result<Reply<String>> {
    let person = call.person()?;
    match tfa::step(tx, &call.portal, person, &call.exchange().client.ip)? {
        None => Ok(Reply::one(String::new())),
        Some(step) => {
            let url = format!("{}{}", call.exchange().base, step.path);
            Ok(with_key(call, Reply::one(url).secret(person.id), &step))
        }
    }
}

fn with_key<T>(call: &Call, reply: Reply<T>, step: &Step) -> Reply<T> {
    reply.with_header(header::SET_COOKIE, key_cookie(call.exchange(), step.kind, &step.key))
}

/// What the caller has to do: where, and the cookie for it.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "TfaConfirmDataDto")]
struct StepDto {
    url: String,
    cookie_name: String,
    cookie_value: String,
}

async fn step(call: Call, app: App, _: NoBody) -> Result<Reply<StepDto>> {
    app.write(call, |tx, call| {
        let person = call.person()?;
        let Some(step) = tfa::step(tx, &call.portal, person, &call.exchange().client.ip)? else {
            return Ok(Reply::nothing());
        };
        let dto = StepDto {
            url: format!("{}{}", call.exchange().base, step.path),
            cookie_name: key_cookie_name(step.kind),
            cookie_value: step.key.clone(),
        };
        Ok(with_key(call, Reply::one(dto), &step))
    })
    .await
}

/// The account a link of the second factor is for.
fn account(tx: &mut Tx<'_>, call: &Call) -> Result<Person> {
    let user = call.confirmed.as_ref().and_then(|link| link.user).ok_or(Kind::LinkInvalid)?;
    people::find(tx, &call.portal, user)?.ok_or_else(|| Kind::LinkInvalid.into())
}

/// What an authenticator app needs to know.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "SetupCode")]
struct SetUpDto {
    account: String,
    manual_entry_key: String,
    qr_code_setup_image_url: String,
}

async fn set_up(call: Call, app: App, _: NoBody) -> Result<Reply<SetUpDto>> {
    app.write(call, |tx, call| {
        let person = account(tx, call)?;
        let secret = tfa::secret(tx, &call.portal, person.id)?;
        let issuer = tx.addresses().domain(&call.portal.alias);
        let qr_code_setup_image_url = svg_uri(&otpauth(&issuer, &person.email, &secret))?;
        let (account, manual_entry_key) = (person.email, secret);
        Ok(Reply::one(SetUpDto { account, manual_entry_key, qr_code_setup_image_url }).secret(person.id))
    })
    .await
}

/// The address that apps read from the picture.
fn otpauth(issuer: &str, email: &str, secret: &str) -> String {
    use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
    let coded = |text: &str| utf8_percent_encode(text, NON_ALPHANUMERIC).to_string();
    let (issuer, email) = (coded(issuer), coded(email));
    format!(
        "otpauth://totp/{issuer}:{email}?secret={secret}&issuer={issuer}&algorithm=SHA1&digits=6&period=30"
    )
}

/// The least width of the picture, in pixels.
const WIDTH: u32 = 240;

/// A QR code as a data URI.
fn svg_uri(text: &str) -> Result<String> {
    let code = QrCode::new(text).map_err(Problem::internal)?;
    let picture = code.render::<svg::Color<'_>>().min_dimensions(WIDTH, WIDTH).build();
    Ok(format!("data:image/svg+xml;base64,{}", BASE64.encode(picture.as_bytes())))
}

/// A code.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
#[schemars(rename = "TfaValidateRequestsDto")]
struct CodeDto {
    code: Option<String>,
    session: bool,
}

impl BodyDto for CodeDto {
    const NAME: &'static str = "TfaValidateRequestsDto";
    const REQUIRED: &'static [&'static str] = &["code"];
}

/// Signs the link's account in. True when the code was the first one, and the backup codes are new.
async fn validate(call: Call, app: App, Body(sent): Body<CodeDto>) -> Result<Reply<bool>> {
    let code = sent.code.unwrap_or_default().trim().to_owned();
    if code.is_empty() {
        return Err(Problem::text(Kind::BadArgument, "Validation code field cannot be empty"));
    }
    let user = call.confirmed.as_ref().and_then(|link| link.user).ok_or(Kind::LinkInvalid)?;
    let portal = call.portal.clone();
    let found = app.store().read(move |conn| people::find(conn, &portal, user)).await?;
    let person = found.ok_or(Kind::LinkInvalid)?;
    let known = person.clone();
    with_code(&app, call, person, code, Kind::CodeWrong, move |tx, call, checked| {
        let opened = sessions::open(tx, call, &known, &known.email, SignIn::Code)?;
        let cookie = session_cookie(call.exchange(), &opened, sent.session);
        Ok(Reply::one(checked == Checked::Bound).with_header(header::SET_COOKIE, cookie))
    })
    .await
}

/// A backup code.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "TfaAppCodeDto")]
struct BackupDto {
    is_used: bool,
    code: String,
}

fn shown(codes: Vec<tfa::BackupCode>) -> Vec<BackupDto> {
    codes.into_iter().map(|code| BackupDto { is_used: code.used, code: code.code }).collect()
}

async fn codes(call: Call, app: App, _: NoBody) -> Result<Reply<Vec<BackupDto>>> {
    app.read(call, |conn, call| Ok(Reply::list(shown(tfa::codes(conn, call)?)))).await
}

async fn new_codes(call: Call, app: App, _: NoBody) -> Result<Reply<Vec<BackupDto>>> {
    app.write(call, |tx, call| {
        let codes = shown(tfa::new_codes(tx, call)?);
        Ok(Reply::list(codes).secret(call.person()?.id))
    })
    .await
}

/// Whose app; absent: the caller's own.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
#[schemars(rename = "TfaUnlinkRequestsDto")]
struct UnbindDto {
    #[schemars(with = "Option<String>")]
    id: Option<UserId>,
}

impl BodyDto for UnbindDto {
    const NAME: &'static str = "TfaRequestsDto";
}

async fn unbind(call: Call, app: App, Body(sent): Body<UnbindDto>) -> Result<Reply<String>> {
    let named = sent.id.filter(|id| !id.is_nil());
    app.write(call, move |tx, call| {
        let own = call.person()?.id;
        let user = named.unwrap_or(own);
        tfa::unbind(tx, call, user)?;
        if user == own { go_on(tx, call) } else { Ok(Reply::one(String::new())) }
    })
    .await
}
