//! The ledger: what the service answers, case by case.

use crate::ledger_support::{
    Ledger, NOON, after, app, machine, policy, policy_id, request, rule, user, vm, vm_id,
};
use jitgate_core::ledger::{Command, Expects, PutPolicy, ResourceId};
use jitgate_core::wire;
use serde_json::{Value, json};

fn with_policy() -> Ledger {
    Ledger::with_policy(&[machine("web1", &[22, 3389])])
}

#[test]
fn a_policy_is_answered_in_the_services_order() {
    let mut ledger = Ledger::default();
    let body = policy(&[json!({"id": vm("web1"), "publicIpAddress": "198.51.100.4", "ports": [
        {"number": 22, "protocol": "*", "allowedSourceAddressPrefixes": ["10.0.0.0/8", "192.0.2.1"], "maxRequestAccessDuration": "PT90M"}
    ]})]);
    let command = Command::PutPolicy(ledger.put_command("default", &body));
    let answer = ledger.run(user("olga"), after(0), &command).expect("a good policy");
    let text = wire::ledger::answer(&ledger.state, &answer, after(0)).expect("a body");
    let (id, vm) = (policy_id("default"), vm("web1"));
    let expected = format!(
        r#"{{"kind":"Basic","properties":{{"virtualMachines":[{{"id":"{vm}","ports":[{{"number":22,"protocol":"*","allowedSourceAddressPrefixes":["10.0.0.0/8","192.0.2.1"],"maxRequestAccessDuration":"PT90M"}}],"publicIpAddress":"198.51.100.4"}}],"requests":[],"provisioningState":"Succeeded"}},"id":"{}","name":"default","type":"Microsoft.Security/locations/jitNetworkAccessPolicies","location":"westeurope"}}"#,
        id.text()
    );
    assert_eq!(text, expected);
    ledger.check();
}

/// What a PUT says, and what is stored of it: the machine's first rule, or the error's code and message.
#[track_caller]
fn put_rule(port: &str, expected: &str) {
    let port: Value = serde_json::from_str(&port.replace('\'', "\"")).expect("a test's JSON");
    let mut ledger = Ledger::default();
    let body = json!({"properties": {"virtualMachines": [{"id": vm("web1"), "ports": [port]}]}});
    let (status, answer) = ledger.put(user("olga"), after(0), "default", &body);
    let found = match status {
        200 => answer["properties"]["virtualMachines"][0]["ports"][0].to_string().replace('"', "'"),
        _ => format!("{status} {} {}", answer["error"]["code"], answer["error"]["target"]).replace('"', ""),
    };
    assert_eq!(found, expected);
    ledger.check();
}

