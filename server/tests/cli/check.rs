//! `jitgate check`.

use std::process::Stdio;

use expect_test::expect;

use crate::{Folder, clean, policy, quoted, rule, run, wrong};

#[test]
fn nothing_to_report() {
    let run = run(&[("policy.json", &clean())], &["check", "policy.json"]);
    assert_eq!((run.code, run.notes.as_str()), (Some(0), ""));
    assert_eq!(run.out, "policy.json: policy, nothing to report\n");
}

#[test]
fn findings_stand_with_their_lines() {
    let text = policy(&[rule("\"22\""), rule("70000")].join(",\n"));
    let run = run(&[("policy.json", &text)], &["check", "policy.json"]);
    assert_eq!(run.code, Some(1));
    expect![[r#"
        warning[JIT203]: port `"22"` is a string: the API wants a number
         --> policy.json:8:23
          |
        8 |           { "number": "22", "protocol": "TCP", "allowedSourceAddressPrefix": "10.40.8.0/24", "maxReq…
          |                       ^^^^
          = help: write the number without quotes
          = fix: write `22`

        error[JIT201]: port `70000` is outside 0–65535: the service refuses it
         --> policy.json:9:23
          |
        9 |           { "number": 70000, "protocol": "TCP", "allowedSourceAddressPrefix": "10.40.8.0/24", "maxRe…
          |                       ^^^^^
          = help: write the port that the service listens on: `22` for SSH, `3389` for RDP

        1 error, 1 warning in policy.json; `--fix` mends 1 of them
    "#]].assert_eq(&run.out);
}

#[test]
fn github_gets_annotations() {
    let text = policy(&[rule("\"22\""), rule("70000")].join(",\n"));
    let run = run(&[("a,b.json", &text)], &["check", "a,b.json", "--format", "github"]);
    assert_eq!(run.code, Some(1));
    expect![[r#"
        ::warning file=a%2Cb.json,line=8,endLine=8,col=23,endColumn=27,title=JIT203 port-as-string::port `"22"` is a string: the API wants a number%0Ahelp: write the number without quotes
        ::error file=a%2Cb.json,line=9,endLine=9,col=23,endColumn=28,title=JIT201 port-out-of-range::port `70000` is outside 0–65535: the service refuses it%0Ahelp: write the port that the service listens on: `22` for SSH, `3389` for RDP
    "#]].assert_eq(&run.out);
}

#[test]
fn several_files_have_a_summary() {
    let files = [("a.json", &*clean()), ("b.json", &*wrong())];
    let run = run(&files, &["check", "a.json", "b.json"]);
    assert_eq!(run.code, Some(1));
    assert!(run.out.ends_with("1 error in b.json\n2 files: 1 error\n"), "{}", run.out);
}

#[test]
fn severity_decides_the_exit_code() {
    let folder = Folder::new();
    folder.put("policy.json", quoted());
    let code = |fail_on: &str| folder.run(&["check", "policy.json", "--fail-on", fail_on]).code;
    assert_eq!(code("error"), Some(0));
    assert_eq!(code("security"), Some(0));
    assert_eq!(code("warning"), Some(1));
    assert_eq!(code("info"), Some(1));
    assert_eq!(code("never"), Some(0));
    folder.put("policy.json", wrong());
    assert_eq!(code("error"), Some(1));
    assert_eq!(code("never"), Some(0));
}

#[test]
fn what_cannot_be_read_does_not_keep_the_rest() {
    let run = run(&[("b.json", &wrong())], &["check", "a.json", ".", "b.json"]);
    assert_eq!(run.code, Some(2));
    assert!(run.out.ends_with("1 error in b.json\n"), "{}", run.out);
    expect![[r#"
        error: there is no file `a.json`
        error: `.` is a directory; name the files in it, as in `jitgate check ./*.json`
    "#]]
    .assert_eq(&run.notes);
}

#[test]
fn the_standard_input_is_a_document() {
    let run = Folder::new().run_with(&["check", "-"], wrong().as_bytes());
    assert_eq!(run.code, Some(1));
    assert!(run.out.contains("--> <stdin>:8:"), "{}", run.out);
    let twice = Folder::new().run_with(&["check", "-", "-"], b"");
    assert_eq!(twice.code, Some(2));
    assert!(twice.notes.contains("stands twice"), "{}", twice.notes);
}

#[test]
fn json_names_the_file() {
    let run = run(&[("policy.json", &clean())], &["check", "policy.json", "--format", "json"]);
    assert_eq!(
        run.out,
        "{\"reports\":[{\"file\":\"policy.json\",\"kind\":\"policy\",\"diagnostics\":[]}]}\n"
    );
}

#[test]
fn the_kind_can_be_told() {
    let files = [("policy.json", &*clean())];
    let run = run(&files, &["check", "policy.json", "--kind", "storedRequest", "--format", "json"]);
    assert!(run.out.contains("\"kind\":\"storedRequest\""), "{}", run.out);
}

#[test]
fn wrong_arguments_could_not_run() {
    let folder = Folder::new();
    for args in
        [&["check"][..], &["check", "a", "--kind", "odd"], &["check", "a", "--now", "noon"], &["odd"], &[]]
    {
        assert_eq!(folder.run(args).code, Some(2), "{args:?}");
    }
}

#[test]
fn colours_only_where_they_are_wanted() {
    let folder = Folder::new();
    folder.put("policy.json", wrong());
    let colours = |args: &[&str]| folder.run(args).out.contains('\u{1b}');
    assert!(!colours(&["check", "policy.json"]));
    assert!(!colours(&["check", "policy.json", "--color", "never"]));
    assert!(colours(&["check", "policy.json", "--color", "always"]));
    assert!(!colours(&["check", "policy.json", "--color", "always", "--format", "json"]));
}

#[test]
fn a_document_does_not_control_the_terminal() {
    let text = wrong().replace("jump1", "jump\u{1b}[31m\u{202e}1");
    let run = run(&[("policy.json", &text)], &["check", "policy.json"]);
    assert!(!run.out.contains(['\u{1b}', '\u{202e}']), "{}", run.out);
}

#[test]
fn a_reader_that_goes_away_is_no_failure() {
    let folder = Folder::new();
    let many: Vec<String> = (0..2_000).map(|number| rule(&format!("\"{number}\""))).collect();
    folder.put("policy.json", policy(&many.join(",\n")));
    let mut child =
        folder.command(&["check", "policy.json"]).stdin(Stdio::null()).spawn().expect("it starts");
    drop(child.stdout.take());
    let output = child.wait_with_output().expect("an end");
    assert_ne!(output.status.code(), Some(2));
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
}
