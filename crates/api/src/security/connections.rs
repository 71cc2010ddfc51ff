//! Sessions, which the reference calls active connections (foundation.md §2.5).

use axum::http::header;
use domain::call::Via;
use domain::confirm::{self, Bound, ConfirmType};
use domain::ids::{SessionId, UserId};
use domain::people::{NameOrder, Person};
use domain::sessions::{self, Connection, agent};
use domain::{Result, Timestamp, Tx};
use schemars::JsonSchema;
use serde::Serialize;
use serde_with::skip_serializing_none;

use crate::app::App;
use crate::authentication::session_cookie;
use crate::body::NoBody;
use crate::gate::Call;
use crate::params::PathId;
use crate::reply::Reply;
use crate::routes::{Need, Routes, Scope};
use crate::wire::Site;

pub(super) fn routes(routes: Routes) -> Routes {
    routes
        .get(
            "/api/2.0/security/activeconnections",
            "sessions.list",
            Need::Guest,
            Scope::Read,
            "The caller's sessions",
            list,
        )
        .put(
            "/api/2.0/security/activeconnections/logout/{loginEventId}",
            "sessions.end",
            Need::Guest,
            Scope::Write,
            "End a session",
            end,
        )
        .put(
            "/api/2.0/security/activeconnections/logoutallexceptthis",
            "sessions.end_others",
            Need::Guest,
            Scope::Write,
            "End the caller's other sessions",
            end_others,
        )
        .put(
            "/api/2.0/security/activeconnections/logoutall/{userId}",
            "sessions.end_all",
            Need::Guest,
            Scope::Write,
            "End every session of an account",
            end_all,
        )
        .put(
            "/api/2.0/security/activeconnections/logoutallchangepassword",
            "sessions.end_all_for_password",
            Need::Guest,
            Scope::Write,
            "End the caller's sessions, and get a link for a new password",
            end_for_password,
        )
}

/// A session.
#[skip_serializing_none]
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "ActiveConnectionsItemDto")]
struct ConnectionDto {
    id: i64,
    tenant_id: i64,
    user_id: String,
    mobile: bool,
    ip: Option<String>,
    browser: Option<String>,
    platform: Option<String>,
    date: String,
}

impl ConnectionDto {
    fn of(call: &Call, connection: &Connection) -> Self {
        let agent = agent::parse(&connection.user_agent);
        Self {
            id: connection.id.0,
            tenant_id: call.portal.id.0,
            user_id: connection.user.to_string(),
            mobile: agent.mobile,
            ip: Some(connection.ip.clone()).filter(|ip| !ip.is_empty()),
            browser: agent.browser,
            platform: agent.platform,
            date: Site::of(call).date(connection.opened_at),
        }
    }

    /// What stands for a caller without sessions: the request itself.
    fn of_request(call: &Call, person: &Person, now: Timestamp) -> Self {
        let connection = Connection {
            id: SessionId(0),
            user: person.id,
            ip: call.client.ip.clone(),
            user_agent: call.client.user_agent.clone(),
            opened_at: now,
        };
        Self::of(call, &connection)
    }
}

/// Sessions, with the one whose cookie the caller holds.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "ActiveConnectionsDto")]
struct ConnectionsDto {
    login_event: i64,
    items: Vec<ConnectionDto>,
}

async fn list(call: Call, app: App, _: NoBody) -> Result<Reply<ConnectionsDto>> {
    let now = app.store().now();
    app.read(call, move |conn, call| {
        let found = sessions::list(conn, call, now)?;
        let mut items: Vec<_> = found.iter().map(|connection| ConnectionDto::of(call, connection)).collect();
        if items.is_empty() {
            items.push(ConnectionDto::of_request(call, call.person()?, now));
        }
        let login_event = sessions::current(call).map_or(0, |id| id.0);
        Ok(Reply::one(ConnectionsDto { login_event, items }))
    })
    .await
}

async fn end(call: Call, app: App, PathId(id): PathId<i32>, _: NoBody) -> Result<Reply<bool>> {
    let id = SessionId(id.into());
    app.write(call, move |tx, call| Ok(Reply::one(sessions::end(tx, call, id)?))).await
}

async fn end_others(call: Call, app: App, _: NoBody) -> Result<Reply<String>> {
    app.write(call, move |tx, call| {
        sessions::end_others(tx, call)?;
        Ok(Reply::one(call.person()?.named(NameOrder::of(call))))
    })
    .await
}

async fn end_all(call: Call, app: App, PathId(user): PathId<UserId>, _: NoBody) -> Result<Reply<String>> {
    app.write(call, move |tx, call| {
        sessions::end_by_hand(tx, call, user)?;
        let own = call.someone().is_some_and(|person| person.id == user);
        if own { stay(tx, call, Reply::nothing()) } else { Ok(Reply::nothing()) }
    })
    .await
}

async fn end_for_password(call: Call, app: App, _: NoBody) -> Result<Reply<String>> {
    app.write(call, move |tx, call| {
        let person = call.person()?;
        sessions::end_by_hand(tx, call, person.id)?;
        let stamp = confirm::password_stamp(person);
        let bound = Bound { email: Some(&person.email), user: Some(person.id), stamp, ..Bound::default() };
        let path = confirm::link(tx, &call.portal, ConfirmType::PasswordChange, &bound)?;
        let url = format!("{}{path}", call.exchange().base);
        stay(tx, call, Reply::one(url).secret(person.id))
    })
    .await
}

/// Lets somebody whose own session ended with the others stay: in a new one, by its cookie. Callers by other
/// credentials had none to lose.
pub(crate) fn stay<T>(tx: &mut Tx<'_>, call: &Call, reply: Reply<T>) -> Result<Reply<T>> {
    if !matches!(call.via, Via::Session { .. }) || call.exchange().from_other_site {
        return Ok(reply);
    }
    let opened = sessions::renew(tx, call)?;
    Ok(reply.with_header(header::SET_COOKIE, session_cookie(call.exchange(), &opened, false)))
}
