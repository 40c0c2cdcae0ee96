//! JIT718: a nested template is not in the document.

use crate::Severity;
use crate::network::{NetworkFact, Oddity};
use crate::rules::meta::{Meta, page};
use crate::rules::{Context, Rule};

/// A nested template is not in the document.
#[derive(Debug)]
pub struct LinkedTemplate;

impl Rule for LinkedTemplate {
    const META: Meta = Meta {
        name: "linked-template",
        severity: Severity::Info,
        summary: "a nested template is not in the document",
        fixable: false,
        contested: false,
        page: page(include_str!("linked_template.md")),
    };

    fn network(fact: &NetworkFact, cx: &mut Context) {
        if fact.oddity != Oddity::LinkedTemplate {
            return;
        }
        cx.find::<Self>(
            fact.place.node,
            "this template is somewhere else: what it deploys is not known here",
        )
        .help("give the linked template as a document too");
    }
}
