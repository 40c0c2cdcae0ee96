//! Statements that start with a keyword. Where it is not known whether and how often their blocks run, they are read, and
//! what they assign is forgotten behind them.

use alloc::collections::BTreeSet;
use alloc::string::String;
use alloc::vec::Vec;

use super::Reader;
use super::command::DASHES;
use super::cursor::is_word;
use super::statement::Read;
use super::value::{Value, What};
use crate::part::{self, AnyCase};

/// Keywords that are followed by a condition in parentheses and a block, and those that come behind such blocks.
const WITH_CONDITION: [&str; 6] = ["elseif", "for", "while", "switch", "catch", "until"];

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
        let condition = matches!(next, Some(b'(' | b'{' | b'-' | b'['));
        let gives;
        if is(&"foreach") && condition {
            self.advance(len);
            return self.foreach(start);
        } else if is(&"if") && condition {
            self.advance(len);
            return self.branches(start);
        } else if WITH_CONDITION.iter().any(is) && condition {
            self.advance(len);
            gives = self.conditional(word);
        } else if WITH_BLOCK.iter().any(is) && next == Some(b'{') {
            self.advance(len);
            self.lines();
            gives = self.block(is(&"do") || is(&"process"));
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
            // What throws ends the script: nothing is sent behind it.
            self.jumped |= !is(&"throw");
            if matches!(self.peek(), None | Some(b'\n' | b'\r' | b';' | b'}' | b')')) {
                return Read::Silent;
            }
            let value = self.pipeline();
            self.offer(&value);
            return Read::Value(value);
        } else if is(&"using") || is(&"break") || is(&"continue") {
            self.jumped |= !is(&"using");
            while !matches!(self.peek(), None | Some(b'\n' | b'\r' | b';' | b'}')) {
                self.skip_char();
            }
            return Read::Silent;
        } else {
            return Read::Nothing;
        }
        let end = self.here();
        let gives = self.more_blocks() || gives;
        if gives { Read::Value(Value::unknown(start, end)) } else { Read::Silent }
    }

    /// `catch { … }` and its like behind a block; true where one of them gives a value.
    fn more_blocks(&mut self) -> bool {
        let mut gives = false;
        loop {
            let (at, notes) = (self.at, self.notes.len());
            self.lines();
            let rest = self.rest();
            let len = rest.bytes().take(8).take_while(u8::is_ascii_alphabetic).count();
            let word = rest.get(..len).unwrap_or("");
            let is = |other: &&str| word.same_in_any_case(other);
            if ["elseif", "catch", "until", "while"].iter().any(is) {
                self.advance(len);
                gives |= self.conditional(word);
            } else if ["else", "finally"].iter().any(is) {
                self.advance(len);
                self.lines();
                gives |= self.block(false);
            } else {
                self.at = at;
                self.notes.truncate(notes);
                return gives;
            }
        }
    }

    /// What stands behind `while` and its like; true where its block gives a value.
    fn conditional(&mut self, word: &str) -> bool {
        self.switches();
        if self.peek() == Some(b'(') {
            self.parenthesis(self.here());
            self.lines();
        }
        self.peek() == Some(b'{')
            && self.block(matches!(word.bytes().next(), Some(b'f' | b'F' | b'w' | b'W')))
    }

    /// `switch -Regex (…)`, `foreach -parallel (…)`, `catch [Exception]`: passed over; true where there are any.
    pub(super) fn switches(&mut self) -> bool {
        self.lines();
        let start = self.at;
        while matches!(self.peek(), Some(b'-' | b'[')) {
            if self.peek() == Some(b'[') {
                self.type_name();
            } else {
                self.advance(1);
                self.word();
            }
            self.space_and(b",");
        }
        self.at > start
    }

    /// `{ … }`; `again` where it may run more than once, so that what it assigns is not known at its start either. True
    /// where it gives a value.
    pub(super) fn block(&mut self, again: bool) -> bool {
        if self.peek() != Some(b'{') {
            return false;
        }
        let mark = self.journal.len();
        if again {
            self.forget_assigned();
        }
        let (values, _) = self.inside(b'}');
        self.forget_since(mark);
        values.iter().any(|value| !matches!(*value.what, What::Void))
    }

    /// Forgets what is assigned somewhere in the block that starts here.
    fn forget_assigned(&mut self) {
        let block = self.block_text();
        if !self.pay(block.len()) {
            self.forget_all();
            return;
        }
        for (_, name) in assignments(block) {
            if self.variable(name).is_some() {
                self.forget(name);
            }
        }
    }

    /// The text of the block that starts here, by its brackets alone.
    pub(super) fn block_text(&self) -> &'t str {
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
        let name = self.command_name();
        self.lines();
        // It runs when it is called: what is assigned by then is not known.
        let before = self.forget_later(assignments);
        let mark = self.journal.len();
        let begin = self.at;
        let called = self.calls_of(name).into_iter().flat_map(given).collect();
        let outer = core::mem::replace(&mut self.called, called);
        if self.peek() == Some(b'(') {
            self.parameters();
            self.lines();
        }
        self.block(true);
        self.called = outer;
        let body = self.text.get(begin..self.at).unwrap_or("");
        let outer = beyond(body);
        self.keep_function(name, mark, |name| outer.contains(name));
        self.variables = before;
        self.forget_since(mark);
    }

    /// What stands behind each call of a function, to the line's end.
    fn calls_of(&mut self, name: &str) -> Vec<&'t str> {
        if name.is_empty() || !self.pay(self.text.len().checked_div(16).unwrap_or(0)) {
            return Vec::new();
        }
        let is = |word: &&str| word.same_in_any_case(name);
        let behind = |line: &'t str| {
            let ends = |char: char| !(char.is_alphanumeric() || matches!(char, '-' | '_'));
            let mut words = line.split_inclusive(ends);
            let at = words.position(|word| is(&word.trim_end_matches(ends)))?;
            let head: usize = line.split_inclusive(ends).take(at.saturating_add(1)).map(str::len).sum();
            let defines = line.trim_start().get(..8).is_some_and(|word| word.same_in_any_case("function"));
            let none = |behind: &&str| behind.is_empty() || behind.starts_with(['|', ';', ')', '}', '#']);
            line.get(head..).map(str::trim).filter(|behind| !defines && !none(behind))
        };
        self.text.lines().filter_map(behind).collect()
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
                        if self.is_given(name) {
                            self.forget(name);
                        } else {
                            self.set(name, value);
                        }
                        self.assumes = true;
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

    /// True where a call may give this parameter: by its name or a start of it, or as what has none.
    fn is_given(&self, name: &str) -> bool {
        let name = name.to_ascii_lowercase();
        let short = |len| name.get(..len).is_some_and(|short| self.called.contains(short));
        // Longer names are those of nobody.
        name.len() > 256 || (0..=name.len()).any(short)
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

/// The names that a call gives parameters by, in small letters; an empty one for what has none.
fn given(call: &str) -> Vec<String> {
    let mut parts = call.trim_start().split(DASHES);
    if parts.next().is_some_and(|first| !first.is_empty()) || part::has(call, '@') {
        return alloc::vec![String::new()];
    }
    let name = |part: &str| {
        let len = part.bytes().take_while(|&byte| is_word(byte)).count();
        part.get(..len).filter(|short| !short.is_empty()).map(str::to_ascii_lowercase)
    };
    parts.filter_map(name).collect()
}

/// The names, in small letters, of what a function's body assigns to beyond itself: by their scope, or by what is in them,
/// unless it has a variable of that name of its own.
fn beyond(body: &str) -> BTreeSet<String> {
    let (mut outer, mut inner, mut own) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
    for (at, name) in assignments(body) {
        let behind = body.get(at..).unwrap_or("");
        let scoped = |scope: &&str| behind.get(..scope.len()).is_some_and(|it| it.same_in_any_case(scope));
        let inside = behind.get(name.len()..).is_some_and(|behind| behind.starts_with(['.', '[']));
        let names = match ["script:", "global:"].iter().any(scoped) {
            true => &mut outer,
            false if inside => &mut inner,
            false => &mut own,
        };
        names.insert(name.to_ascii_lowercase());
    }
    outer.extend(inner.into_iter().filter(|name| !own.contains(name)));
    outer
}

/// What a script assigns to, with the places.
fn assignments(text: &str) -> Vec<(usize, &str)> {
    let mut found = Vec::new();
    let mut parts = text.split('$');
    let mut at = parts.next().map_or(0, str::len).saturating_add(1);
    for part in parts {
        let len = part.bytes().take_while(|&byte| is_word(byte) || byte == b':').count();
        let name = part.get(..len).unwrap_or("");
        let name = name.rsplit(':').next().unwrap_or("");
        // What is taken out of it may be assigned to, or change it when it is called.
        let path =
            |char: char| char.is_alphanumeric() || matches!(char, '.' | '[' | ']' | '_' | '"' | '\'' | '}');
        let behind = part.get(len..).unwrap_or("").trim_start_matches(path).trim_start_matches([' ', '\t']);
        let mut signs = behind.bytes();
        let changes = match signs.next() {
            Some(b'=') => signs.next() != Some(b'='),
            Some(b'+' | b'-' | b'*' | b'/' | b'%' | b'?') => {
                matches!(signs.next(), Some(b'=' | b'+' | b'-' | b'?'))
            }
            Some(b'(') => true,
            _ => false,
        };
        if (changes || part.get(len..).is_some_and(|behind| behind.starts_with(" in "))) && !name.is_empty() {
            found.push((at, name));
        }
        at = at.saturating_add(part.len()).saturating_add(1);
    }
    found
}
