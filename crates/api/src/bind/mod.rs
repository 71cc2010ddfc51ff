//! Turns requests into the values handlers work with, by the reference's binding rules.
//!
//! The rules are foundation.md §1.3 (what a refusal says), §1.5 (JSON), §1.7 (bodies) and §1.8 (query),
//! with deviations.md 24 and 26. Nothing here knows of an endpoint.

mod choice;
mod de;
mod json;
mod query;
mod tree;

#[cfg(test)]
mod tests;

pub use choice::{EnumTable, Named, NumberOrName, Numeric, named, numeric};
pub use json::{BindError, from_slice, list_from_slice};
pub use query::Query;
