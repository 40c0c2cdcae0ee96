//! Programs that Debian has as packages.
use std::env;
use std::path::{Path, PathBuf};

use anyhow::Result;

use crate::command::{self, program};

/// The first of these programs that is on the path.
pub fn find(names: &[&str]) -> Option<PathBuf> {
    let path = env::var_os("PATH")?;
    env::split_paths(&path)
        .flat_map(|folder| names.iter().map(move |name| folder.join(name)))
        .find(|file| file.is_file())
}

/// Installs packages where that is ours to do: as root on Debian.
pub fn install(packages: &[&str]) -> Result<()> {
    if Path::new("/etc/debian_version").exists() && command::output(program("id").arg("-u"))?.trim() == "0" {
        println!("installing Debian's {}", packages.join(" and "));
        command::run(program("apt-get").arg("update"))?;
        command::run(program("apt-get").args(["install", "-y", "--no-install-recommends"]).args(packages))?;
    }
    Ok(())
}

/// Installs what the tests against the Linux kernel take. Where that cannot be, they say that they were skipped.
pub fn ensure_namespaces() {
    if (find(&["nft"]).is_none() || find(&["ip"]).is_none())
        && let Err(error) = install(&["nftables", "iproute2"])
    {
        println!("not installed: {error:#}");
    }
}
