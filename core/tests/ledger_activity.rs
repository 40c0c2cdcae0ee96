//! The activity log of a ledger: events as Azure Monitor writes them, and the CSV file.

use crate::ledger_support::{
    Ledger, SUBSCRIPTION, after, app, machine, policy, policy_id, request, user, vm, vm_id,
};
use jitgate_core::ledger::activity::activities;
use jitgate_core::wire::activity;
use serde_json::{Value, json};

fn with_policy() -> Ledger {
    let mut ledger = Ledger { client: Some("client-1".into()), ..Ledger::default() };
    ledger.put(user("olga"), after(0), "default", &policy(&[machine("web1", &[22, 3389])]));
    ledger
}

/// The events of all records, as JSON.
fn events(ledger: &Ledger) -> Vec<Value> {
    let all = ledger.records.iter().flat_map(activities).collect::<Vec<_>>();
    let list: Value = serde_json::from_str(&activity::list(&all, None)).expect("JSON");
    let value = list["value"].as_array().expect("events").clone();
    for (one, text) in value.iter().zip(&all) {
        assert_eq!(*one, serde_json::from_str::<Value>(&activity::event(text)).expect("JSON"));
    }
    value
}

/// `operation status level caller` of each event from this one on.
fn lines(ledger: &Ledger, from: usize) -> Vec<String> {
    let line = |event: &Value| {
        let word =
            |name: &str| event[name].as_str().or(event[name]["value"].as_str()).expect("a word").to_string();
        let operation = word("operationName");
        let (_, short) = operation.rsplit_once("jitNetworkAccessPolicies/").unwrap_or(("", &operation));
        format!("{short} {} {} {} {}", word("eventName"), word("status"), word("level"), word("caller"))
    };
    events(ledger).iter().skip(from).map(line).collect()
}

const RULE: &str = "Microsoft.Network/networkSecurityGroups/securityRules";

#[test]
fn a_call_has_a_start_and_an_end_and_each_port_its_own() {
    let mut ledger = with_policy();
    assert_eq!(
        lines(&ledger, 0),
        [
            "write BeginRequest Started Informational olga@contoso.com",
            "write EndRequest Succeeded Informational olga@contoso.com"
        ]
    );
    ledger.initiate(user("ann"), after(1), "default", &request("web1", &[22, 3389], 600));
    ledger.initiate(user("ann"), after(2), "default", &request("web1", &[22], 600));
    ledger.initiate(user("ann"), after(3), "default", &request("web1", &[23], 600));
    ledger.revoke(
        user("ann"),
        after(4),
        &json!({"virtualMachines": [{"id": vm("web1"), "ports": [{"number": 22}]}]}),
        false,
    );
    ledger.expire(after(5000));
    ledger.put(user("olga"), after(5001), "default", &policy(&[]));
    ledger.delete(user("olga"), after(5002), "default");
    let ann = "ann@contoso.com";
    let olga = "olga@contoso.com";
    assert_eq!(
        lines(&ledger, 2),
        [
            format!("initiate/action BeginRequest Started Informational {ann}"),
            format!("initiate/action EndRequest Accepted Informational {ann}"),
            format!("{RULE}/write EndRequest Succeeded Informational {ann}"),
            format!("{RULE}/write EndRequest Succeeded Informational {ann}"),
            format!("initiate/action BeginRequest Started Informational {ann}"),
            format!("initiate/action EndRequest Accepted Informational {ann}"),
            format!("{RULE}/delete EndRequest Succeeded Informational {ann}"),
            format!("{RULE}/write EndRequest Succeeded Informational {ann}"),
            format!("initiate/action BeginRequest Started Informational {ann}"),
            format!("initiate/action EndRequest Failed Error {ann}"),
            format!("revoke/action BeginRequest Started Informational {ann}"),
            format!("revoke/action EndRequest Succeeded Informational {ann}"),
            format!("{RULE}/delete EndRequest Succeeded Informational {ann}"),
            format!("{RULE}/delete EndRequest Succeeded Informational jitgate"),
            format!("write BeginRequest Started Informational {olga}"),
            format!("write EndRequest Succeeded Warning {olga}"),
            format!("delete BeginRequest Started Informational {olga}"),
            format!("delete EndRequest Succeeded Informational {olga}"),
        ]
    );
    // No two events are one.
    let mut ids: Vec<_> = events(&ledger).iter().map(|event| event["eventDataId"].to_string()).collect();
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), 20);
}

