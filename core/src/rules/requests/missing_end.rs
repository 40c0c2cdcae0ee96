//! JIT601: a requested port without an end.

use crate::Severity;
use crate::model::{Request, RequestPort};
use crate::rules::meta::{Meta, page};
use crate::rules::{Context, Rule};

/// A requested port without an end.
#[derive(Debug)]
pub struct MissingEnd;

impl Rule for MissingEnd {
    const META: Meta = Meta {
        name: "missing-end",
        severity: Severity::Error,
        summary: "a requested port has neither `duration` nor `endTimeUtc`",
        fixable: false,
        contested: false,
        page: page(include_str!("missing_end.md")),
    };

    fn request_port(port: &RequestPort, request: &Request, cx: &mut Context) {
        // In a stored request `endTimeUtc` is required, and its absence is said as such.
        if request.stored || !port.end.is_none() || !port.duration.is_none() {
            return;
        }
        cx.find::<Self>(port.node, "the request does not say until when: the service refuses it")
            .help("add `\"duration\": \"PT1H\"`, or an `endTimeUtc`");
    }
}
