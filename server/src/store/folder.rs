//! The data folder: one process at a time writes there, and the system lets go of the lock when that process ends,
//! however it ends.

use std::fs::{File, OpenOptions, TryLockError};
use std::path::{Path, PathBuf};

use super::Fault;

/// A folder that this process alone writes to.
#[derive(Debug)]
pub struct DataFolder {
    path: PathBuf,
    /// Locked as long as they are open.
    _locks: (File, Option<File>),
}

/// The name of the database within the folder.
const DATABASE: &str = "jitgate.db";

impl DataFolder {
    /// Makes the folder if it is missing, and takes it.
    pub fn take(path: &Path) -> Result<Self, Fault> {
        let name = path.display();
        make(path).map_err(|error| Fault::io(&error, format!("`{name}` cannot be made")))?;
        let lock =
            OpenOptions::new().create(true).truncate(false).write(true).open(path.join("jitgate.lock"));
        let lock = lock.map_err(|error| Fault::io(&error, format!("`{name}` cannot be locked")))?;
        let taken = || Fault::Taken(name.to_string());
        lock.try_lock().map_err(|error| match error {
            TryLockError::WouldBlock => taken(),
            TryLockError::Error(error) => Fault::io(&error, format!("`{name}` cannot be locked")),
        })?;
        Ok(Self { path: path.to_path_buf(), _locks: (lock, itself(path).map_err(|()| taken())?) })
    }

    /// The database's file.
    pub fn database(&self) -> PathBuf {
        Self::database_in(&self.path)
    }

    /// The database's file in a folder that need not be ours: to read from it.
    pub fn database_in(folder: &Path) -> PathBuf {
        folder.join(DATABASE)
    }
}

/// The folder's own lock, which nobody can delete as they can the file. Where a system has none, that file must do.
fn itself(path: &Path) -> Result<Option<File>, ()> {
    let Ok(folder) = File::open(path) else { return Ok(None) };
    match folder.try_lock() {
        Ok(()) => Ok(Some(folder)),
        Err(TryLockError::WouldBlock) => Err(()),
        Err(TryLockError::Error(_)) => Ok(None),
    }
}

/// The folder is for its owner alone: it holds hashes of credentials and who asked for what.
fn make(path: &Path) -> std::io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_is_taken_once() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a/b");
        let first = DataFolder::take(&path).unwrap();
        let second = DataFolder::take(&path).unwrap_err();
        assert_eq!(second, Fault::Taken(path.display().to_string()));
        // Also when somebody cleans up. Elsewhere a file that is open cannot be deleted.
        #[cfg(unix)]
        {
            std::fs::remove_file(path.join("jitgate.lock")).unwrap();
            assert_eq!(DataFolder::take(&path).unwrap_err(), second);
        }
        drop(first);
        DataFolder::take(&path).unwrap();
    }
}
