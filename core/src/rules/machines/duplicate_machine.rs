//! JIT505: the same machine twice in one policy.

use crate::Severity;
use crate::format::format;
use crate::model::Policy;
use crate::names::Names;
use crate::rules::meta::{Meta, page};
use crate::rules::{Context, Rule, words};

/// The same machine twice in one policy.
#[derive(Debug)]
pub struct DuplicateMachine;

impl Rule for DuplicateMachine {
    const META: Meta = Meta {
        name: "duplicate-machine",
        severity: Severity::Error,
        summary: "a policy lists the same virtual machine twice",
        fixable: false,
        contested: false,
        page: page(include_str!("duplicate_machine.md")),
    };

    fn policy(policy: &Policy, cx: &mut Context) {
        if policy.machines.len() < 2 {
            return;
        }
        let mut seen = Names::of_any_case(policy.machines.len());
        for machine in &policy.machines {
            let Some((id, node)) = machine.id.given() else { continue };
            let Some(id) = id.machine() else { continue };
            if let Some(&mut first) = seen.insert(id.text(), 0, node) {
                let name = words::quoted(id.name());
                cx.find::<Self>(
                    node,
                    format!("virtual machine {name} is listed twice: which rules apply is not known"),
                )
                .help("put all its ports into one entry")
                .related(first, "the earlier entry");
            }
        }
    }
}
