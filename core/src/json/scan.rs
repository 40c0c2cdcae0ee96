//! The scanner: one pass over the text, nodes in order. This file is the quick path, which a valid
//! document never leaves; what mends a broken one is in `mend.rs`.

#[path = "mend.rs"]
mod mend;
#[path = "mend_bracket.rs"]
mod mend_bracket;
#[path = "mend_text.rs"]
mod mend_text;
#[path = "scan_string.rs"]
mod string;

use alloc::vec::Vec;

use super::{Node, NodeKind, Slip, SlipKind, Tape};
use crate::order;

/// How deep brackets are read. Policies need 8, templates with nested deployments about 30.
pub const MAX_DEPTH: usize = 96;

/// More slips than a person reads; the report is cut long before.
pub(crate) const MAX_SLIPS: usize = 20_000;

/// Reads a text of any kind: the nodes, and what is wrong with the text in the order of its places.
pub fn scan(text: &str) -> (Tape<'_>, Vec<Slip>) {
    let mut scanner = Scanner {
        text,
        bytes: text.as_bytes(),
        at: if text.starts_with('\u{feff}') { 3 } else { 0 },
        // One allocation for most documents: compact ones have a node for about 14 bytes.
        nodes: Vec::with_capacity(text.len().div_euclid(12).saturating_add(16)),
        slips: Vec::new(),
        open: Vec::new(),
        ended: false,
    };
    scanner.document();
    if !scanner.slips.is_empty() {
        order::sort(&mut scanner.slips, |slip| slip.start.into());
        // Mending may read a place twice.
        scanner.slips.dedup();
    }
    (Tape::of_nodes(text, scanner.nodes), scanner.slips)
}

struct Scanner<'t> {
    text: &'t str,
    bytes: &'t [u8],
    at: usize,
    nodes: Vec<Node>,
    slips: Vec<Slip>,
    /// The brackets that are open, with their nodes, outermost first.
    open: Vec<(u8, usize)>,
    /// The end of the text came too early, and was reported.
    ended: bool,
}

