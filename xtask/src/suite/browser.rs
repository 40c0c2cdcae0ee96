//! `cargo xtask e2e`: the tests in a real browser, against the program with the portal inside and against a static copy
//! of the portal.
use std::ffi::OsString;
use std::num::NonZero;
use std::thread;

use anyhow::Result;

use crate::paths::{files, root};
use crate::portal::{self, Flavour};
use crate::{chromium, command, dist, node};

/// Runs the named test files, or all of them. The portal is the one that is shipped; the program around it is built
/// without optimisation, as the native tests have it.
pub fn run(only: &[OsString]) -> Result<()> {
    let chromium = chromium::ensure()?;
    node::install("tests")?;
    let site = portal::build(Flavour::Release)?;
    let program = dist::tested_program(Some(&site))?;

    let mut node = node::node()?;
    // A file is one browser and at most one server, and waits for them half of the time: Node's own number, one less than
    // there are cores, would leave one of two idle.
    let cores = thread::available_parallelism().map_or(1, NonZero::get);
    node.args(node::TEST).arg(format!("--test-concurrency={cores}"));
    node.env("PORTAL", site).env("JITGATE", program).env("CHROMIUM", chromium);
    if only.is_empty() {
        let all = files(&root().join("tests/e2e"))?;
        node.args(all.iter().filter(|path| path.to_string_lossy().ends_with(".test.mjs")));
    } else {
        node.args(only);
    }
    command::run(&mut node)
}
