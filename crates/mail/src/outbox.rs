//! The folder that stands for a mail server. A letter appears in it whole: it is written under another name first.

use std::fs::{DirBuilder, File, OpenOptions};
use std::io::Write as _;
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};

/// Writes a letter. Letters hold links that open accounts: nobody but the server's own user may read them.
pub(crate) fn put(folder: &Path, letter: &[u8]) -> std::io::Result<()> {
    DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
    let name = free_name(folder);
    let unfinished = folder.join(format!(".{name}"));
    let written =
        OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&unfinished).and_then(
            |mut file| {
                file.write_all(letter)?;
                file.sync_all()
            },
        );
    let moved = written.and_then(|()| std::fs::rename(&unfinished, folder.join(name)));
    if moved.is_err() {
        // The error of the writing is the one worth telling.
        let _ = std::fs::remove_file(&unfinished);
    }
    moved?;
    File::open(folder)?.sync_all()
}

/// A name that no letter has: files sort by the order in which they were written.
fn free_name(folder: &Path) -> String {
    static COUNT: AtomicU64 = AtomicU64::new(0);
    loop {
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let name = format!("{}-{number:06}.eml", stamp());
        if !folder.join(&name).exists() {
            return name;
        }
    }
}

/// Microseconds since 1970: a file's name is no part of what happens in a unit.
#[expect(clippy::disallowed_methods, reason = "it names a file, and decides nothing")]
fn stamp() -> u128 {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    since.map_or(0, |since| since.as_micros())
}
