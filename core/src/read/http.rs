//! Tells requests of HTTP, as `.http` files hold them and as documentation prints them, from other texts.

use crate::part::{self, AnyCase};

/// The methods that may send a policy or a request, or come before one that does.
const METHODS: [&str; 5] = ["PUT", "POST", "GET", "PATCH", "DELETE"];

/// The method that a line begins with, and the address behind it.
pub fn request_line(line: &str) -> Option<(&'static str, &str)> {
    let (word, address) = part::split_once(line.trim_start(), " ")?;
    let method = METHODS.into_iter().find(|method| *method == word)?;
    let address = address.trim_start();
    ["https://", "http://", "/subscriptions/", "{{"]
        .iter()
        .any(|start| address.get(..start.len()).is_some_and(|head| head.same_in_any_case(start)))
        .then_some((method, address))
}

/// `@name = value`, `@base-url={{host}}`
pub fn assignment(line: &str) -> Option<(&str, &str)> {
    let (name, value) = part::split_once(line.trim().strip_prefix('@')?, "=")?;
    let name = name.trim();
    let word =
        !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-.".contains(&byte));
    let other = value.starts_with(['{', '(']) && !value.starts_with("{{");
    (word && !other).then(|| (name, value.trim()))
}

fn is_comment(line: &str) -> bool {
    line.trim_start().starts_with(['#', '/'])
}

/// True for a text of such requests.
pub fn is_http(text: &str) -> bool {
    let mut lines = text.lines();
    lines
        .find(|line| !line.trim().is_empty() && !is_comment(line) && assignment(line).is_none())
        .is_some_and(|line| request_line(line).is_some())
}
