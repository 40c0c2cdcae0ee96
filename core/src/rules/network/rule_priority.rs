//! JIT702: a rule's priority is missing or out of range.

use alloc::borrow::Cow;
use alloc::format;

use crate::Severity;
use crate::network::{NetworkFact, Oddity};
use crate::rules::meta::{Meta, page};
use crate::rules::{Context, Rule, words};

/// A rule's priority is missing or out of range.
#[derive(Debug)]
pub struct RulePriority;

impl Rule for RulePriority {
    const META: Meta = Meta {
        name: "rule-priority",
        severity: Severity::Error,
        summary: "a rule's priority is missing or out of range",
        fixable: false,
        contested: false,
        page: page(include_str!("rule_priority.md")),
    };

    fn network(fact: &NetworkFact, cx: &mut Context) {
        let Oddity::BadPriority { absent } = fact.oddity else { return };
        let message = if absent {
            Cow::Borrowed("this rule has no priority, so its place among the others is not known")
        } else {
            let text = words::plain(cx.tape().raw(fact.place.node));
            Cow::Owned(format!("`{text}` is no priority that the service takes"))
        };
        cx.find::<Self>(fact.place.node, message)
            .help("give an NSG's rule a whole number from `100` to `4096`, a firewall's collection one up to `65000`");
    }
}
