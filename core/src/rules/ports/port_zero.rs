//! JIT202: port 0.

use crate::Severity;
use crate::json::NodeId;
use crate::model::PortText;
use crate::rules::meta::{Meta, page};
use crate::rules::{Context, Rule, Side};

/// Port 0.
#[derive(Debug)]
pub struct PortZero;

impl Rule for PortZero {
    const META: Meta = Meta {
        name: "port-zero",
        severity: Severity::Warning,
        summary: "port 0 is reserved: nothing listens there",
        fixable: false,
        contested: false,
        page: page(include_str!("port_zero.md")),
    };

    #[inline]
    fn port(port: PortText, node: NodeId, side: Side, cx: &mut Context) {
        // What is stored was asked for before: nobody can change it.
        if port.port() == Some(0) && side != Side::Stored {
            cx.find::<Self>(node, "port `0` is reserved: nothing listens there, so this opens nothing")
                .help("name the port that is meant, such as `22` or `3389`");
        }
    }
}
