//! Finds policies and requests inside other documents: resources of ARM templates, nested deployments,
//! bodies of calls in playbooks.

use alloc::vec::Vec;

use super::guess::{is_name, machines_of, member};
use super::{Fact, Reader, Standing};
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

/// Members that are not what is deployed, each with one that says so where it stands beside: of an ARM template only
/// `resources` are; of a plan, a state or a what-if, what there is in the end, once. True where the rules see it all the
/// same: parts of what is deployed are taken from there.
const ASIDE: [(&str, &str, bool); 27] = [
    ("variables", "resources", true),
    ("parameters", "resources", true),
    ("parameters", "contentVersion", true),
    ("parameters", "template", true),
    ("outputs", "resources", false),
    ("metadata", "resources", false),
    ("functions", "resources", false),
    // Terraform's own JSON.
    ("variable", "resource", true),
    ("locals", "resource", true),
    ("output", "resource", false),
    // What `terraform show -json` prints.
    ("variables", "formatVersion", false),
    ("priorState", "formatVersion", false),
    ("resourceDrift", "formatVersion", false),
    ("configuration", "formatVersion", false),
    ("plannedValues", "resourceChanges", false),
    ("outputs", "rootModule", false),
    ("output", "input", false),
    ("output", "body", false),
    ("sensitiveValues", "values", false),
    ("before", "after", false),
    ("beforeSensitive", "after", false),
    ("afterSensitive", "after", false),
    ("afterUnknown", "after", false),
    // A what-if has this, too, and the differences.
    ("before", "changeType", false),
    ("delta", "changeType", false),
    ("delta", "after", false),
    // Pulumi's state.
    ("outputs", "inputs", false),
];

/// The first `true` inside this value of Terraform's, which has one for each value that is not known yet.
fn unknown(tape: &Tape, node: NodeId) -> Option<NodeId> {
    if tape.kind(node) == NodeKind::True {
        return Some(node);
    }
    children(tape, node).into_iter().find_map(|child| unknown(tape, child))
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
                if self.standing == Standing::Aside {
                    return self.asides.push(policy);
                }
                if let Some(why) = self.perhaps {
                    // Its machines are known to rules, but none to decide by.
                    policy.machine_list = Field::Unknown(why);
                    policy.copied.append(&mut policy.machines);
                }
                self.policies.push(policy);
            }
            Some(_) if self.standing == Standing::Aside => self.names(node),
            Some(kind) => {
                let request = self.request(node, kind == Kind::StoredRequest);
                self.requests.push(request);
            }
            None => {
                self.own_names(node);
                self.tape.elements(node).for_each(|element| self.template(element.value));
                self.parts(node);
            }
        }
    }

    /// The members of an object, each as what it is.
    fn parts(&mut self, node: NodeId) {
        let tape = self.tape;
        let is = |key: NodeId, name| tape.string(key).is_some_and(|key| is_name(&key, name));
        let mut beside = [false; ASIDE.len()];
        for member in tape.members(node) {
            for (seen, (_, name, _)) in beside.iter_mut().zip(ASIDE) {
                *seen |= is(member.key, name);
            }
        }
        let has = |wanted| ASIDE.iter().zip(beside).any(|(&(_, name, _), seen)| seen && name == wanted);
        // Resources that stay as they are may not be told twice.
        let stays = has("changeType")
            && member(tape, node, "after").is_none_or(|after| tape.kind(after) != NodeKind::Object)
            && member(tape, node, "changeType")
                .and_then(|id| tape.string(id))
                .is_some_and(|change| is_name(&change, "noChange") || is_name(&change, "ignore"));
        let masks = if has("after") { member(tape, node, "afterUnknown") } else { None };
        // What is not known as a whole is not there.
        let mut masks = masks.into_iter().flat_map(|mask| children(tape, mask));
        let mask =
            masks.find_map(|mask| children(tape, mask).into_iter().find_map(|child| unknown(tape, child)));
        for member in tape.members(node) {
            let rows = ASIDE.iter().zip(beside).filter(|((name, ..), seen)| *seen && is(member.key, name));
            let aside = rows.map(|((.., read), _)| *read).max();
            let outer = (self.standing, self.perhaps);
            match aside.filter(|_| !(stays && is(member.key, "before"))) {
                Some(false) => {
                    self.names(member.value);
                    continue;
                }
                Some(true) => self.standing = Standing::Aside,
                None if mask.is_some() && is(member.key, "after") => {
                    self.standing = self.standing.max(Standing::Part);
                    self.perhaps = self.perhaps.or(mask);
                }
                None if is(member.key, "inputs") => self.standing = self.standing.max(Standing::Part),
                None => {}
            }
            self.template(member.value);
            (self.standing, self.perhaps) = outer;
        }
    }
}
