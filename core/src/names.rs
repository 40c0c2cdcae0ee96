//! Remembers names, with or without regard to case: one hash table for every purpose, since each further
//! kind of table is another kilobyte of code.

use alloc::borrow::Cow;
use alloc::vec::Vec;
use core::hash::{BuildHasher, Hasher};

/// A seed that is worked out at run time costs a kilobyte, and in wasm it is always the same.
#[cfg(target_arch = "wasm32")]
use foldhash::fast::FixedState as HashState;
#[cfg(not(target_arch = "wasm32"))]
use hashbrown::DefaultHashBuilder as HashState;

/// Names seen so far, each with a number that tells namesakes apart, and with a value.
#[derive(Debug)]
pub struct Names<'a, V> {
    index: Index<'a>,
    values: Vec<V>,
}

impl<'a, V> Names<'a, V> {
    /// Names that differ in case alone differ.
    pub fn exact() -> Self {
        Self { index: Index::new(true, 0), values: Vec::new() }
    }

    /// Names that differ in case alone are the same; with room for so many.
    pub fn of_any_case(count: usize) -> Self {
        Self { index: Index::new(false, count), values: Vec::with_capacity(count) }
    }

    /// Remembers a name with its value. If it was seen before, gives what it was first seen with, and that
    /// stays.
    #[inline]
    pub fn insert(&mut self, name: impl Into<Cow<'a, str>>, number: u16, value: V) -> Option<&mut V> {
        match self.index.insert(name.into(), number) {
            Some(index) => self.values.get_mut(index),
            None => {
                self.values.push(value);
                None
            }
        }
    }

    /// What a name was first seen with.
    #[inline]
    pub fn get(&self, name: &str, number: u16) -> Option<&V> {
        self.values.get(self.index.find(self.index.hash(name, number), name, number)?)
    }
}

/// Names and their places, in the order in which they came.
#[derive(Debug)]
struct Index<'a> {
    exact: bool,
    names: Vec<(Cow<'a, str>, u16)>,
    hashes: Vec<u64>,
    /// A power of two of slots, at most half of them taken: the place of a name, counted from 1, in the slot that
    /// its hash tells or in one of those behind it. That is a tenth of `hashbrown`'s table.
    slots: Vec<u32>,
    hasher: HashState,
}

impl<'a> Index<'a> {
    #[inline(never)]
    fn new(exact: bool, count: usize) -> Self {
        Self {
            exact,
            names: Vec::with_capacity(count),
            hashes: Vec::with_capacity(count),
            slots: alloc::vec![0; slots(count)],
            hasher: HashState::default(),
        }
    }

    /// The place of a name that is there; one that is not is put in at the end.
    #[inline(never)]
    fn insert(&mut self, name: Cow<'a, str>, number: u16) -> Option<usize> {
        let hash = self.hash(&name, number);
        if let Some(index) = self.find(hash, &name, number) {
            return Some(index);
        }
        self.names.push((name, number));
        self.hashes.push(hash);
        if self.slots.len() < slots(self.names.len()) {
            self.slots = alloc::vec![0; slots(self.names.len().saturating_mul(2))];
            (1..).zip(&self.hashes).for_each(|(place, &hash)| put(&mut self.slots, hash, place));
        } else if let Ok(place) = u32::try_from(self.names.len()) {
            put(&mut self.slots, hash, place);
        }
        None
    }

    #[inline(never)]
    fn find(&self, hash: u64, name: &str, number: u16) -> Option<usize> {
        // Half of the slots are free: the search comes to one.
        for &slot in probe(&self.slots, hash) {
            let index = usize::try_from(slot).ok()?.checked_sub(1)?;
            if self.hashes.get(index) == Some(&hash) && self.is(index, name, number) {
                return Some(index);
            }
        }
        None
    }

    fn is(&self, index: usize, name: &str, number: u16) -> bool {
        self.names.get(index).is_some_and(|(other, of)| {
            *of == number && if self.exact { *other == name } else { other.eq_ignore_ascii_case(name) }
        })
    }

    /// Eight bytes at a time.
    fn hash(&self, name: &str, number: u16) -> u64 {
        let fold = |word| if self.exact { word } else { small(word) };
        let mut hasher = self.hasher.build_hasher();
        let (chunks, rest) = name.as_bytes().as_chunks();
        for &chunk in chunks {
            hasher.write_u64(fold(u64::from_le_bytes(chunk)));
        }
        // The last eight again; of shorter names, all.
        let last = match name.as_bytes().last_chunk() {
            Some(&last) => u64::from_le_bytes(last),
            None => rest.iter().fold(0, |last, &byte| (last << 8) | u64::from(byte)),
        };
        hasher.write_u64(fold(last));
        hasher.write_u16(number);
        hasher.finish()
    }
}

