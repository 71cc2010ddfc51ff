//! Making accounts: by hand, by an invitation link, and for tests and imports (people.md §5.1, §7.3).

use std::sync::Arc;

use domain::confirm::{self, ConfirmType, Confirmed, Presented};
use domain::ids::{GroupId, UserId};
use domain::people;
use domain::people::create::{self, NewMember, Way};
use domain::{Kind, Problem, Result};
use schemars::JsonSchema;
use serde::Deserialize;

use super::body::{
    ContactDto, EmployeeTypes, TEXT_MAX, check_email, contacts, full, kind_of, photo, secret, stored,
};
use super::pictures::forget_unused;
use crate::app::App;
use crate::bind::Named;
use crate::body::{Body, BodyDto, Checks};
use crate::gate::Call;
use crate::reply::Reply;
use crate::routes::{Need, Routes, Scope};
use crate::wire::employee::EmployeeFullDto;

pub(super) fn routes(routes: Routes) -> Routes {
    routes
        .post(
            "/api/2.0/people",
            "people.create",
            Need::ConfirmOrAccount(&[ConfirmType::LinkInvite, ConfirmType::EmpInvite]),
            Scope::PeopleWrite,
            "Make an account, or register by an invitation link",
            create_one,
        )
        .post(
            "/api/2.0/people/active",
            "people.import",
            Need::RoomAdmin,
            Scope::PeopleWrite,
            "Make an account without a letter",
            import,
        )
}

/// An account to be made.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, rename_all = "camelCase")]
#[schemars(rename = "MemberRequestDto")]
struct MemberDto {
    password: Option<String>,
    password_hash: Option<String>,
    email: Option<String>,
    #[schemars(with = "Option<String>")]
    r#type: Option<Named<EmployeeTypes>>,
    is_user: Option<bool>,
    first_name: Option<String>,
    last_name: Option<String>,
    #[schemars(with = "Option<Vec<String>>")]
    department: Option<Vec<GroupId>>,
    location: Option<String>,
    comment: Option<String>,
    contacts: Option<Vec<ContactDto>>,
    files: Option<String>,
    from_invite_link: bool,
    key: Option<String>,
    culture_name: Option<String>,
    #[schemars(with = "Option<String>")]
    target: Option<UserId>,
    spam: Option<bool>,
}

impl BodyDto for MemberDto {
    const NAME: &'static str = "ASC.People.ApiModels.RequestDto.MemberRequestDto";

    fn check(&self, checks: &mut Checks) {
        check_email(checks, "Email", self.email.as_deref());
        checks.length("FirstName", self.first_name.as_deref(), TEXT_MAX);
        checks.length("LastName", self.last_name.as_deref(), TEXT_MAX);
    }
}

impl MemberDto {
    fn parse(self) -> Result<NewMember> {
        Ok(NewMember {
            kind: kind_of(self.r#type.as_ref())?,
            email: self.email,
            first_name: self.first_name,
            last_name: self.last_name,
            password_hash: None,
            groups: self.department.unwrap_or_default(),
            location: self.location,
            notes: self.comment,
            spam: self.spam,
            culture: self.culture_name,
            contacts: contacts(self.contacts.unwrap_or_default()),
            photo: None,
        })
    }
}

/// The link somebody registers by; none for a direct call. The one in the header was tested at the gate; one that is
/// in the body alone is tested here.
///
/// Fails with `AccessDenied` for a key that is no good.
async fn link_of(call: &Call, app: &App, new: &MemberDto) -> Result<Option<Arc<Confirmed>>> {
    if !new.from_invite_link && call.someone().is_some() {
        return Ok(None);
    }
    let shown = new.key.as_deref().map(str::trim).filter(|key| !key.is_empty());
    if let Some(link) = call.confirmed.as_ref().filter(|link| shown.is_none_or(|key| key == link.key)) {
        return Ok(Some(link.clone()));
    }
    let presented = Presented {
        kind: ConfirmType::LinkInvite,
        key: shown.ok_or(Kind::AccessDenied)?.to_owned(),
        email: new.email.as_deref().map(|email| email.trim().to_owned()),
        sealed_email: None,
        user: call.confirmed.as_ref().and_then(|link| link.user),
        invites: kind_of(new.r#type.as_ref())?,
        first: false,
    };
    let (portal, now) = (call.portal.clone(), app.store().now());
    let checked = app.store().read(move |conn| confirm::check(conn, &portal, &presented, now)).await?;
    checked.map(|link| Some(Arc::new(link))).map_err(|_| Kind::AccessDenied.into())
}

async fn create_one(call: Call, app: App, Body(new): Body<MemberDto>) -> Result<Reply<EmployeeFullDto>> {
    let link = link_of(&call, &app, &new).await?;
    make(call, app, new, link, false).await
}

async fn import(call: Call, app: App, Body(new): Body<MemberDto>) -> Result<Reply<EmployeeFullDto>> {
    make(call, app, new, None, true).await
}

/// Makes the account. Rights and fields are tested before the password is hashed, which is slow, and again in the unit.
async fn make(
    call: Call,
    app: App,
    new: MemberDto,
    link: Option<Arc<Confirmed>>,
    import: bool,
) -> Result<Reply<EmployeeFullDto>> {
    let (hash, plain, files) = (new.password_hash.clone(), new.password.clone(), new.files.clone());
    let mut new = new.parse()?;
    let (tried, held) = (new.clone(), link.clone());
    app.read(call.clone(), move |conn, call| create::check(conn, call, way(held.as_deref(), import), &tried))
        .await?;
    let secret = secret(&app, &call, hash.as_deref(), plain.as_deref()).await?;
    new.password_hash = stored(&app, secret).await?;
    new.photo = photo(&app, &call, files.as_deref()).await?;
    let picture = new.photo.as_ref().map(|photo| photo.key.clone());
    let email = new.email.clone().unwrap_or_default();
    let reply = app.write(call.clone(), move |tx, call| {
        let person = create::member(tx, call, way(link.as_deref(), import), &new)?;
        Ok(Reply::one(full(tx, call, person)?))
    });
    let reply = reply.await;
    if let Some(key) = picture {
        let found =
            app.read(call.clone(), move |conn, call| people::find_by_email(conn, &call.portal, email.trim()));
        let nobody = domain::ids::NIL_GUID.parse().map_err(Problem::internal)?;
        let user = found.await?.map_or(nobody, |person| person.id);
        forget_unused(&app, &call, user, key).await;
    }
    reply
}

fn way(link: Option<&Confirmed>, import: bool) -> Way<'_> {
    match link {
        Some(link) => Way::Link(link),
        None if import => Way::Import,
        None => Way::ByHand,
    }
}
