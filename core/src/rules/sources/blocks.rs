//! The blocks of a list side by side: which of them touch.

use alloc::string::String;
use alloc::vec::Vec;

use ipnet::Ipv4Net;

use crate::json::{NodeId, Tape};
use crate::model::{Source, SourceText};
use crate::order;
use crate::rules::{EditDraft, Side, words};

/// The blocks of a list by first address, the wide before the narrow, the earlier before the later. None
/// where no two touch, which costs no memory, and none for what was asked in the past.
#[inline]
pub fn sorted(list: &[Source], side: Side) -> Vec<(Ipv4Net, NodeId)> {
    if list.len() < 2 || side == Side::Stored || are_apart(list) { Vec::new() } else { sort(list) }
}

#[cold]
fn sort(list: &[Source]) -> Vec<(Ipv4Net, NodeId)> {
    let mut blocks: Vec<_> = blocks(list).collect();
    // Equal ones are in the order of the text already.
    order::sort(&mut blocks, |(net, _)| {
        (u128::from(u32::from(net.network())) << 8) | u128::from(net.prefix_len())
    });
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
    let spans = blocks(list).map(|(net, _)| Span::of(net));
    let mut before: Option<Span> = None;
    let mut in_order = spans.clone();
    if in_order.all(|span| before.replace(span).is_none_or(|before| before.is_before(span))) {
        return true;
    }
    list.len() <= FEW
        && spans.clone().enumerate().all(|(index, a)| {
            let behind = index.saturating_add(1);
            spans.clone().skip(behind).all(|b| a.is_before(b) || b.is_before(a))
        })
}

/// The first and the last address of a block. This is asked of every list, so it must cost next to nothing.
#[derive(Clone, Copy)]
struct Span {
    first: u32,
    last: u32,
}

impl Span {
    #[inline]
    fn of(net: Ipv4Net) -> Self {
        let first = u32::from(net.addr());
        let behind = u32::MAX.checked_shr(net.prefix_len().into()).unwrap_or(0);
        Self { first, last: first | behind }
    }

    /// True when it ends before the other begins, and the two are not the halves of one block: those
    /// are equally wide and differ in the bit before.
    #[inline]
    fn is_before(self, other: Self) -> bool {
        let behind = self.first ^ self.last;
        let halves = behind == other.first ^ other.last && self.first ^ other.first == behind.wrapping_add(1);
        self.last < other.first && !halves
    }
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

/// A block as people write it: everybody as `*`, one address without its `/32`.
pub fn text(net: Ipv4Net) -> String {
    words::net(&net)
}
