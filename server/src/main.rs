//! The program `jitgate`: checks and decides just-in-time access documents on the command line.
//!
//! The verdicts are the core's; here is what the core does without: arguments, files, the clock, the terminal.

mod args;
mod check;
mod decide;
mod explain;
mod format;
mod input;
mod mend;
mod outcome;

use std::process::ExitCode;

use clap::Parser;

use args::{Args, Command};

fn main() -> ExitCode {
    let args = Args::parse();
    let outcome = match &args.command {
        Command::Check(options) => check::run(options),
        Command::Decide(options) => decide::run(options),
        Command::Explain(options) => explain::run(options),
        Command::Rules(options) => explain::list(options),
    };
    outcome.print(args.color)
}
