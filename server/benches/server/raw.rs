//! What SQLite does by itself: the measure for all durable answers.

use std::path::Path;
use std::time::{Duration, Instant};

use rusqlite::Connection;

/// Commits of one record each, in a second.
pub fn commits_per_second(path: &Path, time: Duration) -> f64 {
    let connection = Connection::open(path).expect("a database can be made here");
    connection.pragma_update(None, "journal_mode", "WAL").expect("a write-ahead log");
    connection.pragma_update(None, "synchronous", "FULL").expect("commits that wait for the disk");
    connection
        .execute("CREATE TABLE records (seq INTEGER PRIMARY KEY, json TEXT NOT NULL)", [])
        .expect("a table");
    let json = "x".repeat(1000);
    let mut insert = connection.prepare("INSERT INTO records (json) VALUES (?)").expect("a statement");
    let (start, mut count) = (Instant::now(), 0_u32);
    while start.elapsed() < time {
        insert.execute([&json]).expect("a commit");
        count += 1;
    }
    f64::from(count) / start.elapsed().as_secs_f64()
}
