//! The operators that are worked out where both sides are known.

use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::cmp::Ordering;

use super::Reader;
use super::branch::truth;
use super::expression::{MAX_DEPTH, at_place};
use super::value::{Key, Value, What, slice};
use crate::part::AnyCase;

/// What stands between two values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Operator {
    /// `..`
    Range,
    /// `-f`
    Format,
    /// `*`, `/`, `%`
    Times,
    /// `+`
    Plus,
    /// `-`
    Minus,
    /// `-split`
    Split,
    /// `-join`
    Join,
    /// `-eq` and the others that compare.
    Compare(Compare),
    /// `-and`
    And,
    /// `-or`
    Or,
    /// Any other with a name.
    Other,
}

/// How values are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Compare {
    /// `-eq`
    Equal,
    /// `-ne`
    Unequal,
    /// `-lt`
    Less,
    /// `-le`
    AtMost,
    /// `-gt`
    More,
    /// `-ge`
    AtLeast,
}

impl Operator {
    /// How closely it binds (`about_Operator_Precedence`).
    pub(super) const fn binds(self) -> u8 {
        match self {
            Self::And | Self::Or => 1,
            Self::Compare(_) | Self::Split | Self::Join | Self::Other => 2,
            Self::Plus | Self::Minus => 3,
            Self::Times => 4,
            Self::Format => 5,
            Self::Range => 6,
        }
    }

    /// The one of that name, without its dash.
    fn of(name: &str) -> Self {
        const NAMED: [(&str, Operator); 11] = [
            ("f", Operator::Format),
            ("split", Operator::Split),
            ("join", Operator::Join),
            ("and", Operator::And),
            ("or", Operator::Or),
            ("eq", Operator::Compare(Compare::Equal)),
            ("ne", Operator::Compare(Compare::Unequal)),
            ("lt", Operator::Compare(Compare::Less)),
            ("le", Operator::Compare(Compare::AtMost)),
            ("gt", Operator::Compare(Compare::More)),
            ("ge", Operator::Compare(Compare::AtLeast)),
        ];
        let plain = match name.bytes().next() {
            Some(b'i' | b'I') => name.get(1..).unwrap_or(name),
            _ => name,
        };
        let found =
            NAMED.into_iter().find(|(one, _)| one.same_in_any_case(name) || one.same_in_any_case(plain));
        match found {
            Some((_, operator)) => operator,
            None if name.same_in_any_case("csplit") => Self::Split,
            None => Self::Other,
        }
    }
}

impl Reader<'_> {
    /// The operator that stands here, passed over.
    pub(super) fn operator(&mut self) -> Option<Operator> {
        match self.peek()? {
            b'+' if !matches!(self.second(), Some(b'=' | b'+')) => {
                self.advance(1);
                Some(Operator::Plus)
            }
            b'*' | b'/' | b'%' if self.second() != Some(b'=') => {
                self.advance(1);
                Some(Operator::Times)
            }
            b'?' if self.second() == Some(b'?') => {
                self.advance(2);
                Some(Operator::Other)
            }
            // `condition ? value : other`
            b'?' if matches!(self.second(), Some(b' ' | b'\n' | b'\r')) && self.depth < MAX_DEPTH => {
                self.advance(1);
                self.lines();
                self.depth = self.depth.saturating_add(1);
                self.expression();
                self.depth = self.depth.saturating_sub(1);
                self.lines();
                self.take(":");
                Some(Operator::Other)
            }
            b'.' if self.second() == Some(b'.') => {
                self.advance(2);
                Some(Operator::Range)
            }
            b'-' => {
                let name: &str = self.rest().get(1..)?;
                let letters = name.bytes().take(12).take_while(u8::is_ascii_alphabetic).count();
                let name = name.get(..letters)?;
                let operator = match name {
                    "" if matches!(self.second(), Some(b'=' | b'-')) => return None,
                    "" => Operator::Minus,
                    name => Operator::of(name),
                };
                self.advance(letters.saturating_add(1));
                Some(operator)
            }
            _ => None,
        }
    }
}

