//! The browser that the tests run in.
use std::env;
use std::path::PathBuf;

use anyhow::{Result, bail};

use crate::debian;

/// What Chromium is called in the systems that have it.
const NAMES: [&str; 4] = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

/// Finds Chromium, or installs it where that is ours to do: as root on Debian.
pub fn ensure() -> Result<PathBuf> {
    if let Some(named) = env::var_os("CHROMIUM") {
        return Ok(named.into());
    }
    if let Some(found) = debian::find(&NAMES) {
        return Ok(found);
    }
    debian::install(&["chromium"])?;
    match debian::find(&NAMES) {
        Some(found) => Ok(found),
        None => bail!(
            "Chromium is needed for the tests in the browser: install the package `chromium`, or say where it is in CHROMIUM"
        ),
    }
}
