//! JIT401: a text that is no ISO 8601 duration.

use super::guess;
use crate::Severity;
use crate::format::format;
use crate::json::NodeId;
use crate::model::{DurationFault, DurationText};
use crate::part;
use crate::rules::meta::{Meta, page};
use crate::rules::{Context, Rule, Side, words};

/// A text that is no ISO 8601 duration.
#[derive(Debug)]
pub struct InvalidDuration;

impl Rule for InvalidDuration {
    const META: Meta = Meta {
        name: "invalid-duration",
        severity: Severity::Error,
        summary: "a duration is not in ISO 8601 form",
        fixable: true,
        contested: false,
        page: page(include_str!("invalid_duration.md")),
    };

    #[inline]
    fn duration(duration: DurationText, node: NodeId, _: Side, cx: &mut Context) {
        if let DurationText::Odd(fault @ (DurationFault::Unreadable | DurationFault::Overflow)) = duration {
            explain(fault, node, cx);
        }
    }
}

#[cold]
fn explain(fault: DurationFault, node: NodeId, cx: &mut Context) {
    let tape = cx.tape();
    let text = cx.text(node);
    let plain = part::trim(&text);
    let (why, help) = if plain.is_empty() {
        ("an empty text is no duration", "write `PT3H` for three hours")
    } else if fault == DurationFault::Overflow {
        ("this is beyond all bounds: the service takes a day at most", "write `PT24H` or less")
    } else if plain.bytes().all(|byte| byte.is_ascii_digit()) {
        ("a number alone does not say of what", "write `PT3H` for three hours, `PT30M` for half an hour")
    } else {
        ("this is no ISO 8601 duration, the one form that the API has", "write `PT3H` for three hours")
    };
    let message = if plain.is_empty() { why.into() } else { format!("{}: {why}", words::quoted(&text)) };
    let found = cx.find::<InvalidDuration>(node, message).help(help);
    guess::offer(found, tape, node, guess::length(plain));
}
