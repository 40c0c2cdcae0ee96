//! JIT201: a port number outside 0–65535.

use crate::Severity;
use crate::format::format;
use crate::json::NodeId;
use crate::model::PortText;
use crate::rules::meta::{Meta, page};
use crate::rules::{Context, Rule, Side, words};

/// A port number outside 0–65535.
#[derive(Debug)]
pub struct PortOutOfRange;

impl Rule for PortOutOfRange {
    const META: Meta = Meta {
        name: "port-out-of-range",
        severity: Severity::Error,
        summary: "a port number is outside 0–65535",
        fixable: false,
        contested: false,
        page: page(include_str!("port_out_of_range.md")),
    };

    #[inline]
    fn port(port: PortText, node: NodeId, _: Side, cx: &mut Context) {
        if let PortText::OutOfRange(number) = port {
            // Of what is beyond 64 bits, the number is not the one that is written.
            let number = match number {
                i64::MIN | i64::MAX => words::quoted(cx.tape().raw(node).trim_matches('"')),
                _ => format!("`{number}`"),
            };
            cx.find::<Self>(node, format!("port {number} is outside 0–65535: the service refuses it"))
                .help("write the port that the service listens on: `22` for SSH, `3389` for RDP");
        }
    }
}
