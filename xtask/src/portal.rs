//! The portal's files, ready to be served: `target/site`.
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::paths::{self, files, fingerprint, root, target};
use crate::wasm::Module;

/// How the portal is built.
#[derive(Clone, Copy)]
pub enum Flavour {
    /// Small: what is served and tested.
    Release,
    /// Quick to build: for working on it.
    Dev,
}

/// The folder of `index.html`'s own files. Its served name also carries a fingerprint, so that a browser may
/// keep the files for ever and still never mixes two builds.
const STATIC: &str = "/static/";

/// Builds the portal and gives the folder it is in.
pub fn build(flavour: Flavour) -> Result<PathBuf> {
    let module = module(flavour);
    module.build()?;
    let mut contents = vec![
        ("app.css".to_owned(), styles()?),
        ("boot.js".to_owned(), paths::read(&root().join("web/boot.js"))?),
    ];
    add_all(&mut contents, &module.folder)?;
    add_all(&mut contents, &root().join("web/assets"))?;

    let parts = contents.iter().flat_map(|(name, content)| [name.as_bytes(), content.as_slice()]);
    let versioned = format!("{STATIC}{}/", fingerprint(parts));
    let page =
        String::from_utf8(paths::read(&root().join("index.html"))?).context("`index.html` is no UTF-8")?;
    // Not `target/portal`: that folder is cargo's, for the profile of that name.
    let folder = target().join("site");
    paths::empty(&folder)?;
    paths::write(&folder.join("index.html"), page.replace(STATIC, &versioned))?;
    let inside = folder.join(versioned.trim_start_matches('/'));
    for (name, content) in contents {
        paths::write(&inside.join(name), content)?;
    }
    Ok(folder)
}

fn module(flavour: Flavour) -> Module<'static> {
    let (profile, optimise): (_, Option<&'static [&'static str]>) = match flavour {
        // rustc puts the stack first, so nothing is ever found in the lowest kilobyte.
        Flavour::Release => ("portal", Some(&["-Oz", "--low-memory-unused"])),
        Flavour::Dev => ("wasm-dev", None),
    };
    let folder = target().join("xtask").join(profile);
    Module { package: "jitgate-web", profile, features: "", optimise, bindings: true, name: "portal", folder }
}

/// Every style sheet in the order of the names, as one: one request, and the cascade is plain to see.
fn styles() -> Result<Vec<u8>> {
    let mut all = Vec::new();
    for path in files(&root().join("web/styles"))? {
        all.extend(paths::read(&path)?);
        all.push(b'\n');
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
