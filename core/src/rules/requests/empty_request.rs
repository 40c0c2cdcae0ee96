//! JIT608: a request for nothing.

use crate::Severity;
use crate::json::{NodeId, NodeKind};
use crate::model::{Field, Request, RequestMachine};
use crate::rules::meta::{Meta, page};
use crate::rules::{Context, Rule};

/// A request for nothing.
#[derive(Debug)]
pub struct EmptyRequest;

impl Rule for EmptyRequest {
    const META: Meta = Meta {
        name: "empty-request",
        severity: Severity::Error,
        summary: "a request names no machine, or no port of a machine",
        fixable: false,
        contested: false,
        page: page(include_str!("empty_request.md")),
    };

    fn request(request: &Request, cx: &mut Context) {
        if let Some(node) = empty(request.machine_list, request.stored, cx) {
            cx.find::<Self>(node, "the request names no machine: it asks for nothing")
                .help("add the machine to reach, with its `id` and `ports`");
        }
    }

    fn request_machine(machine: &RequestMachine, request: &Request, cx: &mut Context) {
        if let Some(node) = empty(machine.port_list, request.stored, cx) {
            cx.find::<Self>(node, "the request names no port of this machine: it asks for nothing")
                .help("add the port to open, or leave the machine out");
        }
    }
}

/// The node of an array without elements. Elements of a wrong type are said to be that.
fn empty(list: Field<()>, stored: bool, cx: &Context) -> Option<NodeId> {
    let (&(), node) = list.given().filter(|_| !stored)?;
    let array = cx.tape().node(node);
    (array.kind == NodeKind::Array && array.count == 0).then_some(node)
}
