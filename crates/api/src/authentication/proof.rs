//! What somebody signs in with, and who that is (foundation.md §2.2, §2.3).

use domain::confirm::{self, ConfirmType, Presented};
use domain::event::{Event, SignIn, SignInFailure};
use domain::people::{self, Person};
use domain::{Kind, Problem, Result, Tx, sessions};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::app::App;
use crate::body::{BodyDto, Checks};
use crate::gate::{Call, check_password};
use crate::passwords::Secret;

/// What a client signs in with; members for third-party providers are not read.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, rename_all = "camelCase")]
#[schemars(rename = "AuthRequestsDto")]
pub(super) struct AuthDto {
    user_name: Option<String>,
    password: Option<String>,
    password_hash: Option<String>,
    provider: Option<String>,
    serialized_profile: Option<String>,
    pub(super) session: bool,
    confirm_data: Option<ConfirmDto>,
    culture: Option<String>,
}

/// What a link that signs in carries.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, rename_all = "camelCase")]
#[schemars(rename = "ConfirmData")]
struct ConfirmDto {
    email: Option<String>,
    first: Option<bool>,
    key: Option<String>,
}

impl BodyDto for AuthDto {
    const NAME: &'static str = "AuthRequestsDto";

    fn check(&self, checks: &mut Checks) {
        checks.email("ConfirmData.Email", self.confirm_data.as_ref().and_then(|link| link.email.as_deref()));
    }
}

/// What a client signs in with where a second factor is asked for.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, rename_all = "camelCase")]
#[schemars(rename = "AuthWithCodeRequestsDto")]
pub(super) struct AuthWithCodeDto {
    user_name: Option<String>,
    password: Option<String>,
    password_hash: Option<String>,
    provider: Option<String>,
    serialized_profile: Option<String>,
    session: bool,
    confirm_data: Option<ConfirmDto>,
    culture: Option<String>,
    code: Option<String>,
}

impl BodyDto for AuthWithCodeDto {
    const NAME: &'static str = "AuthWithCodeRequestsDto";

    fn check(&self, checks: &mut Checks) {
        checks.email("ConfirmData.Email", self.confirm_data.as_ref().and_then(|link| link.email.as_deref()));
    }
}

impl AuthWithCodeDto {
    /// What is the same without a code, and the code.
    pub(super) fn parts(self) -> (AuthDto, String) {
        let auth = AuthDto {
            user_name: self.user_name,
            password: self.password,
            password_hash: self.password_hash,
            provider: self.provider,
            serialized_profile: self.serialized_profile,
            session: self.session,
            confirm_data: self.confirm_data,
            culture: self.culture,
        };
        (auth, self.code.unwrap_or_default())
    }
}

/// Somebody who proved to be somebody.
#[derive(Debug, Clone)]
pub(super) struct Proof {
    pub(super) person: Person,
    pub(super) login: String,
    pub(super) how: SignIn,
    /// The key of the link that was used for it: good once.
    link: Option<String>,
    culture: Option<String>,
}

/// Who signs in. A link goes before a password.
///
/// Fails with `SignInFailed`, `UserDisabled`, `TooManyAttempts`, `UserNotFound` for a bad link, or `Busy`.
pub(super) async fn prove(app: &App, call: &Call, auth: AuthDto) -> Result<Proof> {
    let culture = auth.culture.as_deref().and_then(people::known_culture).map(str::to_owned);
    if let Some(link) = &auth.confirm_data {
        return by_link(app, call, link, culture).await;
    }
    let other = |text: &Option<String>| {
        text.as_deref().is_some_and(|text| !text.trim().is_empty() && text != "email")
    };
    if other(&auth.provider) || other(&auth.serialized_profile) {
        return Err(Problem::text(Kind::SignInFailed, "User authentication failed"));
    }
    let (login, secret, how) = credentials(&auth).ok_or(Kind::SignInFailed)?;
    let ip = &call.exchange().client.ip;
    let checked = check_password(app, &call.portal, &login, secret, ip).await;
    if let Err(problem) = &checked {
        note_failure(app, call, &login, problem.kind()).await?;
    }
    Ok(Proof { person: checked?, login, how, link: None, culture })
}

async fn by_link(app: &App, call: &Call, link: &ConfirmDto, culture: Option<String>) -> Result<Proof> {
    let shown = Presented {
        kind: ConfirmType::Auth,
        key: link.key.clone().unwrap_or_default(),
        email: link.email.clone(),
        sealed_email: None,
        user: None,
        invites: None,
        first: link.first.unwrap_or(false),
    };
    let (portal, now, key) = (call.portal.clone(), app.store().now(), shown.key.clone());
    let found = app
        .store()
        .read(move |conn| {
            let Ok(good) = confirm::check(conn, &portal, &shown, now)? else { return Ok(None) };
            let Some(email) = good.email else { return Ok(None) };
            people::find_by_email(conn, &portal, &email)
        })
        .await?;
    let person = found.ok_or(Kind::UserNotFound)?;
    if !person.is_active() {
        return Err(Kind::UserDisabled.into());
    }
    let login = person.email.clone();
    Ok(Proof { person, login, how: SignIn::Link, link: Some(key), culture })
}

/// The name and secret; a hash goes before a plain password. Blank ones are no credentials.
fn credentials(auth: &AuthDto) -> Option<(String, Secret, SignIn)> {
    let given = |text: &Option<String>| {
        text.as_deref().map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned)
    };
    let login = given(&auth.user_name)?;
    match given(&auth.password_hash) {
        Some(hash) => Some((login, Secret::Hashed(hash), SignIn::Hashed)),
        None => given(&auth.password).map(|password| (login, Secret::Plain(password), SignIn::Plain)),
    }
}

async fn note_failure(app: &App, call: &Call, login: &str, kind: Kind) -> Result<()> {
    let why = match kind {
        Kind::SignInFailed => SignInFailure::Password,
        Kind::TooManyAttempts => SignInFailure::Blocked,
        _ => return Ok(()),
    };
    let login = login.to_owned();
    app.note(call.clone(), move |tx, _| sessions::note_failure(tx, None, &login, why)).await
}

impl Proof {
    /// What follows from the proof alone, a second factor or not: the link is used up, and the language chosen.
    ///
    /// Fails with `UserNotFound` when somebody was faster with the link.
    pub(super) fn settle(&self, tx: &mut Tx<'_>, call: &Call) -> Result<()> {
        if let Some(key) = &self.link {
            if !confirm::note_use(tx, &call.portal, key)? {
                return Err(Kind::UserNotFound.into());
            }
            tx.say(Event::AuthLinkUsed { user: self.person.id });
        }
        let culture = self.culture.as_ref().filter(|name| self.person.culture.as_ref() != Some(name));
        culture.map_or(Ok(()), |culture| people::set_culture(tx, call.portal.id, self.person.id, culture))
    }
}
