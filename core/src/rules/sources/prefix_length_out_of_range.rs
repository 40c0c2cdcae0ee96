//! JIT321: a block with a prefix length over 32.

use crate::Severity;
use crate::format::format;
use crate::json::NodeId;
use crate::model::{OddSource, SourceText};
use crate::rules::meta::{Meta, page};
use crate::rules::{Context, Rule, Side};

/// A block with a prefix length over 32.
#[derive(Debug)]
pub struct PrefixLengthOutOfRange;

impl Rule for PrefixLengthOutOfRange {
    const META: Meta = Meta {
        name: "prefix-length-out-of-range",
        severity: Severity::Error,
        summary: "a block has a prefix length over 32",
        fixable: false,
        contested: false,
        page: page(include_str!("prefix_length_out_of_range.md")),
    };

    #[inline]
    fn source(source: SourceText, node: NodeId, _: Side, cx: &mut Context) {
        if source == SourceText::Odd(OddSource::PrefixLength) {
            let text = cx.quoted(node);
            cx.find::<Self>(
                node,
                format!("{text} is no block: an IPv4 address has 32 bits, so that a prefix has 0 to 32"),
            )
            .help("write a prefix length of 32 at most; one address needs none");
        }
    }
}
