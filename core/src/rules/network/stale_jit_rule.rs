//! JIT748: a rule of JIT is left over.

use alloc::format;

use crate::Severity;
use crate::json::NodeId;
use crate::preview::Exposure;
use crate::rules::meta::{Meta, page};
use crate::rules::words::quoted;
use crate::rules::{Context, Rule};

/// A rule of JIT is left over.
#[derive(Debug)]
pub struct StaleJitRule;

impl Rule for StaleJitRule {
    const META: Meta = Meta {
        name: "stale-jit-rule",
        severity: Severity::Warning,
        summary: "a rule of JIT is left over",
        fixable: false,
        contested: false,
        page: page(include_str!("stale_jit_rule.md")),
    };

    fn exposure(exposure: &Exposure, node: NodeId, cx: &mut Context) {
        let Exposure::Stale { rule, allows, reason } = exposure else { return };
        let found = cx.find::<Self>(node, format!("rule {} of JIT is left over: {reason}", quoted(rule)));
        if *allows {
            found.severity(Severity::Security);
        }
        found.help("delete the rule");
    }
}
