//! The colours clients draw a portal in (foundation.md §4.4 `colortheme`): some that are there, and a few of its own.

use serde::{Deserialize, Serialize};

use crate::setting::Setting;

/// The colours of one part of a theme, such as `#4781D1`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Colors {
    /// What stands out.
    pub accent: String,
    /// Buttons.
    pub buttons: String,
}

/// A theme.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Theme {
    /// Its number; the built-in ones begin at 1.
    pub id: i64,
    /// Its name.
    pub name: String,
    /// Its colours.
    pub main: Colors,
    /// The colours of text on them.
    pub text: Colors,
}

/// Themes there may be, the built-in ones included.
pub const LIMIT: usize = 9;

/// Numbers, names and colours of the built-in themes; text is white on all.
const BUILT_IN: &[(i64, &str, &str, &str)] = &[
    (1, "blue", "#4781D1", "#5299E0"),
    (2, "orange", "#F97A0B", "#FF9933"),
    (3, "green", "#2DB482", "#22C386"),
    (4, "red", "#F2675A", "#F27564"),
    (5, "purple", "#6D4EC2", "#8570BD"),
    (6, "light-blue", "#11A4D4", "#13B7EC"),
];

fn built_in() -> Vec<Theme> {
    let colors = |accent: &str, buttons: &str| Colors { accent: accent.into(), buttons: buttons.into() };
    let themes = BUILT_IN.iter().map(|(id, name, accent, buttons)| Theme {
        id: *id,
        name: (*name).to_owned(),
        main: colors(accent, buttons),
        text: colors("#FFFFFF", "#FFFFFF"),
    });
    themes.collect()
}

/// A portal's choice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Themes {
    /// The theme that is used.
    pub selected: i64,
    /// The portal's own.
    pub own: Vec<Theme>,
}

impl Default for Themes {
    fn default() -> Self {
        Self { selected: 1, own: Vec::new() }
    }
}

impl Setting for Themes {
    const NAME: &'static str = "themes";
}

impl Themes {
    /// Every theme there is.
    pub fn all(&self) -> Vec<Theme> {
        let mut all = built_in();
        all.extend(self.own.iter().cloned());
        all
    }

    fn is_built_in(id: i64) -> bool {
        BUILT_IN.iter().any(|(known, ..)| *known == id)
    }

    /// Changes one of the portal's own themes, or adds one. Nothing happens to built-in ones, and beyond the limit.
    pub fn put(&mut self, mut theme: Theme) {
        if let Some(own) = self.own.iter_mut().find(|own| own.id == theme.id) {
            *own = theme;
        } else if !Self::is_built_in(theme.id) && BUILT_IN.len() + self.own.len() < LIMIT {
            let last = self.own.last().map_or(10, |own| own.id);
            theme.id = last + 1;
            self.own.push(theme);
        }
    }

    /// Uses another theme; nothing happens when it is unknown.
    pub fn select(&mut self, id: i64) {
        if self.all().iter().any(|theme| theme.id == id) {
            self.selected = id;
        }
    }

    /// Removes one of the portal's own.
    pub fn remove(&mut self, id: i64) {
        self.own.retain(|own| own.id != id);
        if !self.all().iter().any(|theme| theme.id == self.selected) {
            self.selected = 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn theme(id: i64, name: &str) -> Theme {
        let white = Colors { accent: "#FFFFFF".into(), buttons: "#FFFFFF".into() };
        Theme { id, name: name.into(), main: white.clone(), text: white }
    }

    #[test]
    fn own_themes_come_and_go_and_built_in_ones_stay() {
        let mut themes = Themes::default();
        themes.put(theme(1, "mine"));
        assert_eq!(themes, Themes::default(), "a built-in one is not changed");
        for name in ["a", "b", "c", "d"] {
            themes.put(theme(0, name));
        }
        let ids: Vec<i64> = themes.all().iter().map(|theme| theme.id).collect();
        assert_eq!(ids, [1, 2, 3, 4, 5, 6, 11, 12, 13], "and not beyond the limit");
        themes.put(theme(12, "new"));
        assert_eq!(themes.own[1].name, "new");
        themes.select(12);
        themes.select(99);
        assert_eq!(themes.selected, 12);
        themes.remove(12);
        assert_eq!((themes.selected, themes.own.len()), (1, 2));
        themes.remove(1);
        assert_eq!(themes.all().len(), 8);
    }
}
