//! The enumerations by which the log is sorted and filtered (foundation.md §4.9).

macro_rules! kinds {
    ($($(#[$doc:meta])* $name:ident { $($member:ident $number:literal,)* })*) => {
        $($(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum $name { $(#[doc = concat!("`", stringify!($member), "`")] $member = $number,)* }

        impl $name {
            /// Every member.
            pub const ALL: &[Self] = &[$(Self::$member),*];

            /// Its name.
            pub fn name(self) -> &'static str {
                match self { $(Self::$member => stringify!($member),)* }
            }

            /// The member of this name, in any case, or of this number.
            pub fn named(text: &str) -> Option<Self> {
                let number = text.trim().parse::<i64>().ok();
                let fits = |member: &&Self| {
                    number == Some(**member as i64) || member.name().eq_ignore_ascii_case(text.trim())
                };
                Self::ALL.iter().find(fits).copied()
            }
        })*
    };
}

kinds! {
    /// What an action belongs to.
    Product {
        None 0,
        Documents 2,
        Login 3,
        Settings 7,
        Contacts 8,
    }
    /// The part of it.
    Location {
        None 0,
        Files 1,
        Folders 2,
        DocumentsSettings 3,
        Rooms 27,
        Settings 29,
        Contacts 30,
        Agents 31,
    }
    /// What kind of change it is.
    ActionType {
        None 0,
        Create 1,
        Update 2,
        Delete 3,
        Link 4,
        Unlink 5,
        Attach 6,
        Detach 7,
        Send 8,
        Import 9,
        Export 10,
        UpdateAccess 11,
        Download 12,
        Upload 13,
        Copy 14,
        Move 15,
        Reassigns 16,
        Follow 17,
        Unfollow 18,
        Logout 19,
    }
    /// What it is done to.
    EntryType {
        None 0,
        File 1,
        Folder 2,
        User 23,
        Group 24,
        Room 25,
        Tag 26,
        Agent 27,
    }
}
