//! A preview as JSON.

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use serde::Serialize;

use super::fleet::GrantedJson;
use super::interval::DocumentJson;
use super::traffic::{BoundsJson, TrafficJson, addresses};
use super::{DecisionJson, DiagnosticJson, IntervalJson};
use crate::format::hex;
use crate::network::Bounds;
use crate::preview::{
    DocumentReport, Left, MachinePreview, Preview, Residual, ResourceText, RuleChange, RuleChanges, RuleMove,
    RuleText, Sharing, States,
};
use crate::sets::Traffic;

/// `{"at", "machines": [Machine…], "timeline": [Interval…], "decisions": [{"request": 0, …Decision}], "granted"?: [Granted…],
/// "left"?: [Left…], "sharing"?: [Sharing…], "reports": [Report…]}`.
///
/// A decision is what `decide` answers, for the request of that index. Other shapes:
/// [`MachineJson`], [`IntervalJson`], `GrantedJson`, `LeftJson`, `SharingJson`,
/// [`DocumentReportJson`]; [`TrafficJson`] and [`BoundsJson`] for traffic.
#[derive(Serialize)]
pub struct PreviewJson<'a> {
    at: String,
    machines: Vec<MachineJson<'a>>,
    timeline: Vec<IntervalJson<'a>>,
    decisions: Vec<RequestDecisionJson<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    granted: Vec<GrantedJson<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    left: Vec<LeftJson<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    sharing: Vec<SharingJson<'a>>,
    reports: Vec<DocumentReportJson<'a>>,
}

impl<'a> From<&'a Preview> for PreviewJson<'a> {
    fn from(preview: &'a Preview) -> Self {
        let decision = |(request, decision): &'a (usize, _)| RequestDecisionJson {
            request: *request,
            decision: DecisionJson::from(decision),
        };
        Self {
            at: preview.at.to_string(),
            machines: preview.machines.iter().map(MachineJson::from).collect(),
            timeline: preview.timeline.iter().map(IntervalJson::from).collect(),
            decisions: preview.decisions.iter().map(decision).collect(),
            granted: preview.granted.iter().map(GrantedJson::from).collect(),
            left: preview.left.iter().map(LeftJson::from).collect(),
            sharing: preview.sharing.iter().map(SharingJson::from).collect(),
            reports: preview.reports.iter().map(DocumentReportJson::from).collect(),
        }
    }
}

#[derive(Serialize)]
struct RequestDecisionJson<'a> {
    request: usize,
    #[serde(flatten)]
    decision: DecisionJson<'a>,
}

/// `{"id", "name", "class": "configured"|"notConfigured"|"unsupported", "reason", "policies": [name…],
/// "ports": ["TCP 22"…], "rules": {"added": [Rule…], "moved": [Move…], "removed": [Rule…]}, "states": States|null,
/// "closed": Traffic|null, "opened": Traffic|null, "reopened"?: Traffic, "entangled"?: [name…], "residual": [Residual…], "restored": {"same": true, "digest": "9f…"}|null}`.
///
/// `closed` is what JIT closes: before, less at rest. `opened` is what the requests open: open, less at rest. Boxes of
/// these that only may close or open say so.
/// `reopened` is what the stored policy keeps out and the one that is proposed in its place does not.
/// `states` and these are null for a machine that no policy protects or that is not in the network. `entangled` names the
/// filters whose rules cut each other into too many pieces, so that the states are bounds.
#[derive(Serialize)]
pub struct MachineJson<'a> {
    id: &'a str,
    name: &'a str,
    class: &'static str,
    reason: &'a str,
    policies: &'a [String],
    ports: Vec<String>,
    rules: RulesJson<'a>,
    states: Option<StatesJson>,
    closed: Option<TrafficJson>,
    opened: Option<TrafficJson>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reopened: Option<TrafficJson>,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    entangled: &'a [String],
    residual: Vec<ResidualJson<'a>>,
    restored: Option<RestoredJson>,
}

impl<'a> From<&'a MachinePreview> for MachineJson<'a> {
    fn from(machine: &'a MachinePreview) -> Self {
        let (states, reopened) = (machine.states.as_ref(), machine.reopened.as_ref());
        let ports =
            machine.ports.iter().map(|(protocol, port)| alloc::format!("{} {port}", protocol.as_str()));
        Self {
            id: &machine.id,
            name: &machine.name,
            class: machine.class,
            reason: &machine.reason,
            policies: &machine.policies,
            ports: ports.collect(),
            rules: RulesJson::from(&machine.rules),
            states: states.map(StatesJson::from),
            closed: states.map(|states| TrafficJson::change(&states.closed(), &states.surely_closed())),
            opened: states.map(|states| TrafficJson::change(&states.opened(), &states.surely_opened())),
            reopened: reopened.map(|reopened| TrafficJson::change(&reopened.may, &reopened.surely)),
            entangled: &machine.entangled,
            residual: machine.residual.iter().map(ResidualJson::from).collect(),
            restored: states.map(RestoredJson::from),
        }
    }
}

