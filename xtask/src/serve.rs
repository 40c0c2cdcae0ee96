//! `cargo xtask serve`: jitgate on this machine, with a made-up fleet to look at.
use std::process::Command;

use anyhow::Result;

use crate::args::Serve;
use crate::command;
use crate::dist;
use crate::portal::Flavour;

/// Builds the program with the portal inside, and runs it until interrupted. It prints the address with a link that
/// signs its user in.
pub fn serve(options: &Serve) -> Result<()> {
    let flavour = if options.dev { Flavour::Dev } else { Flavour::Release };
    let program = dist::program(flavour)?;
    let listen = format!("127.0.0.1:{}", options.port);
    command::run(Command::new(program).args(["serve", "--demo", "--listen", &listen]))
}
