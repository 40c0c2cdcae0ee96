//! JIT104: brackets nested too deeply.

use crate::Severity;
use crate::json::SlipKind;
use crate::read::Fact;
use crate::rules::meta::{Meta, page};
use crate::rules::{Anchor, Context, Rule};

/// Brackets nested too deeply.
#[derive(Debug)]
pub struct NestingTooDeep;

impl Rule for NestingTooDeep {
    const META: Meta = Meta {
        name: "nesting-too-deep",
        severity: Severity::Error,
        summary: "brackets are nested more deeply than is read",
        fixable: false,
        contested: false,
        page: page(include_str!("nesting_too_deep.md")),
    };

    fn fact(fact: &Fact, cx: &mut Context) {
        if let Fact::Slip(slip) = fact
            && slip.kind == SlipKind::TooDeep
        {
            let place = Anchor::Span(slip.start, slip.end);
            cx.find::<Self>(
                place,
                "brackets are nested more than 96 levels deep: what is inside was not read",
            )
            .help("take out the needless levels; a policy has 8");
        }
    }
}

const _: () = assert!(crate::json::MAX_DEPTH == 96, "the message says it");
