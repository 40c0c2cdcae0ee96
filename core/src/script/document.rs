//! What a script sends → documents: nodes for each call, or for what the script's tables look like.

use alloc::string::ToString;
use alloc::vec::Vec;

use super::Reader;
use super::call::{Call, Offer};
use super::emit::{Emitter, Way};
use super::note::{Note, NoteKind};
use super::place;
use super::rest::{Target, resource_id, target};
use super::value::{Key, Value, What, slice};
use crate::json::{Node, NodeId, NodeKind};
use crate::model::Kind;
use crate::part::{self, AnyCase};
use crate::read::PARTLY;

/// A document: its first node, its kind where that is sure, and whether a policy may not be there in the end.
type Part = (NodeId, Option<Kind>, bool);

impl<'t> Reader<'t> {
    /// Makes the documents of all calls; without calls, of the last value that looks like one.
    pub(super) fn documents(&mut self, emitter: &mut Emitter<'t>) -> Vec<Part> {
        let mut calls = core::mem::take(&mut self.calls);
        let mut gone = place::gone(&calls).into_iter();
        let mut calls: Vec<(Call<'t>, bool)> =
            calls.drain(..).map(|call| (call, gone.next().unwrap_or(false))).collect();
        calls.retain(|(call, _)| match call {
            Call::Undo(_) => false,
            Call::Cmdlet { .. } => true,
            Call::Rest { url, body, .. } => {
                let known = url.as_ref().is_some_and(|url| target(url) != Target::Unknown);
                known || looks_known(body)
            }
        });
        // What is said not to be known is not guessed from what else there is.
        let unknown = |note: &Note| matches!(note.kind, NoteKind::BodyInFile | NoteKind::UnknownBody);
        let offer = if calls.is_empty() && !self.notes.iter().any(unknown) { self.point() } else { None };
        let several = calls.len() > 1;
        let list =
            several.then(|| emitter.open(NodeKind::Array, 0, u32::try_from(self.text.len()).unwrap_or(0)));
        let mut parts = Vec::new();
        for (call, gone) in &calls {
            if emitter.left == 0 {
                self.note_here(NoteKind::TooMuch);
                break;
            }
            let root = NodeId(u32::try_from(emitter.nodes.len()).unwrap_or(u32::MAX));
            let kind = match call {
                Call::Cmdlet { start, end, request: false, members } => {
                    policy(emitter, (*start, *end), members);
                    Some(Kind::Policy)
                }
                Call::Cmdlet { start, end, request: true, members } => {
                    request(emitter, (*start, *end), members);
                    Some(Kind::Request)
                }
                Call::Rest { url, body, .. } => rest(emitter, url.as_ref(), body),
                Call::Undo(_) => None,
            };
            parts.push((root, kind, *gone));
        }
        if let Some(list) = list {
            emitter.close(list, parts.len());
        }
        if let Some(value) = offer {
            body(emitter, &value, Way::Cmdlet);
            parts.push((NodeId(0), None, false));
        }
        parts
    }

    /// The value that a script without calls is about.
    fn point(&self) -> Option<Value<'t>> {
        let value = |offer: &Offer<'t>| match offer {
            Offer::Variable(name) => self.variables.get(&**name).cloned(),
            Offer::Value(value) => Some(value.clone()),
        };
        self.offers.iter().rev().filter_map(value).find(looks_known)
    }
}

/// The value of the last member of that name.
fn member<'a, 't>(members: &'a [(Key<'t>, Value<'t>)], name: &str) -> Option<&'a (Key<'t>, Value<'t>)> {
    members.iter().rev().find(|(key, _)| key.name == name)
}

/// These members, as far as they are given; how many.
fn given<'t>(emitter: &mut Emitter<'t>, members: &[(Key<'t>, Value<'t>)], names: &[&str]) -> usize {
    let mut count = 0_usize;
    for name in names {
        if let Some((key, value)) = member(members, name) {
            emitter.name(key.start, key.end, name);
            emitter.value(value, name, Way::Cmdlet);
            count = count.saturating_add(1);
        }
    }
    count
}

/// `Set-AzJitNetworkAccessPolicy`
fn policy<'t>(emitter: &mut Emitter<'t>, (start, end): (u32, u32), members: &[(Key<'t>, Value<'t>)]) {
    let root = emitter.open(NodeKind::Object, start, end);
    let count = given(emitter, members, &["kind", "id", "name", "location", "resourceGroup"]);
    let place = member(members, "virtualMachines").map_or((start, start), |(key, _)| (key.start, key.end));
    emitter.name(place.0, place.1, "properties");
    let properties = emitter.open(NodeKind::Object, start, end);
    let inner = given(emitter, members, &["virtualMachines"]);
    emitter.close(properties, inner);
    emitter.close(root, count.saturating_add(1));
}

