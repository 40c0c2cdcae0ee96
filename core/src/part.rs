//! Looks for short words in short texts, and compares them. The standard library's search is quick in long
//! ones, and large; its comparison goes byte by byte in wasm.

use alloc::string::String;

/// True when both are the same, eight bytes at a time.
#[inline]
pub fn same(a: &str, b: &str) -> bool {
    let (a, b) = (a.as_bytes(), b.as_bytes());
    if a.len() != b.len() {
        return false;
    }
    match (a.last_chunk::<8>(), b.last_chunk::<8>()) {
        (Some(end), Some(other)) => {
            let (chunks, others) = (a.as_chunks::<8>().0, b.as_chunks::<8>().0);
            end == other && chunks.iter().zip(others).all(|(one, other)| one == other)
        }
        _ => a.iter().zip(b).all(|(one, other)| one == other),
    }
}

/// True when both are the same but for the case of ASCII letters: at once where they are the same in that, too.
#[inline]
pub fn same_in_any_case(a: &str, b: &str) -> bool {
    same(a, b) || a.same_in_any_case(b)
}

/// What the standard library puts into every place that calls it, made once.
pub trait AnyCase {
    /// True when both are the same but for the case of ASCII letters.
    fn same_in_any_case(&self, other: &str) -> bool;
}

impl AnyCase for str {
    #[inline(never)]
    fn same_in_any_case(&self, other: &str) -> bool {
        self.eq_ignore_ascii_case(other)
    }
}

/// Without the white space around it.
#[inline(never)]
pub fn trim(text: &str) -> &str {
    text.trim()
}

/// All of these, one after the other, with the same text between each two.
pub fn join(parts: &[impl AsRef<str>], between: &str) -> String {
    let mut text = String::new();
    for (part, before) in parts.iter().zip(core::iter::once("").chain(core::iter::repeat(between))) {
        text.push_str(before);
        text.push_str(part.as_ref());
    }
    text
}

/// What stands in front of the first such character, and what behind it.
#[inline(never)]
pub fn cut(text: &str, at: char) -> Option<(&str, &str)> {
    text.split_once(at)
}

/// True when the character stands anywhere.
#[inline(never)]
pub fn has(text: &str, char: char) -> bool {
    // The standard library's search for a character carries its search for texts along.
    text.chars().any(|one| one == char)
}

/// Where the word first stands; it must not be empty.
#[inline(never)]
pub fn find(text: &str, word: &str) -> Option<usize> {
    text.as_bytes().windows(word.len().max(1)).position(|part| part == word.as_bytes())
}

/// Where the word last stands.
#[inline(never)]
pub fn rfind(text: &str, word: &str) -> Option<usize> {
    text.as_bytes().windows(word.len().max(1)).rposition(|part| part == word.as_bytes())
}

/// True when the word stands anywhere.
pub fn contains(text: &str, word: &str) -> bool {
    find(text, word).is_some()
}

/// What stands in front of the word where it is first, and what behind it.
pub fn split_once<'t>(text: &'t str, word: &str) -> Option<(&'t str, &'t str)> {
    let (before, rest) = text.split_at_checked(find(text, word)?)?;
    Some((before, rest.strip_prefix(word)?))
}

#[cfg(test)]
mod tests {
    use super::{contains, find, join, rfind, same, split_once};

    #[test]
    fn as_the_standard_library_finds() {
        for text in ["", "a", "ab", "abab", "é/*é*/é", "key: value: more", "://"] {
            for word in ["a", "ab", "b", "*/", ": ", "é", "://", "abc"] {
                assert_eq!(same(text, word), text == word);
                assert_eq!(find(text, word), text.find(word));
                assert_eq!(rfind(text, word), text.rfind(word));
                assert_eq!(contains(text, word), text.contains(word));
                assert_eq!(split_once(text, word), text.split_once(word));
            }
        }
    }

    #[test]
    fn as_the_standard_library_joins() {
        let cases: [&[&str]; 4] = [&[], &["one"], &["one", "two"], &["", "two", "", "four"]];
        for parts in cases {
            assert_eq!(join(parts, ", "), parts.join(", "));
        }
    }

    #[test]
    fn every_byte_counts() {
        let text = "maxRequestAccessDuration";
        for len in 0..=text.len() {
            let word = text.get(..len).unwrap();
            assert!(same(word, &alloc::string::String::from(word)));
            for at in 0..len {
                let mut other = alloc::string::String::from(word);
                other.replace_range(at..=at, "?");
                assert!(!same(word, &other), "{word} {other}");
            }
        }
    }
}
