//! Every JSON shape that leaves: the one place with `Serialize`. The types of the domain stay apart
//! from it, so that a change there cannot change a document unnoticed.

mod access;
pub mod activity;
pub mod csv;
mod decision;
mod diff;
mod fleet;
mod interval;
pub mod inventory;
pub mod ledger;
pub(crate) mod places;
mod preview;
mod reach;
mod report;
mod rule;
mod traffic;

use alloc::collections::BTreeMap;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use crate::access::{Permission, RoleDefinition};
use crate::decide::Decision;
use crate::diagnostic::Report;
use crate::ledger::{RoleAssignment, State};
use crate::network::{Answer, Bounds, Engine};
use crate::preview::{Diff, DocumentReport, MachineExposure, Preview};
use crate::rules::Code;
use crate::sets::Traffic;

pub use access::{PermissionJson, RoleDefinitionJson};
pub use decision::{DecisionJson, RequestBodyJson};
pub use diff::DiffJson;
pub use fleet::MachineExposureJson;
pub use interval::IntervalJson;
pub use preview::{DocumentReportJson, MachineJson, PreviewJson, RuleChangeJson};
pub use reach::ReachJson;
pub use report::{DiagnosticJson, ReportJson};
pub use rule::RuleJson;
pub use traffic::{BoundsJson, BoxJson, PacketJson, TrafficJson};

/// `{"kind", "diagnostics": […]}`: what `check` answers in JavaScript.
pub fn report(report: &Report) -> String {
    json(&ReportJson::from(report))
}

/// `{"decision": "granted"|"refused", "grants", "reasons", "nearest", "changes"}`.
pub fn decision(decision: &Decision) -> String {
    json(&DecisionJson::from(decision))
}

/// What policies and requests do to a network: [`PreviewJson`] has the shape.
pub fn preview(preview: &Preview) -> String {
    json(&PreviewJson::from(preview))
}

/// What becomes possible and impossible: [`DiffJson`] has the shape.
pub fn diff(diff: &Diff) -> String {
    json(&DiffJson::from(diff))
}

/// What is open on a machine, and why: [`MachineExposureJson`] has the shape.
pub fn exposure(machine: &MachineExposure) -> String {
    json(&MachineExposureJson::from(machine))
}

/// Whether a flow reaches its machine: [`ReachJson`] has the shape. The engine is the one that answered.
pub fn reach(engine: &Engine, answer: &Answer) -> String {
    json(&ReachJson::new(engine, answer))
}

/// What may reach a machine: [`BoundsJson`] has the shape.
pub fn traffic(traffic: &Bounds<Traffic>) -> String {
    json(&BoundsJson::from(traffic))
}

/// The reports of a network's files: an array of [`DocumentReportJson`].
pub fn reports(reports: &[DocumentReport]) -> String {
    let reports: Vec<DocumentReportJson> = reports.iter().map(DocumentReportJson::from).collect();
    json(&reports)
}

/// `{"code", "name", "family", "severity", "summary", "fixable", "contested", "url", "page"}`.
pub fn rule(code: Code) -> String {
    json(&RuleJson::new(code))
}

/// All rules in the order of their codes, each as [`rule()`] has it but without its `page`.
pub fn rules() -> String {
    let rules: Vec<RuleJson> = Code::ALL.iter().map(|&code| RuleJson::brief(code)).collect();
    json(&rules)
}

/// A role as Resource Manager shows it: `{"id", "name", "type", "properties": {…}}`.
pub fn role_definition(role: &RoleDefinition) -> String {
    json(&RoleDefinitionJson::from(role))
}

/// A role given to somebody, as Resource Manager shows it: `{"id", "name", "type", "properties": {…}}`, with the
/// `principalType` where it is known: of our own tokens, and of whoever has called before.
pub fn role_assignment(state: &State, one: &RoleAssignment) -> String {
    json(&access::RoleAssignmentJson::new(state, one))
}

/// A role as `az role definition create --role-definition` and `New-AzRoleDefinition -InputFile` take it, in lines.
pub fn role_input(role: &RoleDefinition) -> String {
    serde_json::to_string_pretty(&access::RoleInputJson::from(role)).unwrap_or_default()
}

/// `{"value": [{"actions", "notActions", "dataActions", "notDataActions"}, …]}`, as
/// `Microsoft.Authorization/permissions` answers.
pub fn permissions(permissions: &[&Permission]) -> String {
    json(&access::PermissionsJson::from(permissions))
}

/// `{…, "value": […], "nextLink"?}` of items and members that are JSON already.
pub fn page(items: impl Iterator<Item = String>, members: &[(&str, String)], next: Option<&str>) -> String {
    let items: Vec<String> = items.collect();
    let mut text = String::from("{");
    for (name, value) in members {
        text.push_str(&format!("\"{name}\":{value},"));
    }
    text.push_str(&format!("\"value\":[{}]", items.join(",")));
    if let Some(next) = next {
        text.push_str(&format!(",\"nextLink\":{}", string(next)));
    }
    text.push('}');
    text
}

/// `{"configured": 3, …}`: how many there are of each kind.
pub fn counts(counts: &BTreeMap<&str, usize>) -> String {
    json(counts)
}

/// A string, in quotes.
pub fn string(text: &str) -> String {
    json(&text)
}

/// Our own shapes cannot fail to serialize: no map with odd keys, no I/O.
fn json<T: serde::Serialize>(value: &T) -> String {
    serde_json::to_string(value).unwrap_or_default()
}
