//! `--fix`: puts the safe fixes into a document and leaves every other byte as it was.

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Write};
use std::path::Path;

use jitgate_core::diagnostic::fix::{apply_safe, safe};
use jitgate_core::json::{Encoding, Source};
use jitgate_core::{CheckOptions, Code, check};

use crate::input::Input;

/// A fix may make room for another one, but no document needs more rounds than this: two fixes that undo
/// each other must not go on for ever.
const ROUNDS: usize = 10;

/// Applies the safe fixes to the document, and to its file where it has one. Answers what was fixed.
pub fn mend(input: &mut Input, options: &CheckOptions) -> Result<Vec<String>, String> {
    let source = Source::decode(&input.bytes);
    let text = match source.encoding {
        Encoding::Utf8 => &*source.text,
        // The rest says so.
        Encoding::TooLarge => return Ok(Vec::new()),
        // The places of the fixes are places in the decoded text. UTF-16 without a mark may be UTF-8, too, with zeros in it.
        _ => {
            return Err(format!(
                "`{}` is not UTF-8 and was left as it is: save it as UTF-8 first",
                input.name
            ));
        }
    };
    let (fixed, applied) = rounds(text, options);
    if applied.is_empty() {
        return Ok(Vec::new());
    }
    if let Some(path) = &input.path {
        replace(path, &input.bytes, fixed.as_bytes())
            .map_err(|problem| format!("`{}` {problem}", input.name))?;
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
/// other and never half of it. A symbolic link goes on pointing to where it did. Where the file would get another owner
/// by that, or has other names, which would go on with the old one, it is written in its place.
fn replace(path: &Path, old: &[u8], bytes: &[u8]) -> Result<(), String> {
    let left = |error: io::Error| format!("cannot be written and was left as it is: {error}");
    let target = fs::canonicalize(path).map_err(left)?;
    let metadata = fs::metadata(&target).map_err(left)?;
    if !metadata.is_file() {
        return Err(left(io::Error::other("it is no regular file")));
    }
    if metadata.permissions().readonly() {
        return Err(left(io::Error::other("it is read-only")));
    }
    // Whoever saved it in the meantime loses nothing.
    if fs::read(&target).map_err(left)? != old {
        return Err("was changed meanwhile and was left as it is: run it again".to_owned());
    }
    let folder = target.parent().ok_or_else(|| left(io::Error::other("it has no folder")))?;
    let mut file = tempfile::NamedTempFile::new_in(folder).map_err(left)?;
    if !is_like(file.as_file(), &metadata) {
        let mut file = fs::File::options().write(true).open(&target).map_err(left)?;
        let written =
            file.write_all(bytes).and_then(|()| file.set_len(u64::try_from(bytes.len()).unwrap_or(u64::MAX)));
        return written
            .and_then(|()| file.sync_all())
            .map_err(|error| format!("may be written only in part: {error}"));
    }
    file.write_all(bytes).map_err(left)?;
    file.as_file().set_permissions(metadata.permissions()).map_err(left)?;
    file.as_file().sync_all().map_err(left)?;
    file.persist(&target).map_err(|error| left(error.error))?;
    Ok(())
}

/// Gives a new file the owner and the group of an old one; false where it cannot stand for that.
#[cfg(unix)]
fn is_like(new: &fs::File, old: &fs::Metadata) -> bool {
    use std::os::unix::fs::{MetadataExt, fchown};

    let is_same = |own: fs::Metadata| (own.uid(), own.gid()) == (old.uid(), old.gid());
    old.nlink() == 1
        && (new.metadata().is_ok_and(is_same) || fchown(new, Some(old.uid()), Some(old.gid())).is_ok())
}

/// The same elsewhere, where a new file has the owner of its folder.
#[cfg(not(unix))]
fn is_like(_: &fs::File, _: &fs::Metadata) -> bool {
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_saved_meanwhile_stays() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("policy.json");
        fs::write(&path, "newer").expect("a file");
        let said = replace(&path, b"older", b"fixed").expect_err("a refusal");
        assert_eq!(said, "was changed meanwhile and was left as it is: run it again");
        assert_eq!(fs::read(&path).expect("a file"), b"newer");
        assert_eq!(replace(&path, b"newer", b"fixed"), Ok(()));
        assert_eq!(fs::read(&path).expect("a file"), b"fixed");
    }
}
