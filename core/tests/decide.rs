//! Decisions: a table of cases, and laws against a naive reading that looks at every single address.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a test fails by panicking"
)]

mod support;

use std::net::{IpAddr, Ipv4Addr};

use jitgate_core::decide::{Context, Decision, decide};
use jitgate_core::{Timestamp, wire};
use proptest::prelude::*;
use serde_json::{Value, json};
use support::{NOW, VM};

fn context(caller: Option<IpAddr>) -> Context {
    Context { now: Timestamp::parse(NOW).expect("a time"), caller_address: caller }
}

fn policy(ports: &Value) -> String {
    json!({"kind": "Basic", "properties": {"virtualMachines": [{"id": VM, "ports": ports}]}}).to_string()
}

fn request(ports: &Value) -> String {
    json!({"virtualMachines": [{"id": VM, "ports": ports}], "justification": "patching"}).to_string()
}

fn decided(policy: &str, request: &str, caller: Option<IpAddr>) -> (Decision, Value) {
    let decision = decide(policy.as_bytes(), request.as_bytes(), &context(caller));
    let json = serde_json::from_str(&wire::decision(&decision)).expect("the wire is JSON");
    (decision, json)
}

const ME: IpAddr = IpAddr::V4(Ipv4Addr::new(10, 20, 0, 7));

/// The verdict on one requested port by one rule: the codes of the reasons, or what is granted.
#[track_caller]
fn check(rule: &str, port: &str, expected: &str) {
    let parse = |text: &str| serde_json::from_str::<Value>(&text.replace('\'', "\"")).expect("a test's JSON");
    let rule = parse(&format!("[{{'number':22,'protocol':'TCP',{rule}}}]"));
    let port = parse(&format!("[{{'number':22,{port}}}]"));
    let (decision, json) = decided(&policy(&rule), &request(&port), Some(ME));
    let verdict = if decision.is_granted() {
        let grant = &json["grants"][0];
        let sources: Vec<_> =
            grant["sources"].as_array().expect("sources").iter().filter_map(Value::as_str).collect();
        format!("{} until {}", sources.join(" "), grant["endTimeUtc"].as_str().expect("an end"))
    } else {
        let codes: Vec<_> = decision.reasons.iter().map(|reason| reason.diagnostic.code.id()).collect();
        let port =
            json.pointer("/nearest/virtualMachines/0/ports/0").map(Value::to_string).unwrap_or_default();
        format!("{} {}", codes.join(" "), port.replace('"', "'"))
    };
    assert_eq!(verdict.trim_end(), expected);
}

#[test]
fn granted() {
    let rule = "'allowedSourceAddressPrefix':'10.20.0.0/16','maxRequestAccessDuration':'PT3H'";
    check(rule, "'duration':'PT3H'", "10.20.0.7 until 2026-01-15T15:00:00Z");
    check(
        rule,
        "'endTimeUtc':'2026-01-15T13:30:00.1234567Z'",
        "10.20.0.7 until 2026-01-15T13:30:00.1234567Z",
    );
    check(
        rule,
        "'allowedSourceAddressPrefix':'10.20.0.0/16','duration':'PT1H'",
        "10.20.0.0/16 until 2026-01-15T13:00:00Z",
    );
    check(
        rule,
        "'allowedSourceAddressPrefixes':['10.20.0.0/25','10.20.0.128/25'],'duration':'PT1H'",
        "10.20.0.0/24 until 2026-01-15T13:00:00Z",
    );
    // An empty list names no source, as if it were left out.
    for empty in [
        "'allowedSourceAddressPrefixes':[]",
        "'allowedSourceAddressPrefix':null,'allowedSourceAddressPrefixes':[]",
    ] {
        check(rule, &format!("{empty},'duration':'PT1H'"), "10.20.0.7 until 2026-01-15T13:00:00Z");
    }
    let any = "'allowedSourceAddressPrefix':'*','maxRequestAccessDuration':'P1D'";
    check(any, "'allowedSourceAddressPrefix':'*','duration':'PT24H'", "* until 2026-01-16T12:00:00Z");
    check(any, "'allowedSourceAddressPrefix':'0.0.0.0/0','duration':'PT1H'", "* until 2026-01-15T13:00:00Z");
    let halves =
        "'allowedSourceAddressPrefixes':['10.20.0.0/25','10.20.0.128/25'],'maxRequestAccessDuration':'PT3H'";
    check(
        halves,
        "'allowedSourceAddressPrefix':'10.20.0.0/24','duration':'PT1H'",
        "10.20.0.0/24 until 2026-01-15T13:00:00Z",
    );
}

