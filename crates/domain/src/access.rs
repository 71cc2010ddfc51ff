//! Who may do what with a room: one table of role × right for active and for archived rooms.
//!
//! Contract: rooms.md §3.1 (the `security` map) and §15. The same table fills `security` in every reply and decides
//! in every verb, so what a client shows and what the server allows can't differ. Only a [`Granted`] can be passed
//! to a function that writes.

use std::marker::PhantomData;
use std::ops::{BitOr, Deref};

use crate::{Kind, Result};

macro_rules! rights {
    ($($(#[$doc:meta])* $name:ident,)*) => {
        /// What can be done with a room: the 24 keys of `security`, in the reference's order.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Right { $($(#[$doc])* $name,)* }

        impl Right {
            /// Every right.
            pub const ALL: &[Self] = &[$(Self::$name),*];

            /// Its name on the wire.
            pub fn name(self) -> &'static str {
                match self { $(Self::$name => stringify!($name),)* }
            }
        }
    };
}

rights! {
    /// See the room and what is in it.
    Read,
    /// Add content.
    Create,
    /// Delete the room for good.
    Delete,
    /// Change its settings.
    EditRoom,
    /// Change its title.
    Rename,
    /// Copy content into it.
    CopyTo,
    /// Move content into it.
    MoveTo,
    /// Copy it.
    Copy,
    /// Move it: archive and unarchive.
    Move,
    /// Pin it.
    Pin,
    /// Mute its notifications.
    Mute,
    /// Manage members and links.
    EditAccess,
    /// Duplicate it.
    Duplicate,
    /// Download it.
    Download,
    /// Copy its shared link.
    CopySharedLink,
    /// Connect its storage anew.
    Reconnect,
    /// Make a room from it.
    CreateRoomFrom,
    /// Copy its address.
    CopyLink,
    /// Embed it in a page.
    Embed,
    /// Give it to another owner.
    ChangeOwner,
    /// Export its index.
    IndexExport,
    /// Chat with its agent.
    UseChat,
    /// Update the table of a form's answers.
    UpdateXlsx,
    /// Analyse a form's answers.
    AnalyzeResponses,
}

/// A set of rights.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Rights(u32);

impl Rights {
    const NONE: Self = Self(0);

    const fn of(rights: &[Right]) -> Self {
        let (mut bits, mut i) = (0, 0);
        while i < rights.len() {
            bits |= 1 << rights[i] as u32;
            i += 1;
        }
        Self(bits)
    }

    const fn with(self, more: Self) -> Self {
        Self(self.0 | more.0)
    }

    const fn without(self, less: Self) -> Self {
        Self(self.0 & !less.0)
    }

    /// What may be done with a section's root folder: look, and create rooms, for those who create any.
    pub fn of_root(creates: bool) -> Self {
        if creates { Self::of(&[Right::Read, Right::Create]) } else { Self::of(&[Right::Read]) }
    }

    /// Whether the right is in the set.
    pub fn has(self, right: Right) -> bool {
        self.0 & (1 << right as u32) != 0
    }
}

impl BitOr for Rights {
    type Output = Self;
    fn bitor(self, other: Self) -> Self {
        self.with(other)
    }
}

/// What somebody is to a room. One may be an administrator and a member at once: then the rights add up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// Its creator, while of type `RoomAdmin` or `DocSpaceAdmin`.
    Owner,
    /// A DocSpace administrator who didn't create it.
    Admin,
    /// Room manager, access 9.
    RoomManager,
    /// Content creator, access 11.
    ContentCreator,
    /// Editor, access 10.
    Editor,
    /// Form filler, access 7.
    FormFiller,
    /// Reviewer, access 5.
    Reviewer,
    /// Commenter, access 6.
    Commenter,
    /// Viewer, access 2.
    Viewer,
}

impl Role {
    /// Every role, the greatest first.
    pub const ALL: &[Self] = &[
        Self::Owner,
        Self::Admin,
        Self::RoomManager,
        Self::ContentCreator,
        Self::Editor,
        Self::FormFiller,
        Self::Reviewer,
        Self::Commenter,
        Self::Viewer,
    ];

    /// The role of a share record's `access` (rooms.md §2); none for those that give nothing.
    pub fn of_access(access: i64) -> Option<Self> {
        Some(match access {
            9 => Self::RoomManager,
            11 => Self::ContentCreator,
            10 => Self::Editor,
            7 => Self::FormFiller,
            5 => Self::Reviewer,
            6 => Self::Commenter,
            2 => Self::Viewer,
            _ => return None,
        })
    }
}

/// What of a room bears on rights.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Standing {
    /// It is in the archive.
    pub archived: bool,
    /// It is an AI room.
    pub agent: bool,
    /// Downloads are barred for viewers.
    pub deny_download: bool,
    /// Its content is numbered.
    pub indexing: bool,
    /// It has an external link.
    pub shared: bool,
    /// It is shown in a list; a single room shows an administrator fewer flags.
    pub listed: bool,
}