#[test]
fn rules_are_stored_in_one_form() {
    let with = |start: &str| format!("{{{start},'maxRequestAccessDuration':'PT3H'}}");
    // Keys come in alphabetical order here, because serde_json's `Value` sorts them.
    let stored = |prefix: &str, number: u16, protocol: &str| {
        format!("{{{prefix}'maxRequestAccessDuration':'PT3H','number':{number},'protocol':'{protocol}'}}")
    };
    let any = "'allowedSourceAddressPrefix':'*',";
    put_rule(&with("'number':22,'protocol':'TCP','allowedSourceAddressPrefix':'*'"), &stored(any, 22, "TCP"));
    put_rule(
        &with("'number':'22','protocol':'TCP','allowedSourceAddressPrefix':'*'"),
        &stored(any, 22, "TCP"),
    );
    put_rule(&with("'number':22,'protocol':'tcp','allowedSourceAddressPrefix':'*'"), &stored(any, 22, "TCP"));
    put_rule(
        &with(
            "'number':22,'protocol':'*','allowedSourceAddressPrefix':'*','allowedSourceAddressPrefixes':null",
        ),
        &stored(any, 22, "*"),
    );
    put_rule(
        &with("'number':22,'protocol':'UDP','allowedSourceAddressPrefixes':['10.0.0.0/8']"),
        &stored("'allowedSourceAddressPrefixes':['10.0.0.0/8'],", 22, "UDP"),
    );
    put_rule(
        &with("'number':22,'protocol':'TCP','allowedSourceAddressPrefix':'*','comment':'x'"),
        &stored(any, 22, "TCP"),
    );
    let place = "/properties/virtualMachines/0/ports/0";
    for (port, target) in [
        (with("'number':65536,'protocol':'TCP','allowedSourceAddressPrefix':'*'"), "/number"),
        (with("'number':-1,'protocol':'TCP','allowedSourceAddressPrefix':'*'"), "/number"),
        (with("'number':'ssh','protocol':'TCP','allowedSourceAddressPrefix':'*'"), "/number"),
        (with("'number':'22-25','protocol':'TCP','allowedSourceAddressPrefix':'*'"), "/number"),
        (with("'number':22,'protocol':'ICMP','allowedSourceAddressPrefix':'*'"), "/protocol"),
        (with("'number':22,'protocol':'','allowedSourceAddressPrefix':'*'"), "/protocol"),
        (with("'protocol':'TCP','allowedSourceAddressPrefix':'*'"), ""),
        (with("'number':22,'protocol':'TCP','allowedSourceAddressPrefix':'::1'"), "/allowedSourceAddressPrefix"),
        (with("'number':22,'protocol':'TCP','allowedSourceAddressPrefix':[]"), "/allowedSourceAddressPrefix"),
        ("{'number':22,'protocol':'TCP','allowedSourceAddressPrefix':'*'}".into(), ""),
        (
            "{'number':22,'protocol':'TCP','allowedSourceAddressPrefix':'*','maxRequestAccessDuration':'PT4M'}".into(),
            "/maxRequestAccessDuration",
        ),
        (
            "{'number':22,'protocol':'TCP','allowedSourceAddressPrefix':'*','maxRequestAccessDuration':'P2D'}".into(),
            "/maxRequestAccessDuration",
        ),
    ] {
        put_rule(&port, &format!("400 InvalidPolicyInput {place}{target}"));
    }
}

/// What no policy is.
#[test]
fn bad_policies_are_refused_and_recorded() {
    for (body, code) in [
        ("", "InvalidRequestContent"),
        ("nonsense", "InvalidRequestContent"),
        ("{\"properties\":", "InvalidRequestContent"),
        ("[]", "InvalidPolicyInput"),
        ("{}", "InvalidPolicyInput"),
        ("{\"properties\":{}}", "InvalidPolicyInput"),
        ("{\"virtualMachines\":[]}", "InvalidPolicyInput"),
        ("{\"properties\":{\"virtualMachines\":[{\"id\":\"web1\",\"ports\":[]}]}}", "InvalidPolicyInput"),
        ("{\"properties\":{\"virtualMachines\":\"[parameters('machines')]\"}}", "InvalidPolicyInput"),
    ] {
        let mut ledger = Ledger::default();
        let command = PutPolicy { body: body.into(), ..ledger.put_command("default", &json!({})) };
        let (status, answer) = ledger.call(user("olga"), after(0), &Command::PutPolicy(command));
        assert_eq!((status, &answer["error"]["code"]), (400, &json!(code)), "{body}: {answer}");
        assert!(!answer["error"]["details"].as_array().expect("details").is_empty(), "{body}");
        assert_eq!(ledger.state.policy_count(), 0);
        assert_eq!(ledger.lines.len(), 1, "the attempt is recorded");
        assert!(ledger.lines[0].contains("\"refused\""), "{}", ledger.lines[0]);
        ledger.check();
    }
}

#[test]
fn names_are_judged_by_the_path() {
    let mut ledger = Ledger::default();
    let body = policy(&[machine("web1", &[22])]);
    let (status, _) = ledger.put(user("olga"), after(0), &"p".repeat(52), &body);
    assert_eq!(status, 200);
    let (status, answer) = ledger.put(user("olga"), after(0), &"p".repeat(53), &body);
    assert_eq!(status, 400);
    assert_eq!(answer["error"]["details"][0]["code"], "JIT503", "{answer}");
}

