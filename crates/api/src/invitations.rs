//! The portal's invitation links, and short addresses (people.md §7.4, foundation.md §4.6).

use domain::ids::LinkId;
use domain::invitations::{self, Limits, Shown, USES};
use domain::people::UserKind;
use domain::{Kind, Problem, Result, Timestamp, confirm};
use jiff::tz::TimeZone;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::app::App;
use crate::bind::{EnumTable, Named};
use crate::body::{Body, BodyDto, Checks, NoBody};
use crate::gate::Call;
use crate::params::{PathEnum, PathId, PathOf};
use crate::people::{EmployeeTypes, kind_of};
use crate::reply::{Redirect, Reply};
use crate::routes::{Need, Routes, Scope};
use crate::wire::Site;

pub(crate) fn routes(routes: Routes) -> Routes {
    routes
        .tag("portal")
        .post(
            "/api/2.0/portal/users/invitationlink",
            "invitations.create",
            Need::Guest,
            Scope::Write,
            "Make the invitation link for a type of account",
            create,
        )
        .get(
            "/api/2.0/portal/users/invitationlink/{employeeType}",
            "invitations.get",
            Need::Guest,
            Scope::Read,
            "The invitation link for a type of account",
            get,
        )
        .put(
            "/api/2.0/portal/users/invitationlink",
            "invitations.update",
            Need::Guest,
            Scope::Write,
            "Change how long and how often a link is good",
            update,
        )
        .delete(
            "/api/2.0/portal/users/invitationlink",
            "invitations.delete",
            Need::Guest,
            Scope::Write,
            "Delete an invitation link",
            delete,
        )
        .get(
            "/api/2.0/portal/users/invite/{employeeType}",
            "invitations.passing",
            Need::Guest,
            Scope::Read,
            "An invitation link that is good for a week",
            passing,
        )
        .tag("system")
        .get("/s/{key}", "links.open", Need::Anyone, Scope::None, "Open a short address", open)
}

/// A link as the caller hands it out.
#[skip_serializing_none]
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "InvitationLinkDto")]
struct LinkDto {
    id: String,
    employee_type: i64,
    expiration: Option<String>,
    is_expired: bool,
    max_use_count: Option<i64>,
    current_use_count: i64,
    url: String,
}

impl LinkDto {
    fn of(shown: Shown, site: &Site<'_>) -> Self {
        let link = shown.invitation;
        Self {
            id: link.id,
            employee_type: link.kind as i64,
            expiration: link.expires_at.map(|at| site.date(at)),
            is_expired: shown.is_expired,
            max_use_count: link.max_uses,
            current_use_count: link.uses,
            url: shown.url,
        }
    }
}

/// The end of a link that was sent. What is no date is the beginning of time, as in the reference (foundation.md §1.6).
fn end(sent: Option<&str>, zone: &TimeZone) -> Option<Timestamp> {
    sent.map(|text| Timestamp::parse(text, zone).unwrap_or(Timestamp(i64::MIN)))
}

fn check_uses(checks: &mut Checks, uses: Option<i64>) {
    checks.range("MaxUseCount", uses, USES);
}

/// A link to be made.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, rename_all = "camelCase")]
#[schemars(rename = "InvitationLinkCreateRequestDto")]
struct NewLinkDto {
    #[schemars(with = "Option<String>")]
    employee_type: Option<Named<EmployeeTypes>>,
    expiration: Option<String>,
    max_use_count: Option<i64>,
}

impl BodyDto for NewLinkDto {
    const NAME: &'static str = "ASC.Web.Api.ApiModels.RequestsDto.InvitationLinkCreateRequestDto";
    const REQUIRED: &'static [&'static str] = &["employeeType"];

    fn check(&self, checks: &mut Checks) {
        check_uses(checks, self.max_use_count);
    }
}

