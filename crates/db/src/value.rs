//! The five types that cross the border: null, `i64`, `f64`, text, bytes (docs/sql.md, rule 1).

use crate::{Error, Result};

/// A value bound to a statement, borrowed from the caller.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Value<'a> {
    /// SQL null.
    Null,
    /// Integers, booleans (0/1) and times (microseconds UTC).
    Int(i64),
    /// Floating point.
    Real(f64),
    /// UTF-8 without U+0000, which PostgreSQL can't store.
    Text(&'a str),
    /// Raw bytes.
    Bytes(&'a [u8]),
}

/// Something that can be bound to a statement. Newtypes of the domain implement it by delegation.
pub trait Bind {
    /// The value to bind.
    fn bind(&self) -> Value<'_>;
}

/// The arguments of a statement, `$1` first: `args![portal, id]`.
#[macro_export]
macro_rules! args {
    () => { &[] as &[$crate::Value<'_>] };
    ($($arg:expr),+ $(,)?) => { &[$($crate::Bind::bind(&$arg)),+] };
}

impl Bind for Value<'_> {
    fn bind(&self) -> Value<'_> {
        *self
    }
}

impl Bind for i64 {
    fn bind(&self) -> Value<'_> {
        Value::Int(*self)
    }
}

impl Bind for i32 {
    fn bind(&self) -> Value<'_> {
        Value::Int(i64::from(*self))
    }
}

impl Bind for bool {
    fn bind(&self) -> Value<'_> {
        Value::Int(i64::from(*self))
    }
}

impl Bind for f64 {
    fn bind(&self) -> Value<'_> {
        Value::Real(*self)
    }
}

impl Bind for str {
    fn bind(&self) -> Value<'_> {
        Value::Text(self)
    }
}

impl Bind for String {
    fn bind(&self) -> Value<'_> {
        Value::Text(self)
    }
}

impl Bind for [u8] {
    fn bind(&self) -> Value<'_> {
        Value::Bytes(self)
    }
}

impl Bind for Vec<u8> {
    fn bind(&self) -> Value<'_> {
        Value::Bytes(self)
    }
}

impl<const N: usize> Bind for [u8; N] {
    fn bind(&self) -> Value<'_> {
        Value::Bytes(self)
    }
}

impl<T: Bind + ?Sized> Bind for &T {
    fn bind(&self) -> Value<'_> {
        (**self).bind()
    }
}

impl<T: Bind> Bind for Option<T> {
    fn bind(&self) -> Value<'_> {
        self.as_ref().map_or(Value::Null, Bind::bind)
    }
}

/// One cell of a row, borrowed from the engine.
pub type Cell<'a> = Value<'a>;

impl Value<'_> {
    pub(crate) fn kind(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Int(_) => "integer",
            Self::Real(_) => "real",
            Self::Text(_) => "text",
            Self::Bytes(_) => "bytes",
        }
    }
}

/// A type that can be read from a cell; `None` means the cell holds another type.
pub trait Column: Sized {
    /// The name used in errors.
    const EXPECTED: &'static str;
    /// Reads the cell.
    fn read(cell: Cell<'_>) -> Option<Self>;
}

macro_rules! column {
    ($type:ty, $expected:literal, $pattern:pat => $value:expr) => {
        impl Column for $type {
            const EXPECTED: &'static str = $expected;
            fn read(cell: Cell<'_>) -> Option<Self> {
                match cell {
                    $pattern => $value,
                    _ => None,
                }
            }
        }
    };
}
column!(i64, "integer", Value::Int(n) => Some(n));
column!(i32, "integer", Value::Int(n) => i32::try_from(n).ok());
column!(bool, "boolean", Value::Int(n) => Some(n != 0));
column!(f64, "real", Value::Real(x) => Some(x));
column!(String, "text", Value::Text(text) => Some(text.to_owned()));
column!(Vec<u8>, "bytes", Value::Bytes(bytes) => Some(bytes.to_vec()));

impl<T: Column> Column for Option<T> {
    const EXPECTED: &'static str = T::EXPECTED;
    fn read(cell: Cell<'_>) -> Option<Self> {
        if cell == Value::Null { Some(None) } else { T::read(cell).map(Some) }
    }
}

/// A row of a result, valid during the closure that reads it.
pub struct Row<'a>(pub(crate) RawRow<'a>);

pub(crate) enum RawRow<'a> {
    Sqlite(&'a rusqlite::Row<'a>),
    Postgres(&'a postgres::Row),
}

impl Row<'_> {
    /// The column at `index`, from 0.
    pub fn get<T: Column>(&self, index: usize) -> Result<T> {
        let cell = match &self.0 {
            RawRow::Sqlite(row) => crate::sqlite::cell(row, index)?,
            RawRow::Postgres(row) => crate::postgres::cell(row, index)?,
        };
        T::read(cell).ok_or(Error::Cell { column: index, expected: T::EXPECTED, found: cell.kind() })
    }
}
