//! One sort for every list that is not in order yet: the standard library's is made anew for each kind of
//! item, and is large.

use alloc::vec::Vec;
use core::cmp::Ordering;

/// Sorts by a key of at most 96 bits; items with equal keys stay as they stand.
pub fn sort<T>(items: &mut [T], key: impl Fn(&T) -> u128) {
    swap(items, swaps_of_keys(items.iter().map(key).collect()));
}

/// Sorts by a comparison, which takes longer than by a key; equal items stay as they stand.
pub fn sort_by<T>(items: &mut [T], compare: impl Fn(&T, &T) -> Ordering) {
    let there = &*items;
    let swaps = swaps_of_comparison(there.len(), &|one, other| {
        there.get(one).zip(there.get(other)).map_or(Ordering::Equal, |(one, other)| compare(one, other))
    });
    swap(items, swaps);
}

/// Sorts in ascending order, and keeps one of those that are equal.
pub fn distinct<T: Ord>(items: &mut Vec<T>) {
    if !items.is_sorted_by(|one, other| one < other) {
        sort_by(items, T::cmp);
        items.dedup();
    }
}

fn swap<T>(items: &mut [T], swaps: Vec<usize>) {
    for (place, from) in swaps.into_iter().enumerate() {
        items.swap(place, from);
    }
}

#[inline(never)]
fn swaps_of_keys(mut keys: Vec<u128>) -> Vec<usize> {
    // With its index every key is one of a kind.
    for (key, index) in keys.iter_mut().zip(0_u128..) {
        *key = (*key << 32) | index;
    }
    let sorted = merged(keys).into_iter();
    swaps(sorted.map(|key| usize::try_from(key & u128::from(u32::MAX)).unwrap_or_default()))
}

#[inline(never)]
fn swaps_of_comparison(count: usize, compare: &dyn Fn(usize, usize) -> Ordering) -> Vec<usize> {
    let mut order: Vec<usize> = (0..count).collect();
    order.sort_by(|one, other| compare(*one, *other));
    swaps(order.into_iter())
}

/// What each place is swapped with, one after the other, so that the items come in this order.
fn swaps(order: impl ExactSizeIterator<Item = usize>) -> Vec<usize> {
    let mut swaps: Vec<usize> = Vec::with_capacity(order.len());
    for mut from in order {
        // What stood at a place that is done with was swapped away.
        while let Some(&away) = swaps.get(from) {
            from = away;
        }
        swaps.push(from);
    }
    swaps
}

/// The keys in order: runs that are in order already are merged two by two. What comes from one walk over a document
/// has few.
fn merged(mut keys: Vec<u128>) -> Vec<u128> {
    loop {
        let mut next = Vec::with_capacity(keys.len());
        let mut runs = keys.chunk_by(|a, b| a <= b);
        let mut count = 0_usize;
        while let Some(mut one) = runs.next() {
            let mut other = runs.next().unwrap_or_default();
            while let (Some((&a, rest)), Some((&b, others))) = (one.split_first(), other.split_first()) {
                if a <= b {
                    next.push(a);
                    one = rest;
                } else {
                    next.push(b);
                    other = others;
                }
            }
            next.extend_from_slice(one);
            next.extend_from_slice(other);
            count = count.saturating_add(1);
        }
        if count < 2 {
            return next;
        }
        keys = next;
    }
}

#[cfg(test)]
mod tests {
    use alloc::vec::Vec;

    use super::{distinct, sort, sort_by};

    #[test]
    fn as_the_standard_library_sorts() {
        let mut number = 1_u32;
        for len in 0..200_u32 {
            let mut items: Vec<(u32, u32)> = Vec::new();
            for index in 0..len {
                number = number.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                items.push((number >> 26, index));
            }
            let mut expected = items.clone();
            expected.sort_by_key(|item| item.0);
            let mut others = items.clone();
            sort(&mut items, |item| u128::from(item.0));
            assert_eq!(items, expected);
            sort_by(&mut others, |one, other| one.0.cmp(&other.0));
            assert_eq!(others, expected);
            let mut keys: Vec<u32> = expected.iter().rev().map(|item| item.0).collect();
            distinct(&mut keys);
            expected.dedup_by_key(|item| item.0);
            assert!(keys.into_iter().eq(expected.into_iter().map(|item| item.0)));
        }
    }
}
