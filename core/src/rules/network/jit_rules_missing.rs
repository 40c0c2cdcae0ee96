//! JIT747: an NSG lacks the rules of a policy that is in force.

use alloc::format;

use crate::Severity;
use crate::json::NodeId;
use crate::preview::Exposure;
use crate::rules::meta::{Meta, page};
use crate::rules::words::quoted;
use crate::rules::{Context, Rule};

/// An NSG lacks the rules of a policy that is in force.
#[derive(Debug)]
pub struct JitRulesMissing;

impl Rule for JitRulesMissing {
    const META: Meta = Meta {
        name: "jit-rules-missing",
        severity: Severity::Security,
        summary: "an NSG lacks the rules of a policy that is in force",
        fixable: false,
        contested: false,
        page: page(include_str!("jit_rules_missing.md")),
    };

    fn exposure(exposure: &Exposure, node: NodeId, cx: &mut Context) {
        let Exposure::Wiped { machine, nsg, address } = exposure else { return };
        let message = format!(
            "NSG {} has no deny of JIT for `{address}` of {}, though the policy is in force: a deployment may have wiped it",
            quoted(nsg),
            quoted(machine)
        );
        cx.find::<Self>(node, message).help(
            "save the policy again, and let deployments leave rules named `MicrosoftDefenderForCloud-JITRule…` alone",
        );
    }
}
