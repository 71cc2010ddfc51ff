//! Changing an e-mail address (people.md §5.7).

use domain::confirm::ConfirmType;
use domain::ids::UserId;
use domain::people::address;
use domain::{Kind, Problem, Result};
use schemars::JsonSchema;
use serde::Deserialize;

use super::body::{check_email, full};
use crate::app::App;
use crate::body::{Body, BodyDto, Checks};
use crate::gate::Call;
use crate::params::PathId;
use crate::reply::Reply;
use crate::routes::{Need, Routes, Scope};
use crate::wire::employee::EmployeeFullDto;

pub(super) fn routes(routes: Routes) -> Routes {
    routes
        .post(
            "/api/2.0/people/email",
            "people.ask_for_address",
            Need::Guest,
            Scope::PeopleWrite,
            "Change an address, or mail a link that changes one's own",
            ask,
        )
        .sensitive()
        .put(
            "/api/2.0/people/{userid}/email",
            "people.set_address",
            Need::Confirm(&[ConfirmType::EmailChange]),
            Scope::PeopleWrite,
            "Change an address by the link that was sent to it",
            change,
        )
        .sensitive()
}

/// Whose address is to change, and to what.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, rename_all = "camelCase")]
#[schemars(rename = "UpdateMemberSimpleRequestDto")]
struct AddressDto {
    user_id: Option<String>,
    email: Option<String>,
}

impl BodyDto for AddressDto {
    const NAME: &'static str = "ASC.People.ApiModels.RequestDto.UpdateMemberRequestDto";

    fn check(&self, checks: &mut Checks) {
        check_email(checks, "Email", self.email.as_deref().filter(|email| !email.is_empty()));
    }
}

async fn ask(call: Call, app: App, Body(new): Body<AddressDto>) -> Result<Reply<&'static str>> {
    let user = new.user_id.and_then(|id| id.trim().parse::<UserId>().ok());
    let user = user.filter(|id| id.as_str() != domain::ids::NIL_GUID);
    let user = user.ok_or_else(|| Problem::text(Kind::BadArgument, "The user id is missing or no guid"))?;
    let email = new.email.unwrap_or_default();
    app.write(call, move |tx, call| {
        address::ask(tx, call, user, &email)?;
        Ok(Reply::one("The email change instructions have been successfully sent"))
    })
    .await
}

/// The address a link stands for, in clear or sealed.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, rename_all = "camelCase")]
#[schemars(rename = "ChangeEmailRequest")]
struct ChangeDto {
    email: Option<String>,
    enc_email: Option<String>,
}

impl BodyDto for ChangeDto {
    const NAME: &'static str = "ASC.People.ApiModels.RequestDto.ChangeEmailRequest";

    fn check(&self, checks: &mut Checks) {
        check_email(checks, "Email", self.email.as_deref().filter(|email| !email.is_empty()));
    }
}

async fn change(
    call: Call,
    app: App,
    PathId(user): PathId<UserId>,
    Body(new): Body<ChangeDto>,
) -> Result<Reply<EmployeeFullDto>> {
    let given = |text: Option<String>| text.filter(|text| !text.trim().is_empty());
    let (clear, sealed) = (given(new.email), given(new.enc_email));
    app.write(call, move |tx, call| {
        let email = match (&clear, &sealed) {
            (None, Some(sealed)) => Some(address::opened(tx, sealed)?.ok_or(Kind::EmailIncorrect)?),
            (clear, _) => clear.clone(),
        };
        let person = address::change(tx, call, user, email.as_deref())?;
        Ok(Reply::one(full(tx, call, person)?))
    })
    .await
}
