//! What strangers may ask for, and who lets them (foundation.md §4.4 `maildomainsettings`, `messagesettings`).

use domain::event::SettingsEvent;
use domain::portal_settings::{self, AdminMessages, MailDomains};
use domain::sessions::attempts::{Limits, Trier};
use domain::time::SECOND;
use domain::{Kind, Problem, Result, visitors};
use schemars::JsonSchema;
use serde::Deserialize;

use super::{EMAIL_MAX, SAVED};
use crate::app::App;
use crate::body::{Body, BodyDto, Checks};
use crate::gate::Call;
use crate::reply::Reply;
use crate::routes::{Need, Routes, Scope};

/// Longest message to the administrators.
const MESSAGE_MAX: usize = 255;
/// How often one address may ask for something: 11 times in two minutes.
const ASKING: Limits = Limits { attempts: 11, period: 120 * SECOND, block: 120 * SECOND };

pub(super) fn routes(routes: Routes) -> Routes {
    routes
        .post(
            "/api/2.0/settings/maildomainsettings",
            "settings.set_mail_domains",
            Need::DocSpaceAdmin,
            Scope::Write,
            "Choose who may join by themselves",
            set_domains,
        )
        .post(
            "/api/2.0/settings/messagesettings",
            "settings.set_messages",
            Need::DocSpaceAdmin,
            Scope::Write,
            "Let strangers write to the administrators, or not",
            set_messages,
        )
        .post(
            "/api/2.0/settings/sendadmmail",
            "settings.write_to_admins",
            Need::Anyone,
            Scope::Write,
            "Write to the administrators",
            write_to_admins,
        )
        .sensitive()
        .post(
            "/api/2.0/settings/sendjoininvite",
            "settings.ask_to_join",
            Need::Anyone,
            Scope::Write,
            "Ask to join",
            ask_to_join,
        )
}

/// Who may join by themselves: 0 nobody, 1 whose address is in one of the domains, 2 everybody.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, rename_all = "camelCase")]
#[schemars(rename = "MailDomainSettingsRequestsDto")]
struct DomainsDto {
    #[serde(rename = "type")]
    kind: i32,
    domains: Vec<String>,
    invite_users_as_visitors: bool,
}

impl BodyDto for DomainsDto {
    const NAME: &'static str = "MailDomainSettingsRequestsDto";
    const REQUIRED: &'static [&'static str] = &["type", "domains", "inviteUsersAsVisitors"];
}

/// Whether a text can be the part of an address after its `@`.
fn is_domain(text: &str) -> bool {
    let label = |part: &str| {
        !part.is_empty()
            && !part.starts_with('-')
            && !part.ends_with('-')
            && part.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
    };
    text.len() <= 255 && text.contains('.') && text.split('.').all(label)
}

impl DomainsDto {
    fn parse(self) -> Result<MailDomains> {
        let refused = |text: &'static str| Err(Problem::text(Kind::BadArgument, text));
        if !(0..=2).contains(&self.kind) {
            return refused("Type");
        }
        let domains: Vec<String> = self
            .domains
            .iter()
            .map(|name| name.trim().to_lowercase())
            .filter(|name| !name.is_empty())
            .collect();
        if self.kind == 1 && domains.is_empty() {
            return refused("Add at least 1 trusted domain.");
        }
        if self.kind == 1 && !domains.iter().all(|name| is_domain(name)) {
            return refused("Invalid domain name");
        }
        let domains = if self.kind == 1 { domains } else { Vec::new() };
        Ok(MailDomains { kind: self.kind.into(), domains, as_guests: self.invite_users_as_visitors })
    }
}

async fn set_domains(call: Call, app: App, Body(new): Body<DomainsDto>) -> Result<Reply<&'static str>> {
    let value = new.parse()?;
    app.write(call, move |tx, call| {
        portal_settings::change(tx, call, &value, SettingsEvent::MailDomains)?;
        Ok(Reply::one(SAVED))
    })
    .await
}

/// Whether strangers may write to the administrators.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, rename_all = "camelCase")]
#[schemars(rename = "TurnOnAdminMessageSettingsRequestDto")]
struct MessagesDto {
    turn_on: bool,
}

impl BodyDto for MessagesDto {
    const NAME: &'static str = "TurnOnAdminMessageSettingsRequestDto";
}

async fn set_messages(call: Call, app: App, Body(new): Body<MessagesDto>) -> Result<Reply<&'static str>> {
    let value = AdminMessages { enabled: new.turn_on };
    app.write(call, move |tx, call| {
        portal_settings::change(tx, call, &value, SettingsEvent::AdminMessages)?;
        Ok(Reply::one(SAVED))
    })
    .await
}

/// A message to the administrators.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
#[schemars(rename = "AdminMessageSettingsRequestsDto")]
struct MessageDto {
    message: Option<String>,
    email: Option<String>,
}

impl BodyDto for MessageDto {
    const NAME: &'static str = "AdminMessageSettingsRequestsDto";
    const REQUIRED: &'static [&'static str] = &["message", "email"];

    fn check(&self, checks: &mut Checks) {
        checks.length("Message", self.message.as_deref(), MESSAGE_MAX);
        checks.length("Email", self.email.as_deref(), EMAIL_MAX);
    }
}

async fn write_to_admins(call: Call, app: App, Body(new): Body<MessageDto>) -> Result<Reply<&'static str>> {
    let (email, message) = (new.email.unwrap_or_default(), new.message.unwrap_or_default());
    ask_once_more(&call, &app, "message")?;
    app.write(call, move |tx, call| {
        visitors::write_to_admins(tx, call, &email, &message)?;
        Ok(Reply::one(
            "Your message was successfully sent. You will be contacted by the portal administrator.",
        ))
    })
    .await
}

/// The address of somebody who wants to join.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
#[schemars(rename = "AdminMessageBaseSettingsRequestsDto")]
struct JoinDto {
    email: Option<String>,
}

impl BodyDto for JoinDto {
    const NAME: &'static str = "AdminMessageBaseSettingsRequestsDto";
    const REQUIRED: &'static [&'static str] = &["email"];

    fn check(&self, checks: &mut Checks) {
        checks.length("Email", self.email.as_deref(), EMAIL_MAX);
    }
}

async fn ask_to_join(call: Call, app: App, Body(new): Body<JoinDto>) -> Result<Reply<&'static str>> {
    let email = new.email.unwrap_or_default();
    ask_once_more(&call, &app, "join")?;
    app.write(call, move |tx, call| {
        visitors::invite_to_join(tx, call, &email)?;
        Ok(Reply::one("The link to confirm your account has been sent to the specified email"))
    })
    .await
}

/// Counts what a stranger asks for, by address; one too many is `AskedTooOften`.
fn ask_once_more(call: &Call, app: &App, what: &str) -> Result<()> {
    let who = Trier::request(call.portal.id, what, &call.exchange().client.ip);
    let now = app.store().now();
    if !app.attempts().may_try(ASKING, &who, now) {
        return Err(Kind::AskedTooOften.into());
    }
    app.attempts().fail(&who, now);
    Ok(())
}
