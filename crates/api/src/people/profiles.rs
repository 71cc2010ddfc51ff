//! Single profiles (people.md §4), and what the portal says of accounts (foundation.md §4.6).

use data_encoding::BASE64;
use domain::call::Via;
use domain::confirm::{self, ConfirmType};
use domain::ids::{NIL_GUID, UserId};
use domain::people::{self, NameOrder, Person, looks_like_email};
use domain::text::utf16_len;
use domain::{Kind, Problem, Result, keys};
use schemars::JsonSchema;
use serde::Serialize;
use serde_with::skip_serializing_none;

use super::pictures;
use crate::app::App;
use crate::bind;
use crate::body::NoBody;
use crate::gate::Call;
use crate::params::{Param, PathId, Query, QueryDto};
use crate::reply::Reply;
use crate::routes::{Need, Routes, Scope};
use crate::wire::Site;
use crate::wire::employee::{EmployeeFullDto, html_encoded};

/// The side of the picture in a profile.
const AVATAR: u32 = 82;
/// Longest e-mail address.
const EMAIL_MAX: usize = 255;

pub(super) fn routes(routes: Routes) -> Routes {
    routes
        .get(
            "/api/2.0/people/{userid}",
            "people.get",
            Need::ConfirmOrAccount(&[ConfirmType::LinkInvite]),
            Scope::None,
            "A profile, by login name or id",
            get,
        )
        .get(
            "/api/2.0/people/email",
            "people.by_email",
            Need::Guest,
            Scope::PeopleRead,
            "A profile, by address",
            by_email,
        )
        .get(
            "/api/2.0/people/exists",
            "people.exists",
            Need::ConfirmOrAccount(&[
                ConfirmType::LinkInvite,
                ConfirmType::EmpInvite,
                ConfirmType::GuestShareLink,
            ]),
            Scope::None,
            "Whether there is an account of this address",
            exists,
        )
        .get(
            "/api/2.0/people/tokendiagnostics",
            "people.token",
            Need::Guest,
            Scope::PeopleRead,
            "What the caller's credential stands for",
            token,
        )
        .tag("portal")
        .get(
            "/api/2.0/portal/users/{userID}",
            "portal.user",
            Need::Guest,
            Scope::Read,
            "The record of an account",
            record,
        )
        .get(
            "/api/2.0/portal/userscount",
            "portal.count_users",
            Need::DocSpaceAdmin,
            Scope::Read,
            "How many active accounts there are",
            count,
        )
}

/// A profile under an invitation link: names and picture, and nothing else (people.md §2.2).
#[skip_serializing_none]
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "EmployeeShortDto")]
struct ShortDto {
    first_name: String,
    last_name: String,
    status: i64,
    activation_status: i64,
    is_admin: bool,
    is_room_admin: bool,
    #[serde(rename = "isLDAP")]
    is_ldap: bool,
    is_owner: bool,
    is_visitor: bool,
    is_collaborator: bool,
    mobile_phone_activation_status: i64,
    #[serde(rename = "isSSO")]
    is_sso: bool,
    id: &'static str,
    display_name: String,
    avatar: Option<String>,
    has_avatar: bool,
    is_anonim: bool,
}

impl ShortDto {
    fn of(person: &Person, avatar: Option<String>, names: NameOrder) -> Self {
        Self {
            first_name: person.first_name.clone(),
            last_name: person.last_name.clone(),
            status: 0,
            activation_status: 0,
            is_admin: false,
            is_room_admin: false,
            is_ldap: false,
            is_owner: false,
            is_visitor: false,
            is_collaborator: false,
            mobile_phone_activation_status: 0,
            is_sso: false,
            id: NIL_GUID,
            display_name: html_encoded(&person.named(names)),
            has_avatar: avatar.is_some(),
            avatar,
            is_anonim: false,
        }
    }
}

/// A profile, in full or in short.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(untagged)]
#[schemars(rename = "ProfileDto")]
enum ProfileDto {
    Full(Box<EmployeeFullDto>),
    Short(ShortDto),
}

/// A profile as it is read, before its picture is.
enum Read {
    Full(Box<EmployeeFullDto>),
    Short(Box<Person>),
}

