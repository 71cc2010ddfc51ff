//! Deleting accounts, and giving what they own to others (people.md §5.6).

use domain::Result;
use domain::ids::UserId;
use domain::people::removal::{self, Reassignment};
use domain::people::tasks::{self, TaskKind};
use schemars::JsonSchema;
use serde::Deserialize;

use super::body::{MembersDto, OneDto, TaskDto, all_full, full};
use crate::app::App;
use crate::body::{Body, BodyDto, NoBody};
use crate::gate::Call;
use crate::params::PathId;
use crate::reply::Reply;
use crate::routes::{Need, Routes, Scope};
use crate::wire::employee::EmployeeFullDto;

pub(super) fn routes(routes: Routes) -> Routes {
    let admin = Need::DocSpaceAdmin;
    routes
        .delete(
            "/api/2.0/people/{userid}",
            "people.delete",
            admin,
            Scope::PeopleWrite,
            "Delete an account",
            delete,
        )
        .put(
            "/api/2.0/people/delete",
            "people.delete_all",
            admin,
            Scope::PeopleWrite,
            "Delete accounts",
            delete_all,
        )
        .post(
            "/api/2.0/people/remove/start",
            "people.remove",
            admin,
            Scope::PeopleWrite,
            "Start removing an account and what is its own",
            start_removal,
        )
        .get(
            "/api/2.0/people/remove/progress/{userid}",
            "people.removal_progress",
            admin,
            Scope::PeopleRead,
            "How far a removal is",
            removal_progress,
        )
        .put(
            "/api/2.0/people/remove/terminate",
            "people.stop_removal",
            admin,
            Scope::PeopleWrite,
            "Stop a removal",
            stop_removal,
        )
        .post(
            "/api/2.0/people/reassign/start",
            "people.reassign",
            admin,
            Scope::PeopleWrite,
            "Start giving what an account owns to another",
            start_reassignment,
        )
        .get(
            "/api/2.0/people/reassign/progress/{userid}",
            "people.reassignment_progress",
            admin,
            Scope::PeopleRead,
            "How far it is",
            reassignment_progress,
        )
        .put(
            "/api/2.0/people/reassign/terminate",
            "people.stop_reassignment",
            admin,
            Scope::PeopleWrite,
            "Stop it",
            stop_reassignment,
        )
}

async fn delete(
    call: Call,
    app: App,
    PathId(who): PathId<String>,
    _: NoBody,
) -> Result<Reply<EmployeeFullDto>> {
    app.write(call, move |tx, call| {
        let person = removal::delete(tx, call, &who)?;
        Ok(Reply::one(full(tx, call, person)?))
    })
    .await
}

async fn delete_all(
    call: Call,
    app: App,
    Body(whom): Body<MembersDto>,
) -> Result<Reply<Vec<EmployeeFullDto>>> {
    let ids = whom.user_ids.unwrap_or_default();
    app.write(call, move |tx, call| {
        let people = removal::delete_all(tx, call, &ids)?;
        Ok(Reply::one(all_full(tx, call, people)?))
    })
    .await
}

async fn start_removal(call: Call, app: App, Body(whom): Body<OneDto>) -> Result<Reply<TaskDto>> {
    let user = whom.user()?;
    app.write(call, move |tx, call| Ok(Reply::one(TaskDto::of(removal::start_removal(tx, call, user)?))))
        .await
}

async fn removal_progress(
    call: Call,
    app: App,
    PathId(user): PathId<UserId>,
    _: NoBody,
) -> Result<Reply<TaskDto>> {
    let now = app.store().now();
    app.read(call, move |conn, call| {
        let task = tasks::progress(conn, call, user, TaskKind::Remove, now)?;
        Ok(task.map_or_else(Reply::nothing, |task| Reply::one(TaskDto::of(task))))
    })
    .await
}

async fn stop_removal(call: Call, app: App, Body(whom): Body<OneDto>) -> Result<Reply<TaskDto>> {
    let user = whom.user()?;
    app.write(call, move |tx, call| {
        tasks::terminate(tx, call, user, TaskKind::Remove)?;
        Ok(Reply::nothing())
    })
    .await
}

/// From whom to whom.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "StartReassignRequestDto")]
struct ReassignmentDto {
    #[schemars(with = "String")]
    from_user_id: UserId,
    #[schemars(with = "String")]
    to_user_id: UserId,
    #[serde(default)]
    delete_profile: bool,
}

impl BodyDto for ReassignmentDto {
    const NAME: &'static str = "ASC.People.ApiModels.RequestDto.StartReassignRequestDto";
    const REQUIRED: &'static [&'static str] = &["fromUserId", "toUserId"];
}

async fn start_reassignment(
    call: Call,
    app: App,
    Body(new): Body<ReassignmentDto>,
) -> Result<Reply<TaskDto>> {
    let from = new.from_user_id;
    let work = Reassignment { to: new.to_user_id, delete_profile: new.delete_profile };
    app.write(call, move |tx, call| {
        Ok(Reply::one(TaskDto::of(removal::start_reassignment(tx, call, from, work)?)))
    })
    .await
}

async fn reassignment_progress(
    call: Call,
    app: App,
    PathId(user): PathId<UserId>,
    _: NoBody,
) -> Result<Reply<TaskDto>> {
    let now = app.store().now();
    app.read(call, move |conn, call| {
        removal::check_reassignment(conn, call, user)?;
        let task = tasks::progress(conn, call, user, TaskKind::Reassign, now)?;
        Ok(task.map_or_else(Reply::nothing, |task| Reply::one(TaskDto::of(task))))
    })
    .await
}

async fn stop_reassignment(call: Call, app: App, Body(whom): Body<OneDto>) -> Result<Reply<TaskDto>> {
    let user = whom.user()?;
    app.write(call, move |tx, call| {
        removal::check_reassignment(tx, call, user)?;
        let task = tasks::terminate(tx, call, user, TaskKind::Reassign)?;
        Ok(task.map_or_else(Reply::nothing, |task| Reply::one(TaskDto::of(task))))
    })
    .await
}
