//! `cargo xtask gen`: the generated files, made anew or checked.
use anyhow::Result;

use crate::command::{self, cargo};

/// Writes the generated files, or with `check` only says which are out of date.
pub fn run(check: bool) -> Result<()> {
    from_table(check)?;
    let mut cases = cargo();
    cases.args(["run", "--quiet", "--package", "jitgate-tests", "--bin", "cases", "--"]);
    if !check {
        cases.arg("--write");
    }
    command::run(&mut cases)
}

/// The files that follow from the table of rules alone.
pub fn from_table(check: bool) -> Result<()> {
    let mut generator = cargo();
    generator.args(["run", "--quiet", "--package", "jitgate-gen", "--"]);
    if check {
        generator.arg("--check");
    }
    command::run(&mut generator)
}
