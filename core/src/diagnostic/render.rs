//! A diagnostic as text for a terminal: what, where, the line with the place underlined, what to do.

use alloc::format;
use alloc::string::{String, ToString};

use unicode_width::UnicodeWidthChar;

use super::{Diagnostic, Severity};

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

/// The widest piece of a line that is shown, in columns.
const WIDTH: usize = 100;

/// Renders one diagnostic of a document with that text and of that name.
pub fn text(text: &str, diagnostic: &Diagnostic, file: &str, style: &Style) -> String {
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
    let (line, mark) = excerpt(text, diagnostic);
    if !line.is_empty() {
        out += &format!("{gutter} {}\n", faint("|"));
        out += &format!("{} {}\n", faint(&format!("{number} |")), line);
        out += &format!("{gutter} {} {}\n", faint("|"), (style.severity)(diagnostic.severity, &mark));
    }
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
///
/// Looks no further than that width: a compact document of megabytes is a single line.
fn excerpt(text: &str, diagnostic: &Diagnostic) -> (String, String) {
    let at = |byte: u32| usize::try_from(byte).unwrap_or(usize::MAX).min(text.len());
    let (start, end) = (at(diagnostic.range.start.byte), at(diagnostic.range.end.byte));
    let (before, rest) = text.split_at_checked(start).unwrap_or((text, ""));
    let (lead, cut_before) = lead(before, rest);
    let lead = lead.trim_start_matches('\u{feff}');
    let (shown, cut_after) = piece(rest.chars(), WIDTH.saturating_sub(columns(lead)));
    let shown = rest.get(..shown).unwrap_or("");
    let marked = shown.get(..end.saturating_sub(start)).unwrap_or(shown);
    let (open, close) = (if cut_before { "…" } else { "" }, if cut_after { "…" } else { "" });
    let line = format!("{open}{}{close}", lead.chars().chain(shown.chars()).map(visible).collect::<String>());
    let indent = columns(open).saturating_add(columns(lead));
    (line, format!("{}{}", " ".repeat(indent), "^".repeat(columns(marked).max(1))))
}

/// What is shown of the line in front of the place, and whether something is cut off: all of it, unless the
/// line is too long and the place so far along that what follows would not be seen.
fn lead<'t>(before: &'t str, rest: &str) -> (&'t str, bool) {
    let last = |most| {
        let (bytes, cut) = piece(before.chars().rev(), most);
        (before.get(before.len().saturating_sub(bytes)..).unwrap_or(""), cut)
    };
    let (whole, cut) = last(WIDTH);
    let fits = !cut && !piece(rest.chars(), WIDTH.saturating_sub(columns(whole))).1;
    if fits || columns(whole) <= WIDTH / 2 { (whole, cut) } else { last(WIDTH / 3) }
}

/// How many bytes of these characters, to the line's end, fit that many columns; and whether more follow.
fn piece(chars: impl Iterator<Item = char>, most: usize) -> (usize, bool) {
    let (mut bytes, mut room) = (0_usize, most);
    for char in chars.take_while(|char| !matches!(char, '\n' | '\r')) {
        match room.checked_sub(width(char)) {
            Some(left) => room = left,
            None => return (bytes, true),
        }
        bytes = bytes.saturating_add(char.len_utf8());
    }
    (bytes, false)
}

fn columns(text: &str) -> usize {
    text.chars().map(width).sum()
}

/// The columns that a terminal gives the character, as it is shown.
fn width(char: char) -> usize {
    visible(char).width().unwrap_or(1)
}

/// A terminal must not act on what a document holds, nor hide it: what controls or is unseen gets a sign.
fn visible(char: char) -> char {
    if char == '\t' {
        ' '
    } else if char.is_control()
        || matches!(char, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
    {
        '\u{fffd}'
    } else {
        char
    }
}

#[cfg(test)]
mod tests {
    use alloc::string::String;
    use alloc::vec::Vec;

    use super::excerpt;
    use crate::diagnostic::{Diagnostic, Position, Range};
    use crate::rules::Code;

    /// `[` and `]` in the text enclose the place; they are taken out. `|` stands for a line end in `expected`.
    #[track_caller]
    fn check(marked: &str, expected: &str) {
        let parts: Vec<&str> = marked.split(['[', ']']).collect();
        let at = |byte: usize| Position { byte: u32::try_from(byte).expect("short"), ..Position::default() };
        let range = Range { start: at(parts[0].len()), end: at(parts[0].len() + parts[1].len()) };
        let diagnostic = Diagnostic {
            code: Code::ALL[0],
            severity: Code::ALL[0].meta().severity,
            message: String::new(),
            help: String::new(),
            pointer: String::new(),
            path: Vec::new(),
            range,
            fix: None,
            related: Vec::new(),
        };
        let (line, mark) = excerpt(&parts.concat(), &diagnostic);
        assert_eq!(alloc::format!("{line}|{mark}"), expected);
    }

    #[test]
    fn the_place_is_underlined() {
        check("a: [22], b", "a: 22, b|   ^^");
        check("a\r\n  [22]\r\nb", "  22|  ^^");
        check("a: [{\n}] b", "a: {|   ^");
        check("a: []", "a: |   ^");
        check("[]", "|^");
    }

    #[test]
    fn columns_are_those_of_a_terminal() {
        check("\t[22]", " 22| ^^");
        check("名前: [22]", "名前: 22|      ^^");
        check("😀 [名前] x", "😀 名前 x|   ^^^^");
        check("e\u{301}: [22]", "e\u{301}: 22|   ^^");
        check("\u{feff}[{}]", "{}|^^");
    }

    #[test]
    fn what_would_control_a_terminal_is_shown_as_a_sign() {
        check("\u{1b}\u{202e}[22]\0", "\u{fffd}\u{fffd}22\u{fffd}|  ^^");
    }

    #[test]
    fn long_lines_are_cut_around_the_place() {
        let many = "0123456789".repeat(9);
        check(
            &alloc::format!("{many}[x]{many}"),
            &alloc::format!("…{}x{}…|{}^", &many[57..], &many[..66], " ".repeat(34)),
        );
        check(
            &alloc::format!("[{many}{many}]"),
            &alloc::format!("{many}{}…|{}", &many[..10], "^".repeat(100)),
        );
    }
}
