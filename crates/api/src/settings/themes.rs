//! The colours clients draw the portal in (foundation.md §4.4 `colortheme`).

use domain::event::SettingsEvent;
use domain::setting::{self, Stored};
use domain::themes::{Colors, LIMIT, Theme, Themes};
use domain::{Kind, Problem, Result, portal_settings};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::shape::{Shown, read};
use crate::app::App;
use crate::bind;
use crate::body::{Body, BodyDto, Checks, NoBody};
use crate::gate::Call;
use crate::params::{Param, Query, QueryDto};
use crate::reply::Reply;
use crate::routes::{Need, Routes, Scope};

/// Longest name of a theme.
const NAME_MAX: usize = 255;

pub(super) fn routes(routes: Routes) -> Routes {
    const PATH: &str = "/api/2.0/settings/colortheme";
    routes
        .get(PATH, "themes.get", Need::Anyone, Scope::Read, "The portal's colours", read::<Themes>)
        .put(PATH, "themes.set", Need::DocSpaceAdmin, Scope::Write, "Change the portal's colours", set)
        .delete(PATH, "themes.delete", Need::DocSpaceAdmin, Scope::Write, "Remove a theme", delete)
}

/// The colours of one part of a theme.
#[derive(Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
#[schemars(rename = "CustomColorThemesSettingsColorItem")]
struct ColorsDto {
    accent: String,
    buttons: String,
}

/// A theme.
#[derive(Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
#[schemars(rename = "CustomColorThemesSettingsItem")]
struct ThemeDto {
    id: i64,
    name: String,
    main: ColorsDto,
    text: ColorsDto,
}

/// Themes, and the one that is used.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "CustomColorThemesSettingsDto")]
pub(super) struct ThemesDto {
    themes: Vec<ThemeDto>,
    selected: i64,
    limit: usize,
}

impl ThemeDto {
    fn of(theme: Theme) -> Self {
        let colors = |colors: Colors| ColorsDto { accent: colors.accent, buttons: colors.buttons };
        Self { id: theme.id, name: theme.name, main: colors(theme.main), text: colors(theme.text) }
    }

    fn parse(self) -> Result<Theme> {
        let given = [&self.main.accent, &self.main.buttons, &self.text.accent, &self.text.buttons];
        if !given.iter().all(|color| is_color(color)) {
            return Err(Problem::text(Kind::BadArgument, "A colour is not valid: send it as #RRGGBB"));
        }
        let colors = |colors: ColorsDto| Colors { accent: colors.accent, buttons: colors.buttons };
        Ok(Theme { id: self.id, name: self.name, main: colors(self.main), text: colors(self.text) })
    }
}

/// Whether a text is a colour as clients send it, with or without transparency.
fn is_color(text: &str) -> bool {
    let digits = text.strip_prefix('#').unwrap_or_default();
    matches!(digits.len(), 3 | 6 | 8) && digits.bytes().all(|b| b.is_ascii_hexdigit())
}

impl Shown for Themes {
    type Dto = ThemesDto;

    fn show(stored: &Stored<Self>) -> ThemesDto {
        let themes = stored.value.all().into_iter().map(ThemeDto::of).collect();
        ThemesDto { themes, selected: stored.value.selected, limit: LIMIT }
    }
}

/// A theme that is new or changed, and the one to use from now on.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
#[schemars(rename = "CustomColorThemesSettingsRequestsDto")]
struct NewThemeDto {
    theme: Option<ThemeDto>,
    selected: Option<i64>,
}

impl BodyDto for NewThemeDto {
    const NAME: &'static str = "CustomColorThemesSettingsRequestsDto";

    fn check(&self, checks: &mut Checks) {
        checks.length("Theme.Name", self.theme.as_ref().map(|theme| theme.name.as_str()), NAME_MAX);
    }
}

async fn set(call: Call, app: App, Body(new): Body<NewThemeDto>) -> Result<Reply<ThemesDto>> {
    let (theme, selected) = (new.theme.map(ThemeDto::parse).transpose()?, new.selected);
    change(call, app, move |themes| {
        if let Some(theme) = &theme {
            themes.put(theme.clone());
        }
        if let Some(selected) = selected {
            themes.select(selected);
        }
    })
    .await
}

/// Which theme is to go.
#[derive(Debug, Clone, Copy)]
struct ThemeQuery(i64);

impl QueryDto for ThemeQuery {
    const PARAMS: &'static [Param] = &[Param { name: "id", kind: "integer", about: "The theme" }];

    fn read(query: &mut bind::Query<'_>) -> Self {
        Self(query.int("id", "Id", 0..=i64::from(i32::MAX), 0))
    }
}

async fn delete(
    call: Call,
    app: App,
    Query(ThemeQuery(id)): Query<ThemeQuery>,
    _: NoBody,
) -> Result<Reply<ThemesDto>> {
    change(call, app, move |themes| themes.remove(id)).await
}

async fn change(
    call: Call,
    app: App,
    how: impl Fn(&mut Themes) + Send + 'static,
) -> Result<Reply<ThemesDto>> {
    app.write(call, move |tx, call| {
        let mut themes: Themes = setting::of_portal(tx, call.portal.id)?;
        how(&mut themes);
        portal_settings::change(tx, call, &themes, SettingsEvent::ColorTheme)?;
        Ok(Reply::one(Themes::show(&Stored { value: themes, modified_at: None })))
    })
    .await
}
