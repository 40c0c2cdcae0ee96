//! Lists, loops and conditions of shells. A `for` over words that are known is followed; what other blocks assign, and what
//! hangs on the success of a command, is forgotten behind them.

use alloc::string::ToString;
use alloc::vec::Vec;

use super::Reader;
use super::expression::MAX_DEPTH;
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
            self.shell_list_of_commands(&[], false);
            if self.at == start {
                self.skip_char();
            }
        }
    }

    /// Commands up to one of these words or signs, which is passed over; which one. With `branch`, only one of several
    /// that are parted by `else` runs.
    pub(super) fn shell_list_of_commands(&mut self, ends: &[&'static str], branch: bool) -> &'static str {
        let mut chain = self.chain();
        let (mut begin, mut ended) = (self.journal.len(), "");
        self.depth = self.depth.saturating_add(1);
        loop {
            self.blanks();
            let rest = self.rest();
            if rest.is_empty() {
                break;
            }
            let sign = |end: &&&str| end.starts_with([')', ';']) && rest.starts_with(**end);
            if let Some(end) = ends.iter().find(sign) {
                self.advance(end.len());
                ended = end;
                break;
            }
            if self.shell_between(&mut chain) {
                continue;
            }
            let word = self.keyword_here();
            if ends.contains(&word) {
                self.advance(word.len());
                ended = word;
                break;
            }
            if branch && matches!(word, "else" | "elif") {
                // What one of them assigns, the others do not know.
                self.forget_since(begin);
                begin = self.journal.len();
            }
            if self.depth >= MAX_DEPTH
                && (!word.is_empty() || self.peek() == Some(b'(') || self.is_function())
            {
                self.advance(word.len().max(1));
                self.forget_all();
                continue;
            }
            chain.plain = self.shell_one(word);
        }
        self.depth = self.depth.saturating_sub(1);
        self.end_chain(&mut chain);
        if branch {
            self.forget_since(begin);
        }
        ended
    }

    /// One command or block, which begins with this word; true for a command that cannot fail.
    pub(super) fn shell_one(&mut self, word: &str) -> bool {
        if word.is_empty() && self.peek() != Some(b'(') && !self.is_function() {
            let start = self.at;
            let plain = self.shell_command();
            if self.at == start {
                self.skip_char();
            }
            return plain;
        }
        // Which of its commands run, and read what is piped in, is not followed.
        self.piped = None;
        let printed = core::mem::take(&mut self.printed);
        self.shell_compound(word);
        self.printed = printed;
        self.prints(None);
        false
    }

    fn shell_compound(&mut self, word: &str) {
        match word {
            "for" | "select" => self.shell_for(word),
            "while" | "until" => self.shell_again(word.len()),
            "if" => {
                self.advance(2);
                let locals = self.locals.len();
                self.shell_list_of_commands(&["fi"], true);
                self.locals.truncate(locals);
            }
            "case" => self.shell_case(),
            "{" => {
                self.advance(1);
                self.shell_list_of_commands(&["}"], false);
            }
            "" if self.is_function() => self.shell_function(),
            "" if self.rest().starts_with("((") && self.arithmetic() => {}
            "" => {
                self.advance(1);
                self.subshell();
            }
            // `do`, `then` and their like stand between commands.
            word => self.advance(word.len()),
        }
    }

    /// `case word in pattern) … ;; esac`
    fn shell_case(&mut self) {
        self.advance(4);
        let locals = self.locals.len();
        loop {
            self.shell_lines();
            let start = self.here();
            self.shell_word();
            if self.here() == start || self.slice(start, self.here()) == "in" {
                break;
            }
        }
        loop {
            self.shell_lines();
            if self.keyword_here() == "esac" {
                self.advance(4);
                break;
            }
            // The pattern.
            self.take("(");
            while !matches!(self.peek(), None | Some(b')')) {
                let start = self.at;
                self.shell_word();
                if self.at == start {
                    self.skip_char();
                }
            }
            self.advance(1);
            let mark = self.journal.len();
            let ended = self.shell_list_of_commands(&[";;", ";&", "esac"], false);
            while matches!(self.peek(), Some(b'&' | b';')) && ended != "esac" {
                self.advance(1);
            }
            self.forget_since(mark);
            self.locals.truncate(locals);
            if matches!(ended, "esac" | "") {
                break;
            }
        }
    }

    pub(super) fn shell_lines(&mut self) {
        self.blanks();
        while matches!(self.peek(), Some(b'\n' | b'\r')) {
            self.advance(1);
            self.blanks();
        }
    }

    /// The word that stands here, if it is one of [`WORDS`].
    pub(super) fn keyword_here(&self) -> &'static str {
        // Most commands begin otherwise.
        if !matches!(self.peek(), Some(b'c'..=b'w' | b'{' | b'}')) {
            return "";
        }
        let rest = self.rest();
        let stands = |word: &&&str| {
            rest.strip_prefix(**word).is_some_and(|behind| {
                behind.is_empty()
                    || behind.starts_with([' ', '\t', '\n', '\r', ';', '&', '|', ')', '(', '<', '>'])
            })
        };
        WORDS.iter().find(stands).copied().unwrap_or("")
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
        self.evaluates(inside);
        self.advance(inside.len().saturating_add(2));
        true
    }

    /// Commands behind a word of that length, up to `done`, that may run more than once: what they assign is not known
    /// when they begin, either.
    fn shell_again(&mut self, len: usize) {
        self.advance(len);
        let (mark, locals) = (self.journal.len(), self.locals.len());
        let begin = self.begin_loop();
        self.shell_list_of_commands(&["done"], false);
        self.end_loop(begin);
        self.forget_since(mark);
        self.locals.truncate(locals);
    }

    /// `for name in words; do …; done`
    fn shell_for(&mut self, word: &str) {
        self.advance(word.len());
        self.blanks();
        let name = self.word();
        self.shell_lines();
        let mut words = None;
        if !name.is_empty() && self.take("in") {
            words = Some(Vec::new()).filter(|_| word == "for");
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
        self.shell_again(0);
    }

    /// Reads the block that begins here once for each word. False where that is not certain: then all is as before.
    fn shell_each(&mut self, name: &str, words: &[Value<'t>]) -> bool {
        let Some(before) = self.snapshot() else { return false };
        let begin = self.at;
        self.jumped = false;
        self.loops = self.loops.saturating_add(1);
        let mut followed = true;
        for word in words {
            self.at = begin;
            self.advance(2);
            self.set(name, word.clone());
            if self.shell_list_of_commands(&["done"], false).is_empty() {
                // It has no end: all that there is was read.
                self.forget_all();
                followed = !self.jumped;
                break;
            }
            if self.jumped || !self.pay(self.at.saturating_sub(begin).saturating_add(64)) {
                followed = false;
                break;
            }
        }
        self.loops = self.loops.saturating_sub(1);
        if followed {
            self.jumped = before.jumped;
        } else {
            self.at = begin;
            self.undo(before);
        }
        followed
    }

    /// The words that a word becomes; nothing where that is not known.
    fn shell_words(&self, value: &Value<'t>, start: u32) -> Option<Vec<Value<'t>>> {
        let raw = self.slice(start, self.here());
        let quoted = raw.strip_prefix('"').and_then(|raw| raw.strip_suffix('"'));
        let list = quoted.unwrap_or(raw).strip_prefix("${").and_then(|raw| raw.strip_suffix("[@]}"));
        let parted = |text: &str| text.contains([' ', '\t', '\n', '*', '?', '[', '\\', '(']);
        if let Some(name) = list {
            return match self.variable(name).map(|value| &*value.what) {
                // Without quotes, each is parted in turn.
                Some(What::List(values))
                    if quoted.is_some()
                        || (self.splits
                            && values.iter().all(|value| {
                                value.text().is_some_and(|text| !text.is_empty() && !parted(text))
                            })) =>
                {
                    Some(values.clone())
                }
                _ => None,
            };
        }
        let text = value.text()?;
        let variables = unquoted(raw)?;
        let [variable] = variables.as_slice() else {
            return variables.is_empty().then(|| alloc::vec![value.clone()]);
        };
        // Without quotes, spaces part what a variable holds: alone, the words are those between.
        let name = plain_name(variable);
        let alone = variable.len() == raw.len().saturating_sub(1)
            && !name.is_empty()
            && (name.len() == variable.len() || name.len().saturating_add(2) == variable.len());
        if !alone || !self.splits || text.contains(['*', '?', '[', '\\', '(']) {
            return None;
        }
        let word = |word: &str| Value::made(value.start, value.end, word.to_string(), false);
        Some(text.split([' ', '\t', '\n']).filter(|word| !word.is_empty()).map(word).collect())
    }
}

/// What stands behind each `$` of a word that is in no quotes; nothing where the word may stand for several in another way.
pub(super) fn unquoted(raw: &str) -> Option<Vec<&str>> {
    let mut variables = Vec::new();
    let mut quote = None;
    let mut chars = raw.char_indices();
    while let Some((at, char)) = chars.next() {
        match (char, quote) {
            ('\\', None | Some('"')) => {
                chars.next();
            }
            (_, Some(open)) if char == open => quote = None,
            ('"' | '\'', None) => quote = Some(char),
            ('$', None) => {
                let behind = chars.as_str();
                // What a command prints is not that of a variable.
                if behind.starts_with('(') {
                    return None;
                }
                variables.push(behind);
                if behind.starts_with('{') {
                    chars.next();
                }
            }
            ('*' | '?' | '[' | '{' | '`', None) => return None,
            ('~', None) if at == 0 => return None,
            _ => {}
        }
    }
    Some(variables)
}

/// The name of the variable that stands behind a `$`, if that is all that the brackets hold.
pub(super) fn plain_name(behind: &str) -> &str {
    let inner = behind.strip_prefix('{').unwrap_or(behind);
    let len = inner.bytes().take_while(|&byte| byte.is_ascii_alphanumeric() || byte == b'_').count();
    let closed =
        inner.len() == behind.len() || inner.get(len..).is_some_and(|behind| behind.starts_with('}'));
    inner.get(..len).filter(|_| closed).unwrap_or("")
}
