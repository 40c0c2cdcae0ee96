//! A report in the shape that is quickest for JavaScript to take in: `js/rows.js` makes of it what
//! `jitgate_core::wire::report` has. All of it is ASCII, which engines decode and parse several times as quickly.
//!
//! `[kind, [[number, severity, message, path, range, help, fix, related], …]]`. Diagnostics repeat each other: a text that
//! is that of the last one with the same code is 0. A range on one line is `[line, column, offset, length]`, any other
//! has six numbers; a fix is `[title, safe, [range, text, …]]` or 0, and `related` is `[message, pointer, range, …]`.

use alloc::string::String;
use alloc::vec::Vec;

use jitgate_core::Kind;
use jitgate_core::diagnostic::{Diagnostic, Fix, Range, Related, Report, Step};

/// The report as rows.
pub fn report(report: &Report) -> String {
    let mut rows = Rows::default();
    rows.report(report.kind, &report.diagnostics);
    rows.json
}

/// The last diagnostic of each code.
#[derive(Default)]
pub(crate) struct Said<'a>(Vec<&'a Diagnostic>);

impl<'a> Said<'a> {
    /// The last one of the same code, whose place this one takes.
    fn replace(&mut self, diagnostic: &'a Diagnostic) -> Option<&'a Diagnostic> {
        let last = self.0.iter_mut().find(|last| last.code == diagnostic.code);
        let last = last.map(|last| core::mem::replace(last, diagnostic));
        if last.is_none() {
            self.0.push(diagnostic);
        }
        last
    }
}

/// JSON made of arrays, texts and numbers alone.
#[derive(Default)]
pub(crate) struct Rows {
    pub json: String,
}

impl Rows {
    pub fn report(&mut self, kind: Kind, diagnostics: &[Diagnostic]) {
        self.open();
        self.text(kind.as_str());
        self.open();
        let mut said = Said::default();
        for diagnostic in diagnostics {
            self.diagnostic(diagnostic, &mut said);
        }
        self.close();
        self.close();
    }

    pub fn diagnostic<'a>(&mut self, diagnostic: &'a Diagnostic, said: &mut Said<'a>) {
        let last = said.replace(diagnostic);
        self.open();
        self.number(diagnostic.code.number().into());
        self.text(diagnostic.severity.as_str());
        self.unlike(&diagnostic.message, last.map(|other| &other.message));
        self.open();
        for step in &diagnostic.path {
            match step {
                Step::Key(key) => self.text(key),
                Step::Index(index) => self.number(*index),
            }
        }
        self.close();
        self.range(&diagnostic.range);
        self.unlike(&diagnostic.help, last.map(|other| &other.help));
        match &diagnostic.fix {
            Some(fix) => self.fix(fix, last.and_then(|other| other.fix.as_ref())),
            None => self.number(0),
        }
        self.open();
        for Related { message, pointer, range } in &diagnostic.related {
            self.text(message);
            self.text(pointer);
            self.range(range);
        }
        self.close();
        self.close();
    }

    /// A text, or 0 where it is the other one.
    fn unlike(&mut self, text: &String, other: Option<&String>) {
        if other == Some(text) {
            self.number(0);
        } else {
            self.text(text);
        }
    }

    fn fix(&mut self, fix: &Fix, last: Option<&Fix>) {
        self.open();
        self.unlike(&fix.title, last.map(|other| &other.title));
        self.number(u32::from(fix.safe));
        self.open();
        for edit in &fix.edits {
            self.range(&edit.range);
            self.text(&edit.new_text);
        }
        self.close();
        self.close();
    }

    fn range(&mut self, Range { start, end }: &Range) {
        self.open();
        for number in [start.line, start.column, start.offset] {
            self.number(number);
        }
        if start.line == end.line {
            self.number(end.offset.saturating_sub(start.offset));
        } else {
            for number in [end.line, end.column, end.offset] {
                self.number(number);
            }
        }
        self.close();
    }

    pub fn open(&mut self) {
        self.part();
        self.json.push('[');
    }

    pub fn close(&mut self) {
        self.json.push(']');
    }

    /// Goes before whatever is not the first in its array.
    fn part(&mut self) {
        if !matches!(self.json.as_bytes().last(), None | Some(b'[')) {
            self.json.push(',');
        }
    }

    pub fn number(&mut self, number: u32) {
        self.part();
        let mut digits = [b'0'; 10];
        let mut rest = number;
        let mut first = digits.len();
        for (at, digit) in digits.iter_mut().enumerate().rev() {
            *digit |= u8::try_from(rest.rem_euclid(10)).unwrap_or_default();
            first = at;
            rest = rest.div_euclid(10);
            if rest == 0 {
                break;
            }
        }
        self.json.extend(digits.iter().skip(first).map(|&digit| char::from(digit)));
    }

    pub fn text(&mut self, text: &str) {
        self.part();
        self.json.push('"');
        let mut rest = text;
        while let Some(at) =
            rest.bytes().position(|byte| !(b' '..0x7f).contains(&byte) || matches!(byte, b'"' | b'\\'))
        {
            let (plain, odd) = rest.split_at_checked(at).unwrap_or((rest, ""));
            self.json.push_str(plain);
            let mut characters = odd.chars();
            if let Some(character) = characters.next() {
                self.escape(character);
            }
            rest = characters.as_str();
        }
        self.json.push_str(rest);
        self.json.push('"');
    }

    fn escape(&mut self, character: char) {
        for unit in character.encode_utf16(&mut [0; 2]) {
            self.json.push_str("\\u");
            let digits = [12, 8, 4, 0].map(|shift| u32::from(*unit >> shift & 15));
            self.json.extend(digits.iter().filter_map(|&digit| char::from_digit(digit, 16)));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_texts_are_json() {
        let mut rows = Rows::default();
        rows.open();
        for number in [0, 7, 10, 4_294_967_295] {
            rows.number(number);
        }
        rows.text("a\"\\\n\u{7f}é–😀 z");
        rows.text("");
        rows.close();
        let text = r#""a\u0022\u005c\u000a\u007f\u00e9\u2013\ud83d\ude00 z""#;
        assert_eq!(rows.json, alloc::format!(r#"[0,7,10,4294967295,{text},""]"#));
    }
}
