//! Remembers names without regard to case and without copies: ten thousand machines cost one table.

use core::hash::{BuildHasher, Hasher};

use hashbrown::DefaultHashBuilder;
use hashbrown::hash_table::{Entry, HashTable};

/// Names seen so far, each with a number that tells namesakes apart, and with what was first seen there.
#[derive(Debug)]
pub struct Seen<'a, V> {
    table: HashTable<(&'a str, u16, V)>,
    hasher: DefaultHashBuilder,
}

impl<'a, V: Copy> Seen<'a, V> {
    /// With room for so many.
    pub fn with_capacity(count: usize) -> Self {
        Self { table: HashTable::with_capacity(count), hasher: DefaultHashBuilder::default() }
    }

    /// Remembers a name; returns what it was first seen with, if it was seen before.
    pub fn insert(&mut self, name: &'a str, number: u16, value: V) -> Option<V> {
        let hasher = &self.hasher;
        let hash = |&(name, number, _): &(&str, u16, V)| fold(hasher, name, number);
        let same = |&(other, of, _): &(&str, u16, V)| of == number && other.eq_ignore_ascii_case(name);
        match self.table.entry(fold(hasher, name, number), same, hash) {
            Entry::Occupied(entry) => Some(entry.get().2),
            Entry::Vacant(entry) => {
                entry.insert((name, number, value));
                None
            }
        }
    }
}

/// The same for names that differ in case only, eight bytes at a time.
fn fold(builder: &DefaultHashBuilder, name: &str, number: u16) -> u64 {
    // The bit in which small letters differ from capitals; that other characters meet does no harm here.
    const SMALL: u64 = 0x2020_2020_2020_2020;
    let mut hasher = builder.build_hasher();
    let (chunks, rest) = name.as_bytes().as_chunks();
    for &chunk in chunks {
        hasher.write_u64(u64::from_le_bytes(chunk) | SMALL);
    }
    let mut last = [0; 8];
    last.iter_mut().zip(rest).for_each(|(to, &from)| *to = from);
    hasher.write_u64(u64::from_le_bytes(last) | SMALL);
    hasher.write_u16(number);
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::Seen;

    #[test]
    fn case_is_nothing_and_the_number_counts() {
        let mut seen = Seen::with_capacity(0);
        assert_eq!(seen.insert("/subscriptions/web1", 22, 'a'), None);
        assert_eq!(seen.insert("/SUBscriptions/WEB1", 22, 'b'), Some('a'));
        assert_eq!(seen.insert("/subscriptions/web1", 22, 'c'), Some('a'));
        assert_eq!(seen.insert("/subscriptions/web1", 23, 'd'), None);
        assert_eq!(seen.insert("/subscriptions/web", 22, 'e'), None);
        // These differ in that one bit, and are not the same.
        assert_eq!(seen.insert("web@", 0, 'f'), None);
        assert_eq!(seen.insert("web`", 0, 'g'), None);
        assert_eq!(seen.insert("", 0, 'h'), None);
        assert_eq!(seen.insert("", 0, 'i'), Some('h'));
    }
}
