//! JIT624: a requested window longer than the rule allows.

use crate::Severity;
use crate::decide::Refusal;
use crate::format::format;
use crate::model::duration::{words, words_over};
use crate::rules::meta::{Meta, page};
use crate::rules::{Context, Rule};

/// A requested window longer than the rule allows.
#[derive(Debug)]
pub struct DurationNotAllowed;

impl Rule for DurationNotAllowed {
    const META: Meta = Meta {
        name: "duration-not-allowed",
        severity: Severity::Error,
        summary: "a requested window is longer than the policy allows",
        fixable: false,
        contested: false,
        page: page(include_str!("duration_not_allowed.md")),
    };

    fn refusal(refusal: &Refusal, cx: &mut Context) {
        let Refusal::TooLong { node, asked, most } = *refusal else { return };
        cx.find::<Self>(node, format!("{} is longer than the policy allows", words_over(asked, most)))
            .help(format!("ask for {} at most", words(most)));
    }
}