#[test]
fn ids_are_found_in_any_case_and_shown_as_first_written() {
    let mut ledger = with_policy();
    let upper = ResourceId::new(&policy_id("DEFAULT").text().to_uppercase());
    let again = PutPolicy {
        policy: upper.clone(),
        ..ledger.put_command("default", &policy(&[machine("web1", &[22])]))
    };
    let (status, answer) = ledger.call(user("olga"), after(1), &Command::PutPolicy(again));
    assert_eq!(status, 200);
    assert_eq!(answer["id"], policy_id("default").text());
    assert_eq!(ledger.state.policy_count(), 1);
    let body = json!({"virtualMachines": [{"id": vm("web1").to_uppercase(), "ports": [{"number": 22, "duration": "PT1H"}]}]});
    let (status, answer) = ledger.call(
        user("ann"),
        after(2),
        &Command::Initiate { policy: upper, body: body.to_string().into(), expects: Expects::Anything },
    );
    assert_eq!(status, 202, "{answer}");
    assert_eq!(answer["virtualMachines"][0]["id"], vm("web1"));
    assert_eq!(ledger.state.open(&vm_id("WEB1"), after(3)).len(), 1);
    ledger.check();
}

#[test]
fn deletes_are_idempotent() {
    let mut ledger = with_policy();
    assert_eq!(ledger.delete(user("olga"), after(1), "default"), 200);
    assert_eq!(ledger.delete(user("olga"), after(2), "default"), 204);
    assert_eq!(ledger.state.policy_count(), 0);
    assert_eq!(ledger.lines.len(), 2, "what was not there needs no record");
    assert_eq!(ledger.state.policies_of(&vm_id("web1")).count(), 0);
    ledger.check();
}

#[test]
fn the_answer_to_a_request_is_the_services() {
    let mut ledger = with_policy();
    let command = |body: Value| Command::Initiate {
        policy: policy_id("default"),
        body: body.to_string().into(),
        expects: Expects::Anything,
    };
    let body = json!({"virtualMachines": [{"id": vm("web1"), "ports": [
        {"number": 22, "duration": "PT1H"},
        {"number": 3389, "allowedSourceAddressPrefix": "192.0.2.0/24", "endTimeUtc": "2026-11-22T14:00:00.21337Z"},
    ]}], "justification": "[JIRA-7] <patching>"});
    let answer = ledger.run(user("ann"), after(0), &command(body)).expect("within the policy");
    let text = wire::ledger::answer(&ledger.state, &answer, after(0)).expect("a body");
    let vm1 = vm("web1");
    let expected = format!(
        r#"{{"virtualMachines":[{{"id":"{vm1}","ports":[{{"number":22,"allowedSourceAddressPrefix":"203.0.113.7","endTimeUtc":"2026-11-22T13:00:00.1234567Z","status":"Initiating","statusReason":"UserRequested"}},{{"number":3389,"allowedSourceAddressPrefix":"192.0.2.0/24","endTimeUtc":"2026-11-22T14:00:00.21337Z","status":"Initiating","statusReason":"UserRequested"}}]}}],"startTimeUtc":"{NOON}","requestor":"ann@contoso.com","justification":"[JIRA-7] <patching>"}}"#
    );
    assert_eq!(text, expected);
    let shown = ledger.get("default", after(4))["properties"]["requests"][0].clone();
    let mut expected: Value = serde_json::from_str(&expected).expect("JSON");
    for port in 0..2 {
        expected["virtualMachines"][0]["ports"][port]["status"] = json!("Initiated");
    }
    assert_eq!(shown, expected);
    // An application has no name there, and without a justification there is no such member.
    let (_, answer) = ledger.call(app("robot"), after(5), &command(request("web1", &[22], 600)));
    assert_eq!(answer["requestor"], "");
    assert_eq!(answer.get("justification"), None);
    ledger.check();
}

/// A request for port 22 of a machine whose policy allows TCP from 10.20.0.0/16 for three hours: the port as it is
/// answered, or the error's status, code and message.
#[track_caller]
fn ask(port: &str, expected: &str) {
    let port: Value = serde_json::from_str(&port.replace('\'', "\"")).expect("a test's JSON");
    ask_body(&json!({"virtualMachines": [{"id": vm("web1"), "ports": [port]}]}).to_string(), expected);
}

