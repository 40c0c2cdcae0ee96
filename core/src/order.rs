//! One sort for every list that is not in order yet: the standard library's is made anew for each kind of
//! item, and is large.

use alloc::collections::BinaryHeap;
use alloc::vec::Vec;

/// Sorts by a key of at most 96 bits; items with equal keys stay as they stand.
pub fn sort<T>(items: &mut [T], key: impl Fn(&T) -> u128) {
    for (place, from) in swaps(items.iter().map(key).collect()).into_iter().enumerate() {
        items.swap(place, from);
    }
}

/// What each place is swapped with, one after the other, to bring these keys in order.
#[inline(never)]
fn swaps(mut keys: Vec<u128>) -> Vec<usize> {
    // With its index every key is one of a kind.
    for (key, index) in keys.iter_mut().zip(0_u128..) {
        *key = (*key << 32) | index;
    }
    let mut swaps: Vec<usize> = Vec::with_capacity(keys.len());
    for key in BinaryHeap::from(keys).into_sorted_vec() {
        let mut from = usize::try_from(key & u128::from(u32::MAX)).unwrap_or_default();
        // What stood at a place that is done with was swapped away.
        while let Some(&away) = swaps.get(from) {
            from = away;
        }
        swaps.push(from);
    }
    swaps
}

#[cfg(test)]
mod tests {
    use alloc::vec::Vec;

    use super::sort;

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
            sort(&mut items, |item| u128::from(item.0));
            assert_eq!(items, expected);
        }
    }
}
