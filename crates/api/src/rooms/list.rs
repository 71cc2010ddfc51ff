//! The list of rooms: its query and its reply (rooms.md §5).

use domain::ids::UserId;
use domain::rooms::{Area, Filter, List, RoomKind, Sort, SubjectRole};
use domain::{Kind, Problem, Result};
use schemars::JsonSchema;
use serde::Serialize;

use crate::bind;
use crate::gate::Call;
use crate::params::{Param, QueryDto, param};
use crate::wire::folder::{FolderDto, Folders, PathPartDto};

const PROVIDERS: &[(&str, i64)] = &[
    ("None", 0),
    ("Box", 1),
    ("DropBox", 2),
    ("GoogleDrive", 3),
    ("kDrive", 4),
    ("OneDrive", 5),
    ("SharePoint", 6),
    ("WebDav", 7),
    ("Yandex", 8),
    ("Storage", 9),
];
const STORAGES: &[(&str, i64)] = &[("None", 0), ("Internal", 1), ("ThirdParty", 2)];
const QUOTAS: &[(&str, i64)] = &[("All", 0), ("Default", 1), ("Custom", 2)];
const SUBJECTS: &[(&str, i64)] = &[("Owner", 0), ("Member", 1)];
const ORDERS: &[(&str, i64)] = &[("ascending", 0), ("descending", 1)];
/// The provider that stands for the server's own storage.
const STORAGE: i64 = 9;
const THIRD_PARTY: i64 = 2;

/// The query of the list.
#[derive(Debug, Clone, Default)]
pub(super) struct RoomsQuery {
    kinds: Vec<i64>,
    subject: Option<String>,
    owner: Option<String>,
    subject_role: Option<i64>,
    exclude_subject: bool,
    area: i64,
    untagged: bool,
    tags: Option<String>,
    provider: i64,
    storage: i64,
    quota: i64,
    group: Option<i64>,
    text: Option<String>,
    count: i64,
    start: i64,
    sort: Option<i64>,
    descending: bool,
}

impl QueryDto for RoomsQuery {
    const PARAMS: &'static [Param] = &[
        param("type", "array", "Only rooms of these types"),
        param("subjectId", "string", "Created by, or shared with, this person or group"),
        param("subjectOwnerId", "string", "Created by this person"),
        param("subjectFilter", "integer", "What the subject is: 0 owner, 1 owner or member"),
        param("excludeSubject", "boolean", "Inverts the conditions on people"),
        param("searchArea", "integer", "0 active, 1 archive, 2 both"),
        param("withoutTags", "boolean", "Only rooms without tags"),
        param("tags", "string", "A JSON array of tag names: rooms with one of them"),
        param("provider", "integer", "Rooms on this storage provider"),
        param("storageFilter", "integer", "1 internal rooms, 2 third-party ones"),
        param("quotaFilter", "integer", "For administrators: 1 default quota, 2 custom"),
        param("groupId", "integer", "Rooms in this group of rooms"),
        param("filterValue", "string", "The title contains this"),
        param("count", "integer", "Rooms on the page: 1 to 100"),
        param("startIndex", "integer", "Rooms before the page"),
        param(
            "sortBy",
            "string",
            "DateAndTime, AZ, Author, RoomType, DateAndTimeCreation, Tags, UsedSpace …",
        ),
        param("sortOrder", "string", "ascending or descending"),
    ];

    fn read(query: &mut bind::Query<'_>) -> Self {
        // An unknown order is ignored, unlike every other name (rooms.md §5).
        let sort = query.text("sortBy").and_then(|sort| named(&sort, Sort::NAMES));
        Self {
            kinds: query.many_of("type", "Type", RoomKind::NAMES),
            subject: query.guid("subjectId", "SubjectId"),
            owner: query.guid("subjectOwnerId", "SubjectOwnerId"),
            subject_role: query.one_of("subjectFilter", "SubjectFilter", SUBJECTS),
            exclude_subject: query.flag("excludeSubject", "ExcludeSubject").unwrap_or(false),
            area: query.one_of("searchArea", "SearchArea", Area::NAMES).unwrap_or(0),
            untagged: query.flag("withoutTags", "WithoutTags").unwrap_or(false),
            tags: query.text("tags"),
            provider: query.one_of("provider", "Provider", PROVIDERS).unwrap_or(0),
            storage: query.one_of("storageFilter", "StorageFilter", STORAGES).unwrap_or(0),
            quota: query.one_of("quotaFilter", "QuotaFilter", QUOTAS).unwrap_or(0),
            group: query.int_opt("groupId", "GroupId", i64::from(i32::MIN)..=i64::from(i32::MAX)),
            text: query.text("filterValue"),
            count: query.int("count", "Count", 1..=100, 100),
            start: query.int("startIndex", "StartIndex", 0..=i64::from(i32::MAX), 0),
            sort,
            descending: query.one_of("sortOrder", "SortOrder", ORDERS) == Some(1),
        }
    }
}

