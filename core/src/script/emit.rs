//! Values → nodes, as the readers of JSON know them. What PowerShell and its cmdlets make of a value on its way is done
//! here: names in any case, lists of one, strings for numbers.

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use super::pieces;
use super::value::{Key, Text, Value, What, slice};
use crate::json::{Node, NodeId, NodeKind, Slip, SlipKind, Tape, scan};
use crate::part::AnyCase;

/// What stands for a value that is not known; readers tell it by its form.
pub(super) const UNKNOWN: &str = "$(unknown)";

/// The names that the cmdlets know, in any case.
const NAMES: [&str; 25] = [
    "id",
    "ports",
    "number",
    "protocol",
    "allowedSourceAddressPrefix",
    "allowedSourceAddressPrefixes",
    "maxRequestAccessDuration",
    "endTimeUtc",
    "duration",
    "virtualMachines",
    "properties",
    "kind",
    "name",
    "type",
    "location",
    "requests",
    "justification",
    "publicIpAddress",
    "provisioningState",
    "requestor",
    "startTimeUtc",
    "status",
    "statusReason",
    "mappedPort",
    "resourceGroup",
];

/// How a value is sent.
#[derive(Clone, Copy, Debug)]
pub(super) enum Way {
    /// By a cmdlet, which takes names in any case and makes of values what it needs.
    Cmdlet,
    /// Through `ConvertTo-Json`, as it is: so deep the value stands, and so deep it may.
    Json(usize, usize),
}

impl Way {
    const fn deeper(self) -> Self {
        match self {
            Self::Cmdlet => Self::Cmdlet,
            Self::Json(level, most) => Self::Json(level.saturating_add(1), most),
        }
    }
}

/// Puts nodes together.
#[derive(Debug)]
pub(super) struct Emitter<'t> {
    pub text: &'t str,
    pub nodes: Vec<Node>,
    /// Strings and numbers that are not written so in the text.
    pub made: Vec<(u32, String)>,
    pub slips: Vec<Slip>,
    /// How many nodes may come yet.
    pub left: usize,
}

impl<'t> Emitter<'t> {
    fn next_id(&self) -> u32 {
        u32::try_from(self.nodes.len()).unwrap_or(u32::MAX)
    }

    fn push(&mut self, kind: NodeKind, start: u32, end: u32, flags: u8) {
        let next = self.next_id().saturating_add(1);
        self.nodes.push(Node { start, end: end.max(start), next, kind, flags, count: 0 });
        self.left = self.left.saturating_sub(1);
    }

    fn push_made(&mut self, kind: NodeKind, start: u32, end: u32, text: &str) {
        self.made.push((self.next_id(), text.into()));
        self.push(kind, start, end, Node::MADE | Node::ESCAPED);
    }

    /// A container; [`Self::close`] ends it.
    pub(super) fn open(&mut self, kind: NodeKind, start: u32, end: u32) -> u32 {
        let id = self.next_id();
        self.push(kind, start, end, 0);
        id
    }

    pub(super) fn close(&mut self, id: u32, count: usize) {
        let next = self.next_id();
        if let Some(node) = usize::try_from(id).ok().and_then(|id| self.nodes.get_mut(id)) {
            node.next = next;
            node.count = u16::try_from(count).unwrap_or(u16::MAX);
        }
    }

    /// A member's name that is not written so.
    pub(super) fn name(&mut self, start: u32, end: u32, name: &str) {
        self.push_made(NodeKind::String, start, end, name);
    }

    /// A member's name; what it is known as.
    fn key(&mut self, key: &Key<'t>, way: Way) -> String {
        let known = match way {
            Way::Cmdlet => NAMES.iter().find(|name| name.same_in_any_case(&key.name)),
            Way::Json(..) => None,
        };
        let name = known.map_or(&*key.name, |name| *name);
        match key.flags {
            Some(flags) if name == key.name => self.push(NodeKind::String, key.start, key.end, flags),
            _ => self.push_made(NodeKind::String, key.start, key.end, name),
        }
        name.to_string()
    }

    /// The value of the member of that name.
    pub(super) fn value(&mut self, value: &Value<'t>, name: &str, way: Way) {
        let (start, end) = (value.start, value.end);
        if self.left < value.size {
            return self.unknown(start, end);
        }
        if let Way::Json(level, most) = way
            && level > most
            && matches!(*value.what, What::Table { .. } | What::List(_))
        {
            let text = value.inside(self.text).map(|text| text.to_string());
            let text = text.unwrap_or_else(|| "System.Collections.Hashtable".into());
            return self.push_made(NodeKind::String, start, end, &text);
        }
        match (&*value.what, way) {
            (What::Unknown | What::Json(..), _) => self.unknown(start, end),
            (What::Broken, _) => self.push(NodeKind::Broken, start, end, 0),
            (What::Null | What::Void, _) => self.push(NodeKind::Null, start, end, 0),
            (What::True, _) => self.push(NodeKind::True, start, end, 0),
            (What::False, _) => self.push(NodeKind::False, start, end, 0),
            (What::Number(_) | What::Text(_), Way::Cmdlet) if name == "allowedSourceAddressPrefixes" => {
                let id = self.open(NodeKind::Array, start, end);
                self.value(value, "", way);
                self.close(id, 1);
            }
            (What::Table { .. }, Way::Cmdlet) if is_list(name) => {
                let id = self.open(NodeKind::Array, start, end);
                self.value(value, "", way);
                self.close(id, 1);
            }
            (What::List(values), Way::Cmdlet) if is_scalar(name) => self.one(value, values, name),
            (What::Number(digits), _) => self.number(value, digits.as_deref(), name, way),
            (What::Text(text), _) => self.string(value, text, name, way),
            (What::Table { members, cut }, _) => {
                let id = self.open(NodeKind::Object, start, end);
                for (key, value) in members {
                    let name = self.key(key, way);
                    self.value(value, &name, way.deeper());
                }
                self.close(id, members.len());
                if *cut && let Some(node) = usize::try_from(id).ok().and_then(|id| self.nodes.get_mut(id)) {
                    node.flags |= Node::CUT;
                }
            }
            (What::List(values), _) => {
                let id = self.open(NodeKind::Array, start, end);
                values.iter().for_each(|value| self.value(value, "", way.deeper()));
                self.close(id, values.len());
            }
        }
    }