#[test]
fn refused_with_the_nearest() {
    let rule = "'allowedSourceAddressPrefix':'10.20.0.0/28','maxRequestAccessDuration':'PT3H'";
    let nearest = |source: &str, until: &str| {
        format!("{{'allowedSourceAddressPrefix':'{source}',{until},'number':22}}")
    };
    check(
        rule,
        "'allowedSourceAddressPrefix':'10.20.0.0/24','duration':'PT5H'",
        &format!("JIT623 JIT624 {}", nearest("10.20.0.7", "'duration':'PT3H'")),
    );
    check(
        rule,
        "'endTimeUtc':'2026-01-15T17:00:00Z'",
        &format!("JIT624 {}", nearest("10.20.0.7", "'endTimeUtc':'2026-01-15T15:00:00Z'")),
    );
    let other = "'allowedSourceAddressPrefix':'10.30.0.0/28','maxRequestAccessDuration':'PT3H'";
    check(
        other,
        "'allowedSourceAddressPrefix':'10.30.0.0/24','duration':'PT1H'",
        &format!("JIT623 {}", nearest("10.30.0.0/28", "'duration':'PT1H'")),
    );
    check(other, "'duration':'PT1H'", "JIT623");
    check(other, "'allowedSourceAddressPrefixes':[],'duration':'PT1H'", "JIT623");
    check(other, "'allowedSourceAddressPrefix':'10.40.0.1','duration':'PT1H'", "JIT623");
    check(
        rule,
        "'allowedSourceAddressPrefix':'10.20.0.1'",
        &format!("JIT601 {}", nearest("10.20.0.1", "'duration':'PT3H'")),
    );
}

/// Blocks of a universe of 16 addresses, by offset and prefix length.
fn block() -> impl Strategy<Value = (u8, u8)> {
    (28_u8..=32)
        .prop_flat_map(|len| (0..(1_u8 << (len - 28)), Just(len)))
        .prop_map(|(index, len)| (index << (32 - len), len))
}

fn cidr((offset, len): (u8, u8)) -> String {
    if len == 32 { format!("10.20.0.{offset}") } else { format!("10.20.0.{offset}/{len}") }
}

fn covers(blocks: &[(u8, u8)], address: u8) -> bool {
    blocks.iter().any(|&(offset, len)| address >> (32 - len) == offset >> (32 - len))
}

