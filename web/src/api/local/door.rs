//! The way to what this browser keeps. All behind it is code that is loaded only where data are kept here.
use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;

use jitgate_local::Imported;
use wasm_split_helpers::wasm_split;

use super::{Ledger, Store, Unstored};
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

    /// The number of records, the bytes of everything, and the files of the network.
    fn sizes(&self) -> (u64, usize, Vec<(String, u64)>);

    /// Everything as one file.
    fn archive(&self) -> String;

    /// Puts an exported ledger in place of everything, and tells how many records it had.
    fn restore(&self, text: String) -> Doing<usize>;

    /// Puts the made-up fleet in place of everything.
    fn demo(&self, file: String) -> Doing<()>;

    /// Forgets everything.
    fn begin_anew(&self) -> Doing<()>;

    /// Imports files of a network, beside those in use or in place of them.
    fn import(&self, files: Vec<(String, Vec<u8>)>, add: bool) -> Doing<Imported>;
}

/// Opens what this browser keeps.
pub async fn open() -> Result<Local, String> {
    let (open, _) = door().await.map_err(|Unloaded| UNLOADED)?;
    open().await
}

/// Forgets everything where it cannot even be opened.
pub async fn delete_unopened() -> Result<(), String> {
    let (_, delete) = door().await.map_err(|Unloaded| UNLOADED)?;
    delete().await
}

const UNLOADED: &str =
    "The part of the portal that reads it could not be loaded. Reload the page to try again.";

type Door = (fn() -> Doing<Local>, fn() -> Doing<()>);

#[wasm_split(local, fallible)]
#[allow(clippy::unnecessary_wraps, reason = "what fails is the loading")]
fn door() -> Result<Door, Unloaded> {
    Ok((
        || {
            Box::pin(async {
                let local: Local = Rc::new(Ledger::open().await?);
                Ok(local)
            })
        },
        || {
            Box::pin(async {
                let store = Store::open().await.map_err(|fault| fault.words)?;
                store.append(&Unstored::default(), None).await.map(drop).map_err(|fault| fault.words)
            })
        },
    ))
}