fn named(text: &str, table: &[(&str, i64)]) -> Option<i64> {
    let found =
        table.iter().find(|(name, number)| name.eq_ignore_ascii_case(text) || number.to_string() == text);
    found.map(|(_, number)| *number)
}

impl RoomsQuery {
    /// The filter; a `tags` that is no JSON array of texts is refused.
    pub(super) fn parse(self) -> Result<Filter> {
        let subject = |id: Option<String>| id.and_then(|id| id.parse::<UserId>().ok());
        let tags = match self.tags.filter(|_| !self.untagged) {
            None => Vec::new(),
            Some(text) => tags(&text).ok_or_else(tags_problem)?,
        };
        Ok(Filter {
            area: Area::of(self.area),
            kinds: self.kinds,
            subject: subject(self.subject),
            subject_role: self
                .subject_role
                .map(|role| if role == 0 { SubjectRole::Owner } else { SubjectRole::Member }),
            owner: subject(self.owner),
            exclude_subject: self.exclude_subject,
            untagged: self.untagged,
            tags,
            nothing: !matches!(self.provider, 0 | STORAGE)
                || self.storage == THIRD_PARTY
                || self.group.is_some(),
            default_quota: match self.quota {
                1 => Some(true),
                2 => Some(false),
                _ => None,
            },
            text: self.text,
            sort: self.sort,
            descending: self.descending,
            count: self.count,
            start: self.start,
        })
    }
}

/// The names of a JSON array; nothing when it is none, or holds U+0000 (deviations.md 26).
fn tags(text: &str) -> Option<Vec<String>> {
    let names: Vec<String> = serde_json::from_str(text).ok()?;
    names.iter().all(|name| !name.contains('\0')).then_some(names)
}

fn tags_problem() -> Problem {
    Problem::text(
        Kind::BadArgument,
        "The filter by tags is a JSON array of names, such as [\"a\",\"b\"]. (Parameter 'tags')",
    )
}

/// A page of the list.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "FolderContentDtoInteger")]
pub(super) struct FolderContentDto {
    files: Vec<FolderDto>,
    folders: Vec<FolderDto>,
    current: FolderDto,
    path_parts: Vec<PathPartDto>,
    start_index: i64,
    count: usize,
    total: i64,
    new: i64,
}

impl FolderContentDto {
    pub(super) fn of(call: &Call, filter: &Filter, list: &List) -> Self {
        let root = match filter.area {
            Area::Archive => call.portal.archive_root,
            Area::Templates => call.portal.templates_root,
            _ => call.portal.rooms_root,
        };
        let mut folders = Folders::new(call);
        let rooms: Vec<FolderDto> = list.rooms.iter().map(|view| folders.room(view)).collect();
        Self {
            files: Vec::new(),
            count: rooms.len(),
            folders: rooms,
            current: folders.root(root),
            path_parts: folders.path(root),
            start_index: filter.start,
            total: list.total,
            new: 0,
        }
    }
}
