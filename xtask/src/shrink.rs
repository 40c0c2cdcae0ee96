//! The portal's scripts, styles and names in less room.
use std::collections::HashMap;
use std::path::Path;

use anyhow::Result;

use crate::command::{self, program};
use crate::{node, paths};

/// wasm-bindgen names a script that the module imports from once for each import.
const DUPLICATES: &str = "--log-override:duplicate-object-key=silent";

/// A script with all that it imports, as one.
pub fn script(path: &Path) -> Result<Vec<u8>> {
    let options = ["--bundle", "--minify", "--format=esm", "--log-level=warning", DUPLICATES];
    Ok(command::output(esbuild()?.args(options).arg(path))?.into_bytes())
}

/// A script without what it writes to the console.
pub fn silenced(text: &str) -> Result<Vec<u8>> {
    command::filter(esbuild()?.args(["--loader=js", "--drop:console", "--log-level=warning"]), text)
}

/// A style sheet without what is only there for its readers.
pub fn styles(text: &str) -> Result<Vec<u8>> {
    command::filter(esbuild()?.args(["--loader=css", "--minify", "--log-level=warning"]), text)
}

fn esbuild() -> Result<std::process::Command> {
    node::install("xtask")?;
    Ok(program(paths::root().join("xtask/node_modules/.bin/esbuild")))
}

/// The ends of wasm-bindgen's names are hashes, which nothing compresses: a name keeps its length, so that the module
/// stays whole, and gets a number in their place.
pub fn number_names(script: &[u8], wasm: &[u8]) -> (Vec<u8>, Vec<u8>) {
    let mut names = HashMap::new();
    for (_, name) in words(script) {
        let number = names.len();
        if let Some(stem) = stem(name) {
            names.entry(name).or_insert_with(|| [stem, format!("{number:0HASH$}").as_bytes()].concat());
        }
    }
    let renamed = |bytes: &[u8]| {
        let mut renamed = bytes.to_vec();
        for (start, word) in words(bytes) {
            let place = renamed.get_mut(start..).and_then(|rest| rest.get_mut(..word.len()));
            if let Some((place, name)) = place.zip(names.get(word)) {
                place.copy_from_slice(name);
            }
        }
        renamed
    };
    (renamed(script), renamed(wasm))
}

/// Hexadecimal digits of a hash.
const HASH: usize = 16;

/// A name of wasm-bindgen's without its hash.
fn stem(name: &[u8]) -> Option<&[u8]> {
    let (stem, hash) = name.split_at_checked(name.len().checked_sub(HASH)?)?;
    let hexadecimal = hash.iter().all(u8::is_ascii_hexdigit);
    (stem.starts_with(b"__wb") && stem.ends_with(b"_") && hexadecimal).then_some(stem)
}

/// What may be names in a script or a module, and where they begin.
fn words(bytes: &[u8]) -> impl Iterator<Item = (usize, &[u8])> {
    let mut start = 0_usize;
    bytes.split(|byte| !(byte.is_ascii_alphanumeric() || *byte == b'_')).filter_map(move |word| {
        let begin = start;
        start = start.saturating_add(word.len()).saturating_add(1);
        // In a module, a letter may stand before a name: the length of the name.
        let skipped = word.windows(4).position(|four| four == b"__wb")?;
        Some((begin.saturating_add(skipped), word.get(skipped..)?))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hashes_become_numbers_in_both() {
        let script = b"a.__wbg_add_0123456789abcdef(b.__wbg_get_fedcba9876543210, __wbindgen_free);";
        let wasm = b"\0asm\x1c__wbg_get_fedcba9876543210\0\x01C__wbg_add_0123456789abcdef\0\xff";
        let (script, wasm) = number_names(script, wasm);
        let text = String::from_utf8(script).unwrap();
        assert_eq!(text, "a.__wbg_add_0000000000000000(b.__wbg_get_0000000000000001, __wbindgen_free);");
        assert_eq!(wasm, b"\0asm\x1c__wbg_get_0000000000000001\0\x01C__wbg_add_0000000000000000\0\xff");
    }
}
