//! The ways to write a time whose instant is certain, other than the service's own.

use alloc::string::String;

use crate::format::format;
use crate::json::NodeId;
use crate::model::{TimeText, Timestamp};
use crate::part;
use crate::rules::{Context, EditDraft, Finding};

/// What is unlike the service's way; of several the first counts, so that a time has one fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Spelling {
    /// A space for `T`, small letters, no seconds, an offset without a colon, white space around it.
    Form,
    /// An offset that is not `Z` or `+00:00`.
    Offset,
    /// More than seven digits of a second.
    Fine,
}

/// The instant, if the time has that spelling.
#[inline]
pub fn spelt(time: TimeText, node: NodeId, spelling: Spelling, cx: &Context) -> Option<Timestamp> {
    match time {
        TimeText::Spelt(instant) if of(&cx.text(node)) == spelling => Some(instant),
        _ => None,
    }
}

#[cold]
fn of(text: &str) -> Spelling {
    let (byte, len) = (|at| text.as_bytes().get(at).copied(), text.len());
    let zone = text.get(len.saturating_sub(6)..).unwrap_or("");
    let colon = zone.starts_with(['+', '-']) && zone.get(3..4) == Some(":");
    let well_formed = byte(10) == Some(b'T') && byte(16) == Some(b':') && (colon || text.ends_with('Z'));
    match (well_formed, colon && zone != "+00:00") {
        (false, _) => Spelling::Form,
        (true, true) => Spelling::Offset,
        (true, false) => Spelling::Fine,
    }
}

/// The service's way to write that instant, which is exact to 100 nanoseconds.
pub fn utc(time: Timestamp) -> String {
    let text = format!("{time}");
    match part::cut(&text, '.') {
        Some((seconds, fraction)) if fraction.len() > 8 => {
            let fraction = fraction.get(..7).unwrap_or("").trim_end_matches('0');
            let point = if fraction.is_empty() { "" } else { "." };
            format!("{seconds}{point}{fraction}Z")
        }
        _ => text,
    }
}

/// A time in the service's way, in the place of that one, with the title of a fix.
pub fn put(cx: &Context, node: NodeId, time: Timestamp) -> (String, [EditDraft; 1]) {
    let text = utc(time);
    (format!("write `{text}`"), [EditDraft::string(cx.tape(), node, &text)])
}

/// Says how times are written.
pub fn help(found: &mut Finding) -> &mut Finding {
    found.help("write UTC, as in `2026-01-15T15:00:00Z`")
}
