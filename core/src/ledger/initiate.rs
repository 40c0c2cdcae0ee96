//! A request for access: its body is judged first, then its policy is looked up, then the request is held against
//! it, in the order of the service.

use alloc::boxed::Box;
use alloc::format;
use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::net::IpAddr;

use ipnet::Ipv4Net;

use super::refusal::{IPV6, ONE_END};
use super::{
    AccessInitiated, AccessMachine, AccessPort, Answer, Closing, Context, Digest, End, Event, Expects,
    Handled, Policy, Prefixes, Protocols, Refusal, ResourceId, State, StatusReason, body, put,
};
use crate::decide::{self, Decision, Nearest, Subject, decide_checked};
use crate::diagnostic::Severity;
use crate::json::{Source, Tape};
use crate::model::{Kind, Request, RequestPort, Timestamp};
use crate::names::Names;
use crate::rules::{Checked, Code, check_document, scan_body};
use crate::{CheckOptions, wire};

const CODE: &str = "InvalidInitiateInput";

pub(super) fn initiate(
    state: &State,
    id: &ResourceId,
    bytes: &[u8],
    expects: &Expects,
    context: &Context,
    now: Timestamp,
) -> Result<Handled, Refusal> {
    let digest = Digest::of(bytes);
    let principal = &context.actor.principal;
    let client = context.client_request_id.as_deref();
    if let Some(request) = state.repeated(principal, client, id, &digest, now) {
        let answer = Answer::Initiated { request: request.seq, repeated: true };
        return Ok(Handled { events: Vec::new(), answer });
    }
    let access = body::with_request(bytes, now, |request| {
        // Some spellings are only suspected of being refused by the service. Those that no end can be told of are, here.
        let suspect = || request.context.findings().any(|finding| finding.severity == Severity::Error);
        if request.is_refused() || (suspect() && asked(&request).is_none()) {
            let refusal = bad_body(request);
            let policy = state.policy(id).filter(|_| refusal.code == CODE);
            let nearest = policy.and_then(|policy| nearest(policy, bytes, context, now));
            return Err(Refusal { nearest, ..refusal });
        }
        let policy = state.policy(id).ok_or_else(|| Refusal::policy_not_found(id))?;
        put::expect(expects, Some(policy), id)?;
        grant(policy, request, context, now)
    })?;
    let (machines, justification) = access;
    let replaced = replaced(state, &machines, context, now);
    let policy = state.policy(id).map_or_else(|| id.clone(), |policy| (*policy.id).clone());
    let event =
        Event::AccessInitiated(AccessInitiated { policy, machines, justification, body: digest.0, replaced });
    let answer = Answer::Initiated { request: state.seq().saturating_add(1), repeated: false };
    Ok(Handled { events: alloc::vec![event], answer })
}

/// 400: the body alone says that it cannot be granted.
fn bad_body(request: Checked) -> Refusal {
    let found = |code: Code| request.context.findings().any(|finding| finding.code == code);
    let message = if found(Code::MissingEnd) || found(Code::ConflictingEnd) {
        Some(ONE_END)
    } else {
        found(Code::Ipv6Source).then_some(IPV6)
    };
    let refusal = body::invalid(request, CODE, "access request", Subject::Request);
    match message {
        // What is no JSON says nothing of its ends.
        Some(message) if refusal.code == CODE => Refusal { message: message.into(), ..refusal },
        _ => refusal,
    }
}

/// What would be granted in place of a body that is refused for itself. It is read anew: its first reading has gone into the
/// reasons.
fn nearest(policy: &Policy, bytes: &[u8], context: &Context, now: Timestamp) -> Option<Box<Nearest>> {
    let decided = |request: Checked<'_, '_>| Ok(decided(policy, request, context, now));
    body::with_request(bytes, now, decided).ok()?.nearest.map(Box::new)
}

type Granted = (Vec<AccessMachine>, Option<Arc<str>>);

/// Holds a request against its policy.
fn grant(policy: &Policy, request: Checked, context: &Context, now: Timestamp) -> Result<Granted, Refusal> {
    let asked = asked(&request);
    let caller_address = context.actor.address;
    let decision = decided(policy, request, context, now);
    if !decision.is_granted() {
        return Err(outside(policy, decision));
    }
    let (mut machines, justification) = asked.ok_or_else(|| outside_plainly(policy))?;
    let justification = justification.map(|text| body::justification(&text)).transpose()?;
    let mut granted: Names<Protocols> = Names::of_any_case(decision.grants.len());
    for grant in &decision.grants {
        let one = Protocols::default().with(grant.protocol);
        if let Some(known) = granted.insert(grant.machine.as_str(), grant.port, one) {
            *known = known.with(grant.protocol);
        }
    }
    for machine in &mut machines {
        for port in &mut machine.ports {
            port.protocols = granted.get(machine.id.text(), port.number).copied().unwrap_or_default();
            if port.prefixes.says_nothing() {
                let address = caller_address.map(|address| address.to_canonical());
                let Some(IpAddr::V4(address)) = address else { return Err(outside_plainly(policy)) };
                port.prefixes = Prefixes::one(Ipv4Net::from(address));
            }
        }
    }
    Ok((machines, justification))
}

