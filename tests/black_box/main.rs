//! The built binary seen from outside: its commands, what a crash leaves, and other people's clients against it.
//! One program, so that a growing number of tests is linked once.
#![cfg(test)]

mod commands;
mod conformance;
mod crash;
mod support;
