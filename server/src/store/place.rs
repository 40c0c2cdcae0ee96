//! Whether the files that are written are still those at their path. A file that was moved away, deleted or replaced takes
//! all that is written to it, and nobody ever finds it again.

use std::path::{Path, PathBuf};

use super::Fault;

/// The files of a database as they were opened.
#[derive(Clone, Debug)]
pub struct Place {
    path: PathBuf,
    log: PathBuf,
    database: Option<Identity>,
    /// The write-ahead log, which is there as long as somebody has the database.
    written: Option<Identity>,
}

/// What the system knows a file by: its device and its number there.
type Identity = (u64, u64);

impl Place {
    /// Of a database that is open.
    pub fn of(path: &Path) -> Self {
        let mut log = path.as_os_str().to_owned();
        log.push("-wal");
        let log = PathBuf::from(log);
        Self { database: identity(path), written: identity(&log), path: path.to_path_buf(), log }
    }

    /// Fails where another database is there now, or none.
    pub fn check(&self) -> Result<(), Fault> {
        self.is(self.database, &self.path)
    }

    /// The same, for whoever writes: what is written goes to the log first.
    pub fn check_for_writing(&self) -> Result<(), Fault> {
        self.check()?;
        self.is(self.written, &self.log)
    }

    fn is(&self, known: Option<Identity>, path: &Path) -> Result<(), Fault> {
        if known.is_none() || known == identity(path) {
            return Ok(());
        }
        Err(Fault::Gone(self.path.display().to_string()))
    }
}

#[cfg(unix)]
fn identity(path: &Path) -> Option<Identity> {
    use std::os::unix::fs::MetadataExt;
    std::fs::metadata(path).ok().map(|file| (file.dev(), file.ino()))
}

/// Elsewhere a file that is open cannot be taken away.
#[cfg(not(unix))]
fn identity(_: &Path) -> Option<Identity> {
    None
}
