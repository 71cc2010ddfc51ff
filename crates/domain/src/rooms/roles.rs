//! Which roles there are in rooms of each type, for whom (rooms.md §7.1).

use super::RoomKind;
use crate::people::UserKind;

/// `access` of a room manager.
pub(super) const ROOM_MANAGER: i64 = 9;
/// `access` of a content creator.
pub(super) const CONTENT_CREATOR: i64 = 11;
/// `access` of a viewer.
pub(super) const VIEWER: i64 = 2;
/// `access` of a record that bars somebody from a room (rooms.md §2).
pub(super) const RESTRICT: i64 = 3;

impl RoomKind {
    /// The roles of members, the greatest first. Groups can have all of them but the room manager's.
    pub fn roles(self) -> &'static [i64] {
        match self {
            Self::Custom => &[9, 11, 10, 5, 6, 2],
            Self::Public => &[9, 11],
            Self::FillingForms => &[9, 11, 7],
            Self::Editing => &[9, 11, 10, 2],
            Self::DataRoom => &[9, 11, 10, 2, 7],
            Self::Agent => &[9, 11, 2],
        }
    }

    /// Whether a group can have this role in a room of this type; 0 takes it away.
    pub fn fits_group(self, access: i64) -> bool {
        access == 0 || (access != ROOM_MANAGER && self.roles().contains(&access))
    }

    /// Whether an account of this type can have this role in a room of this type; 0 takes it away.
    pub fn fits(self, account: UserKind, access: i64) -> bool {
        let beyond = match account {
            UserKind::DocSpaceAdmin | UserKind::RoomAdmin => false,
            UserKind::Guest if self == Self::Agent => matches!(access, ROOM_MANAGER | CONTENT_CREATOR),
            UserKind::User | UserKind::Guest => access == ROOM_MANAGER,
        };
        access == 0 || (self.roles().contains(&access) && !beyond)
    }

    /// This role, or the greatest below it that an account of this type can have here.
    pub(super) fn at_most(self, account: UserKind, access: i64) -> i64 {
        let from = self.roles().iter().skip_while(|role| **role != access);
        from.copied().find(|role| self.fits(account, *role)).unwrap_or(VIEWER)
    }
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use super::*;

    #[test]
    fn who_can_have_which_role() {
        let mut text = String::new();
        for (name, number) in RoomKind::NAMES {
            let Some(kind) = RoomKind::of(*number) else { panic!("{name}") };
            let fitting = |fits: &dyn Fn(i64) -> bool| {
                let roles: Vec<String> =
                    (-1..=12).filter(|access| fits(*access)).map(|access| access.to_string()).collect();
                roles.join(" ")
            };
            let _ = writeln!(text, "== {name}");
            for account in UserKind::ALL {
                let _ =
                    writeln!(text, "{}: {}", account.name(), fitting(&|access| kind.fits(*account, access)));
            }
            let _ = writeln!(text, "groups: {}", fitting(&|access| kind.fits_group(access)));
        }
        insta::assert_snapshot!(text);
    }

    #[test]
    fn a_role_that_is_too_great_is_lowered_to_one_that_fits() {
        for (_, number) in RoomKind::NAMES {
            let Some(kind) = RoomKind::of(*number) else { panic!("{number}") };
            for account in UserKind::ALL {
                for access in [ROOM_MANAGER, CONTENT_CREATOR] {
                    assert!(
                        kind.fits(*account, kind.at_most(*account, access)),
                        "{kind:?} {account:?} {access}"
                    );
                }
            }
        }
        assert_eq!(RoomKind::Agent.at_most(UserKind::Guest, ROOM_MANAGER), VIEWER);
        assert_eq!(RoomKind::Custom.at_most(UserKind::User, ROOM_MANAGER), CONTENT_CREATOR);
    }
}
