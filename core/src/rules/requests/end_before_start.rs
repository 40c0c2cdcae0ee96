//! JIT613: a stored request that ended before it began.

use crate::Severity;
use crate::model::{Request, RequestPort};
use crate::rules::meta::{Meta, page};
use crate::rules::{Context, Rule};

/// A stored request that ended before it began.
#[derive(Debug)]
pub struct EndBeforeStart;

impl Rule for EndBeforeStart {
    const META: Meta = Meta {
        name: "end-before-start",
        severity: Severity::Warning,
        summary: "a stored request ends before it starts",
        fixable: false,
        contested: false,
        page: page(include_str!("end_before_start.md")),
    };

    fn request_port(port: &RequestPort, request: &Request, cx: &mut Context) {
        let (Some((start, start_node)), Some((end, node))) = (request.start.given(), port.end.given()) else {
            return;
        };
        let (Some(start), Some(end)) = (start.time(), end.time()) else { return };
        if end < start {
            cx.find::<Self>(node, "the request ends before it starts: one of the two times is wrong")
                .help("fetch the policy again: the service sets the start itself, when it gets the request")
                .related(start_node, "its start");
        }
    }
}
