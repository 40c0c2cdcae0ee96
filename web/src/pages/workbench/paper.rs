//! What is drawn under the transparent text of an editor: the lines in colours, underlined where something is
//! wrong, with the message behind the line.
use std::ops::Range;

use jitgate_core::{Diagnostic, Severity};
use leptos::prelude::*;

use crate::dom::view;
use crate::parts::{Token, glyph, tokens};
use crate::ui::{Icon, plain};

/// Longer lines than this are left to the browser: drawing them piece by piece would be felt.
pub const LONGEST: usize = 4_000;

/// The diagnostics that start on a line, counted from 0.
pub fn on_line(diagnostics: &[Diagnostic], line: usize) -> &[Diagnostic] {
    let number = u32::try_from(line.saturating_add(1)).unwrap_or(u32::MAX);
    let start = diagnostics.partition_point(|found| found.range.start.line < number);
    let end = diagnostics.partition_point(|found| found.range.start.line <= number);
    diagnostics.get(start..end).unwrap_or(&[])
}

/// One line of the paper.
pub fn draw_line(line: &str, found: &[Diagnostic]) -> AnyView {
    let marks: Vec<Mark> = found.iter().map(|found| Mark::new(line, found)).collect();
    let pieces = pieces(line, &marks);
    // A mark behind the last character has nothing to underline.
    let end = marks.iter().filter(|mark| mark.place.start >= line.len()).map(|mark| mark.severity).max();
    view! {
        <div class="editor-line">
            <bdi class="editor-text">{pieces}</bdi>
            {end.map(|severity| view! { <span class="mark mark-end" data-severity=severity.as_str()></span> })}
            {note(found)}
        </div>
    }
    .into_any()
}

/// One line of the gutter: its number, and the gravest severity found on it.
pub fn draw_number(line: usize, found: &[Diagnostic]) -> AnyView {
    let worst = found.iter().map(|found| found.severity).max();
    let messages: Vec<String> = found.iter().map(|found| plain(&found.message)).collect();
    view! {
        <div class="editor-number" title=(!messages.is_empty()).then(|| messages.join("\n"))>
            {worst.map(|severity| {
                view! {
                    <span class="severity-icon" data-severity=severity.as_str()><Icon glyph=glyph(severity) /></span>
                }
            })}
            <span>{line.saturating_add(1)}</span>
        </div>
    }
    .into_any()
}

/// The gravest message, and how many more there are.
fn note(found: &[Diagnostic]) -> Option<AnyView> {
    // The first of the gravest: `max_by_key` would give the last.
    let worst = found.iter().rev().max_by_key(|found| found.severity)?;
    let more = found.len().saturating_sub(1);
    let more = (more > 0).then(|| view! { <span class="editor-more">{format!("+{more}")}</span> });
    let text = plain(&worst.message);
    Some(
        view! { <span class="editor-note" data-severity=worst.severity.as_str()><bdi>{text}</bdi>{more}</span> }
            .into_any(),
    )
}

/// The part of a line that a diagnostic is about, in bytes.
struct Mark {
    place: Range<usize>,
    severity: Severity,
}

impl Mark {
    fn new(line: &str, found: &Diagnostic) -> Self {
        let (start, end) = (found.range.start, found.range.end);
        let from = byte_at(line, start.column);
        let to = if end.line == start.line { byte_at(line, end.column) } else { line.len() };
        // An empty place shows on the character that follows.
        let next = || line.get(from..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8);
        let to = if to > from { to } else { from.saturating_add(next()) };
        Self { place: from..to, severity: found.severity }
    }
}

/// The byte offset of a column, which is counted from 1 in UTF-16 code units.
fn byte_at(line: &str, column: u32) -> usize {
    let mut units = column.saturating_sub(1);
    let mut chars = line.char_indices();
    while units > 0 {
        let Some((_, char)) = chars.next() else { return line.len() };
        units = units.saturating_sub(u32::try_from(char.len_utf16()).unwrap_or(1));
    }
    chars.next().map_or(line.len(), |(byte, _)| byte)
}

/// The line's tokens, cut where marks begin and end.
fn pieces(line: &str, marks: &[Mark]) -> Vec<AnyView> {
    let mut views = Vec::new();
    let mut at = 0_usize;
    for (token, text) in tokens(line) {
        let end = at.saturating_add(text.len());
        while at < end {
            let cuts = marks.iter().flat_map(|mark| [mark.place.start, mark.place.end]);
            let cut = cuts.filter(|&cut| at < cut && cut < end).min().unwrap_or(end);
            let covers = |mark: &&Mark| mark.place.start <= at && cut <= mark.place.end;
            let severity = marks.iter().filter(covers).map(|mark| mark.severity).max();
            views.push(piece(line.get(at..cut).unwrap_or(""), token, severity));
            at = cut;
        }
    }
    views
}

fn piece(text: &str, token: Token, severity: Option<Severity>) -> AnyView {
    let text = text.to_owned();
    match (token, severity) {
        (Token::Plain, None) => text.into_any(),
        (token, None) => view! { <span class=token.class()>{text}</span> }.into_any(),
        (token, Some(severity)) => {
            let class = format!("mark {}", token.class());
            view! { <span class=class data-severity=severity.as_str()>{text}</span> }.into_any()
        }
    }
}
