//! JSON for programs: the core's own shapes, for `check` with the file's name in front.

use jitgate_core::wire::ReportJson;
use serde::Serialize;

use super::FileReport;

#[derive(Serialize)]
struct ReportsJson<'a> {
    reports: Vec<FileReportJson<'a>>,
}

#[derive(Serialize)]
struct FileReportJson<'a> {
    file: &'a str,
    #[serde(flatten)]
    report: ReportJson<'a>,
}

impl<'a> From<&'a FileReport<'_>> for FileReportJson<'a> {
    fn from(FileReport { file, report }: &'a FileReport) -> Self {
        Self { file, report: ReportJson::from(report) }
    }
}

/// `{"reports": [{"file", "kind", "diagnostics"}]}` and a line end.
pub fn reports(reports: &[FileReport]) -> Vec<u8> {
    line(&ReportsJson { reports: reports.iter().map(FileReportJson::from).collect() })
}

/// A value on a line of its own. Our own shapes cannot fail to serialize: no map with odd keys, no I/O.
pub fn line(value: &impl Serialize) -> Vec<u8> {
    let mut json = serde_json::to_vec(value).unwrap_or_default();
    json.push(b'\n');
    json
}
