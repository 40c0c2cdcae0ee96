//! What is asked of the log: the address holds it, and it becomes the `$filter` of Azure's API, or of ours for a part of a
//! name.
use std::time::Duration;

use jitgate_core::Timestamp;
use jitgate_core::ledger::{ResourceId, operation};
use jitgate_logic::is_instance;
use leptos::prelude::*;

use crate::route::{History, Route};
use crate::state::Fleet;

/// Value in the address, name, hours; none for all.
pub const SPANS: [(&str, &str, Option<u64>); 5] = [
    ("6h", "Last 6 hours", Some(6)),
    ("24h", "Last 24 hours", Some(24)),
    ("", "Last 7 days", Some(7 * 24)),
    ("30d", "Last 30 days", Some(30 * 24)),
    ("all", "All time", None),
];

/// What the log tells of.
pub const OPERATIONS: [&str; 11] = [
    operation::INITIATE,
    operation::REVOKE,
    operation::EXPIRE,
    operation::POLICY_WRITE,
    operation::POLICY_DELETE,
    operation::RULE_WRITE,
    operation::RULE_DELETE,
    operation::ASSIGNMENT_WRITE,
    operation::ASSIGNMENT_DELETE,
    operation::DEFINITION_WRITE,
    operation::DEFINITION_DELETE,
];

pub const STATUSES: [&str; 4] = ["Started", "Accepted", "Succeeded", "Failed"];

/// What is asked for; empty members ask for nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Asked {
    /// A machine's id.
    pub machine: String,
    pub span: String,
    pub operation: String,
    pub status: String,
    /// A part of the name.
    pub caller: String,
    /// A resource's name or id, or the name of a resource group.
    pub resource: String,
    /// One subscription alone.
    pub subscription: String,
}

/// What the address asks for.
pub fn use_asked() -> Memo<Asked> {
    let route = expect_context::<Route>();
    Memo::new(move |_| Asked {
        machine: route.query("machine"),
        span: route.query("span"),
        operation: route.query("operation"),
        status: route.query("status"),
        caller: route.query("caller"),
        resource: route.query("resource"),
        subscription: route.query("subscription"),
    })
}

/// Puts one of them into the address.
pub fn set(route: Route, key: &str, value: &str) {
    route.set_query(key, value.trim(), History::Replace);
}

impl Asked {
    /// True where the fleet has to be known to tell what it is about.
    pub fn is_by_name(&self) -> bool {
        let name = self.resource.trim();
        match self.machine.as_str() {
            "" => !name.is_empty() && !name.starts_with('/'),
            machine => is_instance(&ResourceId::new(machine)),
        }
    }

    /// The condition on what it is about: a machine or policy by name, a group, or an id. An error where there is no
    /// such thing.
    fn place(&self, fleet: Fleet) -> Result<Option<String>, String> {
        let resource = |id: &str| Ok(Some(format!("resourceUri eq {}", literal(id))));
        let name = self.resource.trim();
        if !self.machine.is_empty() {
            return resource(fleet.logged(&ResourceId::new(&self.machine)).text());
        }
        if name.is_empty() {
            return Ok(None);
        }
        if name.starts_with('/') {
            return resource(name);
        }
        let machines = fleet.machines.get();
        if let Some(machine) = machines.iter().find(|machine| machine.name.eq_ignore_ascii_case(name)) {
            return resource(fleet.logged(&machine.id).text());
        }
        if machines.iter().any(|machine| machine.resource_group.eq_ignore_ascii_case(name)) {
            return Ok(Some(format!("resourceGroupName eq {}", literal(name))));
        }
        let policies = fleet.policies.get();
        match policies.iter().find(|policy| policy.name.eq_ignore_ascii_case(name)) {
            Some(policy) => resource(policy.id.text()),
            None => Err(format!("There is no machine, resource group or policy of the name “{name}”.")),
        }
    }

    /// The `$filter`.
    pub fn filter(&self, fleet: Fleet, now: Timestamp) -> Result<String, String> {
        let span = SPANS.iter().find(|(value, ..)| *value == self.span);
        let (.., hours) = span.ok_or_else(|| format!("There is no time span “{}” to choose.", self.span))?;
        let from = hours.and_then(|hours| {
            let ago = Duration::from_secs(hours.saturating_mul(3600));
            let since = now.since(Timestamp::EPOCH)?.checked_sub(ago)?;
            Timestamp::EPOCH.checked_add(since)
        });
        let equal =
            |name: &str, value: &str| (!value.is_empty()).then(|| format!("{name} eq {}", literal(value)));
        let caller = self.caller.trim();
        let conditions = [
            from.map(|from| format!("eventTimestamp ge {}", literal(&from.with_digits(0)))),
            self.place(fleet)?,
            equal("operations", &self.operation),
            equal("status", &self.status),
            (!caller.is_empty()).then(|| format!("contains(caller, {})", literal(caller))),
        ];
        Ok(conditions.into_iter().flatten().collect::<Vec<_>>().join(" and "))
    }

    /// The subscriptions that are asked.
    pub fn subscriptions(&self, all: &[String]) -> Vec<String> {
        let machine = ResourceId::new(&self.machine);
        let one = match machine.subscription() {
            Some(of_machine) => of_machine,
            None => &self.subscription,
        };
        if one.is_empty() { all.to_vec() } else { vec![one.to_owned()] }
    }
}

/// A text in a filter: a quote within is doubled.
fn literal(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}
