//! What real clients send: policies that were got, changed and put back by Python, JavaScript, `az`, PowerShell and
//! Terraform, with whatever these do to them on the way.

use crate::ledger_support::{Ledger, after, machine, policy, request, user, vm};
use jitgate_core::ledger::{Command, PutPolicy};
use serde_json::{Value, json};

fn with_history() -> Ledger {
    let mut ledger = Ledger::default();
    ledger.put(user("olga"), after(0), "default", &policy(&[machine("web1", &[22])]));
    ledger.initiate(user("ann"), after(1), "default", &request("web1", &[22], 600));
    ledger
}

/// Every time in a document, cut to so many digits.
fn cut(value: &mut Value, digits: usize) {
    match value {
        Value::String(text) if text.ends_with('Z') && text.contains('.') => {
            let (whole, fraction) = text.split_once('.').expect("a fraction");
            let fraction: String = fraction.trim_end_matches('Z').chars().take(digits).collect();
            *text = format!("{whole}.{fraction}Z");
        }
        Value::Array(all) => all.iter_mut().for_each(|one| cut(one, digits)),
        Value::Object(all) => all.values_mut().for_each(|one| cut(one, digits)),
        _ => {}
    }
}

/// Puts what was got, as a client made it; the history stays as it was, and so does what was put besides.
#[track_caller]
fn round_trip(client: &str, change: impl Fn(&mut Value)) {
    let mut ledger = with_history();
    let got = ledger.get("default", after(5));
    let mut body = got.clone();
    change(&mut body);
    let (status, answer) = ledger.put(user("olga"), after(5), "default", &body);
    assert_eq!(status, 200, "{client}: {answer}");
    assert_eq!(answer, got, "{client}");
    assert_eq!(ledger.get("default", after(5)), got, "{client}");
    assert_eq!(
        ledger.statuses("default", after(5)),
        ["Initiated UserRequested"],
        "{client}: access stays open"
    );
    ledger.check();
}

#[test]
fn what_was_got_can_be_put() {
    round_trip("az rest", |_| {});
    round_trip("Python's SDK", |body| cut(body, 6));
    round_trip("JavaScript's SDK", |body| cut(body, 3));
    round_trip("an SDK without read-only members", |body| {
        for name in ["id", "name", "type", "location"] {
            body.as_object_mut().expect("an object").remove(name);
        }
        body["properties"].as_object_mut().expect("an object").remove("provisioningState");
    });
    round_trip("az resource", |body| {
        body["location"] = json!("West Europe");
        body["tags"] = json!(null);
        body["identity"] = json!(null);
        body["plan"] = json!(null);
    });
    round_trip("Terraform's azapi", |body| {
        body["properties"]["virtualMachines"][0]["ports"][0]["number"] = json!("22");
        body["properties"].as_object_mut().expect("an object").remove("requests");
    });
    round_trip("a playbook", |body| {
        body["properties"]["virtualMachines"][0]["ports"][0]["allowedSourceAddressPrefixes"] = json!(null);
        body["properties"]["virtualMachines"][0]["publicIpAddress"] = json!(null);
        body["id"] = json!("/subscriptions/another/policy");
        body["name"] = json!(7);
        body["properties"]["appendMode"] = json!(false);
    });
}

#[test]
fn whatever_stands_in_requests_is_ignored() {
    for requests in [
        json!([]),
        json!(null),
        json!("none"),
        json!({"a": 1}),
        json!([{"virtualMachines": [], "startTimeUtc": "yesterday", "requestor": 7}]),
        // As in the service's own documentation: somebody else's, long ago, counted as open.
        json!([{
            "virtualMachines": [{"id": vm("web1"), "ports": [{
                "number": 3389, "allowedSourceAddressPrefix": "192.0.2.44", "endTimeUtc": "2018-06-01T09:00:00.1234567Z",
                "status": "Initiated", "statusReason": "UserRequested"
            }]}],
            "startTimeUtc": "2018-06-01T08:00:00.1234567Z",
            "requestor": "someone@fabrikam.com"
        }]),
        json!([{"virtualMachines": [{"id": "x", "ports": [{"number": -1, "endTimeUtc": null}]}]}, 5, "x"]),
    ] {
        let mut ledger = Ledger::default();
        let mut body = policy(&[machine("web1", &[22, 3389])]);
        body["properties"]["requests"] = requests.clone();
        let (status, answer) = ledger.put(user("olga"), after(0), "default", &body);
        assert_eq!(status, 200, "{requests}: {answer}");
        assert_eq!(answer["properties"]["requests"], json!([]), "{requests}");
        assert_eq!(ledger.state.request_count(), 0);
        ledger.check();
    }
    // Names given twice in it, too.
    let mut ledger = Ledger::default();
    let body = policy(&[machine("web1", &[22])]).to_string();
    let body = body.replace("{\"virtualMachines\"", "{\"requests\":[{\"a\":1,\"a\":2}],\"virtualMachines\"");
    assert!(body.contains("\"a\":2"));
    let put = PutPolicy { body: body.into_bytes(), ..ledger.put_command("default", &json!({})) };
    assert_eq!(ledger.call(user("olga"), after(0), &Command::PutPolicy(put)).0, 200);
}

#[test]
fn a_long_history_does_not_fill_the_report() {
    let mut ledger = Ledger::default();
    let mut body = policy(&[machine("web1", &[22])]);
    body["properties"]["requests"] = json!(vec![json!({"virtualMachines": 7}); 30_000]);
    assert_eq!(ledger.put(user("olga"), after(0), "default", &body).0, 200);
}

#[test]
fn an_answer_sent_as_a_request_is_one() {
    // Clients build a request out of the last one's answer.
    let mut ledger = with_history();
    let mut last = ledger.get("default", after(5))["properties"]["requests"][0].clone();
    last["virtualMachines"][0]["ports"][0]["endTimeUtc"] = json!("2026-11-22T13:30:00Z");
    let (status, answer) = ledger.initiate(user("ann"), after(5), "default", &last);
    assert_eq!(status, 202, "{answer}");
    assert_eq!(answer["startTimeUtc"], "2026-11-22T12:00:05.1234567Z", "the server's clock counts");
    ledger.check();
}
