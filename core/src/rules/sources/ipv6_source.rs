//! JIT302: an IPv6 address or block as source.

use alloc::string::String;
use core::net::Ipv6Addr;

use crate::Severity;
use crate::format::format;
use crate::json::NodeId;
use crate::model::{OddSource, SourceText};
use crate::rules::meta::{Meta, page};
use crate::rules::{Context, EditDraft, Rule, Side, words};

/// An IPv6 address or block as source.
#[derive(Debug)]
pub struct Ipv6Source;

/// The IPv4 address in `::ffff:10.20.0.7`.
fn mapped(text: &str) -> Option<String> {
    Some(format!("{}", text.parse::<Ipv6Addr>().ok()?.to_ipv4_mapped()?))
}

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
            Some(address) => {
                let title = format!("write `{address}`");
                found
                    .help("it stands for an IPv4 address: write that")
                    .safe_fix(title, [EditDraft::string(tape, node, &address)]);
            }
            None => {
                found.help(
                    "use the IPv4 address that the machine sees, or reach the machine through a VPN or Azure Bastion",
                );
            }
        }
    }
}