/// What the operator gives; none where that is not known.
pub(super) fn apply<'t>(
    reader: &mut Reader<'t>,
    operator: Operator,
    left: &Value<'t>,
    right: &Value<'t>,
) -> Option<Value<'t>> {
    let (start, end) = (left.start, right.end.max(left.start));
    match operator {
        Operator::Plus => plus(reader, left, right),
        Operator::Format => format(reader, left, right),
        Operator::Split => {
            let (text, mark) = (left.text()?, right.text()?);
            // The mark is a pattern: what may be more than itself is not followed.
            if mark.is_empty() || mark.contains(['\\', '.', '[', '(', '*', '+', '?', '^', '$', '|']) {
                return None;
            }
            if !reader.pay(text.len()) {
                return None;
            }
            let parts = text.split(mark);
            let parts: Vec<_> =
                parts.map(|part| Value::made(left.start, left.end, part.to_string(), false)).collect();
            Some(Value::new(start, end, What::List(parts)))
        }
        Operator::Join => {
            let mark = right.text()?;
            let What::List(values) = &*left.what else { return Some(left.clone()) };
            let mut text = String::new();
            let mut partly = false;
            for (index, value) in values.iter().enumerate() {
                if index > 0 {
                    text.push_str(mark);
                }
                if matches!(*value.what, What::List(_)) {
                    return None;
                }
                text.push_str(&value.inside(reader.text)?);
                partly |= value.is_partly();
                if !reader.pay(text.len()) {
                    return None;
                }
            }
            Some(Value::made(start, end, text, partly))
        }
        Operator::Minus => {
            let difference = whole(reader, left)?.checked_sub(whole(reader, right)?)?;
            Some(Value::new(start, end, What::Number(Some(difference.to_string()))))
        }
        Operator::Range => range(reader, left, right),
        Operator::Compare(compare) => {
            let length = |value: &Value| value.text().map_or(0, str::len);
            if !reader.pay(length(left).min(length(right))) {
                return None;
            }
            let holds = compared(reader, compare, left, right)?;
            Some(Value::new(start, end, if holds { What::True } else { What::False }))
        }
        Operator::And | Operator::Or => {
            let sides = [truth(left, reader.text), truth(right, reader.text)];
            // One side alone may settle it.
            let settles = operator == Operator::Or;
            let holds = match sides {
                [Some(side), _] | [_, Some(side)] if side == settles => settles,
                [Some(_), Some(_)] => !settles,
                _ => return None,
            };
            Some(Value::new(start, end, if holds { What::True } else { What::False }))
        }
        Operator::Times | Operator::Other => None,
    }
}

/// Ranges are no longer than a policy could use.
const LONGEST_RANGE: u64 = 256;

/// `1..5`
fn range<'t>(reader: &mut Reader<'t>, left: &Value<'t>, right: &Value<'t>) -> Option<Value<'t>> {
    let (start, end) = (left.start, right.end.max(left.start));
    let (first, last) = (whole(reader, left)?, whole(reader, right)?);
    if first.abs_diff(last) >= LONGEST_RANGE {
        reader.long = Some((start, end));
        return None;
    }
    let number = |number: i64| Value::new(start, end, What::Number(Some(number.to_string())));
    let numbers: Vec<Value<'t>> = if first <= last {
        (first..=last).map(number).collect()
    } else {
        (last..=first).rev().map(number).collect()
    };
    reader.pay(numbers.len()).then(|| Value::new(start, end, What::List(numbers)))
}

/// Whether it holds; none where that is not certain: on the left a list is searched, and types are changed.
fn compared(reader: &Reader, compare: Compare, left: &Value, right: &Value) -> Option<bool> {
    let of = |order: Ordering| match compare {
        Compare::Equal => order.is_eq(),
        Compare::Unequal => order.is_ne(),
        Compare::Less => order.is_lt(),
        Compare::AtMost => order.is_le(),
        Compare::More => order.is_gt(),
        Compare::AtLeast => order.is_ge(),
    };
    let equality = matches!(compare, Compare::Equal | Compare::Unequal);
    match (&*left.what, &*right.what) {
        (What::Number(_), What::Number(_)) => Some(of(whole(reader, left)?.cmp(&whole(reader, right)?))),
        (What::Text(_), What::Text(_)) if equality => {
            let (left, right) = (left.text()?, right.text()?);
            let same = left.same_in_any_case(right);
            // What letters beyond ASCII are the same in another case is not known here.
            (same || (left.is_ascii() && right.is_ascii())).then_some(same == (compare == Compare::Equal))
        }
        (What::True | What::False, What::True | What::False) if equality => {
            let same = matches!(*left.what, What::True) == matches!(*right.what, What::True);
            Some(same == (compare == Compare::Equal))
        }
        (What::Null, What::Null) if equality => Some(compare == Compare::Equal),
        (What::Null, What::Text(_) | What::Table { .. })
        | (What::Text(_) | What::Table { .. } | What::Number(_), What::Null)
            if equality =>
        {
            Some(compare == Compare::Unequal)
        }
        _ => None,
    }
}

