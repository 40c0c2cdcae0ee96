//! The part of a session that writes policies and requests as code; the small module does without it.

use jitgate_core::convert::{Format, Options, Place, convert};
use jitgate_core::{CheckOptions, Kind};

use crate::diagnostics::Diagnostics;
use crate::rows::Rows;
use crate::session::{Session, Status};

impl Session {
    /// Writes the document in a language, an index into [`Format::ALL`]; `kind` and `now` as in [`Self::check`]. The
    /// parts are subscription, resource group, location, name and endpoint, empty where they are not told. Gives
    /// `[text, [note, …], [reason, …], kind, count, texts]`, where the text is 0 if there is none.
    pub fn convert(&mut self, to: usize, kind: usize, now: f64) -> Status {
        let Some(now) = self.now(now) else { return Status::BadTime };
        let told = |at: usize| self.parts.get(at).and_then(|part| str::from_utf8(part).ok());
        let place =
            Place { subscription: told(0), resource_group: told(1), location: told(2), name: told(3) };
        let check = CheckOptions { kind: Kind::ALL.get(kind).copied(), now: Some(now) };
        let to = Format::ALL.get(to).copied().unwrap_or(Format::Json);
        let conversion = convert(&self.document, to, &Options { check, place, endpoint: told(4) });
        let mut rows = Rows::default();
        rows.open();
        let (text, notes, reasons) = match &conversion.outcome {
            Ok(converted) => (Some(converted.text.as_str()), converted.notes.as_slice(), &[][..]),
            Err(reasons) => (None, &[][..], reasons.as_slice()),
        };
        rows.optional(text);
        for list in [notes, reasons] {
            rows.list(list, |rows, line| rows.text(line));
        }
        let mut diagnostics = Diagnostics::default();
        diagnostics.report(conversion.report.kind, &conversion.report.diagnostics, &mut rows);
        self.answer = diagnostics.end(rows);
        Status::Done
    }
}
