//! A safe fix certainly means what was meant: what is put into a clean policy by mistake never makes it a clean one that
//! says something else.

use crate::rules_document_support::{fixed, found};
use crate::support::VM;
use jitgate_core::Severity;
use jitgate_core::diagnostic::Diagnostic;
use proptest::prelude::*;
use serde_json::Value;

/// A policy without a fault.
fn clean() -> String {
    format!(
        r#"{{
  "kind": "Basic",
  "properties": {{
    "virtualMachines": [
      {{
        "id": "{VM}",
        "ports": [
          {{
            "number": 22,
            "protocol": "TCP",
            "allowedSourceAddressPrefix": "10.20.8.0/24",
            "maxRequestAccessDuration": "PT3H"
          }},
          {{
            "number": 3389,
            "protocol": "*",
            "allowedSourceAddressPrefixes": ["10.20.8.0/24", "10.21.0.0/16"],
            "maxRequestAccessDuration": "PT1H"
          }}
        ]
      }}
    ]
  }}
}}
"#
    )
}

fn errors(text: &str) -> Vec<Diagnostic> {
    let mut found = found(text);
    found.retain(|one| one.severity == Severity::Error);
    found
}

/// What the safe fixes make of a text in the end.
fn mended(text: &str) -> String {
    let mut text = text.to_owned();
    for _ in 0..30 {
        let next = fixed(&text);
        if next == text {
            break;
        }
        text = next;
    }
    text
}

/// The document that a text is, if no rule has an error for it.
fn read(text: &str) -> Option<Value> {
    errors(text).is_empty().then(|| serde_json::from_str(text).expect("what has no error is JSON"))
}

#[test]
fn what_is_surely_meant_is_mended() {
    let whole = read(&clean()).expect("a clean policy");
    for (right, wrong) in [
        ("22,", "22"),
        ("22,", "22,,"),
        ("22,", "22 // the port\n,"),
        ("22,", "22, # the port"),
        ("22,", "22 /* the port */,"),
        ("22,", "22，"),
        ("\"10.20.8.0/24\",", "\"10.20.8.0/24\"，"),
        ("\"10.20.8.0/24\", ", "\"10.20.8.0/24\" "),
        ("\"PT1H\"", "\"PT1H\","),
        ("\"PT1H\"\n          }\n", "\"PT1H\",\n          },\n"),
        ("},\n          {", "}\n          {"),
        ("\"number\": 22", "\"number\" 22"),
        ("\"number\": 22", "\"number\" = 22"),
        ("\"number\": 22", "\"number\" => 22"),
        ("\"number\": 22", "\"number\"：22"),
        ("\"number\": 22", "number: 22"),
        ("\"number\": 22", "// the port\n            number: 22"),
        ("\"number\": 22", "number = 22"),
        ("\"number\": 22", "'number': 22"),
        ("\"number\": 22", "“number”: 22"),
        ("\"number\": 22", "\"number”: 22"),
        ("\"number\": 22", "\"number': 22"),
        ("\"number\": 22,\n            \"protocol\"", "\"number\": 22\n            protocol"),
        ("\"number\": 22,\n            \"protocol\"", "\"number\": 22\n            'protocol'"),
        ("\"protocol\": \"TCP\"", "\"protocol”: \"TCP\""),
        ("\"protocol\": \"TCP\"", "\"protocol': \"TCP\""),
        ("\"protocol\": \"TCP\"", "“protocol\": \"TCP\""),
        ("\"protocol\": \"TCP\"", "\"protocol\"： \"TCP\""),
        ("\"TCP\"", "TCP"),
        ("\"TCP\"", "TCP\""),
        ("\"TCP\"", "'TCP'"),
        ("\"TCP\"", "“TCP”"),
        ("\"TCP\"", "‘TCP’"),
        ("\"PT3H\"", "PT3H"),
        ("22,", "22,\u{a0}"),
        ("\"10.20.8.0/24\", \"10", "\"10.20.8.0/24\"， \"10"),
    ] {
        let text = clean().replacen(right, wrong, 1);
        assert_ne!(text, clean(), "{right}");
        assert!(!errors(&text).is_empty(), "{wrong} is a slip");
        assert_eq!(read(&mended(&text)).as_ref(), Some(&whole), "{wrong}\n{}", mended(&text));
    }
    for (word, right) in [("True", "true"), ("None", "null")] {
        let policy = clean().replace("\"kind\"", &format!("\"provisioningState\": {word}, \"kind\""));
        assert!(mended(&policy).contains(&format!("\"provisioningState\": {right},")), "{word}");
    }
}

