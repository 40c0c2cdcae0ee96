//! Statements that start with a keyword. Their blocks are read, but whether and how often they run is not known: what
//! they assign is forgotten behind them.

use super::Reader;
use super::cursor::is_word;
use super::statement::Read;
use super::value::Value;
use crate::part::AnyCase;

/// Keywords that are followed by a condition in parentheses and a block, and those that come behind such blocks.
const WITH_CONDITION: [&str; 8] = ["if", "elseif", "foreach", "for", "while", "switch", "catch", "until"];

/// Keywords that a block follows at once.
const WITH_BLOCK: [&str; 10] =
    ["else", "do", "try", "finally", "begin", "process", "end", "trap", "dynamicparam", "clean"];

impl<'t> Reader<'t> {
    /// A statement that starts with a keyword.
    pub(super) fn keyword(&mut self) -> Read<'t> {
        let start = self.here();
        let rest = self.rest();
        let len = rest.bytes().take(16).take_while(|&byte| is_word(byte)).count();
        let word = rest.get(..len).unwrap_or("");
        let behind = rest.get(len..).unwrap_or("");
        if behind.starts_with(['-', '.', '\\', ':', '=']) {
            return Read::Nothing;
        }
        let is = |other: &&str| word.same_in_any_case(other);
        let next = behind.trim_start().bytes().next();
        if WITH_CONDITION.iter().any(is) && (matches!(next, Some(b'(' | b'{' | b'-' | b'['))) {
            self.advance(len);
            self.conditional(word);
        } else if WITH_BLOCK.iter().any(is) && next == Some(b'{') {
            self.advance(len);
            self.lines();
            self.block(is(&"do") || is(&"process"));
        } else if is(&"param") && next == Some(b'(') {
            self.advance(len);
            self.lines();
            self.parameters();
            return Read::Silent;
        } else if is(&"function") || is(&"filter") || is(&"workflow") {
            self.advance(len);
            self.function();
            return Read::Silent;
        } else if is(&"class") || is(&"enum") {
            self.advance(len);
            self.skip_block();
            return Read::Silent;
        } else if is(&"return") || is(&"throw") || is(&"exit") {
            self.advance(len);
            self.space();
            if matches!(self.peek(), None | Some(b'\n' | b'\r' | b';' | b'}' | b')')) {
                return Read::Silent;
            }
            let value = self.pipeline();
            self.offer(&value);
            return Read::Value(value);
        } else if is(&"using") || is(&"break") || is(&"continue") {
            while !matches!(self.peek(), None | Some(b'\n' | b'\r' | b';' | b'}')) {
                self.skip_char();
            }
            return Read::Silent;
        } else {
            return Read::Nothing;
        }
        let end = self.here();
        self.more_blocks();
        Read::Value(Value::unknown(start, end))
    }

    /// `else { … }` and its like behind a block.
    fn more_blocks(&mut self) {
        loop {
            let (at, notes) = (self.at, self.notes.len());
            self.lines();
            let rest = self.rest();
            let len = rest.bytes().take(8).take_while(u8::is_ascii_alphabetic).count();
            let word = rest.get(..len).unwrap_or("");
            let is = |other: &&str| word.same_in_any_case(other);
            if ["elseif", "catch", "until", "while"].iter().any(is) {
                self.advance(len);
                self.conditional(word);
            } else if ["else", "finally"].iter().any(is) {
                self.advance(len);
                self.lines();
                self.block(false);
            } else {
                self.at = at;
                self.notes.truncate(notes);
                return;
            }
        }
    }

    /// What stands behind `if` and its like.
    fn conditional(&mut self, word: &str) {
        let is = |other: &str| word.same_in_any_case(other);
        self.lines();
        // `switch -Regex (…)`, `foreach -parallel (…)`, `catch [Exception]`
        while matches!(self.peek(), Some(b'-' | b'[')) {
            if self.peek() == Some(b'[') {
                self.type_name();
            } else {
                self.advance(1);
                self.word();
            }
            self.space_and(b",");
        }
        if self.peek() == Some(b'(') {
            let start = self.here();
            if is("foreach") {
                let at = self.at;
                self.advance(1);
                self.lines();
                if self.peek() == Some(b'$') {
                    let name = self.variable_name();
                    self.forget(name);
                    self.space();
                    self.word();
                    // The parenthesis is closed by what reads the rest of it.
                    self.at = self.at.saturating_sub(1).max(at);
                } else {
                    self.at = at;
                }
            }
            self.parenthesis(start);
            self.lines();
        }
        if self.peek() == Some(b'{') {
            self.block(matches!(word.bytes().next(), Some(b'f' | b'F' | b'w' | b'W')));
        }
    }

    /// `{ … }`; `again` where it may run more than once, so that what it assigns is not known at its start either.
    pub(super) fn block(&mut self, again: bool) {
        if self.peek() != Some(b'{') {
            return;
        }
        let mark = self.journal.len();
        if again {
            self.forget_assigned();
        }
        self.braces();
        self.forget_since(mark);
    }

    /// Forgets what is assigned somewhere in the block that starts here.
    fn forget_assigned(&mut self) {
        let block = self.block_text();
        if !self.pay(block.len()) {
            self.variables.clear();
            return;
        }
        for part in block.split('$').skip(1) {
            let len = part.bytes().take_while(|&byte| is_word(byte) || byte == b':').count();
            let name = part.get(..len).unwrap_or("");
            let name = name.rsplit(':').next().unwrap_or("");
            // What is taken out of it may be assigned to, or change it when it is called.
            let path = |char: char| {
                char.is_alphanumeric() || matches!(char, '.' | '[' | ']' | '_' | '"' | '\'' | '}')
            };
            let behind =
                part.get(len..).unwrap_or("").trim_start_matches(path).trim_start_matches([' ', '\t']);
            let mut signs = behind.bytes();
            let changes = match signs.next() {
                Some(b'=') => signs.next() != Some(b'='),
                Some(b'+' | b'-' | b'*' | b'/' | b'%') => matches!(signs.next(), Some(b'=' | b'+' | b'-')),
                Some(b'(') => true,
                _ => false,
            };
            if changes && !name.is_empty() && self.variable(name).is_some() {
                self.forget(name);
            }
        }
    }

    /// The text of the block that starts here, by its brackets alone.
    fn block_text(&self) -> &'t str {
        let rest = self.rest();
        let mut open = 0_usize;
        for (at, byte) in rest.bytes().enumerate() {
            match byte {
                b'{' => open = open.saturating_add(1),
                b'}' => {
                    open = open.saturating_sub(1);
                    if open == 0 {
                        return rest.get(..at).unwrap_or(rest);
                    }
                }
                _ => {}
            }
        }
        rest
    }

    /// Passes over a block that is of no interest.
    fn skip_block(&mut self) {
        while !matches!(self.peek(), None | Some(b'{')) {
            self.skip_char();
        }
        let len = self.block_text().len();
        self.advance(len.saturating_add(1));
    }

    /// `function Name (…) { … }`
    fn function(&mut self) {
        self.space();
        self.command_name();
        self.lines();
        let mark = self.journal.len();
        if self.peek() == Some(b'(') {
            self.parameters();
            self.lines();
        }
        self.block(true);
        self.forget_since(mark);
    }

    /// `([type]$name = default, …)`: defaults count as values.
    fn parameters(&mut self) {
        let open = self.here();
        self.advance(1);
        loop {
            self.space_and(b",");
            match self.peek() {
                Some(b')') => return self.advance(1),
                Some(b'[') => {
                    if !self.attribute() && self.type_name().is_empty() {
                        self.stray();
                    }
                }
                Some(b'$') => {
                    let name = self.variable_name();
                    self.space();
                    if self.peek() == Some(b'=') {
                        self.advance(1);
                        self.lines();
                        // Commas part the parameters here.
                        let value = self.value();
                        self.set(name, value);
                    } else {
                        self.forget(name);
                    }
                }
                None | Some(b'}') => {
                    return self.unclosed(super::note::NoteKind::OpenParenthesis, open);
                }
                _ => self.stray(),
            }
        }
    }

    /// `[CmdletBinding()]`, `[Parameter(Mandatory = $true)]`: passed over. False for anything else.
    pub(super) fn attribute(&mut self) -> bool {
        let rest = self.rest();
        let inside = rest.strip_prefix('[').unwrap_or("");
        let name = inside.trim_start_matches(|char: char| char.is_ascii_alphanumeric() || char == '.');
        if name.len() == inside.len() || !name.trim_start_matches(' ').starts_with('(') {
            return false;
        }
        self.advance(1);
        let mut open = 1_usize;
        while open > 0 && self.peek().is_some() {
            match self.peek() {
                Some(b'[') => open = open.saturating_add(1),
                Some(b']') => open = open.saturating_sub(1),
                Some(b'\n') if self.rest().starts_with("\n\n") => return true,
                _ if self.at_quote() => {
                    self.string();
                    continue;
                }
                _ => {}
            }
            self.skip_char();
        }
        true
    }
}
