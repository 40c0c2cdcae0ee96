//! Findings → diagnostics: the paths and positions of everything that is reported, found in one walk over
//! the nodes and one sweep over the text, so that a valid document pays nothing for them.

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use super::lines::Positions;
use super::{Diagnostic, Edit, Fix, Range, Related, Step};
use crate::json::{NodeId, NodeKind, Tape};
use crate::order;
use crate::rules::{Anchor, Finding};

/// The diagnostics of these findings, in document order.
#[inline(never)]
pub fn locate(tape: &Tape, findings: Vec<Finding>) -> Vec<Diagnostic> {
    let mut targets: Vec<Target> = Vec::with_capacity(findings.len());
    let mut bytes = Vec::new();
    for finding in &findings {
        targets.push(Target::new(tape, finding.anchor));
        targets.extend(finding.related.iter().map(|(anchor, _)| Target::new(tape, *anchor)));
        let edits = finding.fix.iter().flat_map(|fix| &fix.edits);
        bytes.extend(edits.flat_map(|edit| [edit.start, edit.end]));
    }
    #[cfg(feature = "script")]
    if tape.is_script() {
        let places: Vec<u32> = targets.iter().filter_map(|target| target.place).collect();
        let mut values = super::sent::values(tape, &places).into_iter();
        for target in &mut targets {
            if target.place.take().is_some() {
                target.node = values.next().unwrap_or_default();
            }
        }
    }
    bytes.extend(targets.iter().flat_map(|target| [target.start, target.end]));
    let positions = Positions::find(tape.text(), bytes);
    let range = |start, end| Range { start: positions.at(start), end: positions.at(end) };
    let mut places = resolve(tape, &targets)
        .into_iter()
        .zip(&targets)
        .map(|(path, target)| (path, range(target.start, target.end)));
    let mut diagnostics: Vec<Diagnostic> = findings
        .into_iter()
        .map(|finding| {
            let (path, place) = places.next().unwrap_or_default();
            let related = finding.related.into_iter().map(|(_, message)| {
                let (path, range) = places.next().unwrap_or_default();
                Related { message, pointer: pointer(&path), range }
            });
            let related = related.collect();
            let fix = finding.fix.map(|fix| Fix {
                title: fix.title,
                safe: fix.safe,
                edits: fix
                    .edits
                    .into_iter()
                    .map(|edit| Edit { range: range(edit.start, edit.end), new_text: edit.text })
                    .collect(),
            });
            Diagnostic {
                code: finding.code,
                severity: finding.severity,
                message: finding.message,
                help: finding.help,
                pointer: pointer(&path),
                path,
                range: place,
                fix,
                related,
            }
        })
        .collect();
    order::sort(&mut diagnostics, |diagnostic| {
        let (start, end) = (diagnostic.range.start.byte, diagnostic.range.end.byte);
        (u128::from(start) << 48) | (u128::from(end) << 16) | u128::from(diagnostic.code.number())
    });
    diagnostics
}

/// What is to be found: the node whose path is wanted, and the text to underline.
struct Target {
    node: NodeId,
    start: u32,
    end: u32,
    /// The node is the last one that starts before this place, which may lie behind it: wanted is the path
    /// of the innermost value that holds the place.
    place: Option<u32>,
}

impl Target {
    fn new(tape: &Tape, anchor: Anchor) -> Self {
        match anchor {
            Anchor::Node(id) => {
                let node = tape.node(id);
                // A container is shown by its bracket, if it has one: nobody wants forty underlined lines.
                let bracket = node.start.saturating_add(1);
                let end = match node.kind {
                    #[cfg(feature = "script")]
                    NodeKind::Object | NodeKind::Array if tape.is_script() => {
                        node.start.saturating_add(tape.opening(id))
                    }
                    NodeKind::Object | NodeKind::Array => match tape.slice(node.start, bracket) {
                        "{" | "[" => bracket,
                        _ => node.start,
                    },
                    _ => node.end,
                };
                Self { node: id, start: node.start, end, place: None }
            }
            Anchor::Key(id) => {
                let key = tape.node(id);
                let node = NodeId(id.0.saturating_add(1));
                Self { node, start: key.start, end: key.end, place: None }
            }
            // A script's nodes stand in the order of what it sends: the one is found later.
            Anchor::Span(start, end) if tape.is_script() => {
                Self { node: NodeId(0), start, end, place: Some(start) }
            }
            Anchor::Span(start, end) => {
                Self { node: tape.last_before(start), start, end, place: Some(start) }
            }
        }
    }
}