/// Eight bytes, ASCII's capitals among them as small letters. Nothing else changes: names of characters that only look
/// alike to a quicker way would all come to one slot.
fn small(word: u64) -> u64 {
    const EACH: u64 = 0x0101_0101_0101_0101;
    let low = word & (EACH.wrapping_mul(0x7f));
    // The highest bit of a byte tells that it is `A` or more, or more than `Z`.
    let from_a = low.wrapping_add(EACH.wrapping_mul(0x3f));
    let behind_z = low.wrapping_add(EACH.wrapping_mul(0x25));
    let capitals = (from_a ^ behind_z) & !word & EACH.wrapping_mul(0x80);
    word | (capitals >> 2)
}

/// How many slots so many names need.
fn slots(count: usize) -> usize {
    count.saturating_mul(2).checked_next_power_of_two().map_or(8, |slots| slots.max(8))
}

/// The slots in the order in which one is looked for.
fn probe(slots: &[u32], hash: u64) -> impl Iterator<Item = &u32> {
    let first = usize::try_from(hash & u64::from(u32::MAX)).unwrap_or(0) & slots.len().wrapping_sub(1);
    let (before, from) = slots.split_at_checked(first).unwrap_or_default();
    from.iter().chain(before)
}

/// Takes the first free slot.
fn put(slots: &mut [u32], hash: u64, place: u32) {
    let first = usize::try_from(hash & u64::from(u32::MAX)).unwrap_or(0) & slots.len().wrapping_sub(1);
    let (before, from) = slots.split_at_mut_checked(first).unwrap_or_default();
    if let Some(free) = from.iter_mut().chain(before).find(|slot| **slot == 0) {
        *free = place;
    }
}

#[cfg(test)]
mod tests {
    use super::{Names, small};

    #[test]
    fn only_capitals_become_small() {
        for byte in 0..=u8::MAX {
            for place in 0..8 {
                let mut bytes = [b'Z'; 8];
                bytes[place] = byte;
                let expected = u64::from_le_bytes(bytes.map(|byte| byte.to_ascii_lowercase()));
                assert_eq!(small(u64::from_le_bytes(bytes)), expected, "{bytes:?}");
            }
        }
    }

    #[test]
    fn case_is_nothing_and_the_number_counts() {
        let mut seen = Names::of_any_case(0);
        assert_eq!(seen.insert("/subscriptions/web1", 22, 'a'), None);
        assert_eq!(seen.insert("/SUBscriptions/WEB1", 22, 'b'), Some(&mut 'a'));
        assert_eq!(seen.insert("/subscriptions/web1", 22, 'c'), Some(&mut 'a'));
        assert_eq!(seen.insert("/subscriptions/web1", 23, 'd'), None);
        assert_eq!(seen.insert("/subscriptions/web", 22, 'e'), None);
        // These differ in that one bit, and are not the same.
        assert_eq!(seen.insert("web@", 0, 'f'), None);
        assert_eq!(seen.insert("web`", 0, 'g'), None);
        assert_eq!(seen.insert("", 0, 'h'), None);
        assert_eq!(seen.insert("", 0, 'i'), Some(&mut 'h'));
        assert_eq!(seen.get("/subscriptions/WEB1", 23), Some(&'d'));
        assert_eq!(seen.get("/subscriptions/web1", 24), None);
    }

    #[test]
    fn many_names_are_all_found_again() {
        let mut seen = Names::exact();
        let name = |number: u16| alloc::format!("name {}", number / 3);
        for number in 0..3000 {
            assert_eq!(seen.insert(name(number), number % 3, number), None);
        }
        for number in 0..3000 {
            assert_eq!(seen.insert(name(number), number % 3, 0), Some(&mut number.clone()));
            assert_eq!(seen.get(&name(number), 4), None);
        }
    }

    #[test]
    fn exact_names_differ_in_case() {
        let mut seen = Names::exact();
        assert_eq!(seen.insert("number", 0, 'a'), None);
        assert_eq!(seen.insert("Number", 0, 'b'), None);
        assert_eq!(seen.insert("number", 0, 'c'), Some(&mut 'a'));
    }
}
