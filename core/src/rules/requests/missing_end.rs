//! JIT601: a requested port without an end.

use crate::Severity;
use crate::model::{Request, RequestPort};
use crate::rules::meta::{Meta, page};
use crate::rules::{Context, EditDraft, Rule};

/// A requested port without an end.
#[derive(Debug)]
pub struct MissingEnd;

impl Rule for MissingEnd {
    const META: Meta = Meta {
        name: "missing-end",
        severity: Severity::Error,
        summary: "a requested port has neither `duration` nor `endTimeUtc`",
        fixable: true,
        contested: false,
        page: page(include_str!("missing_end.md")),
    };

    fn request_port(port: &RequestPort, request: &Request, cx: &mut Context) {
        // In a stored request `endTimeUtc` is required, and its absence is said as such.
        if request.stored || !port.end.is_none() || !port.duration.is_none() {
            return;
        }
        let tape = cx.tape();
        if tape.is_cut_short(port.node) {
            return;
        }
        // A `duration` that is `null` takes the value; a second one would be a duplicate.
        let edit = match (port.duration.node(), tape.members(port.node).last()) {
            (Some(null), _) => Some(EditDraft::string(tape, null, "PT1H")),
            (None, Some(last)) => {
                Some(EditDraft::insert(tape.node(last.value).end, ", \"duration\": \"PT1H\""))
            }
            (None, None) => None,
        };
        let found = cx.find::<Self>(port.node, "the request does not say until when: the service refuses it");
        found.help("add `\"duration\": \"PT1H\"`, or an `endTimeUtc`");
        if let Some(edit) = edit {
            found.unsafe_fix("ask for one hour", [edit]);
        }
    }
}
