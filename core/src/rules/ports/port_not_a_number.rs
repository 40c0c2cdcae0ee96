//! JIT204: a string that is no port number.

use super::services;
use crate::Severity;
use crate::format::format;
use crate::json::NodeId;
use crate::model::PortText;
use crate::part::{self, AnyCase};
use crate::rules::meta::{Meta, page};
use crate::rules::{Context, EditDraft, Rule, Side, words};

/// A string that is no port number.
#[derive(Debug)]
pub struct PortNotANumber;

impl Rule for PortNotANumber {
    const META: Meta = Meta {
        name: "port-not-a-number",
        severity: Severity::Error,
        summary: "a port is given as a range, a list, a word or `*`",
        fixable: true,
        contested: false,
        page: page(include_str!("port_not_a_number.md")),
    };

    #[inline]
    fn port(port: PortText, node: NodeId, _: Side, cx: &mut Context) {
        if port == PortText::Text {
            explain(node, cx);
        }
    }
}

#[cold]
fn explain(node: NodeId, cx: &mut Context) {
    let tape = cx.tape();
    let text = cx.text(node);
    let plain = part::trim(&text);
    let (message, help) = match plain {
        "" => ("the port is empty", "write a number from 0 to 65535"),
        "*" | "any" | "Any" | "all" | "All" => {
            ("just-in-time access is given port by port: there is no word for all of them", "list each port")
        }
        _ if is_several(plain) => {
            ("a port is one number: no range and no list can stand here", "write an entry for each port")
        }
        _ => ("this is no port number", "write a number from 0 to 65535"),
    };
    let meant = services::port(plain).or_else(|| without_protocol(plain));
    let message =
        if plain.is_empty() { message.into() } else { format!("{}: {message}", words::quoted(plain)) };
    let found = cx.find::<PortNotANumber>(node, message).help(help);
    if let Some(port) = meant {
        found.unsafe_fix(format!("write `{port}`"), [EditDraft::replace(tape, node, format!("{port}"))]);
    }
}

/// Digits on both sides of something that joins ports.
fn is_several(text: &str) -> bool {
    let digits = |text: &str| text.chars().next().is_some_and(|char| char.is_ascii_digit());
    text.split_once(['-', ',', ';', ':', '–', ' '])
        .is_some_and(|(first, rest)| digits(first) && digits(rest.trim_start()))
}

/// `22/tcp`, as firewalls write it.
fn without_protocol(text: &str) -> Option<u16> {
    let (port, protocol) = part::cut(text, '/')?;
    let known = protocol.same_in_any_case("tcp") || protocol.same_in_any_case("udp");
    port.parse().ok().filter(|_| known && port.starts_with(|char: char| char.is_ascii_digit()))
}
