//! From a crate to what JavaScript can load: cargo, wasm-bindgen, wasm-opt.
use std::fs;
use std::num::NonZero;
use std::panic;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::thread;

use anyhow::{Context, Result, anyhow};
use wasm_bindgen_cli_support::Bindgen;

use crate::command::{self, cargo};
use crate::paths::{self, files, fingerprint, root, target};
use crate::{node, toolchain};

/// One wasm module to be built.
pub struct Module<'a> {
    pub package: &'a str,
    pub profile: &'a str,
    /// Features of the package, separated by commas.
    pub features: &'a str,
    /// What rustc is told of all crates.
    pub flags: &'a [&'a str],
    /// What wasm-opt is told; `None` leaves the module as the linker made it.
    pub optimise: Option<&'a [&'a str]>,
    pub shape: Shape,
    /// The stem of the files made: `NAME.js` and `NAME_bg.wasm`.
    pub name: &'a str,
    pub folder: PathBuf,
}

/// What a module is to JavaScript.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// It has an interface of its own, which wasm-bindgen would not know what to do with.
    Bare,
    /// wasm-bindgen binds it, once what is marked with `wasm_split` has become modules beside it, each loaded when it
    /// is first wanted.
    Split,
}

/// The script by which the module loads its parts.
pub const LOADER: &str = "__wasm_split.js";

/// The features that rustc's wasm uses and that every browser of the last years has.
const FEATURES: &[&str] = &[
    "--enable-bulk-memory",
    "--enable-multivalue",
    "--enable-mutable-globals",
    "--enable-nontrapping-float-to-int",
    "--enable-reference-types",
    "--enable-sign-ext",
    "--enable-simd",
];

/// wasm-opt does not know the subsections of names that linkers write by now, and says so of each.
const STRIP: &[&str] = &["--strip-producers", "--strip-target-features", "--quiet"];

impl Module<'_> {
    /// Builds the module; what has not changed since the last time is left as it is.
    pub fn build(&self) -> Result<()> {
        let linked = paths::read(&self.compile()?)?;
        let key = self.key(&linked)?;
        let stamp = target().join("xtask").join(format!("{}-{}.stamp", self.name, self.profile));
        if self.folder.is_dir() && fs::read_to_string(&stamp).is_ok_and(|last| last == key) {
            return Ok(());
        }
        paths::empty(&self.folder)?;
        match self.shape {
            Shape::Split => self.bind(&self.split(&linked)?)?,
            Shape::Bare => paths::write(&self.folder.join(format!("{}_bg.wasm", self.name)), linked)?,
        }
        if let Some(level) = self.optimise {
            let modules = files(&self.folder)?.into_iter().filter(|path| paths::is_wasm(path));
            optimise_all(modules.collect(), level)?;
        }
        paths::write(&stamp, key)
    }

    fn compile(&self) -> Result<PathBuf> {
        toolchain::ensure_wasm()?;
        let build =
            ["rustc", "--target", toolchain::WASM, "--package", self.package, "--profile", self.profile];
        let mut cargo = cargo();
        cargo.args(build).args(["--features", self.features]);
        // In all crates; what `.cargo/config.toml` has comes before it, where the environment does not speak instead.
        cargo.env_remove("RUSTFLAGS").env_remove("CARGO_ENCODED_RUSTFLAGS");
        cargo.arg("--config").arg(format!("target.{}.rustflags={:?}", toolchain::WASM, self.flags));
        if self.shape == Shape::Bare {
            // Cargo optimises nothing across crates where there is a library for Rust to be made as well.
            cargo.args(["--crate-type", "cdylib"]);
        }
        if self.shape == Shape::Split {
            // What is to be parted must say where it points to.
            cargo.args(["--", "-Clink-arg=--emit-relocs"]);
        }
        command::run(&mut cargo)?;
        // A profile's folder has its name.
        let folder = target().join(toolchain::WASM).join(self.profile);
        let names = [self.package.to_owned(), self.package.replace('-', "_")];
        let found =
            names.iter().map(|name| folder.join(name).with_extension("wasm")).find(|path| path.is_file());
        found.with_context(|| format!("cargo left no wasm of `{}` in `{}`", self.package, folder.display()))
    }

    fn key(&self, linked: &[u8]) -> Result<String> {
        let tools = paths::read(&root().join("xtask/package-lock.json"))?;
        let level = self.optimise.unwrap_or_default().concat();
        Ok(fingerprint([
            linked,
            tools.as_slice(),
            level.as_bytes(),
            FEATURES.concat().as_bytes(),
            STRIP.concat().as_bytes(),
        ]))
    }

    /// Leaves the parts and the script that loads them in the folder, and gives what is to be bound.
    fn split(&self, linked: &[u8]) -> Result<PathBuf> {
        let main = target().join("xtask").join(format!("{}-{}.wasm", self.name, self.profile));
        let script = format!("./{}.js", self.name);
        let link = format!("./{LOADER}");
        let mut options = wasm_split_cli_support::Options::new(linked);
        options.output_dir = &self.folder;
        options.main_out_path = &main;
        options.main_module = &script;
        options.link_name = &link;
        wasm_split_cli_support::transform(options)
            .map_err(|error| anyhow!("`{}` could not be split: {error:#}", self.package))?;
        Ok(main)
    }

    fn bind(&self, linked: &Path) -> Result<()> {
        let mut bindgen = Bindgen::new();
        bindgen.input_path(linked).out_name(self.name).typescript(false);
        // wasm-opt may go by the names, and leaves them out.
        bindgen.remove_name_section(false).remove_producers_section(true);
        // The parts share the stack pointer and the table.
        bindgen.keep_lld_exports(true);
        bindgen
            .web(true)
            .and_then(|bindgen| bindgen.generate(&self.folder))
            .map_err(|error| anyhow!("wasm-bindgen could not bind `{}`: {error:#}", self.package))
    }
}

/// Each core takes the next one: wasm-opt has use for one at a time.
fn optimise_all(modules: Vec<PathBuf>, level: &[&str]) -> Result<()> {
    node::install("xtask")?;
    let cores = thread::available_parallelism().map_or(1, NonZero::get);
    let left = Mutex::new(modules);
    let next = || left.lock().unwrap_or_else(PoisonError::into_inner).pop();
    let work = || std::iter::from_fn(next).try_for_each(|wasm| optimise(&wasm, level));
    thread::scope(|scope| {
        let workers: Vec<_> = (0..cores).map(|_| scope.spawn(work)).collect();
        workers
            .into_iter()
            .try_for_each(|worker| worker.join().unwrap_or_else(|panic| panic::resume_unwind(panic)))
    })
}

fn optimise(wasm: &Path, level: &[&str]) -> Result<()> {
    let mut wasm_opt = node::node()?;
    wasm_opt.arg("xtask/node_modules/binaryen/bin/wasm-opt").args(level).args(STRIP).args(FEATURES);
    command::run(wasm_opt.arg(wasm).arg("--output").arg(wasm))
}
