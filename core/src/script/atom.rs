//! The smallest values: numbers, variables, words.

use alloc::borrow::Cow;
use alloc::string::ToString;

use super::Reader;
use super::cursor::is_word;
use super::note::NoteKind;
use super::value::{Text, Value, What};
use crate::json::Node;
use crate::part::AnyCase;

impl<'t> Reader<'t> {
    /// A number, its sign passed over.
    pub(super) fn number(&mut self, start: u32) -> Value<'t> {
        let digit = |byte: Option<u8>| byte.is_some_and(|byte| byte.is_ascii_digit());
        loop {
            match self.peek() {
                Some(b'e' | b'E') if matches!(self.second(), Some(b'+' | b'-')) => self.advance(2),
                Some(byte) if is_word(byte) => self.skip_char(),
                Some(b'.') if digit(self.second()) => self.advance(1),
                _ => break,
            }
        }
        let end = self.here();
        if end == start {
            self.stray();
            return Value::new(start, self.here(), What::Broken);
        }
        let raw = self.slice(start, end);
        let digits = raw.strip_prefix('-').unwrap_or(raw);
        if is_json_number(digits) {
            return Value::new(start, end, What::Number(None));
        }
        let hex = digits.get(..2).filter(|sign| sign.same_in_any_case("0x")).and(digits.get(2..));
        let value = match hex {
            Some(hex) => u32::from_str_radix(hex, 16).ok().map(u64::from),
            // Zeros in front mean nothing.
            None => digits.parse().ok().or_else(|| with_suffix(digits)),
        };
        match value {
            Some(value) if digits.len() == raw.len() => {
                Value::new(start, end, What::Number(Some(value.to_string())))
            }
            // A fraction is none of the numbers that policies have.
            _ if digits.strip_suffix(|char: char| char.is_ascii_alphabetic()).is_some()
                && scaled(digits).is_some() =>
            {
                Value::unknown(start, end)
            }
            // `10.20.0.7`, `3h`: PowerShell looks for a command of that name.
            _ if digits.bytes().any(|byte| byte.is_ascii_alphabetic()) || digits.matches('.').count() > 1 => {
                self.note(NoteKind::MissingQuotes, start, end);
                self.word_value(start)
            }
            _ => Value::unknown(start, end),
        }
    }

    fn word_value(&self, start: u32) -> Value<'t> {
        let end = self.here();
        let text = Text {
            text: Cow::Borrowed(self.slice(start, end)),
            flags: Some(Node::BARE),
            pieces: alloc::vec::Vec::new(),
            partly: false,
        };
        Value::new(start, end, What::Text(text))
    }

    /// `$name`, `${name}`, `$script:name`: its name, without what stands before it for a scope.
    pub(super) fn variable_name(&mut self) -> &'t str {
        let name = self.scoped_name();
        let scope = name.split_once(':').map_or("", |(scope, _)| scope);
        // At the top, the script's own scope is the one that is read.
        self.beyond =
            scope.same_in_any_case("global") || (scope.same_in_any_case("script") && self.functions > 0);
        without_scope(name)
    }

    fn scoped_name(&mut self) -> &'t str {
        self.advance(1);
        if self.peek() == Some(b'{') {
            let start = self.here().saturating_add(1);
            while !matches!(self.peek(), None | Some(b'}' | b'\n')) {
                self.skip_char();
            }
            let name = self.slice(start, self.here());
            self.take("}");
            return name;
        }
        let start = self.here();
        if self.word().is_empty() {
            // `$_`, `$?`, `$$`, `$^`
            if matches!(self.peek(), Some(b'?' | b'$' | b'^')) {
                self.advance(1);
            }
        } else if self.peek() == Some(b':') && self.second().is_some_and(is_word) {
            self.advance(1);
            self.word();
        }
        self.slice(start, self.here())
    }

    /// The value of the variable of that name, whose `$` stands at `start`.
    pub(super) fn named(&self, name: &str, start: u32) -> Value<'t> {
        let end = self.here();
        let is = |other: &str| name.same_in_any_case(other);
        // A shell has no constants.
        if is("true") && !self.cased {
            return Value::new(start, end, What::True);
        }
        if is("false") && !self.cased {
            return Value::new(start, end, What::False);
        }
        if is("null") && !self.cased {
            return Value::new(start, end, What::Null);
        }
        match self.variable(name) {
            // Of a shell's list, the name alone is the first element.
            Some(value) if self.cased && matches!(*value.what, What::List(_)) => Value::unknown(start, end),
            Some(value) if !value.is_unknown() && !self.beyond => value.clone(),
            _ => Value::unknown(start, end),
        }
    }

    /// A variable alone, as strings take it.
    pub(super) fn plain_variable(&mut self) -> Value<'t> {
        let start = self.here();
        let name = self.variable_name();
        self.named(name, start)
    }

    /// A word: a command, or text whose quotes are missing.
    pub(super) fn bare(&mut self, start: u32) -> Value<'t> {
        if !self.peek().is_some_and(|byte| is_word(byte) || matches!(byte, b'&' | b'/' | b'*' | b'<')) {
            self.stray();
            return Value::new(start, self.here(), What::Broken);
        }
        if self.peek() == Some(b'&') || self.bare_command() {
            return self.pipeline_command(None);
        }
        // `protocol = TCP`, `allowedSourceAddressPrefix = *`, an id without quotes.
        while !matches!(
            self.peek(),
            None | Some(
                b';' | b'}' | b')' | b',' | b'\n' | b'\r' | b' ' | b'\t' | b'"' | b'\'' | b'#' | b'|'
            )
        ) {
            self.skip_char();
        }
        if self.here() == start {
            self.skip_char();
        }
        self.note(NoteKind::MissingQuotes, start, self.here());
        self.word_value(start)
    }

    /// True where the word that stands here is more likely a command than text without quotes.
    fn bare_command(&self) -> bool {
        if self.tables == 0 {
            return self.peek().is_some_and(is_word);
        }
        let rest = self.rest();
        let name = rest.bytes().take(100).take_while(|&byte| is_word(byte) || byte == b'-').count();
        let name = rest.get(..rest.floor_char_boundary(name)).unwrap_or("");
        let behind = rest.get(name.len()..).unwrap_or("").trim_start_matches([' ', '\t']);
        // `Get-AzVM`, `az vm show`: a verb and a noun, or words behind.
        let first = name.split('-').next().unwrap_or("");
        let verb = first.len() < name.len() && first.bytes().all(|byte| byte.is_ascii_alphabetic());
        let more = behind.starts_with(|char: char| {
            char.is_ascii_alphabetic() || matches!(char, '-' | '$' | '"' | '\'' | '(')
        });
        !name.is_empty() && (verb || more)
    }
}

