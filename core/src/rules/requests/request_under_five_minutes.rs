//! JIT605: a request for less than five minutes.

use core::time::Duration;

use super::length::lengths;
use crate::Severity;
use crate::format::format;
use crate::model::duration::words;
use crate::model::{Request, RequestPort};
use crate::rules::meta::{Meta, page};
use crate::rules::{Context, Rule};

/// A request for less than five minutes.
#[derive(Debug)]
pub struct RequestUnderFiveMinutes;

const LEAST: Duration = Duration::from_mins(5);

impl Rule for RequestUnderFiveMinutes {
    const META: Meta = Meta {
        name: "request-under-five-minutes",
        severity: Severity::Warning,
        summary: "a request is for less than five minutes",
        fixable: false,
        contested: false,
        page: page(include_str!("request_under_five_minutes.md")),
    };

    fn request_port(port: &RequestPort, request: &Request, cx: &mut Context) {
        if request.stored {
            return;
        }
        for (length, node) in lengths(port, cx.now()) {
            if length.is_zero() {
                cx.find::<Self>(node, "the request is for no time at all: it opens nothing")
                    .severity(Severity::Error)
                    .help("ask for as long as the work needs, 5 minutes at least");
            } else if length < LEAST {
                let message = format!(
                    "{} is less than 5 minutes: the service may refuse it, and a port can take a minute to open",
                    words(length)
                );
                cx.find::<Self>(node, message).help("ask for 5 minutes at least, better 6");
            }
        }
    }
}
