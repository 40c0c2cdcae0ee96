//! JIT749: a grant for one machine opens another.

use alloc::format;

use crate::Severity;
use crate::json::NodeId;
use crate::preview::{Exposure, Other};
use crate::rules::meta::{Meta, page};
use crate::rules::words::quoted;
use crate::rules::{Context, Rule};

/// A grant for one machine opens another.
#[derive(Debug)]
pub struct OpensAnotherMachine;

impl Rule for OpensAnotherMachine {
    const META: Meta = Meta {
        name: "opens-another-machine",
        severity: Severity::Security,
        summary: "a grant for one machine opens another",
        fixable: false,
        contested: false,
        page: page(include_str!("opens_another_machine.md")),
    };

    fn exposure(exposure: &Exposure, node: NodeId, cx: &mut Context) {
        let Exposure::OpensAnother { machine, other } = exposure else { return };
        let machine = quoted(machine);
        let message = match other {
            Some(Other { machine: other, traffic, certain }) => {
                let opens = if *certain { "opens" } else { "may open" };
                format!("what JIT writes for {machine} {opens} {} as well: {traffic}", quoted(other))
            }
            None => {
                format!("what JIT writes for {machine} opens another machine as well, which you may not read")
            }
        };
        cx.find::<Self>(node, message).help("give the two machines NSGs of their own");
    }
}
