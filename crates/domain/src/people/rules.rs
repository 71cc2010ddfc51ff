//! Who may do what to whom, in one table (people.md §3), and what names and addresses must look like.

use unicode_properties::{GeneralCategoryGroup, UnicodeGeneralCategory as _};

use super::{Person, UserKind};

/// Where an account stands among the others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Standing {
    /// Owns the portal.
    Owner,
    /// Administrates it.
    Admin,
    /// Makes rooms.
    RoomAdmin,
    /// Works in rooms of others.
    User,
    /// Is from outside.
    Guest,
}

impl Standing {
    /// Every standing, the mightiest first.
    pub const ALL: &[Self] = &[Self::Owner, Self::Admin, Self::RoomAdmin, Self::User, Self::Guest];

    /// Where this account stands.
    pub fn of(person: &Person) -> Self {
        match person.kind {
            _ if person.is_owner => Self::Owner,
            UserKind::DocSpaceAdmin => Self::Admin,
            UserKind::RoomAdmin => Self::RoomAdmin,
            UserKind::User => Self::User,
            UserKind::Guest => Self::Guest,
        }
    }

    /// Administrators, the owner among them.
    fn administrates(self) -> bool {
        matches!(self, Self::Owner | Self::Admin)
    }

    /// Those who make rooms.
    fn makes_rooms(self) -> bool {
        self.administrates() || self == Self::RoomAdmin
    }
}

/// Whom something is done to, as the caller sees them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Target {
    /// Where they stand.
    pub standing: Standing,
    /// It is the caller.
    pub is_self: bool,
    /// The caller invited or made them (people.md §3, relations).
    pub related: bool,
}

/// What is done to an account that is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Deed {
    /// Seeing the profile.
    View,
    /// Changing the profile, the address, or asking for a new password.
    Edit,
    /// Sending the invitation or the activation letter again.
    Resend,
    /// Switching the account off and on.
    Switch,
    /// Deleting the account, and taking over what it owns.
    Delete,
    /// Changing the type upwards, or from administrator to room administrator: at once.
    Promote(UserKind),
    /// Changing the type to User or Guest: rooms change hands.
    Demote(UserKind),
    /// Forgetting a guest.
    Forget,
}

impl Deed {
    /// Every deed, for whoever walks the matrix.
    pub const ALL: &[Self] = &[
        Self::View,
        Self::Edit,
        Self::Resend,
        Self::Switch,
        Self::Delete,
        Self::Promote(UserKind::DocSpaceAdmin),
        Self::Promote(UserKind::RoomAdmin),
        Self::Promote(UserKind::User),
        Self::Promote(UserKind::Guest),
        Self::Demote(UserKind::User),
        Self::Demote(UserKind::Guest),
        Self::Forget,
    ];
}

/// Whether an account may be made or invited by mail. Guests only come with rooms, or by a link.
pub fn may_make(caller: Standing, kind: UserKind) -> bool {
    match kind {
        UserKind::DocSpaceAdmin => caller == Standing::Owner,
        UserKind::RoomAdmin => caller.administrates(),
        UserKind::User => caller.makes_rooms(),
        UserKind::Guest => false,
    }
}

/// Whether a link to the portal may be handed out that makes such accounts: as [`may_make`], and for guests too.
pub fn may_link(caller: Standing, kind: UserKind) -> bool {
    may_make(caller, kind) || (kind == UserKind::Guest && caller.makes_rooms())
}

/// Whether an account may be brought in without a letter, and a change to this type be asked for: the reference's
/// `AddRemoveUser`.
pub fn may_add(caller: Standing, kind: UserKind) -> bool {
    match kind {
        UserKind::DocSpaceAdmin | UserKind::RoomAdmin => caller.administrates(),
        UserKind::User | UserKind::Guest => caller.makes_rooms(),
    }
}

/// Whether a deed is the caller's to do.
pub fn may(caller: Standing, deed: Deed, target: Target) -> bool {
    let of_lower = match target.standing {
        Standing::Owner => false,
        Standing::Admin => caller == Standing::Owner,
        Standing::RoomAdmin | Standing::User | Standing::Guest => caller.administrates(),
    };
    let known_guest = target.standing == Standing::Guest && caller == Standing::RoomAdmin && target.related;
    match deed {
        Deed::View => {
            let member = caller == Standing::RoomAdmin && target.standing != Standing::Guest;
            target.is_self || caller.administrates() || member || known_guest
        }
        Deed::Edit => target.is_self || of_lower,
        Deed::Resend => {
            let user = target.standing == Standing::User && caller.makes_rooms();
            target.is_self || of_lower || user || known_guest
        }
        Deed::Switch | Deed::Delete => !target.is_self && of_lower,
        Deed::Promote(kind) => !target.is_self && promotes(caller, target.standing, kind, known_guest),
        Deed::Demote(kind) => {
            let there = match kind {
                UserKind::User => target.standing != Standing::User,
                UserKind::Guest => target.standing != Standing::Guest,
                UserKind::RoomAdmin | UserKind::DocSpaceAdmin => false,
            };
            !target.is_self && there && (of_lower || known_guest)
        }
        Deed::Forget => {
            !target.is_self && target.standing == Standing::Guest && target.related && caller.makes_rooms()
        }
    }
}

