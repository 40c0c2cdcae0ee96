//! Records and files in the browser's database. Records have their numbers for keys, so that of two windows that write at
//! the same time one finds its place taken.
use std::rc::Rc;
use std::sync::Arc;

use jitgate_local::Change;
use js_sys::{Array, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{IdbKeyRange, IdbObjectStore, IdbTransaction, IdbTransactionMode};

use crate::browser::{Database, DatabaseFault, complete, delete_database, done, open_database, pixels};

const DATABASE: &str = "jitgate";
const RECORDS: &str = "records";
const FILES: &str = "files";

/// The database.
#[derive(Clone)]
pub struct Store(Rc<Database>);

/// What becomes of a change.
pub enum Stored {
    Done,
    /// Others stored records meanwhile: it follows on the last one no more.
    Overtaken,
}

impl Store {
    pub async fn open() -> Result<Self, DatabaseFault> {
        Ok(Self(Rc::new(open_database(DATABASE, &[RECORDS, FILES]).await?)))
    }

    /// Deletes everything, whatever it is; false where that has to wait for other windows.
    pub async fn delete() -> Result<bool, DatabaseFault> {
        delete_database(DATABASE).await
    }

    /// The records from that number on, itself among them: so many at most.
    pub async fn records(&self, from: u64, most: u32) -> Result<Vec<String>, DatabaseFault> {
        let store = self.0.0.transaction_with_str(RECORDS)?.object_store(RECORDS)?;
        let range = IdbKeyRange::lower_bound(&key(from))?;
        let found: Array = done(&store.get_all_with_key_and_limit(&range, most)?).await?.unchecked_into();
        Ok(found.iter().filter_map(|line| line.as_string()).collect())
    }

    /// A file.
    pub async fn file(&self, sha256: &str) -> Result<Option<Arc<[u8]>>, DatabaseFault> {
        let store = self.0.0.transaction_with_str(FILES)?.object_store(FILES)?;
        let found = done(&store.get(&sha256.into())?).await?;
        Ok(found.dyn_into::<Uint8Array>().ok().map(|bytes| bytes.to_vec().into()))
    }

    /// Stores all of a change, or nothing of it. `last` is the record that it follows on.
    pub async fn append(&self, change: &Change, last: Option<&str>) -> Result<Stored, DatabaseFault> {
        let names = Array::of2(&RECORDS.into(), &FILES.into());
        let transaction =
            self.0.0.transaction_with_str_sequence_and_mode(&names, IdbTransactionMode::Readwrite)?;
        let written = match write(&transaction, change, last).await {
            Ok(Stored::Done) => complete(&transaction).await.map(|()| Stored::Done),
            other => {
                // What was written before the fault must not stay; fails only where it is aborted already.
                let _aborted = transaction.abort();
                other
            }
        };
        match written {
            Err(fault) if fault.name == "ConstraintError" => Ok(Stored::Overtaken),
            other => other,
        }
    }
}

/// Writes a change, which is stored when its transaction is complete.
async fn write(
    transaction: &IdbTransaction,
    change: &Change,
    last: Option<&str>,
) -> Result<Stored, DatabaseFault> {
    let (records, files) = (transaction.object_store(RECORDS)?, transaction.object_store(FILES)?);
    match change.after {
        None => {
            records.clear()?;
            files.clear()?;
        }
        // Another window may have begun anew since.
        Some(after @ 1..) => {
            let stored = done(&records.get(&key(after))?).await?;
            if stored.as_string().as_deref() != last {
                return Ok(Stored::Overtaken);
            }
        }
        Some(0) => {}
    }
    let first = change.after.unwrap_or_default().saturating_add(1);
    for (seq, line) in (first..).zip(&change.lines) {
        records.add_with_key(&JsValue::from_str(line), &key(seq))?;
    }
    put(&files, change)?;
    Ok(Stored::Done)
}

/// A fault in words.
pub fn words(fault: DatabaseFault) -> String {
    match fault.name.as_str() {
        "QuotaExceededError" => "The space that the browser gives this site is full.".to_owned(),
        "InvalidStateError" => {
            "The browser has deleted this site's data, or closed them, while this page was open. What this page knows can \
             still be exported in the settings; reload it then to see what is left."
                .to_owned()
        }
        _ => fault.words,
    }
}

/// Why nothing can be opened, and what to do about it.
pub fn unopened(fault: DatabaseFault) -> String {
    if fault.name == "VersionError" {
        return "A newer version of this portal wrote it: reload the page to get that version.".to_owned();
    }
    format!(
        "The browser lets this page keep nothing, as in private windows, or where site data are blocked: open it in an \
         ordinary window, or allow this site to keep data. The browser says: {}",
        fault.words
    )
}

fn put(files: &IdbObjectStore, change: &Change) -> Result<(), DatabaseFault> {
    for (sha256, bytes) in &change.files {
        files.put_with_key(&Uint8Array::from(&**bytes), &sha256.as_str().into())?;
    }
    Ok(())
}

/// Numbers of records are whole numbers far below what a float can tell apart.
fn key(seq: u64) -> JsValue {
    pixels(usize::try_from(seq).unwrap_or(usize::MAX)).into()
}
