//! Turns of phrase that several rules share.

use alloc::string::{String, ToString};

use ipnet::Ipv4Net;

use crate::format::format;
use crate::json::NodeKind;
use crate::read::Expected;

/// A value's type as messages say it: `a string`.
pub const fn kind(kind: NodeKind) -> &'static str {
    match kind {
        NodeKind::Object => "an object",
        NodeKind::Array => "an array",
        NodeKind::String => "a string",
        NodeKind::Number => "a number",
        NodeKind::True | NodeKind::False => "a boolean",
        NodeKind::Null => "`null`",
        NodeKind::Broken => "unreadable",
    }
}

/// A type that is due, as messages say it.
pub const fn expected(expected: Expected) -> &'static str {
    match expected {
        Expected::Object => "an object",
        Expected::Array => "an array",
        Expected::String => "a string",
        Expected::Number => "a number",
        Expected::Boolean => "`true` or `false`",
    }
}

/// Text from a document in backticks: shortened where it is long, and without anything that would break
/// a line or turn the direction of writing.
pub fn quoted(text: &str) -> String {
    let mut quoted = String::from("`");
    show(text, &mut quoted);
    quoted.push('`');
    quoted
}

/// The same without the backticks.
pub fn plain(text: &str) -> String {
    let mut plain = String::new();
    show(text, &mut plain);
    plain
}

#[inline(never)]
fn show(text: &str, to: &mut String) {
    const MOST: usize = 60;
    for (count, char) in text.chars().enumerate() {
        if count == MOST {
            to.push('…');
            return;
        }
        to.push(if char == '`' || is_hidden(char) { '\u{fffd}' } else { char });
    }
}

/// True for what would break a line, turn the direction of writing, or not be seen.
pub fn is_hidden(char: char) -> bool {
    char.is_control()
        || matches!(
            char,
            '\u{ad}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180e}'
                | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
                | '\u{3164}' | '\u{feff}' | '\u{ffa0}' | '\u{fff9}'..='\u{fffb}'
        )
}

/// So many of a list are shown: it may have thousands.
pub const MOST_SHOWN: usize = 20;

/// Blocks of addresses one after the other, the first of many.
pub fn nets(nets: &[Ipv4Net]) -> String {
    let shown: alloc::vec::Vec<_> = nets.iter().take(MOST_SHOWN).map(net).collect();
    let more = if nets.len() > MOST_SHOWN { ", …" } else { "" };
    crate::part::join(&shown, ", ") + more
}

/// A block of addresses as Azure writes it: `*` for everybody, a single address without its `/32`.
pub fn net(net: &Ipv4Net) -> String {
    match net.prefix_len() {
        0 => "*".to_string(),
        32 => format!("{}", net.addr()),
        _ => format!("{net}"),
    }
}
