//! JIT320: a source wider than any one network.

use crate::Severity;
use crate::format::format;
use crate::json::NodeId;
use crate::model::{SourceText, Sources};
use crate::rules::meta::{Meta, page};
use crate::rules::sources::unmatchable_source::reserved;
use crate::rules::{Context, Rule, Side};

/// A source wider than any one network.
#[derive(Debug)]
pub struct WideSource;

impl Rule for WideSource {
    const META: Meta = Meta {
        name: "wide-source",
        severity: Severity::Security,
        summary: "a source is wider than any one network",
        fixable: false,
        contested: false,
        page: page(include_str!("wide_source.md")),
    };

    #[inline]
    fn sources(sources: &Sources, _: NodeId, _: Option<u16>, side: Side, cx: &mut Context) {
        if side != Side::Policy {
            return;
        }
        let mut everybody = None;
        for (source, node) in sources.given() {
            let (SourceText::Net(net) | SourceText::HostBits(net)) = source else { continue };
            // No private network is wider than a /8; all of IPv4 is said as that.
            if (1..8).contains(&net.prefix_len())
                && reserved(net).is_none()
                && !*everybody.get_or_insert_with(|| sources.is_everybody())
            {
                let text = cx.quoted(node);
                let part = 1_u32.checked_shl(u32::from(net.prefix_len())).unwrap_or_default();
                cx.find::<Self>(
                    node,
                    format!("{text} is 1/{part} of all IPv4 addresses: strangers may ask, too"),
                )
                .help("name the networks that work comes from; none is wider than a /8");
            }
        }
    }
}
