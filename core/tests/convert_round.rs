//! The round trip: what a policy or a request becomes in a language is read back as the very same.

use crate::support::NOW;
use crate::support::sound::sound;
use jitgate_core::convert::{Converted, Format, Options, Place, convert};
use jitgate_core::read::unresolved;
use jitgate_core::{CheckOptions, Severity, Timestamp, check};
use proptest::collection::{btree_map, vec};
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Map, Value, json};

/// What breaks out of strings, and what nobody sees.
fn literal() -> impl Strategy<Value = String> {
    let pieces = select(vec![
        "'",
        "''",
        "\"",
        "`",
        "\\",
        "$",
        "$x",
        "${",
        "$(",
        "{{",
        "}}",
        "{{a}}",
        "[",
        "]",
        "%27",
        "###",
        "\n###\n",
        "\n",
        "\r\n",
        "\t",
        "\0",
        "\u{1b}",
        "\u{85}",
        "‘",
        "’",
        "‚",
        "“",
        "\u{2028}",
        "\u{202e}",
        "\u{200b}",
        "\u{feff}",
        "é",
        "😀",
        "#",
        "; ls",
        "&",
        "|",
        "@",
        "@{",
        "EOF",
        " ",
        "a",
        "B",
        "7",
        "-",
        "PUT https://x",
        "\n\n",
    ]);
    vec(pieces, 0..8)
        .prop_map(|parts| parts.concat())
        .prop_filter("a variable takes its place", |text| unresolved(text).is_none())
}

/// A machine's name, which ends an id.
fn name() -> impl Strategy<Value = String> {
    literal().prop_map(|text| {
        let kept =
            text.chars().filter(|char| !char.is_whitespace() && !char.is_control() && !"/?#".contains(*char));
        format!("vm{}z", kept.take(40).collect::<String>())
    })
}

fn sources() -> impl Strategy<Value = Map<String, Value>> {
    let source = select(vec!["*", "10.20.0.7", "10.20.0.0/16", "198.51.100.4", "192.0.2.0/25"]);
    let plural = vec(source.clone(), 1..4).prop_map(|mut list| {
        list.sort_unstable();
        list.dedup();
        json!({ "allowedSourceAddressPrefixes": list })
    });
    prop_oneof![source.prop_map(|one| json!({ "allowedSourceAddressPrefix": one })), plural]
        .prop_map(|value| value.as_object().expect("an object").clone())
}

fn machines(port: impl Strategy<Value = Map<String, Value>>) -> impl Strategy<Value = Value> {
    let ports = btree_map(1..=65535_u16, port, 1..4).prop_map(|ports| {
        let rule = |(number, mut rest): (u16, Map<String, Value>)| {
            rest.insert("number".into(), number.into());
            Value::Object(rest)
        };
        Value::Array(ports.into_iter().map(rule).collect())
    });
    vec((name(), ports), 1..4).prop_map(|machines| {
        let machine = |(at, (name, ports)): (usize, (String, Value))| {
            json!({
                "id": format!("/subscriptions/b1f6f1d4-3c55-4f0e-9c1e-6a2f0f4d9d10/resourceGroups/shop/providers/Microsoft.Compute/virtualMachines/{at}{name}"),
                "ports": ports,
            })
        };
        Value::Array(machines.into_iter().enumerate().map(machine).collect())
    })
}

fn policy() -> impl Strategy<Value = Value> {
    let length = select(vec!["PT3H", "PT1H30M", "PT90M", "PT24H"]);
    let rule =
        (sources(), select(vec!["TCP", "UDP", "*"]), length).prop_map(|(mut rule, protocol, length)| {
            rule.insert("protocol".into(), protocol.into());
            rule.insert("maxRequestAccessDuration".into(), length.into());
            rule
        });
    (select(vec!["Basic", "Custom", "it's \"new\""]), machines(rule))
        .prop_map(|(kind, machines)| json!({ "kind": kind, "properties": { "virtualMachines": machines } }))
}

fn request() -> impl Strategy<Value = Value> {
    let until = select(vec![
        ("endTimeUtc", "2026-01-15T14:00:00.1234567Z"),
        ("duration", "PT3H"),
        ("duration", "PT330S"),
    ]);
    let port = (option::weighted(0.8, sources()), until).prop_map(|(sources, (name, value))| {
        let mut port = sources.unwrap_or_default();
        port.insert(name.into(), value.into());
        port
    });
    (option::of(literal()), machines(port)).prop_map(|(justification, machines)| {
        let mut request = json!({ "virtualMachines": machines });
        if let Some(justification) = justification {
            request["justification"] = justification.into();
        }
        request
    })
}