/// `Start-AzJitNetworkAccessPolicy`
fn request<'t>(emitter: &mut Emitter<'t>, (start, end): (u32, u32), members: &[(Key<'t>, Value<'t>)]) {
    let root = emitter.open(NodeKind::Object, start, end);
    let count = given(emitter, members, &["virtualMachines", "justification"]);
    emitter.close(root, count);
}

/// The body of a REST call.
fn rest<'t>(emitter: &mut Emitter<'t>, url: Option<&Value<'t>>, sent: &Value<'t>) -> Option<Kind> {
    let root = emitter.nodes.len();
    body(emitter, sent, Way::Json(0, usize::MAX));
    match url.map_or(Target::Unknown, target) {
        Target::Policy => {
            url.into_iter().for_each(|url| put_id(emitter, root, url));
            Some(Kind::Policy)
        }
        Target::Request => Some(Kind::Request),
        Target::Other | Target::Unknown => None,
    }
}

fn body<'t>(emitter: &mut Emitter<'t>, value: &Value<'t>, way: Way) {
    match &*value.what {
        What::Json(value, depth) => emitter.value(value, "", Way::Json(0, *depth)),
        What::Text(text) if !text.pieces.is_empty() => emitter.json(text),
        _ => emitter.value(value, "", way),
    }
}

/// Gives a policy the id that its address says, unless it has one or is none as it stands. One that is known in part is
/// no id yet: it has a name that readers pass over, and tells where the policy is.
fn put_id<'t>(emitter: &mut Emitter<'t>, root: usize, url: &Value<'t>) {
    let What::Text(text) = &*url.what else { return };
    let Some((from, to)) = resource_id(text) else { return };
    let Some(id) = text.text.get(from..to) else { return };
    let Ok(first) = u32::try_from(root) else { return };
    let Some(node) = emitter.nodes.get(root).copied() else { return };
    let mut has_properties = false;
    let mut at = first.saturating_add(1);
    while at < node.next && node.kind == NodeKind::Object {
        let name = emitter.name_of(at);
        if name.same_in_any_case("id") {
            return;
        }
        has_properties |= name == "properties";
        let value = usize::try_from(at.saturating_add(1)).ok().and_then(|value| emitter.nodes.get(value));
        at = value.map_or(u32::MAX, |value| value.next);
    }
    if !has_properties {
        return;
    }
    let later = |next: &mut u32| *next = next.saturating_add(2);
    emitter.nodes.iter_mut().skip(root).for_each(|node| later(&mut node.next));
    emitter.made.iter_mut().filter(|(id, _)| *id > first).for_each(|(id, _)| later(id));
    let leaf = |next: u32| Node {
        start: url.start,
        end: url.end,
        next,
        kind: NodeKind::String,
        flags: Node::MADE | Node::ESCAPED,
        count: 0,
    };
    let (name, value) = (first.saturating_add(1), first.saturating_add(2));
    let behind = root.saturating_add(1);
    emitter.nodes.splice(behind..behind, [leaf(value), leaf(value.saturating_add(1))]);
    let place = emitter.made.partition_point(|(id, _)| *id <= first);
    emitter.made.splice(
        place..place,
        [(name, if text.partly { PARTLY } else { "id" }.to_string()), (value, id.to_string())],
    );
}

impl Emitter<'_> {
    /// The string of a node that is a member's name.
    fn name_of(&self, id: u32) -> &str {
        if let Ok(place) = self.made.binary_search_by_key(&id, |(id, _)| *id) {
            return self.made.get(place).map_or("", |(_, text)| text);
        }
        let node = usize::try_from(id).ok().and_then(|id| self.nodes.get(id));
        let raw = node.map_or("", |node| slice(self.text, node.start, node.end));
        raw.trim_matches(['"', '\''])
    }
}

/// True for what has the members of a policy, a request or a part of one.
fn looks_known(value: &Value) -> bool {
    const NAMES: [&str; 4] = ["virtualMachines", "properties", "ports", "number"];
    match &*value.what {
        What::Table { .. } => NAMES.iter().any(|name| value.member(name).is_some()),
        What::List(values) => values.iter().take(100).any(looks_known),
        What::Json(value, _) => looks_known(value),
        What::Text(text) => {
            let small = text.text.to_ascii_lowercase();
            part::contains(&small, "virtualmachines") || part::contains(&small, "maxrequestaccessduration")
        }
        _ => false,
    }
}
