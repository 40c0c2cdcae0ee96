//! The npm package: its wasm, its own build, its tests and its benchmark.
use std::fs;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result};

use crate::command;
use crate::node;
use crate::paths::{files, root, target};
use crate::wasm::{Module, Shape};

/// The finished package, from the repository's root.
pub const TARBALL: &str = "pkg/dist/jitgate.tgz";

/// What is quick by many instructions at once says so in its code (`wide`), and little else here runs through long loops:
/// LLVM's own vectors and unrolled loops are larger and no quicker. Where something is found, nothing needs to be inlined,
/// and elsewhere a little less than LLVM would (250) takes no time that could be measured.
const FLAGS: &[&str] = &[
    "-Cno-vectorize-loops",
    "-Cno-vectorize-slp",
    "-Cllvm-args=-unroll-threshold=0",
    "-Cllvm-args=-inline-threshold=200",
    "-Cllvm-args=-inlinecold-threshold=5",
];

/// Builds the package into `pkg/dist/jitgate.tgz`.
pub fn pack() -> Result<()> {
    let (lean, network) = (lean()?, network()?);
    node::install("pkg")?;
    command::run(
        node::node()?.arg("pkg/build.mjs").arg("--wasm").arg(lean).arg("--network-wasm").arg(network),
    )?;

    // `npm pack` names the file after the version; the name the tests and the README know has none.
    let dist = root().join("pkg/dist");
    let pack = ["pack", "--loglevel=error", "--pack-destination", "dist"];
    let printed = command::output(node::npm(&root().join("pkg")).args(pack))?;
    let name = printed.lines().last().context("`npm pack` named no file")?;
    fs::rename(dist.join(name.trim()), root().join(TARBALL))?;
    println!("packed {TARBALL}");
    Ok(())
}

/// Builds the package's small module, and tells where it is.
pub fn lean() -> Result<PathBuf> {
    module("wasm", "", "jitgate_wasm")
}

/// The same of its module with networks.
pub fn network() -> Result<PathBuf> {
    module("wasm-network", "network", "jitgate_network")
}

/// Builds the crate's module with these features, and tells where it is.
fn module(profile: &str, features: &str, name: &str) -> Result<PathBuf> {
    let folder = target().join("pkg").join(name);
    let module = Module {
        package: "jitgate-wasm",
        profile,
        features,
        flags: FLAGS,
        // A large function with one caller stays by itself: engines compile a function when it is first called, and
        // most of what is written about findings is never called.
        // The lowest memory is the deep end of the stack, where nothing has an address. By their names, functions that
        // are alike come to stand side by side, which packs better.
        optimise: Some(&[
            "-O3",
            "--one-caller-inline-max-function-size=20",
            "--low-memory-unused",
            "--reorder-functions-by-name",
        ]),
        shape: Shape::Bare,
        name,
        folder: folder.clone(),
    };
    module.build()?;
    Ok(folder.join(format!("{name}_bg.wasm")))
}

/// Runs the tests of the package, as it was packed.
pub fn test() -> Result<()> {
    pack()?;
    let tests = files(&root().join("pkg/tests"))?;
    let tests = tests.iter().filter(|path| path.to_string_lossy().ends_with(".test.mjs"));
    command::run(node::node()?.args(node::TEST).args(tests))
}

/// What a bundler makes of a line that imports the package, for a page in a browser.
pub fn bundle(line: &str) -> Result<Vec<u8>> {
    // The line stands in the package's own folder, where its name leads to its own `exports`.
    let folder = root().join("pkg");
    let mut bundler = Command::new(folder.join("node_modules/.bin/esbuild"));
    bundler.current_dir(&folder).args(["--bundle", "--minify", "--format=esm", "--log-level=warning"]);
    command::filter(&mut bundler, line)
}
