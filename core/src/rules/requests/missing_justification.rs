//! JIT607: a request that does not say why.

use crate::Severity;
use crate::model::{Field, Request};
use crate::part;
use crate::rules::meta::{Meta, page};
use crate::rules::{Context, Rule};

/// A request that does not say why.
#[derive(Debug)]
pub struct MissingJustification;

impl Rule for MissingJustification {
    const META: Meta = Meta {
        name: "missing-justification",
        severity: Severity::Info,
        summary: "a request has no justification",
        fixable: false,
        contested: false,
        page: page(include_str!("missing_justification.md")),
    };

    fn request(request: &Request, cx: &mut Context) {
        // A part of a request that stands for the whole has no place for it.
        if request.stored || matches!(request.machine_list, Field::Absent) {
            return;
        }
        // `Start-AzJitNetworkAccessPolicy` has no parameter for it.
        if cx.tape().is_script() && !cx.tape().raw(request.node).starts_with(['{', '@', '(']) {
            return;
        }
        let node = match &request.justification {
            Field::Absent if cx.tape().is_cut_short(request.node) => return,
            Field::Absent => request.node,
            Field::Null(node) => *node,
            Field::Given(text, node) if part::trim(text).is_empty() => *node,
            _ => return,
        };
        cx.find::<Self>(
            node,
            "the request does not say why: whoever reads the log later cannot tell what it was for",
        )
        .help("add a `justification`: a ticket's number, or what is to be done");
    }
}
