//! What a command answers: text for the standard output, notes for the standard error, an exit code.

use std::fmt::Display;
use std::io::{self, Write};
use std::process::ExitCode;

use anstream::AutoStream;
use clap::ColorChoice;
use jitgate_core::diagnostic::render::shown;

/// The answer of a command. Text may hold colours; they are taken out where none are wanted.
#[derive(Debug, Default)]
pub struct Outcome {
    /// What was asked for.
    pub out: Text,
    /// What else there is to say.
    pub notes: String,
    /// The verdict: there are findings grave enough, or the request is refused.
    pub found: bool,
    /// Something could not be done.
    failed: bool,
}

/// Text for the standard output.
#[derive(Debug)]
pub enum Text {
    /// For people.
    Styled(String),
    /// For programs: every byte as it is.
    Exact(Vec<u8>),
}

impl Default for Text {
    fn default() -> Self {
        Self::Styled(String::new())
    }
}

impl Outcome {
    /// The answer, with nothing found.
    pub fn of(out: Text) -> Self {
        Self { out, ..Self::default() }
    }

    /// The answer of a command that could not run.
    pub fn failure(message: impl Display) -> Self {
        let mut outcome = Self::default();
        outcome.fail(message);
        outcome
    }

    /// Something could not be done; the rest goes on.
    pub fn fail(&mut self, message: impl Display) {
        self.failed = true;
        self.note(format!("error: {message}"));
    }

    /// Something that the reader should know, in one line.
    pub fn note(&mut self, message: impl Display) {
        self.notes += &format!("{}\n", shown(&message.to_string()));
    }

    /// Prints the answer. A reader that has gone away (`| head`) is no failure; the verdict stands.
    pub fn print(self, color: ColorChoice) -> ExitCode {
        let code = match (self.failed, self.found) {
            (true, _) => 2,
            (false, found) => u8::from(found),
        };
        let printed = match &self.out {
            Text::Styled(text) => {
                let mut out = AutoStream::new(io::stdout(), choice(color));
                out.write_all(text.as_bytes()).and_then(|()| out.flush())
            }
            Text::Exact(bytes) => io::stdout().write_all(bytes).and_then(|()| io::stdout().flush()),
        };
        let mut notes = AutoStream::new(io::stderr(), choice(color));
        // With nowhere left to complain, the exit code has to say it.
        let noted = notes.write_all(self.notes.as_bytes());
        match printed.and(noted) {
            Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
                let _ = writeln!(notes, "error: the answer cannot be written: {error}");
                ExitCode::from(2)
            }
            _ => ExitCode::from(code),
        }
    }
}

fn choice(color: ColorChoice) -> anstream::ColorChoice {
    match color {
        ColorChoice::Auto => anstream::ColorChoice::Auto,
        ColorChoice::Always => anstream::ColorChoice::Always,
        ColorChoice::Never => anstream::ColorChoice::Never,
    }
}
