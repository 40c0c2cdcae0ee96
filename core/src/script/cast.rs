//! Types in brackets: casts, and the classes whose members are known.

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use super::Reader;
use super::branch::truth;
use super::log::Name;
use super::method::is_list_class;
use super::value::{Value, What, slice};
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
        self.convert(name, value)
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

impl<'t> Reader<'t> {
    /// A variable gets these types: whatever is put there is made to them, now and later.
    pub(super) fn constrain(&mut self, name: &str, types: &[&str], beyond: bool) {
        let scope = if beyond { 0 } else { self.scope };
        let name = self.known_as(name);
        for one in types.iter().filter(|one| !one.contains('(')) {
            self.log.types.insert((scope, name.clone(), one.trim().to_ascii_lowercase().into()));
        }
    }

    /// The types of a variable.
    fn types(&self, name: &str) -> Vec<Name> {
        let logs = self.known.as_deref().into_iter().chain([&self.log]);
        let mut logs = logs.filter(|log| !log.types.is_empty()).peekable();
        if logs.peek().is_none() {
            return Vec::new();
        }
        let key = (self.scope, self.known_as(name), Name::from(""));
        let of = |(scope, name, _): &&(usize, Name, Name)| *scope == key.0 && *name == key.1;
        let found = logs.flat_map(|log| log.types.range(key.clone()..).take_while(of));
        found.map(|(.., one)| one.clone()).collect()
    }

    pub(super) fn is_constrained(&self, name: &str) -> bool {
        !self.types(name).is_empty()
    }

    /// What is put into a variable with these types in front of it.
    pub(super) fn made(&mut self, types: &[&str], value: Value<'t>) -> Value<'t> {
        let mut types = types.iter().filter(|one| !one.contains('('));
        match (types.next(), types.next()) {
            (None, _) => value,
            (Some(one), None) => self.convert(one, value),
            _ => Value::unknown(value.start, value.end),
        }
    }

    /// Puts a value into a variable; where that has a type that the value is not of, it may be another one then.
    pub(super) fn set_typed(&mut self, name: &str, value: Value<'t>) {
        for one in self.types(name) {
            let list = matches!(*value.what, What::List(_));
            if (list && !self.pay(value.size)) || !is_of(&one, &value, self.text) {
                return self.forget(name);
            }
        }
        self.set(name, value);
    }

    /// What a cast makes of a value, where that is certain.
    fn convert(&mut self, name: &str, value: Value<'t>) -> Value<'t> {
        let (start, end) = (value.start, value.end);
        let name = plain(name);
        let is = |other: &str| name == other;
        if is("void") {
            return Value::new(start, end, What::Void);
        }
        if is_of(&name, &value, self.text) {
            return value;
        }
        let what = match &*value.what {
            // A list of what each is made to.
            What::List(values) if name.ends_with("[]") || is_list_class(&name) => {
                let inner = inner(&name);
                let values = values.clone();
                if !self.pay(value.size) {
                    return Value::unknown(start, end);
                }
                What::List(values.into_iter().map(|value| self.convert(inner, value)).collect())
            }
            What::Text(_)
            | What::Number(_)
            | What::True
            | What::False
            | What::Table { .. }
            | What::Json(..)
                if name.ends_with("[]") || is("array") =>
            {
                What::List(alloc::vec![self.convert(inner(&name), value)])
            }
            What::Number(_) if is("char") => {
                let code = value.inside(self.text).and_then(|code| code.parse().ok());
                return match code.and_then(char::from_u32) {
                    Some(char) => Value::made(start, end, char.into(), false),
                    None => Value::unknown(start, end),
                };
            }
            What::Number(_) | What::True | What::False | What::Null | What::Void | What::List(_)
                if is("string") =>
            {
                return match self.shown(&value) {
                    Some(made) => Value::made(start, end, made.into(), value.is_partly()),
                    None => Value::unknown(start, end),
                };
            }
            What::Number(_) if is("bool") => match truth(&value, self.text) {
                Some(true) => What::True,
                Some(false) => What::False,
                None => What::Unknown,
            },
            What::Null | What::Void if is("bool") => What::False,
            _ => match most(&name) {
                Some(most) => whole(&value, self.text)
                    .filter(|number| *number <= most)
                    .map_or(What::Unknown, |number| What::Number(Some(number.to_string()))),
                None => What::Unknown,
            },
        };
        Value::new(start, end, what)
    }
}

/// A type's name as it is compared.
fn plain(name: &str) -> String {
    let name = name.trim().to_ascii_lowercase();
    let plain = name.strip_prefix("system.").filter(|name| !name.contains('.')).unwrap_or(&name);
    plain.to_string()
}

/// What the elements are of a list of that type.
fn inner(name: &str) -> &str {
    let generic = name.split_once('[').map_or("", |(_, inner)| inner.strip_suffix(']').unwrap_or(""));
    match name.strip_suffix("[]") {
        Some(inner) => inner,
        None if generic.is_empty() => "object",
        None => generic,
    }
}

/// The largest number of a type for whole numbers; longer ones are not followed.
fn most(name: &str) -> Option<u32> {
    match name {
        "byte" => Some(255),
        "int16" | "short" => Some(32_767),
        "uint16" | "ushort" => Some(65_535),
        "int" | "int32" | "int64" | "long" | "uint32" | "uint" | "uint64" | "ulong" => Some(999_999_999),
        _ => None,
    }
}

/// What is certain to be that whole number.
fn whole(value: &Value, text: &str) -> Option<u32> {
    match &*value.what {
        What::Number(_) => value.inside(text)?.parse().ok(),
        What::Text(_) => {
            value.text().filter(|text| text.bytes().all(|byte| byte.is_ascii_digit()))?.parse().ok()
        }
        What::Null | What::Void | What::False => Some(0),
        What::True => Some(1),
        _ => None,
    }
}

/// True for a value that a type leaves as it is; what is not known stays so.
fn is_of(name: &str, value: &Value, text: &str) -> bool {
    let name = plain(name);
    let is = |other: &&str| name == *other;
    let list = name.ends_with("[]") || is(&"array") || is_list_class(&name);
    match &*value.what {
        What::Unknown | What::Broken => true,
        What::List(values) if list => values.iter().all(|value| is_of(inner(&name), value, text)),
        What::Null | What::Void if name.ends_with("[]") || is(&"array") => true,
        _ if ["object", "psobject", "pscustomobject"].iter().any(is) => true,
        _ if list => false,
        What::Text(_) | What::Json(..) => is(&"string"),
        What::Number(digits) => {
            let digits = digits.as_deref().unwrap_or_else(|| slice(text, value.start, value.end));
            let digits = digits.strip_prefix('-').filter(|_| name.starts_with('i')).unwrap_or(digits);
            most(&name).is_some_and(|most| digits.parse::<u32>().is_ok_and(|number| number <= most))
        }
        What::True | What::False => ["bool", "boolean", "switch"].iter().any(is),
        // What a class of its own makes of a table has the same members.
        What::Table { .. } => {
            !["string", "bool", "boolean", "switch", "char"].iter().any(is) && most(&name).is_none()
        }
        What::Null | What::Void => is(&"hashtable"),
        What::List(_) => false,
    }
}
