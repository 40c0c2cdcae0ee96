//! A diagnostic as text for a terminal: what, where, the line with the place underlined, what to do.

use alloc::string::{String, ToString};

use unicode_width::UnicodeWidthChar;

use super::{Diagnostic, Severity};

use crate::format::format;
use crate::rules::words::is_hidden;

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

/// The widest place that is shown whole, in columns.
const MARK: usize = 72;

/// The longest place that is shown by its ends, in bytes: longer ones are objects, known by their start.
const LONGEST: usize = 400;

/// Renders one diagnostic of a document with that text and of that name.
pub fn text(text: &str, diagnostic: &Diagnostic, file: &str, style: &Style) -> String {
    let start = diagnostic.range.start;
    let severity = (style.severity)(
        diagnostic.severity,
        &format!("{}[{}]", diagnostic.severity.as_str(), diagnostic.code.id()),
    );
    let file = &shown(file);
    let mut out = format!("{severity}: {}\n", (style.strong)(&shown(&diagnostic.message)));
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
        out += &format!(
            "{gutter} {} {file}:{}:{}: {}\n",
            faint("="),
            place.line,
            place.column,
            shown(&related.message)
        );
    }
    if !diagnostic.help.is_empty() {
        out += &format!("{gutter} {} help: {}\n", faint("="), shown(&diagnostic.help));
    }
    if let Some(fix) = &diagnostic.fix {
        let how = if fix.safe { "fix" } else { "possible fix" };
        out += &format!("{gutter} {} {how}: {}\n", faint("="), shown(&fix.title));
    }
    out
}

/// The line of the diagnostic's start, cut to a width around the place, and the underline for it.
///
/// Looks no further than that width: a compact document of megabytes is a single line.
fn excerpt(text: &str, diagnostic: &Diagnostic) -> (String, String) {
    let at = |byte: u32| usize::try_from(byte).unwrap_or(usize::MAX).min(text.len());
    let (start, end) = (at(diagnostic.range.start.byte), at(diagnostic.range.end.byte));
    // A byte order mark has no place on a terminal.
    let start = if start == 0 && text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { start };
    let (before, rest) = text.split_at_checked(start).unwrap_or((text, ""));
    let (lead, cut_before) = lead(before, rest);
    let lead = lead.trim_start_matches('\u{feff}');
    let room = WIDTH.saturating_sub(columns(lead));
    let (marked, passed) = mark(rest, end.saturating_sub(start), room);
    let after = rest.get(passed..).unwrap_or("");
    let (shown, cut_after) = piece(after.chars(), room.saturating_sub(columns(&marked)));
    let after = after.get(..shown).unwrap_or("");
    let (open, close) = (if cut_before { "…" } else { "" }, if cut_after { "…" } else { "" });
    let line: String = [lead, &marked, after].iter().flat_map(|part| part.chars()).map(visible).collect();
    let indent = columns(open).saturating_add(columns(lead));
    let mark = format!("{}{}", " ".repeat(indent), "^".repeat(columns(&marked).max(1)));
    (format!("{open}{line}{close}"), mark)
}

/// What is underlined, and how many bytes of the text it stands for: what fits, of a long value on one line
/// its head and its tail, because the end of a resource id tells most.
fn mark(text: &str, len: usize, room: usize) -> (String, usize) {
    let whole = text.get(..len).unwrap_or(text);
    if len <= LONGEST && room >= MARK && piece(whole.chars(), MARK).1 && !whole.contains(['\n', '\r']) {
        let head = piece(whole.chars(), MARK / 3).0;
        let tail = whole.len().saturating_sub(piece(whole.chars().rev(), MARK / 2).0);
        return (format!("{}…{}", whole.get(..head).unwrap_or(""), whole.get(tail..).unwrap_or("")), len);
    }
    let fits = piece(whole.chars(), room).0;
    (whole.get(..fits).unwrap_or("").into(), fits)
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
    match char {
        '\t' => ' ',
        _ if is_hidden(char) => '\u{fffd}',
        _ => char,
    }
}

/// Text that a document or a file's name has a part in, as it may stand in one line of a terminal.
pub fn shown(text: &str) -> String {
    text.chars().map(visible).collect()
}

#[cfg(test)]
mod tests {
    use alloc::string::String;
    use alloc::vec::Vec;

    use super::excerpt;
    use crate::diagnostic::{Diagnostic, Path, Position, Range};
    use crate::rules::Code;

    /// `[` and `]` in the text enclose the place; they are taken out. `|` stands for a line end in `expected`.
    #[track_caller]
    fn check(marked: &str, expected: &str) {
        let parts: Vec<&str> = marked.split(['[', ']']).collect();
        let at = |byte: usize| Position { byte: u32::try_from(byte).expect("short"), ..Position::default() };
        let end = parts.iter().take(2).map(|part| part.len()).sum();
        let range = Range { start: at(parts[0].len()), end: at(end) };
        let diagnostic = Diagnostic {
            code: Code::ALL[0],
            severity: Code::ALL[0].meta().severity,
            message: String::new(),
            help: String::new(),
            path: Path::default(),
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
        check("[\u{feff}{}]", "{}|^^");
    }

    #[test]
    fn what_would_control_a_terminal_is_shown_as_a_sign() {
        check("\u{1b}\u{202e}[22]\0", "\u{fffd}\u{fffd}22\u{fffd}|  ^^");
        check("\u{ad}\u{61c}\u{180e}\u{3164}[22]", "\u{fffd}\u{fffd}\u{fffd}\u{fffd}22|    ^^");
    }

    #[test]
    fn long_lines_are_cut_around_the_place() {
        let ten = |times| "0123456789".repeat(times);
        check(
            &alloc::format!("{}[x]{}", ten(9), ten(9)),
            &alloc::format!("…789{}x{}012345…|{}^", ten(3), ten(6), " ".repeat(34)),
        );
        let ends = alloc::format!("{}0123…456789{}", ten(2), ten(3));
        check(&alloc::format!("[{}],", ten(18)), &alloc::format!("{ends},|{}", "^".repeat(61)));
        check(&alloc::format!("[{}]", ten(50)), &alloc::format!("{}…|{}", ten(10), "^".repeat(100)));
    }
}
