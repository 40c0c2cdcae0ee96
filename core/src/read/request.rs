//! Reads requests: the body of an `initiate` call, and what the service stores of one.

use super::fact::BareForm;
use super::guess::{guess, member};
use super::shape::{self, Property};
use super::{Fact, Reader};
use crate::json::{NodeId, NodeKind};
use crate::model::{Field, Kind, Request, RequestMachine, RequestPort};
use crate::part::AnyCase;

impl<'t> Reader<'_, 't> {
    /// A request; `stored` for one as the service returns it.
    pub(super) fn request(&mut self, node: NodeId, stored: bool) -> Request<'t> {
        let mut request = Request { node, stored, ..Request::default() };
        if !self.is_object(node, "request") {
            return request;
        }
        let shape = if stored { &shape::STORED_REQUEST } else { &shape::REQUEST };
        self.few_members(node, shape, &mut |reader, name, value| match name {
            Property::VirtualMachines => {
                (request.machine_list, request.machines) =
                    reader.objects(value, "virtualMachines", |reader, node, machine| {
                        *machine = reader.request_machine(node, stored);
                    });
            }
            Property::Justification => {
                request.justification = reader.free_text(value, "justification", stored);
            }
            Property::Requestor if stored => {
                request.requestor = reader.free_text(value, "requestor", stored);
            }
            Property::StartTimeUtc if stored => request.start = reader.time(value, "startTimeUtc"),
            _ => {}
        });
        request
    }

    fn request_machine(&mut self, node: NodeId, stored: bool) -> RequestMachine<'t> {
        let mut machine = RequestMachine { node, ..RequestMachine::default() };
        self.few_members(node, &shape::REQUEST_MACHINE, &mut |reader, name, value| match name {
            Property::Id => machine.id = reader.machine_id(value),
            Property::Ports => {
                (machine.port_list, machine.ports) = reader.objects(value, "ports", |reader, node, port| {
                    *port = reader.request_port(node, stored);
                });
            }
            _ => {}
        });
        machine
    }

    fn request_port(&mut self, node: NodeId, stored: bool) -> RequestPort<'t> {
        let mut port = RequestPort { node, ..RequestPort::default() };
        let shape = if stored { &shape::STORED_PORT } else { &shape::REQUEST_PORT };
        self.few_members(node, shape, &mut |reader, name, value| match name {
            Property::Number => port.number = reader.port(value, "number"),
            Property::AllowedSourceAddressPrefix => reader.single_source(value, &mut port.sources),
            Property::AllowedSourceAddressPrefixes => reader.plural_source(value, &mut port.sources),
            Property::EndTimeUtc => {
                port.end = reader.time(value, "endTimeUtc");
                port.end_text = match (&port.end, reader.tape.string(value)) {
                    (Field::Given(..), Some(text)) => Field::Given(text, value),
                    _ => Field::Absent,
                };
            }
            Property::Duration => port.duration = reader.duration(value, "duration"),
            Property::Status => port.status = reader.text(value, "status"),
            Property::StatusReason => port.status_reason = reader.text(value, "statusReason"),
            Property::ClosedTimeUtc => port.closed = reader.time(value, "closedTimeUtc"),
            Property::MappedPort => port.mapped_port = reader.port(value, "mappedPort"),
            _ => {}
        });
        port
    }

    /// Machines or ports of a request in place of the whole.
    pub(super) fn bare_request(&mut self, node: NodeId, form: BareForm) {
        self.fact(Fact::Bare { node, form, request: true });
        let mut request = Request { node, ..Request::default() };
        let tape = self.tape;
        let children = tape.elements(node).map(|element| element.value);
        let children = children.filter(|&child| tape.kind(child) == NodeKind::Object);
        match form {
            BareForm::Properties | BareForm::Machine => {
                request.machines.push(self.request_machine(node, false));
            }
            BareForm::Machines => {
                request.machines = children.map(|node| self.request_machine(node, false)).collect();
            }
            BareForm::Ports => {
                let ports = children.map(|node| self.request_port(node, false)).collect();
                request.machines.push(RequestMachine { node, ports, ..RequestMachine::default() });
            }
            BareForm::Port => {
                let ports = alloc::vec![self.request_port(node, false)];
                request.machines.push(RequestMachine { node, ports, ..RequestMachine::default() });
            }
        }
        self.requests.push(request);
    }

    /// The portal's batch call: `{"requests": [{"content": {…}}]}`. What is sent is what its method and address say.
    pub(super) fn batch(&mut self, node: NodeId) -> Kind {
        let tape = self.tape;
        self.own_names(node);
        let mut all = None;
        let calls = member(tape, node, "requests").into_iter().flat_map(|list| tape.elements(list));
        for call in calls {
            self.own_names(call.value);
            for member in tape.members(call.value) {
                let content = tape.string(member.key).as_deref() == Some("content");
                if content && tape.kind(member.value) == NodeKind::Object {
                    let before = (self.policies.len(), self.requests.len());
                    let kind = self.content(call.value, member.value);
                    if before != (self.policies.len(), self.requests.len()) {
                        all = Some(kind.with(all));
                    }
                } else {
                    self.names(member.value);
                }
            }
        }
        if all.is_none() {
            self.fact(Fact::UnknownKind { node, resource: None, network: false });
        }
        all.unwrap_or_default()
    }

    /// What a call of a batch sends.
    fn content(&mut self, call: NodeId, content: NodeId) -> Kind {
        let text = |name| member(self.tape, call, name).and_then(|id| self.tape.string(id));
        let url = text("url");
        let method = text("httpMethod");
        let is = |name: &str| method.as_ref().is_none_or(|method| method.same_in_any_case(name));
        let mut path = url.as_deref().and_then(|url| url.split(['?', '#']).next()).unwrap_or("").rsplit('/');
        let (last, before) = (path.next().unwrap_or(""), path.next().unwrap_or(""));
        let told = if last.same_in_any_case("initiate") && is("POST") {
            Kind::Request
        } else if before.same_in_any_case("jitNetworkAccessPolicies") && is("PUT") {
            Kind::Policy
        } else if url.is_none() {
            guess(self.tape, content).kind
        } else {
            Kind::Unknown
        };
        if told == Kind::Unknown || told == Kind::Network {
            self.template(content);
            return Kind::Template;
        }
        self.document(content, Some(told))
    }
}
