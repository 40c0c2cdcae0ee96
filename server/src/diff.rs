//! `jitgate diff`: what becomes possible and impossible from one version to the next?

use jitgate_core::preview::diff;
use jitgate_core::wire;

use crate::args::{self, PageFormat};
use crate::documents::{bytes, read};
use crate::format::diff as text;
use crate::outcome::{Outcome, Text};

/// Compares. Something new that becomes possible is a finding, and so is what could not be compared: a gate
/// must not open on a document that nobody could judge.
pub fn run(args: &args::Diff) -> Outcome {
    let one = std::slice::from_ref;
    let [before, after, network] = match read([one(&args.before), one(&args.after), &args.network]) {
        Ok(inputs) => inputs,
        Err(outcome) => return outcome,
    };
    let diff = diff(&bytes(&before), &bytes(&after), &bytes(&network), None);
    let mut outcome = Outcome::default();
    outcome.found = diff.opens() || !diff.complete;
    outcome.out = match args.format {
        PageFormat::Text => Text::Styled(text::text(&diff)),
        PageFormat::Json => Text::Exact(format!("{}\n", wire::diff(&diff)).into_bytes()),
    };
    outcome
}
