//! What the product means, without HTTP: portals, people, sessions, keys, rooms, and who may do what.
//!
//! Everything that changes something is a *verb* called inside a unit: it gets a [`Tx`](store::Tx), checks the
//! caller's rights, writes, and says what happened ([`event::Event`]). [`store::Store`] runs the unit, turns the
//! events into audit and job rows in the same transaction, and tells the rest of the process after the COMMIT.
//!
//! Nothing here waits for a network or a file, and nothing is `async`: `docs/architecture.md` says why.

pub mod access;
pub mod audit;
pub mod call;
pub mod confirm;
pub mod event;
pub mod groups;
pub mod idempotency;
pub mod ids;
pub mod invitations;
pub mod jobs;
pub mod keys;
pub mod mail;
pub mod modules;
pub mod operations;
pub mod people;
pub mod plan;
pub mod portal_settings;
pub mod portals;
pub mod problem;
pub mod quotas;
pub mod rooms;
pub mod schema;
pub mod sessions;
pub mod setting;
pub mod store;
pub mod text;
pub mod tfa;
pub mod themes;
pub mod time;
pub mod visitors;

pub use call::{Call, Caller, Client, Via};
pub use problem::{Kind, Problem, Result};
pub use store::{Store, Tx};
pub use time::Timestamp;
