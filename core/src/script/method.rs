//! Methods that scripts put lists, tables and strings together with.

use alloc::rc::Rc;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use super::Reader;
use super::log::Kind;
use super::value::{Value, What};
use crate::part::{self, AnyCase};

impl<'t> Reader<'t> {
    /// A method's arguments and what it gives; `variable` is the name of what it is called on, where it is one. What a
    /// method that is not known does with that is not known either.
    pub(super) fn called(&mut self, on: Value<'t>, name: &str, variable: Option<&str>) -> Value<'t> {
        let start = on.start;
        let argument = self.parenthesis(self.here());
        // Whatever it does, it does to the value, wherever that is.
        let kind = core::mem::replace(&mut self.kind, Kind::Inner);
        let value = self.method(on, name, variable, argument);
        self.kind = kind;
        Value { start, ..value }
    }

    fn method(
        &mut self,
        on: Value<'t>,
        name: &str,
        variable: Option<&str>,
        argument: Value<'t>,
    ) -> Value<'t> {
        let start = on.start;
        let end = self.here();
        let is = |other: &str| name.same_in_any_case(other);
        let held = matches!(*on.what, What::List(_) | What::Table { .. });
        let place = (held && Rc::strong_count(&on.what) > 2).then_some(Rc::as_ptr(&on.what));
        let given = match &*on.what {
            What::List(_) if is("ToArray") => Some(on),
            What::List(_) if is("Add") || is("AddRange") => {
                let fits = matches!(*argument.what, What::List(_)) == is("AddRange");
                // The list itself is to change, not a copy of it.
                drop(on);
                match variable.filter(|_| fits) {
                    Some(variable) => {
                        self.add(variable, argument);
                        self.forget_holders(place, variable);
                        return Value::new(start, end, What::Void);
                    }
                    None => None,
                }
            }
            What::Table { .. } if is("Add") => {
                drop(on);
                match (&*argument.what, variable) {
                    (What::List(pair), Some(variable)) => match pair.as_slice() {
                        [key, value] if key.text().is_some() => {
                            let key = key.text().unwrap_or_default().to_string();
                            self.put_member(variable, &[&key], value.clone());
                            return Value::new(start, end, What::Void);
                        }
                        _ => None,
                    },
                    _ => None,
                }
            }
            What::Text(text) if !text.partly && text.text.is_ascii() => {
                let made = changed(&text.text, name, &argument);
                let made = made.filter(|made| self.pay(made.len()));
                made.map(|made| Value::made(start, end, made, false))
            }
            What::Number(_) if is("ToString") && matches!(*argument.what, What::Null) => {
                let text = on.inside(self.text).filter(|text| !text.contains('.')).map(String::from);
                text.map(|text| Value::made(start, end, text, false))
            }
            What::Unknown => {
                let class = self.slice(start, on.end).to_ascii_lowercase();
                self.file_method(&class, name, &argument);
                if class.starts_with("[array]") || class.starts_with("[system.array]") {
                    // They are put in order, or copied into, where they are.
                    let inside = super::writing::each(&argument).iter().map(|value| Rc::as_ptr(&value.what));
                    self.forget_holders(inside.chain([Rc::as_ptr(&argument.what)]), "");
                }
                None
            }
            _ => None,
        };
        match (given, variable) {
            (Some(value), _) => value,
            (None, Some(variable)) => {
                // It may be any of what is in it where the method is not called on itself.
                let inner: &[&str] = if held { &[""] } else { &["", ""] };
                self.forget_inside(variable, inner);
                Value::unknown(start, end)
            }
            (None, None) => Value::unknown(start, end),
        }
    }

    /// `[IO.File]::WriteAllText(path, text)` and its like, of a class or of what is not known.
    fn file_method(&mut self, class: &str, name: &str, argument: &Value<'t>) {
        let is = |other: &str| name.same_in_any_case(other);
        let given = super::writing::each(argument);
        let file = part::contains(class, "io.file");
        match given {
            [path, text, ..] if is("WriteAllText") => self.write(path, text.clone()),
            [path, ..] if writes(name) => self.unwrite(path),
            // `$client.DownloadFile(url, path)`
            [_, path, ..] if starts(name, "download") => self.unwrite(path),
            _ if file
                && ["read", "exists", "get", "openread", "opentext"].iter().any(|one| starts(name, one)) => {}
            paths => {
                let writer = file || part::contains(class, "io.streamwriter");
                // A pattern is hardly one of files.
                let plain = |value: &Value| value.text().is_some_and(|text| !text.contains(['*', '?']));
                let path = |value: &&Value| if writer { may_be_path(value) } else { plain(value) };
                paths.iter().filter(path).for_each(|path| self.unwrite(path));
            }
        }
    }
}

/// True for what is no number or the like.
fn may_be_path(value: &Value) -> bool {
    matches!(*value.what, What::Text(_) | What::Unknown)
}

fn starts(name: &str, with: &str) -> bool {
    name.get(..with.len()).is_some_and(|start| start.same_in_any_case(with))
}

/// True for methods that write a file: `WriteAllLines`, `AppendAllText`.
fn writes(name: &str) -> bool {
    starts(name, "writeall") || starts(name, "appendall")
}

/// What a method makes of a string.
fn changed(text: &str, name: &str, argument: &Value) -> Option<String> {
    let is = |other: &str| name.same_in_any_case(other);
    match &*argument.what {
        What::Null if is("ToUpper") || is("ToUpperInvariant") => Some(text.to_ascii_uppercase()),
        What::Null if is("ToLower") || is("ToLowerInvariant") => Some(text.to_ascii_lowercase()),
        What::Null if is("Trim") => Some(text.trim().to_string()),
        What::Null if is("ToString") => Some(text.to_string()),
        What::List(values) if is("Replace") => {
            let values: Option<Vec<&str>> = values.iter().map(Value::text).collect();
            match values?.as_slice() {
                [old, new] if !old.is_empty() => Some(text.replace(old, new)),
                _ => None,
            }
        }
        _ => None,
    }
}

/// True for the name of a class whose objects are lists that grow.
pub(super) fn is_list_class(name: &str) -> bool {
    let small = name.to_ascii_lowercase();
    let last = small.split('[').next().unwrap_or("").rsplit('.').next().unwrap_or("").to_string();
    last == "arraylist" || (matches!(&*last, "list" | "collection") && part::has(&small, '['))
}
