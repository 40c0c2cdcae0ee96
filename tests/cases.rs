//! `cases`: says which expected files differ from what the core says. `cases --write` renews them;
//! `cargo xtask gen` runs that.

use std::fs;
use std::process::ExitCode;

use jitgate_tests::{Case, cases};

fn main() -> ExitCode {
    let write = std::env::args().any(|argument| argument == "--write");
    match cases().and_then(|cases| compare(&cases, write)) {
        Ok(0) => ExitCode::SUCCESS,
        Ok(count) if write => {
            println!("{count} expected files are new; read them before you commit them");
            ExitCode::SUCCESS
        }
        Ok(count) => {
            println!("{count} expected files differ; `cargo xtask gen` renews them");
            ExitCode::FAILURE
        }
        Err(problem) => {
            println!("error: {problem}");
            ExitCode::FAILURE
        }
    }
}

/// How many expected files differ.
fn compare(cases: &[Case], write: bool) -> Result<usize, String> {
    let mut count = 0_usize;
    for case in cases {
        let (path, answer) = (case.expected(), format!("{}\n", case.answer()?.pretty));
        if fs::read(&path).is_ok_and(|expected| expected == answer.as_bytes()) {
            continue;
        }
        println!("{}", case.name);
        count = count.saturating_add(1);
        if write {
            fs::write(&path, answer).map_err(|error| format!("`{}`: {error}", path.display()))?;
        }
    }
    Ok(count)
}
