//! JIT516: one policy twice in a document.

use alloc::borrow::Cow;

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
            let (Some(key), Some((own, node))) = (key(policy), identity(policy)) else { continue };
            let Some(&mut first) = seen.insert(key, 0, node) else { continue };
            let name = words::quoted(policy.policy_name().unwrap_or(own));
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

/// What a policy is called: its id, or the name that a template gives it.
pub(crate) fn identity<'a>(policy: &'a Policy) -> Option<(&'a str, NodeId)> {
    let name = || policy.name.given().filter(|(name, _)| policy.in_template && part::has(name, '/'));
    policy.id.given().or_else(name).map(|(text, node)| (&**text, node))
}

/// By what a policy is told from others. A template may put policies of one name into several resource groups: the first
/// machine tells which. None where that is not known.
pub(crate) fn key<'a>(policy: &'a Policy) -> Option<Cow<'a, str>> {
    let (name, _) = identity(policy)?;
    if policy.id.get().is_some() {
        return Some(Cow::Borrowed(name));
    }
    let id = policy.machines.first()?.id.get()?.machine()?;
    Some(Cow::Owned(format!("{name}\n{}\n{}", id.subscription(), id.resource_group())))
}

/// True for two copies of one policy.
pub(super) fn same(one: &Policy, other: &Policy) -> bool {
    matches!((key(one), key(other)), (Some(a), Some(b)) if a.same_in_any_case(&b))
}