fn promotes(caller: Standing, from: Standing, to: UserKind, known_guest: bool) -> bool {
    use Standing::{Admin, Guest, RoomAdmin, User};
    match (from, to) {
        (Guest | User | RoomAdmin, UserKind::DocSpaceAdmin) | (Admin, UserKind::RoomAdmin) => {
            caller == Standing::Owner
        }
        (Guest | User, UserKind::RoomAdmin) => caller.administrates(),
        (Guest, UserKind::User) => caller.administrates() || known_guest,
        _ => false,
    }
}

/// Whether a first or last name consists of letters, marks, apostrophes, spaces and hyphens (people.md §5.1).
pub fn is_name(text: &str) -> bool {
    let fits = |c: char| {
        let group = c.general_category_group();
        matches!(group, GeneralCategoryGroup::Letter | GeneralCategoryGroup::Mark)
            || matches!(c, '\'' | ' ' | '-')
    };
    !text.is_empty() && text.chars().all(fits)
}

/// The strict test of an address (people.md §0): a dotted domain with a top level of two letters or more, none of the
/// odd characters, no punycode.
pub fn is_strict_email(text: &str) -> bool {
    let odd = |c: char| c.is_whitespace() || "<>()[],;:\\\"".contains(c);
    let Some((local, domain)) = text.split_once('@') else { return false };
    let Some((_, top)) = domain.rsplit_once('.') else { return false };
    let labels = domain.split('.').all(|label| {
        let start = label.get(..4).unwrap_or_default();
        !label.is_empty() && !start.eq_ignore_ascii_case("xn--")
    });
    let dots = !local.starts_with('.') && !local.ends_with('.') && !local.contains("..");
    !local.is_empty()
        && dots
        && !domain.contains('@')
        && !text.contains(odd)
        && labels
        && top.chars().count() >= 2
        && top.chars().all(char::is_alphabetic)
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use super::*;

    /// How a target may be tied to the caller: its name, whether it is the caller, whether they are related.
    const TIES: &[(&str, bool, bool)] =
        &[("self", true, false), ("stranger", false, false), ("related", false, true)];

    #[test]
    fn the_whole_matrix() {
        let mut text = String::new();
        for caller in Standing::ALL {
            let kinds = |may: fn(Standing, UserKind) -> bool| {
                let held = UserKind::ALL.iter().filter(|kind| may(*caller, **kind)).map(|kind| kind.name());
                held.collect::<Vec<_>>().join(" ")
            };
            let _ = writeln!(text, "== {caller:?}\nmakes: {}", kinds(may_make));
            let _ = writeln!(text, "links: {}\nadds: {}", kinds(may_link), kinds(may_add));
            for standing in Standing::ALL {
                for (tie, is_self, related) in TIES {
                    let target = Target { standing: *standing, is_self: *is_self, related: *related };
                    if *is_self && standing != caller
                        || !*is_self && *standing == Standing::Owner && caller == standing
                    {
                        continue;
                    }
                    let held = Deed::ALL.iter().filter(|deed| may(*caller, **deed, target));
                    let held: Vec<String> = held.map(|deed| format!("{deed:?}")).collect();
                    let _ = writeln!(text, "{standing:?}, {tie}: {}", held.join(" "));
                }
            }
        }
        insta::assert_snapshot!(text);
    }

    #[test]
    fn the_owner_is_beyond_everybody() {
        for caller in Standing::ALL {
            for deed in Deed::ALL.iter().filter(|deed| **deed != Deed::View) {
                let owner = Target { standing: Standing::Owner, is_self: false, related: true };
                assert!(!may(*caller, *deed, owner), "{caller:?} {deed:?}");
            }
        }
    }

    #[test]
    fn nobody_changes_their_own_type_or_status() {
        for standing in Standing::ALL {
            let own = Target { standing: *standing, is_self: true, related: true };
            for deed in
                Deed::ALL.iter().filter(|deed| !matches!(deed, Deed::View | Deed::Edit | Deed::Resend))
            {
                assert!(!may(*standing, *deed, own), "{standing:?} {deed:?}");
            }
        }
    }

    #[test]
    fn names_are_letters_of_any_script() {
        for (name, good) in [
            ("Ada", true),
            ("O'Neil", true),
            ("Anne-Marie du Lac", true),
            ("Жанна", true),
            ("e\u{301}va", true),
            ("李", true),
            ("", false),
            ("Ada1", false),
            ("<b>", false),
            ("a.b", false),
            ("a_b", false),
        ] {
            assert_eq!(is_name(name), good, "{name:?}");
        }
    }

    #[test]
    fn addresses_are_tested_strictly() {
        for (email, good) in [
            ("ada@example.org", true),
            ("Ada+x@sub.example.org", true),
            ("ada@localhost", false),
            ("ada@example.c", false),
            ("ada@example.o1g", false),
            ("a da@example.org", false),
            ("ada@exa mple.org", false),
            ("a<b@example.org", false),
            ("a,b@example.org", false),
            ("ada@xn--80ak6aa92e.com", false),
            ("ada@.org", false),
            ("ada@a..org", false),
            ("@example.org", false),
            ("a@b@example.org", false),
            ("", false),
        ] {
            assert_eq!(is_strict_email(email), good, "{email:?}");
        }
    }
}
