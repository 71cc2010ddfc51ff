//! API keys, the pure part: their text, their scopes, their limits (foundation.md §3).

use data_encoding::HEXLOWER;

/// Longest name of a key, in UTF-16 units.
pub const NAME_MAX: usize = 30;
/// Days a key may last, when it is to expire.
pub const DAYS: std::ops::RangeInclusive<i64> = 1..=365;
/// What the text of every key begins with.
pub const PREFIX: &str = "sk-";

/// The text of a key: `sk-` and 64 hex digits of 256 random bits.
pub(super) fn text(random: &[u8; 32]) -> String {
    format!("{PREFIX}{}", HEXLOWER.encode(random))
}

/// The last four characters, which are shown.
pub fn postfix(text: &str) -> &str {
    &text[text.len().saturating_sub(4)..]
}

macro_rules! permissions {
    ($($name:ident $text:literal,)*) => {
        /// What a key may be made for.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Permission { $(#[doc = concat!("`", $text, "`")] $name,)* }

        impl Permission {
            /// Every permission, as `GET /keys/permissions` lists them.
            pub const ALL: &[Self] = &[$(Self::$name),*];

            /// Its text.
            pub fn text(self) -> &'static str {
                match self { $(Self::$name => $text,)* }
            }
        }
    };
}

permissions! {
    All "*",
    AllRead "*:read",
    AllWrite "*:write",
    AccountsRead "accounts:read",
    AccountsWrite "accounts:write",
    SelfRead "accounts.self:read",
    SelfWrite "accounts.self:write",
    FilesRead "files:read",
    FilesWrite "files:write",
    RoomsRead "rooms:read",
    RoomsWrite "rooms:write",
}

/// What an endpoint asks of a key; each line of the endpoint table names one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// Nothing: any key will do.
    None,
    /// A GET outside the areas below.
    Read,
    /// Any other method outside them.
    Write,
    /// GET of rooms.
    RoomsRead,
    /// Other methods on rooms.
    RoomsWrite,
    /// GET of files and folders.
    FilesRead,
    /// Other methods on files and folders.
    FilesWrite,
    /// GET of the caller's own profile.
    SelfRead,
    /// Other methods on it.
    SelfWrite,
    /// GET of people.
    PeopleRead,
    /// Other methods on people and groups.
    PeopleWrite,
    /// GET of groups.
    GroupsRead,
}

impl Scope {
    /// The permissions that open it.
    pub fn accepted(self) -> &'static [Permission] {
        use Permission::{
            AccountsRead, AccountsWrite, AllRead, AllWrite, FilesRead, FilesWrite, RoomsRead, RoomsWrite,
            SelfRead, SelfWrite,
        };
        match self {
            Self::None => Permission::ALL,
            Self::Read => &[AllRead, AllWrite],
            Self::Write => &[AllWrite],
            Self::RoomsRead => &[AllRead, AllWrite, RoomsRead, RoomsWrite],
            Self::RoomsWrite => &[AllWrite, RoomsWrite],
            Self::FilesRead => &[AllRead, AllWrite, FilesRead, FilesWrite],
            Self::FilesWrite => &[AllWrite, FilesWrite],
            Self::SelfRead => &[AllRead, AllWrite, SelfRead, SelfWrite],
            Self::SelfWrite => &[AllWrite, SelfWrite],
            Self::PeopleRead => &[AllRead, AllWrite, AccountsRead, AccountsWrite],
            Self::PeopleWrite => &[AllWrite, AccountsWrite],
            Self::GroupsRead => &[AllRead, AllWrite, AccountsRead],
        }
    }

    /// The scope the contract's table gives a request (foundation.md §3): the endpoint table is tested against it.
    pub fn of(method: &str, path: &str) -> Self {
        if path.starts_with("/apisystem/") {
            return if method == "GET" { Self::Read } else { Self::Write };
        }
        // What is below neither is ours, beside the reference's: health and the API's description.
        let Some(path) = path.strip_prefix("/api/2.0/") else { return Self::None };
        let under =
            |root: &str| path.strip_prefix(root).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
        let reads = method == "GET";
        let either = |read, write| if reads { read } else { write };
        if reads && under("keys/@self") {
            Self::None
        } else if under("files/rooms") {
            either(Self::RoomsRead, Self::RoomsWrite)
        } else if under("files") {
            either(Self::FilesRead, Self::FilesWrite)
        } else if under("people/@self") {
            either(Self::SelfRead, Self::SelfWrite)
        } else if under("people") {
            either(Self::PeopleRead, Self::PeopleWrite)
        } else if under("group") {
            either(Self::GroupsRead, Self::PeopleWrite)
        } else {
            either(Self::Read, Self::Write)
        }
    }
}

/// What a key may be used for: a set of permissions; all of them when it was made without any.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Scopes(u16);

impl Scopes {
    /// Everything.
    pub const ALL: Self = Self(u16::MAX);

    /// The set of these permissions. None, or any list with `*`, is everything.
    pub fn of(permissions: &[Permission]) -> Self {
        if permissions.is_empty() || permissions.contains(&Permission::All) {
            return Self::ALL;
        }
        Self(permissions.iter().fold(0, |set, permission| set | 1 << *permission as u16))
    }

    /// Whether it opens an endpoint of this scope.
    pub fn open(self, scope: Scope) -> bool {
        scope.accepted().iter().any(|permission| self.0 & (1 << *permission as u16) != 0)
    }
}

/// The permissions of these texts; nothing when one is unknown.
pub fn parse_permissions(texts: &[String]) -> Option<Vec<Permission>> {
    texts
        .iter()
        .map(|text| Permission::ALL.iter().copied().find(|permission| permission.text() == text))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_without_permissions_opens_everything() {
        for scopes in [
            Scopes::of(&[]),
            Scopes::of(&[Permission::All]),
            Scopes::of(&[Permission::RoomsRead, Permission::All]),
        ] {
            assert!(scopes.open(Scope::Write) && scopes.open(Scope::RoomsWrite) && scopes.open(Scope::None));
        }
    }

    #[test]
    fn reading_never_opens_writing() {
        let read = Scopes::of(&[Permission::AllRead, Permission::RoomsRead, Permission::FilesRead]);
        assert!(read.open(Scope::RoomsRead) && read.open(Scope::Read));
        assert!(!read.open(Scope::RoomsWrite) && !read.open(Scope::Write) && !read.open(Scope::FilesWrite));
        assert!(!Scopes::of(&[Permission::RoomsWrite]).open(Scope::FilesRead));
    }

    #[test]
    fn requests_have_the_contracts_scopes() {
        for (method, path, scope) in [
            ("GET", "/api/2.0/files/rooms/{id}", Scope::RoomsRead),
            ("PUT", "/api/2.0/files/rooms/{id}/archive", Scope::RoomsWrite),
            ("GET", "/api/2.0/files/fileops", Scope::FilesRead),
            ("GET", "/api/2.0/people/@self", Scope::SelfRead),
            ("GET", "/api/2.0/keys/@self", Scope::None),
            ("GET", "/api/2.0/keys", Scope::Read),
            ("DELETE", "/api/2.0/keys/{keyId}", Scope::Write),
            ("GET", "/api/2.0/filesystem", Scope::Read),
        ] {
            assert_eq!(Scope::of(method, path), scope, "{method} {path}");
        }
    }

    #[test]
    fn a_keys_text_has_its_form() {
        let text = text(&[0xab; 32]);
        assert_eq!(text.len(), 67);
        assert_eq!(postfix(&text), "abab");
    }
}
