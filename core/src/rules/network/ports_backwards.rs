//! JIT706: a range of ports has its ends the wrong way round.

use alloc::format;

use crate::Severity;
use crate::network::{NetworkFact, Oddity};
use crate::rules::meta::{Meta, page};
use crate::rules::{Context, EditDraft, Rule, words};

/// A range of ports has its ends the wrong way round.
#[derive(Debug)]
pub struct PortsBackwards;

impl Rule for PortsBackwards {
    const META: Meta = Meta {
        name: "ports-backwards",
        severity: Severity::Error,
        summary: "a range of ports has its ends the wrong way round",
        fixable: true,
        contested: false,
        page: page(include_str!("ports_backwards.md")),
    };

    fn network(fact: &NetworkFact, cx: &mut Context) {
        if fact.oddity != Oddity::PortsBackwards {
            return;
        }
        let text = words::plain(cx.tape().raw(fact.place.node).trim_matches('"'));
        let tape = cx.tape();
        let turned = tape.plain(fact.place.node).and_then(|text| text.split_once('-'));
        let edit =
            turned.map(|(first, last)| EditDraft::string(tape, fact.place.node, &format!("{last}-{first}")));
        let finding = cx.find::<Self>(
            fact.place.node,
            format!("`{text}` runs backwards: which ports it means is not known"),
        );
        finding.help("write the lower port first");
        if let Some(edit) = edit {
            finding.unsafe_fix("turn it round", [edit]);
        }
    }
}
