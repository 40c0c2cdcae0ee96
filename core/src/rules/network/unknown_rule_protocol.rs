//! JIT708: a rule's protocol is not one that the service knows.

use alloc::borrow::Cow;
use alloc::format;

use crate::Severity;
use crate::json::NodeKind;
use crate::network::{NetworkFact, Oddity};
use crate::rules::meta::{Meta, page};
use crate::rules::{Context, Rule, words};

/// A rule's protocol is not one that the service knows.
#[derive(Debug)]
pub struct UnknownRuleProtocol;

impl Rule for UnknownRuleProtocol {
    const META: Meta = Meta {
        name: "unknown-rule-protocol",
        severity: Severity::Error,
        summary: "a rule's protocol is not one that the service knows",
        fixable: false,
        contested: false,
        page: page(include_str!("unknown_rule_protocol.md")),
    };

    fn network(fact: &NetworkFact, cx: &mut Context) {
        if fact.oddity != Oddity::BadProtocol {
            return;
        }
        let node = fact.place.node;
        let message = match cx.tape().kind(node) {
            NodeKind::Object => Cow::Borrowed("this rule has no protocol: what it matches is not known"),
            _ => Cow::Owned(format!(
                "{} is no protocol of a rule: what it matches is not known",
                words::quoted(&cx.text(node))
            )),
        };
        cx.find::<Self>(node, message)
            .help("write `Tcp`, `Udp`, `Icmp`, `Esp`, `Ah` or `*`; for an EC2 security group a name or a number, and `-1` for any");
    }
}
