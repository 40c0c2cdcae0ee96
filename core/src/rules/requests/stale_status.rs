//! JIT612: a stored request that should have ended.

use crate::Severity;
use crate::model::{Request, RequestPort};
use crate::rules::meta::{Meta, page};
use crate::rules::{Context, Rule};

/// A stored request that should have ended.
#[derive(Debug)]
pub struct StaleStatus;

impl Rule for StaleStatus {
    const META: Meta = Meta {
        name: "stale-status",
        severity: Severity::Info,
        summary: "a stored request counts as open although its end has passed",
        fixable: false,
        contested: false,
        page: page(include_str!("stale_status.md")),
    };

    fn request_port(port: &RequestPort, request: &Request, cx: &mut Context) {
        if !request.stored {
            return;
        }
        let (Some(now), Some((text, end))) = (cx.now(), port.end.given()) else { return };
        let Some((status, node)) = port.status.given() else { return };
        if text.time().is_some_and(|end| end <= now) && matches!(&**status, "Initiated" | "Initiating") {
            cx.find::<Self>(node, "the request counts as open, but its end has passed: this is an old copy, or the port was not closed")
                .help("fetch the policy again; if it still says so, look for the rule in the network security group")
                .related(end, "its end");
        }
    }
}
