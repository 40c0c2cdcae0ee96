//! An `.http` file, as the editors read it that send it: variables `@name = value` and `{{name}}`, requests parted by
//! `###`, a line with method and address, headers, an empty line, the body.

use super::{Call, place, variable};

/// What is sent.
pub fn calls(source: &str) -> Vec<Call> {
    let mut declared = Vec::new();
    let mut text = String::new();
    for line in source.lines() {
        match line.strip_prefix('@').and_then(|line| line.split_once(" = ")) {
            Some((name, _)) => declared.push(name),
            None => text.extend([line, "\n"]),
        }
    }
    text.split("\n###\n").map(|request| call(request.trim_start(), &declared)).collect()
}

fn call(request: &str, declared: &[&str]) -> Call {
    let (head, body) = request.split_once("\n\n").expect("a body");
    let mut lines = head.lines();
    let (method, address) =
        lines.next().and_then(|line| line.split_once(' ')).expect("a method and an address");
    let headers: Vec<&str> = lines.collect();
    assert_eq!(headers, ["Content-Type: application/json", "Authorization: Bearer {{accessToken}}"]);
    let address = fill(address, declared).replace('<', "%3C").replace('>', "%3E");
    let body = serde_json::from_str(&fill(body, declared)).expect("JSON");
    Call { place: place(&address, method == "POST"), body }
}

/// With the variables in it. Whatever looks like one must be one.
fn fill(text: &str, declared: &[&str]) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("{{") {
        let (name, after) = after.split_once("}}").expect("an end");
        assert!(declared.contains(&name), "{name} is no variable");
        out.extend([before, &variable(name)]);
        rest = after;
    }
    out + rest
}
