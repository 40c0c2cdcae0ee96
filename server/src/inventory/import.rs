//! `jitgate import`: takes exports in, and says what was read.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use jitgate_core::diagnostic::render::shown;
use jitgate_core::inventory::count;
use jitgate_core::ledger::{Actor, Command, Context, Digest, Inventory, InventoryFile, Principal};
use jitgate_core::preview::{DocumentReport, load};
use jitgate_core::{Severity, Timestamp, json::Source};
use uuid::Uuid;

pub use super::read::File;
use super::read::read;
use super::stored;
use crate::admin::{change_with, look, tell_if_made};
use crate::args::{Format, Import, clock};
use crate::format::{Finding, github, sarif, text};
use crate::ledger::Ask;
use crate::outcome::{Outcome, Text};
use crate::store::{Blob, DataFolder, Fault, SqliteReader};

/// Imports the files.
pub fn run(args: &Import) -> Outcome {
    let Some(now) = clock() else {
        return Outcome::failure("the clock's time is none that can be written");
    };
    let mut files: Vec<File> = Vec::new();
    let mut problems = Outcome::default();
    let mut complete = true;
    for path in &args.files {
        match read(path) {
            Ok(parts) => files.extend(parts),
            Err(problem) => {
                complete = false;
                problems.fail(problem);
            }
        }
    }
    if !complete {
        return problems;
    }
    match import(args, files, now) {
        Ok(outcome) => outcome,
        Err(fault) => Outcome::failure(fault),
    }
}

fn import(args: &Import, mut files: Vec<File>, now: Timestamp) -> Result<Outcome, String> {
    let before = if args.add { known(&args.data)? } else { None };
    if let Some(before) = &before {
        let mut all = earlier(&args.data, before, &files).map_err(|fault| fault.to_string())?;
        all.append(&mut files);
        files = all;
    }
    let contents: Vec<&[u8]> = files.iter().map(|file| file.bytes.as_slice()).collect();
    let loaded = load(&contents, Some(now));
    let network = loaded.engine.network();
    let by_file: Vec<BTreeMap<String, u64>> =
        (0..).zip(&files).map(|(at, _)| count(network, Some(at))).collect();
    let counts = count(network, None);
    let mut outcome = report(args, &files, &by_file, &counts, &loaded.reports);
    if counts.is_empty() {
        outcome.fail("no resource of a network was found, and nothing was imported");
        return Ok(outcome);
    }
    // All of the work is done: a server must wait for the writing alone.
    let (command, blobs) = command(files, counts);
    Ok(tell_if_made(&args.data, || {
        change_with(&args.data, blobs, |state, _| {
            if args.add && state.inventory() != before.as_ref() {
                return Err("something else was imported meanwhile; import once more".to_owned());
            }
            Ok((vec![command], ()))
        })?;
        Ok(outcome)
    }))
}

/// What was imported before.
fn known(data: &Path) -> Result<Option<Arc<Inventory>>, String> {
    if !DataFolder::database_in(data).exists() {
        return Ok(None);
    }
    Ok(look(data)?.state().inventory().cloned())
}

/// The files that were imported before, but for those of the same names: they are newer ones.
fn earlier(data: &Path, before: &Inventory, newer: &[File]) -> Result<Vec<File>, Fault> {
    let reader = SqliteReader::open(&DataFolder::database_in(data))?;
    let kept = before.files.iter().filter(|known| !newer.iter().any(|file| file.name == known.name));
    let read = |file: &InventoryFile| Ok(File { name: file.name.clone(), bytes: stored(&reader, file)? });
    kept.map(read).collect()
}

/// The command that takes files in, each once, with what they hold.
fn command(files: Vec<File>, counts: BTreeMap<String, u64>) -> (Command, Vec<Blob>) {
    let mut listed = Vec::with_capacity(files.len());
    let mut blobs: Vec<Blob> = Vec::with_capacity(files.len());
    for File { name, bytes } in files {
        let sha256 = Digest::of(&bytes).to_string();
        let size = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        listed.push(InventoryFile { name, sha256: sha256.clone(), size });
        if !blobs.iter().any(|blob| blob.digest == sha256) {
            blobs.push(Blob { digest: sha256, bytes });
        }
    }
    (Command::ImportInventory(Inventory { files: listed, counts }), blobs)
}

/// The same as the server's own doing.
pub fn ask(files: Vec<File>, counts: BTreeMap<String, u64>, now: Timestamp) -> Ask {
    let context = Context {
        now,
        actor: Actor { principal: Principal::system(), address: None },
        correlation_id: Uuid::new_v4().to_string(),
        client_request_id: None,
    };
    let (command, blobs) = command(files, counts);
    Ask { blobs, ..Ask::new(command, context) }
}

/// What was read, and what is wrong with it.
fn report(
    args: &Import,
    files: &[File],
    by_file: &[BTreeMap<String, u64>],
    counts: &BTreeMap<String, u64>,
    reports: &[DocumentReport],
) -> Outcome {
    let texts: Vec<String> = files.iter().map(|file| Source::decode(&file.bytes).text.into_owned()).collect();
    let mut findings = Vec::new();
    for report in reports {
        let (Some(file), Some(text)) = (files.get(report.index), texts.get(report.index)) else { continue };
        let of = |diagnostic| Finding { file: &file.name, text, diagnostic };
        findings.extend(report.diagnostics.iter().map(of));
    }
    let worst = findings.iter().map(|finding| finding.diagnostic.severity).max();
    let mut outcome = Outcome::default();
    outcome.found = args.fail_on.severity().is_some_and(|least: Severity| worst >= Some(least));
    outcome.out = match args.format {
        Format::Text => {
            let mut out: String = findings.iter().map(text::one).collect();
            for (file, counts) in files.iter().zip(by_file) {
                out.push_str(&format!("{}: {}\n", shown(&file.name), words(counts)));
            }
            if !counts.is_empty() {
                let noun = if files.len() == 1 { "file" } else { "files" };
                out.push_str(&format!("imported {} {noun}: {}\n", files.len(), words(counts)));
            }
            Text::Styled(out)
        }
        Format::Json => {
            let of = |(file, counts): (&File, &BTreeMap<String, u64>)| serde_json::json!({"name": file.name, "size": file.bytes.len(), "counts": counts});
            let files: Vec<_> = files.iter().zip(by_file).map(of).collect();
            let reports: serde_json::Value =
                serde_json::from_str(&jitgate_core::wire::reports(reports)).unwrap_or_default();
            let all = serde_json::json!({"files": files, "counts": counts, "reports": reports});
            Text::Exact(format!("{all}\n").into_bytes())
        }
        Format::Sarif => Text::Exact(sarif::log(findings, &[], &mut outcome)),
        Format::Github => Text::Exact(github::annotations(findings.into_iter())),
    };
    outcome
}

fn words(counts: &BTreeMap<String, u64>) -> String {
    if counts.is_empty() {
        return "nothing of a network".to_owned();
    }
    let words: Vec<String> = counts.iter().map(|(word, count)| format!("{count} {word}")).collect();
    words.join(", ")
}
