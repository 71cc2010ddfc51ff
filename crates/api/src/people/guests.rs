//! Guests and those who know them (people.md §5.8).

use domain::Result;
use domain::confirm::ConfirmType;
use domain::ids::UserId;
use domain::people::guests;

use super::body::{EmailDto, MembersDto, full};
use crate::app::App;
use crate::body::{Body, NoBody};
use crate::gate::Call;
use crate::params::PathId;
use crate::reply::Reply;
use crate::routes::{Need, Routes, Scope};
use crate::wire::employee::EmployeeFullDto;

pub(super) fn routes(routes: Routes) -> Routes {
    routes
        .delete(
            "/api/2.0/people/guests",
            "people.forget_guests",
            Need::RoomAdmin,
            Scope::PeopleWrite,
            "Take guests off the caller's list",
            forget,
        )
        .get(
            "/api/2.0/people/guests/{userid}/share",
            "people.share_guest",
            Need::User,
            Scope::PeopleRead,
            "A link by which somebody else gets to know a guest",
            share,
        )
        .post(
            "/api/2.0/people/guests/share/approve",
            "people.meet_guest",
            Need::Confirm(&[ConfirmType::GuestShareLink]),
            Scope::PeopleWrite,
            "Get to know the guest of a link",
            meet,
        )
}

async fn forget(call: Call, app: App, Body(whom): Body<MembersDto>) -> Result<Reply<()>> {
    let ids = whom.user_ids.unwrap_or_default();
    app.write(call, move |tx, call| {
        guests::forget(tx, call, &ids)?;
        Ok(Reply::nothing())
    })
    .await
}

async fn share(call: Call, app: App, PathId(user): PathId<UserId>, _: NoBody) -> Result<Reply<String>> {
    app.write(call, move |tx, call| Ok(Reply::one(guests::share_link(tx, call, user)?))).await
}

async fn meet(call: Call, app: App, Body(_): Body<EmailDto>) -> Result<Reply<EmployeeFullDto>> {
    app.write(call, move |tx, call| {
        let guest = guests::meet(tx, call)?;
        Ok(Reply::one(full(tx, call, guest)?))
    })
    .await
}
