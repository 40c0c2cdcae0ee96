//! JIT302: an IPv6 address or block as source.

use crate::Severity;
use crate::format::format;
use crate::json::NodeId;
use crate::model::source_text::mapped;
use crate::model::{OddSource, SourceText};
use crate::rules::meta::{Meta, page};
use crate::rules::{Context, EditDraft, Rule, Side, words};

/// An IPv6 address or block as source.
#[derive(Debug)]
pub struct Ipv6Source;

impl Rule for Ipv6Source {
    const META: Meta = Meta {
        name: "ipv6-source",
        severity: Severity::Error,
        summary: "a source is an IPv6 address or block",
        fixable: true,
        contested: false,
        page: page(include_str!("ipv6_source.md")),
    };

    #[inline]
    fn source(source: SourceText, node: NodeId, _: Side, cx: &mut Context) {
        if source != SourceText::Odd(OddSource::Ipv6) {
            return;
        }
        let (tape, text) = (cx.tape(), cx.text(node));
        let mut message = words::quoted(&text);
        message.push_str(" is IPv6: just-in-time access takes IPv4 only, and refuses the whole document");
        let found = cx.find::<Self>(node, message);
        match mapped(&text) {
            Some(net) => {
                let address = words::net(&net.trunc());
                let title = format!("write `{address}`");
                let edits = [EditDraft::string(tape, node, &address)];
                let found = found.help("it stands for IPv4: write that");
                // Nothing is certain of a block that is written as an address within it, or that is everybody.
                if net == net.trunc() && net.prefix_len() > 0 {
                    found.safe_fix(title, edits);
                } else {
                    found.unsafe_fix(title, edits);
                }
            }
            None => {
                found.help(
                    "use the IPv4 address that the machine sees, or reach the machine through a VPN or Azure Bastion",
                );
            }
        }
    }
}
