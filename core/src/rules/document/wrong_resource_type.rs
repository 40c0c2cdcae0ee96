//! JIT121: a policy of another resource type.

use crate::Severity;
use crate::format::format;
use crate::model::Policy;
use crate::part::AnyCase;
use crate::rules::meta::{Meta, page};
use crate::rules::{Context, EditDraft, Rule, words};

/// A policy of another resource type.
#[derive(Debug)]
pub struct WrongResourceType;

impl Rule for WrongResourceType {
    const META: Meta = Meta {
        name: "wrong-resource-type",
        severity: Severity::Error,
        summary: "the `type` of a policy is that of another resource",
        fixable: true,
        contested: false,
        page: page(include_str!("wrong_resource_type.md")),
    };

    fn policy(policy: &Policy, cx: &mut Context) {
        let Some((kind, node)) = policy.resource_type.given() else { return };
        let is = |text: &str| kind.same_in_any_case(text);
        // A child of a `locations` resource of a template may be named by the end of its type.
        if is(TYPE) || (policy.in_template && is(CHILD)) {
            return;
        }
        let ours = kind.rsplit('/').next().is_some_and(|last| {
            let name = last.split('@').next().unwrap_or(last);
            name.same_in_any_case(CHILD)
        });
        let edit = EditDraft::string(cx.tape(), node, TYPE);
        let found = cx.find::<Self>(
            node,
            format!("{} is not the resource type of a just-in-time access policy", words::quoted(kind)),
        );
        found.help("write `Microsoft.Security/locations/jitNetworkAccessPolicies`");
        if ours {
            found.safe_fix("write the right type", [edit]);
        } else {
            found.unsafe_fix("write the right type", [edit]);
        }
    }
}

const TYPE: &str = "Microsoft.Security/locations/jitNetworkAccessPolicies";
const CHILD: &str = "jitNetworkAccessPolicies";
