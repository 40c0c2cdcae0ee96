//! Reads policies, and the parts of them that people hand in for the whole.

use alloc::vec::Vec;

use super::fact::BareForm;
use super::guess::member;
use super::shape::{self, Property, Shape};
use super::{Fact, Reader, Standing};
use crate::json::{NodeId, NodeKind};
use crate::model::{Field, Machine, Policy, PortRule, Sources};
use crate::part::AnyCase;

impl<'t> Reader<'_, 't> {
    /// A policy; `in_template` for a resource of a template.
    pub(super) fn policy(&mut self, node: NodeId, in_template: bool) -> Policy<'t> {
        let mut policy = Policy { node, in_template, ..Policy::default() };
        if !self.is_object(node, "policy") {
            return policy;
        }
        if self.is_flat(node) {
            if self.standing == Standing::Whole {
                self.fact(Fact::Bare { node, form: BareForm::Properties, request: false });
            }
            self.flat(node, &mut policy);
            return policy;
        }
        let shape = if in_template { &shape::TEMPLATE_POLICY } else { &shape::POLICY };
        // What a resource has inside is printed as it is.
        let printed = self.is_printed(node, ["ResourceId", "Properties"]);
        self.is_printed = printed;
        self.few_members(node, shape, &mut |reader, name, value| match name {
            Property::Properties => {
                reader.is_printed = false;
                reader.properties(value, &shape::PROPERTIES, &mut policy);
                reader.is_printed = printed;
            }
            _ => reader.envelope(name, value, &mut policy),
        });
        self.is_printed = false;
        policy
    }

    /// The body of a PUT: its own `requests` and read-only members are not looked at.
    pub(super) fn policy_body(&mut self, node: NodeId) -> Policy<'t> {
        let mut policy = Policy { node, ..Policy::default() };
        if !self.is_object(node, "policy") {
            return policy;
        }
        self.members(node, &shape::POLICY_BODY, |reader, name, value| match name {
            Property::Properties => reader.properties(value, &shape::PROPERTIES_BODY, &mut policy),
            _ => reader.envelope(name, value, &mut policy),
        });
        policy
    }

    /// True where `properties` and the policy itself are one object.
    fn is_flat(&self, node: NodeId) -> bool {
        member(self.tape, node, "properties").is_none()
            && member(self.tape, node, "virtualMachines").is_some()
    }

    /// One that is its own `properties`.
    fn flat(&mut self, node: NodeId, policy: &mut Policy<'t>) {
        self.is_printed = self.is_printed(node, ["Id", "VirtualMachines"]);
        self.properties(node, &shape::BARE_PROPERTIES, policy);
        self.is_printed = false;
    }

    /// True for an object of PowerShell's that was written as JSON: each name begins with a capital.
    fn is_printed(&self, node: NodeId, names: [&str; 2]) -> bool {
        let has = |name| self.tape.members(node).any(|member| self.tape.plain(member.key) == Some(name));
        names.into_iter().all(has)
    }

    fn properties(&mut self, node: NodeId, shape: &'static Shape, policy: &mut Policy<'t>) {
        // `null` is said to be missing.
        if self.tape.kind(node) == NodeKind::Null || !self.is_object(node, "properties") {
            if self.tape.kind(node) == NodeKind::String {
                policy.machine_list = Field::Unknown(node);
            }
            return;
        }
        self.few_members(node, shape, &mut |reader, name, value| match name {
            Property::VirtualMachines => {
                let (list, machines) = reader.objects(value, "virtualMachines", Self::machine);
                policy.machines = machines;
                put(&mut policy.machine_list, list);
            }
            Property::Requests => {
                (policy.request_list, policy.history) =
                    reader.objects(value, "requests", |reader, node, request| {
                        *request = reader.request(node, true);
                    });
            }
            Property::ProvisioningState => {
                policy.provisioning_state = reader.text(value, "provisioningState");
            }
            Property::AppendMode => policy.append_mode = reader.boolean(value, "appendMode"),
            _ => reader.envelope(name, value, policy),
        });
    }

    fn envelope(&mut self, name: Property, value: NodeId, policy: &mut Policy<'t>) {
        match name {
            Property::Kind => policy.kind = self.text(value, "kind"),
            Property::Id => policy.id = self.text(value, "id"),
            Property::Name => policy.name = self.text(value, "name"),
            Property::Type => policy.resource_type = self.text(value, "type"),
            Property::Location => policy.location = self.text(value, "location"),
            // A template's `copy` makes the array: how many machines come of it is not known here.
            Property::Copy => {
                policy.machine_list = Field::Unknown(value);
                let machines = self.copied(value, "virtualMachines");
                policy.copied = self.each(machines, Self::machine);
            }
            _ => {}
        }
    }

    fn machine(&mut self, node: NodeId, machine: &mut Machine<'t>) {
        machine.node = node;
        self.members(node, &shape::MACHINE, |reader, name, value| match name {
            Property::Id => machine.id = reader.machine_id(value),
            Property::Ports => {
                let (list, ports) = reader.objects(value, "ports", Self::port_rule);
                machine.ports = ports;
                put(&mut machine.port_list, list);
            }
            Property::Copy => {
                machine.port_list = Field::Unknown(value);
                let ports = reader.copied(value, "ports");
                machine.copied = reader.each(ports, Self::port_rule);
            }
            Property::PublicIpAddress => machine.public_ip_address = reader.text(value, "publicIpAddress"),
            _ => {}
        });
    }

    fn port_rule(&mut self, node: NodeId, rule: &mut PortRule) {
        rule.node = node;
        self.members(node, &shape::PORT_RULE, |reader, name, value| match name {
            Property::Number => rule.number = reader.port(value, "number"),
            Property::Protocol => rule.protocol = reader.protocol(value),
            Property::AllowedSourceAddressPrefix => reader.single_source(value, &mut rule.sources),
            Property::AllowedSourceAddressPrefixes => reader.plural_source(value, &mut rule.sources),
            Property::MaxRequestAccessDuration => {
                rule.max_duration = reader.duration(value, "maxRequestAccessDuration");
            }
            _ => {}
        });
    }

    /// The singular member. An array in it is kept apart: which rule speaks depends on what else is there.
    pub(super) fn single_source(&mut self, node: NodeId, sources: &mut Sources) {
        if self.tape.kind(node) != NodeKind::Array {
            sources.single = self.source(node, "allowedSourceAddressPrefix");
            return;
        }
        sources.single = Field::Wrong(node);
        sources.list_in_single = Some(node);
        let list = self.source_list(node);
        if sources.list.says_nothing() {
            sources.list = list;
        }
    }

    /// The plural member, which wins over an array in the singular one.
    pub(super) fn plural_source(&mut self, node: NodeId, sources: &mut Sources) {
        let list = self.source_list(node);
        if !(list.says_nothing() && sources.list_in_single.is_some()) {
            sources.list = list;
        }
    }

    pub(super) fn policy_list(&mut self, node: NodeId) {
        if self.tape.kind(node) == NodeKind::Array {
            return self.policies(node);
        }
        if self.is_object(node, "list") {
            self.few_members(node, &shape::LIST, &mut |reader, name, value| match name {
                Property::Value if reader.array(value, "value").get().is_some() => reader.policies(value),
                Property::NextLink => {
                    if let Some((link, node)) = reader.text(value, "nextLink").given()
                        && !link.is_empty()
                    {
                        reader.fact(Fact::NextLink(node));
                    }
                }
                _ => {}
            });
        }
    }

    fn policies(&mut self, array: NodeId) {
        let tape = self.tape;
        for element in tape.elements(array) {
            let policy = self.policy(element.value, false);
            self.policies.push(policy);
        }
    }

    /// A part of a policy in place of the whole.
    pub(super) fn bare_policy(&mut self, node: NodeId, form: BareForm) {
        self.fact(Fact::Bare { node, form, request: false });
        let mut policy = Policy { node, ..Policy::default() };
        let tape = self.tape;
        let children = tape.elements(node).map(|element| element.value);
        let children = children.filter(|&child| tape.kind(child) == NodeKind::Object);
        match form {
            BareForm::Properties => self.flat(node, &mut policy),
            BareForm::Machines => policy.machines = self.each(children, Self::machine),
            BareForm::Machine => policy.machines = self.each([node], Self::machine),
            BareForm::Ports => {
                let ports = self.each(children, Self::port_rule);
                policy.machines.push(Machine { node, ports, ..Machine::default() });
            }
            BareForm::Port => {
                let ports = self.each([node], Self::port_rule);
                policy.machines.push(Machine { node, ports, ..Machine::default() });
            }
        }
        self.policies.push(policy);
    }

    /// What a template's `copy` puts into that array: each once, however often it is put there. The rest is looked over
    /// for duplicate names only.
    fn copied(&mut self, copy: NodeId, array: &str) -> Vec<NodeId> {
        let tape = self.tape;
        if tape.kind(copy) != NodeKind::Array {
            self.names(copy);
        }
        let mut copied = Vec::new();
        for element in tape.elements(copy) {
            let ours = member(tape, element.value, "name")
                .is_some_and(|name| tape.string(name).is_some_and(|name| name.same_in_any_case(array)));
            let input = member(tape, element.value, "input").filter(|&id| tape.kind(id) == NodeKind::Object);
            match input.filter(|_| ours) {
                Some(input) => {
                    self.own_names(element.value);
                    copied.push(input);
                }
                None => self.names(element.value),
            }
        }
        copied
    }

    fn each<T: Default>(
        &mut self,
        nodes: impl IntoIterator<Item = NodeId>,
        read: fn(&mut Self, NodeId, &mut T),
    ) -> Vec<T> {
        let object = |node| {
            let mut object = T::default();
            read(self, node, &mut object);
            object
        };
        nodes.into_iter().map(object).collect()
    }
}

/// What is computed stays unknown, whatever else is written beside it.
fn put(list: &mut Field<()>, read: Field<()>) {
    if !matches!(list, Field::Unknown(_)) {
        *list = read;
    }
}
