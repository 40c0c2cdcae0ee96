//! Several files at once, as commands take them that look at a network.

use std::path::PathBuf;

use jitgate_core::Kind;
use jitgate_core::json::Source;
use serde_json::Value;

use crate::input::Input;
use crate::outcome::Outcome;

/// Reads all files of all options, or says everything that keeps it from that.
pub fn read<const N: usize>(options: [&[PathBuf]; N]) -> Result<[Vec<Input>; N], Outcome> {
    let is_stdin = |file: &&PathBuf| file.as_os_str() == "-";
    if options.iter().flat_map(|files| files.iter()).filter(is_stdin).count() > 1 {
        return Err(Outcome::failure("`-` stands twice, and there is only one standard input; name it once"));
    }
    let mut failed = Outcome::default();
    let mut complete = true;
    let read = options.map(|files| {
        let mut inputs = Vec::new();
        for file in files {
            match Input::read(file) {
                Ok(input) => inputs.push(input),
                Err(problem) => {
                    failed.fail(problem);
                    complete = false;
                }
            }
        }
        inputs
    });
    if complete { Ok(read) } else { Err(failed) }
}

/// What they hold.
pub fn bytes(inputs: &[Input]) -> Vec<&[u8]> {
    inputs.iter().map(|input| input.bytes.as_slice()).collect()
}

/// True for a document of that kind where a part of a network is due. An empty list may be one of anything.
pub fn is_foreign(input: &Input, kind: Kind) -> bool {
    match kind {
        Kind::Network => false,
        Kind::PolicyList => !is_empty(&Source::decode(&input.bytes).text),
        _ => true,
    }
}

fn is_empty(list: &str) -> bool {
    let list = match serde_json::from_str(list.trim_start_matches('\u{feff}')) {
        Ok(Value::Object(mut members)) => members.remove("value").unwrap_or_default(),
        Ok(list) => list,
        Err(_) => return false,
    };
    list.as_array().is_some_and(Vec::is_empty)
}
