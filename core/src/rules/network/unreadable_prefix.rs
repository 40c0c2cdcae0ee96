//! JIT704: an address prefix is no address, block or service tag.

use alloc::format;

use crate::Severity;
use crate::network::{NetworkFact, Oddity};
use crate::rules::meta::{Meta, page};
use crate::rules::{Context, Rule, words};

/// An address prefix is no address, block or service tag.
#[derive(Debug)]
pub struct UnreadablePrefix;

impl Rule for UnreadablePrefix {
    const META: Meta = Meta {
        name: "unreadable-prefix",
        severity: Severity::Error,
        summary: "an address prefix is no address, block or service tag",
        fixable: false,
        contested: false,
        page: page(include_str!("unreadable_prefix.md")),
    };

    fn network(fact: &NetworkFact, cx: &mut Context) {
        if fact.oddity != Oddity::BadPrefix {
            return;
        }
        let text = words::plain(cx.tape().raw(fact.place.node).trim_matches('"'));
        cx.find::<Self>(
            fact.place.node,
            format!("`{text}` is neither an address, a CIDR block nor a service tag: what it matches is not known"),
        )
        .help("write one address or block in each prefix: `203.0.113.7`, `203.0.113.0/24`, `2001:db8::/32`; a list goes into the plural member");
    }
}
