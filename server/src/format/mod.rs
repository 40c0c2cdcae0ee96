//! The ways to print findings.

pub mod decision;
pub mod diff;
pub mod github;
pub mod json;
pub mod preview;
pub mod reach;
pub mod sarif;
pub mod text;

use jitgate_core::{Diagnostic, Report};

/// The report on a file.
#[derive(Debug)]
pub struct FileReport<'a> {
    /// Its name.
    pub file: &'a str,
    /// What there is to say.
    pub report: Report<'a>,
}

/// A diagnostic with what its places are places in.
#[derive(Clone, Copy, Debug)]
pub struct Finding<'a> {
    /// The file's name.
    pub file: &'a str,
    /// The file's text.
    pub text: &'a str,
    /// The diagnostic.
    pub diagnostic: &'a Diagnostic,
}

impl FileReport<'_> {
    /// The diagnostics with their file.
    pub fn findings(&self) -> impl Iterator<Item = Finding<'_>> {
        let finding = |diagnostic| Finding { file: self.file, text: &self.report.text, diagnostic };
        self.report.diagnostics.iter().map(finding)
    }
}
