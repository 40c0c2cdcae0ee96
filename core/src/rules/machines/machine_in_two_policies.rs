//! JIT512: one machine in two policies.

use crate::Severity;
use crate::format::format;
use crate::names::Names;
use crate::read::Document;
use crate::rules::meta::{Meta, page};
use crate::rules::{Context, Rule, words};

/// One machine in two policies.
#[derive(Debug)]
pub struct MachineInTwoPolicies;

impl Rule for MachineInTwoPolicies {
    const META: Meta = Meta {
        name: "machine-in-two-policies",
        severity: Severity::Warning,
        summary: "a virtual machine is in two policies",
        fixable: false,
        contested: false,
        page: page(include_str!("machine_in_two_policies.md")),
    };

    fn document(document: &Document, cx: &mut Context) {
        if document.policies.len() < 2 {
            return;
        }
        let mut seen = Names::of_any_case(document.policies.len());
        for policy in &document.policies {
            for machine in &policy.machines {
                let Some((id, node)) = machine.id.given() else { continue };
                let Some(id) = id.machine() else { continue };
                let Some(&mut (first, earlier)) = seen.insert(id.text(), 0, (node, policy)) else { continue };
                // Twice in one policy, or in two copies of one policy: other rules speak.
                if earlier.node == policy.node || super::duplicate_policy::same(earlier, policy) {
                    continue;
                }
                let name = words::quoted(id.name());
                cx.find::<Self>(
                    node,
                    format!("{name} is in another policy already: which of them guards a port is not known"),
                )
                .help("put all its ports into one policy")
                .related(first, "in the earlier policy");
            }
        }
    }
}
