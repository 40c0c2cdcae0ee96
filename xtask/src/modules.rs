//! `cargo xtask modules`: all wasm that is shipped, at once. Linking keeps one core busy for minutes, and each profile has
//! a folder of cargo's own: the package and the portal do not wait for each other.
use std::panic;
use std::thread;

use anyhow::Result;

use crate::portal::{self, Flavour};
use crate::{node, npm, toolchain};

/// Builds the package's modules and the portal.
pub fn build() -> Result<()> {
    // What both need is installed once.
    toolchain::ensure_wasm()?;
    node::install("xtask")?;
    thread::scope(|scope| {
        // The one that takes as long as the two others.
        let network = scope.spawn(npm::network);
        let others = npm::lean().and_then(|_| portal::build(Flavour::Release));
        let network = network.join().unwrap_or_else(|panic| panic::resume_unwind(panic));
        others.and(network).map(drop)
    })
}
