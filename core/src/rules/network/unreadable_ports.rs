//! JIT707: a port of a rule is neither a port, a range nor `*`.

use alloc::format;

use crate::Severity;
use crate::network::{NetworkFact, Oddity};
use crate::rules::meta::{Meta, page};
use crate::rules::{Context, Rule, words};

/// A port of a rule is neither a port, a range nor `*`.
#[derive(Debug)]
pub struct UnreadablePorts;

impl Rule for UnreadablePorts {
    const META: Meta = Meta {
        name: "unreadable-ports",
        severity: Severity::Error,
        summary: "a port of a rule is neither a port, a range nor `*`",
        fixable: false,
        contested: false,
        page: page(include_str!("unreadable_ports.md")),
    };

    fn network(fact: &NetworkFact, cx: &mut Context) {
        if fact.oddity != Oddity::BadPort {
            return;
        }
        let text = words::plain(cx.tape().raw(fact.place.node).trim_matches('"'));
        cx.find::<Self>(
            fact.place.node,
            format!("`{text}` is neither a port nor a range of ports: what it matches is not known"),
        )
        .help("write a port from `0` to `65535`, a range such as `8000-8080`, or `*`; a list goes into the plural member");
    }
}
