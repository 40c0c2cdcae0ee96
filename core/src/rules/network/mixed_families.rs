//! JIT715: a rule's sources are IPv4 and its destinations IPv6, or the other way round.

use crate::Severity;
use crate::network::{NetworkFact, Oddity};
use crate::rules::meta::{Meta, page};
use crate::rules::{Context, Rule};

/// A rule's sources are IPv4 and its destinations IPv6, or the other way round.
#[derive(Debug)]
pub struct MixedFamilies;

impl Rule for MixedFamilies {
    const META: Meta = Meta {
        name: "mixed-families",
        severity: Severity::Warning,
        summary: "a rule's sources are IPv4 and its destinations IPv6, or the other way round",
        fixable: false,
        contested: false,
        page: page(include_str!("mixed_families.md")),
    };

    fn network(fact: &NetworkFact, cx: &mut Context) {
        if fact.oddity != Oddity::MixedFamilies {
            return;
        }
        cx.find::<Self>(
            fact.place.node,
            "one side of this rule is IPv4 and the other IPv6: no packet has both, so it never matches",
        )
        .help("give both sides the same family of addresses, or make a rule for each");
    }
}
