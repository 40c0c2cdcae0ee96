//! A string's text: borrowed where nothing is escaped, decoded where something is.

use alloc::borrow::Cow;
use alloc::string::String;

use super::{Node, NodeId, NodeKind, Tape};

use crate::part;

impl<'t> Tape<'t> {
    /// The node's value, if it is a string (or a name).
    #[inline(never)]
    pub fn string(&self, id: NodeId) -> Option<Cow<'t, str>> {
        let node = self.node(id);
        if node.kind != NodeKind::String {
            return None;
        }
        if self.is_script() && node.has(Node::MADE) {
            return self.made(id).map(|text| Cow::Owned(text.into()));
        }
        let content = self.content(node);
        Some(if node.has(Node::ESCAPED) { Cow::Owned(unescape(content)) } else { Cow::Borrowed(content) })
    }

    /// True for a string that surely stands for itself: no expression, no placeholder.
    #[inline]
    pub fn is_literal(&self, id: NodeId) -> bool {
        self.node(id).has(Node::PLAIN)
    }

    /// The string, if it is one without escapes: what valid documents hold.
    #[inline]
    pub fn plain(&self, id: NodeId) -> Option<&'t str> {
        let node = self.node(id);
        if node.kind == NodeKind::String && node.flags & !Node::PLAIN == 0 {
            return Some(self.slice_here(node.start.saturating_add(1), node.end.saturating_sub(1)));
        }
        (node.kind == NodeKind::String && !node.has(Node::ESCAPED)).then(|| self.content(node))
    }

    /// What stands between the quotes.
    fn content(&self, node: Node) -> &'t str {
        if node.has(Node::BARE) {
            return self.slice(node.start, node.end);
        }
        if node.has(Node::WIDE) {
            let mut content = self.slice(node.start, node.end).chars();
            content.next();
            if !node.has(Node::OPEN) {
                content.next_back();
            }
            return content.as_str();
        }
        let end = if node.has(Node::OPEN) { node.end } else { node.end.saturating_sub(1) };
        self.slice(node.start.saturating_add(1), end)
    }
}

/// Unknown escapes stay as they are written, half surrogates become U+FFFD: both are slips already.
fn unescape(content: &str) -> String {
    let mut text = String::with_capacity(content.len());
    let mut rest = content;
    while let Some((before, escape)) = part::cut(rest, '\\') {
        text.push_str(before);
        let mut chars = escape.chars();
        let char = match chars.next() {
            Some('b') => '\u{8}',
            Some('f') => '\u{c}',
            Some('n') => '\n',
            Some('r') => '\r',
            Some('t') => '\t',
            Some('u') => {
                let (char, after) = unicode(escape.get(1..).unwrap_or(""));
                chars = after.chars();
                char
            }
            Some(char @ ('"' | '\\' | '/')) => char,
            // What stands behind the backslash comes with what follows.
            _ => {
                chars = escape.chars();
                '\\'
            }
        };
        text.push(char);
        rest = chars.as_str();
    }
    text.push_str(rest);
    text
}

/// The character of the four digits behind `\u`, with the other half of a pair, and what is left.
fn unicode(digits: &str) -> (char, &str) {
    let Some((unit, rest)) = hex4(digits) else { return (char::REPLACEMENT_CHARACTER, digits) };
    if let Some(char) = char::from_u32(u32::from(unit)) {
        return (char, rest);
    }
    let low = rest.strip_prefix("\\u").and_then(hex4);
    if let Some((low, after)) = low
        && let Some(Ok(char)) = char::decode_utf16([unit, low]).next()
    {
        return (char, after);
    }
    (char::REPLACEMENT_CHARACTER, rest)
}

/// The value of four hexadecimal digits, and what is left.
pub(super) fn hex4(text: &str) -> Option<(u16, &str)> {
    let (digits, rest) = text.split_at_checked(4)?;
    // `from_str_radix` alone would take a sign.
    let hex = digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    Some((u16::from_str_radix(digits, 16).ok().filter(|_| hex)?, rest))
}
