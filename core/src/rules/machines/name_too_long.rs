//! JIT503: the names of policy and machine are too long together.

use crate::Severity;
use crate::format::format;
use crate::model::Policy;
use crate::rules::meta::{Meta, page};
use crate::rules::{Context, Rule};

/// The names of policy and machine are too long together.
#[derive(Debug)]
pub struct NameTooLong;

/// What both may have together.
const MOST: usize = 56;

/// What a machine's name may have.
const MOST_OF_MACHINE: usize = 64;

/// True where the service takes a policy of that name with a machine of that name.
pub fn fits(policy: &str, machine: &str) -> bool {
    policy.chars().count().saturating_add(machine.chars().count()) <= MOST
}

impl Rule for NameTooLong {
    const META: Meta = Meta {
        name: "name-too-long",
        severity: Severity::Error,
        summary: "the names of policy and machine have more than 56 characters together",
        fixable: false,
        contested: false,
        page: page(include_str!("name_too_long.md")),
    };

    fn policy(policy: &Policy, cx: &mut Context) {
        // A policy whose name is not known here has one all the same.
        let name = policy.policy_name();
        let own = name.map_or(1, |name| name.chars().count());
        let most = MOST.saturating_sub(own);
        for machine in &policy.machines {
            let Some((id, node)) = machine.id.given() else { continue };
            let Some(id) = id.machine() else { continue };
            // No name has more characters than bytes.
            if id.name().len() <= most {
                continue;
            }
            let len = id.name().chars().count();
            if len <= most {
                continue;
            }
            let message = if name.is_some() {
                let total = own.saturating_add(len);
                format!(
                    "policy name and machine name are {total} characters together, the service takes {MOST}"
                )
            } else if len <= MOST_OF_MACHINE {
                format!(
                    "the machine's name has {len} characters, the service takes {MOST} with the policy's name"
                )
            } else {
                // That is said of the name alone.
                continue;
            };
            let found = cx.find::<Self>(node, message);
            match MOST.checked_sub(len) {
                Some(rest @ 1..) => found.help(format!("shorten the policy's name to {rest} characters")),
                _ => found
                    .help("no policy can hold a machine with so long a name: make one with a shorter name"),
            };
            if let Some(place) = policy.name.given().map(|(_, node)| node).or(policy.id.node()) {
                found.related(place, "the policy's name");
            }
        }
    }
}