fn addresses(blocks: &[(u8, u8)]) -> Vec<u8> {
    (0..16).filter(|&address| covers(blocks, address)).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn agrees_with_every_single_address(
        allowed in prop::collection::vec(block(), 1..4),
        asked in prop::collection::vec(block(), 1..4),
        most in 1_u8..=24,
        hours in 1_u8..=30,
        caller in 0_u8..16,
    ) {
        let list = |blocks: &[(u8, u8)]| json!(blocks.iter().copied().map(cidr).collect::<Vec<_>>());
        let rules = json!([{
            "number": 22, "protocol": "TCP", "allowedSourceAddressPrefixes": list(&allowed),
            "maxRequestAccessDuration": format!("PT{most}H"),
        }]);
        let ports = json!([{
            "number": 22, "allowedSourceAddressPrefixes": list(&asked), "duration": format!("PT{hours}H"),
        }]);
        let me = IpAddr::V4(Ipv4Addr::new(10, 20, 0, caller));
        let policy = policy(&rules);
        let (decision, json) = decided(&policy, &request(&ports), Some(me));
        let inside = addresses(&asked).into_iter().all(|address| covers(&allowed, address));
        prop_assert_eq!(decision.is_granted(), inside && hours <= most && hours <= 24);
        if decision.is_granted() {
            let granted: Vec<u8> = decision.grants.iter().flat_map(|grant| &grant.sources)
                .flat_map(|net| net.hosts().map(|host| host.octets()[3]).chain([net.network().octets()[3], net.broadcast().octets()[3]]))
                .collect();
            let granted: Vec<u8> = (0..16).filter(|address| granted.contains(address)).collect();
            prop_assert_eq!(granted, addresses(&asked));
            return Ok(());
        }
        // The nearest acceptable request is one that is accepted, and asks for no more than was asked for
        // (or for the caller's own address).
        let Some(body) = json.get("nearest").filter(|body| !body.is_null()) else {
            let some = addresses(&asked).into_iter().any(|address| covers(&allowed, address));
            prop_assert!(!some && !covers(&allowed, caller), "there is a nearest request: {json}");
            return Ok(());
        };
        let (again, said) = decided(&policy, &body.to_string(), Some(me));
        prop_assert!(again.is_granted(), "{body} is refused: {said}");
        let grant = &again.grants[0];
        prop_assert!(grant.end.since(grant.start).expect("forward").as_secs() <= u64::from(hours.min(most)) * 3600);
        for net in &grant.sources {
            let address = net.network().octets()[3];
            prop_assert!(covers(&asked, address) || address == caller);
        }
    }
}

/// What the service may refuse for its spelling is certain all the same, and decided as it is meant.
#[test]
fn odd_spellings_are_decided() {
    let rule = "'allowedSourceAddressPrefix':'10.20.0.0/28','maxRequestAccessDuration':";
    let until = |end: &str| format!("10.20.0.7 until 2026-01-15T{end}Z");
    for (most, duration, expected) in [
        ("'pt3h'", "'PT3H'", until("15:00:00")),
        ("'PT3H '", "' pt1h'", until("13:00:00")),
        ("'PT0.5H'", "'pt30m'", until("12:30:00")),
        ("'PT3H'", "'P0Y0M0DT1H0M0S'", until("13:00:00")),
        (
            "'pt3h'",
            "'pt4h'",
            "JIT624 {'allowedSourceAddressPrefix':'10.20.0.7','duration':'PT3H','number':22}".into(),
        ),
        (
            "'PT3H'",
            "'pt0s'",
            "JIT605 {'allowedSourceAddressPrefix':'10.20.0.7','duration':'PT5M','number':22}".into(),
        ),
    ] {
        check(&format!("{rule}{most}"), &format!("'duration':{duration}"), &expected);
    }
    let ports = json!([{"number": 22, "protocol": "TCP", "maxRequestAccessDuration": "PT3H"}]);
    let asked = json!([{"number": 22, "duration": "PT1H"}]);
    for (listed, named) in [(VM.to_string(), format!("{VM}/")), (format!(" {VM} "), VM.to_uppercase())] {
        let policy = policy(&ports).replace(VM, &listed);
        let (_, json) = decided(&policy, &request(&asked).replace(VM, &named), Some(ME));
        let machine = json["grants"][0]["machine"].as_str().map(str::to_lowercase);
        assert_eq!(machine, Some(VM.to_lowercase()), "{listed:?} {named:?}");
    }
}

