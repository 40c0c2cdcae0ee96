//! The inventory as it stands, worked out once for all who ask.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use jitgate_core::Timestamp;
use jitgate_core::inventory::{self, Present, View};
use jitgate_core::ledger::{InventoryFile, State};

use crate::store::{Fault, Reader};

/// What was worked out last.
#[derive(Debug, Default)]
pub struct Cache(Mutex<inventory::Cache>);

impl Cache {
    /// The inventory of this state, at a time that is not before it. This may take a second, where the policies of a
    /// large fleet have changed; whoever comes meanwhile waits for the same answer.
    pub fn present(&self, reader: &dyn Reader, state: &State, now: Timestamp) -> Result<Arc<Present>, Fault> {
        self.lock().present(state, now, |file| read(reader, file))
    }

    /// The network of this state.
    pub fn view(&self, reader: &dyn Reader, state: &State) -> Result<Arc<View>, Fault> {
        self.lock().view(state, |file| read(reader, file))
    }

    fn lock(&self) -> MutexGuard<'_, inventory::Cache> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn read(reader: &dyn Reader, file: &InventoryFile) -> Result<Vec<u8>, Fault> {
    let missing = || Fault::Damaged(format!("the imported file `{}` is not in the data", file.name));
    reader.blob(&file.sha256)?.ok_or_else(missing)
}
