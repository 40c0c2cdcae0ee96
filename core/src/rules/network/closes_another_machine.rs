//! JIT751: what JIT writes for one machine closes another.

use alloc::format;

use crate::Severity;
use crate::json::NodeId;
use crate::preview::{Exposure, Other};
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
        let Exposure::ClosesAnother { machine, other } = exposure else { return };
        let machine = quoted(machine);
        let message = match other {
            Some(Other { machine: other, traffic, certain }) => format!(
                "what JIT writes for {machine} {} something on {}, which no policy protects: {traffic}",
                if *certain { "closes" } else { "may close" },
                quoted(other)
            ),
            None => format!(
                "what JIT writes for {machine} closes something on another machine, which you may not read"
            ),
        };
        cx.find::<Self>(node, message).help("give the two machines filters of their own, or protect both");
    }
}
