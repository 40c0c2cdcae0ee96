//! JIT209: `*` beside `TCP` or `UDP` on one port.

use super::same_port;
use crate::Severity;
use crate::format::format;
use crate::model::{Machine, Policy, Protocol};
use crate::rules::meta::{Meta, page};
use crate::rules::{Context, Rule};

/// `*` beside `TCP` or `UDP` on one port.
#[derive(Debug)]
pub struct OverlappingProtocols;

impl Rule for OverlappingProtocols {
    const META: Meta = Meta {
        name: "overlapping-protocols",
        severity: Severity::Warning,
        summary: "a port is listed for `*` and for one protocol",
        fixable: false,
        contested: false,
        page: page(include_str!("overlapping_protocols.md")),
    };

    fn machine(machine: &Machine, _: &Policy, cx: &mut Context) {
        let known = same_port::repeated(machine);
        for same in known.chunk_by(|a, b| a.port == b.port) {
            let one = same.first().filter(|known| known.protocol != Protocol::Any);
            // `*` sorts last.
            let all = same.iter().find(|known| known.protocol == Protocol::Any);
            let (Some(one), Some(all)) = (one, all) else { continue };
            let (port, protocol) = (one.port, one.protocol.as_str());
            let (first, second) = if one.rule.node < all.rule.node { (one, all) } else { (all, one) };
            cx.find::<Self>(
                second.rule.protocol.node().unwrap_or(second.rule.node),
                format!("port `{port}` is listed for `*` and for `{protocol}`, which `*` includes: which of the two counts for {protocol} is not known"),
            )
            .help("keep one of the two, or write a rule for `TCP` and one for `UDP`")
            .related(first.rule.node, "the earlier rule");
        }
    }
}
