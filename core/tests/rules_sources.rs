//! Sources: what each spelling gives, and what the fixes make of a list.

use crate::support::VM;
use crate::support::cases::{codes, family, part};
use ipnet::Ipv4Net;
use jitgate_core::diagnostic::fix::apply_safe;
use jitgate_core::{CheckOptions, check};
use proptest::prelude::*;

const SINGLE: &str = r#""allowedSourceAddressPrefix""#;
const PLURAL: &str = r#""allowedSourceAddressPrefixes""#;

#[test]
fn both_members_in_every_state() {
    for (members, expected) in [
        (r#"SINGLE: "10.20.0.7", PLURAL: null"#, &[][..]),
        (r#"SINGLE: null, PLURAL: ["10.20.0.7"]"#, &[]),
        (r#"SINGLE: "10.20.0.7", PLURAL: []"#, &[]),
        (r"SINGLE: null, PLURAL: null", &["JIT304"]),
        (r"SINGLE: null, PLURAL: []", &["JIT318"]),
        (r"PLURAL: []", &["JIT318"]),
        (r#"SINGLE: "10.20.0.7", PLURAL: ["10.20.0.7"]"#, &["JIT303"]),
        (r#"SINGLE: "", PLURAL: ["10.20.0.7"]"#, &["JIT303", "JIT301"]),
        (r#"SINGLE: ["10.20.0.7"], PLURAL: ["10.20.0.7"]"#, &["JIT303"]),
        (r#"SINGLE: ["10.20.0.7"], PLURAL: []"#, &["JIT312"]),
        (r#"PLURAL: [], SINGLE: ["10.20.0.7"]"#, &["JIT312"]),
        (r#"SINGLE: ["10.20.0.7"], PLURAL: null"#, &["JIT312"]),
        (r"SINGLE: []", &["JIT312"]),
        (r#"SINGLE: ["10.20.0.7", "10.20.0.7"]"#, &["JIT312", "JIT309"]),
    ] {
        let members = members.replace("SINGLE", SINGLE).replace("PLURAL", PLURAL);
        assert_eq!(sorted(codes(policy_with(&members))), sorted(expected.to_vec()), "{members}");
    }
}

#[test]
fn an_expression_is_in_no_conflict() {
    let members = format!(r#"{SINGLE}: "[parameters('source')]", {PLURAL}: ["10.20.0.7"]"#);
    assert!(!codes(policy_with(&members)).contains(&"JIT303"));
}

#[test]
fn single_sources_of_a_policy() {
    for (source, expected) in [
        ("*", &[][..]),
        ("10.20.0.7", &[]),
        ("10.0.0.0/8", &[]),
        ("20.0.0.0/8", &[]),
        ("20.0.0.0/7", &["JIT320"]),
        ("128.0.0.0/1", &["JIT320"]),
        ("0.0.0.0/0", &["JIT305"]),
        ("1.2.3.4/0", &["JIT305"]),
        ("0.0.0.0/1", &["JIT320"]),
        ("0.0.0.0/8", &["JIT310"]),
        ("0.0.0.0/7", &["JIT320"]),
        ("127.0.0.0/8", &["JIT310"]),
        ("126.0.0.0/7", &["JIT320"]),
        ("127.0.0.1/8", &["JIT310"]),
        ("169.254.1.1", &["JIT310"]),
        ("169.254.0.0/15", &[]),
        ("192.0.0.8", &["JIT310"]),
        ("192.0.1.0", &[]),
        ("192.0.2.255", &["JIT310"]),
        ("192.0.2.0/23", &[]),
        ("198.51.100.7", &["JIT310"]),
        ("198.18.0.0/15", &[]),
        ("100.64.0.0/10", &[]),
        ("168.63.129.16", &[]),
        ("223.255.255.255", &[]),
        ("224.0.0.0/4", &["JIT310"]),
        ("224.0.0.0/3", &["JIT320"]),
        ("239.255.255.255", &["JIT310"]),
        ("240.0.0.0/4", &["JIT310"]),
        ("255.255.255.255", &["JIT310"]),
        ("10.20.0.5/24", &["JIT306"]),
        ("64.0.0.1/2", &["JIT306", "JIT320"]),
        ("anywhere", &["JIT317"]),
        ("Internet", &["JIT311"]),
        ("10.20.0.7-10.20.0.6", &["JIT301"]),
        ("http://10.20.0.7/", &["JIT301"]),
        ("10.20.0.*", &["JIT301"]),
        ("\u{202e}10.20.0.7", &["JIT301"]),
    ] {
        let members = format!(r#"{SINGLE}: "{source}""#);
        assert_eq!(sorted(codes(policy_with(&members))), expected, "{source}");
    }
}

#[test]
fn lists_of_a_policy() {
    for (list, expected) in [
        (r#""*", "10.20.0.7""#, &["JIT307"][..]),
        (r#""*", "*""#, &["JIT309"]),
        (r#""0.0.0.0/1", "128.0.0.0/2", "192.0.0.0/2""#, &["JIT305"]),
        (r#""0.0.0.0/1", "128.0.0.0/2", "192.0.0.0/3""#, &["JIT320", "JIT320", "JIT320"]),
        (r#""0.0.0.0/0", "10.20.0.7""#, &["JIT305", "JIT307"]),
        (r#""10.20.0.0/16", "10.20.0.7", "10.20.0.7""#, &["JIT307", "JIT309"]),
        (r#""10.20.0.0/24", "10.20.0.0/16", "10.0.0.0/8""#, &["JIT307", "JIT307"]),
        (r#""10.20.0.1", "10.20.0.2""#, &[]),
        (r#""10.20.0.2", "10.20.0.3""#, &["JIT308"]),
        (r#""10.20.0.0/25", "10.20.0.128/26", "10.20.0.192/26""#, &["JIT308"]),
        (r#""10.20.0.2", "10.30.0.2", "10.20.0.3", "10.30.0.3""#, &["JIT308", "JIT308"]),
        // Which addresses are meant by host bits is in question: nothing is built on it.
        (r#""10.20.0.5/24", "10.20.0.7""#, &["JIT306"]),
        (r#""10.20.0.0/24 ", "10.20.0.7""#, &["JIT307", "JIT316"]),
        (r#""* ", "10.20.0.7""#, &["JIT307", "JIT316"]),
        (r#""10.20.0.7", null"#, &[]),
    ] {
        let members = format!("{PLURAL}: [{list}]");
        // What reading itself says of a wrong type is another family's matter.
        assert_eq!(sorted(family("JIT3", policy_with(&members))), expected, "{list}");
    }
}

#[test]
fn everybody_is_said_as_it_is_written() {
    let document = policy_with(&format!(r#"{PLURAL}: ["*", "10.20.0.7"]"#));
    let report = check(document.as_bytes(), &CheckOptions::default());
    let said: Vec<_> = report.diagnostics.iter().map(|diagnostic| &*diagnostic.message).collect();
    assert!(said.contains(&"`10.20.0.7` lies inside `*`: it adds nothing"), "{said:?}");
}

#[test]
fn a_request_may_repeat_the_policy() {
    for (source, expected) in [
        (r#""allowedSourceAddressPrefixes": ["10.20.0.2", "10.20.0.3"]"#, &[][..]),
        (r#""allowedSourceAddressPrefixes": ["10.20.0.2", "10.20.0.2"]"#, &["JIT309"]),
        (r#""allowedSourceAddressPrefix": "20.0.0.0/7""#, &[]),
    ] {
        let port = format!(r#"{{ "number": 22, {source}, "duration": "PT1H" }}"#);
        assert_eq!(codes(part("request-port", &port)), expected, "{source}");
    }
}

#[test]
fn fixes_write_what_is_meant() {
    for (members, expected) in [
        (r#"SINGLE: "0.0.0.0/0""#, r#"SINGLE: "*""#),
        (r#"SINGLE: ["10.20.0.7"]"#, r#"SINGLE: "10.20.0.7""#),
        (r#"SINGLE: ["10.20.0.7", "10.30.0.7"]"#, r#"PLURAL: ["10.20.0.7", "10.30.0.7"]"#),
        (r#"SINGLE: "10.20.0.7 10.30.0.7""#, r#"PLURAL: ["10.20.0.7", "10.30.0.7"]"#),
        (r#"PLURAL: null, SINGLE: "10.20.0.7 10.30.0.7""#, r#"PLURAL: null, SINGLE: "10.20.0.7 10.30.0.7""#),
        (r#"PLURAL: ["10.20.0.7,10.30.0.7"]"#, r#"PLURAL: ["10.20.0.7", "10.30.0.7"]"#),
        (r#"SINGLE: "10.20.0.0-10.20.0.255""#, r#"SINGLE: "10.20.0.0/24""#),
        (r#"SINGLE: "0.0.0.0-255.255.255.255""#, r#"SINGLE: "*""#),
        (r#"SINGLE: "0.0.0.0/0.0.0.0""#, r#"SINGLE: "*""#),
        (r#"SINGLE: "10.20.0.7-10.20.0.8""#, r#"PLURAL: ["10.20.0.7", "10.20.0.8"]"#),
        (r#"SINGLE: "0.0.0.0-255.255.255.255""#, r#"SINGLE: "*""#),
        (r#"SINGLE: "10.20.0.5/255.255.255.255""#, r#"SINGLE: "10.20.0.5""#),
        (r#"SINGLE: "\t10.20.0.0 /16\ufeff""#, r#"SINGLE: "10.20.0.0/16""#),
        (r#"SINGLE: "::ffff:10.20.0.0/112""#, r#"SINGLE: "10.20.0.0/16""#),
        // What would let in more than is written is no safe fix.
        (r#"SINGLE: "::ffff:10.20.0.7/112""#, r#"SINGLE: "::ffff:10.20.0.7/112""#),
        (r#"SINGLE: "::ffff:203.0.113.7/96""#, r#"SINGLE: "::ffff:203.0.113.7/96""#),
        (r#"SINGLE: "::ffff:0.0.0.0/96""#, r#"SINGLE: "::ffff:0.0.0.0/96""#),
        (r#"PLURAL: ["10.20.0.7", "10.20.0.7" , "10.20.0.7"]"#, r#"PLURAL: ["10.20.0.7"]"#),
        (r#"PLURAL: ["10.20.0.7", "10.20.0.0/16"]"#, r#"PLURAL: ["10.20.0.0/16"]"#),
        (r#"PLURAL: ["10.20.0.6", "10.30.0.7", "10.20.0.7"]"#, r#"PLURAL: ["10.20.0.6/31", "10.30.0.7"]"#),
    ] {
        let spell = |text: &str| policy_with(&text.replace("SINGLE", SINGLE).replace("PLURAL", PLURAL));
        assert_eq!(mended(&spell(members)), spell(expected), "{members}");
    }
}

#[test]
fn a_hundred_thousand_sources_are_no_trouble() {
    let same = vec![r#""10.20.0.7""#; 100_000].join(",");
    let found = codes(policy_with(&format!("{PLURAL}: [{same}]")));
    assert!(found.iter().filter(|code| **code == "JIT309").count() >= 10_000, "as many as a report holds");
    let gaps: Vec<_> = (0..100_000_u32)
        .map(|index| format!("\"{}\"", std::net::Ipv4Addr::from(index << 1 | 0x1400_0000)))
        .collect();
    assert!(codes(policy_with(&format!("{PLURAL}: [{}]", gaps.join(",")))).is_empty());
}

proptest! {
    /// However a list is written, its fixes leave the same addresses, and nothing more to say.
    #[test]
    fn mended_lists_mean_the_same(list in proptest::collection::vec((0_u32..1024, 22_u8..=32), 1..40)) {
        let nets: Vec<_> = list.into_iter().map(|(address, len)| {
            Ipv4Net::new((0x0a14_0000 | address).into(), len).expect("a length of 32 at most").trunc()
        }).collect();
        let quoted: Vec<_> = nets.iter().map(|net| format!("\"{net}\"")).collect();
        let document = mended(&policy_with(&format!("{PLURAL}: [{}]", quoted.join(", "))));
        prop_assert!(codes(&document).is_empty(), "{document}");
        let value: serde_json::Value = serde_json::from_str(&document).expect("still JSON");
        let list = value.pointer("/properties/virtualMachines/0/ports/0/allowedSourceAddressPrefixes");
        let after: Vec<Ipv4Net> = list.and_then(|list| list.as_array()).expect("still a list").iter()
            .map(|text| {
                let text = text.as_str().expect("a string");
                text.parse().or_else(|_| format!("{text}/32").parse()).expect("a block")
            })
            .collect();
        prop_assert_eq!(Ipv4Net::aggregate(&nets), Ipv4Net::aggregate(&after));
    }
}

/// A policy with one port rule that holds these members beside a port, a protocol and a duration.
fn policy_with(members: &str) -> String {
    format!(
        r#"{{"kind":"Basic","properties":{{"virtualMachines":[{{"id":"{VM}","ports":[{{"number":8443,"protocol":"TCP","maxRequestAccessDuration":"PT3H",{members}}}]}}]}}}}"#
    )
}

fn sorted(mut codes: Vec<&'static str>) -> Vec<&'static str> {
    codes.sort_unstable();
    codes
}

/// A document after its safe fixes, run until there are none.
fn mended(document: &str) -> String {
    let mut text = document.to_owned();
    for _ in 0..100 {
        let fixed = apply_safe(&check(text.as_bytes(), &CheckOptions::default()));
        if fixed.applied == 0 {
            return text;
        }
        text = fixed.text;
    }
    panic!("fixes never end: {text}");
}

#[test]
fn stars_behind_an_address_are_a_block() {
    for (source, block) in [
        ("10.20.0.*", Some("10.20.0.0/24")),
        ("10.20.*.*", Some("10.20.0.0/16")),
        ("10.*.*.*", Some("10.0.0.0/8")),
        // How long these are is not said.
        ("10.20.*", None),
        ("10.*", None),
        ("*.*.*.*", None),
        // Who writes so hardly means that network alone.
        ("0.*.*.*", None),
        ("10.20.0.7.*", None),
        ("10.20.0.*.*", None),
        ("10.20.300.*", None),
        ("10.020.0.*", None),
        ("10.20.*.7", None),
        (".*", None),
    ] {
        let text = policy_with(&format!(r#"{SINGLE}: "{source}""#));
        let report = check(text.as_ref(), &CheckOptions::default());
        let fixed = apply_safe(&report).text;
        let expected = policy_with(&format!(r#"{SINGLE}: "{}""#, block.unwrap_or(source)));
        assert_eq!(fixed.as_bytes(), AsRef::<[u8]>::as_ref(&expected), "{source}");
        assert!(!report.diagnostics.is_empty(), "{source}");
    }
}
