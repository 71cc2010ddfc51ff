//! People, as other objects embed them and as their profile shows them (people.md §2).

use domain::groups::Summary;
use domain::people::{Person, Profile, UserKind};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use schemars::JsonSchema;
use serde::Serialize;
use serde_with::skip_serializing_none;

use super::Site;
use super::avatar::Pictures;

/// A person in short.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "EmployeeDto")]
pub(crate) struct EmployeeDto {
    id: String,
    display_name: String,
    avatar: String,
    avatar_original: String,
    avatar_max: String,
    avatar_medium: String,
    avatar_small: String,
    profile_url: String,
    has_avatar: bool,
    is_anonim: bool,
}

impl EmployeeDto {
    pub(crate) fn of(person: &Person, site: &Site<'_>) -> Self {
        let pictures = Pictures::of(person);
        Self {
            id: person.id.to_string(),
            display_name: html_encoded(&person.named(site.names)),
            avatar: pictures.big,
            avatar_original: pictures.original,
            avatar_max: pictures.max,
            avatar_medium: pictures.medium,
            avatar_small: pictures.small,
            profile_url: profile_url(person, site),
            has_avatar: person.photo.is_some(),
            is_anonim: false,
        }
    }
}

fn profile_url(person: &Person, site: &Site<'_>) -> String {
    if person.removed_at.is_some() {
        return format!("{}/accounts/people/filter", site.base);
    }
    let list = if person.kind == UserKind::Guest { "guests" } else { "people" };
    let email = person.email.to_lowercase();
    let email = utf8_percent_encode(&email, NON_ALPHANUMERIC)
        .to_string()
        .replace("%2E", ".")
        .replace("%2D", "-")
        .replace("%5F", "_");
    format!("{}/accounts/{list}/filter?search={}", site.base, email.to_lowercase())
}

/// Names are sent HTML-encoded (people.md §2.1).
pub(crate) fn html_encoded(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => encoded.push_str("&amp;"),
            '<' => encoded.push_str("&lt;"),
            '>' => encoded.push_str("&gt;"),
            '"' => encoded.push_str("&quot;"),
            '\'' => encoded.push_str("&#39;"),
            c => encoded.push(c),
        }
    }
    encoded
}

/// A group a person is in.
#[skip_serializing_none]
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "GroupSummaryDto")]
pub(crate) struct GroupSummaryDto {
    id: String,
    name: String,
    manager: Option<String>,
    is_system: Option<bool>,
}

impl GroupSummaryDto {
    pub(crate) fn of(group: &Summary) -> Self {
        let (id, name) = (group.id.to_string(), group.name.clone());
        Self { id, name, manager: group.manager.clone(), is_system: None }
    }
}

/// Another way to reach a person.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[schemars(rename = "Contact")]
struct ContactDto {
    #[serde(rename = "type")]
    kind: String,
    value: String,
}

/// A person in full.
#[skip_serializing_none]
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "EmployeeFullDto")]
pub(crate) struct EmployeeFullDto {
    first_name: String,
    last_name: String,
    user_name: String,
    email: String,
    contacts: Option<Vec<ContactDto>>,
    status: i64,
    activation_status: i64,
    terminated: Option<String>,
    department: Option<String>,
    groups: Option<Vec<GroupSummaryDto>>,
    location: Option<String>,
    notes: Option<String>,
    mobile_phone: Option<String>,
    is_admin: bool,
    is_room_admin: bool,
    #[serde(rename = "isLDAP")]
    is_ldap: bool,
    is_owner: bool,
    is_visitor: bool,
    is_collaborator: bool,
    culture_name: Option<String>,
    mobile_phone_activation_status: i64,
    #[serde(rename = "isSSO")]
    is_sso: bool,
    theme: Option<&'static str>,
    quota_limit: Option<i64>,
    used_space: Option<i64>,
    shared: Option<bool>,
    is_custom_quota: Option<bool>,
    login_event_id: Option<i64>,
    auth_cookie_lifetime: Option<f64>,
    created_by: Option<EmployeeDto>,
    registration_date: String,
    has_personal_folder: Option<bool>,
    tfa_app_enabled: Option<bool>,
    // Each field of the short form again: `flatten` would cost a map for each person.
    id: String,
    display_name: String,
    avatar: String,
    avatar_original: String,
    avatar_max: String,
    avatar_medium: String,
    avatar_small: String,
    profile_url: String,
    has_avatar: bool,
    is_anonim: bool,
}

