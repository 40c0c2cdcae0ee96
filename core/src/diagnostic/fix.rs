//! Applies fixes to a text, leaving every other byte as it was.

use alloc::string::String;
use alloc::vec::Vec;

use super::{Edit, Fix, Report};

/// What became of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fixed {
    /// The text with the fixes in it.
    pub text: String,
    /// How many fixes went in.
    pub applied: usize,
    /// How many stayed out because they touch the place of one that went in; another run gets them.
    pub left: usize,
}

/// Applies all safe fixes of a report that do not touch one another, in document order.
pub fn apply_safe(report: &Report) -> Fixed {
    let fixes = report.diagnostics.iter().filter_map(|diagnostic| diagnostic.fix.as_ref());
    apply(&report.text, fixes.filter(|fix| fix.safe))
}

/// Applies these fixes; of two that touch the same place the first wins. A fix goes in whole or not at all.
pub fn apply<'f>(text: &str, fixes: impl Iterator<Item = &'f Fix>) -> Fixed {
    let mut edits: Vec<&Edit> = Vec::new();
    let (mut applied, mut left) = (0_usize, 0_usize);
    for fix in fixes {
        let free = |edit: &Edit| edits.iter().all(|other| apart(edit, other));
        if fix.edits.iter().all(free) {
            edits.extend(&fix.edits);
            applied = applied.saturating_add(1);
        } else {
            left = left.saturating_add(1);
        }
    }
    edits.sort_by_key(|edit| (edit.range.start.byte, edit.range.end.byte));
    let mut fixed = String::with_capacity(text.len());
    let mut at = 0;
    for edit in edits {
        let start = usize::try_from(edit.range.start.byte).unwrap_or(usize::MAX);
        fixed.push_str(text.get(at..start).unwrap_or(""));
        fixed.push_str(&edit.new_text);
        at = usize::try_from(edit.range.end.byte).unwrap_or(usize::MAX);
    }
    fixed.push_str(text.get(at..).unwrap_or(""));
    Fixed { text: fixed, applied, left }
}

/// True when two edits share no byte and do not put in text at the same place.
fn apart(a: &Edit, b: &Edit) -> bool {
    let (a, b) = (a.range, b.range);
    (a.end.byte <= b.start.byte || b.end.byte <= a.start.byte) && a.start.byte != b.start.byte
}
