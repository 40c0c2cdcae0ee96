//! The edges of family 2: ports and protocols.

use crate::support::VM;
use crate::support::cases::{family, fixed, part};

/// A rule for that port and protocol, both as JSON.
fn rule(number: &str, protocol: &str) -> String {
    format!(
        r#"{{"number":{number},"protocol":{protocol},"allowedSourceAddressPrefix":"10.20.0.7","maxRequestAccessDuration":"PT3H"}}"#
    )
}

fn machine(rules: &[(&str, &str)]) -> Vec<u8> {
    let rules: Vec<_> = rules.iter().map(|(number, protocol)| rule(number, protocol)).collect();
    part("machine", &format!(r#"{{"id":"{VM}","ports":[{}]}}"#, rules.join(",")))
}

#[test]
fn numbers() {
    let cases: &[(&str, &[&str])] = &[
        ("0", &["JIT202"]),
        ("1", &[]),
        ("65535", &[]),
        ("65536", &["JIT201"]),
        ("-1", &["JIT201"]),
        ("22.0", &["JIT205"]),
        ("2.2e1", &["JIT205"]),
        ("0.0", &["JIT202", "JIT205"]),
        ("22.5", &["JIT205"]),
        ("1e999", &["JIT205"]),
        (r#""22""#, &["JIT203"]),
        (r#""0""#, &["JIT202", "JIT203"]),
        (r#"" 022""#, &["JIT203"]),
        (r#""70000""#, &["JIT201"]),
        (r#""99999999999999999999""#, &["JIT201"]),
        ("99999999999", &["JIT201"]),
        ("18446744073709551638", &["JIT201"]),
        ("-18446744073709551638", &["JIT201"]),
        (r#""""#, &["JIT204"]),
        (r#""22-25""#, &["JIT204"]),
        (r#""22, 3389""#, &["JIT204"]),
        (r#""*""#, &["JIT204"]),
        (r#""-22""#, &["JIT204"]),
        ("80", &["JIT212"]),
        ("443", &["JIT212"]),
        ("8443", &[]),
    ];
    for (number, expected) in cases {
        assert_eq!(family("JIT2", machine(&[(number, r#""TCP""#)])), *expected, "{number}");
    }
    for number in ["18446744073709551638", "\"18446744073709551638\""] {
        let document = machine(&[(number, r#""TCP""#)]);
        let report = jitgate_core::check(&document, &jitgate_core::CheckOptions::default());
        let said = &report.diagnostics[0].message;
        assert_eq!(said, "port `18446744073709551638` is outside 0–65535: the service refuses it");
    }
    let document = machine(&[(r#"" 022""#, r#""TCP""#)]);
    let report = jitgate_core::check(&document, &jitgate_core::CheckOptions::default());
    let said: Vec<_> = report.diagnostics.iter().map(|diagnostic| &*diagnostic.message).collect();
    assert_eq!(said, ["port `\" 022\"` is a string: the API wants a number"]);
}

#[test]
fn ports_that_are_words() {
    for (word, expected) in [
        ("ssh", Some("22")),
        ("RDP", Some("3389")),
        (" winrm ", Some("5985")),
        ("22/tcp", Some("22")),
        ("22/7", None),
        ("+22/tcp", None),
        ("99999/tcp", None),
        ("22-25", None),
        ("gopher", None),
    ] {
        let fixed = fixed(machine(&[(&format!(r#""{word}""#), r#""TCP""#)]));
        let number =
            |text: String| text.split_once("\"number\":").unwrap().1.split(',').next().unwrap().to_owned();
        assert_eq!(fixed.map(number).as_deref(), expected, "{word}");
    }
}

#[test]
fn protocols() {
    let cases: &[(&str, &[&str], Option<&str>)] = &[
        ("TCP", &[], None),
        ("*", &[], None),
        ("tcp", &["JIT207"], Some("TCP")),
        (" TCP", &["JIT207"], Some("TCP")),
        ("6", &["JIT207"], Some("TCP")),
        ("ANY", &["JIT207"], Some("*")),
        ("Udp", &["JIT207"], Some("UDP")),
        ("", &["JIT206"], None),
        (" ", &["JIT206"], None),
        ("ICMPv6", &["JIT206"], None),
        ("TCP,UDP", &["JIT206"], Some("*")),
        ("SSH", &["JIT206"], Some("TCP")),
        ("https", &["JIT206"], Some("TCP")),
        ("T\u{200b}CP", &["JIT206"], None),
    ];
    for (protocol, expected, meant) in cases {
        let document = machine(&[("8443", &format!(r#""{protocol}""#))]);
        assert_eq!(family("JIT2", &document), *expected, "{protocol}");
        let meant = meant.map(|meant| machine(&[("8443", &format!(r#""{meant}""#))]));
        assert_eq!(fixed(document).map(String::into_bytes), meant, "{protocol}");
    }
}

#[test]
fn ports_listed_again() {
    const TCP: &str = r#""TCP""#;
    const UDP: &str = r#""UDP""#;
    const ANY: &str = r#""*""#;
    type Case = (&'static [(&'static str, &'static str)], &'static [&'static str]);
    let cases: &[Case] = &[
        (&[("22", TCP), ("22", TCP)], &["JIT208"]),
        (&[("22", TCP), ("22", TCP), ("22", TCP)], &["JIT208", "JIT208"]),
        // 22 and 86 share a bit of the filter, as do 80 and 8080.
        (&[("22", TCP), ("86", TCP)], &[]),
        (&[("22", TCP), (r#""22""#, TCP)], &["JIT203", "JIT208"]),
        (&[("22", TCP), ("22", r#""tcp""#)], &["JIT208", "JIT207"]),
        (&[("3389", TCP), ("3389", UDP)], &[]),
        (&[("3389", TCP), ("3389", ANY)], &["JIT209"]),
        (&[("3389", ANY), ("3389", UDP), ("3389", TCP)], &["JIT209"]),
        (&[("22", ANY), ("22", TCP), ("22", ANY)], &["JIT209", "JIT208"]),
        (&[("22", TCP), ("22", r#""ICMP""#)], &["JIT206"]),
        (&[("22", TCP), ("22.5", TCP)], &["JIT205"]),
        (&[("22", UDP)], &["JIT211"]),
        (&[("5986", UDP), ("22", TCP)], &["JIT211"]),
        (&[("22", UDP), ("22", TCP)], &[]),
        (&[("22", UDP), ("22", r#""[parameters('protocol')]""#)], &[]),
        (&[("60000", UDP)], &[]),
    ];
    for (rules, expected) in cases {
        assert_eq!(family("JIT2", machine(rules)), *expected, "{rules:?}");
    }
}

#[test]
fn only_a_true_twin_is_taken_out() {
    let pair = |a: &str, b: &str| {
        let rule = |rest: &str| format!(r#"{{"number":22,"protocol":"TCP",{rest}}}"#);
        let machine = format!(r#"{{"id":"{VM}","ports":[{}, {}]}}"#, rule(a), rule(b));
        fixed(part("machine", &machine)).map(|text| text.matches("\"number\"").count())
    };
    let one = r#""allowedSourceAddressPrefix":"10.20.0.7","maxRequestAccessDuration":"PT3H""#;
    for (other, expected) in [
        (one, Some(1)),
        (r#""allowedSourceAddressPrefixes":["10.20.0.7/32"],"maxRequestAccessDuration":"PT180M""#, Some(1)),
        (r#""allowedSourceAddressPrefix":"10.20.0.7","maxRequestAccessDuration":"PT4H""#, None),
        (r#""allowedSourceAddressPrefix":"10.20.0.8","maxRequestAccessDuration":"PT3H""#, None),
    ] {
        assert_eq!(pair(one, other), expected, "{other}");
    }
}

#[test]
fn no_ports() {
    for (ports, expected) in [("[]", vec!["JIT210"]), ("null", vec![]), ("[{}]", vec![])] {
        let document = part("machine", &format!(r#"{{"id":"{VM}","ports":{ports}}}"#));
        assert_eq!(family("JIT2", document), expected, "{ports}");
    }
}

#[test]
fn many_ports_take_no_time() {
    // Quadratic work would take minutes here.
    let rules: Vec<_> =
        (0..100_000).map(|at| ("22", if at % 2 == 0 { r#""UDP""# } else { r#""TCP""# })).collect();
    let found = family("JIT2", machine(&rules));
    assert!(found.len() >= 10_000);
}
