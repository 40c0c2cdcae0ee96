//! Which rows are chosen. Rows that are not shown stay chosen.
use std::collections::BTreeSet;

use leptos::prelude::*;

/// The chosen rows, by their numbers.
#[derive(Clone, Copy)]
pub struct Selection {
    chosen: RwSignal<BTreeSet<u32>>,
    /// Where the next range begins.
    anchor: StoredValue<Option<u32>>,
}

impl Selection {
    pub fn new() -> Self {
        Self { chosen: RwSignal::new(BTreeSet::new()), anchor: StoredValue::new(None) }
    }

    pub fn has(self, key: u32) -> bool {
        self.chosen.with(|chosen| chosen.contains(&key))
    }

    /// The chosen ones.
    pub fn with<T>(self, read: impl FnOnce(&BTreeSet<u32>) -> T) -> T {
        self.chosen.with(read)
    }

    /// How many of them are chosen.
    pub fn count_of(self, keys: &[u32]) -> usize {
        self.chosen.with(|chosen| {
            if chosen.is_empty() { 0 } else { keys.iter().filter(|key| chosen.contains(key)).count() }
        })
    }

    /// The other way than it was: a row, or with `range` all from the one before.
    pub fn choose(self, key: u32, range: bool, keys: &[u32]) {
        let place = |key: u32| keys.iter().position(|own| *own == key);
        let from = self.anchor.get_value().filter(|_| range).and_then(place);
        self.anchor.set_value(Some(key));
        self.chosen.update(|chosen| {
            let on = !chosen.contains(&key);
            let single = [key];
            let those = match (from, place(key)) {
                (Some(from), Some(to)) => keys.get(from.min(to)..=from.max(to)).unwrap_or(&single),
                _ => &single,
            };
            put(chosen, those, on);
        });
    }

    /// All of them, or none of them where all are chosen.
    pub fn choose_all(self, keys: &[u32]) {
        let on = untrack(|| self.count_of(keys)) < keys.len();
        self.chosen.update(|chosen| put(chosen, keys, on));
    }

    /// None at all.
    pub fn clear(self) {
        self.chosen.update(BTreeSet::clear);
    }
}

fn put(chosen: &mut BTreeSet<u32>, keys: &[u32], on: bool) {
    for key in keys {
        if on {
            chosen.insert(*key);
        } else {
            chosen.remove(key);
        }
    }
}