/// The nearest request keeps what a mistake surely means, and asks for no more than was asked for.
#[test]
fn the_nearest_is_near() {
    let rule = "'allowedSourceAddressPrefix':'10.20.0.0/28','maxRequestAccessDuration':'PT3H'";
    let hour = "'allowedSourceAddressPrefix':'10.20.0.7','duration':'PT1H','number':22";
    let end = "'allowedSourceAddressPrefix':'10.20.0.7','endTimeUtc':'2026-01-15T13:00:00Z','number':22";
    let one = "'duration':'PT1H'";
    for (port, codes, nearest) in [
        ("'duration':'1h'", "JIT401", hour),
        ("'duration':'01:00:00'", "JIT401", hour),
        (
            "'duration':'P30M'",
            "JIT404",
            "'allowedSourceAddressPrefix':'10.20.0.7','duration':'PT30M','number':22",
        ),
        (
            "'duration':'P1M'",
            "JIT404",
            "'allowedSourceAddressPrefix':'10.20.0.7','duration':'PT3H','number':22",
        ),
        ("'number':22.0,'duration':'PT1H'", "JIT205", hour),
        (
            &format!("{one},'allowedSourceAddressPrefix':'10.20.0.8-10.20.0.11'"),
            "JIT313",
            "'allowedSourceAddressPrefix':'10.20.0.8/30','duration':'PT1H','number':22",
        ),
        (
            &format!("{one},'allowedSourceAddressPrefix':'10.20.0.0/255.255.255.252'"),
            "JIT314",
            "'allowedSourceAddressPrefix':'10.20.0.0/30','duration':'PT1H','number':22",
        ),
        (
            &format!("{one},'allowedSourceAddressPrefix':'10.20.0.3, 10.20.0.9'"),
            "JIT312",
            "'allowedSourceAddressPrefixes':['10.20.0.3','10.20.0.9'],'duration':'PT1H','number':22",
        ),
        // In IPv6 clothes, and not the caller's own address.
        (
            &format!("{one},'allowedSourceAddressPrefix':'::ffff:10.20.0.9'"),
            "JIT302",
            "'allowedSourceAddressPrefix':'10.20.0.9','duration':'PT1H','number':22",
        ),
        (
            &format!(
                "{one},'allowedSourceAddressPrefixes':['10.20.0.3','[::ffff:10.20.0.8]', '::ffff:10.20.0.4/126']"
            ),
            "JIT302 JIT302",
            "'allowedSourceAddressPrefixes':['10.20.0.3','10.20.0.4/30','10.20.0.8'],'duration':'PT1H','number':22",
        ),
        (
            &format!("{one},'allowedSourceAddressPrefix':'\u{200b}::ffff:10.20.0.9'"),
            "JIT302",
            "'allowedSourceAddressPrefix':'10.20.0.9','duration':'PT1H','number':22",
        ),
        // By the name of the member, UTC.
        ("'endTimeUtc':'2026/01/15 13:00'", "JIT409", end),
        ("'endTimeUtc':'2026-01-15 13:00'", "JIT410", end),
        ("'endTimeUtc':'2026/01/15 13:00:00 UTC'", "JIT409", end),
        ("'endTimeUtc':'2026-01-15T16:00:00'", "JIT410", &end.replace("13:", "15:")),
        ("'endTimeUtc':'2026-01-15T11:00:00'", "JIT410", &hour.replace("1H", "3H")),
        ("'endTimeUtc':'this evening'", "JIT409", &hour.replace("1H", "3H")),
        (&format!("{one},'allowedSourceAddressPrefix':'MY_IP'"), "JIT115", hour),
        (
            &format!("{one},'allowedSourceAddressPrefixes':['10.20.0.3','<mine>']"),
            "JIT115 JIT627",
            "'allowedSourceAddressPrefix':'10.20.0.3','duration':'PT1H','number':22",
        ),
    ] {
        check(rule, port, &format!("{codes} {{{nearest}}}"));
    }
}

/// Two rules for one port, one a protocol: the one that could grant a part of it says what is nearest.
#[test]
fn the_rule_that_could_grant_speaks() {
    let ports = json!([
        {"number": 22, "protocol": "TCP", "allowedSourceAddressPrefix": "10.30.0.0/16", "maxRequestAccessDuration": "PT3H"},
        {"number": 22, "protocol": "UDP", "allowedSourceAddressPrefix": "10.20.0.0/16", "maxRequestAccessDuration": "PT1H"},
    ]);
    let asked = json!([{"number": 22, "allowedSourceAddressPrefix": "10.20.0.9", "duration": "PT2H"}]);
    let (decision, json) = decided(&policy(&ports), &request(&asked), None);
    assert_eq!(decision.reasons[0].diagnostic.code.id(), "JIT624");
    assert_eq!(json["nearest"]["virtualMachines"][0]["ports"][0]["duration"], "PT1H");
}

