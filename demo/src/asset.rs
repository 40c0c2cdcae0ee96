//! The fleet as one file for the portal, which keeps it in the browser: it is loaded only by who asks for it.

use jitgate_core::Timestamp;
use serde_json::{Value, json};

use super::{Attempt, Demo, PEOPLE, Person, Put, SPOKES, SUBSCRIPTIONS};

/// `{"now", "subscriptions", "people", "files", "policies", "requests"}`, as of `now`; whoever reads it at another time
/// moves all times by as much.
pub fn asset(now: Timestamp) -> String {
    let demo = Demo::new(now, SPOKES);
    let file =
        |(name, bytes): &(String, Vec<u8>)| json!({"name": name, "text": String::from_utf8_lossy(bytes)});
    let policy = |put: &Put| json!({"at": put.at.to_string(), "by": put.by, "id": put.id, "body": put.body});
    let request = |attempt: &Attempt| {
        json!({
            "at": attempt.at.to_string(), "by": attempt.by, "from": attempt.from.to_string(),
            "policy": attempt.policy, "body": attempt.body
        })
    };
    json!({
        "now": now.to_string(),
        "subscriptions": SUBSCRIPTIONS.map(|(id, _)| id),
        "people": PEOPLE.iter().map(person).collect::<Vec<_>>(),
        "files": demo.files.iter().map(file).collect::<Vec<_>>(),
        "policies": demo.policies.iter().map(policy).collect::<Vec<_>>(),
        "requests": demo.requests.iter().map(request).collect::<Vec<_>>(),
    })
    .to_string()
}

fn person(person: &Person) -> Value {
    json!({
        "id": person.object_id, "name": person.name, "role": person.role,
        "address": person.from().to_string(), "application": person.application
    })
}
