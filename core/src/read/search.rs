//! Finds policies and requests inside other documents: resources of ARM templates, nested deployments,
//! bodies of calls in playbooks.

use alloc::vec::Vec;

use super::guess::{machines_of, member};
use super::{Fact, Reader};
use crate::json::{NodeId, NodeKind, Number, Tape};
use crate::model::{Field, Kind};
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

/// Is a resource of a template deployed?
enum Deployed {
    Yes,
    /// Never, because of this value.
    No(NodeId),
    /// That hangs on this value.
    Perhaps(NodeId),
}

/// By a resource's condition, by how many there are to be, and by whether it is there already.
fn deployed(tape: &Tape, node: NodeId) -> Deployed {
    let mut deployed = Deployed::Yes;
    if member(tape, node, "type").is_none_or(|id| tape.kind(id) != NodeKind::String) {
        return deployed;
    }
    let count = member(tape, node, "copy").and_then(|copy| member(tape, copy, "count"));
    let existing = member(tape, node, "existing");
    for value in member(tape, node, "condition").into_iter().chain(count).chain(existing) {
        let not = existing == Some(value);
        match tape.kind(value) {
            NodeKind::True if !not => {}
            NodeKind::False if not => {}
            NodeKind::True | NodeKind::False => return Deployed::No(value),
            NodeKind::Number if Number::parse(tape.raw(value)) == Number::Integer(0) => {
                return Deployed::No(value);
            }
            NodeKind::Null | NodeKind::Number => {}
            _ => deployed = Deployed::Perhaps(value),
        }
    }
    deployed
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
        let outer = self.perhaps;
        match deployed(self.tape, node) {
            Deployed::Yes => {}
            Deployed::No(why) if finds(self.tape, node) => {
                self.fact(Fact::NotDeployed(why));
                return self.names(node);
            }
            Deployed::No(_) => return self.names(node),
            Deployed::Perhaps(why) => {
                // What it is made of hangs on it as well: that is told once.
                if self.perhaps.is_none() && finds(self.tape, node) {
                    self.fact(Fact::Expression(why));
                }
                self.perhaps = self.perhaps.or(Some(why));
            }
        }
        self.inside(node);
        self.perhaps = outer;
    }

    fn inside(&mut self, node: NodeId) {
        match look(self.tape, node) {
            Some(Kind::Policy) => {
                let mut policy = self.policy(node, true);
                if let Some(why) = self.perhaps {
                    // Its machines are known to rules, but none to decide by.
                    policy.machine_list = Field::Unknown(why);
                    policy.copied.append(&mut policy.machines);
                }
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
