//! File operations: fetched once, then forgotten (rooms.md §6, deviations.md 4).

use axum::http::Method;
use domain::operations::{KINDS, Operation, OperationKind};
use domain::rooms::{self, View};
use domain::{Kind, Problem, Result};

use crate::app::App;
use crate::bind;
use crate::body::NoBody;
use crate::gate::Call;
use crate::params::{Param, PathId, Query, QueryDto};
use crate::reply::Reply;
use crate::routes::{Need, Routes, Scope};
use crate::wire::operation::FileOperationDto;

pub(crate) fn routes(routes: Routes) -> Routes {
    routes
        .tag("files")
        .get(
            "/api/2.0/files/fileops",
            "operations.list",
            Need::Link,
            Scope::FilesRead,
            "The caller's file operations",
            list,
        )
        .get(
            "/api/2.0/files/fileops/{operationType}",
            "operations.list_kind",
            Need::Link,
            Scope::FilesRead,
            "The caller's file operations of a type",
            list_kind,
        )
        .put(
            "/api/2.0/files/fileops/terminate",
            "operations.cancel_all",
            Need::Link,
            Scope::FilesWrite,
            "Cancel all file operations",
            cancel_all,
        )
        .put(
            "/api/2.0/files/fileops/terminate/{id}",
            "operations.cancel",
            Need::Link,
            Scope::FilesWrite,
            "Cancel a file operation",
            cancel,
        )
}

/// Which operation.
#[derive(Debug, Clone)]
struct WhichDto {
    id: Option<String>,
}

impl QueryDto for WhichDto {
    const PARAMS: &'static [Param] =
        &[Param { name: "id", kind: "string", about: "Only the operation of this id" }];

    fn read(query: &mut bind::Query<'_>) -> Self {
        Self { id: query.text("id") }
    }
}

type Operations = Result<Reply<Vec<FileOperationDto>>>;

async fn list(call: Call, app: App, Query(which): Query<WhichDto>, _: NoBody) -> Operations {
    fetch(call, app, move |operation| which.id.as_ref().is_none_or(|id| *id == operation.id)).await
}

async fn list_kind(
    call: Call,
    app: App,
    PathId(kind): PathId<String>,
    Query(which): Query<WhichDto>,
    _: NoBody,
) -> Operations {
    let found = KINDS
        .iter()
        .find(|(name, number)| name.eq_ignore_ascii_case(&kind) || (*number as i64).to_string() == kind);
    let kind = found.map(|(_, kind)| *kind).ok_or_else(|| unknown_kind(&kind))?;
    if matches!(kind, OperationKind::Import | OperationKind::Convert) {
        return Err(Kind::OperationKind.into());
    }
    fetch(call, app, move |operation| {
        operation.kind == kind && which.id.as_ref().is_none_or(|id| *id == operation.id)
    })
    .await
}

fn unknown_kind(sent: &str) -> Problem {
    let number = sent.parse::<i64>().is_ok();
    let sentence = if number {
        format!("The value '{sent}' is invalid.")
    } else {
        format!("The value '{sent}' is not valid.")
    };
    Problem::validation([("operationType".to_owned(), sentence)])
}

/// The caller's operations that `wanted` accepts. A GET takes them, once they are ready to be sent; a HEAD only
/// looks. Strangers have none.
async fn fetch(call: Call, app: App, wanted: impl Fn(&Operation) -> bool) -> Operations {
    let Some(owner) = call.someone().map(|person| person.id) else { return Ok(Reply::list(Vec::new())) };
    let (portal, takes, store) =
        (call.portal.id, call.exchange().method != Method::HEAD, app.store().clone());
    let found = store.operations().list(portal, owner, store.now(), wanted);
    let ids: Vec<String> = found.iter().map(|operation| operation.id.clone()).collect();
    let reply = show(call, app, found).await?;
    if takes {
        store.operations().forget(portal, owner, &ids);
    }
    Ok(reply)
}

async fn cancel_all(call: Call, app: App, _: NoBody) -> Operations {
    remaining(call, app).await
}

async fn cancel(call: Call, app: App, PathId(_): PathId<String>, _: NoBody) -> Operations {
    remaining(call, app).await
}

/// What is left after a cancellation: our operations are done before they can be cancelled, so all of them, and
/// this doesn't count as the one read.
async fn remaining(call: Call, app: App) -> Operations {
    let Some(person) = call.someone() else { return Ok(Reply::list(Vec::new())) };
    let left = app.store().operations().list(call.portal.id, person.id, app.store().now(), |_| true);
    show(call, app, left).await
}

async fn show(call: Call, app: App, operations: Vec<Operation>) -> Operations {
    if operations.is_empty() {
        return Ok(Reply::list(Vec::new()));
    }
    app.read(call, move |conn, call| {
        let mut shown = Vec::with_capacity(operations.len());
        for operation in &operations {
            // The room may be gone, or out of sight, by now: then only the section is shown.
            let room: Option<View> = operation.room.and_then(|room| rooms::get(conn, call, room).ok());
            shown.push(FileOperationDto::of(call, operation, room.as_ref()));
        }
        Ok(Reply::list(shown))
    })
    .await
}
