//! What a record opened or closed: a line for each port of each machine.

use jitgate_core::Timestamp;
use jitgate_core::ledger::{AccessInitiated, Closing, Event, Prefixes, Protocols, Record, ResourceId};
use serde_json::{Map, Value, json};

/// A port that opened or closed.
#[derive(Debug, Default)]
pub struct Detail {
    /// The machine's id.
    pub machine: String,
    /// The port; none where all of the machine is meant.
    pub port: Option<u16>,
    /// `TCP`, `UDP`, `*`, or several.
    pub protocol: String,
    /// To whom.
    pub source: String,
    /// From when.
    pub start: Option<Timestamp>,
    /// Until when, as it was written.
    pub end: String,
    /// Why.
    pub justification: Option<String>,
    /// Why it closed, where it did.
    pub reason: Option<&'static str>,
}

impl Detail {
    fn new(machine: &ResourceId, port: u16, protocols: Protocols, prefixes: &Prefixes, end: String) -> Self {
        let protocols: Vec<&str> = protocols.iter().map(|protocol| protocol.as_str()).collect();
        Self {
            machine: machine.text().to_owned(),
            port: Some(port),
            protocol: protocols.join(", "),
            source: prefixes.texts().join(", "),
            end,
            ..Self::default()
        }
    }

    fn closed(closing: &Closing) -> Self {
        let Closing { machine, number, protocols, prefixes, start, end, reason, .. } = closing;
        let reason = Some(reason.as_str());
        Self { start: Some(*start), reason, ..Self::new(machine, *number, *protocols, prefixes, end.text()) }
    }

    /// As an object without what is not there.
    pub fn json(&self) -> Value {
        let mut object = Map::new();
        let mut put = |name: &str, value: Option<Value>| {
            object.extend(value.map(|value| (name.to_owned(), value)));
        };
        let text = |text: &str| (!text.is_empty()).then(|| json!(text));
        put("virtualMachine", text(&self.machine));
        put("port", self.port.map(|port| json!(port)));
        put("protocol", text(&self.protocol));
        put("source", text(&self.source));
        put("startTimeUtc", self.start.map(|start| json!(start.to_service_form())));
        put("endTimeUtc", text(&self.end));
        put("justification", self.justification.as_deref().map(|text| json!(text)));
        put("statusReason", self.reason.map(|reason| json!(reason)));
        Value::Object(object)
    }
}

/// What the record opened or closed, so far as it is about this resource (a policy's id, or a machine's, in lower
/// case).
pub fn details(record: &Record, resource: &str) -> Vec<Detail> {
    let about =
        |machine: &ResourceId, policy: &ResourceId| policy.key() == resource || machine.key() == resource;
    let closed = |closings: &[Closing]| -> Vec<Detail> {
        closings.iter().filter(|one| about(&one.machine, &one.policy)).map(Detail::closed).collect()
    };
    let removed = |machines: &[ResourceId], policy: &ResourceId| -> Vec<Detail> {
        let gone = machines.iter().filter(|machine| about(machine, policy));
        gone.map(|machine| Detail {
            machine: machine.text().to_owned(),
            reason: Some("Removed"),
            ..Detail::default()
        })
        .collect()
    };
    match &record.event {
        Event::AccessInitiated(access) => {
            opened(access, record.time, |machine| about(machine, &access.policy))
        }
        Event::AccessRevoked(revoked) => {
            let mut details = closed(&revoked.closed);
            for detail in &mut details {
                detail.justification = revoked.justification.as_deref().map(str::to_owned);
            }
            details
        }
        Event::AccessExpired(closings) => closed(closings),
        Event::PolicyPut(put) => {
            [removed(&put.removed, &put.policy.id), closed(&put.closed)].into_iter().flatten().collect()
        }
        Event::PolicyDeleted(deleted) => {
            [removed(&deleted.removed, &deleted.policy), closed(&deleted.closed)]
                .into_iter()
                .flatten()
                .collect()
        }
        _ => Vec::new(),
    }
}

fn opened(access: &AccessInitiated, start: Timestamp, about: impl Fn(&ResourceId) -> bool) -> Vec<Detail> {
    let machines = access.machines.iter().filter(|machine| about(&machine.id));
    machines
        .flat_map(|machine| machine.ports.iter().map(move |port| (machine, port)))
        .map(|(machine, port)| Detail {
            start: Some(start),
            justification: access.justification.as_deref().map(str::to_owned),
            ..Detail::new(&machine.id, port.number, port.protocols, &port.prefixes, port.end.text())
        })
        .collect()
}
