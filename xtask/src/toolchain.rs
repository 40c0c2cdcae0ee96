//! The Rust side of what a build needs: the wasm target.
use std::path::Path;

use anyhow::Result;

use crate::command::{self, program};

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
