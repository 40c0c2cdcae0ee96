//! Applies fixes to a text, leaving every other byte as it was.

use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec::Vec;

use super::{Diagnostic, Edit, Fix, Report};

/// What became of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fixed {
    /// The text with the fixes in it.
    pub text: String,
    /// How many fixes went in.
    pub applied: usize,
    /// The fixes that stayed out because they touch the place of one that went in, by their place among
    /// those given, in order; another run gets them.
    pub left: Vec<usize>,
}

/// All safe fixes of a report, in document order.
pub fn safe<'r>(report: &'r Report) -> impl Iterator<Item = &'r Diagnostic> {
    report.diagnostics.iter().filter(|diagnostic| diagnostic.fix.as_ref().is_some_and(|fix| fix.safe))
}

/// Applies all safe fixes of a report that do not touch one another, in document order.
pub fn apply_safe(report: &Report) -> Fixed {
    apply(&report.text, safe(report).filter_map(|diagnostic| diagnostic.fix.as_ref()))
}

/// Applies these fixes; of two that touch the same place the first wins. A fix goes in whole or not at all.
pub fn apply<'f>(text: &str, fixes: impl Iterator<Item = &'f Fix>) -> Fixed {
    let mut edits: BTreeMap<u32, &Edit> = BTreeMap::new();
    let (mut applied, mut left) = (0_usize, Vec::new());
    for (place, fix) in fixes.enumerate() {
        if fix.edits.iter().all(|edit| is_free(&edits, edit)) {
            edits.extend(fix.edits.iter().map(|edit| (edit.range.start.byte, edit)));
            applied = applied.saturating_add(1);
        } else {
            left.push(place);
        }
    }
    let mut fixed = String::with_capacity(text.len());
    let mut at = 0;
    for edit in edits.values() {
        let start = usize::try_from(edit.range.start.byte).unwrap_or(usize::MAX);
        fixed.push_str(text.get(at..start).unwrap_or(""));
        fixed.push_str(&edit.new_text);
        at = usize::try_from(edit.range.end.byte).unwrap_or(usize::MAX);
    }
    fixed.push_str(text.get(at..).unwrap_or(""));
    Fixed { text: fixed, applied, left }
}

/// True when the edit shares no byte with those that are in, and does not put in text where one of them does.
fn is_free(edits: &BTreeMap<u32, &Edit>, edit: &Edit) -> bool {
    let (start, end) = (edit.range.start.byte, edit.range.end.byte);
    let before = edits.range(..=start).next_back();
    let after = edits.range(start..).next();
    before.is_none_or(|(&at, before)| at != start && before.range.end.byte <= start)
        && after.is_none_or(|(&at, _)| end <= at)
}
