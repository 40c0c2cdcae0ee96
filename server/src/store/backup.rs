//! A copy of the database while a server is writing it.

use std::path::Path;
use std::time::Duration;

use rusqlite::Connection;
use rusqlite::backup::Backup;

use super::Fault;
use super::reader::connect;

/// Pages that are copied at a time; 4 MiB.
const PAGES: i32 = 1024;

/// Copies the database to a new file. The copy is of one instant, is whole when it appears under its name, and no file
/// is overwritten.
pub fn backup(database: &Path, to: &Path) -> Result<(), Fault> {
    let source = connect(database)?;
    let folder = to.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let name = to.display();
    if to.exists() {
        return Err(Fault::Other(format!("there is already a file `{name}`")));
    }
    let temporary = tempfile::Builder::new().prefix(".jitgate-backup-").tempfile_in(folder);
    let temporary = temporary.map_err(|error| Fault::io(&error, format!("`{name}` cannot be written")))?;
    let mut copy = Connection::open(temporary.path())?;
    // One read transaction for all steps, so that a busy writer does not make it begin again and again.
    source.execute_batch("BEGIN; SELECT count(*) FROM sqlite_schema")?;
    Backup::new(&source, &mut copy)?.run_to_completion(PAGES, Duration::ZERO, None)?;
    // The copy is one file: nothing beside it that could be forgotten.
    copy.pragma_update(None, "journal_mode", "DELETE")?;
    copy.close().map_err(|(_, error)| error)?;
    let failed = |error: &std::io::Error| Fault::io(error, format!("`{name}` cannot be written"));
    temporary.as_file().sync_all().map_err(|error| failed(&error))?;
    temporary.persist_noclobber(to).map_err(|error| failed(&error.error))?;
    std::fs::File::open(folder).and_then(|folder| folder.sync_all()).map_err(|error| failed(&error))
}
