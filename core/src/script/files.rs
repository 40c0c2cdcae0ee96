//! What scripts write into files, as far as it is known: it may be sent from there. Only the last part of a path counts,
//! since the folder that a script is in is not known. What may have been changed is forgotten.

use alloc::string::String;

use super::Reader;
use super::call::{REST, named};
use super::command::Argument;
use super::value::{Value, What};
use crate::part::{self, AnyCase};

/// What stands for files in front of their names among the variables, which have no such names; alone, for any of them.
pub(super) const FILE: &str = "/";

/// How PowerShell's commands begin that leave the files as they are which they name.
const READING: [&str; 14] = [
    "Get-", "Test-", "Select-", "Measure-", "Import-", "Format-", "Compare-", "Resolve-", "Join-", "gc",
    "cat", "type", "jq", "ls",
];

/// The same of a shell's commands.
pub(super) const SHELL_READING: [&str; 15] = [
    "cat", "echo", "printf", "jq", "ls", "chmod", "grep", "head", "tail", "test", "[", "[[", "wc", "diff",
    "cmp",
];

/// Commands that change files where an option says so.
const IN_PLACE: [&str; 6] = ["sed", "perl", "ruby", "awk", "gawk", "yq"];

impl<'t> Reader<'t> {
    /// What is known of a file.
    pub(super) fn file(&self, path: &str) -> Option<&Value<'t>> {
        self.variable(&as_variable(path))
    }

    /// Remembers what a file holds.
    pub(super) fn write(&mut self, path: &Value<'t>, value: Value<'t>) {
        match path.text().filter(|_| !value.is_unknown()) {
            Some(path) => self.set(&as_variable(path), value),
            None => self.unwrite(path),
        }
    }

    /// A line more in a file.
    pub(super) fn lengthen(&mut self, path: &Value<'t>, value: &Value<'t>) {
        let Some(old) = path.text().and_then(|path| self.file(path)).cloned() else {
            return self.unwrite(path);
        };
        let joined = self.joined(&[&old, value], old.start, value.end.max(old.start));
        self.offer(&joined);
        self.write(path, joined);
    }

    /// Forgets what a file holds.
    pub(super) fn unwrite(&mut self, path: &Value<'t>) {
        match path.text() {
            // A folder, or what only looks like a path.
            Some(path) if last_part(path).is_empty() => {}
            Some(path) => self.forget(&as_variable(path)),
            // `> $null`
            None if matches!(*path.what, What::Null) => {}
            None => {
                // Its name stands at the end, or it may be any of them.
                let raw = super::slice(self.text, path.start, path.end).trim_matches(['"', '\'']);
                let name = last_part(raw);
                let plain = |char: char| char.is_ascii_alphanumeric() || matches!(char, '.' | '-' | '_');
                if name.is_empty() || name.len() == raw.len() || !name.chars().all(plain) {
                    self.forget_files();
                } else {
                    self.forget(&as_variable(name));
                }
            }
        }
    }

    /// Forgets every file.
    pub(super) fn forget_files(&mut self) {
        // A function that does so forgets those, too, that are written before it is called.
        self.forget(FILE);
    }

    /// Forgets the files that a command of PowerShell's may change.
    pub(super) fn unwrite_arguments(&mut self, command: &str, arguments: &[Argument<'t>]) {
        let is = |other: &&str| command.same_in_any_case(other);
        let begins =
            |verb: &&str| command.get(..verb.len()).is_some_and(|start| start.same_in_any_case(verb));
        if command.same_in_any_case("az") || REST.iter().any(is) {
            if let Some(path) = named(arguments, &["-OutFile", "--output-file", "-o", "--output"]) {
                self.unwrite(&path);
            }
            return;
        }
        if READING.iter().any(begins) {
            return;
        }
        let copies = ["Copy-Item", "copy", "cp", "cpi"].iter().any(is);
        if copies {
            let alone = arguments.iter().filter(|one| one.name.is_empty()).nth(1);
            let to = named(arguments, &["-Destination"]).or(alone.and_then(|to| to.value.clone()));
            to.iter().for_each(|to| self.unwrite(to));
        }
        for value in arguments.iter().filter_map(|one| one.value.as_ref()) {
            if is_path(value) && (!copies || is_elsewhere(value)) {
                self.unwrite(value);
            }
        }
    }

    /// The same of a shell's.
    pub(super) fn unwrite_words(&mut self, words: &[Value<'t>]) {
        let (Some(command), Some(last)) = (words.first(), words.last()) else { return };
        let command = command.text().unwrap_or("");
        if SHELL_READING.contains(&command) {
            return;
        }
        let text = self.text;
        let raw = |word: &Value| super::slice(text, word.start, word.end);
        let glob = |word: &Value| !raw(word).starts_with(['"', '\'', '$']) && part::has(raw(word), '*');
        let option = |word: &str| word.starts_with("--in-place") || word.starts_with("-i") || word == "-pi";
        let in_place = IN_PLACE.contains(&command) && words.iter().filter_map(Value::text).any(option);
        let changes = in_place || matches!(command, "cp" | "mv" | "install");
        if (changes && last.text().is_none())
            || (!matches!(command, "az" | "curl") && words.iter().skip(1).any(glob))
        {
            self.forget_files();
        }
        for (at, word) in words.iter().enumerate() {
            let is_source = command == "cp" && at.saturating_add(1) < words.len();
            if is_path(word) && (!is_source || is_elsewhere(word)) {
                self.unwrite(word);
            }
        }
    }
}

/// True for what may be a path: `@path` only reads.
fn is_path(word: &Value) -> bool {
    word.text().is_some_and(|text| !text.starts_with('@'))
}

/// True for a file in another folder, whose copy may take the place of one of its name; all others stay as they are.
fn is_elsewhere(word: &Value) -> bool {
    word.text().is_some_and(|path| path.contains(['/', '\\']))
}

fn last_part(path: &str) -> &str {
    path.rsplit(['/', '\\']).next().unwrap_or(path)
}

/// The name of the variable that stands for a file.
fn as_variable(path: &str) -> String {
    String::from(FILE) + last_part(path)
}
