//! Azure's own clients against the server: the SDKs for Python and for JavaScript, as people install them.
use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result};

use crate::command::{self, program};
use crate::paths::{self, files, fingerprint, root, target};
use crate::{debian, dist, node};

/// Where the tests of each language are.
const PYTHON: &str = "tests/clients/python";
const JAVASCRIPT: &str = "tests/clients/node";

/// Runs the tests of both.
pub fn test() -> Result<()> {
    let server = dist::tested_program(None)?;
    // Both run before either fails.
    let javascript = javascript(&server);
    let python = match interpreter() {
        Ok(interpreter) => {
            let words = ["-B", "-m", "unittest", "discover", "--verbose", "--start-directory", PYTHON];
            command::run(program(interpreter).args(words).env("JITGATE", &server))
        }
        Err(error) => {
            println!("skipped: the tests with azure-mgmt-security, for want of Python: {error:#}");
            Ok(())
        }
    };
    javascript.and(python)
}

fn javascript(server: &PathBuf) -> Result<()> {
    node::install(JAVASCRIPT)?;
    let tests = files(&root().join(JAVASCRIPT))?.into_iter().filter(|path| {
        let path = path.to_string_lossy();
        path.ends_with(".test.mjs") && !path.contains("node_modules")
    });
    command::run(node::node()?.args(node::TEST).args(tests).env("JITGATE", server))
}

/// A Python with the packages that the tests' `requirements.txt` names, in an environment of its own.
fn interpreter() -> Result<PathBuf> {
    let wanted = root().join(PYTHON).join("requirements.txt");
    let key = fingerprint([paths::read(&wanted)?.as_slice()]);
    let folder = target().join("xtask/python");
    let python = folder.join("bin/python");
    let stamp = folder.join("installed.stamp");
    if fs::read_to_string(&stamp).is_ok_and(|last| last == key) {
        return Ok(python);
    }
    let make = || command::run(program("python3").args(["-m", "venv", "--clear"]).arg(&folder));
    if make().is_err() {
        debian::install(&["python3-venv"])?;
        make().context("`python3 -m venv` is wanted: on Debian, the package `python3-venv`")?;
    }
    let install = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--requirement"];
    command::run(program(&python).args(install).arg(&wanted))?;
    paths::write(&stamp, key)?;
    Ok(python)
}
