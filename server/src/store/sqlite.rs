//! The store in one SQLite file: write-ahead log, and every commit waits for the disk.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use rusqlite::{Connection, ErrorCode, OpenFlags, params};

use super::activity::Make;
use super::audit::Derive;
use super::mentions::{self, Pending};
use super::place::Place;
use super::reader::SqliteReader;
use super::{Blob, Each, Fault, Row, Store, schema};

/// How long to wait for another process that holds the file for a moment (a backup, a shell).
pub(super) const BUSY: Duration = Duration::from_secs(5);

/// The writing side of a database file.
#[derive(Debug)]
pub struct Sqlite {
    path: PathBuf,
    /// The files as they were first opened.
    place: Place,
    /// None after a fault, until the next use.
    connection: Option<Connection>,
    /// What SQLite's `PRAGMA data_version` was in the last batch: it changes when another process commits.
    version: Option<i64>,
    /// What was appended here and cannot be found yet.
    pending: Vec<Pending>,
}

impl Sqlite {
    /// Opens the file, makes it if there is none, and brings its tables up to date.
    pub fn open(path: &Path) -> Result<Self, Fault> {
        let connection = Some(connect(path)?);
        let (path, place) = (path.to_path_buf(), Place::of(path));
        Ok(Self { path, place, connection, version: None, pending: Vec::new() })
    }

    /// A reading side of the same file; `make` makes a record's row of its JSON.
    pub fn reader(&self, make: Make) -> SqliteReader {
        SqliteReader::new(&self.path, Some(self.place.clone()), make)
    }

    fn connection(&mut self) -> Result<&mut Connection, Fault> {
        if self.connection.is_none() {
            // Else another one would be made.
            self.place.check()?;
            self.connection = Some(connect(&self.path)?);
            // The log may be a new one: it goes with the last who had the database open.
            self.place = Place::of(&self.path);
        }
        self.connection.as_mut().ok_or_else(|| Fault::other("there is no connection"))
    }
}

impl Store for Sqlite {
    fn load(&mut self, after: u64, each: Each) -> Result<(), Fault> {
        since(self.connection()?, after, each)
    }

    fn begin(&mut self) -> Result<bool, Fault> {
        let begins = self.connection()?.is_autocommit();
        if begins {
            self.place.check_for_writing()?;
        }
        let connection = self.connection()?;
        if begins {
            // At once for writing: what is read from here on stays true until the end.
            execute(connection, "BEGIN IMMEDIATE")?;
        }
        let version = connection.prepare_cached("PRAGMA data_version")?.query_row([], |row| row.get(0))?;
        Ok(self.version.replace(version) != Some(version))
    }

    fn abandon(&mut self) -> Result<(), Fault> {
        let connection = self.connection()?;
        if !connection.is_autocommit() {
            execute(connection, "ROLLBACK")?;
        }
        Ok(())
    }

    fn append(&mut self, rows: &[Row], blobs: &[Blob]) -> Result<(), Fault> {
        self.begin()?;
        let connection = self.connection()?;
        let stored = insert(connection, rows, blobs).and_then(|()| execute(connection, "COMMIT"));
        // After some failures SQLite has rolled back by itself; if that cannot be done either, the first failure counts.
        stored.inspect_err(|_| drop(self.abandon()))?;
        self.pending.extend(rows.iter().filter_map(Pending::of));
        Ok(())
    }

    fn check(&mut self) -> Result<(), Fault> {
        self.begin()?;
        let connection = self.connection()?;
        let usual: i64 = connection.pragma_query_value(None, "cache_size", |row| row.get(0))?;
        // More than may stay in memory goes to the log at once; the commit, with nothing in it, waits for the disk.
        let written = connection
            .pragma_update(None, "cache_size", 10)
            .and_then(|()| {
                connection.execute("INSERT INTO blobs (digest, bytes) VALUES ('', zeroblob(131072))", [])
            })
            .and_then(|_| connection.execute("DELETE FROM blobs WHERE digest = ''", []))
            .map_err(Fault::from)
            .and_then(|_| execute(connection, "COMMIT"));
        let restored = connection.pragma_update(None, "cache_size", usual);
        written.inspect_err(|_| drop(self.abandon()))?;
        Ok(restored?)
    }

