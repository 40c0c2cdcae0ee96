//! JIT703: a rule has no address or no port, so what it does is not known.

use alloc::format;

use crate::Severity;
use crate::network::{NetworkFact, Oddity};
use crate::rules::meta::{Meta, page};
use crate::rules::network::words::part;
use crate::rules::{Context, Rule};

/// A rule has no address or no port, so what it does is not known.
#[derive(Debug)]
pub struct RuleMatchesNothing;

impl Rule for RuleMatchesNothing {
    const META: Meta = Meta {
        name: "rule-matches-nothing",
        severity: Severity::Error,
        summary: "a rule has no address or no port, so what it does is not known",
        fixable: false,
        contested: false,
        page: page(include_str!("rule_matches_nothing.md")),
    };

    fn network(fact: &NetworkFact, cx: &mut Context) {
        let Oddity::Empty(aspect) = fact.oddity else { return };
        let what = part(aspect);
        cx.find::<Self>(
            fact.place.node,
            format!("this rule has no {what}, which no rule can be without: what it does is not known"),
        )
        .help(format!("write `*` if any {what} is meant; of an export, take one with all properties"));
    }
}
