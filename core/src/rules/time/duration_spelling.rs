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
        let length = match duration {
            DurationText::Odd(DurationFault::Spelling(length)) => length,
            DurationText::Length(length) if odd_fraction(node, cx) => length,
            _ => return,
        };
        explain(length, node, cx);
    }
}

/// ISO 8601 allows a fraction of the last part, whichever it is, and a comma; XML Schema, which .NET
/// follows, only of seconds and with a point.
#[inline]
fn odd_fraction(node: NodeId, cx: &Context) -> bool {
    const SHORTEST: u32 = 8; // `"PT0.5H"`: nearly all are shorter.
    let place = cx.tape().node(node);
    if place.end.saturating_sub(place.start) < SHORTEST {
        return false;
    }
    let text = cx.text(node);
    text.starts_with("PT") && (text.contains(',') || (text.contains('.') && !text.ends_with('S')))
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
