//! JIT621: a requested machine that no policy lists.

use alloc::vec::Vec;

use crate::Severity;
use crate::decide::Refusal;
use crate::format::format;
use crate::part;
use crate::rules::meta::{Meta, page};
use crate::rules::{Context, Rule, words};

/// A requested machine that no policy lists.
#[derive(Debug)]
pub struct MachineNotInPolicy;

/// More names than these help nobody.
const SHOWN: usize = 5;

impl Rule for MachineNotInPolicy {
    const META: Meta = Meta {
        name: "machine-not-in-policy",
        severity: Severity::Error,
        summary: "a requested virtual machine is not in the policy",
        fixable: false,
        contested: false,
        page: page(include_str!("machine_not_in_policy.md")),
    };

    fn refusal(refusal: &Refusal, cx: &mut Context) {
        let Refusal::MachineNotInPolicy { node, machine, listed, namesake } = refusal else { return };
        let help = if *namesake {
            "the policy lists a machine of this name in another subscription or resource group: compare the ids".into()
        } else {
            let names: Vec<_> = listed.iter().take(SHOWN).map(|name| words::quoted(name)).collect();
            let more = listed.len().saturating_sub(SHOWN);
            let more = if more > 0 { format!(" and {more} more") } else { alloc::string::String::new() };
            format!("the policy lists {}{more}", part::join(&names, ", "))
        };
        let machine = words::quoted(machine);
        let found = cx.find::<Self>(
            *node,
            format!("virtual machine {machine} is not in the policy: nothing opens on it"),
        );
        if !listed.is_empty() {
            found.help(help);
        }
    }
}
