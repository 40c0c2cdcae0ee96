//! `--fix`: puts the safe fixes into a document and leaves every other byte as it was.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::path::Path;
use std::{fs, str};

use jitgate_core::diagnostic::fix::{apply_safe, safe};
use jitgate_core::{CheckOptions, Code, check};

use crate::input::Input;

/// A fix may make room for another one, but no document needs more rounds than this: two fixes that undo
/// each other must not go on for ever.
const ROUNDS: usize = 10;

/// Applies the safe fixes to the document, and to its file where it has one. Answers what was fixed.
pub fn mend(input: &mut Input, options: &CheckOptions) -> Result<Vec<String>, String> {
    let Ok(text) = str::from_utf8(&input.bytes) else {
        // The places of the fixes are places in the decoded text.
        return Err(format!("`{}` is not UTF-8 and was left as it is: save it as UTF-8 first", input.name));
    };
    let (fixed, applied) = rounds(text, options);
    if applied.is_empty() {
        return Ok(Vec::new());
    }
    if let Some(path) = &input.path {
        replace(path, fixed.as_bytes())
            .map_err(|error| format!("`{}` cannot be written and was left as it is: {error}", input.name))?;
    }
    let note = |(code, count): (Code, usize)| {
        let times = if count == 1 { String::new() } else { format!(", {count} times") };
        format!("fixed {} {} in {}{times}", code.id(), code.meta().name, input.name)
    };
    let notes = applied.into_iter().map(note).collect();
    input.bytes = fixed.into_bytes();
    Ok(notes)
}

/// The text with all safe fixes in it, and how many of each rule there were.
fn rounds(text: &str, options: &CheckOptions) -> (String, BTreeMap<Code, usize>) {
    let mut text = text.to_string();
    let mut counts = BTreeMap::new();
    for _ in 0..ROUNDS {
        let report = check(text.as_bytes(), options);
        let fixed = apply_safe(&report);
        if fixed.applied == 0 {
            break;
        }
        for (place, diagnostic) in safe(&report).enumerate() {
            if fixed.left.binary_search(&place).is_err() {
                let count: &mut usize = counts.entry(diagnostic.code).or_default();
                *count = count.saturating_add(1);
            }
        }
        text = fixed.text;
    }
    (text, counts)
}

/// Writes a new file beside the old one and lets it take its place, so that a reader sees the one or the
/// other and never half of it. A symbolic link goes on pointing to where it did.
fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let target = fs::canonicalize(path)?;
    let metadata = fs::metadata(&target)?;
    if !metadata.is_file() {
        return Err(io::Error::other("it is no regular file"));
    }
    if metadata.permissions().readonly() {
        return Err(io::Error::other("it is read-only"));
    }
    let folder = target.parent().ok_or_else(|| io::Error::other("it has no folder"))?;
    let mut file = tempfile::NamedTempFile::new_in(folder)?;
    file.write_all(bytes)?;
    file.as_file().set_permissions(metadata.permissions())?;
    file.as_file().sync_all()?;
    file.persist(&target)?;
    Ok(())
}