#[track_caller]
fn ask_body(body: &str, expected: &str) {
    let mut ledger = Ledger::default();
    let mut narrow = rule(22);
    narrow["allowedSourceAddressPrefix"] = json!("10.20.0.0/16");
    ledger.put(user("olga"), after(0), "default", &policy(&[json!({"id": vm("web1"), "ports": [narrow]})]));
    let command =
        Command::Initiate { policy: policy_id("default"), body: body.into(), expects: Expects::Anything };
    let mut actor = user("ann");
    actor.address = Some("10.20.0.7".parse().expect("an address"));
    let (status, answer) = ledger.call(actor, after(0), &command);
    let found = match status {
        202 => {
            let port = &answer["virtualMachines"][0]["ports"][0];
            format!("{} until {}", port["allowedSourceAddressPrefix"], port["endTimeUtc"]).replace('"', "")
        }
        _ => format!("{status} {}: {}", answer["error"]["code"], answer["error"]["message"]).replace('"', ""),
    };
    assert_eq!(found, expected, "{answer}");
    assert_eq!(ledger.lines.len(), 2, "granted or refused, it is recorded");
    ledger.check();
}

#[test]
fn requests_are_answered_in_the_services_words() {
    const ONE_END: &str =
        "400 InvalidInitiateInput: Only one of fields 'EndTimeUtc' and 'Duration' can be set.";
    const IPV6: &str = "400 InvalidInitiateInput: The provided access request contains a source IP address in IPv6 format, which is unsupported by Just-In-Time Network Access.";
    let outside = format!(
        "400 InvalidInitiateInput: The given access request is not a subset of policy '{}'. Please make sure that the access request is within the allowed policy properties.",
        policy_id("default").text()
    );
    ask("{'number':22,'duration':'PT3H'}", "10.20.0.7 until 2026-11-22T15:00:00.1234567Z");
    ask("{'number':'22','duration':'PT3H'}", "10.20.0.7 until 2026-11-22T15:00:00.1234567Z");
    // The spellings of Python, JavaScript, .NET, Rust and scripts come back as they went.
    for end in [
        "2026-11-22T14:27:29.622219Z",
        "2026-11-22T14:48:35.434Z",
        "2026-11-22T14:44:50.5921811Z",
        "2026-11-22T14:48:37.659413112Z",
        "2026-11-22T14:44:44Z",
        "2026-11-22T14:44:44+00:00",
        "2026-11-22T15:44:44+01:00",
        "2026-11-22T14:44:44.100Z",
    ] {
        ask(&format!("{{'number':22,'endTimeUtc':'{end}'}}"), &format!("10.20.0.7 until {end}"));
    }
    // Spellings that clients cannot read back are shown as the service writes times.
    for end in ["2026-11-22 14:44:00Z", "2026-11-22T14:44Z", "2026-11-22t14:44:00z"] {
        ask(&format!("{{'number':22,'endTimeUtc':'{end}'}}"), "10.20.0.7 until 2026-11-22T14:44:00.0000000Z");
    }
    ask(
        "{'number':22,'allowedSourceAddressPrefix':'10.20.3.0/24','allowedSourceAddressPrefixes':null,'duration':'PT1H'}",
        "10.20.3.0/24 until 2026-11-22T13:00:00.1234567Z",
    );
    // An empty list names no source: the caller's own address.
    ask(
        "{'number':22,'allowedSourceAddressPrefixes':[],'duration':'PT1H'}",
        "10.20.0.7 until 2026-11-22T13:00:00.1234567Z",
    );
    ask("{'number':22}", ONE_END);
    ask("{'number':22,'duration':null}", ONE_END);
    ask("{'number':22,'duration':'PT1H','endTimeUtc':'2026-11-22T13:00:00Z'}", ONE_END);
    ask("{'number':22,'allowedSourceAddressPrefix':'2001:db8::1','duration':'PT1H'}", IPV6);
    ask("{'number':22,'allowedSourceAddressPrefixes':['10.20.0.1','::1'],'duration':'PT1H'}", IPV6);
    ask("{'number':23,'duration':'PT1H'}", &outside);
    ask("{'number':22,'duration':'PT3H1S'}", &outside);
    ask("{'number':22,'allowedSourceAddressPrefix':'10.21.0.1','duration':'PT1H'}", &outside);
    ask("{'number':22,'allowedSourceAddressPrefix':'*','duration':'PT1H'}", &outside);
    ask_body(&request("web2", &[22], 600).to_string(), &outside);
    ask_body(
        "nonsense",
        "400 InvalidRequestContent: The request content was invalid and could not be deserialized: 'this text needs double quotes'.",
    );
}

