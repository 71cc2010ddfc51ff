//! Enumerations in a JSON body (foundation.md §1.5 "Enums in (JSON)", deviations.md 24).

use std::fmt;
use std::marker::PhantomData;

use serde::de::{Deserialize, Deserializer, Error, Visitor};

/// A number (also in quotes) or a name, before any table is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NumberOrName {
    /// `5` or `"5"`.
    Number(i64),
    /// `"Editing"`.
    Name(String),
}

impl NumberOrName {
    /// The number itself, in the table or not, or the number of the name: exact, else in any
    /// ASCII letter case. `None` for a name that is not in the table.
    pub fn resolve(&self, table: &[(&str, i64)]) -> Option<i64> {
        match self {
            Self::Number(number) => Some(*number),
            Self::Name(sent) => (table.iter().find(|(name, _)| name == sent))
                .or_else(|| table.iter().find(|(name, _)| name.eq_ignore_ascii_case(sent)))
                .map(|(_, number)| *number),
        }
    }
}

impl<'de> Deserialize<'de> for NumberOrName {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Reader)
    }
}

struct Reader;

impl Visitor<'_> for Reader {
    type Value = NumberOrName;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a number or a name")
    }

    fn visit_i64<E>(self, value: i64) -> Result<NumberOrName, E> {
        Ok(NumberOrName::Number(value))
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<NumberOrName, E> {
        i64::try_from(value).map(NumberOrName::Number).map_err(|_| E::custom("System.Int64"))
    }

    fn visit_str<E>(self, value: &str) -> Result<NumberOrName, E> {
        Ok(match value.parse() {
            Ok(number) => NumberOrName::Number(number),
            Err(_) => NumberOrName::Name(value.to_owned()),
        })
    }
}

/// Reads a numeric enumeration: a number or a number in quotes, never a name. The reference refuses
/// the quotes; samples send them (clients.md §0 rule 7). `type_name` goes into the refusal.
pub fn numeric<'de, D: Deserializer<'de>>(deserializer: D, type_name: &str) -> Result<i64, D::Error> {
    i32::deserialize(deserializer).map(i64::from).map_err(|_| D::Error::custom(type_name))
}

/// Reads an enumeration sent as a number, a number in quotes, or a name of the table in any letter
/// case. As in .NET a number need not be in the table: whether it may be is the endpoint's rule.
pub fn named<'de, D: Deserializer<'de>>(
    deserializer: D,
    type_name: &str,
    table: &[(&str, i64)],
) -> Result<i64, D::Error> {
    (NumberOrName::deserialize(deserializer).ok())
        .and_then(|sent| sent.resolve(table))
        .filter(|number| i32::try_from(*number).is_ok())
        .ok_or_else(|| D::Error::custom(type_name))
}

/// What [`Numeric`] and [`Named`] need to know of an enumeration.
pub trait EnumTable {
    /// The name a refusal carries, one word: `ASC.Files.Core.Security.FileShare`.
    const TYPE: &'static str;
    /// The members' names and numbers.
    const NAMES: &'static [(&'static str, i64)];
}

/// The two newtypes differ in one call only.
macro_rules! newtype {
    ($(#[$doc:meta])* $name:ident, $read:expr) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub struct $name<E>(i64, PhantomData<E>);

        impl<E: EnumTable> $name<E> {
            /// The number sent, in the table or not.
            pub fn value(&self) -> i64 {
                self.0
            }

            /// The number sent if it is in the table.
            pub fn known(&self) -> Option<i64> {
                E::NAMES.iter().map(|(_, number)| *number).find(|number| *number == self.0)
            }
        }

        impl<'de, E: EnumTable> Deserialize<'de> for $name<E> {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let read = $read;
                read(deserializer).map(|number| Self(number, PhantomData))
            }
        }
    };
}

newtype! {
    /// A numeric enumeration as a member of a request; see [`numeric`].
    Numeric, |deserializer| numeric(deserializer, E::TYPE)
}

newtype! {
    /// An enumeration taken by number or name as a member of a request; see [`named`].
    Named, |deserializer| named(deserializer, E::TYPE, E::NAMES)
}