/// `{"id", "name", "reopened": Traffic}`: a machine of the network that the stored policy has and the one in its place does
/// not, and what all policies together kept out of it and do no more.
#[derive(Serialize)]
struct LeftJson<'a> {
    id: &'a str,
    name: &'a str,
    reopened: TrafficJson,
}

impl<'a> From<&'a Left> for LeftJson<'a> {
    fn from(left: &'a Left) -> Self {
        Self { id: &left.id, name: &left.name, reopened: TrafficJson::from(&left.reopened) }
    }
}

/// `{"id", "name", "groups": [name…], "closed"?: Traffic, "reopened"?: Traffic}`, or `{}` for those that are not told of: an
/// instance that shares security groups with one of the policy, and what the change closes and opens on it.
#[derive(Serialize)]
struct SharingJson<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<&'a str>,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    groups: &'a [String],
    #[serde(skip_serializing_if = "Option::is_none")]
    closed: Option<TrafficJson>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reopened: Option<TrafficJson>,
}

impl<'a> From<&'a Sharing> for SharingJson<'a> {
    fn from(sharing: &'a Sharing) -> Self {
        let traffic = |traffic: &Traffic| (!traffic.is_empty()).then(|| TrafficJson::from(traffic));
        let (id, name) = sharing.machine.as_ref().map(|(id, name)| (&**id, &**name)).unzip();
        let (closed, reopened) = (traffic(&sharing.closed), traffic(&sharing.reopened));
        Self { id, name, groups: &sharing.groups, closed, reopened }
    }
}

#[derive(Serialize)]
struct RulesJson<'a> {
    added: Vec<RuleChangeJson<'a>>,
    moved: Vec<RuleMovesJson<'a>>,
    removed: Vec<RuleChangeJson<'a>>,
}

impl<'a> From<&'a RuleChanges> for RulesJson<'a> {
    fn from(rules: &'a RuleChanges) -> Self {
        Self {
            added: rules.added.iter().map(RuleChangeJson::from).collect(),
            moved: RuleMovesJson::of(&rules.moved),
            removed: rules.removed.iter().map(RuleChangeJson::from).collect(),
        }
    }
}

/// `{"resource": {"kind": "nsg"|"firewall"|"securityGroup", "id", "name"}, "when": "atRest"|"open", "name", "description",
/// "priority": 4096|null, "access", "protocol", "sources": […], "destinations": […], "ports": […],
/// "translatedAddress"?, "translatedPort"?}`, in the words of NSGs.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RuleChangeJson<'a> {
    resource: ResourceJson<'a>,
    when: &'static str,
    #[serde(flatten)]
    rule: RuleJson<'a>,
}

impl<'a> From<&'a RuleChange> for RuleChangeJson<'a> {
    fn from(change: &'a RuleChange) -> Self {
        Self {
            resource: ResourceJson::from(&change.resource),
            when: if change.for_request { "open" } else { "atRest" },
            rule: RuleJson::from(&change.rule),
        }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct RuleJson<'a> {
    name: &'a str,
    description: &'a str,
    priority: Option<u32>,
    access: &'a str,
    protocol: &'a str,
    sources: &'a [String],
    destinations: &'a [String],
    ports: &'a [String],
    #[serde(skip_serializing_if = "Option::is_none")]
    translated_address: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    translated_port: Option<&'a str>,
}

impl<'a> From<&'a RuleText> for RuleJson<'a> {
    fn from(rule: &'a RuleText) -> Self {
        Self {
            name: &rule.name,
            description: &rule.description,
            priority: rule.priority,
            access: &rule.access,
            protocol: &rule.protocol,
            sources: &rule.sources,
            destinations: &rule.destinations,
            ports: &rule.ports,
            translated_address: rule.translated.as_ref().map(|(address, _)| address.as_str()),
            translated_port: rule.translated.as_ref().map(|(_, port)| port.as_str()),
        }
    }
}

#[derive(Serialize)]
pub(super) struct ResourceJson<'a> {
    kind: &'static str,
    id: &'a str,
    name: &'a str,
}

impl<'a> From<&'a ResourceText> for ResourceJson<'a> {
    fn from(resource: &'a ResourceText) -> Self {
        Self { kind: resource.kind, id: &resource.id, name: &resource.name }
    }
}

/// `{"resource", "rules": [{"name", "from": 300, "to": 1001}…]}`: all that move in one NSG.
#[derive(Serialize)]
struct RuleMovesJson<'a> {
    resource: ResourceJson<'a>,
    rules: Vec<RuleMoveJson<'a>>,
}

