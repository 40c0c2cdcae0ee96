//! JIT603: a request whose end has passed.

use crate::Severity;
use crate::model::{Request, RequestPort};
use crate::rules::meta::{Meta, page};
use crate::rules::{Context, Rule};

/// A request whose end has passed.
#[derive(Debug)]
pub struct EndInPast;

impl Rule for EndInPast {
    const META: Meta = Meta {
        name: "end-in-past",
        severity: Severity::Error,
        summary: "a request ends before it is made",
        fixable: false,
        contested: false,
        page: page(include_str!("end_in_past.md")),
    };

    fn request_port(port: &RequestPort, request: &Request, cx: &mut Context) {
        if request.stored {
            return;
        }
        let (Some(now), Some((text, node))) = (cx.now(), port.end.given()) else { return };
        let Some(end) = text.time() else { return };
        if end <= now {
            cx.find::<Self>(node, "this end has passed: the port would not open at all")
                .help("write a later end in UTC, or `\"duration\": \"PT1H\"` in its place");
        }
    }
}
