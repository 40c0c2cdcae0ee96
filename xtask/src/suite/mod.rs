//! `cargo xtask test`: every check in order, going on after a failure.
pub mod browser;
mod checks;
mod count;

use std::fs::{self, File};
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Instant;

use anyhow::{Result, bail};

use crate::paths::target;
use crate::{debian, toolchain};
use checks::Check;
use count::Count;

/// Runs the checks, or only the named ones, and prints how many passed and failed.
pub fn run(only: &[String]) -> Result<ExitCode> {
    let checks = checks::all()?;
    if let Some(unknown) = only.iter().find(|name| checks.iter().all(|check| check.name != name.as_str())) {
        let names: Vec<_> = checks.iter().map(|check| check.name).collect();
        bail!("`{unknown}` is no check; they are {}", names.join(", "));
    }
    toolchain::ensure_tools()?;
    debian::ensure_namespaces();
    let started = Instant::now();
    let mut total = Count::default();
    let mut skipped = Vec::new();
    for check in checks {
        if only.is_empty() || only.iter().any(|name| name == check.name) {
            total = total.plus(execute(check, &mut skipped)?);
        }
    }
    for line in skipped {
        println!("{line}");
    }
    println!("in {:.0?}", started.elapsed());
    println!("{} passed, {} failed", total.passed, total.failed);
    Ok(if total.failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Runs one check. Its output goes to a file, and is shown only when the check fails; but what it says of tests that
/// the machine does not allow is kept for the end.
fn execute(mut check: Check, skipped: &mut Vec<String>) -> Result<Count> {
    let log = log(check.name)?;
    let started = Instant::now();
    println!("{:<12} …", check.name);
    let output = File::create(&log)?;
    let status = check.command.stdout(output.try_clone()?).stderr(output).status();
    let text = String::from_utf8_lossy(&fs::read(&log)?).into_owned();
    let succeeded = status.as_ref().is_ok_and(std::process::ExitStatus::success);
    let count = Count::of(&text, succeeded);
    skipped.extend(text.lines().filter(|line| line.starts_with("skipped: ")).map(str::to_owned));
    if count.failed > 0 {
        println!("{text}");
        if let Err(error) = status {
            println!("could not start: {error}");
        }
    }
    let verdict = if count.failed == 0 { "ok" } else { "FAILED" };
    println!("{:<12} {verdict}, {:.1} s, {count}", check.name, started.elapsed().as_secs_f32());
    Ok(count)
}

fn log(name: &str) -> Result<PathBuf> {
    let folder = target().join("xtask/test");
    fs::create_dir_all(&folder)?;
    Ok(folder.join(name).with_extension("log"))
}
