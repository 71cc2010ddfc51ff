//! What the bodies and replies of the calls on people have in common.

use domain::ids::UserId;
use domain::people::tasks::Task;
use domain::people::{self, Contact, Person, Photo, UserKind, password};
use domain::{Kind, Problem, Result, Tx};
use schemars::JsonSchema;
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize};

use super::pictures;
use crate::app::App;
use crate::bind::{EnumTable, Named};
use crate::body::{BodyDto, Checks};
use crate::gate::Call;
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

/// A value of an enumeration in a path, by name or number.
///
/// Fails with `Validation` for one that isn't in the table.
pub(super) fn in_path(name: &str, sent: &str, table: &[(&str, i64)]) -> Result<i64> {
    let by_number = sent.trim().parse::<i64>().ok();
    let found = table
        .iter()
        .find(|(name, number)| by_number == Some(*number) || name.eq_ignore_ascii_case(sent.trim()));
    found
        .map(|(_, number)| *number)
        .ok_or_else(|| Problem::validation([(name.to_owned(), format!("The value '{sent}' is not valid."))]))
}

/// A type of account in a path; none for `All`.
pub(crate) fn kind_in_path(name: &str, sent: &str) -> Result<Option<UserKind>> {
    Ok(UserKind::of(in_path(name, sent, EmployeeTypes::NAMES)?))
}

/// A guid in a body.
#[derive(Debug, Clone, JsonSchema)]
#[schemars(transparent)]
pub(crate) struct Guid(String);

impl<'de> Deserialize<'de> for Guid {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        match text.parse::<UserId>() {
            Ok(id) => Ok(Self(id.to_string())),
            Err(_) => Err(D::Error::custom("System.Guid")),
        }
    }
}

impl Guid {
    /// It, as the id of whatever is meant; none for the zero guid.
    pub(crate) fn id<T: std::str::FromStr>(&self) -> Option<T> {
        self.0.parse().ok().filter(|_| self.0 != domain::ids::NIL_GUID)
    }

    /// The id of an account, the zero guid too: it is nobody's.
    pub(super) fn user(&self) -> Result<UserId> {
        self.0.parse().map_err(Problem::internal)
    }
}

/// The ids in a list.
pub(super) fn users(ids: Option<Vec<Guid>>) -> Result<Vec<UserId>> {
    ids.unwrap_or_default().iter().map(Guid::user).collect()
}

/// Several accounts.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, rename_all = "camelCase")]
#[schemars(rename = "UpdateMembersRequestDto")]
pub(super) struct MembersDto {
    pub(super) user_ids: Option<Vec<Guid>>,
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
    user_id: Option<Guid>,
}

impl BodyDto for OneDto {
    const NAME: &'static str = "ASC.People.ApiModels.RequestDto.TerminateRequestDto";
    const REQUIRED: &'static [&'static str] = &["userId"];
}

impl OneDto {
    /// The account's id.
    pub(super) fn user(&self) -> Result<UserId> {
        match &self.user_id {
            Some(id) => id.user(),
            None => domain::ids::NIL_GUID.parse().map_err(Problem::internal),
        }
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
