//! Inviting people by mail (people.md §5.2).

use domain::people::invite::{self, Invitee};
use domain::{Problem, Result};
use schemars::JsonSchema;
use serde::Deserialize;

use super::body::{EmployeeTypes, MembersDto, TEXT_MAX, all_full, kind_of};
use crate::app::App;
use crate::bind::Named;
use crate::body::{Body, BodyDto, Checks};
use crate::gate::Call;
use crate::reply::Reply;
use crate::routes::{Need, Routes, Scope};
use crate::wire::Site;
use crate::wire::employee::{EmployeeDto, EmployeeFullDto};

pub(super) fn routes(routes: Routes) -> Routes {
    routes
        .post(
            "/api/2.0/people/invite",
            "people.invite",
            Need::RoomAdmin,
            Scope::PeopleWrite,
            "Invite people by mail",
            create,
        )
        .put(
            "/api/2.0/people/invite",
            "people.resend",
            Need::Guest,
            Scope::PeopleWrite,
            "Send invitations again",
            resend,
        )
        .sensitive()
}

/// People to be invited.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, rename_all = "camelCase")]
#[schemars(rename = "InviteUsersRequestDto")]
struct InvitationsDto {
    invitations: Option<Vec<InvitationDto>>,
    culture: Option<String>,
}

/// Somebody to be invited.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, rename_all = "camelCase")]
#[schemars(rename = "UserInvitationRequestDto")]
struct InvitationDto {
    email: Option<String>,
    #[schemars(with = "Option<String>")]
    r#type: Option<Named<EmployeeTypes>>,
}

impl BodyDto for InvitationsDto {
    const NAME: &'static str = "ASC.People.ApiModels.RequestDto.InviteUsersRequestDto";

    fn check(&self, checks: &mut Checks) {
        let Some(invitations) = &self.invitations else { return checks.required("Invitations", None) };
        for (number, one) in invitations.iter().enumerate() {
            let field = format!("Invitations[{number}].Email");
            let email = one.email.as_deref().filter(|email| !email.is_empty());
            checks.email(&field, email);
            let sentence = format!(
                "The field Email must be a string or array type with a maximum length of '{TEXT_MAX}'."
            );
            checks.length_or(&field, email, TEXT_MAX, sentence);
        }
    }
}

impl InvitationsDto {
    fn parse(self) -> Result<(Vec<Invitee>, Option<String>)> {
        let invitations = self.invitations.unwrap_or_default().into_iter();
        let invitees = invitations.map(|one| {
            let kind = kind_of(one.r#type.as_ref())?;
            Ok::<_, Problem>(Invitee { email: one.email.unwrap_or_default(), kind })
        });
        Ok((invitees.collect::<Result<_>>()?, self.culture))
    }
}

async fn create(call: Call, app: App, Body(new): Body<InvitationsDto>) -> Result<Reply<Vec<EmployeeDto>>> {
    let (invitees, culture) = new.parse()?;
    if app.limits().count_invitations(&call)
        && app.read(call.clone(), |conn, call| invite::is_open(conn, call)).await?
    {
        app.limits().invite(&call, invitees.len(), app.store().now())?;
    }
    app.write_partly(call, move |tx, call| {
        let shown = invite::invite(tx, call, &invitees, culture.as_deref())?;
        let site = Site::of(call);
        Ok(shown
            .map(|people| Reply::list(people.iter().map(|person| EmployeeDto::of(person, &site)).collect())))
    })
    .await
}

async fn resend(call: Call, app: App, Body(whom): Body<MembersDto>) -> Result<Reply<Vec<EmployeeFullDto>>> {
    let (ids, all) = (whom.user_ids.unwrap_or_default(), whom.resend_all);
    app.write(call, move |tx, call| {
        let people = invite::resend(tx, call, &ids, all)?;
        Ok(Reply::one(all_full(tx, call, people)?))
    })
    .await
}
