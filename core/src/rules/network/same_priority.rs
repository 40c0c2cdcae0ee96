//! JIT701: two rules of an NSG have one priority.

use alloc::format;

use crate::Severity;
use crate::network::{Direction, NetworkFact, Oddity};
use crate::rules::meta::{Meta, page};
use crate::rules::{Context, Rule};

/// Two rules of an NSG have one priority.
#[derive(Debug)]
pub struct SamePriority;

impl Rule for SamePriority {
    const META: Meta = Meta {
        name: "same-priority",
        severity: Severity::Error,
        summary: "two rules of an NSG have one priority",
        fixable: false,
        contested: false,
        page: page(include_str!("same_priority.md")),
    };

    fn network(fact: &NetworkFact, cx: &mut Context) {
        let Oddity::SamePriority { priority, direction, first } = fact.oddity else { return };
        let way = if direction == Direction::Inbound { "inbound" } else { "outbound" };
        let finding = cx.find::<Self>(
            fact.place.node,
            format!("another {way} rule of this NSG has priority `{priority}` too: the service refuses the second one"),
        );
        finding.help("give each rule of a direction a number of its own; the lower one decides");
        if first.file == fact.place.file {
            finding.related(first.node, "the other rule");
        }
    }
}
