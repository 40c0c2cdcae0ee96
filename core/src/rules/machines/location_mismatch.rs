//! JIT509: `location` and `id` name two regions.

use super::region;
use crate::Severity;
use crate::format::format;
use crate::model::Policy;
use crate::rules::meta::{Meta, page};
use crate::rules::{Context, Rule, words};

/// `location` and `id` name two regions.
#[derive(Debug)]
pub struct LocationMismatch;

impl Rule for LocationMismatch {
    const META: Meta = Meta {
        name: "location-mismatch",
        severity: Severity::Warning,
        summary: "a policy's `location` is not the region in its `id`",
        fixable: false,
        contested: false,
        page: page(include_str!("location_mismatch.md")),
    };

    fn policy(policy: &Policy, cx: &mut Context) {
        let Some((location, node)) = policy.location.given() else { return };
        let Some((id, id_node)) = policy.policy_id().zip(policy.id.node()) else { return };
        if region::same(location, id.location) {
            return;
        }
        let (location, region) = (words::quoted(location), words::quoted(id.location));
        cx.find::<Self>(node, format!("the location is {location}, but the id says {region}"))
            .help("keep the region that the machines are in")
            .related(id_node, "the policy's id");
    }
}