/// A container on the way down, and how far its children were passed.
struct Level {
    container: NodeId,
    /// Where it starts in the text; a member, with its name.
    start: u32,
    child: u32,
    index: u32,
}

impl Level {
    fn new(container: NodeId, start: u32) -> Self {
        Self { container, start, child: container.0.saturating_add(1), index: 0 }
    }
}

/// Steps show no more of a name than this: a hostile one must not be repeated by every diagnostic inside it.
const LONGEST_NAME: usize = 128;

/// The path of each target. Targets are visited in the order of their nodes, so that no part of the
/// document is walked twice.
fn resolve(tape: &Tape, targets: &[Target]) -> Vec<Vec<Step>> {
    let mut order: Vec<usize> = (0..targets.len()).collect();
    order::sort(&mut order, |&index| targets.get(index).map_or(0, |target| target.node.0.into()));
    let mut paths: Vec<Vec<Step>> = Vec::new();
    paths.resize_with(targets.len(), Vec::new);
    let mut levels: Vec<Level> = Vec::new();
    let mut path: Vec<Step> = Vec::new();
    if let Some(root) = tape.root() {
        levels.push(Level::new(root, tape.node(root).start));
    }
    for index in order {
        let Some(target) = targets.get(index) else { continue };
        descend(tape, &mut levels, &mut path, target.node);
        let depth = target.place.map_or(path.len(), |place| holding(tape, &levels, place));
        if let Some(slot) = paths.get_mut(index) {
            *slot = path.iter().take(depth).cloned().collect();
        }
    }
    paths
}

/// How long the path to the innermost of these values is that holds the place, its name included.
fn holding(tape: &Tape, levels: &[Level], place: u32) -> usize {
    let holds = |level: &Level| level.start <= place && place < tape.node(level.container).end;
    // The document's own value has an empty path, whether it holds the place or not.
    levels.iter().rposition(holds).unwrap_or(0)
}

/// Moves from where the walk stands to the target, which does not lie behind it.
fn descend(tape: &Tape, levels: &mut Vec<Level>, path: &mut Vec<Step>, mut target: NodeId) {
    // Leave what ends before the target; the root stays.
    while levels.len() > 1 && levels.last().is_some_and(|level| tape.node(level.container).next <= target.0) {
        levels.pop();
        path.pop();
    }
    while let Some(level) = levels.last_mut().filter(|level| level.container < target) {
        let container = tape.node(level.container);
        let object = container.kind == NodeKind::Object;
        if !(object || container.kind == NodeKind::Array) {
            return;
        }
        let mut found = false;
        while level.child < container.next {
            // In an object a child is a name; its value follows.
            let value = NodeId(level.child.saturating_add(u32::from(object)));
            let next = tape.node(value).next;
            if next > target.0 {
                // A name stands for its member.
                target = target.max(value);
                path.push(if object {
                    let name = tape.string(NodeId(level.child)).unwrap_or_default();
                    Step::Key(name.get(..name.floor_char_boundary(LONGEST_NAME)).unwrap_or("").into())
                } else {
                    Step::Index(level.index)
                });
                let start = tape.node(NodeId(level.child)).start;
                levels.push(Level::new(value, start));
                found = true;
                break;
            }
            level.child = next;
            level.index = level.index.saturating_add(1);
        }
        if !found {
            return;
        }
    }
}

/// RFC 6901: `~` is written `~0` and `/` is written `~1`.
fn pointer(path: &[Step]) -> String {
    let len = |step: &Step| match step {
        Step::Key(key) => key.len().saturating_add(1),
        Step::Index(_) => 8,
    };
    let mut pointer = String::with_capacity(path.iter().map(len).fold(0, usize::saturating_add));
    for step in path {
        pointer.push('/');
        match step {
            Step::Key(key) if key.contains(['~', '/']) => {
                pointer.push_str(&key.replace('~', "~0").replace('/', "~1"));
            }
            Step::Key(key) => pointer.push_str(key),
            Step::Index(index) => pointer.push_str(&index.to_string()),
        }
    }
    pointer
}
