//! Running other programs: a failure says which and how.
use std::env;
use std::ffi::OsStr;
use std::io::{ErrorKind, Write};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, anyhow, bail};

use crate::paths;

/// A program to be run at the repository's root.
pub fn program(name: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new(name);
    command.current_dir(paths::root());
    command
}

/// Cargo: the very one that runs this.
pub fn cargo() -> Command {
    program(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
}

/// The crates that are built for this machine. `xtask` is not among them: built apart, its dependencies keep the
/// features they have in `cargo xtask`, and are not built twice.
pub const NATIVE: &[&str] = &[
    "--package=jitgate-core",
    "--package=jitgate-server",
    "--package=jitgate-wasm",
    "--package=jitgate-local",
    "--package=jitgate-logic",
    "--package=jitgate-view",
    "--package=jitgate-tests",
    "--package=jitgate-truth",
    "--package=jitgate-gen",
];

/// Runs a program to its end; its output goes where ours goes.
pub fn run(command: &mut Command) -> Result<()> {
    let line = describe(command);
    match command.status() {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => bail!("`{line}` failed ({status})"),
        Err(error) => Err(explain(&line, &error)),
    }
}

/// Runs a program to its end and gives what it printed.
pub fn output(command: &mut Command) -> Result<String> {
    let line = describe(command);
    let output = command.stderr(Stdio::inherit()).output().map_err(|error| explain(&line, &error))?;
    if !output.status.success() {
        bail!("`{line}` failed ({})", output.status);
    }
    String::from_utf8(output.stdout).with_context(|| format!("`{line}` printed what is no text"))
}

/// Gives a program a text to read, and gives what it makes of it.
pub fn filter(command: &mut Command, text: &str) -> Result<Vec<u8>> {
    let line = describe(command);
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .map_err(|error| explain(&line, &error))?;
    // Dropped once written: the program sees the end of it.
    if let Some(mut stdin) = child.stdin.take() {
        stdin.write_all(text.as_bytes()).with_context(|| format!("`{line}` did not read its input"))?;
    }
    let output = child.wait_with_output()?;
    if !output.status.success() {
        bail!("`{line}` failed ({})", output.status);
    }
    Ok(output.stdout)
}

/// The command as one would type it.
pub fn describe(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    words.map(OsStr::to_string_lossy).collect::<Vec<_>>().join(" ")
}

fn explain(line: &str, error: &std::io::Error) -> anyhow::Error {
    if error.kind() == ErrorKind::NotFound {
        let name = line.split(' ').next().unwrap_or(line);
        return anyhow!("`{name}` is not installed or not on the PATH");
    }
    anyhow!("`{line}` could not be started: {error}")
}
