//! What the scanner does with text that is not quoted as JSON wants it, and with characters that look
//! like spaces and quotes but are none.

use super::{NodeKind, Scanner, SlipKind, is_word};
use crate::json::Node;
use crate::part;

/// What word processors and web pages write for `"`, and for `'` used so.
const CURLY: [char; 7] = ['“', '”', '„', '‟', '‘', '’', '‚'];

/// What keyboards for Chinese and Japanese write for `,` and `:`.
pub(super) const WIDE: [char; 2] = ['，', '：'];

impl Scanner<'_> {
    /// Passes over a sign of a wide keyboard, which stands for one of JSON's.
    pub(super) fn wide(&mut self, sign: char) -> bool {
        let is = self.char() == Some(sign);
        if is {
            self.advance(sign.len_utf8());
        }
        is
    }

    fn rest(&self) -> &str {
        self.text.get(self.at..).unwrap_or("")
    }

    fn char(&self) -> Option<char> {
        self.rest().chars().next()
    }

    /// A run of control characters and of spaces that JSON does not know: one slip. False if there is none.
    #[cold]
    pub(super) fn odd_space(&mut self) -> bool {
        let start = self.at;
        while let Some(char) = self.char().filter(|&char| is_odd_space(char)) {
            self.advance(char.len_utf8());
        }
        if self.at > start {
            self.slip(SlipKind::OddSpace, start, self.at);
        }
        self.at > start
    }

    /// Text without quotes that starts there; that of a value may have slashes and colons inside.
    pub(super) fn bare_text(&mut self, start: usize, value: bool) {
        while let Some(char) = self.char() {
            let mut behind = self.rest().bytes().skip(1);
            let inside = match char {
                '/' => value,
                // `12:30`, but not `name: 1`.
                ':' => value && behind.next().is_some_and(is_word),
                _ if char.is_ascii() => u8::try_from(char).is_ok_and(is_word),
                // A text that starts with such a sign must not be empty.
                _ if WIDE.contains(&char) => self.at == start,
                _ => !is_odd_space(char) && !CURLY.contains(&char),
            };
            if !inside {
                break;
            }
            self.advance(char.len_utf8());
        }
    }

    /// True where a path starts: the id of a machine without quotes.
    pub(super) fn is_path(&self) -> bool {
        let mut bytes = self.rest().bytes();
        bytes.next() == Some(b'/') && bytes.next().is_some_and(is_word)
    }

    /// True when a quote stands here that ends a text whose opening quote is missing.
    pub(super) fn closing_quote(&self) -> bool {
        self.rest().strip_prefix('"').is_some_and(|rest| {
            let rest = rest.trim_start_matches([' ', '\t']);
            rest.is_empty() || rest.starts_with([',', ':', '}', ']', '\n', '\r'])
        })
    }

    /// A string that ends here and has no quotes, or the closing one alone.
    pub(super) fn without_quotes(&mut self, start: usize) {
        self.push(NodeKind::String, start, Node::BARE);
        if self.closing_quote() {
            self.advance(1);
        }
        self.slip(SlipKind::MissingQuotes, start, self.at);
    }

    /// `"protocol: "TCP"`: a name whose closing quote is missing, so that it ends with the opening one of the
    /// value. Goes back to that.
    pub(super) fn unclosed_name(&mut self) -> bool {
        let Some(node) = self.nodes.last_mut().filter(|node| node.kind == NodeKind::String) else {
            return false;
        };
        let start = usize::try_from(node.start).unwrap_or(usize::MAX);
        let end = usize::try_from(node.end).unwrap_or(usize::MAX);
        let content = self.text.get(start.saturating_add(1)..end.saturating_sub(1)).unwrap_or("");
        let Some((len, kind)) =
            name_in(content).filter(|(len, _)| content.trim_end().len() == len.saturating_add(1))
        else {
            return false;
        };
        if node.flags != 0 {
            return false;
        }
        node.flags = unclosed(kind);
        node.end = node.start.saturating_add(1).saturating_add(u32::try_from(len).unwrap_or(0));
        let name_end = start.saturating_add(1).saturating_add(len);
        self.slip(kind, start, name_end);
        self.at = end.saturating_sub(1);
        true
    }

    /// `"TCP, "number": 22`: a value whose closing quote is missing, so that it ends with the opening one of the next
    /// string. Goes back to the comma, and tells its place.
    pub(super) fn unclosed_value(&mut self) -> Option<usize> {
        const FAR: usize = 256;
        let ended = self.place(self.at);
        let node = self.nodes.last().filter(|node| node.kind == NodeKind::String && node.end == ended)?;
        if node.flags & !Node::PLAIN != 0 {
            return None;
        }
        let start = usize::try_from(node.start).ok()?;
        let content = self.text.get(start.saturating_add(1)..self.at.saturating_sub(1))?;
        let kept = content.trim_end_matches([' ', '\t']).strip_suffix(',')?;
        let rest = self.rest();
        let quote = rest.bytes().take(FAR).position(|byte| matches!(byte, b'"' | b'\n'))?;
        let behind = rest.get(quote..)?.strip_prefix('"')?.trim_start_matches([' ', '\t']);
        let next = rest.get(..quote)?;
        if next.contains(['{', '}', '[', ']', ',', ':']) || !behind.starts_with([':', ',', ']', '}']) {
            return None;
        }
        let comma = start.saturating_add(1).saturating_add(kept.len());
        let end = self.place(comma);
        if let Some(node) = self.nodes.last_mut() {
            node.flags = Node::OPEN;
            node.end = end;
        }
        self.slip(SlipKind::OpenString, start, comma);
        self.at = comma;
        Some(comma)
    }

    /// What a terminal or a page put in front of the document: lines before the one that opens it. A text that only
    /// lacks its opening bracket has more of itself there.
    #[cold]
    pub(super) fn leading(&mut self) {
        let start = self.at;
        let rest = self.text.get(start..).unwrap_or("");
        let first = rest.lines().next().unwrap_or("").trim_end();
        // A line of a log may begin with a bracket as well.
        let list = part::find(rest, "\n[").filter(|&at| {
            let behind = rest.get(at.saturating_add(2)..).unwrap_or("").trim_start();
            behind.starts_with(['{', '"', ']'])
        });
        let opens = part::find(rest, "\n{").into_iter().chain(list).min();
        if let (false, Some(len)) = (first.ends_with(['{', '[', ',']) || part::contains(first, "\":"), opens)
        {
            let end = start.saturating_add(rest.get(..len).unwrap_or("").trim_end().len());
            self.slip(SlipKind::Stray, start, end);
            self.advance(len);
            self.space();
            return;
        }
        // `INFO body: {"virtualMachines": …`
        let last = first.len().checked_sub(1).filter(|_| first.ends_with('{'));
        let same_line =
            ["{\"", "{ \""].into_iter().filter_map(|open| part::find(first, open)).chain(last).min();
        let before = same_line.and_then(|at| first.get(..at)).unwrap_or("").trim_end();
        let ours = matches!(before.trim_end_matches(':'), "properties" | "virtualMachines");
        if let Some(at) = same_line.filter(|_| !before.is_empty() && !ours && !part::has(before, '"')) {
            self.slip(SlipKind::Stray, start, start.saturating_add(before.len()));
            self.advance(at);
        }
    }

    /// A string in curly quotes; false if there is none.
    #[cold]
    pub(super) fn curly_quoted(&mut self) -> bool {
        let start = self.at;
        let Some(open) = self.char().filter(|char| CURLY.contains(char)) else { return false };
        self.advance(open.len_utf8());
        let mut flags = Node::WIDE;
        loop {
            match self.char() {
                Some('\n' | '\r') | None => {
                    flags |= Node::OPEN;
                    // The comma was meant to stand behind the quote.
                    if self.text.get(start..self.at).is_some_and(|string| string.ends_with(',')) {
                        self.at = self.at.saturating_sub(1);
                    }
                    break;
                }
                Some('\\') => {
                    flags |= Node::ESCAPED;
                    self.escape();
                }
                Some(char) => {
                    self.advance(char.len_utf8());
                    if char == '"' || CURLY.contains(&char) {
                        break;
                    }
                }
            }
        }
        self.push(NodeKind::String, start, flags);
        let open = flags & Node::OPEN != 0;
        self.slip(if open { SlipKind::OpenString } else { SlipKind::CurlyQuotes }, start, self.at);
        true
    }
}

