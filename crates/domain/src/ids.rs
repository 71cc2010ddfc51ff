//! Identifiers. Each is a type of its own, so that a room's id can't be passed where a key's is meant.

use db::{Bind, Cell, Column, Value};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

macro_rules! number_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub i64);

        impl Bind for $name {
            fn bind(&self) -> Value<'_> {
                Value::Int(self.0)
            }
        }

        impl Column for $name {
            const EXPECTED: &'static str = "integer id";
            fn read(cell: Cell<'_>) -> Option<Self> {
                i64::read(cell).map(Self)
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }
    };
}

number_id!(
    /// A portal: a tenant, a shard.
    PortalId
);
number_id!(
    /// A room, folder or file: one id space per installation, 1..2³¹−1, never reused.
    EntryId
);
number_id!(
    /// A sign-in; the reference calls it login event.
    SessionId
);
number_id!(
    /// A tag of a portal.
    TagId
);

macro_rules! guid_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name(Guid);

        impl $name {
            /// Wraps a uuid.
            pub fn new(uuid: Uuid) -> Self {
                Self(Guid::new(uuid))
            }

            /// Lower-case, hyphenated.
            pub fn as_str(&self) -> &str {
                self.0.as_str()
            }

            /// Whether it is the zero guid, which is nobody's.
            pub fn is_nil(&self) -> bool {
                self.as_str() == NIL_GUID
            }
        }

        impl Bind for $name {
            fn bind(&self) -> Value<'_> {
                Value::Text(self.as_str())
            }
        }

        impl Column for $name {
            const EXPECTED: &'static str = "guid";
            fn read(cell: Cell<'_>) -> Option<Self> {
                match cell {
                    Value::Text(text) => text.parse().ok(),
                    _ => None,
                }
            }
        }

        impl std::str::FromStr for $name {
            type Err = uuid::Error;
            fn from_str(text: &str) -> std::result::Result<Self, uuid::Error> {
                Uuid::parse_str(text).map(Self::new)
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
                let none = || serde::de::Error::custom("it is no guid");
                let text = String::deserialize(deserializer).map_err(|_| none())?;
                text.parse().map_err(|_| none())
            }
        }
    };
}

guid_id!(
    /// A person's account.
    UserId
);
guid_id!(
    /// An API key (not its secret).
    KeyId
);
guid_id!(
    /// A link to a room.
    LinkId
);
guid_id!(
    /// A group of people.
    GroupId
);

guid_id!(
    /// A module of a portal.
    ModuleId
);

/// A uuid in its text form: that is how it is stored, compared and sent.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
struct Guid([u8; 36]);

impl Guid {
    fn new(uuid: Uuid) -> Self {
        let mut text = [0; 36];
        uuid.hyphenated().encode_lower(&mut text);
        Self(text)
    }

    fn as_str(&self) -> &str {
        // The bytes are hex digits and hyphens by construction.
        std::str::from_utf8(&self.0).unwrap_or_default()
    }
}

/// The all-zero guid, the reference's "nobody".
pub const NIL_GUID: &str = "00000000-0000-0000-0000-000000000000";
