//! What a script is written in, where its first words do not tell. Small modules, which read none, do without.

use super::guess::{COMMANDS, is_cmdlet, starts};
use crate::part;

/// So much of a script is looked at, in bytes.
pub(super) const HEAD: usize = 65_536;

/// The text behind the comments that it begins with.
pub(super) fn behind_comments(text: &str) -> &str {
    let mut rest = text;
    while rest.starts_with('#') && !rest.starts_with("#!") && !rest.starts_with("###") {
        let (_, behind) = part::cut(rest, '\n').unwrap_or_default();
        if behind.trim_start().is_empty() {
            return text;
        }
        rest = behind.trim_start();
    }
    rest
}

/// The name of the shell that a first line asks for, with what it is given: `#!/usr/bin/env -S bash -e`.
pub(super) fn asks_for_shell(first: &str) -> bool {
    let command = first.split(" #").next().unwrap_or(first);
    let mut words = command.split(['/', ' ', '\t', '\r']);
    words.any(|word| word.ends_with("sh") && word != "pwsh")
}

/// True where a text in quotes or brackets begins a script, and no JSON: `"=== Enable ==="` on a line of its own,
/// `[[ -n "$X" ]] || …`.
pub(super) fn is_no_json(text: &str) -> bool {
    let (first, behind) = part::cut(text, '\n').unwrap_or((text, ""));
    let first = part::trim(first);
    if text.starts_with('[') {
        return ["] && ", "] || ", "]; then"].iter().any(|sign| part::contains(first, sign));
    }
    let inner = first.strip_prefix('"').and_then(|inner| inner.strip_suffix('"'));
    let next = behind.trim_start();
    inner.is_some_and(|inner| !part::has(inner, '"'))
        && next.starts_with(|char: char| char.is_ascii_alphabetic() || matches!(char, '$' | '#' | '<'))
}

/// True where a line begins with an object, not with the braces of a function.
pub(super) fn holds_json(head: &str) -> bool {
    let mut rest = head;
    while let Some((_, behind)) = part::split_once(rest, "\n{") {
        if behind.trim_start().starts_with(['"', '\'', '}', '/']) {
            return true;
        }
        rest = behind;
    }
    false
}

/// True where the first line that only one of the two has is a shell's, not PowerShell's.
pub(super) fn is_shell_first(head: &str) -> bool {
    let mut comment = false;
    for line in head.lines().map(part::trim) {
        comment = (comment || line.starts_with("<#")) && !part::contains(line, "#>");
        if comment || line.starts_with('#') {
            continue;
        }
        if is_shell_line(line) {
            return true;
        }
        if is_powershell_line(line) {
            return false;
        }
    }
    false
}

/// `name=value`, `name() {`, `if [ … ]`, `set -eu`, `<<EOF`, and the words that end blocks.
fn is_shell_line(line: &str) -> bool {
    let line = line.trim_start_matches("export ");
    let len = line.bytes().take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b'_').count();
    let behind = line.get(len..).unwrap_or("");
    let names = len > 0 && line.starts_with(|char: char| !char.is_ascii_digit());
    let assigns = names && behind.starts_with('=') && !behind.starts_with("= ") && !behind.starts_with("==");
    let document = part::split_once(line, "<<").is_some_and(|(_, mark)| {
        mark.starts_with(|char: char| char.is_ascii_uppercase() || matches!(char, '-' | '\'' | '"'))
    });
    let options = line.strip_prefix("set -").unwrap_or("");
    let sets = options.starts_with(['e', 'u', 'x', 'o'])
        && options.split(' ').next().is_some_and(|option| option.len() < 5);
    assigns
        || document
        || sets
        || (names && behind.starts_with("()"))
        || starts(line, &["if [", "elif [", "while [", "[[ ", "[ -", "[ \"", "local "])
        || matches!(line, "fi" | "done" | "esac" | "then" | "do")
        || (starts(line, &COMMANDS) && line.ends_with(" \\"))
}

/// `$name = …`, `[type]…`, `param(`, a cmdlet, a table.
fn is_powershell_line(line: &str) -> bool {
    let name = line.strip_prefix('$').unwrap_or("");
    let behind =
        name.trim_start_matches(|char: char| char.is_ascii_alphanumeric() || matches!(char, '_' | ':'));
    let next = behind.trim_start();
    let uses = behind.len() < name.len()
        && (starts(next, &["=", "+=", "|"]) || behind.starts_with(['.', '[']) && !behind.starts_with("[@"));
    uses || is_cmdlet(line)
        || starts(
            line,
            &[
                "param(",
                "param (",
                "Param(",
                "[CmdletBinding",
                "using namespace ",
                "try {",
                "if ($",
                "foreach ($",
            ],
        )
        || line.strip_prefix("function ").is_some_and(is_cmdlet)
        || part::contains(line, "-AzJit")
        || (part::contains(line, "@{") && !part::contains(line, "@{u"))
}
