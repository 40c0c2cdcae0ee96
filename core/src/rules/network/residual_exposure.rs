//! JIT741: a protected port is reachable though no request is open.

use alloc::format;

use crate::Severity;
use crate::json::NodeId;
use crate::preview::Exposure;
use crate::rules::meta::{Meta, page};
use crate::rules::network::words;
use crate::rules::words::quoted;
use crate::rules::{Context, Rule};

/// A protected port is reachable though no request is open.
#[derive(Debug)]
pub struct ResidualExposure;

impl Rule for ResidualExposure {
    const META: Meta = Meta {
        name: "residual-exposure",
        severity: Severity::Security,
        summary: "a protected port is reachable though no request is open",
        fixable: false,
        contested: false,
        page: page(include_str!("residual_exposure.md")),
    };

    fn exposure(exposure: &Exposure, node: NodeId, cx: &mut Context) {
        let Exposure::Residual { machine, protocol, port, sources, perhaps, rules, steps, certain } =
            exposure
        else {
            return;
        };
        let (port, machine) = (words::port(*protocol, *port), quoted(machine));
        let (mut sources, by) = (words::from(sources), words::rules(rules));
        if !perhaps.is_empty() {
            sources = format!("{sources}, and may stay so {},", words::from(perhaps));
        }
        let stays = if *certain { "stays" } else { "may stay" };
        let message =
            format!("{port} of {machine} {stays} reachable {sources} though no request is open{by}");
        let found = cx.find::<Self>(node, message);
        if !*certain {
            found.severity(Severity::Warning);
        }
        found.help(words::steps(steps));
    }
}
