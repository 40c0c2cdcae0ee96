//! Looks for short words in short texts. The standard library's search is quick in long ones, and large.

/// Where the word first stands; it must not be empty.
pub fn find(text: &str, word: &str) -> Option<usize> {
    text.as_bytes().windows(word.len().max(1)).position(|part| part == word.as_bytes())
}

/// Where the word last stands.
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
    use super::{contains, find, rfind, split_once};

    #[test]
    fn as_the_standard_library_finds() {
        for text in ["", "a", "ab", "abab", "é/*é*/é", "key: value: more", "://"] {
            for word in ["a", "ab", "b", "*/", ": ", "é", "://", "abc"] {
                assert_eq!(find(text, word), text.find(word));
                assert_eq!(rfind(text, word), text.rfind(word));
                assert_eq!(contains(text, word), text.contains(word));
                assert_eq!(split_once(text, word), text.split_once(word));
            }
        }
    }
}
