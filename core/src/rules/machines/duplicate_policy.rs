//! JIT516: one policy twice in a document.

use crate::Severity;
use crate::format::format;
use crate::json::NodeId;
use crate::model::Policy;
use crate::names::Names;
use crate::part::{self, AnyCase};
use crate::read::Document;
use crate::rules::meta::{Meta, page};
use crate::rules::{Context, Rule, words};

/// One policy twice in a document.
#[derive(Debug)]
pub struct DuplicatePolicy;

impl Rule for DuplicatePolicy {
    const META: Meta = Meta {
        name: "duplicate-policy",
        severity: Severity::Warning,
        summary: "a document holds the same policy twice",
        fixable: false,
        contested: false,
        page: page(include_str!("duplicate_policy.md")),
    };

    fn document(document: &Document, cx: &mut Context) {
        if document.policies.len() < 2 {
            return;
        }
        let mut seen = Names::of_any_case(document.policies.len());
        for policy in &document.policies {
            let Some((key, node)) = identity(policy) else { continue };
            let Some(&mut (first, earlier)) = seen.insert(key, 0, (node, policy)) else { continue };
            if !same(earlier, policy) {
                continue;
            }
            let name = words::quoted(policy.policy_name().unwrap_or(key));
            cx.find::<Self>(
                node,
                format!(
                    "policy {name} is here twice: whichever is put last replaces the other without a word"
                ),
            )
            .help("put the machines of both into one policy")
            .related(first, "the earlier one");
        }
    }
}

/// By what a policy is told from others: its id, or the name that a template gives it.
fn identity<'a>(policy: &'a Policy) -> Option<(&'a str, NodeId)> {
    let name = || policy.name.given().filter(|(name, _)| policy.in_template && part::has(name, '/'));
    policy.id.given().or_else(name).map(|(text, node)| (&**text, node))
}

/// True for two copies of one policy.
pub(super) fn same(one: &Policy, other: &Policy) -> bool {
    let (Some((a, _)), Some((b, _))) = (identity(one), identity(other)) else { return false };
    if !a.same_in_any_case(b) {
        return false;
    }
    // A template may put policies of one name into several resource groups: the machines tell.
    let by_id = one.id.get().is_some() && other.id.get().is_some();
    by_id
        || matches!((group(one), group(other)), (Some(a), Some(b)) if a.0.same_in_any_case(b.0) && a.1.same_in_any_case(b.1))
}

/// The subscription and resource group of a policy's first machine.
fn group<'a>(policy: &'a Policy) -> Option<(&'a str, &'a str)> {
    let id = policy.machines.first()?.id.get()?.machine()?;
    Some((id.subscription(), id.resource_group()))
}
