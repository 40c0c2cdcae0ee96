//! JIT206: a protocol that just-in-time access does not know.

use alloc::string::String;

use super::services;
use crate::Severity;
use crate::format::format;
use crate::json::NodeId;
use crate::model::{PortRule, ProtocolText};
use crate::part;
use crate::rules::meta::{Meta, page};
use crate::rules::{Context, EditDraft, Rule};

/// A protocol that just-in-time access does not know.
#[derive(Debug)]
pub struct UnknownProtocol;

impl Rule for UnknownProtocol {
    const META: Meta = Meta {
        name: "unknown-protocol",
        severity: Severity::Error,
        summary: "a protocol is none of `TCP`, `UDP` and `*`",
        fixable: true,
        contested: false,
        page: page(include_str!("unknown_protocol.md")),
    };

    #[inline]
    fn port_rule(rule: &PortRule, cx: &mut Context) {
        if let Some((ProtocolText::Other, node)) = rule.protocol.given() {
            explain(node, cx);
        }
    }
}

#[cold]
fn explain(node: NodeId, cx: &mut Context) {
    let tape = cx.tape();
    let text = cx.text(node).to_ascii_lowercase();
    let plain = part::trim(&text);
    let contains = |word| part::contains(plain, word);
    let (why, help, meant) = match plain {
        "" => (
            "the protocol is empty: the service has been seen to fail on that",
            "write `TCP`, `UDP` or `*`",
            None,
        ),
        "both" => (SEVERAL, "write `*`, or a rule for each", Some("*")),
        _ if contains("tcp") && contains("udp") => (SEVERAL, "write `*`, or a rule for each", Some("*")),
        _ if contains("icmp") => {
            ("ICMP has no ports: just-in-time access cannot open it", "leave the rule out", None)
        }
        "http" | "https" | "tls" => (SERVICE, "write `TCP`", Some("TCP")),
        _ if services::port(plain).is_some() => (SERVICE, "write `TCP`", Some("TCP")),
        _ => ("the service knows `TCP`, `UDP` and `*` alone", "write one of the three", None),
    };
    let message = if plain.is_empty() { String::from(why) } else { format!("{}: {why}", cx.quoted(node)) };
    let found = cx.find::<UnknownProtocol>(node, message).help(help);
    if let Some(meant) = meant {
        found.unsafe_fix(format!("write `{meant}`"), [EditDraft::string(tape, node, meant)]);
    }
}

const SEVERAL: &str = "a rule names one protocol, or `*` for all";
const SERVICE: &str = "this is a service, not a protocol that the API knows";
