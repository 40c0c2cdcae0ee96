//! JIT123: a policy that is not in force, or not yet.

use crate::Severity;
use crate::format::format;
use crate::model::Policy;
use crate::part::AnyCase;
use crate::rules::meta::{Meta, page};
use crate::rules::{Context, Rule, words};

/// A policy that is not in force, or not yet.
#[derive(Debug)]
pub struct ProvisioningUnfinished;

impl Rule for ProvisioningUnfinished {
    const META: Meta = Meta {
        name: "provisioning-unfinished",
        severity: Severity::Info,
        summary: "the service has not finished with this policy",
        fixable: false,
        contested: false,
        page: page(include_str!("provisioning_unfinished.md")),
    };

    fn policy(policy: &Policy, cx: &mut Context) {
        let Some((state, node)) = policy.provisioning_state.given() else { return };
        let is = |word: &str| state.same_in_any_case(word);
        if is("Succeeded") {
            return;
        }
        if is("Failed") || is("Canceled") {
            cx.find::<Self>(node, "the service could not apply this policy: what is open may differ from it")
                .severity(Severity::Warning)
                .help("send the policy again and look at the answer");
        } else {
            let state = words::quoted(state);
            cx.find::<Self>(
                node,
                format!("the service is not done with this policy ({state}): it may still change"),
            )
            .help("get the policy again in a minute");
        }
    }
}