#[test]
fn the_end_of_a_request_as_azure_monitor_writes_it() {
    let mut ledger = with_policy();
    let mut body = request("web1", &[22], 600);
    body["justification"] = json!("say \"why\"");
    ledger.initiate(user("ann"), after(1), "default", &body);
    let mut event = events(&ledger)[3].clone();
    let id = event["eventDataId"].as_str().expect("a GUID").to_string();
    assert!(id.len() == 36 && id.split('-').map(str::len).eq([8, 4, 4, 4, 12]), "{id}");
    let policy = policy_id("default");
    let policy = policy.text();
    assert_eq!(event["id"], format!("{policy}/events/{id}/ticks/639309456011234567"));
    event.as_object_mut().expect("an object").retain(|name, _| name != "eventDataId" && name != "id");
    let both = |text: &str| json!({"value": text, "localizedValue": text});
    let action = "Microsoft.Security/locations/jitNetworkAccessPolicies/initiate/action";
    assert_eq!(
        event,
        json!({
            "authorization": {"action": action, "scope": policy},
            "caller": "ann@contoso.com",
            "channels": "Operation",
            "claims": {
                "http://schemas.microsoft.com/identity/claims/objectidentifier": "oid-ann",
                "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/name": "ann@contoso.com",
                "idtyp": "user"
            },
            "correlationId": "correlation-1",
            "description": "",
            "eventName": {"value": "EndRequest", "localizedValue": "End request"},
            "category": both("Administrative"),
            "eventTimestamp": "2026-11-22T12:00:01.1234567Z",
            "httpRequest": {"clientRequestId": "client-1", "clientIpAddress": "203.0.113.7", "method": "POST"},
            "level": "Informational",
            "operationId": "correlation-1",
            "operationName": {"value": action, "localizedValue": "Initiate JIT Network Access Policy"},
            "resourceGroupName": "ops",
            "resourceProviderName": both("Microsoft.Security"),
            "resourceType": both("Microsoft.Security/locations/jitNetworkAccessPolicies"),
            "resourceId": policy,
            "status": both("Accepted"),
            "subStatus": {"value": "Accepted", "localizedValue": "Accepted (HTTP Status Code: 202)"},
            "submissionTimestamp": "2026-11-22T12:00:01.1234567Z",
            "subscriptionId": SUBSCRIPTION,
            "properties": {
                "entity": policy,
                "message": action,
                "statusCode": "Accepted",
                "Justification": "say \"why\"",
                "User": "ann@contoso.com",
                "eventProperties": "{\"Justification\":\"say \\\"why\\\"\",\"User\":\"ann@contoso.com\"}",
                "virtualMachine": vm("web1"),
                "port": "22",
                "protocol": "TCP",
                "sourceAddressPrefix": "203.0.113.7",
                "startTimeUtc": "2026-11-22T12:00:01.1234567Z",
                "endTimeUtc": "2026-11-22T12:10:01.1234567Z"
            },
            "relatedEvents": []
        })
    );
}

#[test]
fn refusals_say_why() {
    let mut ledger = with_policy();
    ledger.initiate(user("ann"), after(1), "default", &request("web1", &[23], 600));
    let event = events(&ledger)[3].clone();
    assert_eq!(event["subStatus"]["localizedValue"], "BadRequest (HTTP Status Code: 400)");
    let message = event["properties"]["statusMessage"].as_str().expect("a message");
    let error: Value = serde_json::from_str(message).expect("JSON");
    assert_eq!(error["error"]["code"], "InvalidInitiateInput");
    assert_eq!(event["resourceId"], policy_id("default").text());
    // Nobody fills the log with one call.
    let text = |long: bool, short: &str| if long { "é".repeat(100_000) } else { short.to_owned() };
    for long in 0..4 {
        let command = jitgate_core::ledger::Command::Refused(jitgate_core::ledger::Attempt {
            operation: text(long == 0, "Microsoft.Security/locations/jitNetworkAccessPolicies/write"),
            scope: text(long == 1, "/subscriptions/x"),
            status: 403,
            code: text(long == 2, "AuthorizationFailed"),
            message: text(long == 3, "No."),
        });
        ledger.run(user("eve"), after(2), &command).expect("it is written down");
        assert!(ledger.lines.last().expect("a line").len() < 3000, "{long}");
    }
    ledger.check();
}

