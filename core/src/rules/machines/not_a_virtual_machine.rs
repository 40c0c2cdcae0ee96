//! JIT502: the id of something else than a virtual machine.

use alloc::string::String;
use alloc::vec::Vec;

use super::invalid_machine_id::SHAPE;
use crate::Severity;
use crate::format::format;
use crate::json::NodeId;
use crate::model::{IdText, OddId};
use crate::part;
use crate::rules::meta::{Meta, page};
use crate::rules::{Context, Rule, Side, words};

/// The id of something else than a virtual machine.
#[derive(Debug)]
pub struct NotAVirtualMachine;

impl Rule for NotAVirtualMachine {
    const META: Meta = Meta {
        name: "not-a-virtual-machine",
        severity: Severity::Error,
        summary: "a machine's id is the id of another resource",
        fixable: false,
        contested: false,
        page: page(include_str!("not_a_virtual_machine.md")),
    };

    #[inline]
    fn machine_id(id: &IdText, node: NodeId, _: Side, cx: &mut Context) {
        if let IdText::Odd(OddId::OtherResource, text) = id {
            let resource = words::quoted(&resource_type(text));
            cx.find::<Self>(node, format!("this is the id of a {resource}, not of a virtual machine"))
                .help(SHAPE);
        }
    }
}

/// `Microsoft.Compute/virtualMachines/extensions`, of a resource's id.
fn resource_type(id: &str) -> String {
    // An empty part, `subscriptions`, its id, `resourceGroups`, its name, `providers`; then the provider,
    // and a type before each name.
    let mut parts = id.split('/').skip(6);
    let provider = parts.next();
    part::join(&provider.into_iter().chain(parts.step_by(2)).collect::<Vec<_>>(), "/")
}
