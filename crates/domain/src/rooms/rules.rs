//! Rooms, the pure part: kinds, titles, limits.

use serde::{Deserialize, Serialize};

use crate::ids::EntryId;
use crate::portals::Portal;
use crate::text::fold;
use crate::{Kind, Problem, Result, Timestamp};

/// Longest title, in UTF-16 units (rooms.md §4.1).
pub const TITLE_MAX: usize = 170;
/// Longest description, in characters (deviations.md 3).
pub const DESCRIPTION_MAX: usize = 4000;
/// Longest tag, in UTF-16 units.
pub const TAG_MAX: usize = 255;
/// Quota that stands for "the portal's default".
pub const QUOTA_DEFAULT: i64 = -2;

/// The type of a room: `roomType` on the wire (rooms.md §2).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RoomKind {
    /// Form filling.
    FillingForms = 1,
    /// Collaboration.
    Editing = 2,
    /// Custom.
    Custom = 5,
    /// Public.
    Public = 6,
    /// Virtual data room.
    DataRoom = 8,
    /// AI agent's room.
    Agent = 9,
}

impl RoomKind {
    /// Every type with the reference's name.
    pub const NAMES: &[(&str, i64)] = &[
        ("FillingFormsRoom", 1),
        ("EditingRoom", 2),
        ("CustomRoom", 5),
        ("PublicRoom", 6),
        ("VirtualDataRoom", 8),
        ("AiRoom", 9),
    ];

    /// The type of a number.
    pub fn of(number: i64) -> Option<Self> {
        Some(match number {
            1 => Self::FillingForms,
            2 => Self::Editing,
            5 => Self::Custom,
            6 => Self::Public,
            8 => Self::DataRoom,
            9 => Self::Agent,
            _ => return None,
        })
    }

    /// The external link a new room of this type has: its title and access (rooms.md §4.2).
    pub fn primary_link(self) -> Option<(&'static str, i64)> {
        match self {
            Self::Public => Some(("Shared link", 2)),
            Self::FillingForms => Some(("Link to fill out", 7)),
            _ => None,
        }
    }

    /// How many external links it may have, by kind; none where there is no limit because there are no links.
    pub fn link_limits(self) -> &'static [(&'static str, u32)] {
        match self {
            Self::Custom | Self::Public => &[("PrimaryExternalLink", 1), ("ExternalLink", 5)],
            Self::FillingForms => &[("PrimaryExternalLink", 1)],
            Self::Editing | Self::DataRoom | Self::Agent => &[],
        }
    }

    /// The roles an external link may give, by name; the creator may also choose `None`.
    pub fn link_roles(self) -> &'static [&'static str] {
        match self {
            Self::FillingForms => &["FillForms"],
            Self::DataRoom => &["Editing", "FillForms", "Review", "Comment", "Read"],
            _ => &["Editing", "Review", "Comment", "Read"],
        }
    }

    /// Whether members of the room can share it further: Collaboration and data rooms can't be.
    pub fn can_be_shared(self) -> bool {
        !matches!(self, Self::Editing | Self::DataRoom)
    }
}

/// Where a room lies: `rootFolderType` on the wire.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Section {
    /// Deleted, its rows waiting to be purged: no list and no finder shows it.
    Gone = 0,
    /// The active rooms.
    Rooms = 14,
    /// The archive.
    Archive = 20,
}

impl Section {
    /// The section of a stored number.
    pub fn of(number: i64) -> Option<Self> {
        Some(match number {
            0 => Self::Gone,
            14 => Self::Rooms,
            20 => Self::Archive,
            _ => return None,
        })
    }

    /// The section's root folder.
    pub fn root(self, portal: &Portal) -> EntryId {
        match self {
            Self::Archive => portal.archive_root,
            Self::Rooms | Self::Gone => portal.rooms_root,
        }
    }
}

/// A title as it is stored: trimmed, and every character replaced that file systems or people stumble over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Title {
    text: String,
    fold: String,
}

