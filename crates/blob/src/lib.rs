//! Where file contents will lie: a folder on disk, later also S3. So far it is opened and examined; the files
//! themselves come with the endpoints that carry them.

use std::fs::{self, File};
use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::str::FromStr;

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

impl Blobs {
    /// Opens the store, making its folder.
    pub fn open(location: &Location) -> Result<Self, Error> {
        let Location::Folder(folder) = location;
        fs::create_dir_all(folder).map_err(|source| Error::Io { path: folder.clone(), source })?;
        Ok(Self { folder: folder.clone() })
    }

    /// Writes, syncs, reads back and removes a small file.
    pub fn examine(&self) -> Result<(), Error> {
        let path = self.folder.join(PROBE);
        let written = b"enfilade";
        let read = round_trip(&path, written).map_err(|source| Error::Io { path: path.clone(), source })?;
        if read == written { Ok(()) } else { Err(Error::Corrupt(path)) }
    }
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
