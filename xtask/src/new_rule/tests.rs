//! `new-rule` on a copy of the core, and the recipe of CONTRIBUTING.md followed step by step: it must lead to a rule
//! that passes its tests.
use std::fs;
use std::path::{Path, PathBuf};

use super::*;
use crate::command;
use crate::paths::{self, files, target};

/// The repository's core and its generator as a workspace of their own, at a place that stays the same so that
/// building it again is quick.
fn copy() -> PathBuf {
    let folder = target().join("xtask/new-rule");
    paths::empty(&folder).unwrap();
    let manifest = fs::read_to_string(root().join("Cargo.toml")).unwrap();
    let members = |line: &str| match line.split(' ').next() {
        Some("members") => r#"members = ["core", "xtask/gen"]"#.to_owned(),
        Some("default-members") => String::new(),
        // Cargo tells crates in one folder for builds apart by that, and not by where they are: the repository's own would
        // be taken to be built, whatever is changed in them.
        Some("version") => r#"version = "0.0.0""#.to_owned(),
        _ => line.to_owned(),
    };
    let manifest: Vec<_> = manifest.lines().map(members).collect();
    paths::write(&folder.join("Cargo.toml"), manifest.join("\n")).unwrap();
    let crates = ["core", "xtask/gen"].map(|name| files(&root().join(name)).unwrap()).concat();
    let others = ["Cargo.lock", "rustfmt.toml", "pkg/codes.d.ts"].map(|name| root().join(name));
    for path in crates.iter().chain(&others) {
        let content = paths::read(path).unwrap();
        paths::write(&folder.join(path.strip_prefix(root()).unwrap()), content).unwrap();
    }
    folder
}

/// Runs cargo there; gives whether it succeeded, and what it printed.
fn cargo(folder: &Path, words: &[&str]) -> (bool, String) {
    let mut cargo = command::cargo();
    // The dependencies built for the repository serve here as well.
    cargo.current_dir(folder).env("CARGO_TARGET_DIR", target()).args(words);
    let output = cargo.output().unwrap();
    let text = [output.stdout, output.stderr].concat();
    (output.status.success(), String::from_utf8(text).unwrap())
}

/// A fenced block of CONTRIBUTING.md, without the list's indentation.
fn block(opening: &str) -> String {
    let text = fs::read_to_string(root().join("CONTRIBUTING.md")).unwrap();
    let mut lines = text.lines().map(|line| line.strip_prefix("   ").unwrap_or(line));
    let fence = opening.trim_end_matches(|char| char != '`');
    assert!(lines.any(|line| line == opening), "no {opening}");
    lines.take_while(|line| *line != fence).flat_map(|line| [line, "\n"]).collect()
}

#[test]
fn the_recipe_makes_a_rule() {
    let folder = copy();
    let core = folder.join("core");

    // Step 1, with the code and the name that the recipe has.
    let recipe = block("```sh new-rule");
    let words: Vec<_> = recipe.trim().strip_prefix("cargo xtask new-rule ").unwrap().split(' ').collect();
    let rule = NewRule::parse(words[0], words[1]).unwrap();
    let made = scaffold::scaffold(&core, &rule).unwrap();
    let (ok, said) = cargo(&folder, &["run", "--offline", "-q", "-p", "jitgate-gen"]);
    assert!(ok, "{said}");
    let locked = fs::read_to_string(core.join("rules.lock")).unwrap();
    assert!(locked.lines().any(|line| line == format!("{} {}", rule.code(), rule.name)), "{locked}");
    assert!(fs::read_to_string(folder.join("pkg/codes.d.ts")).unwrap().contains(&rule.code()));

    // The rule compiles as it was made, and its tests ask for what only its author knows.
    let pages = ["test", "--offline", "-p", "jitgate-core", "--test", "pages", "--no-fail-fast"];
    let (ok, said) = cargo(&folder, &pages);
    assert!(!ok && said.contains("test result: FAILED"), "{said}");
    for missing in ["`summary`", "`## Why`", "`## Source`", "wrong example 1 gives []"] {
        let named = said.lines().any(|line| line.contains(&rule.code()) && line.contains(missing));
        assert!(named, "no line asks for {missing}:\n{said}");
    }

    // Steps 2 and 3: the code and the page as the recipe has them.
    let [source, page] = made.as_slice() else { panic!("{made:?}") };
    fs::write(source, block("```rust rlogin_port.rs")).unwrap();
    fs::write(page, block("````markdown rlogin_port.md")).unwrap();
    let (_, said) = cargo(&folder, &pages);
    // What other rules' pages may lack is not this test's matter.
    assert!(said.contains("test result: ") && !said.contains(&rule.code()), "{said}");
    let (ok, said) = cargo(&folder, &["fmt", "-p", "jitgate-core", "--check"]);
    assert!(ok, "{said}");
}

#[test]
fn codes_and_names_are_told_apart_from_what_is_none() {
    let rule = NewRule::parse("JIT213", "rlogin-port").unwrap();
    assert_eq!(
        (rule.number, rule.module().as_str(), rule.type_name().as_str()),
        (213, "rlogin_port", "RloginPort")
    );
    assert_eq!(NewRule::parse("213", "ip-v6-source").unwrap().type_name(), "IpV6Source");
    for (code, name) in
        [("21", "a-b"), ("1000", "a-b"), ("JIT2x3", "a-b"), ("213", "match"), ("213", "A-b"), ("213", "a--b")]
    {
        assert!(NewRule::parse(code, name).is_err(), "{code} {name}");
    }
}

#[test]
fn a_code_is_given_out_once() {
    let folder = target().join("xtask/given-out-once");
    paths::empty(&folder).unwrap();
    for path in files(&root().join("core/src/rules")).unwrap() {
        let name = path.strip_prefix(root().join("core")).unwrap();
        paths::write(&folder.join(name), paths::read(&path).unwrap()).unwrap();
    }
    paths::write(&folder.join("rules.lock"), "JIT299 withdrawn-rule\n").unwrap();
    let refused = |code: &str, name: &str| {
        let rule = NewRule::parse(code, name).unwrap();
        scaffold::scaffold(&folder, &rule).unwrap_err().to_string()
    };
    assert!(refused("201", "rlogin-port").contains("already has `201 port_out_of_range PortOutOfRange`"));
    assert!(refused("290", "port-out-of-range").contains("already has `201"));
    assert!(refused("299", "rlogin-port").contains("given out before"));
    assert!(refused("990", "rlogin-port").contains("`//! Family 9:`"));
}
