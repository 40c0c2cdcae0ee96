//! A difference as text for people: a line for each thing that becomes possible or impossible.

use jitgate_core::Severity;
use jitgate_core::diagnostic::render::shown;
use jitgate_core::preview::{Diff, DocumentReport};

use super::text::{bad, faint, good, plural, strong};

/// The difference.
pub fn text(diff: &Diff) -> String {
    let mut out = String::new();
    let mut count = [0_usize; 2];
    let mut line = |opens: bool, machine: &str, words: &str| {
        let name = machine.rsplit('/').next().unwrap_or(machine);
        let sign = if opens { bad("＋") } else { good("−") };
        let slot = usize::from(opens);
        count.get_mut(slot).into_iter().for_each(|count| *count = count.saturating_add(1));
        format!("{sign} {} {}\n", strong(&shown(name)), shown(words))
    };
    for change in &diff.openable {
        out += &line(change.opens(), &change.machine, &change.to_string());
    }
    for change in &diff.reachable {
        for region in change.traffic.boxes() {
            let certain = if change.certain { "" } else { "maybe " };
            out += &line(change.opens, &change.machine, &format!("{certain}{region}"));
        }
    }
    let [closes, opens] = count;
    if diff.is_equal() {
        out += "nothing becomes possible, and nothing impossible\n";
    } else {
        out += &format!(
            "{} possible, {} impossible\n",
            plural(opens, ("thing becomes", "things become")),
            plural(closes, ("thing becomes", "things become")),
        );
    }
    if !diff.complete {
        out += &format!("{}: {}\n", bad("not everything could be compared"), unjudged(diff));
    }
    out
}

fn unjudged(diff: &Diff) -> String {
    let errors = |reports: &[DocumentReport]| {
        let all = reports.iter().flat_map(|report| &report.diagnostics);
        all.filter(|diagnostic| diagnostic.severity == Severity::Error).count()
    };
    match (errors(&diff.before), errors(&diff.after)) {
        (0, 0) => "a value is not known, or a document is neither a policy nor a network".to_string(),
        (before, after) => format!(
            "{} before and {after} after; {}",
            plural(before, ("error", "errors")),
            faint("`jitgate check` tells them")
        ),
    }
}
