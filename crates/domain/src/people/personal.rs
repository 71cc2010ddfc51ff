//! What a person sets for themselves: the theme, and which notices they want (people.md §4, §10).

use serde::{Deserialize, Serialize};

use crate::setting::Setting;

/// How the web client looks: `DarkThemeSettingsType` (people.md §1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum Theme {
    /// Light.
    Base,
    /// Dark.
    Dark,
    /// As the system has it.
    #[default]
    System,
}

impl Theme {
    /// The reference's names.
    pub const NAMES: &[(&str, i64)] = &[("Base", 0), ("Dark", 1), ("System", 2)];

    /// The theme of a number.
    pub fn of(number: i64) -> Option<Self> {
        Some(match number {
            0 => Self::Base,
            1 => Self::Dark,
            2 => Self::System,
            _ => return None,
        })
    }

    /// Its name on the wire.
    pub fn name(self) -> &'static str {
        match self {
            Self::Base => "Base",
            Self::Dark => "Dark",
            Self::System => "System",
        }
    }
}

impl Setting for Theme {
    const NAME: &'static str = "theme";
}

/// A kind of notices: `NotificationType` (people.md §10).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Notice {
    /// Marks on what is new.
    Badges = 0,
    /// What happens in rooms.
    RoomsActivity = 1,
    /// The day's news.
    DailyFeed = 2,
    /// Tips.
    UsefulTips = 3,
}

impl Notice {
    /// The reference's names.
    pub const NAMES: &[(&str, i64)] =
        &[("Badges", 0), ("RoomsActivity", 1), ("DailyFeed", 2), ("UsefullTips", 3)];

    /// The kind of a number.
    pub fn of(number: i64) -> Option<Self> {
        Some(match number {
            0 => Self::Badges,
            1 => Self::RoomsActivity,
            2 => Self::DailyFeed,
            3 => Self::UsefulTips,
            _ => return None,
        })
    }
}

/// Which notices a person wants; all of them, until told otherwise.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Notices {
    /// The numbers of those that are not wanted.
    off: Vec<i64>,
}

impl Notices {
    /// Whether notices of a kind are wanted.
    pub fn wants(&self, notice: Notice) -> bool {
        !self.off.contains(&(notice as i64))
    }

    /// Switches the notices of a kind on or off.
    pub fn set(&mut self, notice: Notice, on: bool) {
        self.off.retain(|off| *off != notice as i64);
        if !on {
            self.off.push(notice as i64);
        }
    }
}

impl Setting for Notices {
    const NAME: &'static str = "notices";
}
