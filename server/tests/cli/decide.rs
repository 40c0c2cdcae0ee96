//! `jitgate decide`.

use expect_test::expect;

use crate::{Folder, Run, clean, wrong};

const ARGS: [&str; 7] =
    ["decide", "--policy", "policy.json", "--request", "request.json", "--now", "2026-01-15T12:00:00Z"];

/// A request for port 22 of the machine.
fn request(rest: &str) -> String {
    format!(
        r#"{{
  "virtualMachines": [
    {{
      "id": "/subscriptions/2b7e9c41-5d0a-4f86-b1c3-7a9e60d4f218/resourceGroups/rg/providers/Microsoft.Compute/virtualMachines/jump1",
      "ports": [{{ "number": 22, {rest} }}]
    }}
  ],
  "justification": "replace the disk"
}}
"#
    )
}

fn decide(policy: &str, request: &str, more: &[&str]) -> Run {
    let folder = Folder::new();
    folder.put("policy.json", policy);
    folder.put("request.json", request);
    folder.run(&[&ARGS[..], more].concat())
}

#[test]
fn a_grant_says_what_opens() {
    let request = request(r#""duration": "PT2H""#);
    let run = decide(&clean(), &request, &["--from", "10.40.8.17"]);
    assert_eq!((run.code, run.notes.as_str()), (Some(0), ""));
    expect![[r#"
        granted: 1 port opens from 2026-01-15 12:00:00 UTC

        jump1  /subscriptions/2b7e9c41-5d0a-4f86-b1c3-7a9e60d4f218/resourceGroups/rg/providers/Microsoft.Compute/virtualMachines/jump1
          port 22 (TCP) to 10.40.8.17 until 2026-01-15 14:00:00 UTC, for 2 h
    "#]].assert_eq(&run.out);
}

#[test]
fn a_refusal_says_why_and_what_would_be_granted() {
    let request = request(r#""allowedSourceAddressPrefix": "10.40.0.0/16", "duration": "PT5H""#);
    let run = decide(&clean(), &request, &["--from", "10.40.8.17"]);
    assert_eq!((run.code, run.notes.as_str()), (Some(1), ""));
    expect![[r#"
        refused: 2 reasons

        error[JIT623]: source `10.40.0.0/16` is only partly allowed: `10.40.8.0/24` is
         --> request.json:5:63
          |
        5 |       "ports": [{ "number": 22, "allowedSourceAddressPrefix": "10.40.0.0/16", "duration": "PT5H" }]
          |                                                               ^^^^^^^^^^^^^^
          = help: the policy allows `10.40.8.0/24`

        error[JIT624]: 5 h is longer than the policy allows
         --> request.json:5:91
          |
        5 |       "ports": [{ "number": 22, "allowedSourceAddressPrefix": "10.40.0.0/16", "duration": "PT5H" }]
          |                                                                                           ^^^^^^
          = help: ask for 3 h at most

        the nearest request that would be granted
          jump1 port 22: 10.40.0.0/16 → 10.40.8.17
          jump1 port 22: 5 h → 3 h

        {
          "virtualMachines": [
            {
              "id": "/subscriptions/2b7e9c41-5d0a-4f86-b1c3-7a9e60d4f218/resourceGroups/rg/providers/Microsoft.Compute/virtualMachines/jump1",
              "ports": [
                {
                  "number": 22,
                  "allowedSourceAddressPrefix": "10.40.8.17",
                  "duration": "PT3H"
                }
              ]
            }
          ],
          "justification": "replace the disk"
        }
    "#]].assert_eq(&run.out);
}

#[test]
fn reasons_name_their_document() {
    let request = request(r#""allowedSourceAddressPrefix": "10.40.8.1", "duration": "PT2H""#);
    let run = decide(&wrong(), &request, &["--format", "github"]);
    assert_eq!(run.code, Some(1));
    assert!(run.out.starts_with("::error file=policy.json,line=8,"), "{}", run.out);
}

#[test]
fn a_caller_that_is_not_known_can_be_told() {
    let request = request(r#""duration": "PT2H""#);
    let run = decide(&clean(), &request, &[]);
    assert_eq!(run.code, Some(1));
    assert_eq!(run.notes, "hint: tell the caller's address with `--from`\n");
    assert!(run.out.contains("[JIT625]"), "{}", run.out);
}

#[test]
fn what_cannot_be_read_cannot_be_decided() {
    let run = Folder::new().run(&ARGS);
    assert_eq!((run.code, run.out.as_str()), (Some(2), ""));
    assert_eq!(run.notes, "error: there is no file `policy.json`\nerror: there is no file `request.json`\n");
    let same = Folder::new().run(&["decide", "--policy", "-", "--request", "-"]);
    assert_eq!(same.code, Some(2));
    assert!(same.notes.contains("same file"), "{}", same.notes);
}

#[test]
fn one_document_may_be_the_standard_input() {
    let folder = Folder::new();
    folder.put("policy.json", clean());
    let mut args = ARGS;
    args[4] = "-";
    let request = request(r#""allowedSourceAddressPrefix": "10.40.8.1", "duration": "PT2H""#);
    let run = folder.run_with(&args, request.as_bytes());
    assert_eq!(run.code, Some(0), "{run:?}");
}