#[test]
fn what_time_does_is_nobodys_call() {
    let mut ledger = with_policy();
    ledger.initiate(app("robot"), after(1), "default", &request("web1", &[22], 600));
    ledger.expire(after(5000));
    let event = events(&ledger).pop().expect("an event");
    assert_eq!(event["caller"], "jitgate");
    assert_eq!(event.get("httpRequest"), None);
    assert_eq!(event["claims"], json!({}));
    assert_eq!(event["resourceId"], vm("web1"));
    assert_eq!(event["eventTimestamp"], "2026-11-22T12:10:01.1234567Z", "when it ended");
    assert_eq!(event["submissionTimestamp"], "2026-11-22T13:23:20.1234567Z", "when that was written down");
    assert_eq!(
        (&event["properties"]["statusReason"], &event["properties"]["requestor"]),
        (&json!("Expired"), &json!("oid-robot"))
    );
}

#[test]
fn a_machine_has_the_events_of_its_policy_that_named_it() {
    let mut ledger = with_policy();
    ledger.put(user("olga"), after(1), "default", &policy(&[machine("web1", &[22]), machine("web2", &[22])]));
    ledger.initiate(user("ann"), after(2), "default", &request("web1", &[22], 600));
    ledger.put(user("olga"), after(3), "default", &policy(&[machine("web1", &[22])]));
    let all: Vec<_> = ledger.records.iter().flat_map(activities).collect();
    let of = |id| all.iter().filter(|activity| activity.concerns(&id)).count();
    assert_eq!(of(vm_id("WEB1")), all.len());
    assert_eq!(of(vm_id("web2")), 4);
    assert_eq!(of(vm_id("web3")), 0);
    assert_eq!(of(policy_id("default")), all.len() - 1, "all but the port's own");
}

#[test]
fn the_csv_file() {
    let mut ledger = with_policy();
    let mut body = request("web1", &[22, 3389], 600);
    body["virtualMachines"][0]["ports"][0]["allowedSourceAddressPrefixes"] =
        json!(["10.0.0.0/8", "192.0.2.1"]);
    body["justification"] = json!("=HYPERLINK(\"http://x\"),\nnext");
    let mut actor = user("ann");
    actor.principal.name = "@ann".into();
    ledger.initiate(actor, after(1), "default", &body);
    let all: Vec<_> = ledger.records.iter().flat_map(activities).collect();
    assert_eq!(
        activity::csv_header(),
        "Correlation id,Operation name,Status,Event category,Level,Time,Subscription,Event initiated by,Resource type,Resource group,Resource,Machine,Port,Protocol,Source,Start,End,Justification\r\n"
    );
    let why = "\"'=HYPERLINK(\"\"http://x\"\"),\nnext\"";
    let (start, end) = ("2026-11-22T12:00:01.1234567Z", "2026-11-22T12:10:01.1234567Z");
    assert_eq!(
        activity::csv_line(&all[3]),
        format!(
            "correlation-1,Initiate JIT Network Access Policy,Accepted,Administrative,Informational,{start},{SUBSCRIPTION},'@ann,Microsoft.Security/locations/jitNetworkAccessPolicies,ops,default,web1,22; 3389,TCP,\"10.0.0.0/8, 192.0.2.1; 203.0.113.7\",{start},{end},{why}\r\n"
        )
    );
    assert_eq!(
        activity::csv_line(&all[4]),
        format!(
            "correlation-1,Create or Update Security Rule,Succeeded,Administrative,Informational,{start},{SUBSCRIPTION},'@ann,Microsoft.Network/networkSecurityGroups/securityRules,ops,web1,web1,22,TCP,\"10.0.0.0/8, 192.0.2.1\",{start},{end},{why}\r\n"
        )
    );
    assert!(activity::csv_line(&all[1]).ends_with(",ops,default,,,,,,,\r\n"));
}
