//! Which member a name means that is none: another way of writing it, another word for it, or a slip of the pen.

use alloc::string::String;
use core::str::Chars;

use super::shape::{Need, Shape};
use crate::part::{self, AnyCase};

/// The index of the member with that name.
pub(super) fn position(shape: &Shape, text: &str) -> Option<usize> {
    shape.members.iter().position(|&(name, ..)| part::same(name, text))
}

/// A name without what other ways of writing names put in.
fn plain(text: &str) -> String {
    let letters = text.chars().filter(|char| !matches!(char, '_' | '-' | ' '));
    // No name has letters beyond ASCII.
    letters.map(|char| char.to_ascii_lowercase()).collect()
}

/// True for `Max_Request_Access_Duration` and `maxRequestAccessDuration`.
pub(super) fn same_letters(text: &str, name: &str) -> bool {
    plain(text).same_in_any_case(name)
}

/// The member that a name is meant for, with its index, and whether that is sure.
pub(super) fn meant(shape: &'static Shape, text: &str) -> Option<(usize, &'static str, bool)> {
    // The longest name has 28 letters.
    if text.len() > 64 {
        return None;
    }
    let (name, sure) = likely(shape, &plain(text))?;
    Some((position(shape, name)?, name, sure))
}

fn likely(shape: &'static Shape, plain: &str) -> Option<(&'static str, bool)> {
    let names = || shape.members.iter().filter(|(.., need)| *need != Need::Ignored).map(|&(name, ..)| name);
    if let Some(name) = names().find(|name| name.same_in_any_case(plain)) {
        return Some((name, true));
    }
    if let Some(&(_, name)) = shape.aliases.iter().find(|(alias, _)| *alias == plain) {
        // What a request has may belong to one that stands where a policy does.
        return Some((name, plain != "duration"));
    }
    // Two slips in a long name, one in a short one.
    let near = |name: &&str| is_near(plain, name, if name.len() < 8 { 1 } else { 2 });
    names().find(near).map(|name| (name, false))
}

/// True where so many letters at most must be put in, left out, changed or swapped to make one of the other, whose case
/// is nothing. Long names are nobody's slip.
fn is_near(plain: &str, name: &str, most: usize) -> bool {
    plain.len().abs_diff(name.len()) <= 2 && are_near(plain.chars(), name.chars(), most)
}

fn are_near(mut a: Chars, mut b: Chars, most: usize) -> bool {
    // What is the same in front costs nothing to skip.
    let (before_a, one, before_b, other) = loop {
        let (before_a, before_b) = (a.clone(), b.clone());
        match (a.next(), b.next()) {
            (Some(one), Some(other)) if one.eq_ignore_ascii_case(&other) => {}
            (None, None) => return true,
            (one, other) => break (before_a, one, before_b, other),
        }
    };
    let Some(most) = most.checked_sub(1) else { return false };
    let left_out = || are_near(before_a, b.clone(), most);
    let put_in = || are_near(a.clone(), before_b, most);
    let (Some(one), Some(other)) = (one, other) else {
        return if one.is_some() { put_in() } else { left_out() };
    };
    are_near(a.clone(), b.clone(), most)
        || left_out()
        || put_in()
        || (a.next().is_some_and(|next| next.eq_ignore_ascii_case(&other))
            && b.next().is_some_and(|next| next.eq_ignore_ascii_case(&one))
            && are_near(a, b, most))
}

#[cfg(test)]
mod tests {
    use super::super::shape::PORT_RULE;
    use super::{is_near, meant};

    #[test]
    fn near_names() {
        for (plain, slips) in
            [("protocol", 0), ("protcol", 1), ("portocol", 1), ("portcool", 2), ("pröttocol", 2)]
        {
            for most in 0..4 {
                assert_eq!(is_near(plain, "protocol", most), slips <= most, "{plain} {most}");
            }
        }
        assert_eq!(
            meant(&PORT_RULE, "Max_Request_Access_Duration"),
            Some((3, "maxRequestAccessDuration", true))
        );
        assert_eq!(meant(&PORT_RULE, "port"), Some((0, "number", true)));
        assert_eq!(meant(&PORT_RULE, "nubmer"), Some((0, "number", false)));
        assert_eq!(meant(&PORT_RULE, "comment"), None);
    }

    /// How many slips there are by definition, letter by letter from the end.
    fn slips(a: &[u8], b: &[u8]) -> usize {
        let ([rest @ .., last], [other_rest @ .., other_last]) = (a, b) else { return a.len().max(b.len()) };
        let changed = slips(rest, other_rest).saturating_add(usize::from(last != other_last));
        let put_or_left = slips(rest, b).min(slips(a, other_rest)).saturating_add(1);
        let least = changed.min(put_or_left);
        match (rest, other_rest) {
            ([rest @ .., swapped], [other_rest @ .., other_swapped])
                if swapped == other_last && other_swapped == last =>
            {
                least.min(slips(rest, other_rest).saturating_add(1))
            }
            _ => least,
        }
    }

    #[test]
    fn near_is_what_the_definition_says() {
        // All words of up to four letters of three.
        let mut words = alloc::vec![alloc::string::String::new()];
        for at in 0..40 {
            for letter in ["a", "b", "c"] {
                words.push(words[at].clone() + letter);
            }
        }
        for a in &words {
            for b in words.iter().filter(|b| a.len().abs_diff(b.len()) <= 2) {
                let slips = slips(a.as_bytes(), b.as_bytes());
                for most in 0..4 {
                    assert_eq!(is_near(a, &b.to_ascii_uppercase(), most), slips <= most, "{a} {b} {most}");
                }
            }
        }
    }
}
