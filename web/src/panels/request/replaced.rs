//! What a request ends: whoever asks anew for the same port of the same machine, by whatever policy, gives up what they
//! had open there.
use jitgate_core::Timestamp;
use jitgate_logic::draft::length;
use leptos::prelude::*;

use super::Form;
use crate::api::Open;
use crate::parts::{both, sources};
use crate::state::{Fleet, Session};
use crate::ui::{Note, Notes};

/// What is said of a port that is asked for, before it is.
pub fn replaced(form: Form, row: u32) -> Notes {
    let (fleet, session) = (expect_context::<Fleet>(), expect_context::<Session>());
    let notes = Memo::new(move |_| {
        // What came of the request itself is no older access.
        if form.bodies.with(|bodies| form.submissions.is_sent(bodies, row)) {
            return Vec::new();
        }
        let asked =
            form.row(row, |ask| Some((ask.machine.clone()?, ask.number, length(&ask.time, ask.unit))));
        let Some(((machine, number, time), now)) = asked.zip(fleet.now.get()) else { return Vec::new() };
        let machine = fleet.machine(&machine);
        let is_lost = |open: &&Open| {
            open.port == number && open.end.is_none_or(|end| end > now) && session.is_own(&open.requestor)
        };
        let open = machine.iter().flat_map(|machine| &machine.open).filter(is_lost);
        let mut lost: Vec<_> = open.map(|open| (&open.sources, open.end)).collect();
        // By two protocols, it is said once.
        lost.dedup();
        let end = time.and_then(|time| now.checked_add(time));
        lost.into_iter().map(|(from, old)| note(from, old, end)).collect()
    });
    notes.into()
}

fn note(from: &[String], old: Option<Timestamp>, new: Option<Timestamp>) -> Note {
    let until = old.map(|old| format!(" until {}", both(old))).unwrap_or_default();
    let shorter = new.filter(|new| old.is_some_and(|old| *new < old));
    let shorter = shorter.map(|new| format!(", and closes the port sooner, at {}", both(new)));
    let severity = if shorter.is_some() { "warning" } else { "info" };
    let text = format!(
        "You have access to this port from {}{until}. Opening it anew ends that{}.",
        sources(from),
        shorter.unwrap_or_default()
    );
    Note { severity, text }
}
