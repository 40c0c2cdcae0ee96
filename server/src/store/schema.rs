//! The database's tables, and how an older file becomes a newer one.

use rusqlite::{Connection, Transaction, TransactionBehavior};

use super::Fault;

/// Each step brings a file from the version of its index to the next. Steps are only ever added.
const STEPS: [&str; 2] = [include_str!("schema/1.sql"), include_str!("schema/2.sql")];

/// From this version on a file tells up to which record the mentions are there.
pub const SETTLED: i64 = 2;

/// Marks the file as ours (`PRAGMA application_id`): `JITG` in ASCII.
const APPLICATION: i64 = 0x4a49_5447;

/// The version that this program reads and writes.
fn newest() -> i64 {
    i64::try_from(STEPS.len()).unwrap_or(i64::MAX)
}

/// Brings the file up to date, all of it or nothing.
pub fn migrate(connection: &mut Connection) -> Result<(), Fault> {
    if version(connection)? == newest() {
        return Ok(());
    }
    let transaction = Transaction::new(connection, TransactionBehavior::Immediate)?;
    // Another process may have done it while this one waited.
    let done = usize::try_from(read(&transaction)?).unwrap_or_default();
    for step in STEPS.iter().skip(done) {
        transaction.execute_batch(step)?;
    }
    transaction.pragma_update(None, "application_id", APPLICATION)?;
    transaction.pragma_update(None, "user_version", newest())?;
    transaction.commit()?;
    Ok(())
}

/// The file's version: 0 for a new one. Fails for a file of another program, and for one from the future.
pub fn version(connection: &Connection) -> Result<i64, Fault> {
    // One look, so that nobody makes the tables between two questions.
    let look = connection.unchecked_transaction()?;
    let version = read(&look)?;
    look.finish()?;
    Ok(version)
}

fn read(connection: &Connection) -> Result<i64, Fault> {
    let number = |name| connection.pragma_query_value(None, name, |row| row.get::<_, i64>(0));
    let (application, version) = (number("application_id")?, number("user_version")?);
    let tables: i64 = connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
    if application != APPLICATION && tables > 0 {
        return Err(Fault::Damaged("it is a database of another program".to_string()));
    }
    if version > newest() {
        return Err(Fault::TooNew(version));
    }
    Ok(version)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_new_file_is_brought_up_to_date_once() {
        let mut connection = Connection::open_in_memory().unwrap();
        assert_eq!(version(&connection).unwrap(), 0);
        migrate(&mut connection).unwrap();
        assert_eq!(version(&connection).unwrap(), newest());
        migrate(&mut connection).unwrap();
    }

    #[test]
    fn a_file_of_the_first_version_is_settled() {
        let mut connection = Connection::open_in_memory().unwrap();
        connection.execute_batch(STEPS[0]).unwrap();
        connection.pragma_update(None, "application_id", APPLICATION).unwrap();
        connection.pragma_update(None, "user_version", 1).unwrap();
        connection.execute("INSERT INTO events VALUES (7, 1, 'o', 'c', 'i', '{}')", []).unwrap();
        migrate(&mut connection).unwrap();
        let upto = connection.query_row("SELECT upto FROM settled", [], |row| row.get::<_, i64>(0));
        assert_eq!((version(&connection), upto), (Ok(newest()), Ok(7)));
    }

    #[test]
    fn a_file_from_the_future_is_left_alone() {
        let mut connection = Connection::open_in_memory().unwrap();
        migrate(&mut connection).unwrap();
        connection.pragma_update(None, "user_version", 99).unwrap();
        assert_eq!(migrate(&mut connection), Err(Fault::TooNew(99)));
    }

    #[test]
    fn a_file_of_another_program_is_left_alone() {
        let mut connection = Connection::open_in_memory().unwrap();
        connection.execute_batch("CREATE TABLE songs (name TEXT)").unwrap();
        assert!(matches!(migrate(&mut connection), Err(Fault::Damaged(_))));
    }
}
