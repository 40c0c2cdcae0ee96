//! JIT313: a range from one address to another.

use alloc::string::String;
use alloc::vec::Vec;

use ipnet::Ipv4Subnets;

use crate::Severity;
use crate::format::format;
use crate::json::NodeId;
use crate::model::{OddSource, SourceText, Sources};
use crate::rules::meta::{Meta, page};
use crate::rules::sources::blocks;
use crate::rules::sources::spread::spread;
use crate::rules::{Context, Rule, Side};

/// A range from one address to another.
#[derive(Debug)]
pub struct AddressRange;

impl Rule for AddressRange {
    const META: Meta = Meta {
        name: "address-range",
        severity: Severity::Error,
        summary: "a source is a range from one address to another",
        fixable: true,
        contested: false,
        page: page(include_str!("address_range.md")),
    };

    #[inline]
    fn sources(sources: &Sources, object: NodeId, _: Option<u16>, _: Side, cx: &mut Context) {
        for (source, node) in sources.given() {
            let SourceText::Odd(OddSource::Range(first, last)) = source else { continue };
            let (tape, text) = (cx.tape(), cx.quoted(node));
            let found = cx.find::<Self>(
                node,
                format!(
                    "{text} is a range: the service takes addresses and CIDR blocks only, and refuses it"
                ),
            );
            let blocks: Vec<String> = Ipv4Subnets::new(first, last, 0).map(blocks::text).collect();
            let count = blocks.len();
            found.help("write the range as blocks");
            let blocks: Vec<&str> = blocks.iter().map(String::as_str).collect();
            if let Some(edits) = spread(tape, object, sources, node, &blocks) {
                let title = if count == 1 { "write it as a block" } else { "write it as blocks" };
                found.safe_fix(title, edits);
            }
        }
    }
}
