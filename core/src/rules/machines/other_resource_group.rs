//! JIT507: a machine of another resource group.

use super::home::Home;
use crate::Severity;
use crate::format::format;
use crate::model::Policy;
use crate::part;
use crate::rules::meta::{Meta, page};
use crate::rules::{Context, Rule, words};

/// A machine of another resource group.
#[derive(Debug)]
pub struct OtherResourceGroup;

impl Rule for OtherResourceGroup {
    const META: Meta = Meta {
        name: "other-resource-group",
        severity: Severity::Error,
        summary: "a machine is of another resource group than its policy",
        fixable: false,
        contested: true,
        page: page(include_str!("other_resource_group.md")),
    };

    fn policy(policy: &Policy, cx: &mut Context) {
        let Some(home) = Home::of(policy) else { return };
        for machine in &policy.machines {
            let Some((id, node)) = machine.id.given() else { continue };
            let Some(id) = id.machine() else { continue };
            // A machine of another subscription is said to be that.
            if part::same_in_any_case(id.resource_group(), home.resource_group)
                || !part::same_in_any_case(id.subscription(), home.subscription)
            {
                continue;
            }
            let (name, whose) = (words::quoted(id.name()), home.whose);
            cx.find::<Self>(
                node,
                format!(
                    "{name} is in another resource group than {whose}: the service may refuse the policy"
                ),
            )
            .help("make a policy in the machine's own resource group")
            .related(home.node, home.whose);
        }
    }
}
