//! `cargo xtask test`: every check, in two lanes side by side and what comes after them, going on after a failure.
pub mod browser;
mod checks;
mod count;

use std::fs::{self, File};
use std::panic;
use std::path::PathBuf;
use std::process::ExitCode;
use std::thread;
use std::time::Instant;

use anyhow::{Result, bail};

use crate::paths::target;
use crate::{debian, toolchain};
use checks::{Check, Lanes};
use count::Count;

/// Runs the checks, or only the named ones, and prints how many passed and failed.
pub fn run(only: &[String]) -> Result<ExitCode> {
    let mut lanes = checks::all()?;
    if let Some(unknown) = only.iter().find(|name| lanes.each().all(|check| check.name != name.as_str())) {
        let names: Vec<_> = lanes.each().map(|check| check.name).collect();
        bail!("`{unknown}` is no check; they are {}", names.join(", "));
    }
    lanes.retain(|check| only.is_empty() || only.iter().any(|name| name == check.name));
    toolchain::ensure_tools()?;
    debian::ensure_namespaces();
    let started = Instant::now();
    let Lanes { native, wasm, after } = lanes;
    let (native, wasm) = thread::scope(|scope| {
        let wasm = scope.spawn(|| lane(wasm));
        (lane(native), wasm.join().unwrap_or_else(|panic| panic::resume_unwind(panic)))
    });
    let outcomes = [native?, wasm?, lane(after)?].concat();
    for line in outcomes.iter().flat_map(|outcome| &outcome.skipped) {
        println!("{line}");
    }
    let total = outcomes.iter().map(|outcome| outcome.count).fold(Count::default(), Count::plus);
    println!("in {:.0?}", started.elapsed());
    println!("{} passed, {} failed", total.passed, total.failed);
    Ok(if total.failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// What a check came to.
#[derive(Clone)]
struct Outcome {
    count: Count,
    /// What it says of tests that the machine does not allow.
    skipped: Vec<String>,
}

/// Runs checks in order, going on after a failure.
fn lane(checks: Vec<Check>) -> Result<Vec<Outcome>> {
    checks.into_iter().map(execute).collect()
}

/// Runs one check. Its output goes to a file, and is shown only when the check fails.
fn execute(mut check: Check) -> Result<Outcome> {
    let log = log(check.name)?;
    let started = Instant::now();
    println!("{:<12} …", check.name);
    let output = File::create(&log)?;
    let status = check.command.stdout(output.try_clone()?).stderr(output).status();
    let text = String::from_utf8_lossy(&fs::read(&log)?).into_owned();
    let succeeded = status.as_ref().is_ok_and(std::process::ExitStatus::success);
    let count = Count::of(&text, succeeded);
    let skipped = text.lines().filter(|line| line.starts_with("skipped: ")).map(str::to_owned).collect();
    if count.failed > 0 {
        println!("{text}");
        if let Err(error) = status {
            println!("could not start: {error}");
        }
    }
    let verdict = if count.failed == 0 { "ok" } else { "FAILED" };
    println!("{:<12} {verdict}, {:.1} s, {count}", check.name, started.elapsed().as_secs_f32());
    Ok(Outcome { count, skipped })
}

fn log(name: &str) -> Result<PathBuf> {
    let folder = target().join("xtask/test");
    fs::create_dir_all(&folder)?;
    Ok(folder.join(name).with_extension("log"))
}
