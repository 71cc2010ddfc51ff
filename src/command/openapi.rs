//! `enfilade openapi`.

use anyhow::Result;

pub(super) fn run() -> Result<()> {
    super::say(&serde_json::to_string_pretty(&api::openapi::document(&api::table()))?)
}
