//! Diagnostics as numbers, which JavaScript reads in a tenth of the time that JSON takes: `js/diagnostics.js` makes of
//! them what `jitgate_core::wire::report` has. Diagnostics repeat each other: a text is a place in a list, which is JSON,
//! and a path goes on from the last one.
//!
//! A diagnostic is `code, severity, message, help, path, range, fix, count, (message, path, range)…`, where
//! - a severity is its place in `Severity::ALL`;
//! - a path is `kept, more, step…`: so many steps of the last path, and those that follow; a name is a negative number,
//!   the text's bits inverted;
//! - a range is `line, column, offset` of both ends;
//! - a fix is 0, or `1, title, count, (range, text)…`, with 2 for a safe one.

use alloc::string::String;
use alloc::vec::Vec;

use jitgate_core::diagnostic::{Diagnostic, Fix, Path, Range, Related, Report, Step};
use jitgate_core::{Code, Kind, Severity};

use crate::answer::Answer;
use crate::rows::Rows;

/// The diagnostics of an answer.
#[derive(Default)]
pub(crate) struct Diagnostics<'a> {
    numbers: Vec<u32>,
    texts: Texts,
    /// The last path.
    steps: &'a [Step],
    /// The last name at each depth of a path.
    names: Vec<Said<'a>>,
    /// Message, help and title of the last diagnostic of each code.
    words: Vec<(Code, [Said<'a>; 3])>,
}

/// Places in the words of a code.
const MESSAGE: usize = 0;
const HELP: usize = 1;
const TITLE: usize = 2;

/// The list of texts, which begins with the empty one.
struct Texts {
    rows: Rows,
    count: u32,
}

/// A text and its place in the list.
#[derive(Clone, Copy, Default)]
struct Said<'a> {
    text: &'a str,
    place: u32,
}

/// `[kind, count, texts]`
pub(crate) fn report(report: &Report) -> Answer {
    let mut rows = Rows::default();
    let mut diagnostics = Diagnostics::default();
    rows.open();
    diagnostics.report(report.kind, &report.diagnostics, &mut rows);
    diagnostics.end(rows)
}

impl<'a> Diagnostics<'a> {
    /// Adds those of a report, and `kind, count` to the rows.
    pub fn report(&mut self, kind: Kind, diagnostics: &'a [Diagnostic], rows: &mut Rows) {
        rows.text(kind.as_str());
        rows.number(number(diagnostics.len()));
        diagnostics.iter().for_each(|diagnostic| self.push(diagnostic));
    }

    /// Adds the texts to the array that the rows are in; with that it ends.
    pub fn end(self, mut rows: Rows) -> Answer {
        rows.json(&self.texts.end());
        rows.close();
        Answer { json: rows.json, numbers: self.numbers }
    }

    pub fn push(&mut self, diagnostic: &'a Diagnostic) {
        let code = diagnostic.code;
        let severity = Severity::ALL.iter().position(|&one| one == diagnostic.severity);
        let message = self.word(code, MESSAGE, &diagnostic.message);
        let help = self.word(code, HELP, &diagnostic.help);
        self.put(code.number().into());
        self.count(severity.unwrap_or_default());
        self.put(message);
        self.put(help);
        self.path(&diagnostic.path);
        self.range(&diagnostic.range);
        match &diagnostic.fix {
            Some(fix) => self.fix(code, fix),
            None => self.put(0),
        }
        self.count(diagnostic.related.len());
        for Related { message, path, range } in &diagnostic.related {
            self.text(message);
            self.path(path);
            self.range(range);
        }
    }

    fn path(&mut self, Path(steps): &'a Path) {
        let kept = steps.iter().zip(self.steps).take_while(|(one, other)| one == other).count();
        let more = steps.get(kept..).unwrap_or_default();
        self.steps = steps;
        self.count(kept);
        self.count(more.len());
        for (depth, step) in (kept..).zip(more) {
            let step = match step {
                Step::Index(index) => *index,
                Step::Key(name) => !self.name(depth, name),
            };
            self.put(step);
        }
    }

    fn range(&mut self, Range { start, end }: &Range) {
        for place in [start, end] {
            self.put(place.line);
            self.put(place.column);
            self.put(place.offset);
        }
    }

    fn fix(&mut self, code: Code, fix: &'a Fix) {
        let title = self.word(code, TITLE, &fix.title);
        self.put(if fix.safe { 2 } else { 1 });
        self.put(title);
        self.count(fix.edits.len());
        for edit in &fix.edits {
            self.range(&edit.range);
            self.text(&edit.new_text);
        }
    }

    /// A text that is seldom that of another diagnostic.
    fn text(&mut self, text: &'a str) {
        let place = self.texts.place(&mut Said::default(), text);
        self.put(place);
    }

    fn count(&mut self, count: usize) {
        self.put(number(count));
    }

    /// Not made anew in every place that calls it.
    #[inline(never)]
    fn put(&mut self, number: u32) {
        self.numbers.push(number);
    }

    fn name(&mut self, depth: usize, name: &'a str) -> u32 {
        self.names.resize(self.names.len().max(depth.saturating_add(1)), Said::default());
        self.names.get_mut(depth).map_or(0, |said| self.texts.place(said, name))
    }

    fn word(&mut self, code: Code, part: usize, text: &'a str) -> u32 {
        let known = self.words.iter().position(|&(other, _)| other == code);
        let at = known.unwrap_or(self.words.len());
        if known.is_none() {
            self.words.push((code, [Said::default(); 3]));
        }
        let said = self.words.get_mut(at).and_then(|(_, said)| said.get_mut(part));
        said.map_or(0, |said| self.texts.place(said, text))
    }
}

impl Default for Texts {
    fn default() -> Self {
        let mut rows = Rows::default();
        rows.open();
        rows.text("");
        Self { rows, count: 1 }
    }
}

impl Texts {
    /// The place of a text, which is added unless it was said last.
    fn place<'a>(&mut self, said: &mut Said<'a>, text: &'a str) -> u32 {
        if said.text != text {
            self.rows.text(text);
            *said = Said { text, place: self.count };
            self.count = self.count.saturating_add(1);
        }
        said.place
    }

    fn end(mut self) -> String {
        self.rows.close();
        self.rows.json
    }
}

fn number(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}
