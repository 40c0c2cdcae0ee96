//! `cargo xtask dist`: what users get, in `target/dist`: one program with the portal inside, the npm package, and the
//! portal's files for any web server.
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::command::{self, NATIVE, cargo};
use crate::npm;
use crate::paths::{self, files, root, target};
use crate::portal::{self, Flavour};
use crate::size::{brotlied, gzipped};

/// Builds all three.
pub fn run() -> Result<()> {
    let folder = target().join("dist");
    paths::empty(&folder)?;
    let program = program(Flavour::Release)?;
    let name = program.file_name().context("cargo's program has no name")?.to_owned();
    fs::copy(&program, folder.join(name))?;
    npm::pack()?;
    fs::copy(root().join(npm::TARBALL), folder.join("jitgate.tgz"))?;
    let site = target().join("site");
    for path in files(&site)? {
        paths::write(&folder.join("portal").join(path.strip_prefix(&site)?), paths::read(&path)?)?;
    }
    println!("made {}", folder.display());
    Ok(())
}

/// Builds the program `jitgate` with the portal inside, and tells where it is.
pub fn program(flavour: Flavour) -> Result<PathBuf> {
    let site = portal::build(flavour)?;
    let (profile, portal) = match flavour {
        Flavour::Release => ("release", compressed(&site)?),
        Flavour::Dev => ("dev", site),
    };
    // The files of that folder are in it; in the profile `dev` it reads them from the folder while it runs.
    let build = ["build", "--package", "jitgate-server", "--features", "portal", "--profile", profile];
    command::run(cargo().args(build).env("JITGATE_PORTAL", portal))?;
    Ok(built(profile))
}

/// The program that the native tests run, with a portal inside or without one. It is built as they are, with all native
/// crates at hand: by itself, what it depends on would have other features, and all of it be built once more.
pub fn tested_program(portal: Option<&Path>) -> Result<PathBuf> {
    let mut cargo = cargo();
    cargo.args(["test", "--quiet", "--no-run"]).args(NATIVE).args(["--test", "cli"]);
    if let Some(portal) = portal {
        cargo.args(["--features", "jitgate-server/portal"]).env("JITGATE_PORTAL", portal);
    }
    command::run(&mut cargo)?;
    Ok(built("dev"))
}

/// Where cargo leaves the program.
fn built(profile: &str) -> PathBuf {
    let folder = target().join(if profile == "dev" { "debug" } else { profile });
    folder.join("jitgate").with_extension(std::env::consts::EXE_EXTENSION)
}

/// The portal's files with the same beside them as they travel, `NAME.br` and `NAME.gz`. What has not changed since the
/// last time is left as it is, so that cargo finds nothing new either.
fn compressed(site: &Path) -> Result<PathBuf> {
    let folder = target().join("xtask/portal-compressed");
    let index = site.join("index.html");
    // The page names the folder of the other files, whose name changes with any of them.
    if fs::read(folder.join("index.html")).is_ok_and(|last| paths::read(&index).is_ok_and(|now| now == last))
    {
        return Ok(folder);
    }
    paths::empty(&folder)?;
    // The page comes last: it says that all else is there.
    for path in files(site)?.into_iter().filter(|path| *path != index).chain([index.clone()]) {
        let content = paths::read(&path)?;
        let to = folder.join(path.strip_prefix(site)?);
        for (ending, small) in [("br", brotlied(&content)?), ("gz", gzipped(&content)?)] {
            if small.len() < content.len() {
                let name = format!("{}.{ending}", to.display());
                paths::write(Path::new(&name), small)?;
            }
        }
        paths::write(&to, content)?;
    }
    Ok(folder)
}
