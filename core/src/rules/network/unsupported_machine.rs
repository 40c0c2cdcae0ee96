//! JIT752: a machine of the policy cannot have JIT.

use alloc::format;

use crate::Severity;
use crate::json::NodeId;
use crate::preview::Exposure;
use crate::rules::meta::{Meta, page};
use crate::rules::words::quoted;
use crate::rules::{Context, Rule};

/// A machine of the policy cannot have JIT.
#[derive(Debug)]
pub struct UnsupportedMachine;

impl Rule for UnsupportedMachine {
    const META: Meta = Meta {
        name: "unsupported-machine",
        severity: Severity::Warning,
        summary: "a machine of the policy cannot have JIT",
        fixable: false,
        contested: false,
        page: page(include_str!("unsupported_machine.md")),
    };

    fn exposure(exposure: &Exposure, node: NodeId, cx: &mut Context) {
        let Exposure::Unsupported { machine, reason } = exposure else { return };
        let message = format!("{} cannot have just-in-time access: {reason}", quoted(machine));
        cx.find::<Self>(node, message).help("take it out of the policy, or deploy it anew");
    }
}
