//! Where the portal may be used from (foundation.md §4.10).

use domain::Result;
use domain::event::SettingsEvent;
use domain::portal_settings::{self, AddressRules, AllowedAddress};
use domain::setting::{self, Stored};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::shape::{Shown, read};
use crate::app::App;
use crate::body::{Body, BodyDto, NoBody};
use crate::gate::Call;
use crate::reply::Reply;
use crate::routes::{Need, Routes, Scope};
use crate::wire::modified;

pub(super) fn routes(routes: Routes) -> Routes {
    const ADMIN: Need = Need::DocSpaceAdmin;
    const LIST: &str = "/api/2.0/settings/iprestrictions";
    const SETTINGS: &str = "/api/2.0/settings/iprestrictions/settings";
    const ABOUT: &str = "Choose the addresses the portal may be used from";
    routes
        .get(LIST, "addresses.list", ADMIN, Scope::Read, "Addresses the portal may be used from", list)
        .put(LIST, "addresses.set", ADMIN, Scope::Write, ABOUT, set)
        .get(
            SETTINGS,
            "addresses.settings",
            ADMIN,
            Scope::Read,
            "Whether that is limited",
            read::<AddressRules>,
        )
        .put(SETTINGS, "addresses.set_settings", ADMIN, Scope::Write, ABOUT, set)
}

/// An address the portal may be used from.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "IPRestriction")]
struct AddressDto {
    id: usize,
    tenant_id: i64,
    ip: String,
    for_admin: bool,
}

async fn list(call: Call, app: App, _: NoBody) -> Result<Reply<Vec<AddressDto>>> {
    app.read(call, |conn, call| {
        let rules: AddressRules = setting::of_portal(conn, call.portal.id)?;
        let (tenant_id, entries) = (call.portal.id.0, rules.allowed.into_iter().enumerate());
        let shown = entries.map(|(at, entry)| AddressDto {
            id: at + 1,
            tenant_id,
            ip: entry.ip,
            for_admin: entry.for_admin,
        });
        Ok(Reply::list(shown.collect()))
    })
    .await
}

/// Whether the addresses are limited.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "IPRestrictionsSettings")]
pub(super) struct LimitedDto {
    enable: bool,
    last_modified: String,
}

impl Shown for AddressRules {
    type Dto = LimitedDto;

    fn show(stored: &Stored<Self>) -> LimitedDto {
        LimitedDto { enable: stored.value.enabled, last_modified: modified(stored) }
    }
}

/// An address, without what the server adds.
#[derive(Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default, rename_all = "camelCase")]
#[schemars(rename = "IpRestrictionBase")]
struct EntryDto {
    ip: String,
    for_admin: bool,
}

/// The whole new list, and whether it holds; absent: when it isn't empty.
#[derive(Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default, rename_all = "camelCase")]
#[schemars(rename = "IpRestrictionsDto")]
struct ListDto {
    ip_restrictions: Vec<EntryDto>,
    enable: Option<bool>,
}

impl BodyDto for ListDto {
    const NAME: &'static str = "IpRestrictionsDto";
    const REQUIRED: &'static [&'static str] = &["ipRestrictions"];
}

async fn set(call: Call, app: App, Body(new): Body<ListDto>) -> Result<Reply<ListDto>> {
    let entries = new.ip_restrictions.into_iter();
    let allowed: Vec<_> = entries
        .map(|entry| AllowedAddress { ip: entry.ip.trim().to_owned(), for_admin: entry.for_admin })
        .collect();
    let rules = AddressRules { enabled: new.enable.unwrap_or(!allowed.is_empty()), allowed };
    rules.check()?;
    app.write(call, move |tx, call| {
        portal_settings::change(tx, call, &rules, SettingsEvent::Addresses)?;
        let entries = rules.allowed.iter();
        let ip_restrictions =
            entries.map(|entry| EntryDto { ip: entry.ip.clone(), for_admin: entry.for_admin }).collect();
        Ok(Reply::one(ListDto { ip_restrictions, enable: Some(rules.enabled) }))
    })
    .await
}
