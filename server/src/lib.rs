//! The program `jitgate`: checks and decides just-in-time access documents on the command line, and serves the API.
//!
//! The verdicts are the core's; here is what the core does without: arguments, files, the clock, the terminal,
//! the network.

mod admin;
mod args;
mod audit;
mod auth;
mod check;
mod convert;
mod decide;
mod diff;
mod documents;
mod explain;
mod flows;
mod format;
mod http;
mod input;
mod inventory;
pub mod ledger;
mod mend;
mod outcome;
mod preview;
mod reach;
mod serve;
pub mod store;

use std::process::ExitCode;

use clap::Parser;

use args::{Args, Command};

/// Does what the command line says.
pub fn main() -> ExitCode {
    let args = Args::parse();
    let outcome = match &args.command {
        Command::Check(options) => check::run(options),
        Command::Decide(options) => decide::run(options),
        Command::Convert(options) => convert::run(options),
        Command::Preview(options) => preview::run(options),
        Command::Diff(options) => diff::run(options),
        Command::Reach(options) => reach::run(options),
        Command::Explain(options) => explain::run(options),
        Command::Rules(options) => explain::list(options),
        Command::Import(options) => inventory::import::run(options),
        Command::Serve(options) => serve::run(options),
        Command::Audit(what) => audit::run(what),
        Command::Token(what) => admin::token::run(what),
        Command::Role(what) => admin::role::run(what),
        Command::Backup(options) => audit::backup(options),
    };
    outcome.print(args.color)
}
