//! `jitgate check`: everything that is wrong with some documents.

use jitgate_core::check;

use crate::args::{Check, Format};
use crate::format::{FileReport, github, json, sarif, text};
use crate::input::Input;
use crate::mend::mend;
use crate::outcome::{Outcome, Text};

/// Checks the documents. What cannot be read is said, and the rest is checked all the same.
pub fn run(args: &Check) -> Outcome {
    let mut outcome = Outcome::default();
    let options = args.options();
    if args.files.iter().filter(|file| file.as_os_str() == "-").count() > 1 {
        return Outcome::failure("`-` stands twice, and there is only one standard input; name it once");
    }
    let mut inputs = Vec::new();
    let mut problems = Vec::new();
    for file in &args.files {
        match Input::read(file) {
            Ok(input) => inputs.push(input),
            Err(problem) => problems.push(problem),
        }
    }
    if args.fix {
        for input in &mut inputs {
            match mend(input, &options) {
                Ok(notes) => notes.into_iter().for_each(|note| outcome.note(note)),
                Err(problem) => problems.push(problem),
            }
        }
    }
    let reports: Vec<FileReport> = inputs
        .iter()
        .map(|input| FileReport { file: &input.name, report: check(&input.bytes, &options) })
        .collect();
    let findings = || reports.iter().flat_map(FileReport::findings);
    let answer = match args.format {
        Format::Text => Text::Styled(text::reports(&reports)),
        Format::Json => Text::Exact(json::reports(&reports)),
        Format::Sarif => Text::Exact(sarif::log(findings().collect(), &problems, &mut outcome)),
        Format::Github => Text::Exact(github::annotations(findings())),
    };
    problems.iter().for_each(|problem| outcome.fail(problem));
    let worst = reports.iter().filter_map(|file| file.report.worst()).max();
    outcome.found = args.fail_on.severity().is_some_and(|least| worst >= Some(least));
    match inputs.iter().find(|input| args.fix && input.path.is_none()) {
        // The fixed text takes the place of the answer, which moves to the standard error.
        Some(input) => {
            outcome.notes += &match answer {
                Text::Styled(text) => text,
                Text::Exact(bytes) => String::from_utf8_lossy(&bytes).into_owned(),
            };
            if input.is_cut() {
                outcome
                    .fail(format!("`{}` is longer than what is read of it: nothing is written", input.name));
            } else {
                outcome.out = Text::Exact(input.bytes.clone());
            }
        }
        None => outcome.out = answer,
    }
    outcome
}
