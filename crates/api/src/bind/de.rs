//! The deserializer over a parsed body: how each wanted type takes each JSON value (foundation.md §1.5).
//!
//! [`super::json`] states the rules.

use std::borrow::Cow;

use serde::de::value::StrDeserializer;
use serde::de::{self, DeserializeSeed, IntoDeserializer, Unexpected, Visitor};
use serde::forward_to_deserialize_any;

use super::json::Fault;
use super::tree::{DICTIONARY, LIST, Node, Step};

/// A deserializer method per integer type, each with .NET's name of it.
macro_rules! integers {
    ($($method:ident, $visit:ident, $type:ty, $name:literal;)*) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
            match self.integer().and_then(|number| <$type>::try_from(number).ok()) {
                Some(number) => visitor.$visit(number).map_err(|fault: Fault| fault.or($name)),
                None => Err(Fault::conversion($name)),
            }
        }
    )*};
}

impl<'de> de::Deserializer<'de> for Node {
    type Error = Fault;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        let name = self.type_name();
        match self {
            Self::Null => visitor.visit_unit(),
            Self::Bool(value) => visitor.visit_bool(value),
            Self::Number(number) => match (number.as_u64(), number.as_i64(), number.as_f64()) {
                (Some(value), _, _) => visitor.visit_u64(value),
                (_, Some(value), _) => visitor.visit_i64(value),
                (_, _, Some(value)) => visitor.visit_f64(value),
                _ => Err(Fault::conversion(name)),
            },
            Self::String(text) => visitor.visit_string(text),
            Self::Array(items) => visitor.visit_seq(Items(items.into_iter().enumerate())),
            Self::Object(members) => visitor.visit_map(Members::any(members)),
        }
        .map_err(|fault: Fault| fault.or(name))
    }

    integers! {
        deserialize_i8, visit_i8, i8, "System.SByte";
        deserialize_i16, visit_i16, i16, "System.Int16";
        deserialize_i32, visit_i32, i32, "System.Int32";
        deserialize_i64, visit_i64, i64, "System.Int64";
        deserialize_u8, visit_u8, u8, "System.Byte";
        deserialize_u16, visit_u16, u16, "System.UInt16";
        deserialize_u32, visit_u32, u32, "System.UInt32";
        deserialize_u64, visit_u64, u64, "System.UInt64";
    }

    fn deserialize_f64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        let number = self.float().ok_or_else(|| Fault::conversion("System.Double"))?;
        visitor.visit_f64(number).map_err(|fault: Fault| fault.or("System.Double"))
    }

    fn deserialize_f32<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        self.deserialize_f64(visitor)
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        match self {
            Self::Bool(value) => visitor.visit_bool(value).map_err(|fault: Fault| fault.or("System.Boolean")),
            _ => Err(Fault::conversion("System.Boolean")),
        }
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        match self {
            Self::String(text) => {
                visitor.visit_string(text).map_err(|fault: Fault| fault.or("System.String"))
            }
            // A type that reads itself from a string knows better what it is: ask it.
            other => {
                let sent = Unexpected::Other(other.type_name());
                Err(<Fault as de::Error>::invalid_type(sent, &visitor).or("System.String"))
            }
        }
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        self.deserialize_string(visitor)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        match self {
            Self::Null => visitor.visit_none(),
            other => visitor.visit_some(other),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Fault> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        match self {
            Self::Array(items) => visitor.visit_seq(Items(items.into_iter().enumerate())),
            _ => Err(Fault::conversion(LIST)),
        }
    }

    fn deserialize_tuple<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, Fault> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        match self {
            Self::Object(members) => visitor.visit_map(Members::any(members)),
            _ => Err(Fault::conversion(DICTIONARY)),
        }
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Fault> {
        match self {
            Self::Object(members) => {
                visitor.visit_map(Members::of(members, fields)).map_err(|fault| fault.owned_by(name))
            }
            _ => Err(Fault::conversion(name)),
        }
    }

    /// A string enum takes a variant's name in any letter case (foundation.md §1.5). Its numbers aren't
    /// known here: see [`Named`](super::Named) for an enum that takes them too.
    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Fault> {
        let Self::String(text) = &self else {
            return Err(Fault::conversion(name));
        };
        let variant = field(variants, text).ok_or_else(|| Fault::conversion(name))?;
        visitor.visit_enum(variants[variant].into_deserializer()).map_err(|fault: Fault| fault.or(name))
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        visitor.visit_unit()
    }

    forward_to_deserialize_any! {
        i128 u128 char bytes byte_buf unit unit_struct tuple_struct identifier
    }
}