fn without_scope(name: &str) -> &str {
    match name.split_once(':') {
        Some((scope, name))
            if ["script", "global", "local", "private", "using"]
                .iter()
                .any(|one| scope.same_in_any_case(one)) =>
        {
            name
        }
        _ => name,
    }
}

/// True for digits, a fraction and an exponent as JSON has them.
fn is_json_number(text: &str) -> bool {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let (mantissa, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, "0"));
    digits(whole)
        && (whole == "0" || !whole.starts_with('0'))
        && digits(fraction)
        && digits(exponent.strip_prefix(['+', '-']).unwrap_or(exponent))
}

/// The digits of `22L`, `22KB` or `1uL`, and what they are multiplied by; none where no such letters stand behind them.
fn scaled(digits: &str) -> Option<(&str, u64)> {
    const SCALES: [&str; 5] = ["kb", "mb", "gb", "tb", "pb"];
    const TYPES: [&str; 10] = ["ul", "us", "uy", "u", "l", "s", "y", "n", "d", ""];
    let cut = |text: &str, suffix: &str| {
        let at = text.len().checked_sub(suffix.len())?;
        text.get(at..).is_some_and(|end| end.same_in_any_case(suffix)).then_some(at)
    };
    let scale =
        |text: &str| SCALES.iter().zip(1_u32..).find_map(|(one, times)| Some((cut(text, one)?, times)));
    let (number, times) =
        scale(digits).map_or((digits, 0), |(at, times)| (digits.get(..at).unwrap_or(""), times));
    let at = TYPES.iter().find_map(|one| cut(number, one))?;
    let number = number.get(..at)?;
    let plain = number.starts_with(|char: char| char.is_ascii_digit())
        && number.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.')
        && number.matches('.').count() < 2;
    plain.then_some((number, 1024_u64.checked_pow(times)?))
}

/// The number that such digits stand for.
fn with_suffix(digits: &str) -> Option<u64> {
    let (number, scale) = scaled(digits)?;
    number.parse::<u64>().ok()?.checked_mul(scale)
}
