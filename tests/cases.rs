//! `cases`: says which expected files differ from what the core says. `cases --write` renews them;
//! `cargo xtask gen` runs that.

use std::fs;
use std::path::PathBuf;
use std::process::ExitCode;

use jitgate_tests::{Answer, cases, previews};

fn main() -> ExitCode {
    let write = std::env::args().any(|argument| argument == "--write");
    match answers().and_then(|answers| compare(answers, write)) {
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

/// The expected file of every question, and what the core says.
fn answers() -> Result<Vec<(PathBuf, Answer)>, String> {
    let mut answers = Vec::new();
    for case in cases()? {
        answers.push((case.expected(), case.answer()?));
    }
    for case in previews()? {
        for question in case.questions() {
            answers.push((case.expected(question), case.answer(question)?));
        }
    }
    Ok(answers)
}

/// How many expected files differ.
fn compare(answers: Vec<(PathBuf, Answer)>, write: bool) -> Result<usize, String> {
    let mut count = 0_usize;
    for (path, answer) in answers {
        let answer = format!("{}\n", answer.pretty);
        if fs::read(&path).is_ok_and(|expected| expected == answer.as_bytes()) {
            continue;
        }
        println!("{}", path.display());
        count = count.saturating_add(1);
        if write {
            fs::write(&path, answer).map_err(|error| format!("`{}`: {error}", path.display()))?;
        }
    }
    Ok(count)
}
