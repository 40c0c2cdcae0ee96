//! JIT744: an NSG has no number left for a rule of JIT.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use crate::Severity;
use crate::json::NodeId;
use crate::preview::Exposure;
use crate::rules::meta::{Meta, page};
use crate::rules::words::quoted;
use crate::rules::{Context, Rule};

/// An NSG has no number left for a rule of JIT.
#[derive(Debug)]
pub struct NoPriorityLeft;

impl Rule for NoPriorityLeft {
    const META: Meta = Meta {
        name: "no-priority-left",
        severity: Severity::Security,
        summary: "an NSG has no number left for a rule of JIT",
        fixable: false,
        contested: false,
        page: page(include_str!("no_priority_left.md")),
    };

    fn exposure(exposure: &Exposure, node: NodeId, cx: &mut Context) {
        let Exposure::NoPriority { machine, nsg, ports } = exposure else { return };
        let ports: Vec<String> = ports.iter().map(|port| format!("`{port}`")).collect();
        let message = format!(
            "NSG {} has no priority left for JIT's deny of {} on {}: what is open there stays open",
            quoted(nsg),
            ports.join(", "),
            quoted(machine)
        );
        cx.find::<Self>(node, message)
            .help("join or delete rules, so that a number from `1000` to `4096` is free");
    }
}
