//! The browser that the tests run in.
use std::env;
use std::path::{Path, PathBuf};

use anyhow::{Result, bail};

use crate::command::{self, program};

/// What Chromium is called in the systems that have it.
const NAMES: [&str; 4] = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

/// Finds Chromium, or installs it where that is ours to do: as root on Debian.
pub fn ensure() -> Result<PathBuf> {
    if let Some(named) = env::var_os("CHROMIUM") {
        return Ok(named.into());
    }
    if let Some(found) = find() {
        return Ok(found);
    }
    if Path::new("/etc/debian_version").exists() && command::output(program("id").arg("-u"))?.trim() == "0" {
        println!("installing Debian's chromium");
        command::run(program("apt-get").arg("update"))?;
        command::run(program("apt-get").args(["install", "-y", "--no-install-recommends", "chromium"]))?;
    }
    match find() {
        Some(found) => Ok(found),
        None => bail!(
            "Chromium is needed for the tests in the browser: install the package `chromium`, or say where it is in CHROMIUM"
        ),
    }
}

fn find() -> Option<PathBuf> {
    let path = env::var_os("PATH")?;
    env::split_paths(&path).flat_map(|folder| NAMES.map(|name| folder.join(name))).find(|file| file.is_file())
}
