//! The blocks of a list side by side: which of them touch.

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use ipnet::Ipv4Net;

use crate::json::{NodeId, Tape};
use crate::model::{Source, SourceText};
use crate::rules::{EditDraft, Side};

/// The blocks of a list by first address, the wide before the narrow, the earlier before the later. None
/// where no two touch, which costs no memory, and none for what was asked in the past.
#[inline]
pub fn sorted(list: &[Source], side: Side) -> Vec<(Ipv4Net, NodeId)> {
    if list.len() < 2 || side == Side::Stored || are_apart(list) { Vec::new() } else { sort(list) }
}

#[cold]
fn sort(list: &[Source]) -> Vec<(Ipv4Net, NodeId)> {
    let mut blocks: Vec<_> = blocks(list).collect();
    blocks.sort_unstable_by_key(|&(net, node)| (net.network(), net.prefix_len(), node));
    blocks
}

/// The blocks that are certain. Not those with host bits: which addresses are meant is in question.
fn blocks(list: &[Source]) -> impl Iterator<Item = (Ipv4Net, NodeId)> + Clone {
    list.iter().filter_map(|source| match source.text.given()? {
        (SourceText::HostBits(_), _) => None,
        (text, node) => Some((text.net()?, node)),
    })
}

/// True when no two blocks overlap or are halves of one block. Said at once where they are in order;
/// of longer lists without order it is not known, and they count as touching.
fn are_apart(list: &[Source]) -> bool {
    const FEW: usize = 8;
    let touch = |a: Ipv4Net, b: Ipv4Net| a.contains(&b) || b.contains(&a) || a.is_sibling(&b);
    let nets = blocks(list).map(|(net, _)| net);
    let mut pairs = nets.clone().zip(nets.clone().skip(1));
    if pairs.all(|(a, b)| a.network() < b.network() && !touch(a, b)) {
        return true;
    }
    list.len() <= FEW
        && nets.clone().enumerate().all(|(index, a)| {
            let behind = index.saturating_add(1);
            !nets.clone().skip(behind).any(|b| touch(a, b))
        })
}

/// Takes an element out of its list with the comma that belongs to it. Its neighbours are looked up, not
/// searched for: a list of a million duplicates is cheap, too.
pub fn remove(tape: &Tape, list: &[Source], element: NodeId) -> EditDraft {
    let index = list.partition_point(|source| source.text.node() < Some(element));
    let at = |index: usize| Some(tape.node(list.get(index)?.text.node()?));
    let node = tape.node(element);
    let before = index.checked_sub(1).and_then(at);
    let (start, end) = match (at(index.saturating_add(1)), before) {
        (Some(next), _) => (node.start, next.start),
        (None, Some(before)) => (before.end, node.end),
        (None, None) => (node.start, node.end),
    };
    EditDraft { start, end, text: String::new() }
}

/// Takes an element that is not the first out of its list with the comma before it.
pub fn remove_behind(tape: &Tape, list: &[Source], element: NodeId) -> Option<EditDraft> {
    let index = list.partition_point(|source| source.text.node() < Some(element));
    let before = list.get(index.checked_sub(1)?)?.text.node()?;
    Some(EditDraft { start: tape.node(before).end, end: tape.node(element).end, text: String::new() })
}

/// A block as people write it: one address without its `/32`.
pub fn text(net: Ipv4Net) -> String {
    if net.prefix_len() == 32 { net.addr().to_string() } else { net.to_string() }
}
