//! Places in a document: going there, saying where they are.
use jitgate_core::Diagnostic;
use jitgate_core::diagnostic::Range;
use leptos::prelude::*;

use super::viewport::Viewport;
use crate::browser;
use crate::state::{Document, units};

/// Selects a place in the editor and brings it into sight.
pub fn show(document: Document, viewport: Viewport, range: &Range) {
    let Some(area) = document.area() else { return };
    let number = |count: u32| usize::try_from(count.saturating_sub(1)).unwrap_or(usize::MAX);
    let (line, column) = (number(range.start.line), range.start.column.saturating_sub(1));
    let (start, length) = document.text.with_untracked(|text| {
        // Counted by lines: the editor's line ends are shorter than some files' own.
        let before: usize = text.split_inclusive('\n').take(line).map(str::len).sum();
        let (before, rest) = text.split_at_checked(before).unwrap_or((text, ""));
        (units(before), units(rest.split('\n').next().unwrap_or("")))
    });
    let end = if range.end.line == range.start.line { range.end.column.saturating_sub(1) } else { length };
    let offset = |column: u32| start.saturating_add(column.min(length));
    browser::select(&area, offset(column), offset(end));
    viewport.reveal(&area, line, number(range.start.column));
}

/// `Line 12, column 7`.
pub fn in_words(range: &Range) -> String {
    format!("Line {}, column {}", range.start.line, range.start.column)
}

/// Which finding was shown last.
#[derive(Clone, Copy)]
pub struct Cursor(StoredValue<Option<usize>>);

impl Cursor {
    pub fn new() -> Self {
        Self(StoredValue::new(None))
    }

    /// The next finding or the one before, round and round, with its number from 1.
    pub fn step(self, found: &[Diagnostic], back: bool) -> Option<(usize, &Diagnostic)> {
        let last = found.len().checked_sub(1)?;
        let index = match (self.0.get_value(), back) {
            (None, false) => 0,
            (None | Some(0), true) => last,
            (Some(at), false) if at >= last => 0,
            (Some(at), false) => at.saturating_add(1),
            (Some(at), true) => at.saturating_sub(1).min(last),
        };
        self.0.set_value(Some(index));
        found.get(index).map(|finding| (index.saturating_add(1), finding))
    }
}
