//! What the picture draws: lanes of bars between two instants.
use std::collections::BTreeSet;
use std::time::Duration;

use jitgate_core::Timestamp;

use super::row::{Row, Standing};
use crate::browser::pixels;
use crate::parts::{local, requestor, sources, zone_millis};

/// So many lanes are drawn at first, and so many at most; the table has them all.
pub const FEW: usize = 8;
pub const MOST: usize = 60;

/// What a lane stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    Machine,
    User,
}

/// A bar.
#[derive(Clone, Debug, PartialEq)]
pub struct Bar {
    /// Parts of a hundred.
    pub from: f64,
    pub width: f64,
    pub standing: Standing,
    /// All that the table has, in a line.
    pub words: String,
}

/// A lane.
#[derive(Clone, Debug, PartialEq)]
pub struct Lane {
    pub name: String,
    pub bars: Vec<Bar>,
}

/// The lanes between two instants, those with the latest bars first, and how many there are in all.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Lanes {
    pub lanes: Vec<Lane>,
    pub all: usize,
}

/// What lies between two instants, as parts of a hundred.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Scale {
    pub start: Timestamp,
    pub end: Timestamp,
}

impl Scale {
    /// Up to some time ahead of the present, so that what is open now shows its end.
    pub fn around(now: Timestamp, back: Duration, ahead: Duration) -> Self {
        let millis = |length: Duration| i64::try_from(length.as_millis()).unwrap_or_default();
        let start = Timestamp::from_unix_millis(unix(now).saturating_sub(millis(back)));
        Self { start: start.unwrap_or(now), end: now.checked_add(ahead).unwrap_or(now) }
    }

    /// Round times in the user's zone, so many hours apart.
    pub fn rounds(self, hours: i64) -> Vec<Timestamp> {
        let zone = |at: i64| Timestamp::from_unix_millis(at).map(zone_millis).unwrap_or_default();
        let all = jitgate_logic::rounds(unix(self.start), unix(self.end), hours, zone).into_iter();
        all.filter_map(Timestamp::from_unix_millis).collect()
    }

    pub fn place(self, at: Timestamp) -> f64 {
        let seconds = |to: Timestamp| {
            let seconds = to.since(self.start).map(|length| length.as_secs()).unwrap_or_default();
            pixels(usize::try_from(seconds).unwrap_or(usize::MAX))
        };
        (100.0 * seconds(at) / seconds(self.end).max(1.0)).clamp(0.0, 100.0)
    }
}

/// Milliseconds since 1970.
fn unix(at: Timestamp) -> i64 {
    let since = at.since(Timestamp::EPOCH).unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or_default()
}

impl Lanes {
    /// `rows` are the latest first.
    pub fn of(rows: &[Row], by: By, scale: Scale) -> Self {
        let mut lanes: Vec<Lane> = Vec::new();
        let mut all = BTreeSet::new();
        for row in rows {
            let (Some(start), Some(end)) = (row.start, row.end()) else { continue };
            if end <= scale.start || start >= scale.end {
                continue;
            }
            let name = match by {
                By::Machine => row.held.name.clone(),
                By::User => row.who(),
            };
            if all.insert(name.clone()) && lanes.len() < MOST {
                lanes.push(Lane { name: name.clone(), bars: Vec::new() });
            }
            let Some(lane) = lanes.iter_mut().find(|lane| lane.name == name) else { continue };
            let (from, to) = (scale.place(start), scale.place(end));
            lane.bars.push(Bar {
                from,
                width: (to - from).max(0.4),
                standing: row.standing,
                words: words(row, start, end),
            });
        }
        Self { lanes, all: all.len() }
    }
}

/// Who, what, from where, from when until when, why.
fn words(row: &Row, start: Timestamp, end: Timestamp) -> String {
    let early = row.standing.is_short().then(|| {
        let by = row.closed.as_ref().map(|(_, by)| format!(" by {}", requestor(by))).unwrap_or_default();
        let asked = row.held.end.map(|end| format!(", asked for until {}", local(end))).unwrap_or_default();
        format!("{by}{asked}")
    });
    let why = match row.held.justification.as_str() {
        "" => String::new(),
        why => format!(", “{why}”"),
    };
    format!(
        "{}, {} from {}: {} from {} until {}{}{why}",
        row.what(),
        row.who(),
        sources(&row.held.sources),
        row.standing.word().to_lowercase(),
        local(start),
        local(end),
        early.unwrap_or_default()
    )
}
