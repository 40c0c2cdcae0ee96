//! JIT315: a source with zeros in front of its numbers.

use crate::Severity;
use crate::format::format;
use crate::json::NodeId;
use crate::model::{OddSource, SourceText};
use crate::rules::meta::{Meta, page};
use crate::rules::{Context, Rule, Side};

/// A source with zeros in front of its numbers.
#[derive(Debug)]
pub struct LeadingZeros;

impl Rule for LeadingZeros {
    const META: Meta = Meta {
        name: "leading-zeros",
        severity: Severity::Error,
        summary: "a source has zeros in front of its numbers",
        fixable: false,
        contested: false,
        page: page(include_str!("leading_zeros.md")),
    };

    #[inline]
    fn source(source: SourceText, node: NodeId, _: Side, cx: &mut Context) {
        if source == SourceText::Odd(OddSource::LeadingZeros) {
            let text = cx.quoted(node);
            cx.find::<Self>(
                node,
                format!("{text} has leading zeros: some read `010` as ten, others as eight"),
            )
            .help("write the numbers without zeros in front");
        }
    }
}
