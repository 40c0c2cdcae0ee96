//! What scripts write into files, as far as it is known: it may be sent from there. Only the last part of a path counts,
//! since the folder that a script is in is not known. What may have been changed is forgotten.

use alloc::string::String;

use super::Reader;
use super::value::{Value, What};

/// What stands for files in front of their names among the variables, which have no such names; alone, for any of them.
pub(super) const FILE: &str = "/";

impl<'t> Reader<'t> {
    /// What is known of a file.
    pub(super) fn file(&self, path: &str) -> Option<&Value<'t>> {
        self.variable(&as_variable(path))
    }

    /// Remembers what a file holds.
    pub(super) fn write(&mut self, path: &Value<'t>, value: Value<'t>) {
        let pattern = |path: &&str| self.cased || !path.contains(['*', '?']);
        match path.text().filter(pattern).filter(|_| !value.is_unknown()) {
            Some(path) if self.is_other(path) => self.fix(&as_variable(path)),
            Some(path) => self.set(&as_variable(path), value),
            None => self.unwrite(path),
        }
    }

    /// True for another path than the one by which a file of that name was written: which one is read is not known.
    fn is_other(&mut self, path: &str) -> bool {
        let (name, path) = (self.known_as(&as_variable(path)), self.known_as(without_here(path)));
        *self.written.entry(name).or_insert_with(|| path.clone()) != path
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
        if let What::List(paths) = &*path.what {
            return paths.iter().for_each(|path| self.unwrite(path));
        }
        match path.text() {
            // Here, patterns are patterns in quotes as well.
            Some(path) if !self.cased && path.contains(['*', '?']) => self.forget_files(),
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
}

pub(super) fn last_part(path: &str) -> &str {
    path.rsplit(['/', '\\']).next().unwrap_or(path)
}

/// A path without what stands for the folder that the script is in.
fn without_here(path: &str) -> &str {
    path.strip_prefix("./").or_else(|| path.strip_prefix(".\\")).unwrap_or(path)
}

/// The name of the variable that stands for a file.
fn as_variable(path: &str) -> String {
    String::from(FILE) + last_part(path)
}
