//! Changing the type of accounts (people.md §5.5).

use domain::ids::UserId;
use domain::people::tasks::{self, TaskKind};
use domain::people::{UserKind, types};
use domain::{Kind, Problem, Result};
use schemars::JsonSchema;
use serde::Deserialize;

use super::body::{EmployeeTypes, MembersDto, OneDto, TaskDto, TypeInPath, all_full, kind_of};
use crate::app::App;
use crate::bind::{self, EnumTable, Named};
use crate::body::{Body, BodyDto, NoBody};
use crate::gate::Call;
use crate::params::{Param, PathId, PathOf, Query, QueryDto};
use crate::reply::Reply;
use crate::routes::{Need, Routes, Scope};
use crate::wire::employee::EmployeeFullDto;

pub(super) fn routes(routes: Routes) -> Routes {
    routes
        .put(
            "/api/2.0/people/type/{type}",
            "people.set_type",
            Need::RoomAdmin,
            Scope::PeopleWrite,
            "Change types upwards",
            promote,
        )
        .post(
            "/api/2.0/people/type",
            "people.demote",
            Need::Guest,
            Scope::PeopleWrite,
            "Start a change of type to User or Guest",
            demote,
        )
        .get(
            "/api/2.0/people/type/progress/{userid}",
            "people.type_progress",
            Need::DocSpaceAdmin,
            Scope::PeopleRead,
            "How far a change of type is",
            progress,
        )
        .put(
            "/api/2.0/people/type/terminate",
            "people.stop_type",
            Need::DocSpaceAdmin,
            Scope::PeopleWrite,
            "Stop a change of type",
            terminate,
        )
        .get(
            "/api/2.0/people/reassign/necessary",
            "people.must_reassign",
            Need::Guest,
            Scope::PeopleRead,
            "Whether somebody owns what must go to another before the type changes",
            necessary,
        )
}

async fn promote(
    call: Call,
    app: App,
    PathOf(kind, ..): PathOf<TypeInPath>,
    Body(whom): Body<MembersDto>,
) -> Result<Reply<Vec<EmployeeFullDto>>> {
    let kind = UserKind::of(kind).ok_or(Kind::AccessDenied)?;
    let ids = whom.user_ids.unwrap_or_default();
    app.write_partly(call, move |tx, call| match types::promote(tx, call, &ids, kind)? {
        Ok(people) => Ok(Ok(Reply::one(all_full(tx, call, people)?))),
        Err(problem) => Ok(Err(problem)),
    })
    .await
}

/// A change of type that is to start.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, rename_all = "camelCase")]
#[schemars(rename = "StartUpdateUserTypeDto")]
struct DemotionDto {
    #[schemars(with = "Option<String>")]
    r#type: Option<Named<EmployeeTypes>>,
    #[schemars(with = "Option<String>")]
    user_id: Option<UserId>,
    #[schemars(with = "Option<String>")]
    reassign_user_id: Option<UserId>,
}

impl BodyDto for DemotionDto {
    const NAME: &'static str = "ASC.People.ApiModels.RequestDto.StartUpdateUserTypeDto";
}

async fn demote(call: Call, app: App, Body(new): Body<DemotionDto>) -> Result<Reply<TaskDto>> {
    let kind = kind_of(new.r#type.as_ref())?;
    let (user, receiver) =
        (new.user_id.filter(|id| !id.is_nil()), new.reassign_user_id.filter(|id| !id.is_nil()));
    app.write(call, move |tx, call| {
        Ok(Reply::one(TaskDto::of(types::demote(tx, call, user, kind, receiver)?)))
    })
    .await
}

async fn progress(call: Call, app: App, PathId(user): PathId<UserId>, _: NoBody) -> Result<Reply<TaskDto>> {
    let now = app.store().now();
    app.read(call, move |conn, call| {
        let task = types::progress(conn, call, user, now)?;
        Ok(task.map_or_else(Reply::nothing, |task| Reply::one(TaskDto::of(task))))
    })
    .await
}

async fn terminate(call: Call, app: App, Body(whom): Body<OneDto>) -> Result<Reply<TaskDto>> {
    let user = whom.user()?;
    app.write(call, move |tx, call| {
        let task = tasks::terminate(tx, call, user, TaskKind::Type)?;
        Ok(task.map_or_else(Reply::nothing, |task| Reply::one(TaskDto::of(task))))
    })
    .await
}

/// Whose type is asked about, and which.
#[derive(Debug)]
struct NecessaryQuery {
    user: Option<UserId>,
    kind: Option<i64>,
}

impl QueryDto for NecessaryQuery {
    const PARAMS: &'static [Param] = &[
        Param { name: "UserId", kind: "string", about: "The account" },
        Param { name: "Type", kind: "string", about: "The new type, by name or number" },
    ];

    fn read(query: &mut bind::Query<'_>) -> Self {
        let user = query.guid("userId", "UserId").and_then(|id| id.parse().ok());
        Self { user, kind: query.one_of("type", "Type", EmployeeTypes::NAMES) }
    }
}

async fn necessary(
    call: Call,
    app: App,
    Query(query): Query<NecessaryQuery>,
    _: NoBody,
) -> Result<Reply<bool>> {
    let missing =
        |name: &str| Problem::text(Kind::BadArgument, format!("Value cannot be null. (Parameter '{name}')"));
    let kind = query.kind.and_then(domain::people::UserKind::of).ok_or_else(|| missing("type"))?;
    let user = query.user.ok_or_else(|| missing("userId"))?;
    app.read(call, move |conn, call| Ok(Reply::one(types::must_reassign(conn, call, user, kind)?))).await
}
