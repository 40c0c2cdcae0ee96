//! The nearest request that would be granted: a table of cases.

use crate::decide_support::{ME, check, decided, policy, request};
use serde_json::json;

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

/// To compare long lists for each of many ports would take as long as an attacker likes: then the first rule speaks.
#[test]
fn rules_with_many_sources_are_not_compared() {
    for (count, until) in [(64, "PT8H"), (65, "PT3H")] {
        let sources: Vec<String> = (0..count).map(|host| format!("10.20.0.{}", host * 2)).collect();
        let rule = |most: &str| json!({"number": 22, "protocol": "TCP", "allowedSourceAddressPrefixes": sources, "maxRequestAccessDuration": most});
        let ports = json!([{"number": 22, "allowedSourceAddressPrefix": "10.20.0.8", "duration": "PT9H"}]);
        let (_, json) = decided(&policy(&json!([rule("PT3H"), rule("PT8H")])), &request(&ports), None);
        let duration = &json["nearest"]["virtualMachines"][0]["ports"][0]["duration"];
        assert_eq!(duration, until, "{count} sources");
    }
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

/// Of a port that is asked for twice, what can be granted as it is asked comes before what would shrink.
#[test]
fn what_is_asked_twice_is_granted_as_it_is_asked() {
    let rule = json!([{"number": 22, "protocol": "TCP", "allowedSourceAddressPrefix": "10.20.0.0/16", "maxRequestAccessDuration": "PT3H"}]);
    let port = |source: &str, duration: &str| json!({"number": 22, "allowedSourceAddressPrefix": source, "duration": duration});
    let (good, other) = (port("10.20.9.0/24", "PT1H"), port("10.20.8.0/24", "PT2H"));
    let (wide, long) = (port("0.0.0.0/0", "PT1H"), port("10.20.9.9", "PT9H"));
    for (ports, nearest) in [
        (json!([wide, good]), &good),
        (json!([long, good]), &good),
        (json!([good, wide]), &good),
        (json!([long, other, good]), &other),
        (json!([long, wide]), &port("10.20.9.9", "PT3H")),
    ] {
        let (decision, json) = decided(&policy(&rule), &request(&ports), Some(ME));
        assert!(!decision.is_granted());
        assert_eq!(json["nearest"]["virtualMachines"][0]["ports"], json!([nearest]), "{ports}: {json}");
        let changes = decision.nearest.expect("a nearest request").changes.join(", ");
        assert!(changes.contains("left out, because it is asked for twice"), "{changes}");
    }
}
