//! Texts in a row, each of them once: a hundred thousand machines have a million.

use alloc::string::String;
use alloc::vec::Vec;
use core::hash::BuildHasher;

use hashbrown::{DefaultHashBuilder, HashTable};

/// Texts by their places.
#[derive(Debug, Default)]
pub(super) struct Texts {
    all: String,
    /// Where each ends, and the next begins.
    ends: Vec<u32>,
}

/// Texts while they are collected.
#[derive(Default)]
pub(super) struct Collected {
    texts: Texts,
    places: HashTable<u32>,
    hasher: DefaultHashBuilder,
}

impl Texts {
    /// The text at a place.
    pub(super) fn get(&self, place: u32) -> Option<&str> {
        let place = usize::try_from(place).ok()?;
        let start = match place.checked_sub(1) {
            Some(before) => *self.ends.get(before)?,
            None => 0,
        };
        let end = *self.ends.get(place)?;
        self.all.get(usize::try_from(start).ok()?..usize::try_from(end).ok()?)
    }
}

impl Collected {
    /// The place of a text; none where all together are longer than 4 GiB.
    pub(super) fn keep(&mut self, text: &str) -> Option<u32> {
        let Self { texts, places, hasher } = self;
        let hash = hasher.hash_one(text);
        if let Some(place) = places.find(hash, |place| texts.get(*place) == Some(text)) {
            return Some(*place);
        }
        let place = u32::try_from(texts.ends.len()).ok()?;
        let end = u32::try_from(texts.all.len().checked_add(text.len())?).ok()?;
        texts.all.push_str(text);
        texts.ends.push(end);
        places.insert_unique(hash, place, |place| hasher.hash_one(texts.get(*place).unwrap_or_default()));
        Some(place)
    }

    /// All of them.
    pub(super) fn done(self) -> Texts {
        let mut texts = self.texts;
        texts.all.shrink_to_fit();
        texts.ends.shrink_to_fit();
        texts
    }
}
