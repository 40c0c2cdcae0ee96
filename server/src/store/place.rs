//! Whether the files that are written are still those at their path. A file that was moved away, deleted or replaced takes
//! all that is written to it, and nobody ever finds it again.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use super::Fault;

/// How often a writer looks. To look before every commit would make it slower by a fifth: a file whose times somebody has
/// asked for gets new ones with the next write (Linux, "multigrain timestamps"), which is one more block for the disk.
const PERIOD: Duration = Duration::from_millis(100);

/// The files of a database as they were opened.
#[derive(Clone, Debug)]
pub struct Place {
    path: PathBuf,
    log: PathBuf,
    database: Option<Identity>,
    /// The write-ahead log, which is there as long as somebody has the database.
    written: Option<Identity>,
    /// When a writer last looked, and all was well.
    looked: Option<Instant>,
}

/// What the system knows a file by: its device and its number there.
type Identity = (u64, u64);

impl Place {
    /// Of a database that is open.
    pub fn of(path: &Path) -> Self {
        let mut log = path.as_os_str().to_owned();
        log.push("-wal");
        let log = PathBuf::from(log);
        let (database, written) = (identity(path), identity(&log));
        Self { path: path.to_path_buf(), log, database, written, looked: None }
    }

    /// Fails where another database is there now, or none.
    pub fn check(&self) -> Result<(), Fault> {
        self.is(self.database, &self.path)
    }

    /// The same, for whoever writes again and again: what is written goes to the log first. It looks only now and then.
    pub fn check_for_writing(&mut self) -> Result<(), Fault> {
        if self.looked.is_some_and(|looked| looked.elapsed() < PERIOD) {
            return Ok(());
        }
        self.looked = None;
        self.check()?;
        self.is(self.written, &self.log)?;
        self.looked = Some(Instant::now());
        Ok(())
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
