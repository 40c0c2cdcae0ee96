//! The portal's files, ready to be served: `target/site`.
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::command;
use crate::paths::{self, files, fingerprint, root, target};
use crate::shrink;
use crate::wasm::{LOADER, Module, Shape};

/// How the portal is built.
#[derive(Clone, Copy)]
pub enum Flavour {
    /// Small: what is served and tested.
    Release,
    /// Quick to build: for working on it.
    Dev,
}

/// What wasm-opt is told.
const OPTIMISE: &[&str] = &[
    // What Leptos exports for functions that run on a server; the portal has none.
    "--remove-exports=*intounderlying*",
    "-Oz",
    // What brotli makes of a function that is called once is smaller than what it makes of one in another.
    "--one-caller-inline-max-function-size=20",
    // Functions made of one generic function stand together, and compress well.
    "--reorder-functions-by-name",
    // rustc puts the stack first, so nothing is ever found in the lowest kilobyte.
    "--low-memory-unused",
];

/// The folder of `index.html`'s own files. Its served name also carries a fingerprint, so that a browser may
/// keep the files for ever and still never mixes two builds.
const STATIC: &str = "/static/";

/// Builds the portal and gives the folder it is in.
pub fn build(flavour: Flavour) -> Result<PathBuf> {
    let module = module(flavour);
    module.build()?;
    let mut contents = vec![("app.css".to_owned(), shrink::styles(&styles()?)?)];
    contents.extend(scripts(&module)?);
    add_all(&mut contents, &root().join("web/assets"))?;
    contents.push(("demo.json".to_owned(), demo()?));
    contents.push(("pages.md".to_owned(), pages()?));

    let parts = contents.iter().flat_map(|(name, content)| [name.as_bytes(), content.as_slice()]);
    let version = fingerprint(parts);
    let versioned = format!("{STATIC}{version}/");
    let page =
        String::from_utf8(paths::read(&root().join("index.html"))?).context("`index.html` is no UTF-8")?;
    // Not `target/portal`: that folder is cargo's, for the profile of that name.
    let folder = target().join("site");
    paths::empty(&folder)?;
    paths::write(&folder.join("index.html"), page.replace(STATIC, &versioned))?;
    let names = contents.iter().map(|(name, _)| format!("{versioned}{name}"));
    let worker = worker(&version, &names.collect::<Vec<_>>().join(" "))?;
    // At the root: it is for all of the portal's addresses.
    paths::write(&folder.join("sw.js"), worker)?;
    let inside = folder.join(versioned.trim_start_matches('/'));
    for (name, content) in contents {
        paths::write(&inside.join(name), content)?;
    }
    Ok(folder)
}

fn module(flavour: Flavour) -> Module<'static> {
    let (profile, optimise): (_, Option<&'static [&'static str]>) = match flavour {
        Flavour::Release => ("portal", Some(OPTIMISE)),
        Flavour::Dev => ("wasm-dev", None),
    };
    let folder = target().join("xtask").join(profile);
    Module {
        package: "jitgate-web",
        profile,
        features: "",
        flags: &[],
        optimise,
        shape: Shape::Split,
        name: "portal",
        folder,
    }
}

/// `boot.js` with wasm-bindgen's script and the loader in it, the module, and its parts.
fn scripts(module: &Module) -> Result<Vec<(String, Vec<u8>)>> {
    let wasm = format!("{}_bg.wasm", module.name);
    let bound = format!("{}.js", module.name);
    let (script, content) = shrink::number_names(
        &paths::read(&module.folder.join(&bound))?,
        &paths::read(&module.folder.join(&wasm))?,
    );
    let folder = target().join("xtask/scripts");
    paths::empty(&folder)?;
    let mut contents = Vec::new();
    add_all(&mut contents, &module.folder)?;
    contents.retain(|(name, _)| *name != bound && *name != wasm);
    let (parts, scripts): (Vec<_>, Vec<_>) =
        contents.into_iter().partition(|(name, _)| paths::is_wasm(Path::new(name)));
    for (name, script) in scripts {
        let script = if name == LOADER { loader(script)? } else { script };
        paths::write(&folder.join(name), script)?;
    }
    paths::write(&folder.join(bound), script)?;
    let boot = folder.join("boot.js");
    paths::write(&boot, paths::read(&root().join("web/boot.js"))?)?;
    let mut contents = vec![("boot.js".to_owned(), shrink::script(&boot)?), (wasm, content)];
    contents.extend(parts);
    Ok(contents)
}

/// The script that loads the parts, by the portal's own way to fetch. A part that cannot be had is told on the page, to
/// who wants it.
fn loader(script: Vec<u8>) -> Result<Vec<u8>> {
    let fetch = paths::read(&root().join("web/parts.js"))?;
    shrink::silenced(&String::from_utf8([fetch, script].concat())?)
}

/// The demo fleet for the data in the browser: loaded by who asks for it, and no part of the module.
fn demo() -> Result<Vec<u8>> {
    let text = command::output(command::cargo().args(["run", "--quiet", "--package", "jitgate-demo"]))?;
    Ok(text.trim_end().as_bytes().to_vec())
}

/// The rules' pages one after the other, from beside the rules: loaded with the catalogue.
fn pages() -> Result<Vec<u8>> {
    let mut files = files(&root().join("core/src/rules"))?;
    files.retain(|path| path.extension().is_some_and(|extension| extension == "md"));
    files.iter().map(|path| paths::read(path)).collect::<Result<Vec<_>>>().map(|pages| pages.concat())
}

/// The service worker, which knows this version's files.
fn worker(version: &str, files: &str) -> Result<Vec<u8>> {
    let source = String::from_utf8(paths::read(&root().join("web/sw.js"))?).context("`sw.js` is no UTF-8")?;
    let script = target().join("xtask/worker/sw.js");
    paths::write(&script, source.replace("%VERSION%", version).replace("%FILES%", files))?;
    shrink::script(&script)
}

/// Every style sheet in the order of the names, as one: one request, and the cascade is plain to see.
fn styles() -> Result<String> {
    let mut all = String::new();
    for path in files(&root().join("web/styles"))? {
        all += &String::from_utf8(paths::read(&path)?).context("a style sheet is no UTF-8")?;
        all.push('\n');
    }
    Ok(all)
}

fn add_all(contents: &mut Vec<(String, Vec<u8>)>, folder: &Path) -> Result<()> {
    for path in files(folder)? {
        let name = path.strip_prefix(folder)?.to_string_lossy().replace('\\', "/");
        contents.push((name, paths::read(&path)?));
    }
    Ok(())
}
