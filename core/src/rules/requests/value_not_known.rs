//! JIT627: a decision that hangs on a value that is not there yet.

use crate::Severity;
use crate::decide::{Refusal, Unknown};
use crate::rules::meta::{Meta, page};
use crate::rules::{Context, Rule};

/// A decision that hangs on a value that is not there yet.
#[derive(Debug)]
pub struct ValueNotKnown;

impl Rule for ValueNotKnown {
    const META: Meta = Meta {
        name: "value-not-known",
        severity: Severity::Error,
        summary: "the decision hangs on what is not known",
        fixable: false,
        contested: false,
        page: page(include_str!("value_not_known.md")),
    };

    fn refusal(refusal: &Refusal, cx: &mut Context) {
        let Refusal::NotKnown { node, why } = *refusal else { return };
        let value = "fill in the value first";
        let (message, help) = match why {
            Unknown::Rule => (
                "the policy's rule for this is an expression or a placeholder: whether it allows the request is not known",
                value,
            ),
            Unknown::Asked => {
                ("this is an expression or a placeholder: what is asked for is not known", value)
            }
            Unknown::Twice => (
                "the policy of this machine is put twice, or deleted: whether it allows the request is not known",
                "leave the policy that counts",
            ),
            Unknown::Page => (
                "this machine may be in a policy on another page: whether that allows the request is not known",
                "put all pages into one list",
            ),
        };
        cx.find::<Self>(node, message).help(help);
    }
}
