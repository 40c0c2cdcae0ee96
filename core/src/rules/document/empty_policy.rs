//! JIT120: a policy without machines, or that is never deployed.

use crate::Severity;
use crate::model::Policy;
use crate::read::Fact;
use crate::rules::meta::{Meta, page};
use crate::rules::{Context, Rule};

/// A policy without machines, or that is never deployed.
#[derive(Debug)]
pub struct EmptyPolicy;

impl Rule for EmptyPolicy {
    const META: Meta = Meta {
        name: "empty-policy",
        severity: Severity::Warning,
        summary: "a policy has no virtual machines, or is never deployed",
        fixable: false,
        contested: false,
        page: page(include_str!("empty_policy.md")),
    };

    fn fact(fact: &Fact, cx: &mut Context) {
        let Fact::NotDeployed(node) = *fact else { return };
        let message = "the template never deploys what stands here: it is not checked, and protects nothing";
        cx.find::<Self>(node, message).help("take it out, or change this value");
    }

    fn policy(policy: &Policy, cx: &mut Context) {
        if let Some(((), node)) = policy.machine_list.given()
            && cx.tape().node(node).count == 0
        {
            cx.find::<Self>(
                node,
                "this policy has no machines: to send it is to end just-in-time access for those it has now",
            )
            .help("list the machines, or delete the policy if that is what you mean");
        }
    }
}
