//! Set-up: the owner's account (foundation.md §4.4 `wizard/complete`).

use axum::http::header;
use domain::event::SignIn;
use domain::people;
use domain::portals::{self, NewOwner};
use domain::{Kind, Problem, Result, sessions, time};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::EMAIL_MAX;
use crate::app::App;
use crate::authentication::session_cookie;
use crate::body::{Body, BodyDto, Checks};
use crate::gate::Call;
use crate::passwords::Secret;
use crate::reply::Reply;
use crate::routes::{Need, Routes, Scope};

/// Longest hash a client may send; ours have 64 digits.
const HASH_MAX: usize = 512;

pub(super) fn routes(routes: Routes) -> Routes {
    routes.put(
        "/api/2.0/settings/wizard/complete",
        "settings.set_up",
        Need::SetUp,
        Scope::Write,
        "Make the owner's account",
        set_up,
    )
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
        let opened = sessions::open(tx, call, &person, &owner.email, SignIn::Hashed)?;
        let reply = Reply::one(WizardSettingsDto { completed: true, last_modified: tx.now().plain() });
        Ok(reply.with_header(header::SET_COOKIE, session_cookie(call.exchange(), &opened, false)))
    })
    .await
}
