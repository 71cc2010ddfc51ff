//! Switching accounts off and on, and confirming one's own address (people.md §5, §5.4).

use domain::Result;
use domain::confirm::ConfirmType;
use domain::people::status;

use super::body::{MembersDto, all_full, full};
use super::list::{ACTIVATIONS, Status};
use crate::app::App;
use crate::body::{Body, NoBody};
use crate::gate::Call;
use crate::params::{PathEnum, PathOf};
use crate::reply::Reply;
use crate::routes::{Need, Routes, Scope};
use crate::wire::employee::EmployeeFullDto;

/// The activation status in a path.
#[derive(Debug, Clone, Copy)]
struct Activation;

impl PathEnum for Activation {
    const NAME: &'static str = "activationstatus";
    const NAMES: &'static [(&'static str, i64)] = ACTIVATIONS;
}

pub(super) fn routes(routes: Routes) -> Routes {
    routes
        .put(
            "/api/2.0/people/status/{status}",
            "people.set_status",
            Need::Guest,
            Scope::PeopleWrite,
            "Switch accounts off or on",
            set_status,
        )
        .put(
            "/api/2.0/people/activationstatus/{activationstatus}",
            "people.activate",
            Need::Confirm(&[ConfirmType::Activation, ConfirmType::EmailActivation]),
            Scope::PeopleWrite,
            "Confirm one's own address by the link that was sent to it",
            activate,
        )
        .put(
            "/api/2.0/people/self/delete",
            "people.ask_to_leave",
            Need::Guest,
            Scope::PeopleWrite,
            "Mail the caller a link that switches their account off",
            ask_to_leave,
        )
        .sensitive()
        .delete(
            "/api/2.0/people/@self",
            "people.leave",
            Need::Confirm(&[ConfirmType::ProfileRemove]),
            Scope::SelfWrite,
            "Switch one's own account off by the link that was sent",
            leave,
        )
}

async fn set_status(
    call: Call,
    app: App,
    PathOf(status, ..): PathOf<Status>,
    Body(whom): Body<MembersDto>,
) -> Result<Reply<Vec<EmployeeFullDto>>> {
    let ids = whom.user_ids.unwrap_or_default();
    app.write(call, move |tx, call| {
        let people = status::set_status(tx, call, &ids, status)?;
        Ok(Reply::one(all_full(tx, call, people)?))
    })
    .await
}

async fn activate(
    call: Call,
    app: App,
    PathOf(activation, ..): PathOf<Activation>,
    Body(whom): Body<MembersDto>,
) -> Result<Reply<Vec<EmployeeFullDto>>> {
    let ids = whom.user_ids.unwrap_or_default();
    app.write(call, move |tx, call| {
        let people = status::set_activation(tx, call, &ids, activation)?;
        Ok(Reply::one(all_full(tx, call, people)?))
    })
    .await
}

async fn ask_to_leave(call: Call, app: App, _: NoBody) -> Result<Reply<String>> {
    app.write(call, move |tx, call| {
        let email = status::ask_to_leave(tx, call)?;
        Ok(Reply::one(format!(
            "Instructions to disable your profile has been sent to <b>{email}</b> email address"
        )))
    })
    .await
}

async fn leave(call: Call, app: App, _: NoBody) -> Result<Reply<EmployeeFullDto>> {
    app.write(call, move |tx, call| {
        let person = status::leave(tx, call)?;
        Ok(Reply::one(full(tx, call, person)?))
    })
    .await
}
