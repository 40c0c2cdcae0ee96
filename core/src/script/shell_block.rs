//! Lists, loops and conditions of shells. A `for` over words that are known is followed; what other blocks assign, and what
//! hangs on the success of a command, is forgotten behind them.

use alloc::string::ToString;
use alloc::vec::Vec;

use super::Reader;
use super::expression::MAX_DEPTH;
use super::shell::SETTING;
use super::value::{Value, What};

/// What begins or ends a block.
const WORDS: [&str; 15] = [
    "for", "while", "until", "if", "case", "do", "done", "then", "elif", "else", "fi", "esac", "{", "}",
    "select",
];

impl<'t> Reader<'t> {
    /// Reads all commands.
    pub(super) fn shell(&mut self) {
        while self.peek().is_some() {
            let start = self.at;
            // Words that end what never began end nothing.
            self.shell_list_of_commands(&[]);
            if self.at == start {
                self.skip_char();
            }
        }
    }

    /// Commands up to one of these words, which is passed over.
    fn shell_list_of_commands(&mut self, ends: &[&str]) {
        // Where what hangs on a command's success began to be assigned.
        let mut chain = None;
        let mut plain = true;
        self.depth = self.depth.saturating_add(1);
        loop {
            self.blanks();
            if self.peek().is_none() {
                break;
            }
            if ends == [")"] && self.take(")") {
                break;
            }
            if self.shell_between(&mut chain, plain) {
                continue;
            }
            let word = self.keyword_here();
            if ends.contains(&word) {
                self.advance(word.len());
                break;
            }
            if self.depth >= MAX_DEPTH
                && (!word.is_empty() || self.peek() == Some(b'(') || self.is_function())
            {
                self.advance(word.len().max(1));
                self.forget_all();
                continue;
            }
            plain = self.shell_one(word);
        }
        self.depth = self.depth.saturating_sub(1);
        if let Some(mark) = chain {
            self.forget_since(mark);
        }
    }

    /// What stands between commands, which is passed over; false where a command begins. `chain` is where what hangs on a
    /// command's success began to be assigned, `plain` whether the command before cannot fail.
    fn shell_between(&mut self, chain: &mut Option<usize>, plain: bool) -> bool {
        let rest = self.rest();
        match self.peek() {
            Some(b'&' | b'|') if rest.starts_with("&&") || rest.starts_with("||") => {
                if chain.is_none() && !(plain && rest.starts_with('&')) {
                    *chain = Some(self.journal.len());
                }
                self.advance(2);
                self.shell_lines();
            }
            Some(b'|') => {
                // What a pipe's commands assign goes with the shells that they run in.
                chain.get_or_insert(self.journal.len());
                self.advance(1);
                self.shell_lines();
            }
            Some(b'\n' | b'\r' | b';' | b'&' | b')') => {
                self.skip_char();
                if let Some(mark) = chain.take() {
                    self.forget_since(mark);
                }
            }
            _ => return false,
        }
        true
    }

    /// One command or block, which begins with this word; true for a command that cannot fail.
    fn shell_one(&mut self, word: &str) -> bool {
        match word {
            "for" => self.shell_for(),
            "while" | "until" | "select" => self.shell_loop(word.len()),
            "if" => {
                self.advance(2);
                self.shell_unsure(&["fi"]);
            }
            "case" => {
                self.advance(4);
                self.shell_unsure(&["esac"]);
            }
            "{" => {
                self.advance(1);
                self.shell_list_of_commands(&["}"]);
            }
            "" if self.is_function() => self.shell_function(),
            "" if self.rest().starts_with("((") && self.arithmetic() => {}
            "" if self.peek() == Some(b'(') => {
                self.advance(1);
                self.shell_unsure(&[")"]);
            }
            "" => {
                let start = self.at;
                let plain = self.shell_command();
                if self.at == start {
                    self.skip_char();
                }
                return plain;
            }
            // `do`, `then` and their like stand between commands.
            word => self.advance(word.len()),
        }
        false
    }

