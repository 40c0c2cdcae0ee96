//! JIT720: an address of a network is none.

use alloc::format;

use crate::Severity;
use crate::network::{NetworkFact, Oddity};
use crate::rules::meta::{Meta, page};
use crate::rules::{Context, Rule, words};

/// An address of a network is none.
#[derive(Debug)]
pub struct UnreadableAddress;

impl Rule for UnreadableAddress {
    const META: Meta = Meta {
        name: "unreadable-address",
        severity: Severity::Error,
        summary: "an address of a network is none",
        fixable: false,
        contested: false,
        page: page(include_str!("unreadable_address.md")),
    };

    fn network(fact: &NetworkFact, cx: &mut Context) {
        if fact.oddity != Oddity::BadAddress {
            return;
        }
        let text = words::quoted(&cx.text(fact.place.node));
        cx.find::<Self>(fact.place.node, format!("{text} is no IP address: what stands here is not known"))
            .help("write one IPv4 or IPv6 address, such as `10.40.1.4`");
    }
}
