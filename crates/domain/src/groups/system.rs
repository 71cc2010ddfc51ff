//! Groups nobody made: one for each type of account, and one for everybody (people.md §1).

use std::str::FromStr as _;

use super::Group;
use crate::ids::GroupId;
use crate::people::UserKind;

/// What stands for the category of these groups.
pub const CATEGORY: &str = "7717039d-fbe9-45ad-81c1-68a1aa10ce1f";
/// The group of everybody.
pub const EVERYONE: &str = "c5cc67d1-c3e8-43c0-a3ad-3928ae3e5b5e";

/// One of them.
#[derive(Debug, Clone, Copy)]
pub(super) struct System {
    id: &'static str,
    pub(super) name: &'static str,
    /// Whom it stands for; nobody in particular: everybody.
    pub(super) kind: Option<UserKind>,
}

const SYSTEM: &[System] = &[
    System { id: EVERYONE, name: "Everyone", kind: None },
    System {
        id: "cd84e66b-b803-40fc-99f9-b2969a54a1de",
        name: "DocSpace admins",
        kind: Some(UserKind::DocSpaceAdmin),
    },
    System {
        id: "abef62db-11a8-4673-9d32-ef1d8af19dc0",
        name: "Room admins",
        kind: Some(UserKind::RoomAdmin),
    },
    System { id: "88f11e7c-7407-4bea-b4cb-070010cdbb6b", name: "Users", kind: Some(UserKind::User) },
    System { id: "aced04fa-dd96-4b35-af3e-346bf1eb972d", name: "Guests", kind: Some(UserKind::Guest) },
];

pub(super) fn of(id: GroupId) -> Option<&'static System> {
    SYSTEM.iter().find(|system| system.id == id.as_str())
}

pub(super) fn group(id: GroupId) -> Option<Group> {
    of(id).map(|system| Group { id, name: system.name.to_owned(), manager: None, is_system: true })
}

/// The group of everybody, as a list has it.
pub(super) fn everyone() -> Option<Group> {
    GroupId::from_str(EVERYONE).ok().and_then(group)
}
