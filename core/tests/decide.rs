//! Decisions: a table of cases, and laws against a naive reading that looks at every single address.

use crate::support;
use std::net::{IpAddr, Ipv4Addr};

use crate::decide_support::{ME, check, decided, policy, request};
use crate::support::VM;
use proptest::prelude::*;
use serde_json::json;

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

/// What a policy leaves open is the policy's: no other request would be granted.
#[test]
fn a_rule_that_is_not_known_in_part_grants_nothing() {
    let rule = json!({
        "number": 22, "protocol": "TCP", "allowedSourceAddressPrefix": "10.20.0.0/16", "maxRequestAccessDuration": "PT3H",
    });
    for member in ["protocol", "allowedSourceAddressPrefix", "maxRequestAccessDuration"] {
        let mut rule = rule.clone();
        rule[member] = json!("[parameters('p')]");
        let asked = request(&json!([{"number": 22, "duration": "PT1H"}]));
        let (decision, json) = decided(&policy(&json!([rule])), &asked, Some(ME));
        let [reason] = &decision.reasons[..] else { panic!("one reason: {:?}", decision.reasons) };
        assert_eq!(reason.diagnostic.code.id(), "JIT627", "{member}");
        assert!(reason.diagnostic.message.contains("policy"), "{member}: {}", reason.diagnostic.message);
        assert_eq!(json["nearest"], json!(null), "{member}");
    }
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

#[test]
fn swapped_documents_are_told() {
    let rules = json!([{"number": 22, "protocol": "TCP", "allowedSourceAddressPrefix": "*", "maxRequestAccessDuration": "PT3H"}]);
    let ports = json!([{"number": 22, "duration": "PT1H"}]);
    let (decision, _) = decided(&request(&ports), &policy(&rules), Some(ME));
    let codes: Vec<_> = decision.reasons.iter().map(|reason| reason.diagnostic.code.id()).collect();
    assert_eq!(codes, ["JIT628", "JIT629"]);
}

/// A justification and a name are people's own words: nothing in them is to be filled in or computed. What else is wrong
/// with a stored request speaks of the request.
#[test]
fn stored_requests_speak_against_no_policy() {
    let rules = json!([{"number": 22, "protocol": "TCP", "allowedSourceAddressPrefix": "*", "maxRequestAccessDuration": "PT3H"}]);
    let stored = json!({
        "virtualMachines": [{"id": VM, "ports": [{
            "number": 22, "allowedSourceAddressPrefix": "10.20.0.7", "endTimeUtc": "2026-01-15T11:00:00Z",
            "status": "Initiated", "statusReason": "UserRequested",
        }]}],
        "startTimeUtc": "2026-01-15T10:00:00Z",
        "requestor": "ann@contoso.com",
        "justification": "patching",
    });
    let asked = request(&json!([{"number": 22, "duration": "PT1H"}]));
    for (member, words, codes) in [
        ("justification", "load > 90 and mem < 5, see <https://tickets.example/4711>", &[][..]),
        ("justification", "{web1} is VMNAME", &[]),
        ("justification", "[INC-4711] [disk]", &[]),
        ("justification", "${reason}", &[]),
        ("requestor", "<Ann>", &[]),
        ("startTimeUtc", "yesterday", &[]),
        ("startTimeUtc", "<time>", &["JIT115"]),
    ] {
        let mut policy: serde_json::Value = serde_json::from_str(&policy(&rules)).expect("JSON");
        let mut request = stored.clone();
        request[member] = json!(words);
        policy["properties"]["requests"] = json!([request]);
        let policy = policy.to_string();
        assert_eq!(support::cases::family("JIT1", &policy), codes, "{words}");
        assert!(decided(&policy, &asked, Some(ME)).0.is_granted(), "{words}");
    }
    let long = request(&json!([{"number": 22, "duration": "PT5H"}])).replace("patching", "<{$(why)}>");
    let (_, json) = decided(&policy(&rules), &long, Some(ME));
    assert_eq!(json["nearest"]["justification"], "<{$(why)}>");
    assert_eq!(json["changes"], json!(["web1 port 22: 5 h → 3 h"]));
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
    // So for an end: 3 hours and no tick more, and no time at all.
    check(rule, "'endTimeUtc':'2026-01-15T15:00:00.000000099Z'", "10.20.0.7 until 2026-01-15T15:00:00Z");
    check(
        rule,
        "'endTimeUtc':'2026-01-15T12:00:00.000000001Z'",
        "JIT603 {'allowedSourceAddressPrefix':'10.20.0.7','duration':'PT3H','number':22}",
    );
}
