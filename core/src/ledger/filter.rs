//! The `$filter` of the activity log: the part of `OData` that Azure takes there, conditions joined by `and`; and of our
//! own `contains(name, 'value')`.

use alloc::borrow::ToOwned;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use super::Refusal;
use crate::model::Timestamp;

/// A condition: `name op 'value'`, or `contains(name, 'value')`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Condition {
    /// The property, in lower case.
    pub name: String,
    /// How it is compared.
    pub operator: Operator,
    /// With what.
    pub value: String,
}

/// How a property is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operator {
    /// Equal, without regard to case.
    Equal,
    /// Not before.
    AtLeast,
    /// Not after.
    AtMost,
    /// It is somewhere within, without regard to case.
    Holds,
}

const CONTAINS: &str = "contains";

/// Reads a filter.
///
/// # Errors
/// It is none.
pub fn parse(text: &str) -> Result<Vec<Condition>, Refusal> {
    let mut tokens = tokens(text, &[])?.into_iter();
    let mut conditions = Vec::new();
    loop {
        let Some(Token::Word(mut name)) = tokens.next() else { return Err(malformed()) };
        name.make_ascii_lowercase();
        conditions.push(if name.starts_with(CONTAINS) {
            holds(name, &mut tokens)?
        } else {
            let (Some(Token::Word(operator)), Some(Token::Text(value) | Token::Word(value))) =
                (tokens.next(), tokens.next())
            else {
                return Err(malformed());
            };
            let operator = match operator.to_ascii_lowercase().as_str() {
                "eq" => Operator::Equal,
                "ge" => Operator::AtLeast,
                "le" => Operator::AtMost,
                _ => return Err(wrong(&format!("'{operator}' is not among eq, ge and le."))),
            };
            Condition { name, operator, value }
        });
        match tokens.next() {
            None => return Ok(conditions),
            Some(Token::Word(word)) if word.eq_ignore_ascii_case("and") => {}
            Some(_) => return Err(wrong("Conditions are joined by and.")),
        }
    }
}

/// `contains(name, 'value')` from its first word on. Brackets and commas part no words here, since a value without quotes
/// may have some.
fn holds(mut text: String, tokens: &mut impl Iterator<Item = Token>) -> Result<Condition, Refusal> {
    let value = loop {
        match tokens.next() {
            Some(Token::Word(more)) => text += &more,
            Some(Token::Text(value)) => break value,
            None => return Err(malformed()),
        }
    };
    let name = text.strip_prefix(CONTAINS).and_then(|rest| rest.strip_prefix('(')?.strip_suffix(','));
    match (name, tokens.next()) {
        (Some(name), Some(Token::Word(end))) if end == ")" => {
            Ok(Condition { name: name.to_ascii_lowercase(), operator: Operator::Holds, value })
        }
        _ => Err(malformed()),
    }
}

fn malformed() -> Refusal {
    wrong("It is made of conditions such as resourceGroupName eq 'group', joined by and.")
}

/// The answer to a filter that is none.
pub fn wrong(detail: &str) -> Refusal {
    let message = format!("The $filter is not valid. {detail}");
    Refusal { target: Some("$filter".into()), ..Refusal::new(400, "BadRequest", message) }
}

/// A time in a filter, in nanoseconds since 1970; what is too early or too late for that is the first or last of them.
/// Without a zone it is in UTC, as `az` sends it, and a day alone is its beginning.
///
/// # Errors
/// It is no time.
pub fn nanoseconds(text: &str) -> Result<i64, Refusal> {
    let read = |end: &str| Timestamp::parse(&format!("{}{end}", text.trim()));
    let time = read("").or_else(|| read("Z")).or_else(|| read("T00:00:00Z"));
    let wrong = || wrong(&format!("'{text}' is no time, as in 2026-01-15T12:00:00Z."));
    time.map(nanoseconds_of).ok_or_else(wrong)
}

/// A time in nanoseconds since 1970; what is too early or too late for that is the first or last of them.
pub fn nanoseconds_of(time: Timestamp) -> i64 {
    match time.since(Timestamp::EPOCH) {
        Some(since) => i64::try_from(since.as_nanos()).unwrap_or(i64::MAX),
        None => {
            let before = Timestamp::EPOCH.since(time).unwrap_or_default();
            i64::try_from(before.as_nanos()).map_or(i64::MIN, i64::saturating_neg)
        }
    }
}

