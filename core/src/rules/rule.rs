//! What a rule is: a data sheet, and a function for each part of a document that it looks at.

use super::{Code, Context, Meta};
use crate::decide::Refusal;
use crate::json::NodeId;
use crate::model::{
    DurationText, IdText, Machine, Policy, PortRule, PortText, Request, RequestMachine, RequestPort,
    SourceText, Sources, TimeText,
};
use crate::network::NetworkFact;
use crate::preview::Exposure;
use crate::read::{Document, Fact};

/// On which side of the wire a value stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// In a policy: what may be asked for.
    Policy,
    /// In a request: what is asked for.
    Request,
    /// In a stored request: what was asked for.
    Stored,
}

/// The place of a rule in the table; the table implements it.
pub trait Listed {
    /// Its code.
    const CODE: Code;
}

/// A rule. It overrides the functions for the parts it looks at; those it leaves cost nothing.
///
/// Every part of a document is shown once to every rule, in document order.
#[expect(unused_variables, reason = "the names say what each function is given")]
pub trait Rule: Listed {
    /// Its data sheet.
    const META: Meta;

    /// Something that reading could not put into the model.
    fn fact(fact: &Fact, cx: &mut Context) {}
    /// The document as a whole.
    fn document(document: &Document, cx: &mut Context) {}
    /// A policy.
    fn policy(policy: &Policy, cx: &mut Context) {}
    /// A machine of a policy.
    fn machine(machine: &Machine, policy: &Policy, cx: &mut Context) {}
    /// A port rule of a machine.
    #[inline]
    fn port_rule(rule: &PortRule, cx: &mut Context) {}
    /// A request, stored or not.
    fn request(request: &Request, cx: &mut Context) {}
    /// A machine of a request.
    fn request_machine(machine: &RequestMachine, request: &Request, cx: &mut Context) {}
    /// A port of a request.
    fn request_port(port: &RequestPort, request: &Request, cx: &mut Context) {}

    /// A machine's id, wherever it stands.
    #[inline]
    fn machine_id(id: &IdText, node: NodeId, side: Side, cx: &mut Context) {}
    /// A port number, wherever it stands.
    #[inline]
    fn port(port: PortText, node: NodeId, side: Side, cx: &mut Context) {}
    /// The sources of a port rule or a requested port, as a whole. `object` is that rule or port,
    /// `port` its number.
    #[inline]
    fn sources(sources: &Sources, object: NodeId, port: Option<u16>, side: Side, cx: &mut Context) {}
    /// One source.
    #[inline]
    fn source(source: SourceText, node: NodeId, side: Side, cx: &mut Context) {}
    /// A duration, wherever it stands.
    #[inline]
    fn duration(duration: DurationText, node: NodeId, side: Side, cx: &mut Context) {}
    /// A time, wherever it stands.
    #[inline]
    fn time(time: TimeText, node: NodeId, side: Side, cx: &mut Context) {}

    /// After everything else.
    fn end(cx: &mut Context) {}

    /// A reason that [`decide`](crate::decide::decide) found against a request. Places are in the request.
    fn refusal(refusal: &Refusal, cx: &mut Context) {}

    /// Something that reading a network could not put into the model.
    fn network(fact: &NetworkFact, cx: &mut Context) {}
    /// Something that a policy and a network show together. The place is in the document at hand.
    fn exposure(exposure: &Exposure, node: NodeId, cx: &mut Context) {}
}
