//! Setting another password by a mailed link (people.md §6.3).

use domain::confirm::ConfirmType;
use domain::ids::UserId;
use domain::people::password_change;
use domain::{Kind, Problem, Result};
use schemars::JsonSchema;
use serde::Deserialize;

use super::body::{EmailDto, full, secret, stored};
use crate::app::App;
use crate::body::{Body, BodyDto};
use crate::gate::Call;
use crate::params::PathId;
use crate::reply::Reply;
use crate::routes::{Need, Routes, Scope};
use crate::wire::employee::EmployeeFullDto;

pub(super) fn routes(routes: Routes) -> Routes {
    routes
        .post(
            "/api/2.0/people/password",
            "people.ask_for_password",
            Need::Anyone,
            Scope::PeopleWrite,
            "Mail a link that sets a new password",
            ask,
        )
        .sensitive()
        .put(
            "/api/2.0/people/{userid}/password",
            "people.set_password",
            Need::Confirm(&[ConfirmType::PasswordChange, ConfirmType::Activation]),
            Scope::PeopleWrite,
            "Set a new password by the link that was sent",
            change,
        )
        .sensitive()
}

async fn ask(call: Call, app: App, Body(whom): Body<EmailDto>) -> Result<Reply<String>> {
    let email = whom.email.unwrap_or_default();
    app.write(call, move |tx, call| {
        password_change::ask(tx, call, &email)?;
        let email = email.trim();
        Ok(Reply::one(match call.someone() {
            Some(_) => format!("The password change instruction has been sent to {email} email address."),
            None => format!(
                "If a user with the {email} email exists, the password change instruction has been sent to this email address."
            ),
        }))
    })
    .await
}

/// A new password.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, rename_all = "camelCase")]
#[schemars(rename = "ChangePasswordRequest")]
struct PasswordDto {
    password: Option<String>,
    password_hash: Option<String>,
}

impl BodyDto for PasswordDto {
    const NAME: &'static str = "ASC.People.ApiModels.RequestDto.ChangePasswordRequest";
}

async fn change(
    call: Call,
    app: App,
    PathId(user): PathId<UserId>,
    Body(new): Body<PasswordDto>,
) -> Result<Reply<EmployeeFullDto>> {
    let (_, old) = app.read(call.clone(), move |conn, call| password_change::check(conn, call, user)).await?;
    let bad = |text| Problem::text(Kind::BadArgument, text);
    let secret = secret(&app, &call, new.password_hash.as_deref(), new.password.as_deref())
        .await?
        .ok_or_else(|| bad("The password is empty."))?;
    if old.is_some() && app.passwords().verify(secret.clone(), old).await? {
        return Err(bad("A new password must be used"));
    }
    let hash = stored(&app, Some(secret)).await?.unwrap_or_default();
    app.write(call, move |tx, call| {
        let person = password_change::change(tx, call, user, &hash)?;
        Ok(Reply::one(full(tx, call, person)?))
    })
    .await
}
