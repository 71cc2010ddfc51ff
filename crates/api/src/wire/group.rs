//! Groups of people, as they and lists for rooms show them (people.md §2.3).

use domain::groups::{CATEGORY, View};
use domain::ids::NIL_GUID;
use schemars::JsonSchema;
use serde::Serialize;
use serde_with::skip_serializing_none;

use super::Site;
use super::employee::EmployeeFullDto;

/// A group.
#[skip_serializing_none]
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "GroupDto")]
pub(crate) struct GroupDto {
    name: String,
    parent: &'static str,
    category: &'static str,
    id: String,
    #[serde(rename = "isLDAP")]
    is_ldap: bool,
    is_system: Option<bool>,
    manager: Option<Box<EmployeeFullDto>>,
    members: Option<Vec<EmployeeFullDto>>,
    shared: Option<bool>,
    members_count: i64,
}

impl GroupDto {
    pub(crate) fn of(view: &View, site: &Site<'_>) -> Self {
        let is_system = view.group.is_system;
        let members = view.members.as_ref();
        Self {
            name: view.group.name.clone(),
            parent: NIL_GUID,
            category: if is_system { CATEGORY } else { NIL_GUID },
            id: view.group.id.to_string(),
            is_ldap: false,
            is_system: is_system.then_some(true),
            manager: view.manager.as_ref().map(|manager| Box::new(EmployeeFullDto::of(manager, site))),
            members: members
                .map(|members| members.iter().map(|member| EmployeeFullDto::of(member, site)).collect()),
            shared: view.shared,
            members_count: view.members_count,
        }
    }
}
