//! JIT314: a block with a netmask.

use crate::Severity;
use crate::format::format;
use crate::json::NodeId;
use crate::model::{OddSource, SourceText};
use crate::rules::meta::{Meta, page};
use crate::rules::sources::blocks::text;
use crate::rules::{Context, EditDraft, Rule, Side};

/// A block with a netmask.
#[derive(Debug)]
pub struct NetmaskNotation;

impl Rule for NetmaskNotation {
    const META: Meta = Meta {
        name: "netmask-notation",
        severity: Severity::Error,
        summary: "a block is written with a netmask",
        fixable: true,
        contested: false,
        page: page(include_str!("netmask_notation.md")),
    };

    #[inline]
    fn source(source: SourceText, node: NodeId, _: Side, cx: &mut Context) {
        if let SourceText::Odd(OddSource::Mask(net)) = source {
            let block = text(net);
            let edit = EditDraft::string(cx.tape(), node, &block);
            cx.find::<Self>(
                node,
                "the block is written with a netmask: the service wants a prefix length, and refuses it",
            )
            .help(format!("write `{block}`"))
            .safe_fix(format!("write `{block}`"), [edit]);
        }
    }
}
