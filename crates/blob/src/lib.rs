//! Where file contents lie: a folder on disk, later also S3.
//!
//! A content is put once under a fresh key and never changed. What was put is on the disk before `put` returns, so that
//! a row that names the key can be committed afterwards. Keys are paths such as `1/photos/0195…/82`; the first segment
//! is the portal.

use std::fs::{self, File};
use std::io::{ErrorKind, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::sync::atomic::{AtomicU64, Ordering};

/// Where the contents are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Location {
    /// `file:DIR`.
    Folder(PathBuf),
}

/// What can go wrong.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The address is none we know.
    #[error("file contents go to file:DIR, not {0:?}")]
    Location(String),
    /// The folder can't be used.
    #[error("{}: {source}", path.display())]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// What was read isn't what was written.
    #[error("{}: what was written was read back changed", .0.display())]
    Corrupt(PathBuf),
    /// The key is none: see [`is_key`].
    #[error("no key of a content: {0:?}")]
    Key(String),
}

impl FromStr for Location {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        match text.strip_prefix("file:").map(|path| path.strip_prefix("//").unwrap_or(path)) {
            Some(path) if !path.is_empty() => Ok(Self::Folder(path.into())),
            _ => Err(Error::Location(text.to_owned())),
        }
    }
}

/// The store of file contents.
#[derive(Debug, Clone)]
pub struct Blobs {
    folder: PathBuf,
}

/// The file that an examination writes and removes.
const PROBE: &str = ".probe";
/// What files are called while they are written; no segment of a key begins with a dot.
const UNFINISHED: &str = ".unfinished-";

/// Whether a text can be a key: segments of ASCII letters, digits, `-`, `_` and `.`, joined by `/`, none of them empty or
/// beginning with a dot.
pub fn is_key(key: &str) -> bool {
    let letter = |b: u8| b.is_ascii_alphanumeric() || b"-_.".contains(&b);
    key.len() <= 500
        && key
            .split('/')
            .all(|segment| !segment.is_empty() && !segment.starts_with('.') && segment.bytes().all(letter))
}

impl Blobs {
    /// Opens the store, making its folder.
    pub fn open(location: &Location) -> Result<Self, Error> {
        let Location::Folder(folder) = location;
        fs::create_dir_all(folder).map_err(|source| Error::Io { path: folder.clone(), source })?;
        Ok(Self { folder: folder.clone() })
    }

    /// The folder they lie in.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Keeps a content under a key. When it returns, the content is on the disk, whole. Putting the same key again
    /// replaces the content.
    pub fn put(&self, key: &str, bytes: &[u8]) -> Result<(), Error> {
        let path = self.path(key)?;
        let folder = path.parent().unwrap_or(&self.folder);
        let written = write(folder, &path, bytes).and_then(|()| settle(&self.folder, folder));
        written.map_err(|source| Error::Io { path, source })
    }

    /// Keeps several contents that belong together, each under the key, a `/` and its name. Like [`Blobs::put`].
    pub fn put_all(&self, key: &str, parts: &[(String, Vec<u8>)]) -> Result<(), Error> {
        let folder = self.path(key)?;
        for (name, bytes) in parts {
            let path = self.path(&format!("{key}/{name}"))?;
            write(&folder, &path, bytes).map_err(|source| Error::Io { path, source })?;
        }
        settle(&self.folder, &folder).map_err(|source| Error::Io { path: folder, source })
    }

    /// The content under a key; none if there is none.
    pub fn get(&self, key: &str) -> Result<Option<Vec<u8>>, Error> {
        let path = self.path(key)?;
        absent(fs::read(&path)).map_err(|source| Error::Io { path, source })
    }

    /// Removes the content under a key and all whose keys begin with it and a `/`. That there is none is no error.
    pub fn remove(&self, key: &str) -> Result<(), Error> {
        let path = self.path(key)?;
        let removed = if path.is_dir() { fs::remove_dir_all(&path) } else { fs::remove_file(&path) };
        absent(removed).map_err(|source| Error::Io { path, source })?;
        Ok(())
    }

    fn path(&self, key: &str) -> Result<PathBuf, Error> {
        if is_key(key) { Ok(self.folder.join(key)) } else { Err(Error::Key(key.to_owned())) }
    }

    /// Writes, syncs, reads back and removes a small file.
    pub fn examine(&self) -> Result<(), Error> {
        let path = self.folder.join(PROBE);
        let written = b"enfilade";
        let read = round_trip(&path, written).map_err(|source| Error::Io { path: path.clone(), source })?;
        if read == written { Ok(()) } else { Err(Error::Corrupt(path)) }
    }
}

