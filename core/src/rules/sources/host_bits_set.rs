//! JIT306: a block whose address has bits set behind the prefix.

use crate::Severity;
use crate::format::format;
use crate::json::NodeId;
use crate::model::SourceText;
use crate::rules::meta::{Meta, page};
use crate::rules::sources::unmatchable_source::reserved;
use crate::rules::{Context, EditDraft, Rule, Side};

/// A block whose address has bits set behind the prefix.
#[derive(Debug)]
pub struct HostBitsSet;

impl Rule for HostBitsSet {
    const META: Meta = Meta {
        name: "host-bits-set",
        severity: Severity::Warning,
        summary: "a block is written with an address inside it",
        fixable: true,
        contested: false,
        page: page(include_str!("host_bits_set.md")),
    };

    #[inline]
    fn source(source: SourceText, node: NodeId, side: Side, cx: &mut Context) {
        let SourceText::HostBits(net) = source else { return };
        // What is everybody, or nobody, is said as that.
        if side == Side::Stored || net.prefix_len() == 0 || reserved(net).is_some() {
            return;
        }
        let (address, block) = (net.addr(), net.trunc());
        let edit = EditDraft::string(cx.tape(), node, &format!("{block}"));
        cx.find::<Self>(node, format!("`{net}` means the whole of `{block}`, not one address"))
            .help(format!("write `{block}` for the block, or `{address}` for the one address"))
            .unsafe_fix(format!("write `{block}`"), [edit]);
    }
}
