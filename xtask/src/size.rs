//! `cargo xtask size`: what is shipped, compressed as it travels, against its budgets.
use std::io::Write;
use std::path::Path;

use anyhow::{Result, bail};
use flate2::Compression;
use flate2::write::GzEncoder;

use crate::npm;
use crate::paths::{self, files};
use crate::portal::{self, Flavour};

/// A kilobyte as budgets count it.
const KB: usize = 1000;

/// What a browser loads of the portal before its first page, compressed with brotli. A ratchet just above where it
/// stands.
const FIRST: usize = 289 * KB;

/// What the first page may take at most.
const FIRST_GOAL: usize = 350 * KB;

/// All of the portal, the parts that are loaded when they are wanted included. A ratchet just above where it stands, to
/// be drawn in as it shrinks towards the goal. It was let out twelve times: from 396 KB when the portal got its pages, its
/// panels and the ledger, from 858 KB when it was parted, since parts pack worse by themselves, by 5 KB when it came to
/// tell apart what failed and what is not known, by 19 KB when it came to tell of an act to its user alone, and scripts came
/// to be read as terminals show them, by 8 KB when the focus came to stay with its row, and what exports lost to be open, by
/// 10 KB when more of what they lose did, by 32 KB when scripts came to be read as they run, by 13 KB when panels came
/// to say what opens again, and the workbench to lose nothing, by 21 KB when access came to be extended by what its own
/// rule allows, connecting to tell protocols and firewalls apart, and fixes to be safe only where nothing beside them is odd,
/// by 21 KB when a preview came to be of all policies, and what is not deployed or sent to no use to be told apart, by
/// 1 KB when machines in no policy came to be told only to those who may read them, and by 21 KB when what may not be there
/// came to decide nothing surely, and previews to be of all policies that change together.
const PORTAL: usize = 1175 * KB;

/// What all of the portal is to come down to.
const PORTAL_GOAL: usize = 350 * KB;

/// What the page loads at once.
const AT_ONCE: &[&str] = &["index.html", "app.css", "boot.js", "icon.svg", "portal_bg.wasm", "theme.js"];

/// What a page in a browser loads for `jitgate`, its wasm included, compressed with gzip. A ratchet just above where
/// the package stands, to be drawn in as it shrinks towards the goal. It was let out eight times, by 1 to 6 KB: when
/// it came to tell requests of HTTP and shells from other texts, when more that is oddly written came to be decided,
/// when that was done anew and long lists came to be judged at once, and when what templates copy came to be judged, and
/// documents to be read behind lines of a terminal, when a script's calls came to follow on each other, when fixes came to
/// be safe only where nothing beside them is odd, when what a document has beside what is deployed came to be told apart,
/// and when what a what-if answers came to be read.
const NPM: usize = 115 * KB;

/// The same for `jitgate/network`, which knows networks, reads scripts and writes code, too: also a ratchet, let
/// out nine times, by 4 KB for the same, by 18 KB when scripts came to be read as terminals show them, with all that may have
/// changed a value, by 10 KB when what exports lose came to be open, by 28 KB when scripts came to be read as they run, by
/// 8 KB when pipes of theirs did, and each unknown value came to have a name, by 5 KB, by 12 KB and by 1 KB with the last three
/// of the above, and by 12 KB when what may not be there came to decide nothing surely.
const NPM_NETWORK: usize = 480 * KB;

/// What the package is to come down to.
const NPM_GOAL: usize = 60 * KB;

/// One file, and its sizes as it is and as it travels.
struct Item {
    name: String,
    plain: usize,
    compressed: usize,
}

/// Builds what is shipped, prints its sizes, and fails when a budget is overdrawn.
pub fn run() -> Result<()> {
    // Both are printed before either fails.
    [npm(), portal()].into_iter().collect()
}

