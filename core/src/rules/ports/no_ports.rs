//! JIT210: a machine without ports.

use crate::Severity;
use crate::json::NodeKind;
use crate::model::{Machine, Policy};
use crate::rules::meta::{Meta, page};
use crate::rules::{Context, Rule};

/// A machine without ports.
#[derive(Debug)]
pub struct NoPorts;

impl Rule for NoPorts {
    const META: Meta = Meta {
        name: "no-ports",
        severity: Severity::Warning,
        summary: "a policy lists a virtual machine without any port",
        fixable: false,
        contested: false,
        page: page(include_str!("no_ports.md")),
    };

    #[inline]
    fn machine(machine: &Machine, _: &Policy, cx: &mut Context) {
        if !machine.ports.is_empty() {
            return;
        }
        let Some(((), list)) = machine.port_list.given() else { return };
        let node = cx.tape().node(list);
        if node.kind == NodeKind::Array && node.count == 0 {
            cx.find::<Self>(list, "this virtual machine has no ports: the policy protects nothing on it")
                .help("list the ports to protect, or take the machine out of the policy");
        }
    }
}
