//! JIT713: a resource is given twice, and not the same.

use alloc::format;

use crate::Severity;
use crate::network::{NetworkFact, Oddity};
use crate::rules::meta::{Meta, page};
use crate::rules::network::words::resource;
use crate::rules::{Context, Rule};

/// A resource is given twice, and not the same.
#[derive(Debug)]
pub struct ResourceGivenTwice;

impl Rule for ResourceGivenTwice {
    const META: Meta = Meta {
        name: "resource-given-twice",
        severity: Severity::Warning,
        summary: "a resource is given twice, and not the same",
        fixable: false,
        contested: false,
        page: page(include_str!("resource_given_twice.md")),
    };

    fn network(fact: &NetworkFact, cx: &mut Context) {
        let Oddity::GivenTwice { kind, first } = fact.oddity else { return };
        let what = resource(kind);
        let finding = cx.find::<Self>(
            fact.place.node,
            format!(
                "this {what} was given before with the same id and says something else now: it may be either"
            ),
        );
        finding.help("leave out the one that is out of date");
        if first.file == fact.place.file {
            finding.related(first.node, "the one before");
        }
    }
}
