//! The portal's languages, time zone and title (foundation.md §4.4).

use domain::time;
use domain::{Kind, Problem, Result, Timestamp, people, portals};
use jiff::tz;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::SAVED;
use crate::app::App;
use crate::body::{Body, BodyDto, Checks, NoBody};
use crate::gate::Call;
use crate::reply::Reply;
use crate::routes::{Need, Routes, Scope};

/// Longest title.
const TITLE_MAX: usize = 255;

pub(super) fn routes(routes: Routes) -> Routes {
    const GREETING: &str = "/api/2.0/settings/greetingsettings";
    routes
        .get(
            "/api/2.0/settings/cultures",
            "settings.cultures",
            Need::Anyone,
            Scope::Read,
            "Languages there are",
            cultures,
        )
        .get(
            "/api/2.0/settings/timezones",
            "settings.time_zones",
            Need::SetUpOrAdmin,
            Scope::Read,
            "Time zones there are",
            time_zones,
        )
        .get(
            "/api/2.0/settings/machine",
            "settings.machine",
            Need::SetUp,
            Scope::Read,
            "The host the request was sent to",
            machine,
        )
        .put(
            "/api/2.0/settings/timeandlanguage",
            "settings.set_place",
            Need::DocSpaceAdmin,
            Scope::Write,
            "Change the portal's language and time zone",
            set_place,
        )
        .get(GREETING, "settings.greeting", Need::Guest, Scope::Read, "The portal's title", greeting)
        .post(
            GREETING,
            "settings.set_greeting",
            Need::DocSpaceAdmin,
            Scope::Write,
            "Change the portal's title",
            set_greeting,
        )
        .get(
            "/api/2.0/settings/greetingsettings/isdefault",
            "settings.greeting_is_default",
            Need::Guest,
            Scope::Read,
            "Whether the portal has no title of its own",
            greeting_is_default,
        )
        .post(
            "/api/2.0/settings/greetingsettings/restore",
            "settings.reset_greeting",
            Need::DocSpaceAdmin,
            Scope::Write,
            "Give the portal the product's own title",
            reset_greeting,
        )
}

async fn cultures(_: Call, _: NoBody) -> Result<Reply<Vec<&'static str>>> {
    Ok(Reply::list(people::CULTURES.to_vec()))
}

/// A time zone.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "TimezonesRequestsDto")]
struct ZoneDto {
    id: String,
    display_name: String,
}

async fn time_zones(_: Call, app: App, _: NoBody) -> Result<Reply<Vec<ZoneDto>>> {
    Ok(Reply::list(zones(app.store().now())))
}

/// Every zone, by how far its clocks are ahead of UTC now, then by name.
fn zones(now: Timestamp) -> Vec<ZoneDto> {
    let known = tz::db().available().filter_map(|name| {
        let zone = time::zone(name.as_str())?;
        Some((now.utc_offset_seconds(&zone), name.as_str().to_owned()))
    });
    let mut zones: Vec<(i32, String)> = known.collect();
    zones.sort();
    let shown = zones.into_iter().map(|(offset, id)| {
        let (sign, size) = (if offset < 0 { '-' } else { '+' }, offset.unsigned_abs());
        let display_name = format!("(UTC{sign}{:02}:{:02}) {id}", size / 3600, size / 60 % 60);
        ZoneDto { id, display_name }
    });
    shown.collect()
}

async fn machine(call: Call, _: NoBody) -> Result<Reply<String>> {
    let base = &call.exchange().base;
    let host = base.split_once("://").map_or(base.as_str(), |(_, host)| host);
    let name = host.rsplit_once(':').filter(|(_, port)| port.bytes().all(|b| b.is_ascii_digit()));
    Ok(Reply::one(name.map_or(host, |(name, _)| name).to_owned()))
}

/// The portal's new language and time zone.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, rename_all = "camelCase")]
#[schemars(rename = "TimeZoneRequestDto")]
struct PlaceDto {
    lng: Option<String>,
    #[serde(rename = "timeZoneID")]
    time_zone: Option<String>,
}

impl BodyDto for PlaceDto {
    const NAME: &'static str = "TimeZoneRequestDto";
    const REQUIRED: &'static [&'static str] = &["lng"];
}

async fn set_place(call: Call, app: App, Body(new): Body<PlaceDto>) -> Result<Reply<&'static str>> {
    let culture = new.lng.unwrap_or_default().trim().to_owned();
    let zone = new.time_zone.map(|name| name.trim().to_owned()).filter(|name| !name.is_empty());
    app.write(call, move |tx, call| {
        portals::set_place(tx, call, &culture, zone.as_deref())?;
        Ok(Reply::one(SAVED))
    })
    .await
}

async fn greeting(call: Call, _: NoBody) -> Result<Reply<String>> {
    Ok(Reply::one(portals::greeting(&call.portal).to_owned()))
}

async fn greeting_is_default(call: Call, _: NoBody) -> Result<Reply<bool>> {
    Ok(Reply::one(call.portal.name.is_empty()))
}

/// The portal's new title.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
#[schemars(rename = "GreetingSettingsRequestsDto")]
struct GreetingDto {
    title: Option<String>,
}

impl BodyDto for GreetingDto {
    const NAME: &'static str = "GreetingSettingsRequestsDto";
    const REQUIRED: &'static [&'static str] = &["title"];

    fn check(&self, checks: &mut Checks) {
        checks.length("Title", self.title.as_deref(), TITLE_MAX);
    }
}

async fn set_greeting(call: Call, app: App, Body(new): Body<GreetingDto>) -> Result<Reply<&'static str>> {
    let title = new.title.map(|title| title.trim().to_owned());
    let Some(title) = title.filter(|title| !title.is_empty()) else {
        return Err(Problem::text(Kind::BadArgument, "Title"));
    };
    app.write(call, move |tx, call| {
        portals::set_name(tx, call, &title)?;
        Ok(Reply::one("Welcome Page settings have been successfully saved"))
    })
    .await
}

async fn reset_greeting(call: Call, app: App, _: NoBody) -> Result<Reply<String>> {
    app.write(call, |tx, call| {
        portals::set_name(tx, call, "")?;
        let unnamed = portals::Portal { name: String::new(), ..portals::Portal::clone(&call.portal) };
        Ok(Reply::one(portals::greeting(&unnamed).to_owned()))
    })
    .await
}
