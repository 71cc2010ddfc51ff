//! Signing in and out (foundation.md §2.2, §2.3).

mod codes;
mod cookies;
mod links;
mod proof;

use axum::http::{HeaderMap, header};
use domain::confirm::ConfirmType;
use domain::event::SignIn;
use domain::sessions::{self, Opened};
use domain::tfa::{self, Step};
use domain::time::NEVER_PLAIN;
use domain::{Kind, Result, Tx};
use schemars::JsonSchema;
use serde::Serialize;
use serde_with::skip_serializing_none;

pub(crate) use codes::with_code;
pub(crate) use cookies::{expire_cookie, key_cookie, key_cookie_name, session_cookie};

use crate::app::App;
use crate::body::{Body, NoBody};
use crate::gate::{Call, cookie};
use crate::params::{Headers, PathId};
use crate::reply::Reply;
use crate::routes::{Need, Routes, Scope};
use proof::{AuthDto, AuthWithCodeDto, Proof, prove};

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
        .post(
            "/api/2.0/authentication/confirm",
            "authentication.check_link",
            Need::Anyone,
            Scope::Write,
            "Whether a mailed link is good",
            links::check,
        )
        .post(
            "/api/2.0/authentication/{code}",
            "authentication.create_with_code",
            Need::Anyone,
            Scope::Write,
            "Sign in with a second factor",
            create_with_code,
        )
        .post(
            "/api/2.0/authentication/sendsms",
            "authentication.send_sms",
            Need::Anyone,
            Scope::Write,
            "Send a code by text message: not here",
            no_sms,
        )
        .post(
            "/api/2.0/authentication/setphone",
            "authentication.set_phone",
            Need::Confirm(&[ConfirmType::PhoneActivation]),
            Scope::Write,
            "Bind a telephone: not here",
            no_sms,
        )
}

async fn get(call: Call, _: NoBody) -> Result<Reply<bool>> {
    Ok(Reply::one(call.someone().is_some()))
}

/// A session's token, or what is still to be done for one.
#[skip_serializing_none]
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "AuthenticationTokenDto")]
struct TokenDto {
    token: Option<String>,
    expires: String,
    sms: bool,
    tfa: bool,
    tfa_key: Option<String>,
    confirm_url: Option<String>,
}

async fn create(call: Call, app: App, Body(auth): Body<AuthDto>) -> Result<Reply<TokenDto>> {
    let brief = auth.session;
    let proof = prove(&app, &call, auth).await?;
    app.write(call, move |tx, call| {
        proof.settle(tx, call)?;
        if let Some(step) = tfa::step(tx, &call.portal, &proof.person, &call.exchange().client.ip)? {
            return second_factor(tx, call, &proof, step);
        }
        let opened = sessions::open(tx, call, &proof.person, &proof.login, proof.how)?;
        Ok(signed_in(call, opened, brief, false))
    })
    .await
}

/// The answer where a code is to follow: where to give it, and a cookie with the key for that.
fn second_factor(tx: &mut Tx<'_>, call: &Call, proof: &Proof, step: Step) -> Result<Reply<TokenDto>> {
    let to_bind = step.kind == ConfirmType::TfaActivation;
    let tfa_key = if to_bind { Some(tfa::secret(tx, &call.portal, proof.person.id)?) } else { None };
    let token = TokenDto {
        token: None,
        expires: NEVER_PLAIN.to_owned(),
        sms: false,
        tfa: true,
        tfa_key,
        confirm_url: Some(format!("{}{}", call.exchange().base, step.path)),
    };
    let cookie = key_cookie(call.exchange(), step.kind, &step.key);
    Ok(Reply::one(token).secret(proof.person.id).with_header(header::SET_COOKIE, cookie))
}

/// Signs in with a code in the same request. What stands in the path is not looked at.
async fn create_with_code(
    call: Call,
    app: App,
    PathId(_): PathId<String>,
    Body(auth): Body<AuthWithCodeDto>,
) -> Result<Reply<TokenDto>> {
    let (auth, code) = auth.parts();
    let brief = auth.session;
    let proof = prove(&app, &call, auth).await?;
    let (person, user) = (proof.person.clone(), proof.person.id);
    let signed = with_code(&app, call, person, code, Kind::SignInFailed, move |tx, call, _| {
        proof.settle(tx, call)?;
        let opened = sessions::open(tx, call, &proof.person, &proof.login, SignIn::Code)?;
        Ok(signed_in(call, opened, brief, true).secret(user))
    });
    // Whatever is wrong with the code, the sign-in failed (foundation.md §2.3).
    signed.await.map_err(|problem| match problem.kind() {
        Kind::TfaUnavailable | Kind::TooManyAttempts => Kind::SignInFailed.into(),
        _ => problem,
    })
}

/// There are no text messages here.
async fn no_sms(_: Call, _: NoBody) -> Result<Reply<TokenDto>> {
    Err(Kind::SmsUnavailable.into())
}

/// The reply to a sign-in, with its cookie. A page of another site gets the token alone: it must not sign a visitor in
/// here under a name of its choice.
fn signed_in(call: &Call, opened: Opened, brief: bool, tfa: bool) -> Reply<TokenDto> {
    let cookie = session_cookie(call.exchange(), &opened, brief);
    let expires = if brief { NEVER_PLAIN.to_owned() } else { opened.expires_at.plain() };
    let token =
        TokenDto { token: Some(opened.token), expires, sms: false, tfa, tfa_key: None, confirm_url: None };
    let reply = Reply::one(token).secret(opened.id);
    if call.exchange().from_other_site { reply } else { reply.with_header(header::SET_COOKIE, cookie) }
}

/// Ends the session of the cookie, unless another site's page sent it. A token sent in a header stays good, as in the
/// reference.
async fn delete(call: Call, app: App, Headers(headers): Headers, _: NoBody) -> Result<Reply<String>> {
    if call.exchange().is_foreign_cookie() {
        return Ok(Reply::nothing());
    }
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
