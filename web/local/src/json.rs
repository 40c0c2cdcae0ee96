//! Answers as values: the core's own reader, asked by name.
use std::borrow::Cow;

use jitgate_core::Timestamp;
use jitgate_core::json::{NodeId, NodeKind, Tape, scan};

/// A value in an answer. What is not there gives empty texts, no elements, and nothing.
#[derive(Clone, Copy)]
pub struct Json<'a> {
    tape: &'a Tape<'a>,
    node: Option<NodeId>,
}

impl<'a> Json<'a> {
    /// Hands the value of a text to whoever reads it.
    pub fn read<T>(text: &str, read: impl FnOnce(Json) -> T) -> T {
        // What the backends send is JSON; of anything else there is nothing to find.
        let (tape, _) = scan(text);
        read(Json { tape: &tape, node: tape.root() })
    }

    fn of(self, node: NodeId) -> Self {
        Self { tape: self.tape, node: Some(node) }
    }

    /// A member of an object.
    #[inline(never)]
    pub fn get(self, name: &str) -> Self {
        let found = self.node.and_then(|node| {
            let mut members = self.tape.members(node);
            members.find(|member| self.tape.string(member.key).is_some_and(|key| key == name))
        });
        Self { tape: self.tape, node: found.map(|member| member.value) }
    }

    /// True where there is a value, and it is not `null`.
    pub fn is_there(self) -> bool {
        self.node.is_some_and(|node| self.tape.kind(node) != NodeKind::Null)
    }

    /// The elements of an array.
    pub fn list(self) -> impl Iterator<Item = Json<'a>> {
        let elements = self.node.into_iter().flat_map(move |node| self.tape.elements(node));
        elements.map(move |element| self.of(element.value))
    }

    /// A string.
    pub fn text(self) -> Option<Cow<'a, str>> {
        self.tape.string(self.node?)
    }

    /// A string; empty where there is none.
    #[inline(never)]
    pub fn string(self) -> String {
        self.text().map(Cow::into_owned).unwrap_or_default()
    }

    /// The strings of an array.
    pub fn strings(self) -> Vec<String> {
        self.list().map(Json::string).collect()
    }

    /// A number, whole and not negative.
    pub fn number(self) -> Option<u64> {
        self.raw().parse().ok()
    }

    /// A port.
    pub fn port(self) -> u16 {
        self.raw().parse().unwrap_or_default()
    }

    /// `true`.
    pub fn is_true(self) -> bool {
        self.raw() == "true"
    }

    /// A time.
    pub fn time(self) -> Option<Timestamp> {
        Timestamp::parse(&self.text()?)
    }

    /// As it is written; empty where it is not there.
    pub fn raw(self) -> &'a str {
        self.node.map(|node| self.tape.raw(node)).unwrap_or_default()
    }
}
