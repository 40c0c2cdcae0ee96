//! The way to what this browser keeps. All behind it is code that is loaded only where data are kept here.
use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;

use jitgate_local::{Archive, BadArchive, Imported, Kept};
use wasm_split_helpers::wasm_split;

use super::Ledger;
use crate::api::Backend;
use crate::later::Unloaded;

/// Work that is under way, and may end in words about why it could not be done.
pub type Doing<T> = Pin<Box<dyn Future<Output = Result<T, String>>>>;

/// What this browser keeps: a backend, and what its user may do with all of it.
pub type Local = Rc<dyn BrowserData>;

/// What can be done with everything that this browser keeps.
pub trait BrowserData: Backend {
    /// True where there is nothing yet.
    fn is_empty(&self) -> bool;

    /// How much there is of everything.
    fn kept(&self) -> Kept;

    /// Everything as one file.
    fn archive(&self) -> String;

    /// Reads an exported ledger, and checks its chain.
    ///
    /// # Errors
    /// It is none, or was edited.
    fn read_archive(&self, text: &str) -> Result<Archive, BadArchive>;

    /// Puts an exported ledger here: `over` everything, or else only where there is nothing; false where there is
    /// something.
    fn restore(&self, archive: &Archive, over: bool) -> Doing<bool>;

    /// Puts the made-up fleet here, likewise.
    fn demo(&self, file: String, over: bool) -> Doing<bool>;

    /// Forgets everything.
    fn begin_anew(&self) -> Doing<()>;

    /// Imports files of a network, beside those in use or in place of them.
    fn import(&self, files: Vec<(String, Vec<u8>)>, add: bool) -> Doing<Imported>;
}

/// Opens what this browser keeps.
pub async fn open() -> Result<Local, String> {
    (door().await.map_err(unloaded)?.open)().await
}

/// Forgets everything where it cannot even be opened.
pub async fn delete_unopened() -> Result<(), String> {
    (door().await.map_err(unloaded)?.delete_unopened)().await
}

/// The records where they cannot be read, as they are: a line each.
pub async fn unopened_records() -> Result<String, String> {
    (door().await.map_err(unloaded)?.unopened_records)().await
}

fn unloaded(_: Unloaded) -> String {
    "The part of the portal that reads it could not be loaded. Reload the page to try again.".to_owned()
}

struct Door {
    open: fn() -> Doing<Local>,
    delete_unopened: fn() -> Doing<()>,
    unopened_records: fn() -> Doing<String>,
}

#[wasm_split(local, fallible)]
#[allow(clippy::unnecessary_wraps, reason = "what fails is the loading")]
fn door() -> Result<Door, Unloaded> {
    Ok(Door {
        open: || {
            Box::pin(async {
                let local: Local = Rc::new(Ledger::open().await?);
                Ok(local)
            })
        },
        delete_unopened: || Box::pin(Ledger::delete_unopened()),
        unopened_records: || Box::pin(Ledger::unopened_records()),
    })
}