/// How long the name is that a text starts with, if a colon follows it, and the slip that it ends with: no quote at
/// all, or another than `"`, which belongs to it.
pub(super) fn name_in(text: &str) -> Option<(usize, SlipKind)> {
    let (name, _) = part::cut(text, ':')?;
    let (letters, kind) = if let Some(inner) = name.strip_suffix('\'') {
        (inner, SlipKind::SingleQuotes)
    } else if let Some(inner) = name.strip_suffix(CURLY) {
        (inner, SlipKind::CurlyQuotes)
    } else {
        (name, SlipKind::OpenString)
    };
    let word = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'$');
    let is_name = letters.starts_with(|char: char| !char.is_ascii_digit()) && letters.bytes().all(word);
    is_name.then_some((name.len(), kind))
}

/// The flags of a string that starts with `"` and ends with such a slip.
pub(super) fn unclosed(kind: SlipKind) -> u8 {
    if kind == SlipKind::OpenString { Node::OPEN } else { Node::WIDE }
}

/// No space of JSON's, and yet nothing to be seen.
fn is_odd_space(char: char) -> bool {
    let space = matches!(char, ' ' | '\t' | '\n' | '\r');
    let invisible = matches!(char, '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}');
    !space && (char.is_whitespace() || char.is_control() || invisible)
}
