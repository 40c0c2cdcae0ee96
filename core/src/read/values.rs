//! Reads single values: strings, ports, sources, times, lists.

use alloc::vec::Vec;

use super::fact::Expected;
use super::near::meant;
use super::{Fact, Reader, Unresolved, is_suspect, shape, unresolved};
use crate::json::{NodeId, NodeKind, Tape};
use crate::model::policy::Text;
use crate::model::{
    DurationText, Field, IdText, PortText, ProtocolText, Source, SourceList, SourceText, TimeText,
};
use crate::part;

impl<'t> Reader<'_, 't> {
    /// A string, told from expressions and placeholders.
    #[inline]
    pub(super) fn text(&mut self, node: NodeId, name: &'static str) -> Field<Text<'t>> {
        match self.tape.plain(node) {
            Some(text) if self.tape.is_literal(node) => Field::Given(text.into(), node),
            _ => self.odd_text(node, name),
        }
    }

    #[inline(never)]
    fn odd_text(&mut self, node: NodeId, name: &'static str) -> Field<Text<'t>> {
        match self.tape.string(node) {
            Some(text) => match unresolved(&text) {
                None => Field::Given(text, node),
                Some(why) => self.unknown(node, why),
            },
            None => self.not(node, name, Expected::String),
        }
    }

    /// What people write in their own words, which may look like anything. What is computed alone is not known: parts of
    /// a script's strings, and expressions where a template has what is still to be sent.
    #[cold]
    pub(super) fn free_text(&mut self, node: NodeId, name: &'static str, stored: bool) -> Field<Text<'t>> {
        let computed = |text: &str| {
            if self.tape.is_script() {
                part::contains(text, "$(unknown)") || text == "$unknown"
            } else {
                !stored && self.in_template && unresolved(text) == Some(Unresolved::Expression)
            }
        };
        match self.tape.string(node) {
            Some(text) if !computed(&text) => Field::Given(text, node),
            _ => self.text(node, name),
        }
    }

    /// A string made into a value: at once where it is plain, as nearly all are.
    #[inline]
    fn parsed<T>(&mut self, node: NodeId, name: &'static str, parse: fn(&str) -> T) -> Field<T> {
        match self.tape.plain(node) {
            Some(text) if self.tape.is_literal(node) || !is_suspect(text) => Field::Given(parse(text), node),
            _ => self.parsed_oddly(node, name, parse),
        }
    }

    #[cold]
    fn parsed_oddly<T>(&mut self, node: NodeId, name: &'static str, parse: fn(&str) -> T) -> Field<T> {
        self.text(node, name).map(|text| parse(&text))
    }

    #[cold]
    fn unknown<T>(&mut self, node: NodeId, why: Unresolved) -> Field<T> {
        self.fact(match why {
            Unresolved::Expression => Fact::Expression(node),
            Unresolved::Placeholder => Fact::Placeholder(node),
        });
        Field::Unknown(node)
    }

    /// A value of the wrong type, which may still be `null` or broken, and then nothing is said.
    #[cold]
    fn not<T>(&mut self, node: NodeId, name: &'static str, expected: Expected) -> Field<T> {
        match self.tape.kind(node) {
            NodeKind::Null => return Field::Null(node),
            NodeKind::Broken => {}
            found => {
                self.fact(Fact::WrongType { node, name, expected, found });
                self.names(node);
            }
        }
        Field::Wrong(node)
    }

    pub(super) fn boolean(&mut self, node: NodeId, name: &'static str) -> Field<bool> {
        match self.tape.kind(node) {
            NodeKind::True => Field::Given(true, node),
            NodeKind::False => Field::Given(false, node),
            NodeKind::String => match self.text(node, name) {
                Field::Given(..) => self.not(node, name, Expected::Boolean),
                other => other.map(|_| false),
            },
            _ => self.not(node, name, Expected::Boolean),
        }
    }

    #[inline]
    pub(super) fn port(&mut self, node: NodeId, name: &'static str) -> Field<PortText> {
        if let Some(number) = self.tape.number(node) {
            return Field::Given(PortText::of_number(number), node);
        }
        match self.tape.kind(node) {
            NodeKind::String => self.text(node, name).map(|text| PortText::of_string(&text)),
            _ => self.not(node, name, Expected::Number),
        }
    }

    #[inline]
    pub(super) fn protocol(&mut self, node: NodeId) -> Field<ProtocolText> {
        self.parsed(node, "protocol", ProtocolText::parse)
    }

    #[inline]
    pub(super) fn duration(&mut self, node: NodeId, name: &'static str) -> Field<DurationText> {
        self.parsed(node, name, DurationText::parse)
    }

    pub(super) fn time(&mut self, node: NodeId, name: &'static str) -> Field<TimeText> {
        self.parsed(node, name, TimeText::parse)
    }

    #[inline]
    pub(super) fn machine_id(&mut self, node: NodeId) -> Field<IdText<'t>> {
        let text = self.text(node, "id");
        let Some(last) = &self.last_machine else {
            let id = text.map(IdText::parse);
            self.last_machine = id.get().and_then(IdText::machine).cloned();
            return id;
        };
        text.map(|text| IdText::parse_after(text, last))
    }

    #[inline]
    pub(super) fn source(&mut self, node: NodeId, name: &'static str) -> Field<SourceText> {
        self.parsed(node, name, SourceText::parse)
    }

    /// An array, whose elements the caller reads.
    pub(super) fn array(&mut self, node: NodeId, name: &'static str) -> Field<()> {
        match self.tape.kind(node) {
            NodeKind::Array => Field::Given((), node),
            NodeKind::String => match self.text(node, name) {
                Field::Given(..) => self.not(node, name, Expected::Array),
                other => other.map(|_| ()),
            },
            _ => self.not(node, name, Expected::Array),
        }
    }

    /// The elements of an array of objects, each read to where it stays. An object in the array's place is read as
    /// its one element, if it looks like one: that is what PowerShell's `ConvertTo-Json` makes of an array of one.
    pub(super) fn objects<T: Default>(
        &mut self,
        node: NodeId,
        name: &'static str,
        mut read: impl FnMut(&mut Self, NodeId, &mut T),
    ) -> (Field<()>, Vec<T>) {
        if is_one_of(self.tape, node, name) {
            let found = NodeKind::Object;
            self.fact(Fact::WrongType { node, name, expected: Expected::Array, found });
            let mut object = T::default();
            read(self, node, &mut object);
            return (Field::Given((), node), alloc::vec![object]);
        }
        let mut field = self.array(node, name);
        let mut objects = Vec::with_capacity(usize::from(self.tape.node(node).count));
        if field.get().is_some() {
            for element in self.tape.elements(node) {
                if self.is_object(element.value, name) {
                    objects.push(T::default());
                    if let Some(object) = objects.last_mut() {
                        read(self, element.value, object);
                    }
                } else if self.tape.string(element.value).is_some_and(|text| unresolved(&text).is_some()) {
                    // It may be any of them.
                    field = Field::Unknown(element.value);
                }
            }
        }
        (field, objects)
    }

    /// True for an object; anything else is said, unless it is broken or an expression.
    pub(super) fn is_object(&mut self, node: NodeId, name: &'static str) -> bool {
        let found = self.tape.kind(node);
        match found {
            NodeKind::Object => return true,
            NodeKind::Broken => {}
            NodeKind::String if self.text(node, name).get().is_none() => {}
            _ => {
                self.fact(Fact::WrongType { node, name, expected: Expected::Object, found });
                self.names(node);
            }
        }
        false
    }

    /// The plural member of a source.
    pub(super) fn source_list(&mut self, node: NodeId) -> SourceList {
        const NAME: &str = "allowedSourceAddressPrefixes";
        match self.array(node, NAME) {
            Field::Absent | Field::Null(_) => SourceList::None,
            // One source without its brackets is as clear.
            Field::Wrong(node) => match self.tape.string(node).map(|text| SourceText::parse(&text)) {
                None | Some(SourceText::Odd(_)) => SourceList::Wrong(node),
                Some(text) => {
                    let text = Field::Given(text, node);
                    SourceList::Given(alloc::vec![Source { text }], node)
                }
            },
            Field::Unknown(node) => SourceList::Unknown(node),
            Field::Given((), node) => {
                let tape = self.tape;
                let source = |element: crate::json::Element| {
                    let text = match tape.kind(element.value) {
                        // An element has no absence: `null` is no source.
                        NodeKind::Null => {
                            let found = NodeKind::Null;
                            let expected = Expected::String;
                            self.fact(Fact::WrongType { node: element.value, name: NAME, expected, found });
                            Field::Wrong(element.value)
                        }
                        _ => self.source(element.value, NAME),
                    };
                    Source { text }
                };
                SourceList::Given(tape.elements(node).map(source).collect(), node)
            }
        }
    }
}

/// True for an object that has some member of the elements of this array.
pub fn is_one_of(tape: &Tape, node: NodeId, name: &str) -> bool {
    let shape = match name {
        "virtualMachines" => &shape::MACHINE,
        "ports" => &shape::PORT_RULE,
        "requests" => &shape::STORED_REQUEST,
        _ => return false,
    };
    tape.members(node).any(|member| tape.string(member.key).is_some_and(|key| meant(shape, &key).is_some()))
}
