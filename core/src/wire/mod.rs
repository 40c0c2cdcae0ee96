//! Every JSON shape that leaves: the one place with `Serialize`. The types of the domain stay apart
//! from it, so that a change there cannot change a document unnoticed.

mod decision;
mod report;
mod rule;

use alloc::string::String;
use alloc::vec::Vec;

use crate::decide::Decision;
use crate::diagnostic::Report;
use crate::rules::Code;

pub use decision::{DecisionJson, RequestBodyJson};
pub use report::{DiagnosticJson, ReportJson};
pub use rule::RuleJson;

/// `{"kind", "diagnostics": […]}`: what `check` answers in JavaScript.
pub fn report(report: &Report) -> String {
    json(&ReportJson::from(report))
}

/// `{"decision": "granted"|"refused", "grants", "reasons", "nearest", "changes"}`.
pub fn decision(decision: &Decision) -> String {
    json(&DecisionJson::from(decision))
}

/// `{"code", "name", "family", "severity", "summary", "fixable", "contested", "url", "page"}`.
pub fn rule(code: Code) -> String {
    json(&RuleJson::new(code))
}

/// All rules in the order of their codes, each as [`rule`] has it but without its `page`.
pub fn rules() -> String {
    let rules: Vec<RuleJson> = Code::ALL.iter().map(|&code| RuleJson::brief(code)).collect();
    json(&rules)
}

/// Our own shapes cannot fail to serialize: no map with odd keys, no I/O.
fn json<T: serde::Serialize>(value: &T) -> String {
    serde_json::to_string(value).unwrap_or_default()
}
