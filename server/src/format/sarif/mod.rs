//! SARIF 2.1.0 as GitHub code scanning takes it, within its limits.
//!
//! GitHub knows three levels. A `security` finding is a `warning` with a `security-severity`, which makes
//! GitHub list it among the security alerts.

mod place;
mod shape;

use std::collections::{BTreeSet, HashMap};

use jitgate_core::{Code, Severity};

use super::{Finding, json};
use crate::explain::{marked_page, plain_page};
use crate::outcome::Outcome;
use place::{fingerprint, location, region, uri};
use shape::{
    ArtifactChange, ArtifactLocation, Configuration, Driver, Fix, Invocation, Log, Message, Multiformat,
    Notification, Properties, Replacement, Rule, RunJson, SarifResult, Tool,
};

/// The most results that GitHub takes of a run.
const MOST_RESULTS: usize = 25_000;

/// The most places that GitHub takes of a result.
const MOST_PLACES: usize = 1_000;

/// Findings as a log. Over the limit the gravest stay, and `outcome` is told.
pub fn log(mut findings: Vec<Finding>, problems: &[String], outcome: &mut Outcome) -> Vec<u8> {
    let mut notes: Vec<Notification> = problems.iter().map(|text| notification("error", text)).collect();
    let found = findings.len();
    if found > MOST_RESULTS {
        findings.sort_by_key(|finding| std::cmp::Reverse(finding.diagnostic.severity));
        findings.truncate(MOST_RESULTS);
        let note = format!(
            "{found} findings, and GitHub takes no more than {MOST_RESULTS} at once: the gravest {MOST_RESULTS} are here"
        );
        outcome.note(format!("warning: {note}"));
        notes.push(notification("warning", &note));
    }
    let codes: BTreeSet<Code> = findings.iter().map(|finding| finding.diagnostic.code).collect();
    let codes: Vec<Code> = codes.into_iter().collect();
    let run = RunJson {
        tool: Tool {
            driver: Driver {
                name: "jitgate",
                full_name: concat!("jitgate ", env!("CARGO_PKG_VERSION")),
                semantic_version: env!("CARGO_PKG_VERSION"),
                rules: codes.iter().map(|&code| rule(code)).collect(),
            },
        },
        invocations: [Invocation {
            execution_successful: problems.is_empty(),
            tool_execution_notifications: notes,
        }],
        column_kind: "utf16CodeUnits",
        results: results(&findings, &codes),
    };
    json::line(&Log {
        schema: "https://raw.githubusercontent.com/oasis-tcs/sarif-spec/main/sarif-2.1/schema/sarif-schema-2.1.0.json",
        version: "2.1.0",
        runs: [run],
    })
}

fn notification(level: &'static str, text: &str) -> Notification {
    Notification { level, message: Message { text: text.to_string() } }
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Security | Severity::Warning => "warning",
        Severity::Info => "note",
    }
}

fn rule(code: Code) -> Rule {
    let meta = code.meta();
    let security = meta.severity == Severity::Security;
    let mut tags = vec![code.family().as_str()];
    if security {
        tags.push("security");
    }
    Rule {
        id: code.id(),
        name: meta.name,
        short_description: Message { text: meta.summary.to_string() },
        full_description: Message { text: format!("{}: {}", meta.name, meta.summary) },
        help: Multiformat { text: plain_page(meta.page), markdown: marked_page(meta.page) },
        default_configuration: Configuration { level: level(meta.severity) },
        // GitHub's scale: 7.0 to 8.9 is `high`.
        properties: Properties { tags, security_severity: security.then_some("7.0") },
    }
}

fn results<'a>(findings: &[Finding<'a>], codes: &[Code]) -> Vec<SarifResult<'a>> {
    let mut seen: HashMap<(&str, u64), usize> = HashMap::new();
    let result = |finding: &Finding<'a>| {
        let diagnostic = finding.diagnostic;
        let print = fingerprint(finding);
        let times = seen.entry((finding.file, print)).or_default();
        *times = times.saturating_add(1);
        let help = if diagnostic.help.is_empty() { String::new() } else { format!("; {}", diagnostic.help) };
        let related = diagnostic.related.iter().take(MOST_PLACES);
        SarifResult {
            rule_id: diagnostic.code.id(),
            rule_index: codes.binary_search(&diagnostic.code).unwrap_or_default(),
            level: level(diagnostic.severity),
            message: Message { text: format!("{}{help}", diagnostic.message) },
            locations: [location(finding, &diagnostic.range, None)],
            related_locations: related
                .map(|related| location(finding, &related.range, Some(&related.message)))
                .collect(),
            partial_fingerprints: [("primaryLocationLineHash", format!("{print:016x}:{times}"))].into(),
            fixes: fix(finding).into_iter().collect(),
        }
    };
    findings.iter().map(result).collect()
}

/// The safe fix, if there is one.
fn fix<'a>(finding: &Finding<'a>) -> Option<Fix<'a>> {
    let fix = finding.diagnostic.fix.as_ref().filter(|fix| fix.safe)?;
    let replacements = fix.edits.iter().map(|edit| Replacement {
        deleted_region: region(finding.text, &edit.range),
        inserted_content: Message { text: edit.new_text.clone() },
    });
    Some(Fix {
        description: Message { text: fix.title.clone() },
        artifact_changes: [ArtifactChange {
            artifact_location: ArtifactLocation { uri: uri(finding.file) },
            replacements: replacements.collect(),
        }],
    })
}
