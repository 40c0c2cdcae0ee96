//! The operators that are worked out where both sides are known.

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use super::Reader;
use super::value::{Value, What};
use crate::part::AnyCase;

/// What stands between two values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Operator {
    /// `+`
    Plus,
    /// `-f`
    Format,
    /// `-split`
    Split,
    /// `-join`
    Join,
    /// Any other.
    Other,
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
                Some(Operator::Other)
            }
            b'.' if self.second() == Some(b'.') => {
                self.advance(2);
                Some(Operator::Other)
            }
            b'-' => {
                let name: &str = self.rest().get(1..)?;
                let letters = name.bytes().take(12).take_while(u8::is_ascii_alphabetic).count();
                let name = name.get(..letters)?;
                let operator = if name.same_in_any_case("f") {
                    Operator::Format
                } else if name.same_in_any_case("split") || name.same_in_any_case("csplit") {
                    Operator::Split
                } else if name.same_in_any_case("join") {
                    Operator::Join
                } else if matches!(self.second(), Some(b'=' | b'-')) {
                    return None;
                } else {
                    Operator::Other
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
                text.push_str(&value.inside(reader.text)?);
                partly |= value.is_partly();
                if !reader.pay(text.len()) {
                    return None;
                }
            }
            Some(Value::made(start, end, text, partly))
        }
        Operator::Other => None,
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
    value.inside(reader.text)?.parse().ok()
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
    while let Some((before, behind)) = rest.split_once('{') {
        made.push_str(before);
        let (place, after) = behind.split_once('}')?;
        let value = values.get(place.parse::<usize>().ok()?)?;
        match value.inside(reader.text) {
            Some(text) => {
                made.push_str(&text);
                partly |= value.is_partly();
            }
            None => {
                made.push_str("$(unknown)");
                partly = true;
            }
        }
        if !reader.pay(made.len()) {
            return None;
        }
        rest = after;
    }
    made.push_str(rest);
    Some(Value::made(left.start, right.end.max(left.start), made, partly))
}
