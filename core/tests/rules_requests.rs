//! Cases at the edges of the rules on requests.

use crate::support::VM;
use crate::support::cases;
use jitgate_core::{CheckOptions, Severity, check};

/// The codes of this family that a document gives.
fn family(document: &str) -> Vec<&'static str> {
    cases::family("JIT6", document)
}

fn request(machines: &str) -> String {
    format!(r#"{{"virtualMachines":[{machines}],"justification":"patching"}}"#)
}

fn machine(id: &str, ports: &str) -> String {
    format!(r#"{{"id":"{id}","ports":[{ports}]}}"#)
}

/// A request for port 22 with more members.
fn port(members: &str) -> String {
    request(&machine(VM, &format!(r#"{{"number":22,{members}}}"#)))
}

fn stored(port: &str) -> String {
    let machine = machine(VM, &format!(r#"{{"number":22,"allowedSourceAddressPrefix":"10.20.0.7",{port}}}"#));
    format!(r#"{{"virtualMachines":[{machine}],"startTimeUtc":"2026-01-15T11:00:00Z","requestor":""}}"#)
}

fn is(code: &str) -> Vec<&str> {
    if code.is_empty() { Vec::new() } else { vec![code] }
}

#[test]
fn ends() {
    for (end, code) in [
        (r#""duration":"PT1H""#, ""),
        (r#""duration":null,"endTimeUtc":"2026-01-15T13:00:00Z""#, ""),
        (r#""duration":null,"endTimeUtc":null"#, "JIT601"),
        (r#""duration":"PT1H","endTimeUtc":"2026-01-15T13:00:00Z""#, "JIT602"),
        (r#""duration":"@{variables('d')}","endTimeUtc":"2026-01-15T13:00:00Z""#, "JIT602"),
        (r#""endTimeUtc":"2026-01-15T11:59:59.9999999Z""#, "JIT603"),
        (r#""endTimeUtc":"2026-01-15T12:00:00Z""#, "JIT603"),
        (r#""endTimeUtc":"2026-01-15T12:30:00+01:00""#, "JIT603"),
        (r#""endTimeUtc":"2026-01-16T12:00:00Z""#, ""),
        (r#""endTimeUtc":"2026-01-16T12:00:00.0000001Z""#, "JIT604"),
        (r#""duration":"PT24H""#, ""),
        (r#""duration":"PT24H1S""#, "JIT604"),
        (r#""duration":"PT4M59S""#, "JIT605"),
        (r#""duration":"PT5M""#, ""),
        (r#""endTimeUtc":"2026-01-15T12:04:59Z""#, "JIT605"),
        (r#""endTimeUtc":"2026-01-15T12:05:00Z""#, ""),
        // Without a zone there is no telling.
        (r#""endTimeUtc":"2026-01-15T11:00:00""#, ""),
        (r#""duration":"P1M""#, ""),
    ] {
        let document = port(&format!(r#""allowedSourceAddressPrefix":"10.20.0.7",{end}"#));
        assert_eq!(family(&document), is(code), "{end}");
    }
}

#[test]
fn without_the_present_nothing_is_said_about_it() {
    let said = |document: &str| check(document.as_bytes(), &CheckOptions::default()).diagnostics.len();
    for end in ["2020-01-15T11:00:00Z", "2099-01-15T11:00:00Z"] {
        let document = port(&format!(r#""allowedSourceAddressPrefix":"10.20.0.7","endTimeUtc":"{end}""#));
        assert_eq!(said(&document), 0, "{end}");
    }
    let status = r#""endTimeUtc":"2026-01-15T11:30:00Z","status":"Initiated","statusReason":"UserRequested""#;
    assert_eq!(said(&stored(status)), 0);
}

#[test]
fn sources() {
    for (source, code) in [
        (r#""allowedSourceAddressPrefix":"10.20.0.7","#, ""),
        (r#""allowedSourceAddressPrefix":"10.0.0.0/8","#, ""),
        (r#""allowedSourceAddressPrefix":"*","#, "JIT606"),
        (r#""allowedSourceAddressPrefix":"0.0.0.0/0","#, "JIT606"),
        (r#""allowedSourceAddressPrefixes":["10.20.0.7","*"],"#, "JIT606"),
        (r#""allowedSourceAddressPrefixes":["0.0.0.0/1","128.0.0.0/1"],"#, "JIT606"),
        (r#""allowedSourceAddressPrefixes":["0.0.0.0/1","128.0.0.0/2"],"#, ""),
        ("", "JIT610"),
        (r#""allowedSourceAddressPrefix":null,"#, "JIT610"),
        (r#""allowedSourceAddressPrefix":"[parameters('ip')]","#, ""),
        (r#""allowedSourceAddressPrefix":["10.20.0.7"],"#, ""),
    ] {
        assert_eq!(family(&port(&format!(r#"{source}"duration":"PT1H""#))), is(code), "{source}");
    }
}

#[test]
fn justifications() {
    let port = r#"{"number":22,"allowedSourceAddressPrefix":"10.20.0.7","duration":"PT1H"}"#;
    let machine = machine(VM, port);
    for (document, code) in [
        (request(&machine), ""),
        (format!(r#"{{"virtualMachines":[{machine}]}}"#), "JIT607"),
        (format!(r#"{{"virtualMachines":[{machine}],"justification":null}}"#), "JIT607"),
        (format!(r#"{{"virtualMachines":[{machine}],"justification":"\t"}}"#), "JIT607"),
        (format!(r#"{{"virtualMachines":[{machine}],"justification":"${{WHY}}"}}"#), ""),
        // Parts of a request have no place for one.
        (format!("[{machine}]"), ""),
        (machine.clone(), ""),
        (format!("[{port}]"), ""),
    ] {
        assert_eq!(family(&document), is(code), "{document}");
    }
}

#[test]
fn nothing_and_twice() {
    let port = |number: &str| {
        format!(r#"{{"number":{number},"allowedSourceAddressPrefix":"10.20.0.7","duration":"PT1H"}}"#)
    };
    let two = format!("{},{}", port("22"), port("22"));
    let other = VM.replace("web1", "web2");
    for (machines, codes) in [
        (String::new(), vec!["JIT608"]),
        (machine(VM, ""), vec!["JIT608"]),
        (machine(VM, "7"), vec![]),
        (machine(VM, &two), vec!["JIT609"]),
        (machine(VM, &format!("{},{}", port("22"), port("\"22\""))), vec!["JIT609"]),
        (machine(VM, &format!("{},{}", port("22"), port("3389"))), vec![]),
        (
            format!("{},{}", machine(VM, &port("22")), machine(&VM.to_ascii_uppercase(), &port("22"))),
            vec!["JIT609"],
        ),
        (format!("{},{}", machine(VM, &port("22")), machine(&other, &port("22"))), vec![]),
    ] {
        assert_eq!(family(&request(&machines)), codes, "{machines}");
    }
}

#[test]
fn stored_requests() {
    let now = "2026-01-15T12:00:00Z";
    for (end, status, reason, code) in [
        ("2026-01-15T13:00:00Z", "Initiated", "UserRequested", ""),
        ("2026-01-15T13:00:00Z", "Initiating", "UserRequested", ""),
        ("2026-01-15T13:00:00Z", "Revoked", "NewerRequestInitiated", ""),
        ("2026-01-15T13:00:00Z", "initiated", "UserRequested", "JIT611"),
        ("2026-01-15T13:00:00Z", "Initiated", "", "JIT611"),
        (now, "Initiated", "UserRequested", "JIT612"),
        (now, "Revoked", "Expired", ""),
        ("2026-01-15T11:00:00Z", "Revoked", "Expired", ""),
        ("2026-01-15T10:59:59Z", "Revoked", "Expired", "JIT613"),
    ] {
        let port = format!(r#""endTimeUtc":"{end}","status":"{status}","statusReason":"{reason}""#);
        assert_eq!(family(&stored(&port)), is(code), "{end} {status} {reason}");
    }
}

#[test]
fn no_time_at_all_is_an_error() {
    let document = port(r#""allowedSourceAddressPrefix":"10.20.0.7","duration":"PT0S""#);
    let report = check(document.as_bytes(), &CheckOptions::default());
    let zero = report.diagnostics.iter().find(|diagnostic| diagnostic.code.id() == "JIT605");
    assert_eq!(zero.map(|diagnostic| diagnostic.severity), Some(Severity::Error));
}
