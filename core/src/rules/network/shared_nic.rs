//! JIT719: two machines have one NIC.

use crate::Severity;
use crate::network::{NetworkFact, Oddity};
use crate::rules::meta::{Meta, page};
use crate::rules::{Context, Rule};

/// Two machines have one NIC.
#[derive(Debug)]
pub struct SharedNic;

impl Rule for SharedNic {
    const META: Meta = Meta {
        name: "shared-nic",
        severity: Severity::Warning,
        summary: "two machines have one NIC",
        fixable: false,
        contested: false,
        page: page(include_str!("shared_nic.md")),
    };

    fn network(fact: &NetworkFact, cx: &mut Context) {
        let Oddity::SharedNic { first } = fact.oddity else { return };
        let finding = cx.find::<Self>(
            fact.place.node,
            "a NIC of this machine is another machine's too: one of the two exports is out of date",
        );
        finding.help("export the machines and their NICs once more");
        if first.file == fact.place.file {
            finding.related(first.node, "the other machine");
        }
    }
}
