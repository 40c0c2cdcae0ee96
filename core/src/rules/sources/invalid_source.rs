//! JIT301: a source that is no IPv4 address, no block and not `*`.

use alloc::string::String;

use ipnet::Ipv4Net;

use crate::Severity;
use crate::format::format;
use crate::json::NodeId;
use crate::model::{OddSource, SourceText};
use crate::rules::meta::{Meta, page};
use crate::rules::sources::blocks::text as written;
use crate::rules::{Context, EditDraft, Rule, Side};

/// A source that is no IPv4 address, no block and not `*`.
#[derive(Debug)]
pub struct InvalidSource;

impl Rule for InvalidSource {
    const META: Meta = Meta {
        name: "invalid-source",
        severity: Severity::Error,
        summary: "a source is no IPv4 address, no block and not `*`",
        fixable: true,
        contested: false,
        page: page(include_str!("invalid_source.md")),
    };

    #[inline]
    fn source(source: SourceText, node: NodeId, _: Side, cx: &mut Context) {
        let message = match source {
            SourceText::Odd(OddSource::Empty) => "the source is empty: the service refuses it".into(),
            SourceText::Odd(OddSource::Other) => {
                let text = cx.quoted(node);
                format!("{text} is no IPv4 address and no block: the service refuses it")
            }
            _ => return,
        };
        if let Some(block) = wildcard(&cx.tape().string(node).unwrap_or_default()) {
            let block = written(block);
            let edit = EditDraft::string(cx.tape(), node, &block);
            let write = format!("write `{block}`");
            cx.find::<Self>(node, message).help(write.clone()).safe_fix(write, [edit]);
            return;
        }
        cx.find::<Self>(node, message).help(
            "write an address such as `10.20.0.7`, a block such as `10.20.0.0/16`, or `*` for any address",
        );
    }
}

/// The block that `10.20.0.*` or `10.20.*.*` stands for.
fn wildcard(text: &str) -> Option<Ipv4Net> {
    let known = text.trim_end_matches(".*");
    let stars = text.len().saturating_sub(known.len()).div_euclid(2);
    let address = String::from(known) + ".0.0.0".get(..stars.saturating_mul(2))?;
    match SourceText::parse(&address) {
        SourceText::Net(net) if stars > 0 && net.prefix_len() == 32 && !text.starts_with("0.") => {
            Ipv4Net::new(net.addr(), 32_u8.saturating_sub(u8::try_from(stars).ok()?.saturating_mul(8))).ok()
        }
        _ => None,
    }
}
