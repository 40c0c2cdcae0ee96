//! JIT751: what JIT writes for one machine closes another.

use alloc::format;

use crate::Severity;
use crate::json::NodeId;
use crate::preview::Exposure;
use crate::rules::meta::{Meta, page};
use crate::rules::words::quoted;
use crate::rules::{Context, Rule};

/// What JIT writes for one machine closes another.
#[derive(Debug)]
pub struct ClosesAnotherMachine;

impl Rule for ClosesAnotherMachine {
    const META: Meta = Meta {
        name: "closes-another-machine",
        severity: Severity::Warning,
        summary: "what JIT writes for one machine closes another",
        fixable: false,
        contested: false,
        page: page(include_str!("closes_another_machine.md")),
    };

    fn exposure(exposure: &Exposure, node: NodeId, cx: &mut Context) {
        let Exposure::ClosesAnother { machine, other, traffic } = exposure else { return };
        let message = format!(
            "what JIT writes for {} closes something on {}, which no policy protects: {traffic}",
            quoted(machine),
            quoted(other)
        );
        cx.find::<Self>(node, message).help("give the two machines filters of their own, or protect both");
    }
}
