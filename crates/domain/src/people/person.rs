//! What an account is (people.md §1, §2).

use serde::{Deserialize, Serialize};

use crate::Timestamp;
use crate::ids::UserId;

/// The type of an account: the reference's `EmployeeType` (people.md §1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum UserKind {
    /// May create rooms.
    RoomAdmin = 1,
    /// From outside; sees only what is shared with it.
    Guest = 2,
    /// Administrates the portal.
    DocSpaceAdmin = 3,
    /// Works in rooms of others.
    User = 4,
}

impl UserKind {
    /// The kind of a stored number.
    pub fn of(number: i64) -> Option<Self> {
        Some(match number {
            1 => Self::RoomAdmin,
            2 => Self::Guest,
            3 => Self::DocSpaceAdmin,
            4 => Self::User,
            _ => return None,
        })
    }

    /// Every type, the mightiest first.
    pub const ALL: &[Self] = &[Self::DocSpaceAdmin, Self::RoomAdmin, Self::User, Self::Guest];

    /// Its name on the wire.
    pub fn name(self) -> &'static str {
        match self {
            Self::RoomAdmin => "RoomAdmin",
            Self::Guest => "Guest",
            Self::DocSpaceAdmin => "DocSpaceAdmin",
            Self::User => "User",
        }
    }

    /// Its rank: a greater one may do all that a smaller one may.
    pub fn rank(self) -> u8 {
        match self {
            Self::Guest => 1,
            Self::User => 2,
            Self::RoomAdmin => 3,
            Self::DocSpaceAdmin => 4,
        }
    }

    /// Whether accounts of this kind create rooms and own them. The contract calls them paid (people.md §3.1).
    pub fn makes_rooms(self) -> bool {
        matches!(self, Self::RoomAdmin | Self::DocSpaceAdmin)
    }
}

/// `status` of an active account (people.md §1).
pub const ACTIVE: i64 = 1;
/// `status` of an account that was switched off.
pub const TERMINATED: i64 = 2;
/// `status` of one who was invited and hasn't answered.
pub const PENDING: i64 = 4;
/// `activationStatus` of an account whose address nobody confirmed.
pub const NOT_ACTIVATED: i64 = 0;
/// `activationStatus` of an account whose address is confirmed.
pub const ACTIVATED: i64 = 1;
/// `activationStatus` of an account made by somebody else, until its address is confirmed.
pub const ACTIVATION_PENDING: i64 = 2;

/// Another way to reach a person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contact {
    /// What it is, such as `phone`.
    #[serde(rename = "type")]
    pub kind: String,
    /// Its number, name or address.
    pub value: String,
}

/// A person's picture in the blob store.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Photo {
    /// What the blobs' keys begin with; a new picture has a new one.
    pub key: String,
    /// `png` or `jpeg`.
    pub format: String,
    /// Width of the original, in pixels.
    pub width: u32,
    /// Height of the original, in pixels.
    pub height: u32,
}

/// An account.
#[derive(Debug, Clone)]
pub struct Person {
    /// Its id.
    pub id: UserId,
    /// Its type.
    pub kind: UserKind,
    /// Whether it owns the portal.
    pub is_owner: bool,
    /// 1 active, 2 terminated, 4 pending.
    pub status: i64,
    /// 0 not activated, 1 activated, 2 pending.
    pub activation_status: i64,
    /// Unique login name.
    pub user_name: String,
    /// E-mail address, as typed.
    pub email: String,
    /// First name.
    pub first_name: String,
    /// Last name.
    pub last_name: String,
    /// Language, if the person chose one.
    pub culture: Option<String>,
    /// Where the person is; empty when not told.
    pub location: String,
    /// What the person says about themselves; empty when nothing.
    pub notes: String,
    /// Telephone number; empty when not told.
    pub mobile_phone: String,
    /// Other ways to reach the person.
    pub contacts: Vec<Contact>,
    /// Whether news of the vendor are wanted; stored and given back only.
    pub spam: Option<bool>,
    /// Who invited or made the account; none for the owner.
    pub created_by: Option<UserId>,
    /// When `disable` was asked for (people.md §2.2: a change of status alone leaves it unset).
    pub terminated_at: Option<Timestamp>,
    /// When the account was deleted; its row stays for the things it made.
    pub removed_at: Option<Timestamp>,
    /// The picture, if the person set one.
    pub photo: Option<Photo>,
    /// The person's own quota in bytes, -1 unlimited; none: the portal's default.
    pub quota: Option<i64>,
    /// When a change of the address was asked for last; links to older requests are dead.
    pub email_asked_at: Timestamp,
    /// When a new password was asked for last.
    pub password_asked_at: Timestamp,
    /// When the password was changed last.
    pub password_changed_at: Timestamp,
    /// Whether an authenticator app is bound.
    pub tfa_bound: bool,
    /// When the account was made.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub modified_at: Timestamp,
}

impl Person {
    /// Whether the account may be used.
    pub fn is_active(&self) -> bool {
        self.status == ACTIVE
    }

    /// Whether it administrates the portal.
    pub fn is_admin(&self) -> bool {
        self.kind == UserKind::DocSpaceAdmin
    }
}
