//! Signing in and out (foundation.md §2.2, §2.3).

use axum::http::{HeaderMap, HeaderValue, header};
use domain::sessions::{self, Opened};
use domain::time::NEVER_PLAIN;
use domain::{Kind, Problem, Result, Timestamp, people};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::app::App;
use crate::body::{Body, BodyDto, Checks, NoBody};
use crate::exchange::{Exchange, header_value};
use crate::gate::{COOKIE, Call, check_password, cookie};
use crate::params::Headers;
use crate::passwords::Secret;
use crate::reply::Reply;
use crate::routes::{Need, Routes, Scope};

pub(crate) fn routes(routes: Routes) -> Routes {
    routes
        .tag("authentication")
        .get(
            "/api/2.0/authentication",
            "authentication.get",
            Need::Anyone,
            Scope::Read,
            "Whether the caller is known",
            get,
        )
        .post(
            "/api/2.0/authentication",
            "authentication.create",
            Need::Anyone,
            Scope::Write,
            "Sign in",
            create,
        )
        .post(
            "/api/2.0/authentication/logout",
            "authentication.delete",
            Need::Anyone,
            Scope::Write,
            "Sign out",
            delete,
        )
}

async fn get(call: Call, _: NoBody) -> Result<Reply<bool>> {
    Ok(Reply::one(call.someone().is_some()))
}

/// What a client signs in with; members for third-party providers are not read.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, rename_all = "camelCase")]
#[schemars(rename = "AuthRequestsDto")]
struct AuthDto {
    user_name: Option<String>,
    password: Option<String>,
    password_hash: Option<String>,
    provider: Option<String>,
    serialized_profile: Option<String>,
    session: bool,
    confirm_data: Option<ConfirmDto>,
    culture: Option<String>,
}

/// What a link that signs in carries. No such link is sent yet, so none is valid.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, rename_all = "camelCase")]
#[schemars(rename = "ConfirmData")]
struct ConfirmDto {
    email: Option<String>,
}

impl BodyDto for AuthDto {
    const NAME: &'static str = "AuthRequestsDto";

    fn check(&self, checks: &mut Checks) {
        checks.email("ConfirmData.Email", self.confirm_data.as_ref().and_then(|link| link.email.as_deref()));
    }
}

/// A session's token.
#[skip_serializing_none]
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "AuthenticationTokenDto")]
struct TokenDto {
    token: Option<String>,
    expires: String,
    sms: bool,
    tfa: bool,
}

async fn create(call: Call, app: App, Body(auth): Body<AuthDto>) -> Result<Reply<TokenDto>> {
    if auth.confirm_data.is_some() {
        return Err(Problem::text(Kind::NotFound, "The user could not be found"));
    }
    let other = |text: &Option<String>| {
        text.as_deref().is_some_and(|text| !text.trim().is_empty() && text != "email")
    };
    if other(&auth.provider) || other(&auth.serialized_profile) {
        return Err(Problem::text(Kind::SignInFailed, "User authentication failed"));
    }
    let (login, secret, hashed) = credentials(&auth).ok_or(Kind::SignInFailed)?;
    let ip = &call.exchange().client.ip;
    let checked = check_password(&app, &call.portal, &login, secret, ip).await;
    if let Err(problem) = &checked {
        note_failure(&app, &call, &login, problem.kind()).await?;
    }
    let person = checked?;
    let (brief, culture) = (auth.session, auth.culture.filter(|name| people::is_culture(name)));
    app.write(call, move |tx, call| {
        if let Some(culture) = culture.as_ref().filter(|name| person.culture.as_ref() != Some(name)) {
            people::set_culture(tx, call.portal.id, person.id, culture)?;
        }
        let opened = sessions::open(tx, call, &person, &login, hashed)?;
        Ok(signed_in(call, opened, brief))
    })
    .await
}

/// The name and secret; a hash goes before a plain password. Blank ones are no credentials.
fn credentials(auth: &AuthDto) -> Option<(String, Secret, bool)> {
    let given = |text: &Option<String>| {
        text.as_deref().map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned)
    };
    let login = given(&auth.user_name)?;
    match given(&auth.password_hash) {
        Some(hash) => Some((login, Secret::Hashed(hash), true)),
        None => given(&auth.password).map(|password| (login, Secret::Plain(password), false)),
    }
}

async fn note_failure(app: &App, call: &Call, login: &str, kind: Kind) -> Result<()> {
    if !matches!(kind, Kind::SignInFailed | Kind::TooManyAttempts) {
        return Ok(());
    }
    let (login, blocked) = (login.to_owned(), kind == Kind::TooManyAttempts);
    app.note(call.clone(), move |tx, _| sessions::note_failure(tx, &login, blocked)).await
}

/// The reply to a sign-in, with its cookie. A brief session has a cookie that ends with the browser. A page of another
/// site gets the token alone: it must not sign a visitor in here under a name of its choice.
fn signed_in(call: &Call, opened: Opened, brief: bool) -> Reply<TokenDto> {
    let cookie = session_cookie(call.exchange(), &opened, brief);
    let expires = if brief { NEVER_PLAIN.to_owned() } else { opened.expires_at.plain() };
    let token = TokenDto { token: Some(opened.token), expires, sms: false, tfa: false };
    let reply = Reply::one(token).secret(opened.id);
    if call.exchange().from_other_site { reply } else { reply.with_header(header::SET_COOKIE, cookie) }
}

/// The cookie of a session.
pub(crate) fn session_cookie(exchange: &Exchange, opened: &Opened, brief: bool) -> HeaderValue {
    let secure = if exchange.is_secure() { "; Secure" } else { "" };
    let age = if brief {
        String::new()
    } else {
        format!(
            "; Max-Age={}; Expires={}",
            sessions::LIFETIME / domain::time::SECOND,
            opened.expires_at.http_date()
        )
    };
    header_value(&format!("{COOKIE}={}; Path=/; HttpOnly; SameSite=Strict{secure}{age}", opened.token))
}

/// Tells the browser to forget the session cookie.
pub(crate) fn expire_cookie(exchange: &Exchange, headers: &mut HeaderMap) {
    let secure = if exchange.is_secure() { "; Secure" } else { "" };
    headers.append(
        header::SET_COOKIE,
        header_value(&format!(
            "{COOKIE}=; Path=/; HttpOnly; SameSite=Strict{secure}; Max-Age=0; Expires={}",
            Timestamp(0).http_date()
        )),
    );
}

/// Ends the session of the cookie. A token sent in a header stays good, as in the reference.
async fn delete(call: Call, app: App, Headers(headers): Headers, _: NoBody) -> Result<Reply<String>> {
    let hash = cookie(&headers).map(|token| sessions::token_hash(&token));
    let mut expired = HeaderMap::new();
    expire_cookie(call.exchange(), &mut expired);
    let reply = app
        .write(call, move |tx, call| {
            let now = tx.now();
            if let Some(hash) = &hash
                && let Some((session, _)) = sessions::find(tx, &call.portal, hash, now)?
            {
                sessions::close(tx, call, session.id)?;
            }
            Ok(Reply::nothing())
        })
        .await?;
    Ok(expired
        .remove(header::SET_COOKIE)
        .into_iter()
        .fold(reply, |reply, cookie| reply.with_header(header::SET_COOKIE, cookie)))
}
