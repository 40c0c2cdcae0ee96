//! What is wrong with a role definition, and where.

use alloc::string::String;
use core::fmt;

use crate::diagnostic::{Position, Severity};

/// One thing to say about one place of a role definition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// `Error` where the definition cannot be taken, `Warning` where something in it has no effect.
    pub severity: Severity,
    /// What is wrong and why it matters; lower-case start, no full stop.
    pub message: String,
    /// What to do about it; may be empty.
    pub help: String,
    /// Where, as a JSON pointer (RFC 6901); `""` is the whole document.
    pub pointer: String,
    /// Where, in the text.
    pub position: Position,
}

impl fmt::Display for Problem {
    /// One line: `error at line 3, column 5 (/Actions/0): …; …`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Position { line, column, .. } = self.position;
        write!(f, "{} at line {line}, column {column}", self.severity.as_str())?;
        if !self.pointer.is_empty() {
            write!(f, " ({})", self.pointer)?;
        }
        write!(f, ": {}", self.message)?;
        if self.help.is_empty() { Ok(()) } else { write!(f, "; {}", self.help) }
    }
}
