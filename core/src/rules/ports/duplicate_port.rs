//! JIT208: the same port and protocol twice on one machine.

use super::same_port;
use crate::Severity;
use crate::format::format;
use crate::model::{Field, Machine, Policy, PortRule};
use crate::rules::meta::{Meta, page};
use crate::rules::{Context, EditDraft, Rule};

/// The same port and protocol twice on one machine.
#[derive(Debug)]
pub struct DuplicatePort;

impl Rule for DuplicatePort {
    const META: Meta = Meta {
        name: "duplicate-port",
        severity: Severity::Error,
        summary: "a virtual machine lists the same port and protocol twice",
        fixable: true,
        contested: true,
        page: page(include_str!("duplicate_port.md")),
    };

    fn machine(machine: &Machine, _: &Policy, cx: &mut Context) {
        let known = same_port::repeated(machine);
        for same in known.chunk_by(|a, b| (a.port, a.protocol) == (b.port, b.protocol)) {
            let Some((first, others)) = same.split_first() else { continue };
            for other in others {
                if cx.is_full() {
                    return;
                }
                let tape = cx.tape();
                let node = other.rule.number.node().unwrap_or(other.rule.node);
                let (port, protocol) = (other.port, other.protocol.as_str());
                let alike = alike(first.rule, other.rule);
                let why = if alike {
                    "the second says nothing new"
                } else {
                    "which of the two counts is not known"
                };
                let found =
                    cx.find::<Self>(node, format!("port `{port}` is listed twice for `{protocol}`: {why}"));
                found
                    .help("keep one rule for each port and protocol")
                    .related(first.rule.node, "the earlier rule");
                // The array, which is not there when one rule stands for it.
                if let (true, Field::Given((), array)) = (alike, machine.port_list) {
                    let edit = EditDraft::remove_element(tape, array, other.rule.node);
                    found.safe_fix("take out the second rule", [edit]);
                }
            }
        }
    }
}

/// True when both surely allow the same, for as long.
fn alike(a: &PortRule, b: &PortRule) -> bool {
    let length = |rule: &PortRule| rule.max_duration.get().and_then(|duration| duration.length());
    let sources = |rule: &PortRule| rule.sources.is_certain() && !rule.sources.is_none();
    sources(a)
        && sources(b)
        && length(a).is_some()
        && length(a) == length(b)
        && a.sources.nets().map(|(net, _)| net).eq(b.sources.nets().map(|(net, _)| net))
}