impl Scanner<'_> {
    fn document(&mut self) {
        self.space();
        match self.peek() {
            None => return,
            Some(byte) if byte.is_ascii_alphanumeric() || byte == b'`' => self.leading(),
            Some(_) => {}
        }
        self.value();
        self.unopened_document();
        self.trailing();
    }

    #[inline]
    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    #[inline]
    fn advance(&mut self, bytes: usize) {
        self.at = self.at.saturating_add(bytes);
    }

    /// Passes over white space, and over comments, which are slips.
    #[inline]
    fn space(&mut self) {
        // Compact documents have none: one look is enough.
        if matches!(self.peek(), Some(byte) if byte <= b' ' || byte == b'/' || byte == b'#' || byte >= 0x7f) {
            self.much_space();
        }
    }

    fn much_space(&mut self) {
        const SPACES: [u8; 8] = [b' '; 8];
        loop {
            match self.peek() {
                Some(b' ') => {
                    self.advance(1);
                    // Indentation, eight columns at once.
                    while self.bytes.get(self.at..).is_some_and(|rest| rest.starts_with(&SPACES)) {
                        self.advance(8);
                    }
                }
                Some(b'\n' | b'\r' | b'\t') => self.advance(1),
                Some(b'/' | b'#') if self.comment() => {}
                Some(0..b' ' | 0x7f..) if self.odd_space() => {}
                _ => return,
            }
        }
    }

    /// Reads one value; there is a node for it afterwards, come what may.
    fn value(&mut self) {
        match self.peek() {
            Some(b'"') => self.string::<true>(),
            Some(b'{') => self.container(NodeKind::Object),
            Some(b'[') => self.container(NodeKind::Array),
            Some(b'-' | b'0'..=b'9') => self.number(),
            Some(b't') if self.word(b"true") => self.literal(NodeKind::True, 4),
            Some(b'f') if self.word(b"false") => self.literal(NodeKind::False, 5),
            Some(b'n') if self.word(b"null") => self.literal(NodeKind::Null, 4),
            _ => self.odd_value(),
        }
    }

    /// True when that word stands here and ends here.
    fn word(&self, word: &[u8]) -> bool {
        self.bytes.get(self.at..).is_some_and(|rest| {
            rest.starts_with(word) && !rest.get(word.len()).is_some_and(|&byte| is_word(byte))
        })
    }

    fn literal(&mut self, kind: NodeKind, len: usize) {
        let start = self.at;
        self.advance(len);
        self.push(kind, start, 0);
    }

    fn number(&mut self) {
        let start = self.at;
        self.advance(1);
        while matches!(self.peek(), Some(b'0'..=b'9')) {
            self.advance(1);
        }
        let digits = self.bytes.get(start..self.at).unwrap_or(&[]);
        let plain = !matches!(digits, [b'-'] | [b'0', _, ..] | [b'-', b'0', _, ..]);
        if plain && !matches!(self.peek(), Some(byte) if is_word(byte)) {
            self.push(NodeKind::Number, start, 0);
        } else {
            self.odd_number(start);
        }
    }

    fn container(&mut self, kind: NodeKind) {
        if self.open.len() >= MAX_DEPTH {
            return self.too_deep();
        }
        let start = self.at;
        let id = self.nodes.len();
        self.open.push((if kind == NodeKind::Object { b'{' } else { b'[' }, id));
        self.push(kind, start, 0);
        self.advance(1);
        let count = if kind == NodeKind::Object { self.members(false) } else { self.elements() };
        self.close(id, count);
    }

    /// Ends the container whose node that is.
    fn close(&mut self, id: usize, count: usize) {
        self.open.pop();
        let (end, next) = (self.place(self.at), self.next_id());
        if let Some(node) = self.nodes.get_mut(id) {
            node.end = end;
            node.next = next;
            node.count = u16::try_from(count).unwrap_or(u16::MAX);
        }
    }

    /// The members of an object up to and with its bracket; how many there are. `named` when the first name
    /// has been read.
    fn members(&mut self, mut named: bool) -> usize {
        let mut count: usize = 0;
        let mut comma = None;
        // The node of the last name.
        let mut last = self.nodes.len().saturating_sub(1);
        loop {
            let mut before = None;
            if !named {
                self.space();
                let name = self.nodes.len();
                match self.peek() {
                    Some(b'"') => self.string::<false>(),
                    Some(b'}') => {
                        self.extra_comma(comma);
                        self.advance(1);
                        return count;
                    }
                    _ => match self.odd_name(comma, last, count) {
                        mend::Name::Read => {}
                        mend::Name::Again(before) => {
                            comma = before;
                            continue;
                        }
                        mend::Name::Closed => return count,
                    },
                }
                before = Some(last);
                last = name;
            }
            named = false;
            self.space();
            if self.peek() == Some(b':') {
                self.advance(1);
                self.space();
                self.value();
            } else {
                last = self.odd_colon(last, before.filter(|_| count > 0));
            }
            count = count.saturating_add(1);
            comma = self.comma(b'}');
        }
    }

    /// The elements of an array up to and with its bracket; how many there are.
    fn elements(&mut self) -> usize {
        let mut count: usize = 0;
        let mut comma = None;
        loop {
            self.space();
            match self.peek() {
                Some(b']') => {
                    self.extra_comma(comma);
                    self.advance(1);
                    return count;
                }
                Some(b',' | b'}' | b':') | None => {
                    if self.odd_element(comma, count) {
                        return count;
                    }
                    continue;
                }
                _ => self.value(),
            }
            count = count.saturating_add(1);
            comma = self.comma(b']');
        }
    }

    /// Passes over the comma behind a value and tells its place; a bracket stays for the caller.
    #[inline]
    fn comma(&mut self, close: u8) -> Option<usize> {
        let end = self.at;
        self.space();
        match self.peek() {
            Some(b',') => {
                let comma = self.at;
                self.advance(1);
                Some(comma)
            }
            Some(byte) if byte == close => None,
            _ => self.no_comma(end),
        }
    }

    /// Adds a leaf that ends here; containers get their end when it is known.
    #[inline]
    fn push(&mut self, kind: NodeKind, start: usize, flags: u8) {
        let next = self.next_id().saturating_add(1);
        let (start, end) = (self.place(start), self.place(self.at));
        self.nodes.push(Node { start, end, next, kind, flags, count: 0 });
    }

    /// Texts are at most `MAX_BYTES` long, so that places and counts fit 32 bits.
    #[expect(
        clippy::as_conversions,
        clippy::cast_possible_truncation,
        reason = "quick path; the limit is below 2^32"
    )]
    #[inline]
    fn place(&self, at: usize) -> u32 {
        at.min(self.bytes.len()) as u32
    }

    #[expect(
        clippy::as_conversions,
        clippy::cast_possible_truncation,
        reason = "quick path; every node has a byte of its own or a slip's, far below 2^32"
    )]
    #[inline]
    fn next_id(&self) -> u32 {
        self.nodes.len() as u32
    }

    #[cold]
    fn slip(&mut self, kind: SlipKind, start: usize, end: usize) {
        if self.slips.len() < MAX_SLIPS {
            let (start, end) = (self.place(start), self.place(end));
            self.slips.push(Slip { kind, start, end });
        }
    }
}

/// Bytes that belong to one word, number or unquoted text.
fn is_word(byte: u8) -> bool {
    matches!(byte, b'0'..=b'9' | b'a'..=b'z' | b'A'..=b'Z' | b'_' | b'$' | b'.' | b'+' | b'-') || byte >= 0x80
}