impl EmployeeFullDto {
    /// A profile as its viewer sees it.
    pub(crate) fn of(profile: &Profile, site: &Site<'_>) -> Self {
        let person = &profile.person;
        let short = EmployeeDto::of(person, site);
        let given = |text: &String| Some(text.clone()).filter(|text| !text.is_empty());
        Self {
            first_name: person.first_name.clone(),
            last_name: person.last_name.clone(),
            user_name: person.user_name.clone(),
            email: person.email.clone(),
            contacts: contacts(person),
            status: person.status,
            activation_status: person.activation_status,
            terminated: person.terminated_at.map(|at| site.date(at)),
            department: profile.groups.as_deref().map(department),
            groups: profile
                .groups
                .as_deref()
                .filter(|groups| !groups.is_empty())
                .map(|groups| groups.iter().map(GroupSummaryDto::of).collect()),
            location: given(&person.location),
            notes: given(&person.notes),
            mobile_phone: given(&person.mobile_phone),
            // The owner is an administrator without the flag (people.md §2.2).
            is_admin: person.is_admin() && !person.is_owner,
            is_room_admin: person.kind == UserKind::RoomAdmin,
            is_ldap: false,
            is_owner: person.is_owner,
            is_visitor: person.kind == UserKind::Guest,
            is_collaborator: person.kind == UserKind::User,
            culture_name: person.culture.clone(),
            mobile_phone_activation_status: 0,
            is_sso: false,
            theme: None,
            quota_limit: profile.quota.map(|(bytes, _)| bytes),
            used_space: profile.used_bytes,
            shared: profile.shared,
            is_custom_quota: profile.quota.map(|(_, own)| own),
            login_event_id: None,
            auth_cookie_lifetime: None,
            created_by: profile.inviter.as_ref().map(|inviter| EmployeeDto::of(inviter, site)),
            registration_date: site.date(person.created_at),
            has_personal_folder: None,
            tfa_app_enabled: profile.tfa_bound,
            id: short.id,
            display_name: short.display_name,
            avatar: short.avatar,
            avatar_original: short.avatar_original,
            avatar_max: short.avatar_max,
            avatar_medium: short.avatar_medium,
            avatar_small: short.avatar_small,
            profile_url: short.profile_url,
            has_avatar: short.has_avatar,
            is_anonim: short.is_anonim,
        }
    }

    /// The caller's own profile.
    pub(crate) fn of_self(profile: &Profile, site: &Site<'_>, own: &Own) -> Self {
        let personal = profile.person.kind != UserKind::Guest;
        #[expect(
            clippy::cast_precision_loss,
            reason = "a century has fewer microseconds than a double has whole numbers"
        )]
        let cookie = own.cookie_micros.map(|micros| micros as f64 / 1_000_000.0);
        Self {
            theme: Some(own.theme),
            login_event_id: Some(own.session),
            auth_cookie_lifetime: cookie,
            has_personal_folder: Some(personal),
            ..Self::of(profile, site)
        }
    }
}

/// What only the caller's own profile says.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Own {
    /// The theme's name.
    pub(crate) theme: &'static str,
    /// The cookie's session, 0 for other credentials.
    pub(crate) session: i64,
    /// What is left of the cookie's life, where that is told.
    pub(crate) cookie_micros: Option<i64>,
}

fn contacts(person: &Person) -> Option<Vec<ContactDto>> {
    let contacts = person.contacts.iter();
    let contacts: Vec<_> = contacts
        .map(|contact| ContactDto { kind: contact.kind.clone(), value: contact.value.clone() })
        .collect();
    Some(contacts).filter(|contacts| !contacts.is_empty())
}

/// The names of the groups, encoded one by one (people.md §2.2).
fn department(groups: &[Summary]) -> String {
    let names: Vec<String> = groups.iter().map(|group| html_encoded(&group.name)).collect();
    names.join(", ")
}
