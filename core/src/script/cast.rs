//! Types in brackets: casts, and the classes whose members are known.

use alloc::vec::Vec;

use super::Reader;
use super::method::is_list_class;
use super::value::{Value, What};
use crate::part::AnyCase;

impl<'t> Reader<'t> {
    /// `[string]` in front of a value, or `[Type]::Member`.
    pub(super) fn cast(&mut self, start: u32) -> Value<'t> {
        let name = self.type_name();
        if is_list_class(name) && self.rest().get(..7).is_some_and(|call| call.same_in_any_case("::new()")) {
            self.advance(7);
            return Value::new(start, self.here(), What::List(Vec::new()));
        }
        if self.rest().starts_with("::") || name.is_empty() {
            return self.taken_out(Value::unknown(start, self.here()), None);
        }
        self.lines();
        if matches!(self.peek(), None | Some(b')' | b'}' | b';' | b',')) {
            return Value::unknown(start, self.here());
        }
        let at = self.here();
        let value = self.unary();
        if name.same_in_any_case("ref") {
            // Whoever is given it may assign to the variable.
            let variable = self.slice(at, self.here()).trim_start_matches(['$', '(', '{']);
            let other = |char: char| !(char.is_alphanumeric() || matches!(char, '_' | ':'));
            let name = variable.split(other).next().unwrap_or("");
            self.fix(name.rsplit(':').next().unwrap_or(name));
        }
        convert(name, value, self.text)
    }

    /// `[Type[]]`; its name. Nothing for what is no type.
    pub(super) fn type_name(&mut self) -> &'t str {
        let start = self.here();
        let mut open = 0_usize;
        while let Some(byte) = self.peek() {
            match byte {
                b'[' => open = open.saturating_add(1),
                b']' => open = open.saturating_sub(1),
                b'\n' | b'\r' | b'=' | b'{' | b'}' | b';' => break,
                _ => {}
            }
            self.skip_char();
            if open == 0 {
                let whole = self.slice(start, self.here());
                return whole.get(1..whole.len().saturating_sub(1)).unwrap_or("");
            }
        }
        ""
    }
}

/// What a cast makes of a value, where it makes anything of it.
fn convert<'t>(name: &str, value: Value<'t>, text: &'t str) -> Value<'t> {
    let is = |other: &str| name.eq_ignore_ascii_case(other);
    let (start, end) = (value.start, value.end);
    if name.ends_with("[]") || is("array") {
        return match *value.what {
            What::List(_) | What::Unknown | What::Broken | What::Null | What::Void => value,
            _ => Value::new(start, end, What::List(alloc::vec![value])),
        };
    }
    if is("void") {
        return Value::new(start, end, What::Void);
    }
    if is_list_class(name) {
        return match *value.what {
            What::List(_) => value,
            _ => Value::unknown(start, end),
        };
    }
    if is("char") {
        let code = if let What::Number(_) = *value.what { value.inside(text) } else { None };
        let char = code.and_then(|code| char::from_u32(code.parse().ok()?));
        return match char {
            Some(char) => Value::made(start, end, char.into(), false),
            None => Value::unknown(start, end),
        };
    }
    if is("string") {
        return match &*value.what {
            What::Number(_) | What::List(_) => match value.inside(text) {
                Some(made) => Value::made(start, end, made.into(), value.is_partly()),
                None => Value::unknown(start, end),
            },
            _ => value,
        };
    }
    if ["int", "int32", "int64", "long", "uint16"].into_iter().any(is) {
        let digits = value
            .text()
            .filter(|text| (1..=5).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit()));
        return match (digits, &*value.what) {
            (Some(digits), _) => Value::new(start, end, What::Number(Some(digits.into()))),
            (None, What::Text(_)) => Value::unknown(start, end),
            _ => value,
        };
    }
    if ["pscustomobject", "ordered", "hashtable", "psobject", "object"].into_iter().any(is) {
        return value;
    }
    match *value.what {
        // What a class of its own makes of a table has the same members.
        What::Table { .. } => value,
        _ => Value::unknown(start, end),
    }
}
