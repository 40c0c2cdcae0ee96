//! `cargo xtask serve`: the portal on this machine.
use std::env;
use std::io::{self, IsTerminal};
use std::process::{Command, Stdio};

use anyhow::Result;

use crate::args::Serve;
use crate::portal::{self, Flavour};
use crate::site::Site;

/// Builds the portal and serves it until interrupted.
pub fn serve(options: &Serve) -> Result<()> {
    let flavour = if options.dev { Flavour::Dev } else { Flavour::Release };
    let site = Site::open(&portal::build(flavour)?, options.port)?;
    let url = site.url();
    println!("jitgate is on {url}");
    if options.open && io::stdout().is_terminal() {
        open(&url);
    }
    site.run()
}

/// Shows the address in the user's browser, where there is a desktop to do it on. The address is printed
/// anyway, so a failure is nothing to tell of.
fn open(url: &str) {
    let opener = if cfg!(target_os = "macos") {
        "open"
    } else if env::var_os("DISPLAY").is_some() || env::var_os("WAYLAND_DISPLAY").is_some() {
        "xdg-open"
    } else {
        return;
    };
    drop(Command::new(opener).arg(url).stdout(Stdio::null()).stderr(Stdio::null()).spawn());
}