/// An outcome, where that there is nothing is none.
fn absent<T>(outcome: std::io::Result<T>) -> std::io::Result<Option<T>> {
    match outcome {
        Ok(found) => Ok(Some(found)),
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::IsADirectory) => Ok(None),
        Err(error) => Err(error),
    }
}

/// Writes a file under another name and gives it its own when it is on the disk.
fn write(folder: &Path, path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    static COUNT: AtomicU64 = AtomicU64::new(0);
    fs::create_dir_all(folder)?;
    let number = COUNT.fetch_add(1, Ordering::Relaxed);
    let unfinished = folder.join(format!("{UNFINISHED}{}-{number}", std::process::id()));
    let written = File::create(&unfinished).and_then(|mut file| {
        file.write_all(bytes)?;
        file.sync_all()
    });
    let moved = written.and_then(|()| fs::rename(&unfinished, path));
    if moved.is_err() {
        // The error of the writing is the one worth telling.
        let _ = fs::remove_file(&unfinished);
    }
    moved
}

/// Syncs the names in a folder and in those above it, as far as they may be new.
fn settle(root: &Path, folder: &Path) -> std::io::Result<()> {
    for folder in folder.ancestors().take_while(|folder| folder.starts_with(root)) {
        File::open(folder)?.sync_all()?;
    }
    Ok(())
}

fn round_trip(path: &Path, bytes: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut file = File::create(path)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    let mut read = Vec::new();
    File::open(path)?.read_to_end(&mut read)?;
    fs::remove_file(path)?;
    Ok(read)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_location_is_a_folder() {
        assert_eq!("file:/var/x".parse::<Location>().ok(), Some(Location::Folder("/var/x".into())));
        assert!("s3://bucket".parse::<Location>().is_err());
        assert!("file:".parse::<Location>().is_err());
    }

    fn blobs() -> (tempfile::TempDir, Blobs) {
        let folder = tempfile::tempdir().expect("a folder");
        let blobs = Blobs::open(&Location::Folder(folder.path().to_owned())).expect("the store");
        (folder, blobs)
    }

    #[test]
    fn what_was_put_is_there_until_it_is_removed() {
        let (folder, blobs) = blobs();
        assert_eq!(blobs.get("1/photos/a/82").expect("an answer"), None);
        blobs.put("1/photos/ab/82", b"z").expect("it is put");
        let parts = [("82".to_owned(), b"x".to_vec()), ("48".to_owned(), b"y".to_vec())];
        blobs.put_all("1/photos/a", &parts).expect("they are put");
        assert_eq!(blobs.get("1/photos/a/48").expect("it is read").as_deref(), Some(&b"y"[..]));
        blobs.put("1/photos/a/82", b"again").expect("it is put again");
        assert_eq!(blobs.get("1/photos/a/82").expect("it is read").as_deref(), Some(&b"again"[..]));
        assert_eq!(blobs.get("1/photos/a").expect("a prefix is no content"), None);
        assert_eq!(fs::read_dir(folder.path().join("1/photos/a")).expect("the folder").count(), 2);

        blobs.remove("1/photos/a").expect("they are removed");
        blobs.remove("1/photos/a").expect("nothing is left to remove");
        assert_eq!(blobs.get("1/photos/a/82").expect("an answer"), None);
        assert!(blobs.get("1/photos/ab/82").expect("the neighbour").is_some());
        blobs.remove("1/photos/ab/82").expect("a single one");
        assert_eq!(blobs.get("1/photos/ab/82").expect("an answer"), None);
    }

    #[test]
    fn a_key_never_leads_out_of_the_folder() {
        let (_folder, blobs) = blobs();
        for key in ["", "/", "a//b", "../a", "a/../b", "a/.b", "/etc/passwd", "a\\b", "a b", "ä", "a\0"] {
            assert!(
                blobs.put(key, b"x").is_err() && blobs.get(key).is_err() && blobs.remove(key).is_err(),
                "{key:?}"
            );
        }
    }

    #[test]
    fn an_examination_leaves_nothing_behind() {
        let folder = tempfile::tempdir().expect("a folder");
        let blobs = Blobs::open(&Location::Folder(folder.path().join("blobs"))).expect("the store");
        blobs.examine().expect("a folder that works");
        assert_eq!(fs::read_dir(folder.path().join("blobs")).expect("the folder").count(), 0);
    }

    #[test]
    fn a_folder_that_cannot_be_made_is_an_error() {
        let file = tempfile::NamedTempFile::new().expect("a file");
        assert!(Blobs::open(&Location::Folder(file.path().join("below"))).is_err());
    }
}
