//! What can be asked of the list of rooms: where, which, and in which order (rooms.md §5).

use crate::ids::UserId;

/// Which sections are searched: `searchArea`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Area {
    /// The active rooms.
    #[default]
    Active,
    /// The archive.
    Archive,
    /// Both.
    Any,
    /// Templates, of which there are none yet.
    Templates,
    /// AI rooms.
    Agents,
    /// The areas 3, 5 and 6: everything for administrators, nothing for others.
    AdminsOnly,
}

impl Area {
    /// The reference's names.
    pub const NAMES: &[(&str, i64)] = &[
        ("Active", 0),
        ("Archive", 1),
        ("Any", 2),
        ("RecentByLinks", 3),
        ("Templates", 4),
        ("Knowledge", 5),
        ("ResultStorage", 6),
        ("AiAgents", 7),
    ];

    /// The area of a number.
    pub fn of(number: i64) -> Self {
        match number {
            1 => Self::Archive,
            2 => Self::Any,
            4 => Self::Templates,
            7 => Self::Agents,
            3 | 5 | 6 => Self::AdminsOnly,
            _ => Self::Active,
        }
    }
}

/// What the list is ordered by: `sortBy`. Orders without a meaning for rooms go by date.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sort {
    /// Last change.
    Date,
    /// Title.
    Title,
    /// Size.
    Size,
    /// Creator's name.
    Author,
    /// Type.
    Kind,
    /// Creation.
    Created,
    /// First tag.
    Tags,
}

impl Sort {
    /// The reference's names.
    pub const NAMES: &[(&str, i64)] = &[
        ("DateAndTime", 0),
        ("AZ", 1),
        ("Size", 2),
        ("Author", 3),
        ("Type", 4),
        ("New", 5),
        ("DateAndTimeCreation", 6),
        ("RoomType", 7),
        ("Tags", 8),
        ("Room", 9),
        ("CustomOrder", 10),
        ("LastOpened", 11),
        ("UsedSpace", 12),
    ];

    /// The order of a number.
    pub fn of(number: i64) -> Self {
        match number {
            1 | 9 => Self::Title,
            2 | 12 => Self::Size,
            3 => Self::Author,
            4 | 7 => Self::Kind,
            6 => Self::Created,
            8 => Self::Tags,
            _ => Self::Date,
        }
    }

    /// The `order by` of this sort; `shelf` names the index kept in order for a member.
    pub(super) fn clause(self, descending: bool, shelf: bool) -> &'static str {
        match (self, descending, shelf) {
            (Self::Date, true, true) => " order by m.modified_at desc, m.room_id desc",
            (Self::Date, false, true) => " order by m.modified_at, m.room_id",
            (Self::Date, true, false) => " order by r.modified_at desc, r.id desc",
            (Self::Date, false, false) => " order by r.modified_at, r.id",
            (Self::Title, true, true) => " order by m.title_fold desc, m.room_id desc",
            (Self::Title, false, true) => " order by m.title_fold, m.room_id",
            (Self::Title, true, false) => " order by r.title_fold desc, r.id desc",
            (Self::Title, false, false) => " order by r.title_fold, r.id",
            (Self::Size, true, _) => " order by r.used_bytes desc, r.title_fold, r.id",
            (Self::Size, false, _) => " order by r.used_bytes, r.title_fold, r.id",
            (Self::Kind, true, _) => " order by r.kind desc, r.title_fold, r.id",
            (Self::Kind, false, _) => " order by r.kind, r.title_fold, r.id",
            (Self::Created, true, _) => " order by r.created_at desc, r.id desc",
            (Self::Created, false, _) => " order by r.created_at, r.id",
            (Self::Author, true, _) => concat!(" order by ", author!(), " desc, r.title_fold, r.id"),
            (Self::Author, false, _) => concat!(" order by ", author!(), ", r.title_fold, r.id"),
            (Self::Tags, true, _) => concat!(" order by ", first_tag!(), " desc, r.title_fold, r.id"),
            (Self::Tags, false, _) => concat!(" order by ", first_tag!(), ", r.title_fold, r.id"),
        }
    }
}

macro_rules! author {
    () => {
        "(select p.name_fold from person p where p.portal_id = $1 and p.id = r.created_by)"
    };
}
use author;

macro_rules! first_tag {
    () => {
        "coalesce((select min(t.name) from room_tag rt join tag t on t.portal_id = $1 and t.id = rt.tag_id \
         where rt.portal_id = $1 and rt.room_id = r.id), '')"
    };
}
use first_tag;

/// What a subject is to the rooms wanted: the obsolete `subjectFilter`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SubjectRole {
    /// Their creator.
    Owner,
    /// Their creator or a member.
    Member,
}

/// Which rooms are wanted, in which order, from where to where.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// Where.
    pub area: Area,
    /// Of these types; empty for all.
    pub kinds: Vec<i64>,
    /// Created by, or shared with, this person or group.
    pub subject: Option<UserId>,
    /// What the subject is to them.
    pub subject_role: Option<SubjectRole>,
    /// Created by this person.
    pub owner: Option<UserId>,
    /// Inverts the subject's and owner's conditions.
    pub exclude_subject: bool,
    /// Without any tag.
    pub untagged: bool,
    /// With one of these tags.
    pub tags: Vec<String>,
    /// Nothing can match: third-party storage, or a group of rooms, of which there are none yet.
    pub nothing: bool,
    /// For administrators: with the default (true) or a custom quota (false).
    pub default_quota: Option<bool>,
    /// The title contains this.
    pub text: Option<String>,
    /// The order, by number of [`Sort`]; the caller's saved one when absent.
    pub sort: Option<i64>,
    /// Descending; goes with `sort`.
    pub descending: bool,
    /// Rooms on the page: 1..100.
    pub count: i64,
    /// Rooms before the page.
    pub start: i64,
}

impl Filter {
    /// Whether all rooms of the area are wanted.
    pub(super) fn is_plain(&self) -> bool {
        self.kinds.is_empty()
            && self.subject.is_none()
            && self.owner.is_none()
            && !self.untagged
            && self.tags.is_empty()
            && self.default_quota.is_none()
            && self.text.is_none()
            && self.area != Area::Agents
    }
}
