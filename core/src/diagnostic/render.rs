//! A diagnostic as text for a terminal: what, where, the line with the place underlined, what to do.

use alloc::format;
use alloc::string::{String, ToString};

use super::{Diagnostic, Report, Severity};

/// How a renderer marks parts of its text; each takes and returns the whole part.
#[derive(Clone, Copy, Debug)]
pub struct Style {
    /// The severity and the underline.
    pub severity: fn(Severity, &str) -> String,
    /// The message.
    pub strong: fn(&str) -> String,
    /// Line numbers, bars and other furniture.
    pub faint: fn(&str) -> String,
}

impl Style {
    /// No marks at all.
    pub const PLAIN: Self = Self {
        severity: |_, text| text.to_string(),
        strong: ToString::to_string,
        faint: ToString::to_string,
    };
}

/// The widest piece of a line that is shown, in characters.
const WIDTH: usize = 100;

/// Renders one diagnostic of a report on a file of that name.
pub fn text(report: &Report, diagnostic: &Diagnostic, file: &str, style: &Style) -> String {
    let start = diagnostic.range.start;
    let severity = (style.severity)(
        diagnostic.severity,
        &format!("{}[{}]", diagnostic.severity.as_str(), diagnostic.code.id()),
    );
    let mut out = format!("{severity}: {}\n", (style.strong)(&diagnostic.message));
    let number = start.line.to_string();
    let gutter = " ".repeat(number.len());
    let faint = |text: &str| (style.faint)(text);
    out += &format!("{gutter}{} {file}:{}:{}\n", faint("-->"), start.line, start.column);
    let (line, mark) = excerpt(&report.text, diagnostic);
    out += &format!("{gutter} {}\n", faint("|"));
    out += &format!("{} {}\n", faint(&format!("{number} |")), line);
    out += &format!("{gutter} {} {}\n", faint("|"), (style.severity)(diagnostic.severity, &mark));
    for related in &diagnostic.related {
        let place = related.range.start;
        out +=
            &format!("{gutter} {} {file}:{}:{}: {}\n", faint("="), place.line, place.column, related.message);
    }
    if !diagnostic.help.is_empty() {
        out += &format!("{gutter} {} help: {}\n", faint("="), diagnostic.help);
    }
    if let Some(fix) = &diagnostic.fix {
        let how = if fix.safe { "fix" } else { "possible fix" };
        out += &format!("{gutter} {} {how}: {}\n", faint("="), fix.title);
    }
    out
}

/// The line of the diagnostic's start, cut to a width around the place, and the underline for it.
fn excerpt(text: &str, diagnostic: &Diagnostic) -> (String, String) {
    let at = |byte: u32| usize::try_from(byte).unwrap_or(usize::MAX).min(text.len());
    let (start, end) = (at(diagnostic.range.start.byte), at(diagnostic.range.end.byte));
    let (before, rest) = text.split_at_checked(start).unwrap_or((text, ""));
    let line_start = before.rfind(['\n', '\r']).map_or(0, |index| index.saturating_add(1));
    let before = before.get(line_start..).unwrap_or("").trim_start_matches('\u{feff}');
    let rest = rest.get(..rest.find(['\n', '\r']).unwrap_or(rest.len())).unwrap_or("");
    let marked = rest.get(..end.saturating_sub(start)).unwrap_or(rest).chars().count();
    let lead = before.chars().count();
    // Long lines are those of compact JSON: show what surrounds the place.
    let skip = if lead > WIDTH / 2 { lead.saturating_sub(WIDTH / 3) } else { 0 };
    let shown = before.chars().skip(skip).chain(rest.chars()).take(WIDTH).map(visible);
    let more = lead.saturating_add(rest.chars().count()).saturating_sub(skip) > WIDTH;
    let (open, close) = (if skip > 0 { "…" } else { "" }, if more { "…" } else { "" });
    let line = format!("{open}{}{close}", shown.collect::<String>());
    let indent = lead.saturating_sub(skip).saturating_add(open.chars().count());
    let length = marked.clamp(1, WIDTH.saturating_sub(lead.saturating_sub(skip)).max(1));
    (line, format!("{}{}", " ".repeat(indent), "^".repeat(length)))
}

/// One column for each character: a terminal must not act on what a document holds.
fn visible(char: char) -> char {
    if char == '\t' {
        ' '
    } else if char.is_control()
        || matches!(char, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    {
        '\u{fffd}'
    } else {
        char
    }
}
