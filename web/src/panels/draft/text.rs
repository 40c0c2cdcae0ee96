//! JSON as text: what the forms send.

/// A string.
pub fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len().saturating_add(2));
    out.push('"');
    for char in text.chars() {
        match char {
            '"' | '\\' => {
                out.push('\\');
                out.push(char);
            }
            // The few that JSON does not take as they are.
            _ if u32::from(char) < 0x20 => out.push_str(&format!("\\u{:04x}", u32::from(char))),
            _ => out.push(char),
        }
    }
    out.push('"');
    out
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
