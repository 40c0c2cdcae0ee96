//! JIT203: a port number in quotes.

use crate::Severity;
use crate::format::format;
use crate::json::NodeId;
use crate::model::PortText;
use crate::rules::meta::{Meta, page};
use crate::rules::{Context, EditDraft, Rule, Side, words};

/// A port number in quotes.
#[derive(Debug)]
pub struct PortAsString;

impl Rule for PortAsString {
    const META: Meta = Meta {
        name: "port-as-string",
        severity: Severity::Warning,
        summary: "a port number is written in quotes",
        fixable: true,
        contested: false,
        page: page(include_str!("port_as_string.md")),
    };

    #[inline]
    fn port(port: PortText, node: NodeId, _: Side, cx: &mut Context) {
        if let PortText::Quoted(number) = port {
            let edit = EditDraft::replace(cx.tape(), node, format!("{number}"));
            cx.find::<Self>(
                node,
                format!("port `\"{}\"` is a string: the API wants a number", words::plain(&cx.text(node))),
            )
            .help("write the number without quotes")
            .safe_fix(format!("write `{number}`"), [edit]);
        }
    }
}
