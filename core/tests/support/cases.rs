//! One-line cases: a document, and the codes of what is said about it.

use jitgate_core::{CheckOptions, Timestamp, check};

use super::NOW;
use super::page::Example;

/// The codes of all diagnostics of a document, in order.
pub fn codes(document: impl AsRef<[u8]>) -> Vec<&'static str> {
    let options = CheckOptions { now: Timestamp::parse(NOW), ..CheckOptions::default() };
    check(document.as_ref(), &options).diagnostics.iter().map(|diagnostic| diagnostic.code.id()).collect()
}

/// Those of one family: `JIT2`.
pub fn family(family: &str, document: impl AsRef<[u8]>) -> Vec<&'static str> {
    codes(document).into_iter().filter(|code| code.starts_with(family)).collect()
}

/// A whole document around a part; the forms are those of a page's fences.
pub fn part(form: &str, text: &str) -> Vec<u8> {
    Example { form: form.into(), from: None, mode: None, text: text.into() }.document()
}

/// What the first fix makes of a document; none where there is no fix.
pub fn fixed(document: impl AsRef<[u8]>) -> Option<String> {
    let options = CheckOptions { now: Timestamp::parse(NOW), ..CheckOptions::default() };
    let report = check(document.as_ref(), &options);
    let fix = report.diagnostics.iter().find_map(|diagnostic| diagnostic.fix.as_ref())?;
    Some(jitgate_core::diagnostic::fix::apply(&report.text, std::iter::once(fix)).text)
}
