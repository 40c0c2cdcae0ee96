//! JIT508: a region by its display name.

use alloc::string::String;

use super::region;
use crate::Severity;
use crate::format::format;
use crate::json::NodeId;
use crate::model::Policy;
use crate::part;
use crate::rules::meta::{Meta, page};
use crate::rules::{Context, EditDraft, Rule, words};

/// A region by its display name.
#[derive(Debug)]
pub struct LocationSpelling;

impl Rule for LocationSpelling {
    const META: Meta = Meta {
        name: "location-spelling",
        severity: Severity::Warning,
        summary: "a region is written by its display name: `West Europe` for `westeurope`",
        fixable: true,
        contested: false,
        page: page(include_str!("location_spelling.md")),
    };

    fn policy(policy: &Policy, cx: &mut Context) {
        if let Some((location, node)) = policy.location.given() {
            look(location, "", node, cx);
        }
        if policy.in_template
            && let Some((name, node)) = policy.name.given()
            && let Some((location, rest)) = part::cut(name, '/')
        {
            look(location, rest, node, cx);
        }
    }
}

/// Looks at a region with what stands behind it in the same string.
fn look(location: &str, rest: &str, node: NodeId, cx: &mut Context) {
    if !location.bytes().any(|byte| byte.is_ascii_uppercase() || byte == b' ') {
        return;
    }
    let right: String = region::canonical(location).collect();
    // Anything else is no region in whatever spelling.
    if right.is_empty() || !right.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        return;
    }
    let text = if rest.is_empty() { right.clone() } else { format!("{right}/{rest}") };
    let edit = EditDraft::string(cx.tape(), node, &text);
    let given = words::quoted(location);
    cx.find::<LocationSpelling>(
        node,
        format!("{given} is a display name: ids and addresses write the region as `{right}`"),
    )
    .help("write the region's name small and without spaces")
    .safe_fix(format!("write `{right}`"), [edit]);
}