    fn settle(&mut self, derive: Derive) -> Result<(), Fault> {
        let pending = std::mem::take(&mut self.pending);
        let connection = self.connection()?;
        // Nobody waits for this to be on disk: the next commit takes it there.
        let settled = connection
            .pragma_update(None, "synchronous", "NORMAL")
            .map_err(Fault::from)
            .and_then(|()| mentions::settle(connection, &pending, derive));
        let restored = connection.pragma_update(None, "synchronous", "FULL");
        if restored.is_err() {
            // A new connection waits for the disk again.
            self.connection = None;
        }
        settled.and(Ok(restored?))
    }

    fn reopen(&mut self) -> Result<(), Fault> {
        (self.connection, self.version) = (None, None);
        let connection = self.connection()?;
        // A log that has no room to grow may still be moved into the file. Where it cannot, the next commit says so.
        drop(connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())));
        Ok(())
    }
}

/// A statement that is prepared once.
fn execute(connection: &Connection, sql: &str) -> Result<(), Fault> {
    connection.prepare_cached(sql)?.execute([])?;
    Ok(())
}

/// Puts rows and blobs into the transaction that is open.
fn insert(connection: &Connection, rows: &[Row], blobs: &[Blob]) -> Result<(), Fault> {
    let mut insert = connection.prepare_cached(
        "INSERT INTO events (seq, time, operation, caller, correlation, json) VALUES (?, ?, ?, ?, ?, ?)",
    )?;
    for row in rows {
        let seq = i64::try_from(row.seq).map_err(Fault::other)?;
        insert.execute(params![seq, row.time, row.operation, row.caller, row.correlation, row.json])?;
    }
    if blobs.is_empty() {
        return Ok(());
    }
    // What is there stays, unless somebody has edited it.
    let mut keep = connection.prepare_cached(
        "INSERT INTO blobs (digest, bytes) VALUES (?, ?)
         ON CONFLICT DO UPDATE SET bytes = excluded.bytes WHERE bytes IS NOT excluded.bytes",
    )?;
    for blob in blobs {
        keep.execute(params![blob.digest, blob.bytes])?;
    }
    Ok(())
}

fn connect(path: &Path) -> Result<Connection, Fault> {
    // SQLite opens a file that may not be written for reading only, and would say so at the first write. A new file is
    // its owner's alone, whoever may look into the folder; the write-ahead log beside it gets the same rights.
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
        .open(path)
        .map_err(|error| Fault::io(&error, format!("`{}` cannot be opened", path.display())))?;
    let flags =
        OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let mut connection = Connection::open_with_flags(path, flags)?;
    connection.busy_timeout(BUSY)?;
    schema::version(&connection)?;
    write_ahead(&connection)?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.pragma_update(None, "journal_size_limit", 64 * 1024 * 1024)?;
    // The mentions are made of the records that they refer to; to look for each of these again takes as long as writing.
    connection.pragma_update(None, "foreign_keys", false)?;
    schema::migrate(&mut connection)?;
    Ok(connection)
}

/// Turns the write-ahead log on. While another process makes the tables of a new file this is refused at once, whatever
/// the time-out.
fn write_ahead(connection: &Connection) -> Result<(), Fault> {
    let start = Instant::now();
    loop {
        match connection.pragma_update(None, "journal_mode", "WAL") {
            Err(error)
                if error.sqlite_error_code() == Some(ErrorCode::DatabaseBusy) && start.elapsed() < BUSY =>
            {
                std::thread::sleep(Duration::from_millis(10));
            }
            done => return Ok(done?),
        }
    }
}

/// Hands the records after a place over.
pub(super) fn since(connection: &Connection, after: u64, each: Each) -> Result<(), Fault> {
    let mut select = connection.prepare_cached("SELECT seq, json FROM events WHERE seq > ? ORDER BY seq")?;
    let mut rows = select.query([i64::try_from(after).map_err(Fault::other)?])?;
    while let Some(row) = rows.next()? {
        let seq = u64::try_from(row.get::<_, i64>(0)?).map_err(Fault::other)?;
        each(seq, row.get_ref(1)?.as_str().map_err(Fault::other)?)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests;
