//! JIT407: a duration below zero.

use super::guess;
use crate::Severity;
use crate::format::format;
use crate::json::NodeId;
use crate::model::{DurationFault, DurationText};
use crate::rules::meta::{Meta, page};
use crate::rules::{Context, Rule, Side, words};

/// A duration below zero.
#[derive(Debug)]
pub struct NegativeDuration;

impl Rule for NegativeDuration {
    const META: Meta = Meta {
        name: "negative-duration",
        severity: Severity::Error,
        summary: "a duration is negative",
        fixable: true,
        contested: false,
        page: page(include_str!("negative_duration.md")),
    };

    #[inline]
    fn duration(duration: DurationText, node: NodeId, _: Side, cx: &mut Context) {
        if duration == DurationText::Odd(DurationFault::Negative) {
            let tape = cx.tape();
            let text = cx.text(node);
            let found = cx.find::<Self>(
                node,
                format!("{} is less than nothing: no port opens for that long", words::quoted(&text)),
            );
            found.help("take out the minus; if it was computed, the two times were swapped");
            guess::offer(found, tape, node, guess::without_minus(&text));
        }
    }
}