async fn get(call: Call, app: App, PathId(login): PathId<String>, _: NoBody) -> Result<Reply<ProfileDto>> {
    let names = NameOrder::of(&call);
    let read = app.read(call, move |conn, call| {
        let named = people::find_by_user_name(conn, &call.portal, &login)?;
        let found = match (named, login.parse::<UserId>()) {
            (None, Ok(id)) => people::find(conn, &call.portal, id)?,
            (named, _) => named,
        };
        if call.confirmed.is_some() {
            return Ok(Read::Short(Box::new(found.ok_or(Kind::UserNotFound)?)));
        }
        let profile = people::find_visible(conn, call, found)?;
        Ok(Read::Full(Box::new(EmployeeFullDto::of(&profile, &Site::of(call)))))
    });
    let person = match read.await? {
        Read::Full(profile) => return Ok(Reply::one(ProfileDto::Full(profile))),
        Read::Short(person) => person,
    };
    let avatar = match &person.photo {
        Some(photo) => pictures::square(&app, photo, AVATAR)
            .await?
            .map(|bytes| format!("data:image/{};base64,{}", photo.format, BASE64.encode(&bytes))),
        None => None,
    };
    Ok(Reply::one(ProfileDto::Short(ShortDto::of(&person, avatar, names))))
}

/// An address, in clear or as links seal it.
#[derive(Debug, Clone)]
struct EmailQuery {
    email: Option<String>,
    sealed: Option<String>,
    culture: Option<String>,
}

impl QueryDto for EmailQuery {
    const PARAMS: &'static [Param] = &[
        Param { name: "email", kind: "string", about: "The address" },
        Param { name: "encemail", kind: "string", about: "The address as it is in a mailed link" },
        Param { name: "culture", kind: "string", about: "The language of the reply" },
    ];

    fn read(query: &mut bind::Query<'_>) -> Self {
        Self { email: query.text("email"), sealed: query.text("encemail"), culture: query.text("culture") }
    }
}

impl EmailQuery {
    /// Checks what was sent (people.md §0, e-mail checks).
    fn check(&self) -> Result<()> {
        let mut problems = Vec::new();
        if let Some(email) = &self.email {
            if utf16_len(email) > EMAIL_MAX {
                let sentence =
                    format!("The field email must be a string with a maximum length of {EMAIL_MAX}.");
                problems.push(("email".to_owned(), sentence));
            }
            if !looks_like_email(email.trim()) {
                problems
                    .push(("email".to_owned(), "The email field is not a valid e-mail address.".to_owned()));
            }
        }
        if problems.is_empty() { Ok(()) } else { Err(Problem::validation(problems)) }
    }

    /// The address; refused when there is none.
    fn address(&self, conn: &mut db::Conn) -> Result<String> {
        let opened = match (&self.email, &self.sealed) {
            (None, Some(sealed)) => confirm::open_email(conn, sealed)?,
            (email, _) => email.clone(),
        };
        let opened = opened.map(|email| email.trim().to_owned()).filter(|email| !email.is_empty());
        opened.ok_or_else(|| Problem::text(Kind::BadArgument, "The address is missing. (Parameter 'email')"))
    }
}

async fn by_email(
    call: Call,
    app: App,
    Query(query): Query<EmailQuery>,
    _: NoBody,
) -> Result<Reply<EmployeeFullDto>> {
    query.check()?;
    if let Some(culture) = query.culture.as_deref().filter(|culture| !people::is_culture(culture)) {
        let sentence = format!("The value '{culture}' is not valid.");
        return Err(Problem::validation([("culture".to_owned(), sentence)]));
    }
    app.read(call, move |conn, call| {
        let email = query.address(conn)?;
        let found = people::find_by_email(conn, &call.portal, &email)?;
        let profile = people::find_visible(conn, call, found)?;
        Ok(Reply::one(EmployeeFullDto::of(&profile, &Site::of(call))))
    })
    .await
}

/// Whether there is an account, and its status.
#[skip_serializing_none]
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "UserExistsResponseDto")]
struct ExistsDto {
    exists: bool,
    status: Option<i64>,
}

async fn exists(
    call: Call,
    app: App,
    Query(query): Query<EmailQuery>,
    _: NoBody,
) -> Result<Reply<ExistsDto>> {
    query.check()?;
    app.read(call, move |conn, call| {
        let email = query.address(conn)?;
        let found = people::find_by_email(conn, &call.portal, &email)?;
        let found = found.filter(|person| person.removed_at.is_none());
        Ok(Reply::one(ExistsDto { exists: found.is_some(), status: found.map(|person| person.status) }))
    })
    .await
}

