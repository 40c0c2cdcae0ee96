//! `jitgate explain` and `jitgate rules`.

use expect_test::expect;
use jitgate_core::{Code, wire};

use crate::run;

#[test]
fn a_rule_has_a_page() {
    for name in ["JIT201", "jit201", "201", "port-out-of-range", "Port-Out-Of-Range"] {
        let run = run(&[], &["explain", name]);
        assert_eq!((run.code, run.notes.as_str()), (Some(0), ""), "{name}");
        assert!(run.out.starts_with("JIT201 port-out-of-range\nerror\n\n"), "{}", run.out);
        assert!(
            run.out.contains("\nWhy\n\n") && run.out.contains("\n      \"number\": 70000,\n"),
            "{}",
            run.out
        );
        assert!(!run.out.contains("```"), "{}", run.out);
    }
}

#[test]
fn an_unknown_rule_could_not_be_explained() {
    let run = run(&[], &["explain", "port-out-of-rang"]);
    assert_eq!((run.code, run.out.as_str()), (Some(2), ""));
    expect![[r#"
        error: there is no rule `port-out-of-rang`; did you mean `port-out-of-range`?; `jitgate rules` lists them
    "#]].assert_eq(&run.notes);
}

#[test]
fn json_is_the_cores() {
    let page = run(&[], &["explain", "JIT201", "--format", "json"]);
    assert_eq!(page.out, format!("{}\n", wire::rule(Code::PortOutOfRange)));
    let list = run(&[], &["rules", "--format", "json"]);
    assert_eq!(list.out, format!("{}\n", wire::rules()));
}

#[test]
fn every_rule_is_listed() {
    let list = run(&[], &["rules"]).out;
    for code in Code::ALL {
        let meta = code.meta();
        let line = list.lines().find(|line| line.trim_start().starts_with(code.id()));
        let line = line.unwrap_or_else(|| panic!("{} is not listed", code.id()));
        assert!(line.contains(meta.name) && line.ends_with(meta.summary), "{line}");
    }
}
