//! Where a finding is, as SARIF says it: which file, which region, and how to know it again after an edit.

use std::borrow::Cow;
use std::env;
use std::path::Path;

use jitgate_core::diagnostic::{Position, Range};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use super::super::Finding;
use super::shape::{ArtifactLocation, Location, Message, PhysicalLocation, Region};

/// All but what RFC 3986 lets stand in a path. A `:` could make the first part of a path a scheme.
const ESCAPED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~').remove(b'/');

/// A place in the finding's file.
pub fn location<'a>(finding: &Finding<'a>, range: &Range, message: Option<&str>) -> Location<'a> {
    Location {
        physical_location: PhysicalLocation {
            artifact_location: ArtifactLocation { uri: uri(finding.file) },
            region: region(finding.text, range),
        },
        message: message.map(|text| Message { text: text.to_string() }),
    }
}

/// A range as a region. SARIF does not count a byte order mark; our columns do.
pub fn region(text: &str, range: &Range) -> Region {
    let marked = text.starts_with('\u{feff}');
    let column = |position: Position| {
        let mark = u32::from(marked && position.line == 1);
        position.column.saturating_sub(mark).max(1)
    };
    Region {
        start_line: range.start.line,
        start_column: column(range.start),
        end_line: range.end.line,
        end_column: column(range.end),
    }
}

/// A file's name as a URI reference, relative where the file is below the current folder: GitHub wants it
/// relative to the root of the repository, where its jobs start.
pub fn uri(file: &str) -> Cow<'_, str> {
    if file.starts_with('<') {
        // The standard input, which has no name.
        return Cow::Borrowed("stdin");
    }
    let path = Path::new(file);
    let path = env::current_dir().ok().and_then(|here| path.strip_prefix(here).ok()).unwrap_or(path);
    let parts = path.to_string_lossy().replace(std::path::MAIN_SEPARATOR, "/");
    let parts = parts.trim_start_matches("./");
    let scheme = if path.is_absolute() { "file://" } else { "" };
    Cow::Owned(format!("{scheme}{}", utf8_percent_encode(parts, ESCAPED)))
}

/// A number that stays the same while lines come and go around the finding: FNV-1a of the code and the
/// next hundred characters, without white space. The order of equal ones makes them different.
pub fn fingerprint(finding: &Finding) -> u64 {
    let start = usize::try_from(finding.diagnostic.range.start.byte).unwrap_or(usize::MAX);
    let here = finding.text.get(start..).unwrap_or("").chars();
    let here: String = here.filter(|char| !char.is_whitespace()).take(100).collect();
    let bytes = finding.diagnostic.code.id().bytes().chain(here.bytes());
    bytes.fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

#[cfg(test)]
mod tests {
    use super::uri;

    #[test]
    fn names_become_uris() {
        assert_eq!(uri("./a b/policy#1.json"), "a%20b/policy%231.json");
        assert_eq!(uri("c:d/é.json"), "c%3Ad/%C3%A9.json");
        assert_eq!(uri("<stdin>"), "stdin");
    }

    #[test]
    fn files_below_the_current_folder_are_relative_to_it() {
        let file = std::env::current_dir().expect("a folder").join("x/policy.json");
        assert_eq!(uri(&file.to_string_lossy()), "x/policy.json");
        assert!(uri("/nowhere/policy.json").starts_with("file:///"));
    }
}
