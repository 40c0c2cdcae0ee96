//! Records and files in the browser's database. Records have their numbers for keys, so that of two windows that write at
//! the same time one finds its place taken.
use std::rc::Rc;
use std::sync::Arc;

use jitgate_local::Change;
use js_sys::{Array, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{IdbDatabase, IdbKeyRange, IdbObjectStore, IdbTransactionMode};

use crate::browser::{DatabaseFault, complete, done, open_database, pixels};

const DATABASE: &str = "jitgate";
const RECORDS: &str = "records";
const FILES: &str = "files";

/// The database.
#[derive(Clone)]
pub struct Store(Rc<IdbDatabase>);

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

    /// The records from that number on, itself among them.
    pub async fn records(&self, from: u64) -> Result<Vec<String>, DatabaseFault> {
        let store = self.0.transaction_with_str(RECORDS)?.object_store(RECORDS)?;
        let range = IdbKeyRange::lower_bound(&key(from))?;
        let found: Array = done(&store.get_all_with_key(&range)?).await?.unchecked_into();
        Ok(found.iter().filter_map(|line| line.as_string()).collect())
    }

    /// A file.
    pub async fn file(&self, sha256: &str) -> Result<Option<Arc<[u8]>>, DatabaseFault> {
        let store = self.0.transaction_with_str(FILES)?.object_store(FILES)?;
        let found = done(&store.get(&sha256.into())?).await?;
        Ok(found.dyn_into::<Uint8Array>().ok().map(|bytes| bytes.to_vec().into()))
    }

    /// Stores all of a change, or nothing of it. `last` is the record that it follows on.
    pub async fn append(&self, change: &Change, last: Option<&str>) -> Result<Stored, DatabaseFault> {
        let names = Array::of2(&RECORDS.into(), &FILES.into());
        let transaction =
            self.0.transaction_with_str_sequence_and_mode(&names, IdbTransactionMode::Readwrite)?;
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
                    transaction.abort()?;
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
        match complete(&transaction).await {
            Ok(()) => Ok(Stored::Done),
            Err(fault) if fault.name == "ConstraintError" => Ok(Stored::Overtaken),
            Err(fault) => Err(fault),
        }
    }
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
