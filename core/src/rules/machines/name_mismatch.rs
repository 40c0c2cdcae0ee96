//! JIT510: a policy's name against its id, its location and its type.

use super::region;
use crate::Severity;
use crate::format::format;
use crate::json::NodeId;
use crate::model::Policy;
use crate::part::{self, AnyCase};
use crate::rules::meta::{Meta, page};
use crate::rules::{Context, Rule, words};

/// A policy's name against its id, its location and its type.
#[derive(Debug)]
pub struct NameMismatch;

impl Rule for NameMismatch {
    const META: Meta = Meta {
        name: "name-mismatch",
        severity: Severity::Warning,
        summary: "a policy's `name` does not agree with its `id`, `location` or `type`",
        fixable: false,
        contested: false,
        page: page(include_str!("name_mismatch.md")),
    };

    fn policy(policy: &Policy, cx: &mut Context) {
        let Some((name, node)) = policy.name.given() else { return };
        let (location, own) = match name.rsplit_once('/') {
            Some((location, own)) => (Some(location), own),
            None => (None, &**name),
        };
        if let Some((id, id_node)) = policy.policy_id().zip(policy.id.node())
            && !id.name.same_in_any_case(own)
        {
            let (own, other) = (words::quoted(own), words::quoted(id.name));
            cx.find::<Self>(node, format!("the name is {own}, but the id says {other}"))
                .help("keep the one that is meant: a call goes by the id")
                .related(id_node, "the policy's id");
        }
        if policy.in_template {
            template(policy, location, node, cx);
        }
    }
}

/// A template's name has a part for each part of the type.
fn template(policy: &Policy, region: Option<&str>, node: NodeId, cx: &mut Context) {
    match (region, policy.location.given()) {
        (Some(region), Some((location, location_node))) if !region::same(region, location) => {
            let (region, location) = (words::quoted(region), words::quoted(location));
            cx.find::<NameMismatch>(node, format!("the name says {region}, but the location is {location}"))
                .help("write the region that the machines are in, in both places")
                .related(location_node, "the location");
        }
        (None, _) if is_resource(policy, cx) => {
            cx.find::<NameMismatch>(
                node,
                "the name has one part, the type has two: Azure Resource Manager refuses the template",
            )
            .severity(Severity::Error)
            .help("write the region, a slash and the name: `westeurope/default`");
        }
        _ => {}
    }
}

/// True for a resource of a template with the full type; the body of a call inside a playbook is none.
fn is_resource(policy: &Policy, cx: &Context) -> bool {
    let tape = cx.tape();
    policy.resource_type.get().is_some_and(|kind| part::has(kind, '/'))
        && tape.members(policy.node).any(|member| cx.text(member.key).same_in_any_case("apiVersion"))
}
