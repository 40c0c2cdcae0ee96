//! JIT714: a rule gives a single value and a list for the same thing.

use alloc::format;

use crate::Severity;
use crate::network::{NetworkFact, Oddity};
use crate::rules::meta::{Meta, page};
use crate::rules::network::words::part;
use crate::rules::{Context, Rule};

/// A rule gives a single value and a list for the same thing.
#[derive(Debug)]
pub struct SingleAndPlural;

impl Rule for SingleAndPlural {
    const META: Meta = Meta {
        name: "single-and-plural",
        severity: Severity::Warning,
        summary: "a rule gives a single value and a list for the same thing",
        fixable: false,
        contested: false,
        page: page(include_str!("single_and_plural.md")),
    };

    fn network(fact: &NetworkFact, cx: &mut Context) {
        let Oddity::BothForms(aspect) = fact.oddity else { return };
        let what = part(aspect);
        cx.find::<Self>(
            fact.place.node,
            format!("this rule has a single {what} and a list of them: both count, and a reader of one misses the other"),
        )
        .help("put all of them into the list");
    }
}
