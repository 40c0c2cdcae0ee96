//! Finds policies and requests inside other documents: resources of ARM templates, nested deployments,
//! bodies of calls in playbooks.

use alloc::vec::Vec;

use super::Reader;
use super::guess::{machines_of, member};
use crate::json::{NodeId, NodeKind, Tape};
use crate::model::Kind;
use crate::part::AnyCase;

/// The resource type of a policy.
pub const TYPE: &str = "Microsoft.Security/locations/jitNetworkAccessPolicies";

/// What this value is, looking no deeper than it takes: a policy, a request, or one as it is stored.
fn look(tape: &Tape, node: NodeId) -> Option<Kind> {
    if tape.kind(node) != NodeKind::Object {
        return None;
    }
    let ours = |id: NodeId| tape.string(id).is_some_and(|text| is_type(&text));
    let properties = member(tape, node, "properties");
    if member(tape, node, "type").is_some_and(ours) && properties.is_some() {
        return Some(Kind::Policy);
    }
    if let Some(properties) = properties
        && member(tape, properties, "virtualMachines").is_some()
        // Availability sets and others have `virtualMachines` too, but no ports.
        && member(tape, properties, "virtualMachines").is_some_and(|list| has_ports(tape, list))
    {
        return Some(Kind::Policy);
    }
    let machines = member(tape, node, "virtualMachines")?;
    has_ports(tape, machines).then(|| match machines_of(tape, node, machines) {
        // The service says when it began.
        Kind::StoredRequest if member(tape, node, "startTimeUtc").is_none() => Kind::Request,
        kind => kind,
    })
}

/// The full type, or the end of it as a child resource of `locations`.
fn is_type(text: &str) -> bool {
    text.same_in_any_case(TYPE) || text.same_in_any_case("jitNetworkAccessPolicies")
}

pub(super) fn has_ports(tape: &Tape, list: NodeId) -> bool {
    tape.elements(list).any(|machine| member(tape, machine.value, "ports").is_some())
}

/// The values inside this one, in order.
fn children(tape: &Tape, node: NodeId) -> Vec<NodeId> {
    match tape.kind(node) {
        NodeKind::Object => tape.members(node).map(|member| member.value).collect(),
        NodeKind::Array => tape.elements(node).map(|element| element.value).collect(),
        _ => Vec::new(),
    }
}

/// True when there is a policy or a request anywhere inside.
pub(super) fn finds(tape: &Tape, node: NodeId) -> bool {
    look(tape, node).is_some() || children(tape, node).into_iter().any(|child| finds(tape, child))
}

impl Reader<'_, '_> {
    /// Reads every policy and request inside; the rest is looked over for duplicate names only.
    pub(super) fn template(&mut self, node: NodeId) {
        match look(self.tape, node) {
            Some(Kind::Policy) => {
                let policy = self.policy(node, true);
                self.policies.push(policy);
            }
            Some(kind) => {
                let request = self.request(node, kind == Kind::StoredRequest);
                self.requests.push(request);
            }
            None => {
                self.own_names(node);
                for child in children(self.tape, node) {
                    self.template(child);
                }
            }
        }
    }
}
