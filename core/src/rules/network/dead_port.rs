//! JIT745: nobody can ever use a port of the policy.

use alloc::format;
use alloc::string::ToString;

use crate::Severity;
use crate::json::NodeId;
use crate::preview::Exposure;
use crate::rules::meta::{Meta, page};
use crate::rules::network::words;
use crate::rules::words::quoted;
use crate::rules::{Context, Rule};

/// Nobody can ever use a port of the policy.
#[derive(Debug)]
pub struct DeadPort;

impl Rule for DeadPort {
    const META: Meta = Meta {
        name: "dead-port",
        severity: Severity::Warning,
        summary: "nobody can ever use a port of the policy",
        fixable: false,
        contested: false,
        page: page(include_str!("dead_port.md")),
    };

    fn exposure(exposure: &Exposure, node: NodeId, cx: &mut Context) {
        let Exposure::DeadPort { machine, protocol, port, stopped_by } = exposure else { return };
        let stopped = stopped_by.as_ref().map_or_else(
            || "whatever is granted, nothing gets through".to_string(),
            |rule| format!("whatever is granted, {} stops it", words::rule(rule)),
        );
        let message = format!(
            "nobody can ever use {} of {}: {stopped}",
            words::port(*protocol, *port),
            quoted(machine)
        );
        cx.find::<Self>(node, message)
            .help("let the sources of the policy through, or take the port out of the policy");
    }
}
