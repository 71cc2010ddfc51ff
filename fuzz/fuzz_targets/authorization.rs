//! The header `Authorization`, from the socket's side of the gate: whatever it says, a stranger stays one.
#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use testkit::{Ask, Engine, Lab, Site};

static SITE: LazyLock<Site> = LazyLock::new(|| Site::owned(Lab::new(Engine::Sqlite)).0);

fuzz_target!(|header: String| {
    // What no header can hold never comes this far.
    if header.bytes().any(|b| (b < 0x20 && b != b'\t') || b == 0x7f) {
        return;
    }
    let answer = SITE.send(Ask::get("/people/@self").header("authorization", &header));
    assert!(matches!(answer.status, 401 | 403), "{}: {}", answer.status, answer.text);
    assert!(!answer.code().is_empty(), "{}", answer.text);
});