impl Title {
    /// Makes a title of what was typed, which must not be blank; its length is the caller's to check, before.
    ///
    /// Contract: rooms.md §4.1, deviations.md 26. A character outside the basic plane becomes two `_`, as each half
    /// of it does in the reference.
    pub fn parse(typed: &str) -> Result<Self> {
        let typed = typed.trim();
        if typed.is_empty() {
            return Err(Problem::text(
                Kind::BadArgument,
                "The value cannot be an empty string. (Parameter 'title')",
            ));
        }
        let mut text = String::with_capacity(typed.len());
        for c in typed.chars() {
            match c {
                '\0'..='\u{1f}' | '\u{7f}' | '*' | '+' | ':' | '"' | '<' | '>' | '?' | '|' | '\\' | '/' => {
                    text.push('_');
                }
                c if c.len_utf16() == 2 => text.push_str("__"),
                c => text.push(c),
            }
        }
        let fold = fold(&text);
        Ok(Self { text, fold })
    }

    /// The title.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The title as it is sorted and searched by.
    pub fn fold(&self) -> &str {
        &self.fold
    }
}

/// The colours new rooms take turns with, hex without `#`.
const PALETTE: &[&str] = &[
    "61C059", "F2675A", "5299E0", "E6A23C", "8F6BE8", "3CB0A8", "DB6BA7", "7A8C5C", "C77B3B", "4D77C9",
    "B05E5E", "5C8A97",
];

/// A colour for a room that was given none.
pub(super) fn color(random: u8) -> &'static str {
    PALETTE[usize::from(random) % PALETTE.len()]
}

/// The lifetime of files in a room.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lifetime {
    /// Whether they skip the trash.
    pub delete_permanently: bool,
    /// 0 days, 1 months, 2 years.
    pub period: i64,
    /// How many of them: 1..999.
    pub value: i64,
    /// When the clock started, in microseconds.
    pub started_at: i64,
}

impl Lifetime {
    /// The same lifetime, counted from `now`.
    #[must_use]
    pub fn from(mut self, now: Timestamp) -> Self {
        self.started_at = now.0;
        self
    }
}

/// A watermark over the room's documents.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Watermark {
    /// What it adds: flags 1 name, 2 e-mail, 4 address, 8 date, 16 room's title.
    pub additions: i64,
    /// Its text, at most 255 units.
    pub text: Option<String>,
    /// Its angle in degrees.
    pub rotate: i64,
    /// The image's scale in percent.
    pub image_scale: i64,
    /// The image's address.
    pub image_url: Option<String>,
    /// The image's height.
    pub image_height: f64,
    /// The image's width.
    pub image_width: f64,
}

/// The parameters of an AI room's chat.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Chat {
    /// The provider's number.
    pub provider_id: i64,
    /// The model's name.
    pub model_id: String,
    /// What the model is told first.
    pub prompt: Option<String>,
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn titles_are_trimmed_and_cleaned() {
        for (typed, stored) in [
            ("  New Room \n", "New Room"),
            ("a*b+c:d\"e<f>g?h|i\\j/k", "a_b_c_d_e_f_g_h_i_j_k"),
            ("tab\there", "tab_here"),
            ("\0\u{1}\u{1f}\u{7f}x", "____x"),
            ("party 🎉!", "party __!"),
            ("Zażółć gęślą", "Zażółć gęślą"),
        ] {
            assert_eq!(
                Title::parse(typed).map(|title| title.as_str().to_owned()).ok().as_deref(),
                Some(stored),
                "{typed:?}"
            );
        }
        for blank in ["", " ", "\t\n"] {
            assert!(Title::parse(blank).is_err(), "{blank:?}");
        }
    }

    proptest! {
        #[test]
        fn a_stored_title_is_stored_unchanged_again(typed in ".{1,60}") {
            if let Ok(title) = Title::parse(&typed) {
                prop_assert_eq!(Title::parse(title.as_str()).ok(), Some(title.clone()));
                prop_assert!(title.as_str().chars().all(|c| c.len_utf16() == 1 && !c.is_ascii_control()));
            }
        }
    }
}