/// What a credential stands for: `type:value` each.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "TokenDiagnosticsDto")]
struct TokenDto {
    name: String,
    claims: Vec<String>,
}

async fn token(call: Call, app: App, _: NoBody) -> Result<Reply<TokenDto>> {
    app.read(call, move |conn, call| {
        let person = call.person()?;
        let mut claims = vec![format!("sid:{}", person.id), format!("name:{}", person.user_name)];
        claims.push("role:RoomAdministrators".to_owned());
        if person.is_admin() {
            claims.push("role:DocSpaceAdministrators".to_owned());
        }
        let scopes = match call.via {
            Via::Key { id, .. } => keys::get(conn, call.portal.id, id)?.permissions,
            _ => Vec::new(),
        };
        if scopes.is_empty() {
            claims.push("scope:*:write".to_owned());
        }
        claims.extend(scopes.iter().map(|scope| format!("scope:{scope}")));
        Ok(Reply::one(TokenDto { name: person.user_name.clone(), claims }))
    })
    .await
}

/// The record of an account.
#[skip_serializing_none]
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "UserInfo")]
struct RecordDto {
    id: String,
    first_name: String,
    last_name: String,
    user_name: String,
    status: i64,
    activation_status: i64,
    terminated_date: Option<String>,
    email: String,
    contacts: Option<String>,
    contacts_list: Option<Vec<String>>,
    location: Option<String>,
    notes: Option<String>,
    removed: bool,
    last_modified: String,
    tenant_id: i64,
    is_active: bool,
    culture_name: Option<String>,
    mobile_phone: Option<String>,
    mobile_phone_activation_status: i64,
    ldap_qouta: i64,
    create_date: String,
    created_by: Option<String>,
    spam: Option<bool>,
    check_activation: bool,
}

impl RecordDto {
    fn of(person: &Person, portal: i64) -> Self {
        let given = |text: &String| Some(text.clone()).filter(|text| !text.is_empty());
        let contacts: Vec<String> = person
            .contacts
            .iter()
            .flat_map(|contact| [contact.kind.clone(), contact.value.clone()])
            .collect();
        Self {
            id: person.id.to_string(),
            first_name: person.first_name.clone(),
            last_name: person.last_name.clone(),
            user_name: person.user_name.clone(),
            status: person.status,
            activation_status: person.activation_status,
            terminated_date: person.terminated_at.map(domain::Timestamp::plain),
            email: person.email.clone(),
            contacts: Some(contacts.join("|")).filter(|contacts| !contacts.is_empty()),
            contacts_list: Some(contacts).filter(|contacts| !contacts.is_empty()),
            location: given(&person.location),
            notes: given(&person.notes),
            removed: person.removed_at.is_some(),
            last_modified: person.modified_at.plain(),
            tenant_id: portal,
            is_active: person.is_active(),
            culture_name: person.culture.clone(),
            mobile_phone: given(&person.mobile_phone),
            mobile_phone_activation_status: 0,
            ldap_qouta: 0,
            create_date: person.created_at.plain(),
            created_by: person.created_by.map(|id| id.to_string()),
            spam: person.spam,
            check_activation: !person.is_active() || person.activation_status == people::ACTIVATED,
        }
    }
}

/// First the right, then whether there is such an account: who sees only himself isn't told (foundation.md §4.6).
async fn record(call: Call, app: App, PathId(id): PathId<UserId>, _: NoBody) -> Result<Reply<RecordDto>> {
    app.read(call, move |conn, call| {
        let caller = call.person()?;
        if caller.id != id && !caller.kind.makes_rooms() {
            return Err(Kind::PersonNotVisible.into());
        }
        let found = people::find(conn, &call.portal, id)?;
        let profile = people::find_visible(conn, call, found)?;
        Ok(Reply::one(RecordDto::of(&profile.person, call.portal.id.0)))
    })
    .await
}

async fn count(call: Call, app: App, _: NoBody) -> Result<Reply<i64>> {
    app.read(call, |conn, call| Ok(Reply::one(people::count_active(conn, call.portal.id)?))).await
}
