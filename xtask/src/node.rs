//! The JavaScript side of what a build needs: Node, and the packages of a folder as its lock file says.
use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::command::{self, program};
use crate::paths::{self, fingerprint, root};

/// The oldest Node that will do.
const OLDEST: u32 = 20;

/// Node, to be run at the repository's root.
pub fn node() -> Result<Command> {
    let version = command::output(program("node").arg("--version"))
        .with_context(|| format!("Node {OLDEST} or newer with npm is needed: https://nodejs.org"))?;
    let version = version.trim();
    let major = version.trim_start_matches('v').split('.').next().and_then(|major| major.parse::<u32>().ok());
    if major.is_none_or(|major| major < OLDEST) {
        bail!("Node {OLDEST} or newer is needed, this is {version}: https://nodejs.org");
    }
    Ok(program("node"))
}

/// Installs the packages that a folder's `package-lock.json` names, unless they are there.
pub fn install(folder: &str) -> Result<()> {
    let folder = root().join(folder);
    let wanted = fingerprint([paths::read(&folder.join("package-lock.json"))?.as_slice()]);
    let stamp = folder.join("node_modules/.installed");
    if fs::read_to_string(&stamp).is_ok_and(|there| there == wanted) {
        return Ok(());
    }
    println!("installing the npm packages of {}", folder.display());
    command::run(npm(&folder).args(["ci", "--no-audit", "--no-fund", "--loglevel=error"]))?;
    paths::write(&stamp, wanted)
}

/// npm, to be run in a folder.
pub fn npm(folder: &Path) -> Command {
    let mut npm = Command::new("npm");
    npm.current_dir(folder);
    npm
}

/// How Node runs tests: every kind of report is the same, on a terminal or not, and no file of them may hang. The time is
/// for a whole file: looking at every page in every form takes minutes.
pub const TEST: &[&str] = &["--test", "--test-reporter=spec", "--test-timeout=900000"];
