//! The shell: runs the text with a program `az` that writes down what it is given.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::process::Command;

use serde_json::Value;

use super::{Call, place, variable};

/// What `az` is told.
pub fn calls(source: &str) -> Vec<Call> {
    let folder = tempfile::tempdir().expect("a folder");
    let az = folder.path().join("az");
    fs::write(&az, "#!/bin/sh\nfor word; do printf '%s\\0' \"$word\"; done\nprintf '\\0'\n")
        .expect("a program");
    fs::set_permissions(&az, fs::Permissions::from_mode(0o755)).expect("permissions");
    let paths = format!("{}:/usr/bin:/bin", folder.path().display());
    let script = folder.path().join("script.sh");
    fs::write(&script, source).expect("a script");
    let output = Command::new("sh").arg(&script).env("PATH", paths).output().expect("a shell");
    assert!(output.status.success() && output.stderr.is_empty(), "{output:?}");
    let told = String::from_utf8(output.stdout).expect("UTF-8");
    // Each call ends with an empty word.
    told.split_terminator("\0\0").map(call).collect()
}

fn call(words: &str) -> Call {
    let words: Vec<&str> = words.split('\0').collect();
    let ["rest", "--method", method, "--url", url, "--body", body] = words[..] else { panic!("{words:?}") };
    assert!(body.is_ascii(), "`az rest` sends no more than ASCII: {body}");
    let mut url = url.to_owned();
    let mut body: Value = serde_json::from_str(body).expect("JSON");
    while let Some((before, rest)) = url.split_once('<') {
        let (name, rest) = rest.split_once('>').expect("an end");
        url = format!("{before}{}{rest}", encoded(&variable(name)));
    }
    names(&mut body);
    Call { place: place(&url, method == "post"), body }
}

/// So that an address stays one.
fn encoded(text: &str) -> String {
    text.replace('<', "%3C").replace('>', "%3E")
}

/// Variables in the one spelling.
fn names(value: &mut Value) {
    match value {
        Value::String(text) if text.starts_with('<') && text.ends_with('>') => {
            *text = variable(&text[1..text.len() - 1]);
        }
        Value::Array(elements) => elements.iter_mut().for_each(names),
        Value::Object(members) => members.values_mut().for_each(names),
        _ => {}
    }
}
