//! JIT118: more findings than a report holds.

use crate::Severity;
use crate::rules::meta::{Meta, page};
use crate::rules::{Anchor, Context, MOST_FINDINGS, Rule};

/// More findings than a report holds.
#[derive(Debug)]
pub struct TooManyFindings;

impl Rule for TooManyFindings {
    const META: Meta = Meta {
        name: "too-many-findings",
        severity: Severity::Error,
        summary: "the document has more findings than a report holds",
        fixable: false,
        contested: false,
        page: page(include_str!("too_many_findings.md")),
    };

    fn end(cx: &mut Context) {
        if cx.is_full() {
            let end = u32::try_from(cx.tape().text().len()).unwrap_or(u32::MAX);
            cx.find::<Self>(
                Anchor::Span(end, end),
                "there are more than 10,000 findings: the others are not shown",
            )
            .help("mend these, or what they have in common, and check again");
        }
    }
}

const _: () = assert!(MOST_FINDINGS == 10_000, "the message says it");
