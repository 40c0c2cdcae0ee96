//! The Rust side of what a build needs: the wasm target, and the tools of the checks.
use std::path::Path;

use anyhow::Result;

use crate::command::{self, cargo, program};

/// The target of everything that runs in a browser or in Node.
pub const WASM: &str = "wasm32-unknown-unknown";

/// Installs the wasm target when it is missing.
pub fn ensure_wasm() -> Result<()> {
    let sysroot = command::output(program("rustc").args(["--print", "sysroot"]))?;
    if Path::new(sysroot.trim()).join("lib/rustlib").join(WASM).is_dir() {
        return Ok(());
    }
    println!("installing the Rust target {WASM}");
    command::run(program("rustup").args(["target", "add", WASM]))
}

/// Installs rustfmt and clippy when they are missing: rustup's minimal profile has neither.
pub fn ensure_tools() -> Result<()> {
    for (subcommand, component) in [("fmt", "rustfmt"), ("clippy", "clippy")] {
        if command::output(cargo().args([subcommand, "--version"])).is_err() {
            println!("installing {component}");
            command::run(program("rustup").args(["component", "add", component]))?;
        }
    }
    Ok(())
}