/// The position of a name in a list: exact, else in any ASCII letter case.
fn field(names: &[&str], sent: &str) -> Option<usize> {
    let exact = names.iter().position(|name| *name == sent);
    exact.or_else(|| names.iter().position(|name| name.eq_ignore_ascii_case(sent)))
}

/// An array on its way into a sequence.
struct Items(std::iter::Enumerate<std::vec::IntoIter<Node>>);

impl<'de> de::SeqAccess<'de> for Items {
    type Error = Fault;

    fn next_element_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>, Fault> {
        let Some((index, item)) = self.0.next() else {
            return Ok(None);
        };
        let name = item.type_name();
        seed.deserialize(item).map(Some).map_err(|fault| fault.within(Step::Index(index), name))
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.0.len())
    }
}

/// An object on its way into a struct or map.
struct Members {
    left: std::vec::IntoIter<(Cow<'static, str>, Node)>,
    /// The member whose name has been handed out, and whose value has not.
    open: Option<(Cow<'static, str>, Node)>,
}

impl Members {
    /// All members, for a type with free names.
    fn any(members: Vec<(String, Node)>) -> Self {
        let left = members.into_iter().map(|(name, value)| (Cow::Owned(name), value)).collect::<Vec<_>>();
        Self { left: left.into_iter(), open: None }
    }

    /// The members a struct knows, under the struct's own names, one each, in the order of the text.
    fn of(members: Vec<(String, Node)>, fields: &'static [&'static str]) -> Self {
        let mut found: Vec<Option<(usize, bool, Node)>> = fields.iter().map(|_| None).collect();
        for (order, (name, value)) in members.into_iter().enumerate() {
            let Some(index) = field(fields, &name) else {
                continue;
            };
            let exact = fields[index] == name;
            let slot = &mut found[index];
            if exact || !matches!(slot, Some((_, true, _))) {
                *slot = Some((order, exact, value));
            }
        }
        let mut left: Vec<_> = (fields.iter().zip(found))
            .filter_map(|(name, slot)| slot.map(|(order, _, value)| (order, Cow::Borrowed(*name), value)))
            .collect();
        left.sort_by_key(|(order, ..)| *order);
        let left = left.into_iter().map(|(_, name, value)| (name, value)).collect::<Vec<_>>();
        Self { left: left.into_iter(), open: None }
    }
}

impl<'de> de::MapAccess<'de> for Members {
    type Error = Fault;

    fn next_key_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>, Fault> {
        self.open = self.left.next();
        match &self.open {
            None => Ok(None),
            Some((Cow::Borrowed(name), _)) => seed.deserialize(StrDeserializer::new(name)).map(Some),
            // As a node, so that a map's keys may be numbers.
            Some((Cow::Owned(name), _)) => (seed.deserialize(Node::String(name.clone())).map(Some))
                .map_err(|fault| fault.within(Step::Member(Cow::Owned(name.clone())), "System.String")),
        }
    }

    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, Fault> {
        let Some((name, value)) = self.open.take() else {
            return Err(Fault::conversion(DICTIONARY));
        };
        let kind = value.type_name();
        seed.deserialize(value).map_err(|fault| fault.within(Step::Member(name), kind))
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.left.len())
    }
}