fn decided(policy: &Policy, request: Checked, context: &Context, now: Timestamp) -> Decision {
    let text = relevant(policy, request.document.requests.first());
    let source = Source::decode(text.as_bytes());
    let (tape, facts) = scan_body(&source);
    let options = CheckOptions { kind: Some(Kind::Policy), now: Some(now) };
    let checked = check_document(&tape, facts, &options);
    let caller_address = context.actor.address;
    decide_checked(checked, request, &decide::Context { now, caller_address })
}

/// What is asked for, as it is written; protocols and a source that is left out come later. None where a part is
/// not known.
fn asked(request: &Checked) -> Option<Granted> {
    let tape = request.context.tape();
    let now = request.context.now()?;
    let request = request.document.requests.first()?;
    let machine = |machine: &crate::model::RequestMachine| {
        let id = ResourceId::new(machine.id.get()?.machine()?.text());
        let ports = machine.ports.iter().map(|one| port(one, tape, now)).collect::<Option<_>>()?;
        Some(AccessMachine { id, ports })
    };
    let machines = request.machines.iter().map(machine).collect::<Option<_>>()?;
    // A justification is taken as it is, whatever it looks like.
    let justification = request.justification.node().and_then(|node| tape.string(node));
    Some((machines, justification.map(|text| Arc::from(&*text))))
}

fn port(port: &RequestPort, tape: &Tape, now: Timestamp) -> Option<AccessPort> {
    let end = match (port.end.given(), port.duration.given()) {
        (Some((_, node)), None) => End::parse(&tape.string(node)?)?,
        (None, Some((duration, _))) => End::at(now.checked_add(duration.length()?)?),
        _ => return None,
    };
    let number = port.number.get()?.port()?;
    let prefixes = body::prefixes(&port.sources, tape)?;
    Some(AccessPort { number, protocols: Protocols::default(), prefixes, end })
}

/// The policy's JSON with the machines asked for alone, where it has them all: of large policies, most is of no
/// interest. Where one is not in it, the answer names those that are.
fn relevant(policy: &Policy, request: Option<&Request>) -> String {
    let ids = request.iter().flat_map(|request| &request.machines);
    let ids: Option<Vec<&str>> = ids.map(|machine| Some(machine.id.get()?.machine()?.text())).collect();
    let mut asked = Names::of_any_case(0);
    let ids = ids.unwrap_or_default().into_iter();
    let count = ids.filter(|id| asked.insert(*id, 0, ()).is_none()).count();
    let is_asked = |id: &ResourceId| asked.get(id.text(), 0).is_some();
    let found = policy.machines.iter().filter(|machine| is_asked(&machine.rules.id)).count();
    let all = count == 0 || found < count;
    wire::ledger::policy_rules(policy, |id| all || is_asked(id))
}

/// 400: not within the policy, with every reason and the nearest request that would be.
fn outside(policy: &Policy, decision: Decision) -> Refusal {
    let ipv6 = |reason: &decide::Reason| {
        matches!(reason.diagnostic.code, Code::CallerAddressIpv6 | Code::Ipv6Source)
    };
    let message = if decision.reasons.iter().any(ipv6) { Some(IPV6) } else { None };
    let plain = outside_plainly(policy);
    Refusal {
        message: message.map_or(plain.message, Into::into),
        target: decision.reasons.first().map(|reason| reason.diagnostic.path.pointer()),
        reasons: decision.reasons,
        nearest: decision.nearest.map(Box::new),
        ..plain
    }
}

fn outside_plainly(policy: &Policy) -> Refusal {
    let message = format!(
        "The given access request is not a subset of policy '{}'. Please make sure that the access request is within the allowed policy properties.",
        policy.id.text()
    );
    Refusal::new(400, CODE, message)
}

/// The open grants of the same requestor for the same ports, by whatever policy.
fn replaced(state: &State, machines: &[AccessMachine], context: &Context, now: Timestamp) -> Vec<Closing> {
    let mut ports = Names::of_any_case(0);
    for machine in machines {
        for port in &machine.ports {
            ports.insert(machine.id.text(), port.number, ());
        }
    }
    // A machine may be named thousands of times, and have thousands of open ports.
    let mut seen = Names::of_any_case(0);
    let once = machines.iter().filter(|machine| seen.insert(machine.id.text(), 0, ()).is_none());
    let live = once.flat_map(|machine| state.live_on(&machine.id, now));
    let same = live.filter(|view| {
        ports.get(view.grant.machine.text(), view.grant.number).is_some()
            && view.request.requestor.id == context.actor.principal.id
    });
    Closing::each(same, StatusReason::NewerRequestInitiated)
}
