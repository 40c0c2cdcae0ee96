//! `cargo xtask e2e`: the tests in a real browser, against the portal served on a free port.
use std::ffi::OsString;
use std::thread;

use anyhow::Result;

use crate::paths::{files, root};
use crate::portal::{self, Flavour};
use crate::site::Site;
use crate::{chromium, command, node};

/// Runs the named test files, or all of them.
pub fn run(only: &[OsString]) -> Result<()> {
    let chromium = chromium::ensure()?;
    node::install("tests")?;
    let site = Site::open(&portal::build(Flavour::Release)?, 0)?;
    let url = site.url();
    thread::spawn(|| site.run());

    let mut node = node::node()?;
    node.args(node::TEST).env("PORTAL_URL", url).env("CHROMIUM", chromium);
    if only.is_empty() {
        let all = files(&root().join("tests/e2e"))?;
        node.args(all.iter().filter(|path| path.to_string_lossy().ends_with(".test.mjs")));
    } else {
        node.args(only);
    }
    command::run(&mut node)
}
