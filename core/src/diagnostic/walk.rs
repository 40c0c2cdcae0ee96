//! Nodes → paths, in one walk over the document.

use alloc::vec::Vec;

use super::{Path, Step};
use crate::json::{NodeId, NodeKind, Tape};
use crate::order;

/// A node whose path is wanted.
#[derive(Clone, Copy, Debug)]
pub(super) struct Target {
    pub node: NodeId,
    /// The node is the last one that starts before this place, which may lie behind it: wanted is the path
    /// of the innermost value that holds the place.
    pub place: Option<u32>,
}

/// Steps show no more of a name than this: a hostile one must not be repeated by every diagnostic inside it.
const LONGEST_NAME: usize = 128;

/// The path of each target. Targets are visited in the order of their nodes, so that no part of the
/// document is walked twice.
pub(super) fn paths(tape: &Tape, targets: &[Target]) -> Vec<Path> {
    let mut order: Vec<usize> = (0..targets.len()).collect();
    order::sort(&mut order, |&index| targets.get(index).map_or(0, |target| target.node.0.into()));
    let mut paths = alloc::vec![Path::default(); targets.len()];
    let mut walk = Walk::new(tape);
    for index in order {
        if let (Some(path), Some(&target)) = (paths.get_mut(index), targets.get(index)) {
            walk.to(target.node);
            let depth = target.place.map_or(walk.path.len(), |place| walk.holding(place));
            path.0 = walk.path.iter().take(depth).cloned().collect();
        }
    }
    paths
}

/// Where the walk stands.
struct Walk<'a, 't> {
    tape: &'a Tape<'t>,
    /// The document's own value, if it has one, and what is inside it, a step of the path each.
    levels: Vec<Level>,
    path: Vec<Step>,
}

/// A value on the way down, and how far its children were passed.
struct Level {
    value: NodeId,
    /// Where it starts in the text; a member, with its name.
    start: u32,
    child: NodeId,
    index: u32,
}

impl<'a, 't> Walk<'a, 't> {
    fn new(tape: &'a Tape<'t>) -> Self {
        let root = tape.root().map(|root| Level::new(root, tape.node(root).start));
        Self { tape, levels: root.into_iter().collect(), path: Vec::new() }
    }

    /// Moves to the target, which does not lie behind.
    fn to(&mut self, mut target: NodeId) {
        let tape = self.tape;
        // Leave what ends before the target; the root stays.
        while self.levels.len() > 1
            && self.levels.last().is_some_and(|level| tape.node(level.value).next <= target.0)
        {
            self.levels.pop();
            self.path.pop();
        }
        while let Some(level) = self.levels.last_mut().filter(|level| level.value < target) {
            let Some(value) = level.pass(tape, target) else { return };
            // A name stands for its member.
            target = target.max(value);
            self.path.push(if value == level.child {
                Step::Index(level.index)
            } else {
                let name = tape.string(level.child).unwrap_or_default();
                Step::Key(name.get(..name.floor_char_boundary(LONGEST_NAME)).unwrap_or("").into())
            });
            let start = tape.node(level.child).start;
            self.levels.push(Level::new(value, start));
        }
    }

    /// How long the path to the innermost of these values is that holds the place, its name included.
    fn holding(&self, place: u32) -> usize {
        let holds = |level: &Level| level.start <= place && place < self.tape.node(level.value).end;
        // The document's own value has an empty path, whether it holds the place or not.
        self.levels.iter().rposition(holds).unwrap_or(0)
    }
}

impl Level {
    fn new(value: NodeId, start: u32) -> Self {
        Self { value, start, child: behind(value, 1), index: 0 }
    }

    /// Passes over the children in front of the target; gives the value of the one that holds it, if one does.
    fn pass(&mut self, tape: &Tape, target: NodeId) -> Option<NodeId> {
        let container = tape.node(self.value);
        let name = match container.kind {
            // A child is a name; its value follows.
            NodeKind::Object => 1,
            NodeKind::Array => 0,
            _ => return None,
        };
        while self.child.0 < container.next {
            let child = self.child;
            let value = behind(child, name);
            let next = NodeId(tape.node(value).next);
            if next > target {
                return Some(value);
            }
            self.step(next);
            // Siblings are mostly alike, and those of a long list far apart in memory. Where each would end if all were
            // as large as this one is known beforehand, so that processors fetch several at once.
            let size = next.0.saturating_sub(child.0);
            loop {
                let next = behind(self.child, size);
                if next > target || tape.node(behind(self.child, name)).next != next.0 {
                    break;
                }
                self.step(next);
            }
        }
        None
    }

    fn step(&mut self, next: NodeId) {
        self.child = next;
        self.index = self.index.saturating_add(1);
    }
}

/// The node so many behind this one.
fn behind(node: NodeId, count: u32) -> NodeId {
    NodeId(node.0.saturating_add(count))
}
