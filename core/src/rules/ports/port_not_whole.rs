//! JIT205: a port number with a fraction or an exponent.

use crate::Severity;
use crate::format::format;
use crate::json::NodeId;
use crate::model::PortText;
use crate::rules::meta::{Meta, page};
use crate::rules::{Context, EditDraft, Rule, Side, words};

/// A port number with a fraction or an exponent.
#[derive(Debug)]
pub struct PortNotWhole;

impl Rule for PortNotWhole {
    const META: Meta = Meta {
        name: "port-not-whole",
        severity: Severity::Error,
        summary: "a port number is not written as a whole number",
        fixable: true,
        contested: false,
        page: page(include_str!("port_not_whole.md")),
    };

    #[inline]
    fn port(port: PortText, node: NodeId, _: Side, cx: &mut Context) {
        let port = match port {
            PortText::Spelt(port) => Some(port),
            PortText::NotWhole => None,
            _ => return,
        };
        let tape = cx.tape();
        let text = words::quoted(tape.raw(node));
        let found = cx
            .find::<Self>(node, format!("{text} is no port: the API wants a whole number, in digits alone"));
        found.help("write a number from 0 to 65535");
        if let Some(port) = port {
            found.safe_fix(format!("write `{port}`"), [EditDraft::replace(tape, node, format!("{port}"))]);
        }
    }
}