const BROWSE: Rights = Rights::of(&[Right::Read, Right::Pin, Right::Mute, Right::CopyLink]);
const TAKE: Rights = Rights::of(&[Right::Copy, Right::Download]);
const FILL: Rights = Rights::of(&[Right::Create, Right::CopyTo, Right::MoveTo, Right::UseChat]);
const MANAGE: Rights = Rights::of(&[
    Right::EditRoom,
    Right::EditAccess,
    Right::Rename,
    Right::Duplicate,
    Right::CopySharedLink,
    Right::Embed,
    Right::IndexExport,
]);

/// Rights in an active room, before the conditions of [`rights`].
const fn active(role: Role) -> Rights {
    match role {
        Role::Owner => BROWSE.with(TAKE).with(FILL).with(MANAGE).with(Rights::of(&[
            Right::Delete,
            Right::Move,
            Right::ChangeOwner,
        ])),
        Role::Admin => BROWSE.with(TAKE).with(Rights::of(&[
            Right::Duplicate,
            Right::Move,
            Right::CopySharedLink,
            Right::ChangeOwner,
            Right::IndexExport,
        ])),
        Role::RoomManager => BROWSE.with(TAKE).with(FILL).with(MANAGE),
        Role::ContentCreator => BROWSE.with(TAKE).with(FILL),
        Role::Editor | Role::FormFiller | Role::Reviewer | Role::Commenter | Role::Viewer => {
            BROWSE.with(TAKE)
        }
    }
}

/// Rights in an archived room, before the conditions of [`rights`].
const fn archived(role: Role) -> Rights {
    match role {
        Role::Owner | Role::Admin => {
            TAKE.with(Rights::of(&[Right::Read, Right::Delete, Right::Move, Right::IndexExport]))
        }
        Role::RoomManager => TAKE.with(Rights::of(&[Right::Read, Right::IndexExport])),
        _ => TAKE.with(Rights::of(&[Right::Read])),
    }
}

/// The rights of somebody with these roles in a room of this standing.
pub fn rights(roles: impl IntoIterator<Item = Role>, room: Standing) -> Rights {
    roles.into_iter().fold(Rights::NONE, |all, role| all | rights_of(role, room))
}

fn rights_of(role: Role, room: Standing) -> Rights {
    let mut rights = if room.archived { archived(role) } else { active(role) };
    if room.deny_download && matches!(role, Role::Admin | Role::Viewer) {
        let copying_is_free = role == Role::Admin && room.archived;
        rights = rights.without(if copying_is_free {
            Rights::of(&[Right::Download])
        } else {
            TAKE.with(Rights::of(&[Right::Duplicate]))
        });
    }
    if !room.shared {
        rights = rights.without(Rights::of(&[Right::Embed]));
        if role == Role::Admin {
            rights = rights.without(Rights::of(&[Right::CopySharedLink]));
        }
    }
    if role == Role::Admin && !room.listed {
        rights = rights.without(Rights::of(&[Right::Mute, Right::CopyLink]));
    }
    if !room.indexing {
        rights = rights.without(Rights::of(&[Right::IndexExport]));
    }
    if room.agent {
        rights.without(Rights::of(&[
            Right::Create,
            Right::Copy,
            Right::CopyTo,
            Right::Move,
            Right::MoveTo,
            Right::Duplicate,
        ]))
    } else {
        rights.without(Rights::of(&[Right::UseChat]))
    }
}

/// A thing with rights on it.
pub trait Guarded {
    /// What the caller may do with it.
    fn rights(&self) -> Rights;
    /// Whether it lies in the archive.
    fn is_archived(&self) -> bool;
}

/// Something a verb does with a thing: the right it takes, and how it is refused.
pub trait Action {
    /// The right it takes.
    const RIGHT: Right;
    /// The refusal.
    const REFUSAL: Kind;
    /// The refusal when the thing lies in the archive.
    const REFUSAL_ARCHIVED: Kind = Self::REFUSAL;
}

/// A thing that was found, whatever the caller may do with it.
#[derive(Debug)]
pub struct Found<T>(T);

/// A thing, and the proof that the caller may do `A` with it.
#[derive(Debug)]
pub struct Granted<T, A>(T, PhantomData<A>);

impl<T: Guarded> Found<T> {
    /// Wraps what a finder read.
    pub(crate) fn new(thing: T) -> Self {
        Self(thing)
    }

    /// The thing, to see what bears on a check; not to be shown or changed.
    pub(crate) fn peek(&self) -> &T {
        &self.0
    }

    /// Lets the caller do `A`, or refuses.
    pub fn grant<A: Action>(self) -> Result<Granted<T, A>> {
        if self.0.rights().has(A::RIGHT) {
            Ok(Granted(self.0, PhantomData))
        } else if self.0.is_archived() && self.0.rights().has(Right::Read) {
            // Only who may look is told where it lies.
            Err(A::REFUSAL_ARCHIVED.into())
        } else {
            Err(A::REFUSAL.into())
        }
    }