#[test]
fn a_body_is_judged_before_its_policy_is_looked_up() {
    let mut ledger = Ledger::default();
    let body = json!({"virtualMachines": [{"id": vm("web1"), "ports": [{"number": 22}]}]});
    let (status, answer) = ledger.initiate(user("ann"), after(0), "missing", &body);
    assert_eq!((status, &answer["error"]["code"]), (400, &json!("InvalidInitiateInput")));
    let (status, answer) = ledger.initiate(user("ann"), after(0), "missing", &request("web1", &[22], 600));
    assert_eq!((status, &answer["error"]["code"]), (404, &json!("PolicyNotFound")));
    ledger.check();
}

#[test]
fn a_refusal_has_the_reasons_and_the_nearest_request() {
    let mut ledger = with_policy();
    let (status, answer) =
        ledger.initiate(user("ann"), after(0), "default", &request("web1", &[22, 23], 5 * 3600));
    assert_eq!(status, 400);
    let error = &answer["error"];
    let details: Vec<_> = error["details"].as_array().expect("details").iter().collect();
    let codes: Vec<_> = details.iter().map(|detail| (&detail["code"], &detail["target"])).collect();
    assert_eq!(
        codes,
        [
            (&json!("JIT624"), &json!("/virtualMachines/0/ports/0/duration")),
            (&json!("JIT622"), &json!("/virtualMachines/0/ports/1/number")),
        ]
    );
    assert_eq!(error["target"], "/virtualMachines/0/ports/0/duration");
    let nearest = &error["additionalInfo"][0];
    assert_eq!(nearest["type"], "NearestAccessRequest");
    // It can be sent as it is.
    let (status, _) = ledger.initiate(user("ann"), after(1), "default", &nearest["info"]["request"]);
    assert_eq!(status, 202);
    ledger.check();
}

#[test]
fn a_body_that_is_refused_for_itself_has_a_nearest_request_too() {
    let mut ledger = with_policy();
    for (member, wrong) in [("duration", "1h"), ("allowedSourceAddressPrefix", "::1")] {
        let mut body = request("web1", &[22], 600);
        body["virtualMachines"][0]["ports"][0][member] = json!(wrong);
        let (status, answer) = ledger.initiate(user("ann"), after(0), "default", &body);
        let nearest = &answer["error"]["additionalInfo"][0]["info"]["request"];
        assert_eq!((status, nearest.is_object()), (400, true), "{answer}");
        let (status, _) = ledger.initiate(user("ann"), after(1), "default", nearest);
        assert_eq!(status, 202);
        // Where there is no such policy there is none, and the body's faults come first all the same.
        let (status, answer) = ledger.initiate(user("ann"), after(2), "missing", &body);
        assert_eq!((status, &answer["error"]["additionalInfo"]), (400, &Value::Null));
    }
    ledger.check();
}

#[test]
fn callers_without_an_ipv4_address_must_name_one() {
    let mut ledger = with_policy();
    let mut actor = user("ann");
    actor.address = Some("2001:db8::7".parse().expect("an address"));
    let (status, answer) = ledger.initiate(actor.clone(), after(0), "default", &request("web1", &[22], 600));
    assert_eq!(status, 400);
    assert!(answer["error"]["message"].as_str().expect("a message").contains("IPv6"), "{answer}");
    actor.address = Some("::ffff:203.0.113.9".parse().expect("an address"));
    let (status, answer) = ledger.initiate(actor.clone(), after(0), "default", &request("web1", &[22], 600));
    assert_eq!(status, 202);
    assert_eq!(answer["virtualMachines"][0]["ports"][0]["allowedSourceAddressPrefix"], "203.0.113.9");
    actor.address = None;
    let (status, _) = ledger.initiate(actor, after(0), "default", &request("web1", &[22], 600));
    assert_eq!(status, 400);
    ledger.check();
}

#[test]
fn history_leaves_the_policy_after_thirty_days() {
    const DAY: u64 = 24 * 3600;
    let mut ledger = with_policy();
    ledger.initiate(user("ann"), after(0), "default", &request("web1", &[22], 600));
    let shown = |at| ledger.get("default", at)["properties"]["requests"].as_array().map(Vec::len);
    assert_eq!(shown(after(30 * DAY)), Some(1));
    assert_eq!(shown(after(30 * DAY + 1)), Some(0));
    assert_eq!(ledger.state.requests_of(&policy_id("default")).count(), 1, "it is still known");
    assert_eq!(ledger.state.grants_of(&vm_id("web1")).count(), 1);
}
