//! JIT743: a machine of the policy is not in the network that was given.

use alloc::format;

use crate::Severity;
use crate::json::NodeId;
use crate::preview::Exposure;
use crate::rules::meta::{Meta, page};
use crate::rules::words::quoted;
use crate::rules::{Context, Rule};

/// A machine of the policy is not in the network that was given.
#[derive(Debug)]
pub struct MachineNotInNetwork;

impl Rule for MachineNotInNetwork {
    const META: Meta = Meta {
        name: "machine-not-in-network",
        severity: Severity::Warning,
        summary: "a machine of the policy is not in the network that was given",
        fixable: false,
        contested: false,
        page: page(include_str!("machine_not_in_network.md")),
    };

    fn exposure(exposure: &Exposure, node: NodeId, cx: &mut Context) {
        if let Exposure::MachineNotKnown { machine } = exposure {
            let message =
                format!("which machine {} is, is not known: nor is what reaches it", quoted(machine));
            cx.find::<Self>(node, message)
                .help("put the machine's resource id here, as the deployed policy has it");
            return;
        }
        let Exposure::MachineNotInNetwork { machine } = exposure else { return };
        let message =
            format!("{} is not in the network that was given: what reaches it is not known", quoted(machine));
        cx.find::<Self>(node, message)
            .help("add its export with NICs, subnets and NSGs, or take it out of the policy if it is gone");
    }
}
