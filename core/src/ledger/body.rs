//! The bodies of calls: read and judged by the same rules as every document.

use alloc::borrow::Cow;
use alloc::boxed::Box;
use alloc::format;
use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec::Vec;

use super::{MachineRules, PolicyBody, PortRule, Prefixes, Refusal, ResourceId};
use crate::decide::{Reason, Subject, against};
use crate::diagnostic::locate::locate;
use crate::diagnostic::{Diagnostic, Severity};
use crate::json::{Source, Tape};
use crate::model::duration::canonical;
use crate::model::{
    DurationFault, DurationText, Field, Machine, Policy, PolicyId, Request, SourceList, Sources, Timestamp,
};
use crate::names::Names;
use crate::read::{read_policy_body, read_request_body};
use crate::rules::{Checked, Code, Finding, check_body, scan_body};

/// Azure Resource Manager's code for a body that is no JSON.
const NO_JSON: &str = "InvalidRequestContent";

/// Reads the body of a PUT. None of its parts is missing or unsure.
///
/// # Errors
/// 400 with everything that is wrong. The service's own code for a bad policy is not known;
/// `InvalidPolicyInput` is made after its `InvalidInitiateInput`.
pub(super) fn policy(id: &ResourceId, body: &[u8], now: Timestamp) -> Result<PolicyBody, Refusal> {
    const CODE: &str = "InvalidPolicyInput";
    let source = Source::decode(body);
    let (tape, facts) = scan_body(&source);
    let mut document = read_policy_body(&tape);
    for policy in &mut document.policies {
        // Rules about names and places judge it by where it is put, not by what the body says.
        policy.id = Field::Given(Cow::Borrowed(id.text()), policy.node);
    }
    for (index, machine) in document.policies.iter().flat_map(|policy| &policy.machines).enumerate() {
        few(machine.ports.len(), CODE, "/properties", index)?;
        within(machine.ports.iter().map(|port| &port.sources), MOST_ALLOWED, CODE, "/properties", index)?;
    }
    let checked = check_body(&tape, facts, document, now);
    let refused = checked.validated().is_none();
    let body = checked.document.policies.first().and_then(|policy| policy_body(id, policy, &tape));
    match body {
        Some(body) if !refused => Ok(body),
        _ => Err(invalid(checked, CODE, "policy", Subject::Policy)),
    }
}

/// Reads the body of an `initiate` call into `judge`, with the present for what it says of times.
pub(super) fn with_request<T>(
    body: &[u8],
    now: Timestamp,
    judge: impl FnOnce(Checked<'_, '_>) -> Result<T, Refusal>,
) -> Result<T, Refusal> {
    let source = Source::decode(body);
    let (tape, facts) = scan_body(&source);
    let document = read_request_body(&tape);
    bounded(document.requests.first())?;
    judge(check_body(&tape, facts, document, now))
}

/// A machine has so many ports at most: a network security group of Azure's holds 1,000 rules, and each port takes one.
const MOST_PORTS: usize = 1000;
/// A policy's port allows so many sources at most: a network security group takes as many for all of its rules. What is
/// judged takes time in which nobody else can write.
const MOST_ALLOWED: usize = 4000;
/// A request has so many in all: answers hold them for a month.
const MOST_SOURCES: usize = 1000;

/// Refuses a machine that has more ports than it may.
fn few(ports: usize, code: &'static str, list: &str, machine: usize) -> Result<(), Refusal> {
    if ports <= MOST_PORTS {
        return Ok(());
    }
    let message = format!("The machine has {ports} ports; it may have {MOST_PORTS}.");
    Err(Refusal::bad_request(code, message).about(format!("{list}/virtualMachines/{machine}/ports")))
}

/// Refuses a machine one of whose ports has more sources than it may. How many sources the machine has.
fn within<'s>(
    ports: impl Iterator<Item = &'s Sources>,
    most: usize,
    code: &'static str,
    list: &str,
    machine: usize,
) -> Result<usize, Refusal> {
    let mut all = 0_usize;
    for (index, sources) in ports.enumerate() {
        let SourceList::Given(sources, _) = &sources.list else { continue };
        if sources.len() > most {
            let message = format!("The port has {} sources; it may have {most}.", sources.len());
            let target =
                format!("{list}/virtualMachines/{machine}/ports/{index}/allowedSourceAddressPrefixes");
            return Err(Refusal::bad_request(code, message).about(target));
        }
        all = all.saturating_add(sources.len());
    }
    Ok(all)
}

/// Refuses a request that has more ports or sources than it may, before any of them is judged.
fn bounded(request: Option<&Request>) -> Result<(), Refusal> {
    const CODE: &str = "InvalidInitiateInput";
    let (mut all, mut named) = (0_usize, Names::of_any_case(0));
    for (index, machine) in request.iter().flat_map(|request| &request.machines).enumerate() {
        let mut ports = machine.ports.len();
        let name = machine.id.get().and_then(|id| id.machine()).map_or("", |machine| machine.text());
        // A machine may be named again and again.
        if let Some(known) = named.insert(name, 0, ports) {
            ports = ports.saturating_add(*known);
            *known = ports;
        }
        few(ports, CODE, "", index)?;
        let ports = machine.ports.iter().map(|port| &port.sources);
        let sources = within(ports, MOST_SOURCES, CODE, "", index)?;
        all = all.saturating_add(sources);
    }
    if all <= MOST_SOURCES {
        return Ok(());
    }
    let message = format!("The access request has {all} sources; it may have {MOST_SOURCES}.");
    Err(Refusal::bad_request(CODE, message).about("/virtualMachines"))
}

/// A justification has so many bytes at most: every answer about its policy holds it for a month, and the log for ever.
const LONGEST: usize = 4096;

