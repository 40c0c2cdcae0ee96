//! JIT212: a port that usually serves the public.

use crate::Severity;
use crate::format::format;
use crate::json::NodeId;
use crate::model::PortText;
use crate::rules::meta::{Meta, page};
use crate::rules::{Context, Rule, Side};

/// A port that usually serves the public.
#[derive(Debug)]
pub struct PublicServicePort;

impl Rule for PublicServicePort {
    const META: Meta = Meta {
        name: "public-service-port",
        severity: Severity::Info,
        summary: "a web server's port is under just-in-time access",
        fixable: false,
        contested: false,
        page: page(include_str!("public_service_port.md")),
    };

    #[inline]
    fn port(port: PortText, node: NodeId, side: Side, cx: &mut Context) {
        if let Some(number @ (80 | 443)) = port.port()
            && side == Side::Policy
        {
            cx.find::<Self>(
                node,
                format!("port `{number}` is a web server's: the policy closes it to all visitors until someone requests it"),
            )
            .help("leave the port out, unless only administrators use it");
        }
    }
}