    fn unknown(&mut self, start: u32, end: u32) {
        self.push_made(NodeKind::String, start, end, UNKNOWN);
    }

    /// A list where one value is due: PowerShell takes one out of it, and makes one string of several.
    fn one(&mut self, value: &Value<'t>, values: &[Value<'t>], name: &str) {
        if let [one] = values {
            return self.value(one, name, Way::Cmdlet);
        }
        match value.inside(self.text).map(|text| text.to_string()) {
            Some(text) => self.push_made(NodeKind::String, value.start, value.end, &text),
            None => self.unknown(value.start, value.end),
        }
    }

    fn number(&mut self, value: &Value<'t>, digits: Option<&str>, name: &str, way: Way) {
        let (start, end) = (value.start, value.end);
        let raw = slice(self.text, start, end);
        if matches!(way, Way::Cmdlet) && is_scalar(name) && !is_number(name) {
            return self.push_made(NodeKind::String, start, end, digits.unwrap_or(raw));
        }
        match digits {
            Some(digits) => self.push_made(NodeKind::Number, start, end, digits),
            None => self.push(NodeKind::Number, start, end, 0),
        }
    }

    fn string(&mut self, value: &Value<'t>, text: &Text<'t>, name: &str, way: Way) {
        let (start, end) = (value.start, value.end);
        let digits = !text.text.is_empty()
            && text.text.len() < 10
            && text.text.bytes().all(|byte| byte.is_ascii_digit());
        if matches!(way, Way::Cmdlet) && is_number(name) && digits {
            return self.push_made(NodeKind::Number, start, end, &text.text);
        }
        match text.flags {
            Some(flags) => self.push(NodeKind::String, start, end, flags),
            None => self.push_made(NodeKind::String, start, end, &text.text),
        }
    }

    /// The JSON that a string holds, every part of it where it is written.
    pub(super) fn json(&mut self, text: &Text<'t>) {
        let (inner, slips) = scan(&text.text);
        if inner.len() > self.left {
            return self.unknown(0, 0);
        }
        let base = self.next_id();
        let place = |start: u32, end: u32| {
            let (start, end) = (usize::try_from(start).unwrap_or(0), usize::try_from(end).unwrap_or(0));
            pieces::place(&text.pieces, start, end)
        };
        for id in (0..u32::try_from(inner.len()).unwrap_or(0)).map(NodeId) {
            let node = inner.node(id);
            let (start, end, same) = place(node.start, node.end);
            let mut flags = node.flags & !Node::PLAIN;
            let container = matches!(node.kind, NodeKind::Object | NodeKind::Array);
            if node.kind == NodeKind::Object && inner.is_cut_short(id) {
                flags |= Node::CUT;
            }
            if !same && !container {
                let made = match node.kind {
                    NodeKind::String => inner.string(id).map(|text| text.to_string()),
                    NodeKind::Number => Some(inner.raw(id).to_string()),
                    _ => None,
                };
                if let Some(made) = made {
                    flags = Node::MADE | Node::ESCAPED;
                    self.made.push((self.next_id(), made));
                }
            }
            let next = node.next.saturating_add(base);
            self.nodes.push(Node { start, end, next, flags, ..node });
            self.left = self.left.saturating_sub(1);
        }
        let unknown = |slip: &Slip| {
            slip.kind == SlipKind::MissingQuotes && inner.slice(slip.start, slip.end).starts_with('$')
        };
        for slip in slips.iter().filter(|slip| !unknown(slip)) {
            let (start, end, _) = place(slip.start, slip.end);
            let end = if slip.end > slip.start { end } else { start };
            self.slips.push(Slip { kind: slip.kind, start, end });
        }
    }

    /// The nodes as a tape, with what it takes to read them.
    pub(super) fn finish(self, parts: Vec<(NodeId, Option<crate::model::Kind>, bool)>) -> Tape<'t> {
        Tape::of_script(self.text, self.nodes, self.made, parts)
    }
}

fn is_list(name: &str) -> bool {
    matches!(name, "virtualMachines" | "ports" | "requests")
}

fn is_number(name: &str) -> bool {
    matches!(name, "number" | "mappedPort")
}

/// True for members that hold one string or one number.
fn is_scalar(name: &str) -> bool {
    NAMES.contains(&name) && !is_list(name) && !matches!(name, "allowedSourceAddressPrefixes" | "properties")
}