/// The justification as it is kept.
///
/// # Errors
/// 400 for one that is too long.
pub(super) fn justification(text: &str) -> Result<Arc<str>, Refusal> {
    if text.len() <= LONGEST {
        return Ok(text.into());
    }
    let message = format!("The justification has {} bytes; it may have {LONGEST}.", text.len());
    Err(Refusal::bad_request("InvalidInitiateInput", message).about("/justification"))
}

/// Looks at the size of what is in the body of an `initiate` call, for who only asks what the call would come to.
///
/// # Errors
/// 400 for a justification that is too long, for too many ports or sources.
pub fn check_size(body: &[u8]) -> Result<(), Refusal> {
    let source = Source::decode(body);
    let (tape, _) = scan_body(&source);
    let document = read_request_body(&tape);
    let request = document.requests.first();
    bounded(request)?;
    let node = request.and_then(|request| request.justification.node());
    let text = node.and_then(|node| tape.string(node));
    text.map_or(Ok(()), |text| justification(&text).map(drop))
}

/// 400: everything that is wrong with a body.
pub(super) fn invalid(checked: Checked, code: &'static str, what: &str, document: Subject) -> Refusal {
    let tape = checked.context.tape();
    let mut findings = checked.context.into_findings();
    if findings.iter().any(against) {
        findings.retain(against);
    } else {
        // What keeps it from being taken are values that are not known.
        findings.retain(|finding| {
            matches!(finding.code, Code::UnresolvedExpression | Code::UnreplacedPlaceholder)
                || finding.severity == Severity::Error
        });
    }
    let unreadable = findings.iter().any(is_about_text);
    let diagnostics = locate(tape, findings);
    let code = if unreadable { NO_JSON } else { code };
    let message = match diagnostics.first() {
        Some(first) if unreadable => {
            format!("The request content was invalid and could not be deserialized: '{}'.", first.message)
        }
        Some(first) => format!("The {what} is not valid: {}.", places(first, diagnostics.len())),
        None => format!("The {what} is not valid."),
    };
    let target = diagnostics.first().map(|first| first.path.pointer());
    let reasons = diagnostics.into_iter().map(|diagnostic| Reason { document, diagnostic }).collect();
    Refusal { target, reasons, ..Refusal::new(400, code, message) }
}

/// The first thing that is wrong and where, and how many more there are.
pub(super) fn places(first: &Diagnostic, count: usize) -> String {
    let pointer = first.path.pointer();
    let at = if pointer.is_empty() { String::new() } else { format!(" (at '{pointer}')") };
    let more = match count {
        0 | 1 => String::new(),
        2 => ", and one thing more".into(),
        _ => format!(", and {} things more", count.saturating_sub(1)),
    };
    format!("{}{at}{more}", first.message)
}

/// True where the body is no JSON at all.
fn is_about_text(finding: &Finding) -> bool {
    matches!(
        finding.code,
        Code::InvalidJson
            | Code::InvalidEncoding
            | Code::DocumentTooLarge
            | Code::NestingTooDeep
            | Code::EmptyDocument
            | Code::NotJson
            | Code::LoneSurrogate
    )
}

/// None where a part that must be there is not, or is not known.
fn policy_body(id: &ResourceId, policy: &Policy, tape: &Tape) -> Option<PolicyBody> {
    PolicyId::parse(id.text())?;
    let kind = match policy.kind.node() {
        Some(node) if !policy.kind.is_none() => Some(Box::from(tape.string(node)?)),
        _ => None,
    };
    policy.machine_list.get()?;
    let machines = policy.machines.iter().map(|one| machine(one, tape)).collect::<Option<_>>()?;
    Some(PolicyBody { id: id.clone(), kind, machines })
}

fn machine(machine: &Machine, tape: &Tape) -> Option<MachineRules> {
    let text = machine.id.get()?.machine()?.text();
    let public_ip_address = match &machine.public_ip_address {
        Field::Given(text, _) => Some(Box::from(&**text)),
        field if field.is_none() => None,
        _ => return None,
    };
    machine.port_list.get()?;
    let rules = machine.ports.iter().map(|rule| {
        let (duration, node) = rule.max_duration.given()?;
        let max_duration = match duration {
            DurationText::Length(_) | DurationText::Days(_) | DurationText::Fraction(_) => {
                tape.string(node)?.into()
            }
            DurationText::Odd(DurationFault::Spelling(length)) => canonical(*length).into(),
            DurationText::Odd(_) => return None,
        };
        Some(PortRule {
            number: rule.number.get()?.port()?,
            protocol: rule.protocol.get()?.protocol()?,
            prefixes: prefixes(&rule.sources, tape)?,
            max_duration,
        })
    });
    let ports = rules.collect::<Option<_>>()?;
    Some(MachineRules { id: ResourceId::new(text), public_ip_address, ports })
}

/// The sources as they are written; none where one is not known.
pub(super) fn prefixes(sources: &Sources, tape: &Tape) -> Option<Prefixes> {
    let single = match sources.single {
        Field::Given(_, node) => Some(tape.string(node)?),
        Field::Absent | Field::Null(_) => None,
        Field::Wrong(_) if sources.list_in_single.is_some() => None,
        Field::Wrong(_) | Field::Unknown(_) => return None,
    };
    let list: Option<Vec<Cow<str>>> = match &sources.list {
        SourceList::None => None,
        SourceList::Given(list, _) => {
            let text = |source: &crate::model::Source| tape.string(source.text.given()?.1);
            Some(list.iter().map(text).collect::<Option<_>>()?)
        }
        SourceList::Wrong(_) | SourceList::Unknown(_) => return None,
    };
    Some(Prefixes::new(single.as_deref(), list.as_deref()))
}
