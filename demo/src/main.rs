//! Prints the made-up fleet as the portal's file of it.

use std::process::ExitCode;

use jitgate_core::Timestamp;

/// When the file is of: the same in each build.
const NOW: &str = "2026-01-01T00:00:00Z";

fn main() -> ExitCode {
    let Some(now) = Timestamp::parse(NOW) else { return ExitCode::FAILURE };
    println!("{}", jitgate_demo::asset(now));
    ExitCode::SUCCESS
}
