//! `jitgate convert`: policies and requests as code.

use jitgate_core::convert::convert;

use crate::args::Convert;
use crate::format::{FileReport, text};
use crate::input::Input;
use crate::outcome::{Outcome, Text};

/// Converts. The text stands alone on the standard output, to be sent into a file or a shell; all else there is to
/// say goes to the standard error.
pub fn run(args: &Convert) -> Outcome {
    let input = match Input::read(&args.file) {
        Ok(input) => input,
        Err(problem) => return Outcome::failure(problem),
    };
    let conversion = convert(&input.bytes, args.to, &args.options());
    let file = FileReport { file: &input.name, report: conversion.report };
    let mut outcome = Outcome::default();
    outcome.notes = file.findings().map(|finding| text::one(&finding)).collect();
    match conversion.outcome {
        Ok(converted) => {
            converted.notes.iter().for_each(|note| outcome.note(format_args!("note: {note}")));
            outcome.out = Text::Exact(converted.text.into_bytes());
        }
        Err(reasons) => {
            reasons.iter().for_each(|reason| outcome.note(format_args!("not converted: {reason}")));
            outcome.found = true;
        }
    }
    outcome
}
