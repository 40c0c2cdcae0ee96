//! JSON as text: what the forms send.

/// A text as a string of JSON.
pub fn quoted(text: &str) -> String {
    // Every text has one.
    serde_json::to_string(text).unwrap_or_default()
}

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
