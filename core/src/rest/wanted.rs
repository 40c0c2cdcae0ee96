//! The `$filter` of `/resources`: conditions, which `and`, `or` and brackets put together.

use alloc::boxed::Box;
use alloc::format;
use alloc::string::String;
use alloc::vec::{self, Vec};
use core::iter::Peekable;

use super::resources::is_in;
use crate::ledger::Refusal;
use crate::ledger::filter::{Token, tokens, wrong};
use crate::wire::inventory::{ArmKind, Outline};

/// So many brackets at most stand in each other.
const DEEPEST: usize = 16;
/// So many conditions at most: each is asked of every resource.
const MOST: usize = 50;
/// What is a piece of a filter by itself.
const MARKS: [char; 3] = ['(', ')', ','];

/// What is asked for.
#[derive(Debug)]
pub(super) enum Wanted {
    /// What fits all of these: anything, where there are none.
    Every(Vec<Self>),
    /// What fits one of these.
    Any(Vec<Self>),
    /// What fits none of it.
    Not(Box<Self>),
    /// What a property is, or how it begins, or what stands in it.
    Property(Property, Comparison, String),
    /// A tag of that name, perhaps with that value.
    Tag(Comparison, String, Option<String>),
    /// The value of the tag that the same `and` names: only while it is read.
    Value(String),
}

#[derive(Clone, Copy, Debug)]
pub(super) enum Property {
    Name,
    Kind,
    Group,
    Location,
}

#[derive(Clone, Copy, Debug)]
pub(super) enum Comparison {
    Is,
    Begins,
    Holds,
}

impl Comparison {
    /// As Azure compares: without regard to case.
    fn of(self, own: &str, wanted: &str) -> bool {
        let begins =
            |text: &str| text.get(..wanted.len()).is_some_and(|own| own.eq_ignore_ascii_case(wanted));
        match self {
            Self::Is => own.eq_ignore_ascii_case(wanted),
            Self::Begins => begins(own),
            Self::Holds => {
                own.char_indices().any(|(at, _)| own.get(at..).is_some_and(begins)) || wanted.is_empty()
            }
        }
    }
}

impl Wanted {
    /// Reads a filter; without one everything is wanted.
    pub(super) fn of(text: Option<&str>) -> Result<Self, Refusal> {
        let Some(text) = text else { return Ok(Self::Every(Vec::new())) };
        let mut reader = Reader { tokens: tokens(text, &MARKS)?.into_iter().peekable(), left: MOST };
        let wanted = reader.any(0)?;
        match reader.tokens.next() {
            None => Ok(wanted),
            Some(_) => Err(wrong("Conditions are joined by and, or by or.")),
        }
    }

    /// False where no resource of the type can fit.
    pub(super) fn takes(&self, kind: ArmKind) -> bool {
        match self {
            Self::Every(all) => all.iter().all(|one| one.takes(kind)),
            Self::Any(some) => some.iter().any(|one| one.takes(kind)),
            Self::Property(Property::Kind, how, wanted) => how.of(kind.resource_type(), wanted),
            _ => true,
        }
    }

    /// The one resource group that all that fits is in, where the filter names it.
    pub(super) fn group(&self) -> Option<&str> {
        match self {
            Self::Every(all) => all.iter().find_map(Self::group),
            Self::Any(some) => some.first().filter(|_| some.len() == 1)?.group(),
            Self::Property(Property::Group, Comparison::Is, name) => Some(name),
            _ => None,
        }
    }

    pub(super) fn fits(&self, one: &Outline) -> bool {
        match self {
            Self::Every(all) => all.iter().all(|wanted| wanted.fits(one)),
            Self::Any(some) => some.iter().any(|wanted| wanted.fits(one)),
            Self::Not(wanted) => !wanted.fits(one),
            // Regions are written in two ways.
            Self::Property(Property::Location, Comparison::Is, wanted) => is_in(one, wanted),
            Self::Property(property, how, wanted) => how.of(property.of(one), wanted),
            Self::Tag(how, name, value) => one
                .tags()
                .any(|(own, text)| how.of(own, name) && value.as_ref().is_none_or(|value| value == text)),
            Self::Value(_) => false,
        }
    }
}

