//! A report as JSON.

use alloc::string::String;
use alloc::vec::Vec;

use serde::Serialize;

use crate::diagnostic::{Diagnostic, Edit, Fix, Position, Range, Related, Report, Step};

/// `{"kind", "diagnostics": […]}`.
#[derive(Serialize)]
pub struct ReportJson<'a> {
    kind: &'static str,
    diagnostics: Vec<DiagnosticJson<'a>>,
}

impl<'a> From<&'a Report<'_>> for ReportJson<'a> {
    fn from(report: &'a Report) -> Self {
        Self {
            kind: report.kind.as_str(),
            diagnostics: report.diagnostics.iter().map(DiagnosticJson::from).collect(),
        }
    }
}

/// `{"code", "name", "severity", "message", "pointer", "path", "range", "help", "url", "fix"?, "related"?}`.
#[derive(Serialize)]
pub struct DiagnosticJson<'a> {
    code: &'static str,
    name: &'static str,
    severity: &'static str,
    message: &'a str,
    pointer: String,
    path: Vec<StepJson<'a>>,
    range: RangeJson,
    help: &'a str,
    url: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    fix: Option<FixJson<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    related: Vec<RelatedJson<'a>>,
}

impl<'a> From<&'a Diagnostic> for DiagnosticJson<'a> {
    fn from(diagnostic: &'a Diagnostic) -> Self {
        Self {
            code: diagnostic.code.id(),
            name: diagnostic.code.meta().name,
            severity: diagnostic.severity.as_str(),
            message: &diagnostic.message,
            pointer: diagnostic.path.pointer(),
            path: diagnostic.path.0.iter().map(StepJson::from).collect(),
            range: RangeJson::from(&diagnostic.range),
            help: &diagnostic.help,
            url: diagnostic.code.url(),
            fix: diagnostic.fix.as_ref().map(FixJson::from),
            related: diagnostic.related.iter().map(RelatedJson::from).collect(),
        }
    }
}

#[derive(Serialize)]
#[serde(untagged)]
enum StepJson<'a> {
    Key(&'a str),
    Index(u32),
}

impl<'a> From<&'a Step> for StepJson<'a> {
    fn from(step: &'a Step) -> Self {
        match step {
            Step::Key(key) => Self::Key(key),
            Step::Index(index) => Self::Index(*index),
        }
    }
}

#[derive(Serialize)]
struct RangeJson {
    start: PositionJson,
    end: PositionJson,
}

impl From<&Range> for RangeJson {
    fn from(range: &Range) -> Self {
        Self { start: PositionJson::from(&range.start), end: PositionJson::from(&range.end) }
    }
}

#[derive(Serialize)]
struct PositionJson {
    line: u32,
    column: u32,
    offset: u32,
}

impl From<&Position> for PositionJson {
    fn from(position: &Position) -> Self {
        Self { line: position.line, column: position.column, offset: position.offset }
    }
}

#[derive(Serialize)]
struct FixJson<'a> {
    title: &'a str,
    safe: bool,
    edits: Vec<EditJson<'a>>,
}

impl<'a> From<&'a Fix> for FixJson<'a> {
    fn from(fix: &'a Fix) -> Self {
        Self { title: &fix.title, safe: fix.safe, edits: fix.edits.iter().map(EditJson::from).collect() }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct EditJson<'a> {
    range: RangeJson,
    new_text: &'a str,
}

impl<'a> From<&'a Edit> for EditJson<'a> {
    fn from(edit: &'a Edit) -> Self {
        Self { range: RangeJson::from(&edit.range), new_text: &edit.new_text }
    }
}

#[derive(Serialize)]
struct RelatedJson<'a> {
    message: &'a str,
    pointer: String,
    range: RangeJson,
}

impl<'a> From<&'a Related> for RelatedJson<'a> {
    fn from(related: &'a Related) -> Self {
        Self {
            message: &related.message,
            pointer: related.path.pointer(),
            range: RangeJson::from(&related.range),
        }
    }
}
