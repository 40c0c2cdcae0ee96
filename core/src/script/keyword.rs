//! Statements that start with a keyword. Where it is not known whether and how often their blocks run, they are read, and
//! what they assign is forgotten behind them.

use alloc::vec::Vec;

use super::Reader;
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
            let name = behind.trim_start().trim_start_matches(['(', ' ', '$']);
            let name = name.split(|char: char| !char.is_alphanumeric() && char != '_').next().unwrap_or("");
            if self.is_constrained(name) {
                // Each value is made to its type.
                self.fix(name);
            }
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
            let mark = self.journal.len();
            if is(&"do") {
                // Its condition is read each time as well.
                let begin = self.begin_loop();
                gives = self.block(false) | self.more_blocks();
                self.end_loop(begin);
            } else {
                gives = self.block(is(&"process"));
            }
            if is(&"trap") {
                self.fix_since(mark);
            }
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
            let class = self.skip_block().to_ascii_lowercase();
            if part::contains(&class, "script:") || part::contains(&class, "global:") {
                // Its methods are not read.
                self.wild = true;
                self.forget_all();
            }
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
        // What is switched over may be a list.
        let repeats = matches!(word.bytes().next(), Some(b'f' | b'F' | b'w' | b'W' | b's' | b'S'));
        let begin = if repeats { Some(self.begin_loop()) } else { None };
        let mark = self.journal.len();
        if self.peek() == Some(b'(') {
            self.parenthesis(self.here());
            self.lines();
        }
        if repeats {
            self.forget_since(mark);
        }
        // There it is what was caught, or what is switched over.
        let hides = matches!(word.bytes().next(), Some(b'c' | b'C' | b's' | b'S'));
        let piped = if hides { Some(self.hide_piped()) } else { None };
        let gives = self.block(false);
        if let Some(piped) = piped {
            self.show_piped(piped);
        }
        if let Some(begin) = begin {
            self.end_loop(begin);
        }
        gives
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
        let begin = if again { Some(self.begin_loop()) } else { None };
        let (values, _) = self.inside(b'}');
        if let Some(begin) = begin {
            self.end_loop(begin);
        }
        self.forget_since(mark);
        values.iter().any(|value| !matches!(*value.what, What::Void))
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

    /// Passes over a block that is not read; its text.
    fn skip_block(&mut self) -> &'t str {
        while !matches!(self.peek(), None | Some(b'{')) {
            self.skip_char();
        }
        let block = self.block_text();
        self.advance(block.len().saturating_add(1));
        block
    }

    /// `function Name (…) { … }`
    fn function(&mut self) {
        self.space();
        let name = self.command_name();
        self.lines();
        // It runs when it is called: what is assigned by then is not known.
        let before = self.forget_later();
        let mark = self.journal.len();
        let called = self.given_to(name);
        let outer = core::mem::replace(&mut self.called, called);
        let around = core::mem::replace(&mut self.scope, self.at);
        self.functions = self.functions.saturating_add(1);
        if self.peek() == Some(b'(') {
            self.parameters();
            self.lines();
        }
        self.block(false);
        self.functions = self.functions.saturating_sub(1);
        self.called = outer;
        self.scope = around;
        self.keep_function(name, mark);
        self.variables = before;
        self.forget_since(mark);
    }

    /// `([type]$name = default, …)`: defaults count as values.
    fn parameters(&mut self) {
        let open = self.here();
        self.advance(1);
        let mut types: Vec<&'t str> = Vec::new();
        // What may be given by another name.
        let mut given = false;
        loop {
            self.space_and(b",");
            match self.peek() {
                Some(b')') => return self.advance(1),
                Some(b'[') => {
                    let here = self.here();
                    if self.attribute() {
                        given |= self.is_given_as_alias(self.slice(here, self.here()));
                        continue;
                    }
                    match self.type_name() {
                        "" => self.stray(),
                        name => types.push(name),
                    }
                }
                Some(b'$') => {
                    let name = self.variable_name();
                    self.space();
                    self.constrain(name, &types, false);
                    let types = core::mem::take(&mut types);
                    let given = core::mem::take(&mut given);
                    if self.peek() == Some(b'=') {
                        self.advance(1);
                        self.lines();
                        // Commas part the parameters here.
                        let value = self.value();
                        let value = self.made(&types, value);
                        if given || self.is_given(name) {
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

    /// True for `[Alias('Name')]` where a call may give the parameter by that name.
    fn is_given_as_alias(&self, attribute: &str) -> bool {
        let alias = attribute.get(1..6).is_some_and(|name| name.same_in_any_case("alias"));
        alias
            && attribute.split(['\'', '"', ',', '(', ')']).any(|name| !name.is_empty() && self.is_given(name))
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
