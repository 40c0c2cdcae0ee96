//! The files that tell of the network: opened, dropped or pasted, in the order they came.
use std::sync::Arc;

use leptos::prelude::*;

use super::findings::Source;

/// One file.
#[derive(Clone, PartialEq)]
pub struct NetworkFile {
    /// What tells it from another of the same name.
    pub id: u32,
    pub name: String,
    pub source: Source,
}

/// All of them.
#[derive(Clone, Copy)]
pub struct Network {
    pub files: RwSignal<Vec<NetworkFile>>,
    /// True when they are too long for the link, which then goes without them.
    pub unshared: RwSignal<bool>,
    next: StoredValue<u32>,
    /// The user has put files here or taken some away: these cannot be had back from where the others came.
    edited: StoredValue<bool>,
}

impl Network {
    pub fn new() -> Self {
        Self {
            files: RwSignal::new(Vec::new()),
            unshared: RwSignal::new(false),
            next: StoredValue::new(0),
            edited: StoredValue::new(false),
        }
    }

    /// A file comes beside the others; one of the same name is replaced, as it is most likely a newer export.
    pub fn add(self, name: &str, bytes: Vec<u8>) {
        let file = self.file(name, bytes);
        self.edited.set_value(true);
        self.files.update(|files| match files.iter_mut().find(|other| other.name == name) {
            Some(other) => *other = file,
            None => files.push(file),
        });
    }

    /// A text without a name of its own comes beside the others.
    pub fn paste(self, text: String) {
        let taken =
            |name: &str| self.files.with_untracked(|files| files.iter().any(|file| file.name == name));
        let mut names = (1_u32..).map(|number| format!("pasted-{number}.json"));
        if let Some(name) = names.find(|name| !taken(name)) {
            self.add(&name, text.into());
        }
    }

    pub fn remove(self, id: u32) {
        self.edited.set_value(true);
        self.files.update(|files| files.retain(|file| file.id != id));
    }

    /// True where something would be lost with the files.
    pub fn is_edited(self) -> bool {
        self.edited.get_value() && self.files.with_untracked(|files| !files.is_empty())
    }

    /// These files take the place of all others.
    pub fn open(self, files: impl IntoIterator<Item = (String, Arc<str>)>) {
        self.edited.set_value(false);
        let files: Vec<_> =
            files.into_iter().map(|(name, text)| self.file(&name, text.as_bytes().to_vec())).collect();
        // An empty network that stays empty is nothing new to anybody.
        if !(files.is_empty() && self.files.with_untracked(Vec::is_empty)) {
            self.files.set(files);
        }
    }

    /// Names and texts.
    pub fn texts(self) -> Vec<(String, Arc<str>)> {
        self.files.with(|files| {
            files.iter().map(|file| (file.name.clone(), Arc::clone(&file.source.text))).collect()
        })
    }

    fn file(self, name: &str, bytes: Vec<u8>) -> NetworkFile {
        let id = self.next.get_value();
        self.next.set_value(id.wrapping_add(1));
        NetworkFile { id, name: name.to_owned(), source: Source::read(bytes, true) }
    }
}
