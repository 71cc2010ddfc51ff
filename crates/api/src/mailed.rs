//! Mailed links at the gate: the header `confirm`, which holds a link's query (foundation.md §2.6, people.md §7.1).

use std::sync::Arc;

use axum::http::{HeaderMap, HeaderName, header};
use domain::call::{Caller, Via};
use domain::confirm::{self, ConfirmType, Confirmed, Presented};
use domain::people::{self, UserKind};
use domain::portals::{self, Portal};
use domain::{Kind, Result};

use crate::app::App;
use crate::bind::Query;
use crate::gate::setup_token;
use crate::routes::Need;

const CONFIRM: HeaderName = HeaderName::from_static("confirm");
/// What the name of a cookie that holds a key begins with; the link's type follows.
pub(crate) const KEY_COOKIE: &str = "asc_confirm_key_";

/// The link in the header, if it names a type there is.
fn presented(headers: &HeaderMap) -> Option<Presented> {
    let mut query = query(headers)?;
    let kind = query.text("type").and_then(|name| ConfirmType::of(&name))?;
    let key = query.text("key").filter(|key| !key.is_empty()).or_else(|| key_in_cookie(headers, kind))?;
    Some(Presented {
        kind,
        key,
        email: query.text("email").filter(|email| !email.is_empty()),
        sealed_email: query.text("encemail").filter(|sealed| !sealed.is_empty()),
        user: query.text("uid").and_then(|id| id.parse().ok()),
        invites: query.text("emplType").and_then(|text| user_kind(&text)),
        first: query.text("first").is_some_and(|first| first.eq_ignore_ascii_case("true")),
    })
}

/// The members of the header `confirm`.
fn query(headers: &HeaderMap) -> Option<Query<'_>> {
    let text = headers.get(CONFIRM)?.to_str().ok()?.trim_start_matches('?');
    Some(Query::parse(text))
}

/// A type of account by name or number.
pub(crate) fn user_kind(text: &str) -> Option<UserKind> {
    let by_number = text.trim().parse().ok().and_then(UserKind::of);
    by_number
        .or_else(|| UserKind::ALL.iter().copied().find(|kind| kind.name().eq_ignore_ascii_case(text.trim())))
}

fn key_in_cookie(headers: &HeaderMap, kind: ConfirmType) -> Option<String> {
    let wanted = format!("{KEY_COOKIE}{}", kind.name());
    let lines = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut pairs = lines.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(name, value)| *name == wanted && !value.is_empty()).map(|(_, value)| value.to_owned())
}

/// Lets the holder of a link pass where the line takes one, and says as whom: with a session as its account (unless
/// the link is for another one's password), else as the account the link names.
///
/// Fails with `LinkInvalid` (of the token of set-up: `SetupTokenInvalid`), with `AccessDenied` for a good link of another type and for an account that has none
/// where only links will do, and with `Unauthenticated` without either.
pub(crate) async fn admit(
    app: &App,
    portal: &Arc<Portal>,
    need: Need,
    headers: &HeaderMap,
    caller: Caller,
    via: Via,
) -> Result<(Caller, Via, Option<Arc<Confirmed>>)> {
    let (types, account_will_do) = match need {
        Need::Confirm(types) => (types, false),
        Need::ConfirmOrAccount(types) => (types, true),
        _ => return Ok((caller, via, None)),
    };
    let known = matches!(caller, Caller::Person(_));
    if query(headers).is_none() {
        return match (known, account_will_do) {
            (true, true) => Ok((caller, via, None)),
            (true, false) => Err(Kind::AccessDenied.into()),
            (false, _) => Err(Kind::Unauthenticated.into()),
        };
    }
    if types.contains(&ConfirmType::Wizard)
        && let Some(token) = setup_token(headers)
    {
        let confirmed = set_up(app, portal, token).await?;
        return Ok((caller, via, Some(Arc::new(confirmed))));
    }
    let shown = presented(headers).ok_or(Kind::LinkInvalid)?;
    let (now, place) = (app.store().now(), portal.clone());
    let checked = app
        .store()
        .read(move |conn| {
            let checked = confirm::check(conn, &place, &shown, now)?;
            let Ok(confirmed) = checked else { return Ok(None) };
            let person = account_of(conn, &place, &confirmed)?;
            Ok(Some((confirmed, person)))
        })
        .await?;
    let (confirmed, person) = checked.ok_or(Kind::LinkInvalid)?;
    if !types.contains(&confirmed.kind) {
        return Err(Kind::AccessDenied.into());
    }
    let other_password = confirmed.kind == ConfirmType::PasswordChange
        && matches!((&caller, &person), (Caller::Person(one), Some(other)) if one.id != other.id);
    let (caller, via) = match person {
        Some(person) if !known || other_password => (Caller::Person(Arc::new(person)), Via::Link),
        _ => (caller, via),
    };
    Ok((caller, via, Some(Arc::new(confirmed))))
}

/// The token of set-up, which is no link of an account's.
///
/// Fails with `SetupTokenInvalid`.
async fn set_up(app: &App, portal: &Portal, token: String) -> Result<Confirmed> {
    let (id, shown) = (portal.id, token.clone());
    app.store().read(move |conn| portals::check_setup_token(conn, id, &shown)).await?;
    let (email, user, invites, invitation) = (None, None, None, None);
    Ok(Confirmed { kind: ConfirmType::Wizard, key: token, email, user, invites, invitation })
}

/// The account a link lets its holder act as; none for invitations, whose account is yet to be made.
fn account_of(conn: &mut db::Conn, portal: &Portal, confirmed: &Confirmed) -> Result<Option<people::Person>> {
    match (confirmed.kind, confirmed.user, &confirmed.email) {
        (ConfirmType::LinkInvite | ConfirmType::EmpInvite, ..) | (_, None, None) => Ok(None),
        (_, Some(user), _) => people::find(conn, portal, user),
        (_, None, Some(email)) => people::find_by_email(conn, portal, email),
    }
}
