//! The inventory as it stands, worked out once for all who ask.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use jitgate_core::Timestamp;
use jitgate_core::inventory::{self, Present, View};
use jitgate_core::ledger::{Digest, InventoryFile, State};

use crate::store::{Fault, Reader};

/// What was worked out last.
#[derive(Debug, Default)]
pub struct Cache(Mutex<inventory::Cache>);

impl Cache {
    /// The inventory of this state, at a time that is not before it. This may take a second, where the policies of a
    /// large fleet have changed; whoever comes meanwhile waits for the same answer.
    pub fn present(&self, reader: &dyn Reader, state: &State, now: Timestamp) -> Result<Arc<Present>, Fault> {
        self.lock().present(state, now, |file| logged(stored(reader, file)))
    }

    /// The network of this state.
    pub fn view(&self, reader: &dyn Reader, state: &State) -> Result<Arc<View>, Fault> {
        self.lock().view(state, |file| logged(stored(reader, file)))
    }

    fn lock(&self) -> MutexGuard<'_, inventory::Cache> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// An imported file as it was when it was imported, or a fault: what was edited is not shown.
pub fn stored(reader: &dyn Reader, file: &InventoryFile) -> Result<Vec<u8>, Fault> {
    let remedy = "restore a backup, or import it once more";
    let damaged = |what| Fault::Damaged(format!("the imported file `{}` {what}: {remedy}", file.name));
    let bytes = reader.blob(&file.sha256)?.ok_or_else(|| damaged("is not in the data"))?;
    if Digest::of(&bytes).to_string() != file.sha256 {
        return Err(damaged("was edited"));
    }
    Ok(bytes)
}

/// Whoever runs the server should know, and not the caller alone.
fn logged<T>(read: Result<T, Fault>) -> Result<T, Fault> {
    read.inspect_err(|fault| tracing::error!(%fault, "the inventory cannot be read"))
}
