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

/// `empty-source-list`: no ranges are entered yet.
const EMPTY: &str = "JIT318";
/// `caller-address-used`: that is what `My IP` says.
const OWN_ADDRESS: &str = "JIT610";
/// `caller-address-unknown`: no source is named, and the user's address is not known.
const NOBODY: &str = "JIT625";
/// `source-not-allowed`: at the port itself where it names no source, and the user's address stands for it.
const NOT_ALLOWED: &str = "JIT623";

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
        // Errors come with the decision.
        let is_said = |finding: &Finding| {
            finding.code == EMPTY || (finding.severity != Severity::Error && finding.code != OWN_ADDRESS)
        };
        faults.0.retain(is_said);
        // Nobody who leaves the ranges empty means their own address.
        let mut verdict = Self { granted: !bodies.is_empty(), ..Self::default() };
        for finding in faults.0.iter_mut().filter(|finding| finding.code == EMPTY) {
            ask_whose(finding);
            verdict.granted = false;
        }
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
                let is_left_out = finding.code == NOT_ALLOWED && matches!(finding.place, Some((_, "")));
                if let Some(address) = caller.filter(|_| is_left_out) {
                    // The form has no source that is left out, but a field that says whose addresses are meant.
                    finding.message = format!("your address `{}` is not allowed", address.to_canonical());
                    finding.place = finding.place.map(|(row, _)| (row, "sources"));
                    // Where no ranges are entered it was not asked from there.
                    if faults.0.iter().any(|asked| asked.code == NOBODY && asked.place == finding.place) {
                        continue;
                    }
                } else if finding.code == NOBODY {
                    ask_whose(&mut finding);
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

/// The same words at the same field, however it comes that no address is named.
fn ask_whose(finding: &mut Finding) {
    *finding = Finding {
        code: NOBODY,
        severity: Severity::Error,
        message: "it is not known for which address the port opens".to_owned(),
        help: "enter the address that you connect from under IP ranges".to_owned(),
        place: finding.place.map(|(row, _)| (row, "sources")),
    };
}
