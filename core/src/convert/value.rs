//! What is written, before it has a language: a tree of values, with variables where something is not known.

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use crate::part::{self, AnyCase};

/// A value of any language.
#[derive(Clone, Debug)]
pub enum Value {
    /// Members in order; the names are plain words.
    Object(Vec<(&'static str, Value)>),
    /// Elements in order.
    Array(Vec<Value>),
    /// A string.
    Text(Text),
    /// A port.
    Number(u16),
    /// A number that is not known.
    Unknown(usize),
    /// Words of the language itself.
    Code(String),
}

impl Value {
    /// A string that is known.
    pub fn text(text: impl Into<String>) -> Self {
        Self::Text(Text::plain(text))
    }

    /// True for what stands on one line.
    pub fn is_short(&self) -> bool {
        match self {
            Self::Object(members) => members.is_empty(),
            Self::Array(elements) => elements.is_empty(),
            Self::Text(_) | Self::Number(_) | Self::Unknown(_) | Self::Code(_) => true,
        }
    }
}

/// A string, parts of which may be variables.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Text(pub Vec<Piece>);

/// A part of a string.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    /// These characters.
    Plain(String),
    /// A variable, by its place among the [`Variable`]s.
    Variable(usize),
}

impl Text {
    /// A string that is known.
    #[cold]
    #[inline(never)]
    pub fn plain(text: impl Into<String>) -> Self {
        Self(alloc::vec![Piece::Plain(text.into())])
    }

    /// A variable.
    #[cold]
    #[inline(never)]
    pub fn variable(index: usize) -> Self {
        Self(alloc::vec![Piece::Variable(index)])
    }

    /// The string, where all of it is known.
    pub fn known(&self) -> Option<&str> {
        match self.0.as_slice() {
            [Piece::Plain(text)] => Some(text),
            _ => None,
        }
    }

    /// The variable, where it is nothing else.
    pub fn sole(&self) -> Option<usize> {
        match self.0.as_slice() {
            [Piece::Variable(index)] => Some(*index),
            _ => None,
        }
    }

    /// This with another behind it.
    #[cold]
    #[inline(never)]
    pub fn with(mut self, more: &str) -> Self {
        match self.0.last_mut() {
            Some(Piece::Plain(text)) => text.push_str(more),
            _ => self.0.push(Piece::Plain(more.to_string())),
        }
        self
    }

    /// This with each of those behind it, as `change` makes it.
    #[cold]
    #[inline(never)]
    pub fn and(mut self, more: &Self, change: fn(&str) -> String) -> Self {
        for piece in &more.0 {
            match piece {
                Piece::Plain(text) => self = self.with(&change(text)),
                Piece::Variable(index) => self.0.push(Piece::Variable(*index)),
            }
        }
        self
    }
}

/// Something that is to be filled in.
#[derive(Clone, Debug)]
pub struct Variable {
    /// In camel case: `subscriptionId`.
    pub name: String,
    /// The name without the number that tells it from others.
    base: &'static str,
    /// A number; else a string.
    pub number: bool,
    /// What stands in the document in its place.
    pub written: Option<String>,
    /// Where that is, in a script, whose words mean nothing in JSON.
    pub place: Option<u32>,
    /// What the machines' ids say of it; this may be another.
    pub hint: Option<String>,
}

/// All variables of a text.
#[derive(Debug, Default)]
pub struct Variables(pub Vec<Variable>);

impl Variables {
    /// A variable of that name, or of that name with a number. What is written in the same way is the same.
    pub fn of(&mut self, name: &'static str, number: bool, written: Option<&str>) -> usize {
        self.at(name, number, written, None)
    }

    /// The same of what is written in a script at that place: only what its own variables hold is the same.
    #[cold]
    #[inline(never)]
    pub fn at(
        &mut self,
        name: &'static str,
        number: bool,
        written: Option<&str>,
        place: Option<u32>,
    ) -> usize {
        let mut like = 0_usize;
        for (index, variable) in self.0.iter().enumerate().filter(|(_, variable)| variable.base == name) {
            // A loop comes by one place many times, with a machine of its own each time.
            let again = || place == variable.place && name == "virtualMachineId";
            if let Some(text) = written
                && variable.written.as_deref() == written
                && (place.is_none() || (is_steady(text, place == variable.place) && !again()))
            {
                return index;
            }
            like = like.saturating_add(1);
        }
        let base = name;
        let name = match like {
            0 => name.to_string(),
            _ => crate::format::format!("{name}{}", like.saturating_add(1)),
        };
        let written = written.map(ToString::to_string);
        self.0.push(Variable { name, base, number, written, place, hint: None });
        self.0.len().saturating_sub(1)
    }

    /// The name of one.
    pub fn name(&self, index: usize) -> &str {
        self.0.get(index).map_or("", |variable| &variable.name)
    }
}

/// True for words of a script that mean the same wherever they stand: its variables, but no `$_`, no `$1`, no `{{$guid}}`
/// and nothing that is run or looked up; in one place read many times, not their members.
fn is_steady(text: &str, again: bool) -> bool {
    let named =
        |behind: &str| behind.trim_start_matches('{').starts_with(|char: char| char.is_ascii_alphabetic());
    !text.contains(['(', '`', '['])
        && (!again || !part::has(text, '.'))
        && text.split('$').skip(1).all(named)
        && !part::contains(text, "{{$")
}

/// True where both say the same for certain, but for case.
#[cold]
#[inline(never)]
pub fn same(one: &Text, other: &Text) -> bool {
    match (one.known(), other.known()) {
        (Some(one), Some(other)) => one.same_in_any_case(other),
        _ => one == other,
    }
}
