//! JIT742: no NSG filters an address of a machine in a policy.

use alloc::format;

use crate::Severity;
use crate::json::NodeId;
use crate::preview::Exposure;
use crate::rules::meta::{Meta, page};
use crate::rules::words::quoted;
use crate::rules::{Context, Rule};

/// No NSG filters an address of a machine in a policy.
#[derive(Debug)]
pub struct MachineWithoutNsg;

impl Rule for MachineWithoutNsg {
    const META: Meta = Meta {
        name: "machine-without-nsg",
        severity: Severity::Security,
        summary: "no NSG filters an address of a machine in a policy",
        fixable: false,
        contested: false,
        page: page(include_str!("machine_without_nsg.md")),
    };

    fn exposure(exposure: &Exposure, node: NodeId, cx: &mut Context) {
        let Exposure::Unfiltered { machine, address } = exposure else { return };
        let message = format!(
            "no NSG filters address `{address}` of {}: JIT has nowhere to write its rules, so its ports stay open",
            quoted(machine)
        );
        cx.find::<Self>(node, message).help("put an NSG on the subnet or on the NIC");
    }
}