/// A piece of a filter.
#[derive(Debug)]
pub(crate) enum Token {
    /// Up to a space or a quote; or a mark.
    Word(String),
    /// In quotes; a quote within is doubled.
    Text(String),
}

/// The pieces of a filter. Each of the marks is one by itself.
pub(crate) fn tokens(text: &str, marks: &[char]) -> Result<Vec<Token>, Refusal> {
    let mut tokens = Vec::new();
    let mut rest = text.trim_start();
    while !rest.is_empty() {
        if let Some(quoted) = rest.strip_prefix('\'') {
            let mut value = String::new();
            let mut left = quoted;
            loop {
                let Some((part, after)) = left.split_once('\'') else {
                    return Err(wrong("A quote is left open."));
                };
                value += part;
                match after.strip_prefix('\'') {
                    Some(after) => {
                        value.push('\'');
                        left = after;
                    }
                    None => {
                        rest = after;
                        break;
                    }
                }
            }
            tokens.push(Token::Text(value));
        } else {
            let is_end = |char: char| matches!(char, ' ' | '\'') || marks.contains(&char);
            let end = rest.find(is_end).unwrap_or(rest.len());
            // A mark is one byte long.
            let end = if end == 0 { 1 } else { end };
            let (word, after) = rest.split_at_checked(end).unwrap_or((rest, ""));
            tokens.push(Token::Word(word.to_owned()));
            rest = after;
        }
        rest = rest.trim_start();
    }
    Ok(tokens)
}

#[cfg(test)]
mod tests {
    use alloc::vec;

    use super::*;

    fn condition(name: &str, operator: Operator, value: &str) -> Condition {
        Condition { name: name.to_owned(), operator, value: value.to_owned() }
    }

    #[test]
    fn filters() {
        use Operator::{AtLeast, AtMost, Equal, Holds};
        let time = "2026-01-15T12:00:00Z";
        for (text, expected) in [
            ("resourceGroupName eq 'G'", vec![condition("resourcegroupname", Equal, "G")]),
            (
                "eventTimestamp ge '2026-01-15T12:00:00Z' AND eventTimestamp le 2026-01-15T12:00:00Z and caller eq 'o''neil'",
                vec![
                    condition("eventtimestamp", AtLeast, time),
                    condition("eventtimestamp", AtMost, time),
                    condition("caller", Equal, "o'neil"),
                ],
            ),
            ("  status   eq   ''", vec![condition("status", Equal, "")]),
            ("contains(caller,'O''Neil')", vec![condition("caller", Holds, "O'Neil")]),
            (
                "status eq a,b(c) and Contains( Caller , '(,' ) and level eq 'x'",
                vec![
                    condition("status", Equal, "a,b(c)"),
                    condition("caller", Holds, "(,"),
                    condition("level", Equal, "x"),
                ],
            ),
        ] {
            assert_eq!(parse(text).unwrap(), expected, "{text}");
        }
    }

    #[test]
    fn filters_that_are_none() {
        for text in [
            "",
            "x",
            "x eq",
            "x eq 'a",
            "x ne 'a'",
            "x eq 'a' or y eq 'b'",
            "x eq 'a' and",
            "'x' eq 'a'",
            "contains",
            "contains(x,'a'",
            "contains(x 'a')",
            "contains(x,'a') y eq 'b'",
            "contains('a',x)",
            "contains eq 'a'",
        ] {
            assert_eq!(parse(text).unwrap_err().status, 400, "{text}");
        }
    }

    #[test]
    fn times() {
        for (text, expected) in [
            ("1970-01-01T00:00:01.5Z", 1_500_000_000),
            ("1970-01-01T00:00:01.500000", 1_500_000_000),
            ("1970-01-01T01:00:01+01:00", 1_000_000_000),
            ("1970-01-02", 86_400_000_000_000),
            ("1969-12-31T23:59:59Z", -1_000_000_000),
            ("0001-01-01T00:00:00Z", i64::MIN),
            ("9999-01-01T00:00:00Z", i64::MAX),
        ] {
            assert_eq!(nanoseconds(text).unwrap(), expected, "{text}");
        }
        for text in ["yesterday", "", "Z", "2026-13-01", "2026-01-01T", "2026-01-01T00:00:00ZZ"] {
            assert_eq!(nanoseconds(text).unwrap_err().status, 400, "{text}");
        }
    }
}
