//! What the core says of a request while it is typed: the faults at their fields, and the nearest request that would
//! be granted.
use std::net::IpAddr;
use std::sync::Arc;

use jitgate_core::decide::{Context, Subject, decide};
use jitgate_core::order;
use jitgate_core::{Kind, Severity, Timestamp};
use jitgate_logic::draft::{Faults, Finding, judged, place};

use super::ask::Body;
use super::nearest::Nearest;
use crate::api::Policy;

/// `caller-address-used`.
const OWN_ADDRESS: &str = "JIT610";
/// Why an address is judged that the document does not have: the form has it.
const LEFT_OUT: &str = ", which stands for the source left out,";

/// The answer to a form as it stands.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Verdict {
    pub faults: Faults,
    pub nearest: Vec<Nearest>,
    /// Every policy would grant what is asked of it.
    pub granted: bool,
}

impl Verdict {
    pub fn of(
        bodies: &[Body],
        policies: &[Arc<Policy>],
        now: Option<Timestamp>,
        caller: Option<IpAddr>,
    ) -> Self {
        let row = |document: usize, machine: usize, port: usize| {
            bodies.get(document)?.keys.get(machine)?.get(port).copied()
        };
        let documents = bodies.iter().map(|body| (body.text.as_str(), Kind::Request));
        let mut faults = judged(documents, now, row);
        // Errors come with the decision, and that a source left out is the caller's own address is what `My IP` says.
        faults.0.retain(|finding| finding.severity != Severity::Error && finding.code != OWN_ADDRESS);
        let mut verdict = Self { granted: !bodies.is_empty(), ..Self::default() };
        for (document, body) in bodies.iter().enumerate() {
            let policy = policies.iter().find(|policy| policy.id == body.policy);
            let Some((policy, now)) = policy.zip(now) else {
                verdict.granted = false;
                continue;
            };
            let context = Context { now, caller_address: caller };
            let decision = decide(policy.json.as_bytes(), body.text.as_bytes(), &context);
            verdict.granted &= decision.is_granted();
            for reason in decision.reasons {
                let of_request = reason.document == Subject::Request;
                let place = of_request.then(|| place(&reason.diagnostic.path.pointer())).flatten();
                let place =
                    place.and_then(|(machine, port, field)| Some((row(document, machine, port)?, field)));
                let mut finding = Finding::of(reason.diagnostic, place);
                // It belongs to the field that says whose address is meant.
                if let Some((before, after)) = finding.message.split_once(LEFT_OUT) {
                    finding.message = format!("{before}{after}");
                    finding.place = finding.place.map(|(row, _)| (row, "sources"));
                }
                if !faults.0.contains(&finding) {
                    faults.0.push(finding);
                }
            }
            verdict
                .nearest
                .extend(decision.nearest.map(|nearest| Nearest::decided(body.policy.clone(), nearest)));
        }
        order::sort_by(&mut faults.0, |one, other| other.severity.cmp(&one.severity));
        verdict.faults = faults;
        verdict
    }
}
