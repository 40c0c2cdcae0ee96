//! JIT604: a request for more than a day.

use core::time::Duration;

use super::length::lengths;
use crate::Severity;
use crate::format::format;
use crate::model::duration::words_over;
use crate::model::{Request, RequestPort};
use crate::rules::meta::{Meta, page};
use crate::rules::{Context, EditDraft, Rule};

/// A request for more than a day.
#[derive(Debug)]
pub struct RequestOverADay;

const MOST: Duration = Duration::from_hours(24);

impl Rule for RequestOverADay {
    const META: Meta = Meta {
        name: "request-over-a-day",
        severity: Severity::Error,
        summary: "a request is for longer than a day",
        fixable: true,
        contested: false,
        page: page(include_str!("request_over_a_day.md")),
    };

    fn request_port(port: &RequestPort, request: &Request, cx: &mut Context) {
        if request.stored {
            return;
        }
        for (length, node) in lengths(port, cx.now()) {
            if length <= MOST {
                continue;
            }
            let tape = cx.tape();
            let found = cx.find::<Self>(
                node,
                format!(
                    "{} is longer than a day, the most that any policy can allow",
                    words_over(length, MOST)
                ),
            );
            found.help("ask for no longer than the work needs; a new request can follow");
            if port.duration.node() == Some(node) {
                found.unsafe_fix("write `PT24H`", [EditDraft::string(tape, node, "PT24H")]);
            }
        }
    }
}
