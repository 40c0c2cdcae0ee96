//! The checks of `cargo xtask test`, lane by lane, in the order they run: the quick ones that fail often come first.
use std::env;
use std::process::Command;

use anyhow::Result;

use crate::command::{NATIVE, cargo, program};
use crate::toolchain;

/// One check: a name and what to run.
pub struct Check {
    pub name: &'static str,
    pub command: Command,
}

/// Checks that run side by side, and those that want what both have made.
pub struct Lanes {
    pub native: Vec<Check>,
    /// For minutes its compiler and its optimiser have work for one core alone.
    pub wasm: Vec<Check>,
    pub after: Vec<Check>,
}

impl Lanes {
    /// All of them, in no other order.
    pub fn each(&self) -> impl Iterator<Item = &Check> {
        self.native.iter().chain(&self.wasm).chain(&self.after)
    }

    /// Leaves out what is not wanted.
    pub fn retain(&mut self, wanted: impl Fn(&Check) -> bool) {
        for lane in [&mut self.native, &mut self.wasm, &mut self.after] {
            lane.retain(&wanted);
        }
    }
}

/// Every check.
pub fn all() -> Result<Lanes> {
    let me = env::current_exe()?;
    let deny = ["--", "-D", "warnings"];
    let clippy = || with(cargo(), &["clippy", "--all-targets"]);
    // Each in the profile that it is built in, which shares the macros built for it; and each by itself, because
    // the package does without `std`, which the portal's dependencies turn on in those they have in common.
    let clippy_wasm = |profile: &str, package: &str| {
        let words = ["--target", toolchain::WASM, "--profile", profile, "--package", package];
        with(with(with(cargo(), &["clippy"]), &words), &deny)
    };
    let xtask = |task: &str| with(program(&me), &[task]);
    Ok(Lanes {
        native: vec![
            check("fmt", with(cargo(), &["fmt", "--all", "--check"])),
            check("clippy", with(with(clippy(), NATIVE), &deny)),
            check("clippy-xtask", with(with(clippy(), &["--package=xtask"]), &deny)),
            check("doc", doc()),
            check("native", with(with(cargo(), &["test", "--no-fail-fast"]), NATIVE)),
            check("xtask", with(cargo(), &["test", "--no-fail-fast", "--package=xtask"])),
            check("clients", xtask("clients")),
        ],
        wasm: vec![
            check("clippy-pkg", clippy_wasm("wasm", "jitgate-wasm")),
            check("clippy-web", clippy_wasm("portal", "jitgate-web")),
            check("modules", xtask("modules")),
            check("npm", xtask("npm")),
        ],
        after: vec![check("e2e", xtask("e2e")), check("size", xtask("size"))],
    })
}

/// The documentation of the core: every link in it leads somewhere.
fn doc() -> Command {
    let words = ["doc", "--no-deps", "--document-private-items", "--package=jitgate-core"];
    let mut doc = with(cargo(), &words);
    doc.env("RUSTDOCFLAGS", "-D warnings");
    doc
}

fn check(name: &'static str, command: Command) -> Check {
    Check { name, command }
}

fn with(mut command: Command, words: &[&str]) -> Command {
    command.args(words);
    command
}
