//! Characters in the strings of each language: what would end a string, begin an expression, or not be seen.

use alloc::string::String;

use crate::format::format;
use crate::rules::words::is_hidden;

/// How characters are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// In a string of JSON.
    Json,
    /// The same within single quotes of a POSIX shell, in ASCII: `az rest` takes no more (azure-cli#30366).
    ShellJson,
    /// The same in an `.http` file, where `{{` begins a variable.
    HttpJson,
    /// The same in a template, where `[…]` is an expression.
    ArmJson,
    /// A word of a POSIX shell, in single quotes.
    Word,
    /// An address; it is percent-encoded already.
    Url,
    /// A string of PowerShell in single quotes, which knows no escapes.
    PowerShell,
    /// A string of Bicep.
    Bicep,
    /// A string of HCL.
    Hcl,
}

/// Writes text into a string that is open.
#[cold]
#[inline(never)]
pub fn plain(out: &mut String, text: &str, style: Style) {
    let mut before = '\0';
    let mut rest = text.chars();
    while let Some(char) = rest.next() {
        let next = rest.as_str().chars().next();
        one(out, before, char, next, style);
        before = char;
    }
}

#[cold]
#[inline(never)]
fn one(out: &mut String, before: char, char: char, next: Option<char>, style: Style) {
    use Style::{ArmJson, Bicep, Hcl, HttpJson, Json, PowerShell, ShellJson, Url, Word};
    match (style, char) {
        (ShellJson | Word, '\'') => out.push_str("'\\''"),
        // Whichever of them it is, it would end the string; twice it is one.
        (PowerShell, '\'' | '\u{2018}'..='\u{201b}') => out.extend([char, char]),
        (Json | ShellJson | HttpJson | ArmJson | Hcl, '"' | '\\') | (Bicep, '\'' | '\\') => {
            out.extend(['\\', char]);
        }
        (Bicep, '$') if next == Some('{') => out.push_str("\\$"),
        // In HCL `$${` is `${`, but what `$$${` and `$%%{` are depends on who reads it.
        (Hcl, '$' | '%') if next == Some('{') && matches!(before, '$' | '%') => unicode(out, char, style),
        (Hcl, '$' | '%') if next == Some('{') => out.extend([char, char]),
        (HttpJson, '{') if next == Some('{') => unicode(out, char, style),
        (Word | Url | PowerShell, _) => out.push(char),
        (_, '\n') => out.push_str("\\n"),
        (_, '\r') => out.push_str("\\r"),
        (_, '\t') => out.push_str("\\t"),
        (ShellJson, _) if !char.is_ascii() => unicode(out, char, style),
        _ if is_hidden(char) => unicode(out, char, style),
        _ => out.push(char),
    }
}

/// A character by its number.
#[cold]
#[inline(never)]
fn unicode(out: &mut String, char: char, style: Style) {
    let code = u32::from(char);
    match style {
        Style::Bicep => out.push_str(&format!("\\u{{{code:x}}}")),
        Style::Hcl if code > 0xffff => out.push_str(&format!("\\U{code:08x}")),
        _ => {
            for unit in char.encode_utf16(&mut [0; 2]) {
                out.push_str(&format!("\\u{unit:04x}"));
            }
        }
    }
}

/// A string of PowerShell; where something in it cannot be seen, several that are added up: `('a' + [char]10 + 'b')`.
/// That expression stands in parentheses unless `inner`.
#[cold]
#[inline(never)]
pub fn powershell(out: &mut String, text: &str, inner: bool) {
    let several = !inner && text.chars().any(is_hidden);
    out.push_str(if several { "('" } else { "'" });
    for char in text.chars() {
        if is_hidden(char) {
            out.push_str(&format!("' + [char]{} + '", u32::from(char)));
        } else {
            one(out, '\0', char, None, Style::PowerShell);
        }
    }
    out.push_str(if several { "')" } else { "'" });
}

/// A part of an address (RFC 3986): all but letters, digits and `-._~()` as `%` and its bytes.
#[cold]
#[inline(never)]
pub fn percent(text: &str) -> String {
    let mut out = String::new();
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~()".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

/// `subscriptionId` as `subscription_id`.
#[cold]
#[inline(never)]
pub fn snake(name: &str) -> String {
    let mut out = String::new();
    for char in name.chars() {
        if char.is_ascii_uppercase() {
            out.push('_');
        }
        out.push(char.to_ascii_lowercase());
    }
    out
}