    /// Goes on only when the caller may do `A`, towards a further check.
    pub fn require<A: Action>(self) -> Result<Self> {
        self.grant::<A>().map(|granted| Self(granted.0))
    }
}

impl<T, A> Granted<T, A> {
    /// The thing itself.
    pub fn into_inner(self) -> T {
        self.0
    }
}

impl<T, A> Deref for Granted<T, A> {
    type Target = T;
    fn deref(&self) -> &T {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use proptest::prelude::*;

    use super::*;
    use crate::rooms::RoomKind;

    const STANDINGS: &[(&str, Standing)] = &[
        (
            "active",
            Standing {
                archived: false,
                agent: false,
                deny_download: false,
                indexing: false,
                shared: false,
                listed: false,
            },
        ),
        (
            "active, listed",
            Standing {
                archived: false,
                agent: false,
                deny_download: false,
                indexing: false,
                shared: false,
                listed: true,
            },
        ),
        (
            "active, shared, indexed",
            Standing {
                archived: false,
                agent: false,
                deny_download: false,
                indexing: true,
                shared: true,
                listed: false,
            },
        ),
        (
            "active, no download",
            Standing {
                archived: false,
                agent: false,
                deny_download: true,
                indexing: false,
                shared: false,
                listed: false,
            },
        ),
        (
            "active, AI",
            Standing {
                archived: false,
                agent: true,
                deny_download: false,
                indexing: false,
                shared: false,
                listed: false,
            },
        ),
        (
            "archived",
            Standing {
                archived: true,
                agent: false,
                deny_download: false,
                indexing: false,
                shared: false,
                listed: false,
            },
        ),
        (
            "archived, indexed, no download",
            Standing {
                archived: true,
                agent: false,
                deny_download: true,
                indexing: true,
                shared: true,
                listed: false,
            },
        ),
    ];

    #[test]
    fn the_whole_matrix() {
        let mut text = String::new();
        for (name, standing) in STANDINGS {
            let _ = writeln!(text, "== {name}");
            for role in Role::ALL {
                let held: Vec<&str> = Right::ALL
                    .iter()
                    .filter(|right| rights([*role], *standing).has(**right))
                    .map(|right| right.name())
                    .collect();
                let _ = writeln!(text, "{role:?}: {}", held.join(" "));
            }
        }
        insta::assert_snapshot!(text);
    }

    /// Every right × role × type of room × section, for rooms as they are born. What decides beside the type is in the
    /// matrix above; what the verbs make of it is tried in `crates/domain/tests/domain/actions.rs`.
    #[test]
    fn the_matrix_of_room_types() {
        let mut text = String::new();
        for (name, number) in RoomKind::NAMES {
            let Some(kind) = RoomKind::of(*number) else { panic!("{name}") };
            let (agent, shared) = (kind == RoomKind::Agent, kind.primary_link().is_some());
            for archived in [false, true] {
                let standing = Standing { archived, agent, shared, ..Standing::default() };
                let _ = writeln!(text, "== {name}, {}", if archived { "archived" } else { "active" });
                for role in Role::ALL {
                    let held = Right::ALL.iter().filter(|right| rights([*role], standing).has(**right));
                    let names: Vec<&str> = held.map(|right| right.name()).collect();
                    let _ = writeln!(text, "{role:?}: {}", names.join(" "));
                }
            }
        }
        insta::assert_snapshot!(text);
    }

    fn standing() -> impl Strategy<Value = Standing> {
        proptest::array::uniform6(any::<bool>()).prop_map(
            |[archived, agent, deny_download, indexing, shared, listed]| Standing {
                archived,
                agent,
                deny_download,
                indexing,
                shared,
                listed,
            },
        )
    }

    proptest! {
        #[test]
        fn a_greater_role_never_loses_a_right(room in standing()) {
            let order = [Role::Viewer, Role::Commenter, Role::ContentCreator, Role::RoomManager, Role::Owner];
            for pair in order.windows(2) {
                let (less, more) = (rights([pair[0]], room), rights([pair[1]], room));
                prop_assert_eq!(less | more, more, "{:?} has what {:?} lacks", pair[0], pair[1]);
            }
        }

        #[test]
        fn roles_add_up(room in standing(), role in proptest::sample::select(Role::ALL)) {
            let both = rights([Role::Admin, role], room);
            prop_assert_eq!(both, rights([Role::Admin], room) | rights([role], room));
        }

        #[test]
        fn the_archive_gives_nothing_to_change(room in standing(), role in proptest::sample::select(Role::ALL)) {
            let rights = rights([role], Standing { archived: true, ..room });
            for right in [Right::Create, Right::EditRoom, Right::EditAccess, Right::Rename, Right::Pin, Right::ChangeOwner] {
                prop_assert!(!rights.has(right));
            }
        }
    }
}