    fn shell_lines(&mut self) {
        self.blanks();
        while matches!(self.peek(), Some(b'\n' | b'\r')) {
            self.advance(1);
            self.blanks();
        }
    }

    /// The word that stands here, if it is one of [`WORDS`].
    fn keyword_here(&self) -> &'static str {
        let rest = self.rest();
        let stands = |word: &&&str| {
            rest.strip_prefix(**word).is_some_and(|behind| {
                behind.is_empty() || behind.starts_with([' ', '\t', '\n', '\r', ';', '&', '|', ')', '('])
            })
        };
        WORDS.iter().find(stands).copied().unwrap_or("")
    }

    /// `name()` and `function name`.
    fn is_function(&self) -> bool {
        let rest = self.rest();
        // The name first: looking for the line's end at each of its commands would take long.
        let behind =
            rest.trim_start_matches(|char: char| char.is_ascii_alphanumeric() || matches!(char, '_' | '-'));
        rest.starts_with("function ")
            || (behind.len() < rest.len() && behind.trim_start_matches([' ', '\t']).starts_with("()"))
    }

    /// `((n++))`: what it makes of variables is not worked out.
    fn arithmetic(&mut self) -> bool {
        let rest = self.rest();
        let pairs = rest.as_bytes().windows(2).take(400).take_while(|pair| !pair.starts_with(b"\n"));
        let Some(len) = pairs.into_iter().position(|pair| pair == b"))") else {
            self.forget_all();
            return false;
        };
        let inside = rest.get(..len).unwrap_or("");
        for name in inside.split(|char: char| !(char.is_ascii_alphanumeric() || char == '_')) {
            if self.variable(name).is_some() {
                self.forget(name);
            }
        }
        self.advance(inside.len().saturating_add(2));
        true
    }

    /// `name() { … }`: it runs when it is called, and what is assigned by then is not known.
    fn shell_function(&mut self) {
        let name = self.rest();
        let name = name.strip_prefix("function ").unwrap_or(name).trim_start_matches(' ');
        let len =
            name.bytes().take_while(|byte| byte.is_ascii_alphanumeric() || b"_-".contains(byte)).count();
        let name = name.get(..len).unwrap_or("");
        while !matches!(self.peek(), None | Some(b'{' | b'\n')) {
            self.skip_char();
        }
        self.shell_lines();
        if self.peek() != Some(b'{') {
            return;
        }
        let before = self.forget_later(assignments);
        let mark = self.journal.len();
        self.shell_again(1, "}");
        self.keep_function(name, mark, |_| true);
        self.variables = before;
        self.forget_since(mark);
    }

    /// Commands that may run or not.
    fn shell_unsure(&mut self, ends: &[&str]) {
        let mark = self.journal.len();
        self.shell_list_of_commands(ends);
        self.forget_since(mark);
    }

    /// `while …; do …; done`
    fn shell_loop(&mut self, len: usize) {
        self.shell_again(len, "done");
    }

    /// Commands behind a word of that length that may run more than once, or later: what they assign is not known when
    /// they begin, either.
    fn shell_again(&mut self, len: usize, end: &str) {
        self.advance(len);
        let mark = self.journal.len();
        let first = self.snapshot();
        let begin = self.at;
        if let Some(before) = first {
            self.shell_list_of_commands(&[end]);
            if !self.behind(end) {
                // The text ended in it: there is nothing to read again.
                return self.forget_since(mark);
            }
            let assigned: Vec<_> = self.journal.get(mark..).unwrap_or(&[]).to_vec();
            let jumped = self.jumped;
            if !self.pay(self.at.saturating_sub(begin).saturating_add(64)) {
                // Read once is enough where there is no fuel for more.
                self.undo(before);
                return self.forget_all();
            }
            self.undo(before);
            self.jumped |= jumped;
            self.at = begin;
            assigned.iter().for_each(|name| self.forget(name));
        } else {
            self.forget_all();
        }
        self.shell_list_of_commands(&[end]);
        self.forget_since(mark);
    }

    /// `for name in words; do …; done`
    fn shell_for(&mut self) {
        let begin = self.at;
        self.advance(3);
        self.blanks();
        let name = self.word();
        self.blanks();
        if name.is_empty() || !self.take("in") {
            self.at = begin;
            return self.shell_loop(3);
        }
        let mut words = Some(Vec::new());
        loop {
            self.blanks();
            if matches!(
                self.peek(),
                None | Some(b'\n' | b'\r' | b';' | b'&' | b'|' | b'(' | b')' | b'<' | b'>')
            ) {
                break;
            }
            let start = self.here();
            let value = self.shell_word();
            let more = self.shell_words(&value, start);
            words = words.zip(more).map(|(mut words, more)| {
                words.extend(more);
                words
            });
        }
        while matches!(self.peek(), Some(b'\n' | b'\r' | b';' | b' ' | b'\t')) {
            self.advance(1);
        }
        if self.keyword_here() == "do"
            && let Some(words) = words.filter(|words| !words.is_empty())
            && self.shell_each(name, &words)
        {
            return;
        }
        self.forget(name);
        self.shell_loop(0);
    }

    /// Reads the block that begins here once for each word. False where that is not certain: then all is as before.
    fn shell_each(&mut self, name: &str, words: &[Value<'t>]) -> bool {
        let Some(before) = self.snapshot() else { return false };
        let begin = self.at;
        self.jumped = false;
        for word in words {
            self.at = begin;
            self.advance(2);
            self.set(name, word.clone());
            self.shell_list_of_commands(&["done"]);
            if !self.behind("done") {
                self.forget_all();
                return true;
            }
            let len = self.at.saturating_sub(begin);
            if self.jumped || !self.pay(len.saturating_add(64)) {
                self.at = begin;
                self.undo(before);
                return false;
            }
        }
        self.jumped = before.jumped;
        true
    }

    /// True where that word was passed over last.
    fn behind(&self, word: &str) -> bool {
        self.text.get(..self.at).is_some_and(|text| text.ends_with(word))
    }

    /// The words that a word becomes; nothing where that is not known.
    fn shell_words(&self, value: &Value<'t>, start: u32) -> Option<Vec<Value<'t>>> {
        let raw = self.slice(start, self.here());
        let name = raw.trim_matches('"').strip_prefix("${").and_then(|raw| raw.strip_suffix("[@]}"));
        if let Some(name) = name {
            return match self.variable(name).map(|value| &*value.what) {
                Some(What::List(values)) => Some(values.clone()),
                _ => None,
            };
        }
        let text = value.text()?;
        if raw.starts_with(['"', '\'']) && !text.is_empty() {
            return Some(alloc::vec![value.clone()]);
        }
        if raw.contains(['*', '?', '[', '`']) || (raw.contains('{') && !raw.starts_with('$')) {
            return None;
        }
        if !raw.starts_with('$') {
            return Some(alloc::vec![value.clone()]);
        }
        // Without quotes, spaces part what a variable holds.
        if text.contains(['*', '?', '[']) {
            return None;
        }
        let word = |word: &str| Value::made(value.start, value.end, word.to_string(), false);
        Some(text.split_whitespace().map(word).collect())
    }
}

/// What a script assigns to, with the places.
fn assignments(text: &str) -> Vec<(usize, &str)> {
    let other = |char: char| !(char.is_ascii_alphanumeric() || char == '_');
    let mut found = Vec::new();
    let (mut at, mut sets) = (0_usize, false);
    for part in text.split_inclusive(other) {
        let name = part.trim_end_matches(other);
        let end = part.get(name.len()..).unwrap_or("");
        sets |= SETTING.contains(&name) || name == "for";
        if !name.is_empty() && (sets || end.starts_with(['=', '+'])) {
            found.push((at, name));
        }
        sets &= end != "\n";
        at = at.saturating_add(part.len());
    }
    found
}
