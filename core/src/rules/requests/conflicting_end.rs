//! JIT602: a requested port with two ends.

use crate::Severity;
use crate::json::NodeId;
use crate::model::{Request, RequestPort};
use crate::rules::meta::{Meta, page};
use crate::rules::{Anchor, Context, EditDraft, Rule};

/// A requested port with two ends.
#[derive(Debug)]
pub struct ConflictingEnd;

impl Rule for ConflictingEnd {
    const META: Meta = Meta {
        name: "conflicting-end",
        severity: Severity::Error,
        summary: "a requested port has both `duration` and `endTimeUtc`",
        fixable: true,
        contested: false,
        page: page(include_str!("conflicting_end.md")),
    };

    fn request_port(port: &RequestPort, request: &Request, cx: &mut Context) {
        if request.stored || port.end.is_none() || port.duration.is_none() {
            return;
        }
        let (Some(end), Some(duration)) = (port.end.node(), port.duration.node()) else { return };
        // A name stands right before its value.
        let key = NodeId(end.0.saturating_sub(1));
        let edit = EditDraft::remove_member(cx.tape(), port.node, key);
        cx.find::<Self>(end, "the request says twice when it ends: the service takes only one of the two")
            .help("keep `duration`, which counts from when the service gets the request, or `endTimeUtc`")
            .related(Anchor::Key(NodeId(duration.0.saturating_sub(1))), "the other end")
            .unsafe_fix("keep `duration`", [edit]);
    }
}
