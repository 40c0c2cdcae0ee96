//! JIT308: blocks that are one block together.

use alloc::vec::Vec;

use ipnet::Ipv4Net;

use crate::Severity;
use crate::blocks::aggregate;
use crate::format::format;
use crate::json::NodeId;
use crate::model::{Source, SourceList, Sources};
use crate::order;
use crate::rules::meta::{Meta, page};
use crate::rules::sources::blocks::{remove_behind, sorted, text};
use crate::rules::{Context, EditDraft, Rule, Side};

/// Blocks that are one block together.
#[derive(Debug)]
pub struct MergeablePrefixes;

impl Rule for MergeablePrefixes {
    const META: Meta = Meta {
        name: "mergeable-prefixes",
        severity: Severity::Info,
        summary: "several blocks of a list are one block together",
        fixable: true,
        contested: false,
        page: page(include_str!("mergeable_prefixes.md")),
    };

    #[inline]
    fn sources(sources: &Sources, _: NodeId, _: Option<u16>, side: Side, cx: &mut Context) {
        let SourceList::Given(list, _) = &sources.list else { return };
        // What is asked for is written as it was written in the policy.
        if side == Side::Policy {
            let blocks = sorted(list, side);
            if !blocks.is_empty() && !sources.is_everybody() {
                Self::merge(blocks, list, cx);
            }
        }
    }
}

impl MergeablePrefixes {
    #[cold]
    fn merge(blocks: Vec<(Ipv4Net, NodeId)>, list: &[Source], cx: &mut Context) {
        let nets: Vec<_> = blocks.iter().map(|&(net, _)| net).collect();
        // Both are in order, and every block lies in one of the wholes.
        let mut blocks = blocks.into_iter().peekable();
        for whole in aggregate(&nets) {
            let mut wide = None;
            let mut parts = Vec::new();
            while let Some((net, node)) = blocks.next_if(|(net, _)| whole.contains(net)) {
                // Those that others cover, or repeat, are said as that.
                if wide.is_none_or(|wide| !Ipv4Net::contains(&wide, &net)) {
                    wide = Some(net);
                    parts.push(node);
                }
            }
            order::sort(&mut parts, |node| node.0.into());
            if let [first, others @ ..] = parts.as_slice()
                && !others.is_empty()
            {
                Self::report(whole, list, *first, others, cx);
            }
        }
    }

    fn report(whole: Ipv4Net, list: &[Source], first: NodeId, others: &[NodeId], cx: &mut Context) {
        const SHOWN: usize = 8;
        let tape = cx.tape();
        let whole = text(whole);
        let mut edits = alloc::vec![EditDraft::string(tape, first, &whole)];
        edits.extend(others.iter().filter_map(|&node| remove_behind(tape, list, node)));
        let count = others.len().saturating_add(1);
        let found = cx.find::<Self>(first, format!("this and {} more make up `{whole}`", others.len()));
        for &node in others.iter().take(SHOWN) {
            found.related(node, "another part");
        }
        found.help("write the one block").safe_fix(format!("write `{whole}` for the {count}"), edits);
    }
}