fn portal() -> Result<()> {
    let site = portal::build(Flavour::Release)?;
    let portal = files(&site)?.iter().map(|path| item(&site, path, brotli)).collect::<Result<Vec<_>>>()?;
    let all = report("portal, brotli", &portal, PORTAL, PORTAL_GOAL);
    let first = portal.into_iter().filter(|item| AT_ONCE.iter().any(|name| item.name.ends_with(name)));
    let first = report("portal before its first page, brotli", &first.collect::<Vec<_>>(), FIRST, FIRST_GOAL);
    all.and(first)
}

/// The budget is that of the package itself; the rules' pages are an import of their own.
fn npm() -> Result<()> {
    npm::pack()?;
    let measure = |line: &str| -> Result<Item> {
        let bundle = npm::bundle(line)?;
        Ok(Item { name: line.to_owned(), plain: bundle.len(), compressed: gzip(&bundle)? })
    };
    println!("the rules' pages, gzip: {}", kb(measure("import 'jitgate/pages'")?.compressed));
    let package = measure("export * from 'jitgate'")?;
    let network = measure("export * from 'jitgate/network'")?;
    let network = report("npm with networks, gzip", &[network], NPM_NETWORK, NPM_NETWORK);
    report("npm, gzip", &[package], NPM, NPM_GOAL).and(network)
}

/// Prints a table and whether its goal is met, and fails when the sum is over the budget.
fn report(title: &str, items: &[Item], budget: usize, goal: usize) -> Result<()> {
    println!("{title}");
    for Item { name, plain, compressed } in items {
        println!("  {:>10} → {:>9}  {name}", kb(*plain), kb(*compressed));
    }
    let sum = items.iter().map(|item| item.compressed).fold(0, usize::saturating_add);
    let plain = items.iter().map(|item| item.plain).fold(0, usize::saturating_add);
    println!("  {:>10} → {:>9}  in all, of {} allowed", kb(plain), kb(sum), kb(budget));
    if sum > goal {
        println!("  the goal of {} is not met", kb(goal));
    }
    if sum > budget {
        bail!("{title}: {} is more than the {} allowed", kb(sum), kb(budget));
    }
    Ok(())
}

fn kb(bytes: usize) -> String {
    format!("{}.{} KB", bytes.div_euclid(KB), bytes.rem_euclid(KB).div_euclid(KB / 10))
}

fn item(folder: &Path, path: &Path, compress: fn(&[u8]) -> Result<usize>) -> Result<Item> {
    let content = paths::read(path)?;
    let name = path.strip_prefix(folder)?.display().to_string();
    Ok(Item { name, plain: content.len(), compressed: compress(&content)? })
}

fn brotli(content: &[u8]) -> Result<usize> {
    Ok(brotlied(content)?.len())
}

fn gzip(content: &[u8]) -> Result<usize> {
    Ok(gzipped(content)?.len())
}

/// Brotli at its best, which is how a web server keeps files compressed beforehand.
pub fn brotlied(content: &[u8]) -> Result<Vec<u8>> {
    let mut writer = brotli::CompressorWriter::new(Vec::new(), 4096, 11, 22);
    writer.write_all(content)?;
    Ok(writer.into_inner())
}

/// Gzip at its best.
pub fn gzipped(content: &[u8]) -> Result<Vec<u8>> {
    let mut writer = GzEncoder::new(Vec::new(), Compression::best());
    writer.write_all(content)?;
    Ok(writer.finish()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn item(compressed: usize) -> Item {
        Item { name: "file".to_owned(), plain: 0, compressed }
    }

    #[test]
    fn a_budget_is_kept_or_overdrawn_to_the_byte() {
        assert!(report("all", &[item(400), item(600)], KB, KB).is_ok());
        let error = report("all", &[item(400), item(601)], KB, KB).unwrap_err().to_string();
        assert!(error.contains("1.0 KB allowed"), "{error}");
    }

    #[test]
    fn lengths_are_those_of_the_finished_stream() {
        let text = b"just in time, just in time, just in time";
        for length in [brotli(text).unwrap(), gzip(text).unwrap()] {
            assert!((10..text.len()).contains(&length), "{length}");
        }
    }
}
