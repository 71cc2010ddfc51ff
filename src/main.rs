//! Enfilade: a room server for documents, in one binary. This is the only place that knows all of its parts.

mod command;
mod config;
mod installation;

use std::process::ExitCode;

/// Many small allocations on several threads: mimalloc is faster at them than the system's, and keeps less.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    command::run()
}
