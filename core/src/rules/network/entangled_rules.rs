//! JIT753: rules that cut each other into too many pieces.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use crate::Severity;
use crate::json::NodeId;
use crate::preview::Exposure;
use crate::rules::meta::{Meta, page};
use crate::rules::words::quoted;
use crate::rules::{Context, Rule};

/// Rules that cut each other into too many pieces.
#[derive(Debug)]
pub struct EntangledRules;

impl Rule for EntangledRules {
    const META: Meta = Meta {
        name: "entangled-rules",
        severity: Severity::Warning,
        summary: "rules cut each other into too many pieces, so that what reaches a machine is told as a bound",
        fixable: false,
        contested: false,
        page: page(include_str!("entangled_rules.md")),
    };

    fn exposure(exposure: &Exposure, node: NodeId, cx: &mut Context) {
        let Exposure::Entangled { machine, filters } = exposure else { return };
        let filters: Vec<String> = filters.iter().map(|filter| quoted(filter)).collect();
        let message = format!(
            "what reaches {} could not be worked out, so take all of it for open: the rules of {} overlap in too many ways",
            quoted(machine),
            filters.join(" and ")
        );
        cx.find::<Self>(node, message)
            .help("let fewer rules overlap in part; `jitgate reach` still answers for one address and port");
    }
}
