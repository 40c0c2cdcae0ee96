//! Findings → diagnostics: the paths and positions of everything that is reported, found in one walk over
//! the nodes and one sweep over the text, so that a valid document pays nothing for them.

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use super::lines::Positions;
use super::{Diagnostic, Edit, Fix, Range, Related, Step};
use crate::json::{NodeId, NodeKind, Tape};
use crate::rules::{Anchor, Finding};

/// The diagnostics of these findings, in document order.
pub fn locate(tape: &Tape, findings: Vec<Finding>) -> Vec<Diagnostic> {
    let mut targets: Vec<Target> = Vec::with_capacity(findings.len());
    let mut bytes = Vec::new();
    for finding in &findings {
        targets.push(Target::new(tape, finding.anchor));
        targets.extend(finding.related.iter().map(|(anchor, _)| Target::new(tape, *anchor)));
        let edits = finding.fix.iter().flat_map(|fix| &fix.edits);
        bytes.extend(edits.flat_map(|edit| [edit.start, edit.end]));
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
    diagnostics.sort_by(|a, b| {
        (a.range.start.byte, a.range.end.byte, a.code).cmp(&(b.range.start.byte, b.range.end.byte, b.code))
    });
    diagnostics
}

/// What is to be found: the node whose path is wanted, and the text to underline.
struct Target {
    node: NodeId,
    start: u32,
    end: u32,
}

impl Target {
    fn new(tape: &Tape, anchor: Anchor) -> Self {
        match anchor {
            Anchor::Node(id) => {
                let node = tape.node(id);
                let whole = !matches!(node.kind, NodeKind::Object | NodeKind::Array);
                // A container is shown by its bracket: nobody wants forty underlined lines.
                let end = if whole { node.end } else { node.start.saturating_add(1).min(node.end) };
                Self { node: id, start: node.start, end }
            }
            Anchor::Key(id) => {
                let key = tape.node(id);
                Self { node: NodeId(id.0.saturating_add(1)), start: key.start, end: key.end }
            }
            Anchor::Span(start, end) => Self { node: innermost(tape, start), start, end },
        }
    }
}

/// The innermost value that holds this place.
fn innermost(tape: &Tape, place: u32) -> NodeId {
    let Some(mut holder) = tape.root() else { return NodeId(0) };
    loop {
        let holds = |&id: &NodeId| {
            let node = tape.node(id);
            node.start <= place && place < node.end
        };
        let inner = match tape.kind(holder) {
            NodeKind::Object => tape
                .members(holder)
                .find(|member| tape.node(member.key).start <= place && place < tape.node(member.value).end)
                .map(|member| member.value),
            NodeKind::Array => tape.elements(holder).map(|element| element.value).find(holds),
            _ => None,
        };
        match inner {
            Some(inner) => holder = inner,
            None => return holder,
        }
    }
}

/// A container on the way down, and how far its children were passed.
struct Level {
    container: NodeId,
    child: u32,
    index: u32,
}

/// The path of each target. Targets are visited in the order of their nodes, so that no part of the
/// document is walked twice.
fn resolve(tape: &Tape, targets: &[Target]) -> Vec<Vec<Step>> {
    let mut order: Vec<usize> = (0..targets.len()).collect();
    order.sort_by_key(|&index| targets.get(index).map(|target| target.node));
    let mut paths: Vec<Vec<Step>> = Vec::new();
    paths.resize_with(targets.len(), Vec::new);
    let mut levels: Vec<Level> = Vec::new();
    let mut path: Vec<Step> = Vec::new();
    if let Some(root) = tape.root() {
        levels.push(Level { container: root, child: root.0.saturating_add(1), index: 0 });
    }
    for index in order {
        let Some(target) = targets.get(index) else { continue };
        descend(tape, &mut levels, &mut path, target.node);
        if let Some(slot) = paths.get_mut(index) {
            slot.clone_from(&path);
        }
    }
    paths
}

/// Moves from where the walk stands to the target, which does not lie behind it.
fn descend(tape: &Tape, levels: &mut Vec<Level>, path: &mut Vec<Step>, target: NodeId) {
    // Leave what ends before the target; the root stays.
    while levels.len() > 1 && levels.last().is_some_and(|level| tape.node(level.container).next <= target.0) {
        levels.pop();
        path.pop();
    }
    while let Some(level) = levels.last_mut().filter(|level| level.container != target) {
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
                path.push(if object {
                    let name = tape.string(NodeId(level.child));
                    Step::Key(name.map(alloc::borrow::Cow::into_owned).unwrap_or_default())
                } else {
                    Step::Index(level.index)
                });
                levels.push(Level { container: value, child: value.0.saturating_add(1), index: 0 });
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
    path.iter().fold(String::new(), |pointer, step| match step {
        Step::Key(key) if key.contains(['~', '/']) => {
            format!("{pointer}/{}", key.replace('~', "~0").replace('/', "~1"))
        }
        Step::Key(key) => pointer + "/" + key,
        Step::Index(index) => pointer + "/" + &index.to_string(),
    })
}