async fn create(call: Call, app: App, Body(new): Body<NewLinkDto>) -> Result<Reply<LinkDto>> {
    // A number that is no type is told as a type without links is, after whether members are invited at all.
    let kind = kind_of(new.employee_type.as_ref()).unwrap_or(None);
    let limits =
        Limits { expires_at: end(new.expiration.as_deref(), &call.portal.zone), max_uses: new.max_use_count };
    app.write(call, move |tx, call| {
        Ok(Reply::one(LinkDto::of(invitations::create(tx, call, kind, limits)?, &Site::of(call))))
    })
    .await
}

/// The type in a path.
#[derive(Debug, Clone, Copy)]
struct TypeInPath;

impl PathEnum for TypeInPath {
    const NAME: &'static str = "employeeType";
    const NAMES: &'static [(&'static str, i64)] = EmployeeTypes::NAMES;
}

async fn get(
    call: Call,
    app: App,
    PathOf(kind, ..): PathOf<TypeInPath>,
    _: NoBody,
) -> Result<Reply<LinkDto>> {
    let kind = UserKind::of(kind);
    app.write(call, move |tx, call| {
        let shown = invitations::get(tx, call, kind)?;
        Ok(shown.map_or_else(Reply::nothing, |shown| Reply::one(LinkDto::of(shown, &Site::of(call)))))
    })
    .await
}

/// Changes to a link; what is absent is cleared.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, rename_all = "camelCase")]
#[schemars(rename = "InvitationLinkUpdateRequestDto")]
struct LinkChangesDto {
    #[schemars(with = "Option<String>")]
    id: Option<LinkId>,
    expiration: Option<String>,
    max_use_count: Option<i64>,
}

impl BodyDto for LinkChangesDto {
    const NAME: &'static str = "ASC.Web.Api.ApiModels.RequestsDto.InvitationLinkUpdateRequestDto";
    const REQUIRED: &'static [&'static str] = &["id"];

    fn check(&self, checks: &mut Checks) {
        check_uses(checks, self.max_use_count);
    }
}

/// A link's id in its stored form; null names no link.
fn id_of(sent: Option<LinkId>) -> Result<String> {
    sent.map(|id| id.to_string()).ok_or_else(|| Kind::NotFound.into())
}

async fn update(call: Call, app: App, Body(new): Body<LinkChangesDto>) -> Result<Reply<LinkDto>> {
    let id = id_of(new.id)?;
    let limits =
        Limits { expires_at: end(new.expiration.as_deref(), &call.portal.zone), max_uses: new.max_use_count };
    app.write(call, move |tx, call| {
        Ok(Reply::one(LinkDto::of(invitations::update(tx, call, &id, limits)?, &Site::of(call))))
    })
    .await
}

/// A link to be deleted.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, rename_all = "camelCase")]
#[schemars(rename = "InvitationLinkDeleteRequestDto")]
struct OldLinkDto {
    #[schemars(with = "Option<String>")]
    id: Option<LinkId>,
}

impl BodyDto for OldLinkDto {
    const NAME: &'static str = "ASC.Web.Api.ApiModels.RequestsDto.InvitationLinkDeleteRequestDto";
    const REQUIRED: &'static [&'static str] = &["id"];
}

async fn delete(call: Call, app: App, Body(old): Body<OldLinkDto>) -> Result<Reply<String>> {
    let id = id_of(old.id)?;
    app.write(call, move |tx, call| {
        invitations::delete(tx, call, &id)?;
        Ok(Reply::nothing())
    })
    .await
}

async fn passing(
    call: Call,
    app: App,
    PathOf(kind, ..): PathOf<TypeInPath>,
    _: NoBody,
) -> Result<Reply<String>> {
    let kind = UserKind::of(kind);
    app.write(call, move |tx, call| Ok(Reply::one(invitations::passing_link(tx, call, kind)?))).await
}

async fn open(call: Call, app: App, PathId(key): PathId<String>, _: NoBody) -> Result<Redirect> {
    let target = app.read(call, move |conn, call| confirm::lengthen(conn, &call.portal, &key)).await?;
    target
        .map(Redirect)
        .ok_or_else(|| Problem::text(Kind::NotFound, "There is nothing at this short address"))
}