#[test]
fn swapped_documents_are_told() {
    let rules = json!([{"number": 22, "protocol": "TCP", "allowedSourceAddressPrefix": "*", "maxRequestAccessDuration": "PT3H"}]);
    let ports = json!([{"number": 22, "duration": "PT1H"}]);
    let (decision, _) = decided(&request(&ports), &policy(&rules), Some(ME));
    let codes: Vec<_> = decision.reasons.iter().map(|reason| reason.diagnostic.code.id()).collect();
    assert_eq!(codes, ["JIT628", "JIT629"]);
}

#[test]
fn nothing_is_granted_on_nothing() {
    for (policy, request) in [("", ""), ("{}", "{}"), ("[]", "[]"), ("null", "null"), ("{", "[")] {
        let (decision, _) = decided(policy, request, Some(ME));
        assert!(!decision.is_granted(), "{policy} {request}");
        assert!(decision.grants.is_empty());
    }
}

#[test]
fn a_protocol_that_allows_is_enough() {
    let rules = json!([
        {"number": 22, "protocol": "TCP", "allowedSourceAddressPrefix": "10.20.0.0/16", "maxRequestAccessDuration": "PT3H"},
        {"number": 22, "protocol": "UDP", "allowedSourceAddressPrefix": "10.30.0.0/16", "maxRequestAccessDuration": "PT3H"},
    ]);
    let ports = json!([{"number": 22, "duration": "PT1H"}]);
    let (decision, _) = decided(&policy(&rules), &request(&ports), Some(ME));
    let protocols: Vec<_> = decision.grants.iter().map(|grant| grant.protocol.as_str()).collect();
    assert_eq!(protocols, ["TCP"]);
}

#[test]
fn all_or_nothing() {
    let rules = json!([{"number": 22, "protocol": "TCP", "allowedSourceAddressPrefix": "*", "maxRequestAccessDuration": "PT3H"}]);
    let ports = json!([{"number": 22, "duration": "PT1H"}, {"number": 3389, "duration": "PT1H"}]);
    let (decision, json) = decided(&policy(&rules), &request(&ports), Some(ME));
    assert!(!decision.is_granted() && decision.grants.is_empty());
    assert_eq!(json["nearest"]["virtualMachines"][0]["ports"].as_array().map(Vec::len), Some(1));
    assert_eq!(json["changes"], json!(["web1 port 3389: left out"]));
}

#[test]
fn a_source_that_is_written_anew_is_told() {
    let rules = json!([{"number": 22, "protocol": "TCP", "allowedSourceAddressPrefix": "10.20.0.0/16", "maxRequestAccessDuration": "PT3H"}]);
    for (port, changes) in [
        (
            json!({"allowedSourceAddressPrefix": "10.20.0.7-10.20.0.8"}),
            "10.20.0.7-10.20.0.8 → 10.20.0.7, 10.20.0.8",
        ),
        (
            json!({"allowedSourceAddressPrefix": "10.20.8.0/255.255.255.0"}),
            "10.20.8.0/255.255.255.0 → 10.20.8.0/24",
        ),
        (
            json!({"allowedSourceAddressPrefixes": ["10.20.0.7", " 10.20.0.9", "10.20.8.5 255.255.255.0"]}),
            " 10.20.0.9 → 10.20.0.9, 10.20.8.5 255.255.255.0 → 10.20.8.0/24",
        ),
    ] {
        let mut port = port;
        port["number"] = 22.into();
        port["duration"] = "PT1H".into();
        let (decision, json) = decided(&policy(&rules), &request(&json!([port])), Some(ME));
        assert!(!decision.is_granted(), "{port}");
        assert_eq!(json["changes"], json!([format!("web1 port 22: {changes}")]), "{port}");
    }
}

#[test]
fn of_many_sources_written_anew_some_are_named() {
    let rules = json!([{"number": 22, "protocol": "TCP", "allowedSourceAddressPrefix": "10.20.0.0/16", "maxRequestAccessDuration": "PT3H"}]);
    let sources: Vec<_> = (1..=11).map(|last| format!(" 10.20.0.{last}")).collect();
    let ports = json!([{"number": 22, "allowedSourceAddressPrefixes": sources, "duration": "PT4H"}]);
    let (_, json) = decided(&policy(&rules), &request(&ports), None);
    let change = json["changes"][0].as_str().expect("a change");
    assert!(change.ends_with(" 10.20.0.8 → 10.20.0.8, 3 more as the API has them"), "{change}");
}

