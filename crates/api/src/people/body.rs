//! What the bodies and replies of the calls on people have in common.

use domain::ids::UserId;
use domain::people::tasks::Task;
use domain::people::{self, Contact, Person, Photo, UserKind, password};
use domain::{Kind, Problem, Result, Tx};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::pictures;
use crate::app::App;
use crate::bind::{EnumTable, Named};
use crate::body::{BodyDto, Checks};
use crate::gate::Call;
use crate::params::PathEnum;
use crate::passwords::Secret;
use crate::wire::Site;
use crate::wire::employee::EmployeeFullDto;

/// Longest name and address, in UTF-16 units (people.md §5).
pub(super) const TEXT_MAX: usize = 255;

/// The names of types of accounts (people.md §1).
#[derive(Debug)]
pub(crate) struct EmployeeTypes;

impl EnumTable for EmployeeTypes {
    const TYPE: &'static str = "ASC.Core.Users.EmployeeType";
    const NAMES: &'static [(&'static str, i64)] =
        &[("All", 0), ("RoomAdmin", 1), ("Guest", 2), ("DocSpaceAdmin", 3), ("User", 4)];
}

/// The type that was sent; none for `All`, or when nothing was.
///
/// Fails with `BadArgument` for a number that is no type.
pub(crate) fn kind_of(sent: Option<&Named<EmployeeTypes>>) -> Result<Option<UserKind>> {
    match sent.map(Named::value) {
        None | Some(0) => Ok(None),
        Some(number) => {
            let known = UserKind::of(number);
            known.map(Some).ok_or_else(|| Problem::text(Kind::BadArgument, "EmployeeType"))
        }
    }
}

/// A type of account in a path, `type`; as a parameter of another name see [`PathEnum`].
#[derive(Debug, Clone, Copy)]
pub(super) struct TypeInPath;

impl PathEnum for TypeInPath {
    const NAME: &'static str = "type";
    const NAMES: &'static [(&'static str, i64)] = EmployeeTypes::NAMES;
}

/// Several accounts.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, rename_all = "camelCase")]
#[schemars(rename = "UpdateMembersRequestDto")]
pub(super) struct MembersDto {
    #[schemars(with = "Option<Vec<String>>")]
    pub(super) user_ids: Option<Vec<UserId>>,
    pub(super) resend_all: bool,
}

impl BodyDto for MembersDto {
    const NAME: &'static str = "ASC.People.ApiModels.RequestDto.UpdateMembersRequestDto";
}

/// One account.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "TerminateRequestDto")]
pub(super) struct OneDto {
    #[serde(default)]
    #[schemars(with = "Option<String>")]
    user_id: Option<UserId>,
}

impl BodyDto for OneDto {
    const NAME: &'static str = "ASC.People.ApiModels.RequestDto.TerminateRequestDto";
    const REQUIRED: &'static [&'static str] = &["userId"];
}

impl OneDto {
    /// The account's id.
    pub(super) fn user(&self) -> Result<UserId> {
        self.user_id.map_or_else(|| domain::ids::NIL_GUID.parse().map_err(Problem::internal), Ok)
    }
}

/// An address, for calls that send a letter.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, rename_all = "camelCase")]
#[schemars(rename = "EmailMemberRequestDto")]
pub(super) struct EmailDto {
    pub(super) email: Option<String>,
    recaptcha_type: Option<serde_json::Value>,
    recaptcha_response: Option<String>,
}

impl BodyDto for EmailDto {
    const NAME: &'static str = "ASC.People.ApiModels.RequestDto.EmailMemberRequestDto";

    fn check(&self, checks: &mut Checks) {
        checks.required("Email", self.email.as_deref());
        check_email(checks, "Email", self.email.as_deref().filter(|email| !email.is_empty()));
    }
}

/// The loose test of an address, and its length.
pub(super) fn check_email(checks: &mut Checks, field: &str, email: Option<&str>) {
    checks.email(field, email);
    checks.length(field, email, TEXT_MAX);
}

/// Another way to reach a person.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
#[schemars(rename = "ContactRequest")]
pub(super) struct ContactDto {
    r#type: Option<String>,
    value: Option<String>,
}

/// The contacts that were sent.
pub(super) fn contacts(sent: Vec<ContactDto>) -> Vec<Contact> {
    let text = Option::unwrap_or_default;
    sent.into_iter().map(|one| Contact { kind: text(one.r#type), value: text(one.value) }).collect()
}

/// How far long work on an account is.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "TaskProgressResponseDto")]
pub(super) struct TaskDto {
    id: String,
    error: String,
    percentage: i64,
    is_completed: bool,
    status: i64,
}

impl TaskDto {
    pub(super) fn of(task: Task) -> Self {
        let is_completed = task.is_over();
        Self {
            id: task.id,
            error: task.error,
            percentage: task.percentage,
            is_completed,
            status: task.status,
        }
    }
}

/// A profile as the caller sees it.
pub(super) fn full(tx: &mut Tx<'_>, call: &Call, person: Person) -> Result<EmployeeFullDto> {
    let profile = people::profile(tx, call, person)?;
    Ok(EmployeeFullDto::of(&profile, &Site::of(call)))
}

/// Profiles as the caller sees them.
pub(super) fn all_full(tx: &mut Tx<'_>, call: &Call, people: Vec<Person>) -> Result<Vec<EmployeeFullDto>> {
    let site = Site::of(call);
    let profiles = people::profiles(tx, call, people)?;
    Ok(profiles.iter().map(|profile| EmployeeFullDto::of(profile, &site)).collect())
}

/// The password that was sent: a client's hash goes before a plain one, which the policy is held against. Blank ones
/// are none.
///
/// Fails with `BadArgument` and the policy's sentence.
pub(super) async fn secret(
    app: &App,
    call: &Call,
    hash: Option<&str>,
    plain: Option<&str>,
) -> Result<Option<Secret>> {
    let given = |text: Option<&str>| text.map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned);
    if let Some(hash) = given(hash) {
        return Ok(Some(Secret::Hashed(hash)));
    }
    let Some(plain) = given(plain) else { return Ok(None) };
    let rules = app.rules(call.portal.id).await?;
    match password::policy_problem(&plain, &rules.password) {
        Some(sentence) => Err(Problem::text(Kind::BadArgument, sentence)),
        None => Ok(Some(Secret::Plain(plain))),
    }
}

/// What is to be stored of a password.
pub(super) async fn stored(app: &App, secret: Option<Secret>) -> Result<Option<String>> {
    let Some(secret) = secret else { return Ok(None) };
    let salt = app.store().chance().bytes::<16>();
    app.passwords().hash(secret, salt).await.map(Some)
}

/// The picture at an address that was sent, kept in the blob store; none when none was sent, or the one that stands for
/// no picture. Whoever asks for it hands its key to [`pictures::forget_unused`] afterwards.
///
/// Fails as [`pictures::fetch`] and [`pictures::make`] do.
pub(super) async fn photo(app: &App, call: &Call, address: Option<&str>) -> Result<Option<Photo>> {
    let Some(address) = address.filter(|address| !address.trim().is_empty()) else { return Ok(None) };
    let Some(bytes) = pictures::fetch(app, call, address).await? else { return Ok(None) };
    pictures::make(app, call, bytes, None).await.map(Some)
}
