//! What the data in this browser can be filled with: the demo fleet, a restored ledger, exports of one's own.
use std::sync::Arc;

use leptos::prelude::*;
use leptos::task::spawn_local;
use web_sys::File;

use crate::api::{Archive, BadArchive, Imported};
use crate::browser;
use crate::state::Session;
use crate::ui::Toast;

/// The demo fleet's file, which is loaded only when it is wanted.
const DEMO: &str = "jitgate-demo";

/// Where files hold nothing to import.
const NOTHING: &str = "No resource of a network was found, and nothing was imported.";
const LEDGER: &str = "Open it with “Restore an exported ledger”.";

/// Fills the data, and says how it goes.
#[derive(Clone, Copy)]
pub struct Fill {
    /// What is under way; empty for nothing.
    pub busy: RwSignal<&'static str>,
    /// What went wrong; empty for nothing.
    pub fault: RwSignal<String>,
    /// A ledger to be restored, once the user has said so.
    pub archive: RwSignal<Option<Arc<Archive>>>,
    /// The demo fleet is wanted where something is: once the user has said so.
    pub demo_asked: RwSignal<bool>,
    /// What was read of exports.
    pub imported: RwSignal<Option<Imported>>,
    session: Session,
    toast: Toast,
}

impl Fill {
    pub fn new() -> Self {
        Self {
            busy: RwSignal::new(""),
            fault: RwSignal::new(String::new()),
            archive: RwSignal::new(None),
            demo_asked: RwSignal::new(false),
            imported: RwSignal::new(None),
            session: expect_context(),
            toast: expect_context(),
        }
    }

    fn begin(self, what: &'static str) {
        self.busy.set(what);
        self.fault.set(String::new());
        self.imported.set(None);
    }

    fn end(self, outcome: Result<String, String>) {
        // Whoever has left the page meanwhile hears of it all the same.
        self.busy.try_set("");
        match outcome {
            Ok(done) => {
                browser::persist();
                self.session.beginning.set(false);
                self.toast.say(done);
            }
            Err(fault) => drop(self.fault.try_set(fault)),
        }
    }

    /// The made-up fleet: `over` everything, or else at once only where there is nothing.
    pub fn demo(self, over: bool) {
        let Some(local) = self.session.local() else { return };
        self.begin("Making the demo fleet…");
        spawn_local(async move {
            let outcome = match browser::own_file(DEMO).await {
                Ok(file) => local.demo(file, over).await,
                Err(fault) => Err(format!("The demo fleet could not be loaded: {fault}")),
            };
            if outcome == Ok(false) {
                self.busy.try_set("");
                self.demo_asked.try_set(true);
                return;
            }
            self.end(outcome.map(|_| "The demo fleet is here.".to_owned()));
        });
    }

    /// An exported ledger in place of everything: at once where there is nothing, else when the user has said so.
    pub fn restore(self, files: Vec<File>) {
        let (Some(local), Some(file)) = (self.session.local(), files.into_iter().next()) else { return };
        self.begin("Checking the file…");
        spawn_local(async move {
            let read = match browser::read_file(&file).await {
                Ok(bytes) => local.read_archive(&String::from_utf8_lossy(&bytes)).map_err(|bad| words(&bad)),
                Err(_) => Err("it could not be read.".to_owned()),
            };
            match read {
                Ok(archive) => self.put_archive(Arc::new(archive), false),
                Err(fault) => {
                    self.end(Err(format!(
                        "{} was not restored, and nothing has changed: {fault}",
                        file.name()
                    )));
                }
            }
        });
    }

    /// Puts a ledger that was read here, likewise. The page may have been left since it was opened.
    pub fn put_archive(self, archive: Arc<Archive>, over: bool) {
        let Some(local) = self.session.local() else { return };
        self.begin("Restoring…");
        spawn_local(async move {
            let outcome = local.restore(&archive, over).await;
            if outcome == Ok(false) {
                self.busy.try_set("");
                self.archive.try_set(Some(archive));
                return;
            }
            let records = archive.records;
            self.end(outcome.map(|_| format!("The chain of {records} records is whole. They are here.")));
        });
    }

    /// Everything goes.
    pub fn begin_anew(self) {
        let Some(local) = self.session.local() else { return };
        self.begin("Deleting…");
        spawn_local(async move {
            match local.begin_anew().await {
                Ok(()) => {
                    self.busy.try_set("");
                    self.session.beginning.set(true);
                    self.toast.say("Everything was deleted.");
                }
                Err(fault) => self.end(Err(fault)),
            }
        });
    }

    /// Exports of one's own, beside the files that are there or in place of them.
    pub fn import(self, files: Vec<File>, add: bool) {
        let Some(local) = self.session.local() else { return };
        self.begin("Reading the files…");
        spawn_local(async move {
            let mut read = Vec::new();
            for file in files {
                match browser::read_file(&file).await {
                    Ok(bytes) => read.push((file.name(), bytes)),
                    Err(_) => {
                        return self
                            .end(Err(format!("{} could not be read. Nothing was imported.", file.name())));
                    }
                }
            }
            if let Some((name, _)) = read.iter().find(|(_, bytes)| Archive::is_one(bytes)) {
                return self
                    .end(Err(format!("{name} is an exported ledger, and nothing was imported. {LEDGER}")));
            }
            let stays = self.session.stays;
            stays.set_value(true);
            let outcome = local.import(read, add).await;
            stays.set_value(outcome.as_ref().is_ok_and(|imported| !imported.counts.is_empty()));
            self.busy.try_set("");
            match outcome {
                Ok(imported) => {
                    if imported.counts.is_empty() {
                        self.fault.try_set(NOTHING.to_owned());
                    } else {
                        browser::persist();
                    }
                    self.imported.try_set(Some(imported));
                }
                Err(fault) => drop(self.fault.try_set(fault)),
            }
        });
    }
}

/// Why a file is not restored, and what it may be instead.
fn words(bad: &BadArchive) -> String {
    match bad {
        BadArchive::Other => {
            "this is no exported ledger. Exports of a network are opened with “Open your own exports”."
                .to_owned()
        }
        bad => bad.to_string(),
    }
}
