//! JIT740: a rule above JIT's deny lets a protected port in.

use alloc::format;

use crate::Severity;
use crate::json::NodeId;
use crate::preview::Exposure;
use crate::rules::meta::{Meta, page};
use crate::rules::network::words;
use crate::rules::words::quoted;
use crate::rules::{Context, Rule};

/// A rule above JIT's deny lets a protected port in.
#[derive(Debug)]
pub struct ShadowedJitDeny;

impl Rule for ShadowedJitDeny {
    const META: Meta = Meta {
        name: "shadowed-jit-deny",
        severity: Severity::Security,
        summary: "a rule above JIT's deny lets a protected port in",
        fixable: false,
        contested: false,
        page: page(include_str!("shadowed_jit_deny.md")),
    };

    fn exposure(exposure: &Exposure, node: NodeId, cx: &mut Context) {
        let Exposure::ShadowedDeny { machine, allow, deny: (deny, number), protocol, port, sources, steps } =
            exposure
        else {
            return;
        };
        let (port, sources) = (words::port(*protocol, *port), words::from(sources));
        let message = format!(
            "{} lets traffic in to {port} of {} {sources}: it stands above JIT's deny {} with priority `{number}`, which closes nothing there",
            words::rule(allow),
            quoted(machine),
            quoted(deny)
        );
        cx.find::<Self>(node, message).help(words::steps(steps));
    }
}
