//! JIT310: a source that nothing ever comes from.

use ipnet::Ipv4Net;

use crate::Severity;
use crate::format::format;
use crate::json::NodeId;
use crate::model::SourceText;
use crate::rules::meta::{Meta, page};
use crate::rules::{Context, Rule, Side};

/// A source that nothing ever comes from.
#[derive(Debug)]
pub struct UnmatchableSource;

/// Why no packet from there ever reaches a machine, for a block that lies wholly in such a range.
///
/// Ranges that private networks do use (100.64.0.0/10, 198.18.0.0/15) are not among them.
pub(super) fn reserved(net: Ipv4Net) -> Option<&'static str> {
    let (least, why) = match net.addr().octets() {
        [0, ..] => (8, "`0.0.0.0/8` is no network; for any address write `*`"),
        [127, ..] => (8, "`127.0.0.0/8` is each machine's own loopback"),
        [169, 254, ..] => (16, "`169.254.0.0/16` is link-local and never leaves its own network"),
        [192, 0, 0, _] => (24, "`192.0.0.0/24` is set aside for protocols"),
        [192, 0, 2, _] => (24, "`192.0.2.0/24` is for examples in documentation"),
        [198, 51, 100, _] => (24, "`198.51.100.0/24` is for examples in documentation"),
        [203, 0, 113, _] => (24, "`203.0.113.0/24` is for examples in documentation"),
        [224..=239, ..] => (4, "`224.0.0.0/4` is multicast, which nothing is sent from"),
        [255, 255, 255, 255] => (32, "it is the broadcast address, which nothing is sent from"),
        [240..=255, ..] => (4, "`240.0.0.0/4` is reserved and not in use"),
        _ => return None,
    };
    (net.prefix_len() >= least).then_some(why)
}

impl Rule for UnmatchableSource {
    const META: Meta = Meta {
        name: "unmatchable-source",
        severity: Severity::Warning,
        summary: "a source can never match",
        fixable: false,
        contested: false,
        page: page(include_str!("unmatchable_source.md")),
    };

    #[inline]
    fn source(source: SourceText, node: NodeId, side: Side, cx: &mut Context) {
        let (SourceText::Net(net) | SourceText::HostBits(net)) = source else { return };
        if side == Side::Stored {
            return;
        }
        if let Some(why) = reserved(net) {
            let text = cx.quoted(node);
            cx.find::<Self>(node, format!("{text} can never match: {why}"))
                .help("write the address that the machine sees when you connect, or the block it is in");
        }
    }
}
