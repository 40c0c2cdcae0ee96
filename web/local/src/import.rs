//! What goes into the data beside calls: files of a network; and how much there is of everything.

use std::collections::BTreeMap;
use std::sync::Arc;

use jitgate_core::Timestamp;
use jitgate_core::inventory::count;
use jitgate_core::ledger::{Command, Digest, Inventory, InventoryFile};
use jitgate_core::preview::{DocumentReport, load};

use crate::ask::Situation;
use crate::service::{Change, Service};

/// A file: its name, or its SHA-256, and its bytes.
pub(crate) type File = (String, Arc<[u8]>);

/// What was read of files that are imported.
#[derive(Clone, Debug, Default)]
pub struct Imported {
    /// Each file's name with what it holds, by a word: `virtualMachines`.
    pub files: Vec<(String, BTreeMap<String, u64>)>,
    /// What all of them hold together.
    pub counts: BTreeMap<String, u64>,
    /// What is to be said about each file, by its place.
    pub reports: Vec<DocumentReport>,
}

/// How much there is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    /// Records of what was done.
    pub records: usize,
    /// Policies.
    pub policies: usize,
    /// Grants that are open now.
    pub open: usize,
    /// The files of the inventory in use: names and sizes in bytes.
    pub files: Vec<(String, u64)>,
    /// The bytes of all records and files together.
    pub bytes: usize,
    /// When the last record was written.
    pub latest: Timestamp,
}

impl Service {
    /// How much there is of everything.
    pub fn kept(&self, now: Option<Timestamp>) -> Kept {
        let inventory = self.state.inventory().map(|inventory| inventory.files.as_slice());
        let files = inventory.unwrap_or_default().iter().map(|file| (file.name.clone(), file.size));
        let lines = self.lines.iter().map(|line| line.len());
        let sizes = lines.chain(self.files.values().map(|file| file.len()));
        Kept {
            records: self.lines.len(),
            policies: self.state.policy_count(),
            open: now.map_or(0, |now| self.state.live(self.state.present(now)).count()),
            files: files.collect(),
            bytes: sizes.fold(0, usize::saturating_add),
            latest: self.state.latest(),
        }
    }

    /// Imports files of a network, in place of those in use or, with `add`, beside them: those of the same names are
    /// newer ones. None is imported where nothing of a network is in them.
    pub fn import(
        &self,
        files: Vec<(String, Vec<u8>)>,
        add: bool,
        situation: &Situation,
    ) -> (Imported, Option<Change>) {
        let known = self.state.inventory().filter(|_| add).map(|inventory| inventory.files.as_slice());
        let kept = known.unwrap_or_default().iter().filter_map(|file| {
            let newer = files.iter().any(|(name, _)| *name == file.name);
            let bytes = self.files.get(&file.sha256).filter(|_| !newer)?;
            Some((file.name.clone(), Arc::clone(bytes)))
        });
        let kept: Vec<File> = kept.collect();
        let new = files.into_iter().map(|(name, bytes)| (name, bytes.into()));
        let all: Vec<File> = kept.into_iter().chain(new).collect();
        let contents: Vec<&[u8]> = all.iter().map(|(_, bytes)| &**bytes).collect();
        let loaded = load(&contents, Some(situation.now));
        let network = loaded.engine.network();
        let imported = Imported {
            files: (0..).zip(&all).map(|(at, (name, _))| (name.clone(), count(network, Some(at)))).collect(),
            counts: count(network, None),
            reports: loaded.reports,
        };
        if imported.counts.is_empty() {
            return (imported, None);
        }
        let (command, files) = import(all, imported.counts.clone());
        let (_, change) = self.execute(&command, situation, None);
        (imported, Some(Change { files, ..change }))
    }
}

/// The command that takes files in, each once, with what they hold; and the files by their digests.
pub(crate) fn import(files: Vec<File>, counts: BTreeMap<String, u64>) -> (Command, Vec<File>) {
    let mut inventory = Inventory { files: Vec::with_capacity(files.len()), counts };
    let mut contents = BTreeMap::new();
    for (name, bytes) in files {
        let sha256 = Digest::of(&bytes).to_string();
        let size = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        inventory.files.push(InventoryFile { name, sha256: sha256.clone(), size });
        contents.insert(sha256, bytes);
    }
    (Command::ImportInventory(inventory), contents.into_iter().collect())
}
