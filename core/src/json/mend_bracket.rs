//! What the scanner does where a bracket is missing. What stands behind tells which one, and where that
//! leaves a doubt, the indentation does.

use super::{MAX_DEPTH, NodeKind, Scanner, SlipKind};
use crate::json::Node;
use crate::part;

/// A line that starts further back is none of a text that was laid out by lines.
const LONGEST_LINE: usize = 512;

/// Where a place stands on its line.
struct Indent {
    /// How far the line is indented.
    columns: usize,
    /// Nothing but the indentation stands before the place.
    first: bool,
}

impl Scanner<'_> {
    /// A `:` behind a string that was read as a value: that string is the first name of an object whose `{`
    /// is missing. Reads the object; false when there is no such string.
    #[cold]
    pub(super) fn unopened_object(&mut self) -> bool {
        let Some(name) = self.name_before().filter(|_| self.open.len() < MAX_DEPTH) else { return false };
        self.nodes.pop();
        let start = index(name.start);
        self.slip(SlipKind::UnopenedObject, start, start);
        let id = self.nodes.len();
        self.open.push((b'{', id));
        self.nodes.push(Node { kind: NodeKind::Object, flags: 0, ..name });
        self.nodes.push(Node { next: name.next.saturating_add(1), ..name });
        let count = self.members(true);
        self.close(id, count);
        true
    }

    /// The last node, if it is a string and nothing but space stands between it and here.
    fn name_before(&self) -> Option<Node> {
        let name = *self.nodes.last().filter(|node| node.kind == NodeKind::String)?;
        let between = self.text.get(index(name.end)..self.at)?;
        part::trim(between).is_empty().then_some(name)
    }

    /// A `:` behind a string in an array, where the string stands on a line that is indented no more than the
    /// array's: it is the name of a member behind the array, whose `]` is missing. Goes back to before it.
    #[cold]
    pub(super) fn unclosed_array(&mut self) -> bool {
        let (Some(name), [.., (b'{', _), (_, array)]) = (self.name_before(), self.open.as_slice()) else {
            return false;
        };
        let array = *array;
        let opened = self.nodes.get(array).map_or(0, |array| index(array.start));
        let (name, array) = (index(name.start), self.indent(opened));
        let behind = self.indent(name).zip(array);
        if !behind.is_some_and(|(name, array)| name.first && name.columns <= array.columns) {
            return false;
        }
        // The comma belongs behind the array.
        let before = self.text.get(..name).and_then(|text| text.trim_end().strip_suffix(','));
        let Some(before) = before else { return false };
        self.nodes.pop();
        let end = before.trim_end().len();
        self.slip(SlipKind::OpenArray, end, end);
        self.at = end;
        true
    }

    /// An object in place of a name, in an object that is itself in an array: the object's `}` is missing.
    /// Goes back to the comma, which belongs behind it.
    pub(super) fn unclosed_object(&mut self, comma: Option<usize>) -> bool {
        let parent = self.open.len().checked_sub(2).and_then(|parent| self.open.get(parent));
        let (Some((b'[', _)), Some(comma)) = (parent, comma) else { return false };
        let end = self.text.get(..comma).unwrap_or("").trim_end().len();
        self.slip(SlipKind::OpenObject, end, end);
        self.at = comma;
        true
    }

    /// An object in place of a name, behind a member that holds an object: both are elements of an array whose
    /// `[` is missing. Reads the array; false where it is the object around that was not closed.
    pub(super) fn unopened_array(&mut self, last: usize) -> bool {
        let value = last.saturating_add(1);
        if self.nodes.get(value).is_none_or(|node| node.kind != NodeKind::Object)
            || self.open.len() >= MAX_DEPTH
        {
            return false;
        }
        let name = self.nodes.get(last).and_then(|name| self.indent(index(name.start)));
        let here = self.indent(self.at);
        if name.zip(here).is_some_and(|(name, here)| name.first && here.first && here.columns < name.columns)
        {
            return false;
        }
        self.wrap(value);
        self.open.push((b'[', value));
        let count = self.elements();
        self.close(value, count.saturating_add(1));
        true
    }

    /// A `]` that is indented as the last member is: its value is an array whose `[` is missing.
    pub(super) fn unopened_array_ends(&mut self, last: usize) -> bool {
        let value = last.saturating_add(1);
        if self.nodes.get(value).is_none_or(|node| node.kind == NodeKind::Array) {
            return false;
        }
        let name = self.nodes.get(last).and_then(|name| self.indent(index(name.start)));
        let same = |(name, here): (Indent, Indent)| name.first && here.first && here.columns == name.columns;
        if !name.zip(self.indent(self.at)).is_some_and(same) {
            return false;
        }
        self.wrap(value);
        self.advance(1);
        self.open.push((b'[', value));
        self.close(value, 1);
        true
    }

    /// A string in place of a member, behind a member that holds one: both are elements of an array whose `[` is
    /// missing. Reads the array.
    pub(super) fn unopened_list(&mut self, before: usize, last: usize) -> bool {
        let value = before.saturating_add(1);
        if last != value.saturating_add(1)
            || !matches!(self.peek(), Some(b',' | b']'))
            || self.open.len() >= MAX_DEPTH
        {
            return false;
        }
        let string = |index: usize| self.nodes.get(index).filter(|node| node.kind == NodeKind::String);
        let (Some(name), Some(_), Some(second)) = (self.nodes.get(before), string(value), string(last))
        else {
            return false;
        };
        let lines = self.indent(index(name.start)).zip(self.indent(index(second.start)));
        if !lines.is_some_and(|(name, second)| second.first && second.columns > name.columns) {
            return false;
        }
        self.at = index(second.start);
        self.nodes.pop();
        self.wrap(value);
        self.open.push((b'[', value));
        let count = self.elements();
        self.close(value, count.saturating_add(1));
        true
    }

    /// What stands behind the document's value and shows that its first bracket is missing.
    pub(super) fn unopened_document(&mut self) {
        self.space();
        match self.peek() {
            Some(b':') => {
                self.unopened_object();
            }
            Some(b',') if self.nodes.first().is_some_and(|root| root.kind == NodeKind::Object) => {
                let rest = self.text.get(self.at..).and_then(|rest| rest.strip_prefix(','));
                if rest.is_some_and(|rest| rest.trim_start().starts_with('{')) {
                    self.advance(1);
                    self.wrap(0);
                    self.open.push((b'[', 0));
                    let count = self.elements();
                    self.close(0, count.saturating_add(1));
                }
            }
            _ => {}
        }
    }

    /// Puts an array around a value that was read.
    fn wrap(&mut self, value: usize) {
        let Some(&inner) = self.nodes.get(value) else { return };
        for node in self.nodes.iter_mut().skip(value) {
            node.next = node.next.saturating_add(1);
        }
        self.nodes.insert(value, Node { kind: NodeKind::Array, flags: 0, ..inner });
        let start = index(inner.start);
        self.slip(SlipKind::UnopenedArray, start, start);
    }

    /// How the line of this place is indented; none where no line starts nearby.
    fn indent(&self, at: usize) -> Option<Indent> {
        let near = self.text.floor_char_boundary(at.saturating_sub(LONGEST_LINE));
        let before = self.text.get(near..at)?;
        let start = match before.rfind(['\n', '\r']) {
            Some(end) => near.saturating_add(end).saturating_add(1),
            None if near == 0 => 0,
            None => return None,
        };
        let line = self.text.get(start..)?;
        let columns = line.bytes().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
        Some(Indent { columns, first: start.saturating_add(columns) >= at })
    }
}

/// A place in the text.
fn index(place: u32) -> usize {
    usize::try_from(place).unwrap_or(usize::MAX)
}