/// Joins strings, adds to lists, adds whole numbers.
fn plus<'t>(reader: &mut Reader<'t>, left: &Value<'t>, right: &Value<'t>) -> Option<Value<'t>> {
    let (start, end) = (left.start, right.end.max(left.start));
    match (&*left.what, &*right.what) {
        (What::List(values), What::List(more)) => {
            reader.pay(left.size.saturating_add(right.size)).then_some(())?;
            Some(Value::new(start, end, What::List(values.iter().chain(more).cloned().collect())))
        }
        (What::List(values), _) if !right.is_unknown() => {
            reader.pay(left.size).then_some(())?;
            Some(Value::new(start, end, What::List(values.iter().chain([right]).cloned().collect())))
        }
        // As many as there are then.
        (What::List(values), What::Unknown) => {
            reader.pay(left.size).then_some(())?;
            let more = [Value::several(right.start, right.end)];
            Some(Value::new(start, end, What::List(values.iter().chain(&more).cloned().collect())))
        }
        (What::Null, What::List(_) | What::Text(_) | What::Number(_) | What::Table { .. }) => {
            Some(right.clone())
        }
        (What::Table { members, cut: false }, What::Table { members: more, cut: false }) => {
            // A name that comes twice is an error when the script runs.
            let twice = |(key, _): &(Key, Value)| left.member(&key.name).is_some();
            if more.iter().any(twice)
                || !reader.pay(left.size.saturating_mul(more.len()).saturating_add(right.size))
            {
                return None;
            }
            let members = members.iter().chain(more).cloned().collect();
            Some(Value::new(start, end, What::Table { members, cut: false }))
        }
        (What::Text(_), What::Table { .. } | What::Json(..)) => None,
        (What::Text(_), _) => Some(reader.joined(&[left, right], start, end)),
        (What::Number(_), What::Number(_)) => {
            let sum = whole(reader, left)?.checked_add(whole(reader, right)?)?;
            Some(Value::new(start, end, What::Number(Some(sum.to_string()))))
        }
        _ => None,
    }
}

fn whole(reader: &Reader, value: &Value) -> Option<i64> {
    match &*value.what {
        // `1.0` is no whole number, though it is shown as one.
        What::Number(None) => slice(reader.text, value.start, value.end).parse().ok(),
        _ => value.inside(reader.text)?.parse().ok(),
    }
}

/// `"PT{0}H" -f 3`: only plain places.
fn format<'t>(reader: &mut Reader<'t>, left: &Value<'t>, right: &Value<'t>) -> Option<Value<'t>> {
    let pattern = left.text()?.to_string();
    let values: Vec<Value<'t>> = match &*right.what {
        What::List(values) => values.clone(),
        _ => alloc::vec![right.clone()],
    };
    let mut made = String::new();
    let mut rest = pattern.as_str();
    let mut partly = false;
    while let Some(at) = rest.find(['{', '}']) {
        let (before, behind) = rest.split_at_checked(at)?;
        made.push_str(before);
        // Two of a kind stand for one.
        if behind.starts_with("{{") || behind.starts_with("}}") {
            made.push_str(behind.get(..1)?);
            rest = behind.get(2..)?;
        } else {
            let (place, after) = behind.strip_prefix('{')?.split_once('}')?;
            let place = Some(place).filter(|place| place.bytes().all(|byte| byte.is_ascii_digit()))?;
            let value = at_place(&values, place.parse::<usize>().ok()?)?;
            // Lists are shown by their class, fractions as the country has them.
            let plain = match &*value.what {
                What::List(_) => None,
                What::Number(_) => value.inside(reader.text).filter(|text| !text.contains('.')),
                _ => value.inside(reader.text),
            };
            match plain {
                Some(text) => {
                    made.push_str(&text);
                    partly |= value.is_partly();
                }
                None => {
                    made.push_str("$(unknown)");
                    partly = true;
                }
            }
            rest = after;
        }
        if !reader.pay(made.len()) {
            return None;
        }
    }
    made.push_str(rest);
    Some(Value::made(left.start, right.end.max(left.start), made, partly))
}
