//! What a text is written in: scripts of one language that begin like another, or like JSON.

use crate::support::VM;
use crate::support::scripts::{URL, codes, longest};

/// The body of a policy with a duration that is too long.
fn body(duration: &str) -> String {
    format!(
        r#"{{"kind": "Basic", "properties": {{"virtualMachines": [{{"id": "{VM}", "ports": [{{"number": 22, "protocol": "TCP", "allowedSourceAddressPrefix": "10.20.0.0/16", "maxRequestAccessDuration": "{duration}"}}]}}]}}}}"#
    )
}

#[track_caller]
fn all(cases: &[String]) {
    let said = cases.iter().map(|script| (script, codes(script)));
    let wrong: Vec<_> = said.filter(|(_, said)| *said != ["JIT403"]).collect();
    let short = |script: &String| script.chars().take(200).collect::<String>();
    assert!(
        wrong.is_empty(),
        "{:#?}",
        wrong.iter().map(|(script, said)| (short(script), said)).collect::<Vec<_>>()
    );
}

/// Only a shell takes the variable into the document.
#[test]
fn shells_that_mention_powershell() {
    let script = format!(
        "# the same as Set-AzJitNetworkAccessPolicy\nD=PT30H\ncat > body.json <<EOF\n{}\nEOF\naz rest --method put --url \"{URL}\" --body @body.json\n",
        body("${D}")
    );
    let log = "log() {\n  printf '%s\\n' \"$*\" >&2\n}\n".repeat(300);
    all(&[
        "#!/bin/bash",
        "#!/bin/bash -e",
        "#!/bin/bash -xe",
        "#!/bin/bash ",
        "#!/bin/bash --",
        "#!/bin/bash # for the servers",
        "#! /bin/sh -",
        "#!/usr/bin/env -S bash -e",
        "#!/usr/bin/env zsh",
        "set -euo pipefail",
        "set -e",
        "az login",
        "az login\n# or Connect-AzAccount",
        "git fetch origin @{u}",
        "SUDO=sudo\n$SUDO apt-get update",
        "sudo true\n$SUDO apt-get update",
        "$SUDO apt-get update",
        "[[ -n \"$X\" ]] || X=1",
        "[ -z \"$X\" ] && X=1",
        "[ -z \"$X\" ]; then X=1",
        "if [ -z \"$X\" ]; then X=1; fi",
        "sudo apt-get update",
        &log,
        &"# a header\n".repeat(500),
    ]
    .map(|lines| format!("{lines}\n{script}")));
}

#[test]
fn powershell_that_begins_like_something_else() {
    let long = "  Write-Host 'hello'\n".repeat(400);
    all(&[
        "\"=== Enable JIT ===\"".into(),
        format!("function Write-Log {{\n{long}}}"),
        format!("function Write-Log\n{{\n{long}}}"),
        "# a header\n".repeat(500),
        "# a header\n\n# another\n[CmdletBinding()]\nparam()".into(),
        "# in a shell: D=PT3H; az login".into(),
        "#!/usr/bin/env pwsh".into(),
        "az login".into(),
        "$x = @'\nD=1\nset -e\n'@".into(),
    ]
    .map(|lines| longest(&lines, "'PT30H'")));
}

#[test]
fn long_headers_hide_nothing() {
    all(&[
        format!(
            "{}\nPUT {URL}\nContent-Type: application/json\n\n{}\n",
            "# a header\n".repeat(500),
            body("PT30H")
        ),
        format!("{}\nPUT {URL}\n\n{}\n", "// a header\n".repeat(500), body("PT30H")),
    ]);
}

/// What is JSON stays JSON, whatever stands before it.
#[test]
fn json_behind_words_is_judged() {
    for (text, expected) in [
        (format!("Here is the policy:\n\n{}", body("PT30H")), "JIT403"),
        (format!("# az rest gave this\n{}", body("PT30H")), "JIT403"),
        (String::from("\"one\"\n"), "JIT107"),
        (String::from("[ -1, 2 ]"), "JIT107"),
    ] {
        let said = codes(&text);
        assert!(said.contains(&expected), "{said:?} {text}");
        assert!(!said.contains(&"JIT106"), "{said:?} {text}");
    }
}

/// `%NAME%` is a variable in Windows' own shell, and text in any other.
#[test]
fn variables_of_windows() {
    let json = body("PT3H").replace('"', "\\\"");
    let script = |lines: &str, json: &str, url: &str| {
        format!("{lines}az rest --method put --url \"{url}\" ^\n  --body \"{json}\"\n")
    };
    let sub = "6f0b8d0e-5c5f-4f3e-9a0e-2f6f2f1f7a10";
    let (open, url) = (json.replace(sub, "%SUB%"), URL.replace(sub, "%SUB%"));
    for (lines, json, url, expected) in [
        (format!("@echo off\nset SUB={sub}\n"), &open, &*url, ["JIT116"].as_slice()),
        (format!("set \"SUB={sub}\"\n"), &open, &url, &["JIT116"]),
        ("@echo off\n".into(), &json, URL, &[]),
        ("@echo off\n".into(), &json.replace("PT3H", "%LONGEST%"), URL, &["JIT116"]),
        ("@echo off\n".into(), &json.replace("PT3H", "PT30H"), URL, &["JIT403"]),
        ("#!/bin/sh\n".into(), &json.replace("PT3H", "%LONGEST%"), URL, &["JIT401"]),
    ] {
        let text = script(&lines, json, url);
        assert_eq!(codes(&text), expected, "{text}");
    }
}
