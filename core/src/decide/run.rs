//! Both documents are checked, then each requested port is judged; the answer is granted only if
//! nothing at all speaks against it.

use alloc::vec::Vec;

use super::judge::{Ask, Judge};
use super::refusal::Unknown;
use super::{Context, Decision, Nearest, Reason, Refusal, Subject, nearest};
use crate::diagnostic::locate::locate;
use crate::json::{NodeId, Source};
use crate::model::{Field, Request};
use crate::rules::{Checked, Finding, check_document, decode_and_scan, is_against};
use crate::{CheckOptions, Severity};

/// Decides a request against a policy (or a list of policies), as the service would: the request must be
/// within the policy, machine by machine and port by port, or nothing opens.
///
/// Documents are UTF-8 text of the kinds that [`check`](crate::check) reads. An error in either document
/// is a reason to refuse; errors of contested rules (see [`Meta`](crate::rules::Meta)) are not.
pub fn decide(policy: &[u8], request: &[u8], context: &Context) -> Decision {
    let options = CheckOptions { kind: None, now: Some(context.now) };
    let (policy, request) = (Source::decode(policy), Source::decode(request));
    let (policy_tape, policy_facts) = decode_and_scan(&policy);
    let (request_tape, request_facts) = decode_and_scan(&request);
    let policy = check_document(&policy_tape, policy_facts, &options);
    let request = check_document(&request_tape, request_facts, &options);
    decide_checked(policy, request, context)
}

/// The same of documents that all rules have seen.
pub(crate) fn decide_checked(mut policy: Checked, mut request: Checked, context: &Context) -> Decision {
    let node = NodeId(0);
    expect_policy(&mut policy);
    if request.document.requests.iter().all(|request| request.stored) && !request.is_refused() {
        request.context.refuse(&Refusal::NoRequest { node, kind: request.document.kind });
    }
    let mut grants = Vec::new();
    let mut asks = Vec::new();
    if let Some(validated) = policy.validated() {
        let judge = Judge::new(validated, context);
        asks = judge.all(&request.document.requests, request.context.tape());
        for refusal in asks.iter().flat_map(|ask| &ask.refusals) {
            request.context.refuse(refusal);
            // The last one is kept.
            if request.context.is_full() {
                break;
            }
        }
        for node in request.document.requests.iter().filter(|request| !request.stored).flat_map(unknown_lists)
        {
            request.context.refuse(&Refusal::NotKnown { node, why: Unknown::Asked });
        }
        grants = asks.iter().flat_map(|ask| &ask.grants).cloned().collect();
        // What was not judged was not granted: whatever kept the judge from it is a reason by itself.
        let mut unjudged = asks.iter().filter(|ask| ask.grants.is_empty() && ask.refusals.is_empty());
        if let Some(ask) = unjudged.next()
            && !request.is_refused()
        {
            request.context.refuse(&Refusal::NotKnown { node: ask.port.node, why: Unknown::Asked });
        }
        if asks.is_empty() && !request.is_refused() {
            request.context.refuse(&Refusal::NoRequest { node, kind: request.document.kind });
        }
    }
    let refused = policy.is_refused() || request.is_refused();
    let nearest = if refused { body(&request, &asks, context) } else { None };
    let mut reasons = Vec::new();
    for (subject, Checked { document, context }) in [(Subject::Policy, policy), (Subject::Request, request)] {
        let tape = context.tape();
        let mut findings = context.into_findings();
        findings.retain(|finding| is_against(finding, &document));
        let reason = |diagnostic| Reason { document: subject, diagnostic };
        reasons.extend(locate(tape, findings).into_iter().map(reason));
    }
    if reasons.is_empty() {
        Decision { grants, reasons, nearest: None }
    } else {
        Decision { grants: Vec::new(), reasons, nearest }
    }
}

/// What of a request's lists is not known, as a whole or in part.
fn unknown_lists(request: &Request) -> impl Iterator<Item = NodeId> {
    let ports = request.machines.iter().map(|machine| machine.port_list);
    core::iter::once(request.machine_list).chain(ports).filter_map(|list| match list {
        Field::Unknown(node) => Some(node),
        _ => None,
    })
}

/// Says so where a document that is due to hold a policy has none.
pub(crate) fn expect_policy(policy: &mut Checked) {
    if policy.document.policies.is_empty() && !policy.is_refused() {
        policy.context.refuse(&Refusal::NoPolicy { node: NodeId(0), kind: policy.document.kind });
    }
}

/// True for what keeps a request from being granted.
pub(crate) fn against(finding: &Finding) -> bool {
    finding.severity == Severity::Error && !finding.code.meta().contested
}

/// The nearest request; none where the document holds several, which cannot be sent as one.
fn body(request: &Checked, asks: &[Ask], context: &Context) -> Option<Nearest> {
    match request.document.requests.as_slice() {
        [one] => nearest::nearest(one, asks, context, request.context.tape()),
        _ => None,
    }
}
