//! The reading side of the SQLite file: a few connections of its own, which never wait for the writer.

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use rusqlite::{Connection, OpenFlags, OptionalExtension};

use super::activity::Make;
use super::audit::{self, Derive, Stray};
use super::place::Place;
use super::sqlite::{BUSY, since};
use super::{ActivityQuery, Each, Fault, Found, Reader, activity, schema};

/// Connections that are kept open for the next reader.
const IDLE: usize = 8;

/// Reads one database file from any number of threads.
pub struct SqliteReader {
    path: PathBuf,
    /// Where it must be the file that a writer has open.
    place: Option<Place>,
    make: Make,
    idle: Mutex<Vec<Connection>>,
}

impl SqliteReader {
    pub(super) fn new(path: &Path, place: Option<Place>, make: Make) -> Self {
        Self { path: path.to_path_buf(), place, make, idle: Mutex::default() }
    }

    /// Opens a file that another process may be writing, for all but the activity log.
    pub fn open(path: &Path) -> Result<Self, Fault> {
        let reader = Self::new(path, None, |_| None);
        reader.with(|_| Ok(()))?;
        Ok(reader)
    }

    /// Hands over the JSON of every record in order, and looks whether what the activity log finds it by is what is
    /// derived from it: gives the first that is not.
    pub fn audit(&self, derive: Derive) -> Result<Option<Stray>, Fault> {
        self.with(|connection| audit::find(connection, derive))
    }

    fn with<T>(&self, read: impl FnOnce(&Connection) -> Result<T, Fault>) -> Result<T, Fault> {
        self.place.as_ref().map_or(Ok(()), Place::check)?;
        let idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let connection = idle.map_or_else(|| connect(&self.path), Ok)?;
        let answer = read(&connection)?;
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        if idle.len() < IDLE {
            idle.push(connection);
        }
        Ok(answer)
    }
}

impl fmt::Debug for SqliteReader {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.debug_struct("SqliteReader").field("path", &self.path).finish_non_exhaustive()
    }
}

impl Reader for SqliteReader {
    fn blob(&self, digest: &str) -> Result<Option<Vec<u8>>, Fault> {
        self.with(|connection| {
            let mut select = connection.prepare_cached("SELECT bytes FROM blobs WHERE digest = ?")?;
            Ok(select.query_row([digest], |row| row.get(0)).optional()?)
        })
    }

    fn activity(&self, query: &ActivityQuery) -> Result<Vec<Found>, Fault> {
        self.with(|connection| activity::find(connection, query, self.make))
    }

    fn since(&self, after: u64, each: Each) -> Result<(), Fault> {
        self.with(|connection| since(connection, after, each))
    }
}

/// A connection that cannot write.
pub(super) fn connect(path: &Path) -> Result<Connection, Fault> {
    if !path.is_file() {
        return Err(Fault::Other(format!("there is no data in `{}`", path.display())));
    }
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    connection.busy_timeout(BUSY)?;
    schema::version(&connection)?;
    Ok(connection)
}
