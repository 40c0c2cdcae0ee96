//! JIT627: a decision that hangs on a value that is not there yet.

use crate::Severity;
use crate::decide::Refusal;
use crate::rules::meta::{Meta, page};
use crate::rules::{Context, Rule};

/// A decision that hangs on a value that is not there yet.
#[derive(Debug)]
pub struct ValueNotKnown;

impl Rule for ValueNotKnown {
    const META: Meta = Meta {
        name: "value-not-known",
        severity: Severity::Error,
        summary: "the decision hangs on an expression or a placeholder",
        fixable: false,
        contested: false,
        page: page(include_str!("value_not_known.md")),
    };

    fn refusal(refusal: &Refusal, cx: &mut Context) {
        let Refusal::NotKnown { node, in_policy } = *refusal else { return };
        let message = if in_policy {
            "the policy's rule for this is an expression or a placeholder: whether it allows the request is not known"
        } else {
            "this is an expression or a placeholder: what is asked for is not known"
        };
        cx.find::<Self>(node, message).help("fill in the value first");
    }
}
