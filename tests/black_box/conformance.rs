//! Other people's clients against the built binary, on both engines: the two of DocSpace's "Manage rooms" example, and
//! its official Python client. The scripts are in `tests/conformance`.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::support::{EMAIL, Engine, Installation, PASSWORD, finish};

#[test]
fn node_seed_flow_on_sqlite() {
    run(Engine::Sqlite, "node".as_ref(), "seed.mjs");
}

#[test]
fn node_seed_flow_on_postgres() {
    run(Engine::Postgres, "node".as_ref(), "seed.mjs");
}

#[test]
fn python_seed_flow_on_sqlite() {
    run(Engine::Sqlite, &python(), "seed.py");
}

#[test]
fn python_seed_flow_on_postgres() {
    run(Engine::Postgres, &python(), "seed.py");
}

#[test]
fn official_sdk_on_sqlite() {
    run(Engine::Sqlite, &python(), "sdk.py");
}

#[test]
fn official_sdk_on_postgres() {
    run(Engine::Postgres, &python(), "sdk.py");
}

#[test]
fn official_sdk_on_people_on_sqlite() {
    run(Engine::Sqlite, &python(), "sdk_people.py");
}

#[test]
fn official_sdk_on_people_on_postgres() {
    run(Engine::Postgres, &python(), "sdk_people.py");
}

#[test]
fn official_sdk_on_the_portal_on_sqlite() {
    run(Engine::Sqlite, &python(), "sdk_portal.py");
}

#[test]
fn official_sdk_on_the_portal_on_postgres() {
    run(Engine::Postgres, &python(), "sdk_portal.py");
}

/// Runs a script against a server whose owner has just been set up, and fails as it fails.
fn run(engine: Engine, interpreter: &Path, script: &str) {
    let installation = Installation::new(engine);
    let server = installation.serve();
    installation.set_up().ok();
    let key = installation.key(&[]);

    let mut command = Command::new(interpreter);
    command
        .arg(here().join("tests/conformance").join(script))
        .env("BASE_URL", server.url())
        .env("API_KEY", key)
        .env("EMAIL", EMAIL)
        .env("PASSWORD", PASSWORD)
        .env("OUTBOX", installation.data().join("outbox"))
        // Python would leave what it compiles of them among the sources.
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .env_remove("ROOM_ID")
        // The server is on this machine, whatever way leads out of it.
        .env("NO_PROXY", "127.0.0.1");
    let done = finish(&mut command, "");
    let log = installation.log();
    assert_eq!(
        done.code,
        Some(0),
        "{script} failed:\n{}{}\nthe server's log:\n{log}",
        done.stdout,
        done.stderr
    );
}

fn here() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The Python that has what the scripts import; `tools/setup/python` makes it.
fn python() -> PathBuf {
    let made = here().join("target/venv/bin/python");
    let python = std::env::var_os("ENFILADE_TEST_PYTHON").map_or(made, PathBuf::from);
    assert!(python.exists(), "{} is missing: run tools/setup/python, as `make test` does", python.display());
    python
}
