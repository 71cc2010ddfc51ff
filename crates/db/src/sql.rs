//! Statements: written once, collected in one list.

use std::fmt::Write as _;

use linkme::distributed_slice;

use crate::{Bind, Value};

/// A statement of the program's text. Made by [`sql!`](crate::sql) only, which also lists it in [`STATEMENTS`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sql(#[doc(hidden)] pub &'static str);

/// A statement as the list has it.
#[derive(Debug)]
pub struct Statement {
    /// The SQL.
    pub text: &'static str,
    /// The source file it stands in.
    pub file: &'static str,
    /// Its line.
    pub line: u32,
}

/// Every statement of the program that `sql!` saw: tests prepare and explain them all on both engines.
#[distributed_slice]
pub static STATEMENTS: [Statement];

/// One SQL statement for both engines, with `$1 … $n` (docs/sql.md). Several literals are joined, so that statements
/// can share a list of columns.
#[macro_export]
macro_rules! sql {
    ($($text:expr),+ $(,)?) => {{
        #[$crate::linkme::distributed_slice($crate::STATEMENTS)]
        #[linkme(crate = $crate::linkme)]
        #[expect(unsafe_code, reason = "the linker gathers the slice: linkme sets a link section")]
        static STATEMENT: $crate::Statement = $crate::Statement { text: concat!($($text),+), file: file!(), line: line!() };
        $crate::Sql(STATEMENT.text)
    }};
}

/// What [`Conn`](crate::Conn) accepts as a statement: a [`Sql`], or the text of a [`Query`].
pub trait SqlText {
    /// The SQL.
    fn text(&self) -> &str;
}

impl SqlText for Sql {
    fn text(&self) -> &str {
        self.0
    }
}

/// A statement whose conditions depend on a filter: pieces of the program's text, and bound values, never
/// anything a caller typed (docs/sql.md, rule 8).
#[derive(Debug, Clone)]
pub struct Query<'a> {
    text: String,
    args: Vec<Value<'a>>,
}

impl<'a> Query<'a> {
    /// Starts from a listed statement and its arguments.
    pub fn new(base: Sql, args: &[Value<'a>]) -> Self {
        Self { text: base.0.to_owned(), args: args.to_vec() }
    }

    /// Appends a piece without values.
    pub fn push(&mut self, piece: &'static str) -> &mut Self {
        self.text.push_str(piece);
        self
    }

    /// Appends a piece in which each `$?` stands for the next of `values`.
    pub fn bind(&mut self, piece: &'static str, values: &[Value<'a>]) -> &mut Self {
        let mut values = values.iter();
        for (i, part) in piece.split("$?").enumerate() {
            if i > 0 {
                self.args.push(values.next().copied().unwrap_or(Value::Null));
                // Writing to a String can't fail.
                let _ = write!(self.text, "${}", self.args.len());
            }
            self.text.push_str(part);
        }
        self
    }

    /// Appends `open $a, $b, … close`, one mark for each value: `in (…)`.
    pub fn list<T: Bind>(&mut self, open: &'static str, values: &'a [T], close: &'static str) -> &mut Self {
        self.text.push_str(open);
        for (i, value) in values.iter().enumerate() {
            self.bind(if i == 0 { "$?" } else { ", $?" }, &[value.bind()]);
        }
        self.text.push_str(close);
        self
    }

    /// The values, `$1` first.
    pub fn args(&self) -> &[Value<'a>] {
        &self.args
    }
}

impl SqlText for &Query<'_> {
    fn text(&self) -> &str {
        &self.text
    }
}