/// Of rules with equally many reasons, one that gives all that the first does and more says what is nearest.
#[test]
fn the_nearest_is_what_the_widest_rule_gives() {
    let rule = |protocol: &str, sources: &str, most: &str| json!({"number": 22, "protocol": protocol, "allowedSourceAddressPrefix": sources, "maxRequestAccessDuration": most});
    let first = rule("TCP", "10.20.0.0/28", "PT3H");
    for (second, asked, source, until) in [
        (rule("TCP", "10.20.0.0/28", "PT8H"), "10.20.0.9", "10.20.0.9", "PT8H"),
        (rule("*", "10.20.0.0/28", "PT8H"), "10.20.0.9", "10.20.0.9", "PT8H"),
        (rule("TCP", "10.20.0.0/26", "PT3H"), "10.20.0.0/24", "10.20.0.0/26", "PT3H"),
        // It would give up TCP, or addresses, or time.
        (rule("UDP", "10.20.0.0/28", "PT8H"), "10.20.0.9", "10.20.0.9", "PT3H"),
        (rule("TCP", "10.20.0.0/29", "PT8H"), "10.20.0.0/24", "10.20.0.0/28", "PT3H"),
        (rule("TCP", "10.20.0.0/26", "PT2H"), "10.20.0.0/24", "10.20.0.0/28", "PT3H"),
    ] {
        let ports = json!([{"number": 22, "allowedSourceAddressPrefix": asked, "duration": "PT9H"}]);
        let (decision, json) = decided(&policy(&json!([first, second])), &request(&ports), None);
        assert!(!decision.is_granted());
        let port = &json["nearest"]["virtualMachines"][0]["ports"][0];
        let nearest = [&port["allowedSourceAddressPrefix"], &port["duration"]];
        assert_eq!(nearest, [source, until], "{second} {asked}");
        let nearest = json["nearest"].to_string();
        assert!(decided(&policy(&json!([first, second])), &nearest, None).0.is_granted(), "{nearest}");
    }
}

#[test]
fn a_port_that_is_missing_is_told_the_others_once() {
    let rule = |number: u16, protocol: &str| json!({"number": number, "protocol": protocol, "allowedSourceAddressPrefix": "10.20.0.0/16", "maxRequestAccessDuration": "PT3H"});
    let rules = json!([rule(3389, "TCP"), rule(22, "TCP"), rule(3389, "UDP")]);
    let ports = json!([{"number": 23, "duration": "PT1H"}]);
    let (decision, _) = decided(&policy(&rules), &request(&ports), Some(ME));
    assert_eq!(decision.reasons[0].diagnostic.help, "the policy lists 22, 3389");
}

/// The service counts in ticks of 100 nanoseconds: what is shorter opens nothing.
#[test]
fn a_grant_has_at_least_a_tick() {
    let rule = "'allowedSourceAddressPrefix':'*','maxRequestAccessDuration':'PT3H'";
    check(rule, "'duration':'PT0.0000001S'", "10.20.0.7 until 2026-01-15T12:00:00.0000001Z");
    check(rule, "'duration':'PT1H0.00000019S'", "10.20.0.7 until 2026-01-15T13:00:00.0000001Z");
    check(
        rule,
        "'duration':'PT0.00000009S'",
        "JIT605 {'allowedSourceAddressPrefix':'10.20.0.7','duration':'PT5M','number':22}",
    );
}

/// One source without its brackets is an error, but what is meant is clear.
#[test]
fn the_nearest_puts_a_source_into_a_list() {
    let rule = "'allowedSourceAddressPrefix':'10.20.0.0/16','maxRequestAccessDuration':'PT3H'";
    check(
        rule,
        "'allowedSourceAddressPrefixes':'10.20.0.9','duration':'PT1H'",
        "JIT112 {'allowedSourceAddressPrefix':'10.20.0.9','duration':'PT1H','number':22}",
    );
}
