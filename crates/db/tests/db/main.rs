//! What the database crate promises, on SQLite and on PostgreSQL.
#![cfg(test)]

mod foreign;
mod ground;
mod group;
mod migrations;
mod postgres;
mod statements;
mod units;