/// A request in the place of a policy stays one, whatever else is mended.
#[test]
fn a_request_is_made_no_policy() {
    let port = r#"{"number":22,"allowedSourceAddressPrefix":"10.20.0.7","duration":"PT1H"}"#;
    let machines = format!(r#"{{"virtualMachines":[{{"id":"{VM}","ports":[{port}]}}]}}"#);
    for text in [
        format!(r#"{{"properties":{machines},"justification":"x"}}"#),
        format!(r#"{{"properties":{machines}}}"#),
        format!(
            r#"{{"properties":{},"justification":"x"}}"#,
            machines.replace(":22", r#":22,"protocol":"TCP""#)
        ),
    ] {
        assert!(!errors(&text).is_empty());
        assert_eq!(mended(&text), text);
    }
}

/// In a text that holds nothing known, what is no JSON may be right in whatever else it is.
#[test]
fn what_is_not_known_is_left_alone() {
    let slips = "// a slip\n".repeat(20_000);
    for text in [
        "# pipeline\ntrigger:\n  - main\nsteps:\n  - script: echo {a} # say\n",
        "// a program\nfunction f() { return {a: 1}; /* x */ }\nf();\n",
        "# Heading\n\n```json\n{\"name\": \"x\", // c\n \"b\": 1}\n```\n\nText behind.\n",
        "# does things\nf() { echo \"x\"; }\nf\n",
        "{\"name\": \"x\", // c\n \"b\": 1,}\n",
        &format!("{slips}{{\"name\": 1,}}\n"),
    ] {
        assert!(!found(text).is_empty(), "{text}");
        assert_eq!(fixed(text), text);
    }
    // The same slips around what is known.
    for (before, behind) in [("# Heading\n", ""), ("// c\n", ""), ("", " // d\n")] {
        assert_eq!(read(&mended(&format!("{before}{}{behind}", clean()))), read(&clean()));
    }
}

#[test]
fn what_is_a_guess_is_left_alone() {
    for (right, wrong) in [
        ("22,", "22 or 3389,"),
        ("22,", "22 + 1,"),
        ("22,", "22 \"or\" 3389,"),
        ("22,", "22 or: 3389,"),
        ("\"10.20.8.0/24\"", "\"10.20.8.0/24\" or \"*\""),
        ("\"10.20.8.0/24\"", "\"\"10.20.8.0/24\""),
        ("\"10.20.8.0/24\"", "'10.20.8.0/24' or '*'"),
        ("\"10.20.8.0/24\"", "“10.20.8.0/24” or “*”"),
        ("\"TCP\"", "u\"TCP\""),
        ("\"TCP\"", "\"T\" + \"CP\""),
        ("\"TCP\"", "\"T\" \"CP\""),
        ("\"TCP\"", "fix #42 the port\""),
        ("\"PT3H\"", "\"PT3H\" 3 hours"),
        ("\"PT3H\"", "PT3H 3 hours"),
        ("\"PT3H\"", "None{"),
        ("\"number\": 22", "-- the port\n            \"number\": 22"),
        ("\"number\": 22", "+ \"number\": 22"),
        ("\"number\": 22", "- \"number\": 22"),
        ("\"number\": 22", "or, \"number\": 22"),
        ("\"number\": 22", "<<<<<<< HEAD\n            \"number\": 22"),
        ("\"number\": 22", "=======\n            \"number\": 22"),
        ("\"number\": 22", "\"or\" \"number\": 22"),
        ("\"number\":", "\"number\" or:"),
        ("\"number\":", "number or:"),
        ("\"maxRequestAccessDuration\"", "\"duration\""),
    ] {
        let text = clean().replacen(right, wrong, 1);
        assert_ne!(text, clean(), "{right}");
        assert!(!errors(&text).is_empty(), "{wrong} is a slip");
        assert_eq!(fixed(&text), text, "{wrong}");
    }
}

/// Words, signs and quotes, as typing and pasting put them in.
fn odd() -> impl Strategy<Value = String> {
    let sign = prop::sample::select(
        [
            "\"",
            "'",
            "“",
            "”",
            "‘",
            "’",
            "„",
            ",",
            ":",
            ";",
            "{",
            "}",
            "[",
            "]",
            "(",
            ")",
            "+",
            "-",
            "=",
            ">",
            "<",
            ".",
            "/",
            "\\",
            "|",
            "&",
            "*",
            "`",
            "，",
            "：",
            "、",
            "\u{a0}",
            "\n",
            " ",
            "<<<<<<< HEAD\n",
            "=======\n",
            "-- ",
        ]
        .as_slice(),
    );
    let word = prop::sample::select(
        ["or", "and", "TCP", "22", "3389", "None", "True", "null", "hours", "u", "PT3H", "number", WIDE]
            .as_slice(),
    );
    let piece = prop_oneof![3 => sign, 2 => word];
    prop::collection::vec(piece, 1..=3).prop_map(|pieces| pieces.concat())
}

/// How the policy may be laid out.
fn layout() -> impl Strategy<Value = String> {
    let compact = || read(&clean()).expect("a clean policy").to_string();
    prop_oneof![3 => Just(clean()), 1 => Just(compact()), 1 => Just(compact().replace(',', ", ").replace(':', ": "))]
}

/// The address among the odd words. What is written into a list as an element is one, and covers the others.
const WIDE: &str = "10.0.0.0/8";

/// True where all of a policy is still there, and no more than a member that was written into it, `or=22`, or an element.
fn is_whole(after: &Value, before: &Value, odd: &str) -> bool {
    match (after, before) {
        (Value::Object(after), Value::Object(before)) => {
            let is_there = |(name, value): (&String, &Value)| {
                after.get(name).is_some_and(|after| is_whole(after, value, odd))
            };
            let is_written = |name: &String| before.contains_key(name) || odd.contains(name.as_str());
            before.iter().all(is_there) && after.keys().all(is_written)
        }
        (Value::Array(after), Value::Array(before)) => {
            let own: Vec<&Value> = after.iter().filter(|one| *one != WIDE || !odd.contains(WIDE)).collect();
            let is_covered = own.len() < after.len() && own.iter().all(|one| before.contains(one));
            let mut both = own.iter().zip(before);
            is_covered
                || own.len() == before.len() && both.all(|(after, before)| is_whole(after, before, odd))
        }
        _ => after == before,
    }
}

fn config() -> ProptestConfig {
    let cases: u32 =
        std::env::var("JITGATE_FUZZ_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(256);
    ProptestConfig { cases: cases.saturating_mul(8), failure_persistence: None, ..ProptestConfig::default() }
}

proptest! {
    #![proptest_config(config())]

    /// What is no JSON and comes out clean has all that was there before the slip: no value is lost, and none is made up.
    #[test]
    fn no_slip_makes_another_policy(text in layout(), odd in odd(), at in any::<prop::sample::Index>()) {
        let mut places: Vec<_> = text.char_indices().map(|(at, _)| at).collect();
        places.push(text.len());
        let at = places[at.index(places.len())];
        let broken = format!("{}{odd}{}", &text[..at], &text[at..]);
        // What is JSON says what it says, and so does a comment.
        if serde_json::from_str::<Value>(&broken).is_ok() || broken.contains("//") {
            return Ok(());
        }
        let mended = mended(&broken);
        if let Some(after) = read(&mended) {
            let before = read(&text).expect("a clean policy");
            prop_assert!(is_whole(&after, &before, &odd), "{}\nbecame\n{}", broken, mended);
        }
    }
}
