//! JIT504: a classic machine.

use crate::Severity;
use crate::json::NodeId;
use crate::model::{IdText, OddId};
use crate::rules::meta::{Meta, page};
use crate::rules::{Context, Rule, Side};

/// A classic machine.
#[derive(Debug)]
pub struct ClassicMachine;

impl Rule for ClassicMachine {
    const META: Meta = Meta {
        name: "classic-machine",
        severity: Severity::Error,
        summary: "a machine is of the classic deployment model",
        fixable: false,
        contested: false,
        page: page(include_str!("classic_machine.md")),
    };

    #[inline]
    fn machine_id(id: &IdText, node: NodeId, _: Side, cx: &mut Context) {
        if let IdText::Odd(OddId::Classic, _) = id {
            cx.find::<Self>(node, "this is a classic virtual machine, which just-in-time access does not support")
                .help("migrate the machine to Azure Resource Manager, and write its new id, with `Microsoft.Compute`");
        }
    }
}
