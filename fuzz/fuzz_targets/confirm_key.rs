//! The header `confirm`, which holds a mailed link: no text is a key by chance, and none breaks the gate.
#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use testkit::{Ask, Engine, Lab, Site};

static SITE: LazyLock<(Site, String)> = LazyLock::new(|| {
    let (site, _) = Site::owned(Lab::new(Engine::Sqlite));
    let path = format!("/people/{}/password", site.lab.portal_owner().id);
    (site, path)
});

fuzz_target!(|header: String| {
    if header.bytes().any(|b| (b < 0x20 && b != b'\t') || b == 0x7f) {
        return;
    }
    let (site, path) = &*SITE;
    let answer = site.send(Ask::put(path).header("confirm", &header).raw(r#"{"passwordHash":"00"}"#));
    assert_eq!(answer.status, 401, "{}", answer.text);
});
