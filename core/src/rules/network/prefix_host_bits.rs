//! JIT705: a rule's block is written with an address inside it.

use alloc::format;

use crate::Severity;
use crate::network::{NetworkFact, Oddity};
use crate::rules::meta::{Meta, page};
use crate::rules::{Context, EditDraft, Rule, words};

/// A rule's block is written with an address inside it.
#[derive(Debug)]
pub struct PrefixHostBits;

impl Rule for PrefixHostBits {
    const META: Meta = Meta {
        name: "prefix-host-bits",
        severity: Severity::Warning,
        summary: "a rule's block is written with an address inside it",
        fixable: true,
        contested: false,
        page: page(include_str!("prefix_host_bits.md")),
    };

    fn network(fact: &NetworkFact, cx: &mut Context) {
        let Oddity::HostBits(net) = fact.oddity else { return };
        let text = words::plain(cx.tape().raw(fact.place.node).trim_matches('"'));
        let edit = EditDraft::string(cx.tape(), fact.place.node, &format!("{net}"));
        cx.find::<Self>(fact.place.node, format!("`{text}` means the whole of `{net}`, not one address"))
            .help(format!("write `{net}` for the block, or the address alone for the one address"))
            .unsafe_fix(format!("write `{net}`"), [edit]);
    }
}
