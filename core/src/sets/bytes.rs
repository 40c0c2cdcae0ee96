//! A set of packets as bytes, and back. What is read was written here; all the same, nothing in it can do harm.

use alloc::vec::Vec;

use super::diagram::{Diagram, Level, Node, Target};
use super::traffic::Traffic;

impl Traffic {
    /// Adds the set to some bytes: the root and the number of nodes, then each node's level, the number of its edges, and
    /// where each begins and leads to.
    pub fn write(&self, bytes: &mut Vec<u8>) {
        let Diagram { nodes, root, .. } = &self.0;
        let number = |number: usize| u32::try_from(number).unwrap_or(u32::MAX).to_le_bytes();
        bytes.extend_from_slice(&root.bits().to_le_bytes());
        bytes.extend_from_slice(&number(nodes.len()));
        for (index, node) in nodes.iter().enumerate() {
            let (starts, targets) = self.0.edges(Target::node(index));
            bytes.push(node.level.byte());
            bytes.extend_from_slice(&number(starts.len()));
            for (start, target) in starts.iter().zip(targets) {
                bytes.extend_from_slice(&start.to_le_bytes());
                bytes.extend_from_slice(&target.bits().to_le_bytes());
            }
        }
    }

    /// Takes a set off the front of some bytes; none where that is none that was written.
    pub fn read(bytes: &mut &[u8]) -> Option<Self> {
        let root = target(bytes)?;
        let count = number(bytes)?;
        let mut read = Diagram { root, ..Diagram::constant(0) };
        for _ in 0..count {
            let level = Level::of_byte(*bytes.split_off_first()?)?;
            let first = u32::try_from(read.starts.len()).ok()?;
            for _ in 0..number(bytes)? {
                let start = u128::from_le_bytes(*bytes.split_off(..16)?.first_chunk()?);
                let target = target(bytes)?;
                // A walk goes on to what was made before, and always downwards.
                let below = if target.label().is_some() {
                    Level::Leaf
                } else {
                    read.nodes.get(target.index())?.level
                };
                let in_order = match read.starts.get(usize::try_from(first).ok()?..) {
                    Some([.., last]) => *last < start,
                    _ => start == 0,
                };
                if below <= level || !in_order {
                    return None;
                }
                read.starts.push(start);
                read.targets.push(target);
            }
            read.nodes.push(Node { level, first, end: u32::try_from(read.starts.len()).ok()? });
        }
        (root.label().is_some() || root.index() < read.nodes.len()).then_some(Self(read))
    }
}

fn number(bytes: &mut &[u8]) -> Option<u32> {
    Some(u32::from_le_bytes(*bytes.split_off(..4)?.first_chunk()?))
}

/// A leaf of a set has one of two labels.
fn target(bytes: &mut &[u8]) -> Option<Target> {
    let target = Target::of_bits(number(bytes)?);
    target.label().is_none_or(|label| label <= 1).then_some(target)
}
