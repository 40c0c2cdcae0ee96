//! Keys of what is shown in rows.

/// FNV-1a's, for 32 bits.
const OFFSET: u32 = 0x811c_9dc5;
const PRIME: u32 = 0x0100_0193;

/// The key of what these texts tell from others. Two that share one by chance are taken for each other where they stand.
#[must_use]
pub fn key_of(texts: &[&str]) -> u32 {
    let step = |key: u32, byte: u8| (key ^ u32::from(byte)).wrapping_mul(PRIME);
    // No text has this byte.
    texts.iter().fold(OFFSET, |key, text| step(text.bytes().fold(key, step), 0xff))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_differs_has_another_key() {
        let cases: [&[&str]; 7] = [&[], &[""], &["a"], &["a", ""], &["", "a"], &["ab", "c"], &["a", "bc"]];
        for (place, one) in cases.iter().enumerate() {
            for (other_place, other) in cases.iter().enumerate() {
                assert_eq!(key_of(one) == key_of(other), place == other_place, "{one:?} {other:?}");
            }
        }
    }

    #[test]
    fn it_is_fnv_1a() {
        // `a` and the byte behind it: 0xe40c292c is FNV-1a's of `a`.
        assert_eq!(key_of(&["a"]), (0xe40c_292c_u32 ^ 0xff).wrapping_mul(PRIME));
    }
}
