//! Changing a profile, and one's own language (people.md §5.3, §5 `culture`).

use domain::Result;
use domain::ids::GroupId;
use domain::people::update::{self, Changes};
use schemars::JsonSchema;
use serde::Deserialize;

use super::body::{ContactDto, TEXT_MAX, check_email, contacts, full, photo};
use super::pictures::forget_unused;
use crate::app::App;
use crate::body::{Body, BodyDto, Checks};
use crate::gate::Call;
use crate::params::PathId;
use crate::reply::Reply;
use crate::routes::{Need, Routes, Scope};
use crate::wire::employee::EmployeeFullDto;

/// Longest name of a culture.
const CULTURE_MAX: usize = 85;
pub(super) fn routes(routes: Routes) -> Routes {
    routes
        .put(
            "/api/2.0/people/{userid}",
            "people.update",
            Need::Guest,
            Scope::PeopleWrite,
            "Change a profile",
            update_one,
        )
        .put(
            "/api/2.0/people/{userid}/culture",
            "people.set_language",
            Need::Guest,
            Scope::PeopleWrite,
            "Change one's own language",
            set_language,
        )
}

/// Changes to a profile.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, rename_all = "camelCase")]
#[schemars(rename = "UpdateMemberRequestDto")]
struct ProfileDto {
    disable: Option<bool>,
    email: Option<String>,
    is_user: Option<bool>,
    first_name: Option<String>,
    last_name: Option<String>,
    #[schemars(with = "Option<Vec<String>>")]
    department: Option<Vec<GroupId>>,
    location: Option<String>,
    comment: Option<String>,
    contacts: Option<Vec<ContactDto>>,
    files: Option<String>,
    spam: Option<bool>,
}

impl BodyDto for ProfileDto {
    const NAME: &'static str = "ASC.People.ApiModels.RequestDto.UpdateMemberRequestDto";
    const MEMBER: &'static str = "UpdateMember";

    fn check(&self, checks: &mut Checks) {
        check_email(checks, "Email", self.email.as_deref());
        checks.length("FirstName", self.first_name.as_deref(), TEXT_MAX);
        checks.length("LastName", self.last_name.as_deref(), TEXT_MAX);
    }
}

impl ProfileDto {
    fn parse(self) -> Changes {
        let groups = self.department;
        Changes {
            first_name: self.first_name,
            last_name: self.last_name,
            location: self.location,
            notes: self.comment,
            spam: self.spam,
            contacts: self.contacts.map(contacts),
            groups,
            photo: None,
            disable: self.disable,
            is_guest: self.is_user,
        }
    }
}

async fn update_one(
    call: Call,
    app: App,
    PathId(who): PathId<String>,
    Body(changes): Body<ProfileDto>,
) -> Result<Reply<EmployeeFullDto>> {
    let user = call.person()?.id;
    // Others' pictures aren't changed so, and what is sent for them is ignored.
    let is_own = *who == *user.as_str() || who == call.person()?.user_name;
    let address = changes.files.clone().filter(|_| is_own);
    let mut changes = changes.parse();
    changes.photo = photo(&app, &call, address.as_deref()).await?;
    let key = changes.photo.as_ref().map(|photo| photo.key.clone());
    let reply = app.write(call.clone(), move |tx, call| {
        let person = update::update(tx, call, &who, &changes)?;
        Ok(Reply::one(full(tx, call, person)?))
    });
    let reply = reply.await;
    if let Some(key) = key {
        forget_unused(&app, &call, user, key).await;
    }
    reply
}

/// A language.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, rename_all = "camelCase")]
#[schemars(rename = "Culture")]
struct CultureDto {
    culture_name: Option<String>,
}

impl BodyDto for CultureDto {
    const NAME: &'static str = "ASC.People.ApiModels.RequestDto.Culture";
    const REQUIRED: &'static [&'static str] = &["cultureName"];
    const MEMBER: &'static str = "Culture";

    fn check(&self, checks: &mut Checks) {
        checks.length("CultureName", self.culture_name.as_deref(), CULTURE_MAX);
    }
}

async fn set_language(
    call: Call,
    app: App,
    PathId(who): PathId<String>,
    Body(new): Body<CultureDto>,
) -> Result<Reply<EmployeeFullDto>> {
    let culture = new.culture_name.unwrap_or_default();
    app.write(call, move |tx, call| {
        let person = update::set_language(tx, call, &who, &culture)?;
        Ok(Reply::one(full(tx, call, person)?))
    })
    .await
}