#[derive(Serialize)]
struct RuleMoveJson<'a> {
    name: &'a str,
    from: u32,
    to: u32,
}

impl<'a> RuleMovesJson<'a> {
    /// Those of one resource stand together.
    fn of(all: &'a [RuleMove]) -> Vec<Self> {
        let together = all.chunk_by(|one, other| one.resource == other.resource);
        let moves = together.filter_map(|moves| {
            let rule =
                |RuleMove { name, from, to, .. }: &'a RuleMove| RuleMoveJson { name, from: *from, to: *to };
            let resource = ResourceJson::from(&moves.first()?.resource);
            Some(Self { resource, rules: moves.iter().map(rule).collect() })
        });
        moves.collect()
    }
}

/// `{"before": Bounds, "asFound"?: Bounds, "atRest": Bounds, "open"?: Bounds, "after"?: Bounds}`; `asFound` is the network
/// as it is now without open requests, where JIT's rules for the machine are in it already. `open` and `after` are left
/// out where they are as at rest.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct StatesJson {
    before: BoundsJson,
    #[serde(skip_serializing_if = "Option::is_none")]
    as_found: Option<BoundsJson>,
    at_rest: BoundsJson,
    #[serde(skip_serializing_if = "Option::is_none")]
    open: Option<BoundsJson>,
    #[serde(skip_serializing_if = "Option::is_none")]
    after: Option<BoundsJson>,
}

impl From<&States> for StatesJson {
    fn from(states: &States) -> Self {
        let unlike = |state: &Bounds<Traffic>| (*state != states.at_rest).then(|| BoundsJson::from(state));
        Self {
            before: BoundsJson::from(&states.before),
            as_found: states.as_found.as_ref().map(BoundsJson::from),
            at_rest: BoundsJson::from(&states.at_rest),
            open: unlike(&states.open),
            after: unlike(&states.after),
        }
    }
}

/// `{"same": true, "digest": "9f…", "atRest": "9f…"}`: SHA-256 of what may reach the machine after the last end, and at
/// rest. `same` also compares what surely reaches it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct RestoredJson {
    same: bool,
    digest: String,
    at_rest: String,
}

impl From<&States> for RestoredJson {
    fn from(states: &States) -> Self {
        let at_rest = hex(&states.at_rest.may.digest());
        // Equal sets have one digest.
        let is_same = states.after.may == states.at_rest.may;
        let digest = if is_same { at_rest.clone() } else { hex(&states.after.may.digest()) };
        Self { same: states.is_restored(), digest, at_rest }
    }
}

/// `{"protocol": "TCP", "port": 22, "state": "asFound"|"atRest", "traffic": Bounds, "letInBy": [Rule…],
/// "unfiltered"?: ["10.0.1.4"], "closing": {"steps": ["…"], "proved": true}}`: `letInBy` as in `rules`; `unfiltered` are the
/// addresses of the machine at which nothing filters; `steps` are sentences.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ResidualJson<'a> {
    protocol: &'static str,
    port: u16,
    state: &'static str,
    traffic: BoundsJson,
    let_in_by: Vec<RuleChangeJson<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    unfiltered: Vec<String>,
    closing: ClosingJson<'a>,
}

#[derive(Serialize)]
struct ClosingJson<'a> {
    steps: &'a [String],
    proved: bool,
}

impl<'a> From<&'a Residual> for ResidualJson<'a> {
    fn from(residual: &'a Residual) -> Self {
        Self {
            protocol: residual.protocol.as_str(),
            port: residual.port,
            state: if residual.as_found { "asFound" } else { "atRest" },
            traffic: BoundsJson::from(&residual.traffic),
            let_in_by: residual.let_in_by.iter().map(RuleChangeJson::from).collect(),
            unfiltered: addresses(&residual.unfiltered),
            closing: ClosingJson { steps: &residual.closing.steps, proved: residual.closing.proved },
        }
    }
}

/// `{"role": "policy"|"request"|"network", "index": 0, "kind", "diagnostics": […]}`: a report as `check` has it, and which
/// document it is about.
#[derive(Serialize)]
pub struct DocumentReportJson<'a> {
    #[serde(flatten)]
    document: DocumentJson,
    kind: &'static str,
    diagnostics: Vec<DiagnosticJson<'a>>,
}

impl<'a> From<&'a DocumentReport> for DocumentReportJson<'a> {
    fn from(report: &'a DocumentReport) -> Self {
        Self {
            document: DocumentJson { role: report.role.as_str(), index: report.index },
            kind: report.kind.as_str(),
            diagnostics: report.diagnostics.iter().map(DiagnosticJson::from).collect(),
        }
    }
}
