//! JIT506: a machine of another subscription.

use super::home::Home;
use crate::Severity;
use crate::format::format;
use crate::model::Policy;
use crate::part;
use crate::rules::meta::{Meta, page};
use crate::rules::{Context, Rule, words};

/// A machine of another subscription.
#[derive(Debug)]
pub struct OtherSubscription;

impl Rule for OtherSubscription {
    const META: Meta = Meta {
        name: "other-subscription",
        severity: Severity::Error,
        summary: "a machine is of another subscription than its policy",
        fixable: false,
        contested: true,
        page: page(include_str!("other_subscription.md")),
    };

    fn policy(policy: &Policy, cx: &mut Context) {
        let Some(home) = Home::of(policy) else { return };
        for machine in &policy.machines {
            let Some((id, node)) = machine.id.given() else { continue };
            let Some(id) = id.machine() else { continue };
            if part::same_in_any_case(id.subscription(), home.subscription) {
                continue;
            }
            let (name, whose) = (words::quoted(id.name()), home.whose);
            cx.find::<Self>(
                node,
                format!("{name} is in another subscription than {whose}: the service may refuse the policy"),
            )
            .help("make a policy in the machine's own subscription")
            .related(home.node, home.whose);
        }
    }
}
