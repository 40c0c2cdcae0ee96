//! JIT622: a requested port that the machine's policy does not list.

use alloc::vec::Vec;

use crate::Severity;
use crate::decide::Refusal;
use crate::format::format;
use crate::part;
use crate::rules::meta::{Meta, page};
use crate::rules::{Context, Rule, words};

/// A requested port that the machine's policy does not list.
#[derive(Debug)]
pub struct PortNotInPolicy;

impl Rule for PortNotInPolicy {
    const META: Meta = Meta {
        name: "port-not-in-policy",
        severity: Severity::Error,
        summary: "a requested port is not in the machine's policy",
        fixable: false,
        contested: false,
        page: page(include_str!("port_not_in_policy.md")),
    };

    fn refusal(refusal: &Refusal, cx: &mut Context) {
        let Refusal::PortNotInPolicy { node, port, machine, listed } = refusal else { return };
        let machine = words::quoted(machine);
        let more = if listed.len() > words::MOST_SHOWN { ", …" } else { "" };
        let listed: Vec<_> = listed.iter().take(words::MOST_SHOWN).map(|port| format!("{port}")).collect();
        let found = cx.find::<Self>(*node, format!("port `{port}` of {machine} is not in its policy"));
        if !listed.is_empty() {
            found.help(format!("the policy lists {}{more}", part::join(&listed, ", ")));
        }
    }
}