impl Property {
    fn named(name: &str) -> Option<Self> {
        Some(match name.to_ascii_lowercase().as_str() {
            "name" => Self::Name,
            "resourcetype" => Self::Kind,
            "resourcegroup" => Self::Group,
            "location" => Self::Location,
            _ => return None,
        })
    }

    fn of<'o>(self, one: &Outline<'o>) -> &'o str {
        match self {
            Self::Name => one.name,
            Self::Kind => one.kind,
            Self::Location => one.location,
            Self::Group => one.id.split('/').nth(4).unwrap_or_default(),
        }
    }
}

struct Reader {
    tokens: Peekable<vec::IntoIter<Token>>,
    /// How many more conditions there may be.
    left: usize,
}

impl Reader {
    fn any(&mut self, depth: usize) -> Result<Wanted, Refusal> {
        let mut some = Vec::from([self.every(depth)?]);
        while self.takes("or") {
            some.push(self.every(depth)?);
        }
        Ok(Wanted::Any(some))
    }

    fn every(&mut self, depth: usize) -> Result<Wanted, Refusal> {
        let mut all = Vec::from([self.one(depth)?]);
        while self.takes("and") {
            all.push(self.one(depth)?);
        }
        let values = all.extract_if(.., |one| matches!(one, Wanted::Value(_))).collect::<Vec<_>>();
        for wanted in values {
            let tag = all.iter_mut().find_map(|one| match one {
                Wanted::Tag(_, _, value @ None) => Some(value),
                _ => None,
            });
            match (tag, wanted) {
                (Some(tag), Wanted::Value(value)) => *tag = Some(value),
                _ => return Err(wrong("'tagvalue' goes with 'tagname'.")),
            }
        }
        Ok(Wanted::Every(all))
    }

    fn one(&mut self, depth: usize) -> Result<Wanted, Refusal> {
        if self.takes("(") {
            let depth = depth.saturating_add(1);
            if depth > DEEPEST {
                return Err(wrong("There are too many brackets in each other."));
            }
            let inner = self.any(depth)?;
            return if self.takes(")") { Ok(inner) } else { Err(wrong("A bracket is left open.")) };
        }
        let too_many = || wrong(&format!("It has more than {MOST} conditions."));
        self.left = self.left.checked_sub(1).ok_or_else(too_many)?;
        let Some(Token::Word(name)) = self.tokens.next() else { return Err(malformed()) };
        if self.takes("(") {
            return self.function(&name);
        }
        let is_mark = |token: &Token| matches!(token, Token::Word(word) if word.starts_with(MARKS));
        let (operator, value) = (self.tokens.next(), self.tokens.next().filter(|token| !is_mark(token)));
        let (Some(Token::Word(operator)), Some(Token::Text(value) | Token::Word(value))) = (operator, value)
        else {
            return Err(malformed());
        };
        let wanted = condition(&name, Comparison::Is, value)?;
        match (operator.to_ascii_lowercase().as_str(), &wanted) {
            ("eq", _) => Ok(wanted),
            ("ne", Wanted::Property(..)) => Ok(Wanted::Not(wanted.into())),
            _ => Err(wrong(&format!("'{name} {operator}' cannot be asked for."))),
        }
    }

