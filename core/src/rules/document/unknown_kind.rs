//! JIT119: a kind of policy other than `Basic`.

use crate::Severity;
use crate::format::format;
use crate::model::Policy;
use crate::part::AnyCase;
use crate::rules::meta::{Meta, page};
use crate::rules::{Context, EditDraft, Rule, words};

/// A kind of policy other than `Basic`.
#[derive(Debug)]
pub struct UnknownKind;

impl Rule for UnknownKind {
    const META: Meta = Meta {
        name: "unknown-kind",
        severity: Severity::Warning,
        summary: "the `kind` of a policy is not `Basic`",
        fixable: true,
        contested: false,
        page: page(include_str!("unknown_kind.md")),
    };

    fn policy(policy: &Policy, cx: &mut Context) {
        let Some((kind, node)) = policy.kind.given() else { return };
        if kind == KNOWN {
            return;
        }
        let edit = EditDraft::string(cx.tape(), node, KNOWN);
        let found = cx.find::<Self>(
            node,
            format!("{} is no known kind of policy: the service knows `Basic` alone", words::quoted(kind)),
        );
        found.help("write `Basic`");
        if kind.same_in_any_case(KNOWN) {
            found.safe_fix("write `Basic`", [edit]);
        } else {
            found.unsafe_fix("write `Basic`", [edit]);
        }
    }
}

/// The only kind that the service has been seen to take or to return.
const KNOWN: &str = "Basic";
