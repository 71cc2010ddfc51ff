//! The caller's own profile and theme (people.md §4, §6).

use domain::call::Via;
use domain::people::{self, Theme};
use domain::setting::{self, Stored};
use domain::{Kind, Problem, Result, sessions};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::app::App;
use crate::bind::{EnumTable, Named};
use crate::body::{Body, BodyDto, NoBody};
use crate::gate::Call;
use crate::reply::Reply;
use crate::routes::{Need, Routes, Scope};
use crate::wire::Site;
use crate::wire::employee::{EmployeeFullDto, Own};

/// The date of what was never saved.
const NEVER: &str = "0001-01-01T00:00:00";

pub(super) fn routes(routes: Routes) -> Routes {
    routes
        .get(
            "/api/2.0/people/@self",
            "people.self",
            Need::Guest,
            Scope::SelfRead,
            "The caller's own profile",
            own,
        )
        .get(
            "/api/2.0/people/theme",
            "people.theme",
            Need::Guest,
            Scope::PeopleRead,
            "The caller's theme",
            theme,
        )
        .put(
            "/api/2.0/people/theme",
            "people.set_theme",
            Need::Guest,
            Scope::PeopleWrite,
            "Choose a theme",
            set_theme,
        )
}

async fn own(call: Call, app: App, _: NoBody) -> Result<Reply<EmployeeFullDto>> {
    let now = app.store().now();
    app.read(call, move |conn, call| {
        let person = call.person()?.clone();
        let theme: Theme = setting::of_person(conn, call.portal.id, person.id)?;
        let session = match call.via {
            Via::Session { id, cookie: true } => Some(id),
            _ => None,
        };
        let left = match session {
            Some(id) => sessions::time_left(conn, call.portal.id, id, now)?,
            None => None,
        };
        let own = Own { theme: theme.name(), session: session.map_or(0, |id| id.0), cookie_micros: left };
        let profile = people::profile(conn, call, person)?;
        Ok(Reply::one(EmployeeFullDto::of_self(&profile, &Site::of(call), &own)))
    })
    .await
}

/// A theme, and when it was chosen.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "DarkThemeSettings")]
struct ThemeDto {
    theme: &'static str,
    last_modified: String,
}

impl ThemeDto {
    fn of(stored: &Stored<Theme>) -> Self {
        let last_modified = stored.modified_at.map_or_else(|| NEVER.to_owned(), domain::Timestamp::plain);
        Self { theme: stored.value.name(), last_modified }
    }
}

async fn theme(call: Call, app: App, _: NoBody) -> Result<Reply<ThemeDto>> {
    app.read(call, |conn, call| {
        Ok(Reply::one(ThemeDto::of(&setting::stored(conn, call.portal.id, Some(call.person()?.id))?)))
    })
    .await
}

/// The themes by name and number.
#[derive(Debug, Clone, Copy)]
struct Themes;

impl EnumTable for Themes {
    const TYPE: &'static str = "ASC.Web.Core.WhiteLabel.DarkThemeSettingsType";
    const NAMES: &'static [(&'static str, i64)] = Theme::NAMES;
}

/// The theme that is chosen; absent, the light one.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
#[schemars(rename = "DarkThemeSettingsRequestDto")]
struct NewThemeDto {
    #[schemars(with = "Option<String>")]
    theme: Option<Named<Themes>>,
}

impl BodyDto for NewThemeDto {
    const NAME: &'static str = "DarkThemeSettingsRequestDto";
}

async fn set_theme(call: Call, app: App, Body(new): Body<NewThemeDto>) -> Result<Reply<ThemeDto>> {
    let theme = match new.theme {
        None => Theme::Base,
        Some(theme) => theme
            .known()
            .and_then(Theme::of)
            .ok_or_else(|| Problem::text(Kind::BadArgument, "There is no such theme. (Parameter 'theme')"))?,
    };
    app.write(call, move |tx, call| {
        let user = Some(call.person()?.id);
        setting::set(tx, call.portal.id, user, &theme)?;
        Ok(Reply::one(ThemeDto::of(&setting::stored(tx, call.portal.id, user)?)))
    })
    .await
}
