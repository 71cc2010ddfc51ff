//! What tests work with: a founded installation in process, on either engine, with a clock that stands still and
//! seeded chance, so that whole replies can be compared.
//!
//! ```ignore
//! testkit::on_both_engines! {
//!     fn owner_can_rename(lab) { … }
//! }
//! ```
//! makes the tests `owner_can_rename::sqlite` and `owner_can_rename::postgres`.

mod lab;
mod site;

pub use lab::{Engine, Lab};
pub use mail::Letter;
pub use site::{Answer, Ask, Site};

/// A test for each engine; the body gets a fresh [`Lab`].
#[macro_export]
macro_rules! on_both_engines {
    ($($(#[$meta:meta])* fn $name:ident($lab:ident) $body:block)*) => {
        $(mod $name {
            use super::*;

            $(#[$meta])*
            fn test($lab: $crate::Lab) $body

            #[test]
            fn sqlite() {
                test($crate::Lab::new($crate::Engine::Sqlite));
            }

            #[test]
            fn postgres() {
                test($crate::Lab::new($crate::Engine::Postgres));
            }
        })*
    };
}