const PLACE: Place = Place {
    subscription: Some("b1f6f1d4-3c55-4f0e-9c1e-6a2f0f4d9d10"),
    resource_group: Some("shop"),
    location: Some("westeurope"),
    name: Some("default"),
};

fn options<'o>(place: Place<'o>, endpoint: Option<&'o str>) -> Options<'o> {
    Options { check: CheckOptions { now: Timestamp::parse(NOW), ..CheckOptions::default() }, place, endpoint }
}

fn written(text: &str, to: Format, options: &Options) -> Converted {
    convert(text.as_bytes(), to, options).outcome.unwrap_or_else(|reasons| panic!("{reasons:?}\n{text}"))
}

/// What the text says, as the JSON that is sent.
fn read(text: &str) -> Value {
    let report = check(text.as_bytes(), &options(Place::default(), None).check);
    sound(&report);
    let wrong: Vec<_> = report
        .diagnostics
        .iter()
        .filter(|one| one.severity == Severity::Error && !one.code.meta().contested)
        .map(|one| format!("{}: {}", one.code.id(), one.message))
        .collect();
    assert_eq!(wrong, Vec::<String>::new(), "{text}");
    serde_json::from_str(&written(text, Format::Json, &options(Place::default(), None)).text).expect("JSON")
}

/// What the cmdlets of PowerShell have another way of saying, or work out when they run.
fn beyond_cmdlets(document: &Value) -> bool {
    let text = document.to_string();
    document.get("properties").is_none()
        && document.get("justification").is_none()
        && text.contains("duration")
}

/// A list of one source, which the cmdlet for requests takes in the singular member.
fn single(document: &Value) -> Value {
    let mut document = document.clone();
    let machines = document["virtualMachines"].as_array_mut().into_iter().flatten();
    for port in machines.flat_map(|machine| machine["ports"].as_array_mut().into_iter().flatten()) {
        let only = port["allowedSourceAddressPrefixes"].as_array().filter(|list| list.len() == 1).cloned();
        if let (Some(only), Some(port)) = (only, port.as_object_mut()) {
            port.remove("allowedSourceAddressPrefixes");
            port.insert("allowedSourceAddressPrefix".into(), only[0].clone());
        }
    }
    document
}

fn config() -> ProptestConfig {
    let cases = std::env::var("JITGATE_FUZZ_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(96);
    ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() }
}

const READ: [Format; 5] = [Format::PowerShell, Format::Az, Format::Rest, Format::Arm, Format::Json];

proptest! {
    #![proptest_config(config())]

    #[test]
    fn policies_come_back(policy in policy(), endpoint in select(vec![None, Some("https://jit.example:8443")])) {
        for to in READ {
            let code = written(&policy.to_string(), to, &options(PLACE, endpoint)).text;
            let mut back = read(&code);
            if to == Format::Arm {
                // A template is a list of what it deploys.
                back = back.get("value").map_or(back.clone(), |list| list[0].clone());
            }
            prop_assert_eq!(&back, &policy, "{}\n{}", to.as_str(), code);
        }
    }

    #[test]
    fn requests_come_back(request in request(), endpoint in select(vec![None, Some("http://127.0.0.1:7080/")])) {
        for to in READ {
            if to == Format::Arm || (to == Format::PowerShell && endpoint.is_none() && beyond_cmdlets(&request)) {
                continue;
            }
            let code = written(&request.to_string(), to, &options(PLACE, endpoint)).text;
            let back = read(&code);
            if to == Format::PowerShell && back != request {
                prop_assert_eq!(&back, &single(&request), "{}", code);
            } else {
                prop_assert_eq!(&back, &request, "{}\n{}", to.as_str(), code);
            }
        }
    }

    #[test]
    fn several_come_back(policies in vec(policy(), 2..4)) {
        let list = json!({ "value": policies });
        let place = Place { name: None, ..PLACE };
        for to in [Format::PowerShell, Format::Az, Format::Rest] {
            let code = written(&list.to_string(), to, &options(place, None)).text;
            let report = check(code.as_bytes(), &options(place, None).check);
            sound(&report);
            let back = convert(code.as_bytes(), Format::Json, &options(Place::default(), None));
            let back: Value = serde_json::from_str(&back.outcome.unwrap_or_else(|reasons| panic!("{reasons:?}\n{code}")).text).expect("JSON");
            let machines = |policy: &Value| policy["properties"]["virtualMachines"].clone();
            let found: Vec<_> = back["value"].as_array().expect("a list").iter().map(machines).collect();
            prop_assert_eq!(found, policies.iter().map(machines).collect::<Vec<_>>(), "{}", code);
        }
    }
}
