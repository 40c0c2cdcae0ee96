//! Annotations of a GitHub Actions job: `::error file=…::message`, one line each.
//!
//! GitHub knows three levels. A `security` finding is a `warning` there: the service takes the document,
//! and whether the job fails is for `--fail-on` to say.

use jitgate_core::Severity;

use super::Finding;

/// The annotations for these findings.
pub fn annotations<'a>(findings: impl Iterator<Item = Finding<'a>>) -> Vec<u8> {
    let mut out = String::new();
    for Finding { file, diagnostic, .. } in findings {
        let level = match diagnostic.severity {
            Severity::Error => "error",
            Severity::Security | Severity::Warning => "warning",
            Severity::Info => "notice",
        };
        let (start, end) = (diagnostic.range.start, diagnostic.range.end);
        let columns = if start.line == end.line {
            format!(",col={},endColumn={}", start.column, end.column)
        } else {
            // GitHub takes columns only within one line.
            String::new()
        };
        let title = format!("{} {}", diagnostic.code.id(), diagnostic.code.meta().name);
        let help =
            if diagnostic.help.is_empty() { String::new() } else { format!("\nhelp: {}", diagnostic.help) };
        out += &format!(
            "::{level} file={},line={},endLine={}{columns},title={}::{}\n",
            property(file),
            start.line,
            end.line,
            property(&title),
            message(&format!("{}{help}", diagnostic.message)),
        );
    }
    out.into_bytes()
}

/// What stands behind `::` ends with its line.
fn message(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// What stands before `::` also ends with `:` and `,`.
fn property(text: &str) -> String {
    message(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::{message, property};

    #[test]
    fn what_ends_a_part_is_escaped() {
        assert_eq!(message("100 %\r\na: b, c"), "100 %25%0D%0Aa: b, c");
        assert_eq!(property("C:\\a,b%\n"), "C%3A\\a%2Cb%25%0A");
    }
}
