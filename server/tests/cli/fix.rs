//! `jitgate check --fix`: every byte that no fix changes stays as it was.

use std::fs;

use expect_test::expect;

use crate::{Folder, Run, clean, policy, quoted, rule, wrong};

#[track_caller]
fn fixed(before: impl AsRef<[u8]>, after: impl AsRef<[u8]>) {
    let folder = Folder::new();
    folder.put("policy.json", before);
    folder.run(&["check", "--fix", "policy.json"]);
    assert_eq!(
        String::from_utf8_lossy(&folder.bytes("policy.json")),
        String::from_utf8_lossy(after.as_ref())
    );
}

#[test]
fn safe_fixes_go_in() {
    let folder = Folder::new();
    folder.put("policy.json", policy(&[rule("\"22\""), rule("\"3389\""), rule("70000")].join(",\n")));
    let run = folder.run(&["check", "--fix", "policy.json"]);
    assert_eq!(run.code, Some(1));
    expect![[r#"
        fixed JIT203 port-as-string in policy.json, 2 times
    "#]]
    .assert_eq(&run.notes);
    expect![[r#"
        error[JIT201]: port `70000` is outside 0–65535: the service refuses it
          --> policy.json:10:23
           |
        10 |           { "number": 70000, "protocol": "TCP", "allowedSourceAddressPrefix": "10.40.8.0/24", "maxRe…
           |                       ^^^^^
           = help: write the port that the service listens on: `22` for SSH, `3389` for RDP

        1 error in policy.json
    "#]].assert_eq(&run.out);
    let after = policy(&[rule("22"), rule("3389"), rule("70000")].join(",\n"));
    assert_eq!(folder.bytes("policy.json"), after.as_bytes());
}

#[test]
fn the_rest_stays() {
    let crlf = |text: String| format!("\u{feff}{}\t \r\n\r\n", text.replace('\n', "\r\n"));
    fixed(crlf(quoted()), crlf(clean()));
    let strange = |text: String| text.replace("jump1", "港 \u{202e}\u{0}é\u{301}");
    fixed(strange(quoted()), strange(clean()));
    fixed(wrong(), wrong());
    fixed("", "");
}

#[test]
fn what_is_not_utf8_is_left() {
    let folder = Folder::new();
    let mut bytes = quoted().replace("jump1", "jump?").into_bytes();
    bytes.iter_mut().filter(|byte| **byte == b'?').for_each(|byte| *byte = 0xfc);
    folder.put("policy.json", &bytes);
    let run = folder.run(&["check", "--fix", "policy.json"]);
    assert_eq!((run.code, folder.bytes("policy.json")), (Some(2), bytes));
    expect![[r#"
        error: `policy.json` is not UTF-8 and was left as it is: save it as UTF-8 first
    "#]]
    .assert_eq(&run.notes);
}

#[test]
fn the_standard_input_comes_out_fixed() {
    let run = Folder::new().run_with(&["check", "--fix", "-"], quoted().as_bytes());
    assert_eq!((run.code, run.out.as_str()), (Some(0), &*clean()));
    expect![[r#"
        fixed JIT203 port-as-string in <stdin>
        <stdin>: policy, nothing to report
    "#]]
    .assert_eq(&run.notes);
}

#[test]
fn a_file_with_nothing_to_fix_is_not_touched() {
    let folder = Folder::new();
    let path = folder.put("policy.json", clean());
    let before = fs::metadata(&path).and_then(|metadata| metadata.modified()).expect("a time");
    let run = folder.run(&["check", "--fix", "policy.json"]);
    assert_eq!((run.code, run.notes.as_str()), (Some(0), ""));
    assert_eq!(fs::metadata(&path).and_then(|metadata| metadata.modified()).expect("a time"), before);
}

#[test]
fn fixing_every_shared_case_ends_and_makes_nothing_worse() {
    for case in jitgate_tests::cases().expect("cases") {
        for file in case.files() {
            let before = fs::read(&file).expect("a file");
            let folder = Folder::new();
            folder.put("document", &before);
            let args = ["check", "document", "--now", &case.setting.now, "--format", "json"];
            let errors = |run: &Run| run.out.matches(r#""severity":"error""#).count();
            let found = folder.run(&args);
            let fixed = folder.run(&[&args[..], &["--fix"]].concat());
            let after = folder.bytes("document");
            assert!(errors(&fixed) <= errors(&found), "case `{}`: {}", case.name, fixed.out);
            let again = folder.run(&[&args[..], &["--fix"]].concat());
            assert_eq!((folder.bytes("document"), again.out), (after, fixed.out), "case `{}`", case.name);
        }
    }
}

#[cfg(unix)]
#[test]
fn permissions_and_links_stay() {
    use std::os::unix::fs::{PermissionsExt, symlink};

    let folder = Folder::new();
    let path = folder.put("policy.json", quoted());
    fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).expect("permissions");
    symlink("policy.json", folder.path().join("link.json")).expect("a link");
    folder.run(&["check", "--fix", "link.json"]);
    assert_eq!(folder.bytes("policy.json"), clean().as_bytes());
    assert_eq!(fs::metadata(&path).expect("a file").permissions().mode() & 0o777, 0o640);
    assert!(folder.path().join("link.json").is_symlink());
    assert_eq!(fs::read_dir(folder.path()).expect("a folder").count(), 2);
}

/// Half of it would take the place of the whole.
#[test]
fn what_is_too_long_is_not_given_back() {
    let long = quoted() + &" ".repeat(jitgate_core::json::MAX_BYTES);
    let run = Folder::new().run_with(&["check", "--fix", "-"], long.as_bytes());
    assert_eq!((run.code, run.out.as_str()), (Some(2), ""), "{}", run.notes);
    assert!(run.notes.contains("nothing is written"), "{}", run.notes);
}

#[cfg(unix)]
#[test]
fn owners_and_other_names_stay() {
    use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};

    let folder = Folder::new();
    // Longer than what it becomes: nothing of it stays behind.
    let path = folder.put("policy.json", quoted());
    // Only root may give a file away; to others it is theirs, and stays so.
    let given = chown(&path, Some(1234), Some(2345)).is_ok();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).expect("permissions");
    let of = |path: &std::path::Path| {
        fs::metadata(path).map(|own| (own.uid(), own.gid(), own.mode() & 0o777)).expect("a file")
    };
    let before = of(&path);
    assert!(!given || before == (1234, 2345, 0o640));
    let fix = |name| folder.run(&["check", "--fix", name]);
    assert_eq!(fix("policy.json").code, Some(0));
    assert_eq!((of(&path), folder.bytes("policy.json")), (before, clean().into_bytes()));

    folder.put("policy.json", quoted());
    fs::hard_link(&path, folder.path().join("other.json")).expect("another name");
    assert_eq!(fix("other.json").code, Some(0));
    for name in ["policy.json", "other.json"] {
        assert_eq!(
            (of(&folder.path().join(name)), folder.bytes(name)),
            (before, clean().into_bytes()),
            "{name}"
        );
    }
    assert_eq!(fs::read_dir(folder.path()).expect("a folder").count(), 2);
}

#[cfg(unix)]
#[test]
fn a_read_only_file_is_left() {
    use std::os::unix::fs::PermissionsExt;

    let folder = Folder::new();
    let path = folder.put("policy.json", quoted());
    fs::set_permissions(&path, fs::Permissions::from_mode(0o444)).expect("permissions");
    let run = folder.run(&["check", "--fix", "policy.json"]);
    assert_eq!((run.code, folder.bytes("policy.json")), (Some(2), quoted().into_bytes()));
    expect![[r#"
        error: `policy.json` cannot be written and was left as it is: it is read-only
    "#]]
    .assert_eq(&run.notes);
}

/// Zeros are UTF-8, too: what Windows PowerShell's `Out-File` writes without a mark must not become another encoding.
#[test]
fn utf16_without_a_mark_is_left() {
    let folder = Folder::new();
    let bytes: Vec<u8> = quoted().encode_utf16().flat_map(u16::to_le_bytes).collect();
    folder.put("policy.json", &bytes);
    let run = folder.run(&["check", "--fix", "policy.json"]);
    assert_eq!((run.code, folder.bytes("policy.json")), (Some(2), bytes));
    assert_eq!(
        run.notes,
        "error: `policy.json` is not UTF-8 and was left as it is: save it as UTF-8 first\n"
    );
}
