//! JIT746: a rule of JIT was changed by hand.

use alloc::format;

use crate::Severity;
use crate::json::NodeId;
use crate::preview::Exposure;
use crate::rules::meta::{Meta, page};
use crate::rules::words::quoted;
use crate::rules::{Context, Rule};

/// A rule of JIT was changed by hand.
#[derive(Debug)]
pub struct JitRuleEdited;

impl Rule for JitRuleEdited {
    const META: Meta = Meta {
        name: "jit-rule-edited",
        severity: Severity::Warning,
        summary: "a rule of JIT was changed by hand",
        fixable: false,
        contested: false,
        page: page(include_str!("jit_rule_edited.md")),
    };

    fn exposure(exposure: &Exposure, node: NodeId, cx: &mut Context) {
        let Exposure::Edited { machine, rule, difference } = exposure else { return };
        let message =
            format!("rule {} of JIT for {} was changed: {difference}", quoted(rule), quoted(machine));
        cx.find::<Self>(node, message).help("save the policy again: its rules are then written anew");
    }
}
