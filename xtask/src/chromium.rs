//! The browser that the tests run in.
use std::env;
use std::path::PathBuf;

use anyhow::{Result, bail};

use crate::debian;

/// What Chromium is called in the systems that have it. The one without windows comes first: it shows the same pages, and
/// takes half of the processor time for them.
const NAMES: [&str; 5] =
    ["chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

/// Debian's packages that have it, the first of them in its newer releases alone.
const PACKAGES: [&str; 2] = ["chromium-headless-shell", "chromium"];

/// Finds Chromium, or installs it where that is ours to do: as root on Debian.
pub fn ensure() -> Result<PathBuf> {
    if let Some(named) = env::var_os("CHROMIUM") {
        return Ok(named.into());
    }
    if let Some(found) = debian::find(&NAMES) {
        return Ok(found);
    }
    for package in PACKAGES {
        if let Err(error) = debian::install(&[package]) {
            println!("not installed: {error:#}");
        }
        if let Some(found) = debian::find(&NAMES) {
            return Ok(found);
        }
    }
    bail!(
        "Chromium is needed for the tests in the browser: install the package `chromium`, or say where it is in CHROMIUM"
    )
}
