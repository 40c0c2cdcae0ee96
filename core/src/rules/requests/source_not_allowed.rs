//! JIT623: a requested source beyond what the rule allows.

use crate::Severity;
use crate::decide::Refusal;
use crate::format::format;
use crate::rules::meta::{Meta, page};
use crate::rules::{Context, Rule, words};

/// A requested source beyond what the rule allows.
#[derive(Debug)]
pub struct SourceNotAllowed;

impl Rule for SourceNotAllowed {
    const META: Meta = Meta {
        name: "source-not-allowed",
        severity: Severity::Error,
        summary: "a requested source is not allowed by the policy",
        fixable: false,
        contested: false,
        page: page(include_str!("source_not_allowed.md")),
    };

    fn refusal(refusal: &Refusal, cx: &mut Context) {
        let Refusal::SourceNotAllowed { node, source, caller, allowed, part } = refusal else { return };
        let asked = words::net(source);
        let message = match (*caller, part.is_empty()) {
            (true, _) => {
                format!("your address `{asked}`, taken because the request names no source, is not allowed")
            }
            (false, true) => format!("source `{asked}` is not allowed"),
            (false, false) => format!("source `{asked}` is only partly allowed: `{}` is", words::nets(part)),
        };
        let help = if allowed.is_empty() {
            "the policy allows no source at all for this port".into()
        } else {
            format!("the policy allows `{}`", words::nets(allowed))
        };
        cx.find::<Self>(*node, message).help(help);
    }
}
