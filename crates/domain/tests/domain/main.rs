//! What the product means, tried on SQLite and on PostgreSQL through its verbs.
#![cfg(test)]

mod accounts;
mod actions;
mod audit;
mod border;
mod cast;
mod concurrency;
mod counters;
mod deletion;
mod directory;
mod groups;
mod idempotency;
mod keys;
mod lists;
mod members;
mod neighbours;
mod operations;
mod owners;
mod people;
mod photos;
mod plan;
mod portals;
mod rights;
mod rooms;
mod schema;
mod sessions;
mod sharing;
mod statements;
mod tenants;
mod tfa;
