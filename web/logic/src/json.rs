//! JSON as text: what the forms send.

pub use crate::browser::quoted;

/// An array of values that are JSON already.
pub fn array(values: &[String]) -> String {
    format!("[{}]", values.join(","))
}

/// An object of names and values that are JSON already; an empty value is left out.
pub fn object(members: &[(&str, String)]) -> String {
    let given = members.iter().filter(|(_, value)| !value.is_empty());
    let members: Vec<_> = given.map(|(name, value)| format!("{}:{value}", quoted(name))).collect();
    format!("{{{}}}", members.join(","))
}
