//! The border of the domain: it waits for no network and no file, and so names no crate that does.

use std::collections::BTreeSet;
use std::process::Command;

/// What the domain may name. A crate that is async, speaks HTTP or opens files has no place here.
const ALLOWED: &[&str] = &[
    "argon2",
    "chacha20poly1305",
    "data-encoding",
    "enfilade-db",
    "hmac",
    "ipnet",
    "jiff",
    "pbkdf2",
    "rand",
    "rand_chacha",
    "serde",
    "serde_json",
    "sha2",
    "thiserror",
    "totp-rs",
    "tracing",
    "unicode-properties",
    "uuid",
];

#[test]
fn domain_names_no_crate_that_waits() {
    let told = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--no-deps", "--offline"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .unwrap();
    assert!(told.status.success(), "{}", String::from_utf8_lossy(&told.stderr));
    let metadata: serde_json::Value = serde_json::from_slice(&told.stdout).unwrap();
    let packages = metadata["packages"].as_array().unwrap();
    let domain = packages.iter().find(|package| package["name"] == "enfilade-domain").unwrap();
    let named: BTreeSet<&str> = domain["dependencies"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|dependency| dependency["kind"].is_null())
        .map(|dependency| dependency["name"].as_str().unwrap())
        .collect();
    assert_eq!(named, ALLOWED.iter().copied().collect(), "a new crate needs a line here, and a reason");
}

#[test]
fn domain_says_neither_async_nor_await() {
    let mut looked = 0;
    let mut folders = vec![std::path::PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/src"))];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap().map(Result::unwrap) {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                looked += 1;
                // The store hands units to the database, which is asynchronous for its callers.
                let text = std::fs::read_to_string(&path).unwrap();
                let waits =
                    text.lines().any(|line| !line.trim_start().starts_with("//") && line.contains(".await"));
                assert_eq!(waits, path.ends_with("store.rs"), "{}", path.display());
            }
        }
    }
    assert!(looked > 20, "{looked} files");
}
