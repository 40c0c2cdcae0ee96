//! JIT408: a duration that is certain, but written in an unusual way.

use core::time::Duration;

use crate::Severity;
use crate::format::format;
use crate::json::NodeId;
use crate::model::duration::canonical;
use crate::model::{DurationFault, DurationText};
use crate::rules::meta::{Meta, page};
use crate::rules::{Context, EditDraft, Rule, Side};

/// A duration that is certain, but written in an unusual way.
#[derive(Debug)]
pub struct DurationSpelling;

impl Rule for DurationSpelling {
    const META: Meta = Meta {
        name: "duration-spelling",
        severity: Severity::Error,
        summary: "a duration has small letters, white space or a fraction of an hour",
        fixable: true,
        contested: true,
        page: page(include_str!("duration_spelling.md")),
    };

    #[inline]
    fn duration(duration: DurationText, node: NodeId, _: Side, cx: &mut Context) {
        if let DurationText::Odd(DurationFault::Spelling(length)) | DurationText::Fraction(length) = duration
        {
            explain(length, node, cx);
        }
    }
}

#[cold]
fn explain(length: Duration, node: NodeId, cx: &mut Context) {
    let (text, right) = (cx.quoted(node), canonical(length));
    let edit = EditDraft::string(cx.tape(), node, &right);
    cx.find::<DurationSpelling>(
        node,
        format!("{text} is not how the service writes `{right}`: it may refuse it"),
    )
    .help(format!("write `{right}`"))
    .safe_fix(format!("write `{right}`"), [edit]);
}
