//! JIT749: a grant for one machine opens another.

use alloc::format;

use crate::Severity;
use crate::json::NodeId;
use crate::preview::Exposure;
use crate::rules::meta::{Meta, page};
use crate::rules::words::quoted;
use crate::rules::{Context, Rule};

/// A grant for one machine opens another.
#[derive(Debug)]
pub struct OpensAnotherMachine;

impl Rule for OpensAnotherMachine {
    const META: Meta = Meta {
        name: "opens-another-machine",
        severity: Severity::Security,
        summary: "a grant for one machine opens another",
        fixable: false,
        contested: false,
        page: page(include_str!("opens_another_machine.md")),
    };

    fn exposure(exposure: &Exposure, node: NodeId, cx: &mut Context) {
        let Exposure::OpensAnother { machine, other, traffic } = exposure else { return };
        let message =
            format!("what JIT writes for {} opens {} as well: {traffic}", quoted(machine), quoted(other));
        cx.find::<Self>(node, message).help("give the two machines NSGs of their own");
    }
}
