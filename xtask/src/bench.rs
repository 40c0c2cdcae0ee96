//! `cargo xtask bench`: what is measured, in one run each, as ratios.
use std::ffi::OsString;

use anyhow::Result;

use crate::command::{self, cargo};
use crate::portal::Flavour;
use crate::{chromium, dist, node, npm};

/// The npm package against other validators, or the named part.
pub fn run(rest: &[OsString]) -> Result<()> {
    match rest.split_first() {
        Some((what, rest)) if what == "server" => server(rest),
        Some((what, rest)) if what == "portal" => portal(rest),
        _ => package(rest),
    }
}

fn package(rest: &[OsString]) -> Result<()> {
    npm::pack()?;
    for file in ["bench.mjs", "network.mjs"] {
        command::run(node::node()?.arg(format!("pkg/bench/{file}")).args(rest))?;
    }
    Ok(())
}

fn server(rest: &[OsString]) -> Result<()> {
    let bench = ["bench", "--package", "jitgate-server", "--bench", "server", "--"];
    command::run(cargo().args(bench).args(rest))
}

/// In Chromium, against the program with the portal inside: both as they are shipped.
fn portal(rest: &[OsString]) -> Result<()> {
    let chromium = chromium::ensure()?;
    node::install("tests")?;
    let program = dist::program(Flavour::Release)?;
    let mut node = node::node()?;
    node.arg("tests/e2e/bench-portal.mjs").args(rest).env("JITGATE", program).env("CHROMIUM", chromium);
    command::run(&mut node)
}
