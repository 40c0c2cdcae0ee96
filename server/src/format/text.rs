//! Text for people: each finding with its line of the document, and a summary.

use anstyle::{AnsiColor, Style as Ansi};
use jitgate_core::diagnostic::fix::safe;
use jitgate_core::diagnostic::render::{self, Style};
use jitgate_core::{Code, Kind, Report, Severity};

use super::{FileReport, Finding};

/// The reports, a summary under each, and one under all of them.
pub fn reports(reports: &[FileReport]) -> String {
    let mut out = String::new();
    for file in reports {
        file.findings().for_each(|finding| out += &one(&finding));
        out += &format!("{}\n", summary(file));
    }
    if reports.len() > 1 {
        let all = reports.iter().flat_map(|file| &file.report.diagnostics);
        let counts = counts(all.map(|diagnostic| diagnostic.severity));
        out += &format!("{} files: {}\n", reports.len(), counts.as_deref().unwrap_or("nothing to report"));
    }
    out
}

/// A finding, and an empty line.
pub fn one(finding: &Finding) -> String {
    format!("{}\n", render::text(finding.text, finding.diagnostic, finding.file, &STYLE))
}

/// `2 errors, 1 warning in policy.json`
fn summary(FileReport { file, report }: &FileReport) -> String {
    let Some(counts) = counts(report.diagnostics.iter().map(|diagnostic| diagnostic.severity)) else {
        return format!("{file}: {}, nothing to report", kind(report.kind));
    };
    format!("{} in {file}{}", strong(&counts), mendable(report))
}

fn mendable(report: &Report) -> String {
    let readable = report.diagnostics.iter().all(|diagnostic| diagnostic.code != Code::InvalidEncoding);
    // Fixes go into UTF-8 only.
    match safe(report).filter(|_| readable).count() {
        0 => String::new(),
        1 => "; `--fix` mends 1 of them".to_string(),
        count => format!("; `--fix` mends {count} of them"),
    }
}

/// `2 errors, 1 warning`; none for nothing.
fn counts(severities: impl Iterator<Item = Severity>) -> Option<String> {
    let severities: Vec<Severity> = severities.collect();
    let part = |severity: &Severity| {
        let count = severities.iter().filter(|&other| other == severity).count();
        let words = match severity {
            Severity::Error => ("error", "errors"),
            Severity::Security => ("security finding", "security findings"),
            Severity::Warning => ("warning", "warnings"),
            Severity::Info => ("note", "notes"),
        };
        (count > 0).then(|| plural(count, words))
    };
    let parts: Vec<String> = Severity::ALL.iter().filter_map(part).collect();
    (!parts.is_empty()).then(|| parts.join(", "))
}

/// `1 error`, `2 errors`
pub fn plural(count: usize, (one, several): (&str, &str)) -> String {
    format!("{count} {}", if count == 1 { one } else { several })
}

/// The kind as people say it.
fn kind(kind: Kind) -> &'static str {
    match kind {
        Kind::Policy => "policy",
        Kind::PolicyList => "list of policies",
        Kind::Request => "request",
        Kind::StoredRequest => "stored request",
        Kind::Template => "template",
        Kind::Network => "network",
        Kind::Unknown => "unknown",
    }
}

/// Colours for a terminal.
const STYLE: Style = Style {
    severity: |severity, text| paint(color(severity).on_default().bold(), text),
    strong,
    faint: |text| paint(AnsiColor::Cyan.on_default(), text),
};

const fn color(severity: Severity) -> AnsiColor {
    match severity {
        Severity::Error => AnsiColor::Red,
        Severity::Security => AnsiColor::Magenta,
        Severity::Warning => AnsiColor::Yellow,
        Severity::Info => AnsiColor::Blue,
    }
}

/// What the eye should find first.
pub fn strong(text: &str) -> String {
    paint(Ansi::new().bold(), text)
}

/// Good news.
pub fn good(text: &str) -> String {
    paint(AnsiColor::Green.on_default().bold(), text)
}

/// Bad news.
pub fn bad(text: &str) -> String {
    paint(AnsiColor::Red.on_default().bold(), text)
}

/// What may be passed over.
pub fn faint(text: &str) -> String {
    paint(Ansi::new().dimmed(), text)
}

fn paint(style: Ansi, text: &str) -> String {
    format!("{style}{text}{style:#}")
}
