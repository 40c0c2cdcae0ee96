//! JIT717: variables or parameters of a template go round in a circle.

use crate::Severity;
use crate::network::{NetworkFact, Oddity};
use crate::rules::meta::{Meta, page};
use crate::rules::{Context, Rule};

/// Variables or parameters of a template go round in a circle.
#[derive(Debug)]
pub struct TemplateCycle;

impl Rule for TemplateCycle {
    const META: Meta = Meta {
        name: "template-cycle",
        severity: Severity::Error,
        summary: "variables or parameters of a template go round in a circle",
        fixable: false,
        contested: false,
        page: page(include_str!("template_cycle.md")),
    };

    fn network(fact: &NetworkFact, cx: &mut Context) {
        if fact.oddity != Oddity::Cycle {
            return;
        }
        cx.find::<Self>(
            fact.place.node,
            "what this expression is made of leads back to itself: it has no value",
        )
        .help("give one of the variables a value of its own");
    }
}