    /// `startswith(name, 'x')`, or `substringof('x', name)`; perhaps with `eq true` behind it.
    fn function(&mut self, function: &str) -> Result<Wanted, Refusal> {
        let (one, comma, other, end) =
            (self.tokens.next(), self.takes(","), self.tokens.next(), self.takes(")"));
        let wanted = match (function.to_ascii_lowercase().as_str(), one, other) {
            ("startswith", Some(Token::Word(name)), Some(Token::Text(value))) if comma && end => {
                condition(&name, Comparison::Begins, value)?
            }
            ("substringof", Some(Token::Text(value)), Some(Token::Word(name))) if comma && end => {
                condition(&name, Comparison::Holds, value)?
            }
            _ => {
                let known = "startswith(name, 'x') and substringof('x', name)";
                return Err(wrong(&format!("'{function}(…)' is not among {known}.")));
            }
        };
        if matches!(wanted, Wanted::Value(_)) {
            return Err(wrong("'tagvalue' cannot be asked for in that way."));
        }
        if self.takes("eq") && !self.takes("true") {
            return Err(malformed());
        }
        Ok(wanted)
    }

    fn takes(&mut self, word: &str) -> bool {
        let is = |token: &Token| matches!(token, Token::Word(own) if own.eq_ignore_ascii_case(word));
        self.tokens.next_if(is).is_some()
    }
}

fn condition(name: &str, how: Comparison, value: String) -> Result<Wanted, Refusal> {
    match name.to_ascii_lowercase().as_str() {
        "tagname" => Ok(Wanted::Tag(how, value, None)),
        "tagvalue" => Ok(Wanted::Value(value)),
        name => match Property::named(name) {
            Some(property) => Ok(Wanted::Property(property, how, value)),
            None => Err(wrong(&format!("'{name}' cannot be asked for."))),
        },
    }
}

fn malformed() -> Refusal {
    wrong(
        "It is made of conditions such as resourceType eq 'Microsoft.Compute/virtualMachines', joined by and.",
    )
}

#[cfg(test)]
mod tests {
    use alloc::borrow::ToOwned;

    use super::*;

    #[test]
    fn filters_that_are_none() {
        let deep = "(".repeat(60_000);
        let long = ["name eq 'x'"; 51].join(" or ");
        for text in [
            "name ge 'x'",
            "kind eq 'x'",
            "tagvalue eq 'x'",
            "tagname eq 'a' and tagvalue eq 'b' and tagvalue eq 'c'",
            "tagname eq 'a' or tagvalue eq 'b'",
            "tagname ne 'a'",
            "startswith('x', name)",
            "startswith(name, 'x'",
            "startswith(name 'x')",
            "startswith(tagvalue, 'x')",
            "startswith(name, 'x') eq false",
            "substringof(name, 'x')",
            "endswith(name, 'x')",
            "(name eq 'x'",
            "name eq 'x')",
            "name eq 'x' name eq 'y'",
            "name eq 'x' and",
            "name eq )",
            "()",
            "",
            &deep,
            &long,
        ] {
            let refused = Wanted::of(Some(text)).err().map(|refusal| (refusal.status, refusal.target));
            assert_eq!(
                refused,
                Some((400, Some("$filter".to_owned()))),
                "{}",
                text.get(..60).unwrap_or(text)
            );
        }
        assert!(Wanted::of(None).is_ok());
        assert!(Wanted::of(Some(&["name eq 'x'"; 50].join(" or "))).is_ok());
    }

    #[test]
    fn texts_are_compared_without_regard_to_case() {
        for (how, own, wanted, expected) in [
            (Comparison::Is, "Web1", "web1", true),
            (Comparison::Is, "Web1", "web", false),
            (Comparison::Begins, "Web1", "wE", true),
            (Comparison::Begins, "Web1", "eb", false),
            (Comparison::Begins, "é", "e", false),
            (Comparison::Holds, "Web1", "B1", true),
            (Comparison::Holds, "Web1", "b2", false),
            (Comparison::Holds, "aéb", "éb", true),
            (Comparison::Holds, "", "", true),
        ] {
            assert_eq!(how.of(own, wanted), expected, "{own} {how:?} {wanted}");
        }
    }
}
