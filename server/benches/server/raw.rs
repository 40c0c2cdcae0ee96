//! What SQLite does by itself with what an `initiate` leaves: the measure for all durable answers.

use std::path::Path;
use std::time::{Duration, Instant};

use jitgate_server::store::Row;
use rusqlite::{Connection, params};

/// The server's own table.
const SCHEMA: &str = include_str!("../../src/store/schema/1.sql");

/// A database that takes one record after the other.
pub struct Raw {
    connection: Connection,
    record: Row,
}

impl Raw {
    /// The same table and the same bytes as the server's, each commit waiting for the disk.
    pub fn new(path: &Path, record: &Row) -> Self {
        let connection = Connection::open(path).expect("a database can be made here");
        connection.pragma_update(None, "journal_mode", "WAL").expect("a write-ahead log");
        connection.pragma_update(None, "synchronous", "FULL").expect("commits that wait for the disk");
        connection.execute_batch(SCHEMA).expect("tables");
        Self { connection, record: record.clone() }
    }

    /// Commits of one record each, in a second.
    pub fn per_second(&self, time: Duration) -> f64 {
        let (start, mut count) = (Instant::now(), 0_u32);
        while start.elapsed() < time {
            self.commit();
            count += 1;
        }
        f64::from(count) / start.elapsed().as_secs_f64()
    }

    /// Commits one record.
    pub fn commit(&self) {
        let Row { time, operation, caller, correlation, json, .. } = &self.record;
        self.connection
            .prepare_cached(
                "INSERT INTO events (time, operation, caller, correlation, json) VALUES (?, ?, ?, ?, ?)",
            )
            .and_then(|mut insert| insert.execute(params![time, operation, caller, correlation, json]))
            .expect("a commit");
    }
}
