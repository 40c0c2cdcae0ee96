//! Inputs that nobody should send: each is answered, and none takes longer than its size explains, or this
//! would not end.

use jitgate_core::json::{MAX_BYTES, MAX_DEPTH};
use jitgate_core::{CheckOptions, check};

const MEGABYTE: usize = 1 << 20;

/// The codes that an input gives, each once.
fn codes(input: impl AsRef<[u8]>) -> Vec<&'static str> {
    let report = check(input.as_ref(), &CheckOptions::default());
    let mut codes: Vec<_> = report.diagnostics.iter().map(|diagnostic| diagnostic.code.id()).collect();
    codes.sort_unstable();
    codes.dedup();
    codes
}

/// A policy without machines and with this beside them.
fn policy(beside: &str) -> String {
    format!(r#"{{"properties":{{"virtualMachines":[]}},{beside}}}"#)
}

fn utf32(text: &str, unit: fn(u32) -> [u8; 4]) -> Vec<u8> {
    text.chars().map(u32::from).flat_map(unit).collect()
}

fn utf16(text: &str, unit: fn(u16) -> [u8; 2]) -> Vec<u8> {
    text.encode_utf16().flat_map(unit).collect()
}

#[test]
fn odd_bytes() {
    let empty = policy("\"_\":0");
    for (input, expected) in [
        (vec![], vec!["JIT105"]),
        (b"\xef\xbb\xbf".to_vec(), vec!["JIT105"]),
        (b"\0".to_vec(), vec!["JIT105"]),
        (vec![0; 4096], vec!["JIT105"]),
        (b"\xff".to_vec(), vec!["JIT101", "JIT102", "JIT107"]),
        (b"\xff\xfe".to_vec(), vec!["JIT102", "JIT105"]),
        (b"\xff\xfe{".to_vec(), vec!["JIT102", "JIT105"]),
        (format!("\u{feff}{empty}").into_bytes(), vec!["JIT120"]),
        (empty.replace(',', ",\r\n").into_bytes(), vec!["JIT120"]),
        (empty.replace(',', ",\r").into_bytes(), vec!["JIT120"]),
        (utf16(&format!("\u{feff}{empty}"), u16::to_le_bytes), vec!["JIT102", "JIT120"]),
        (utf16(&format!("\u{feff}{empty}"), u16::to_be_bytes), vec!["JIT102", "JIT120"]),
        (utf16(&empty, u16::to_le_bytes), vec!["JIT102", "JIT120"]),
        (utf16(&empty, u16::to_be_bytes), vec!["JIT102", "JIT120"]),
        (utf32(&format!("\u{feff}{empty}"), u32::to_le_bytes), vec!["JIT102", "JIT120"]),
        (utf32(&format!("\u{feff}{empty}"), u32::to_be_bytes), vec!["JIT102", "JIT120"]),
        (utf32(&empty, u32::to_le_bytes), vec!["JIT102", "JIT120"]),
        (utf32(&empty, u32::to_be_bytes), vec!["JIT102", "JIT120"]),
        (policy("\"_\":\"\\ud800\"").into_bytes(), vec!["JIT114", "JIT120"]),
        (policy("\"_\":\"\\udc00\\ud800\"").into_bytes(), vec!["JIT114", "JIT120"]),
        (policy("\"_\":\"\\ud83d\\ude80\"").into_bytes(), vec!["JIT120"]),
        (policy("\"_\":\"\0\"").into_bytes(), vec!["JIT101", "JIT120"]),
        (policy("\0 \"_\":0").into_bytes(), vec!["JIT101", "JIT120"]),
        (policy("\u{a0}\"_\":\u{a0}0\u{a0}").into_bytes(), vec!["JIT101", "JIT120"]),
        (policy("“_”:0").into_bytes(), vec!["JIT101", "JIT120"]),
        (policy("\"_\":1e999").into_bytes(), vec!["JIT120"]),
        (policy("\"_\":-0.0e-999").into_bytes(), vec!["JIT120"]),
        (policy("/* a */ \"_\":0 // b\n").into_bytes(), vec!["JIT101", "JIT120"]),
        (format!("{empty}\n{empty}\n").into_bytes(), vec!["JIT101", "JIT120"]),
        (b"{\"properties\":{\"virtualMachines\":[]},\"_\":\"\xc3\x28\"}".to_vec(), vec!["JIT102", "JIT120"]),
    ] {
        assert_eq!(codes(&input), expected, "{:?}", String::from_utf8_lossy(&input));
    }
}

#[test]
fn numbers_that_are_none() {
    for number in ["012", "+1", ".5", "1.", "1e", "1e+", "-", "--1", "0x16", "1_000", "NaN", "Infinity", "١"]
    {
        assert_eq!(codes(policy(&format!("\"_\":{number}"))), ["JIT101", "JIT120"], "{number}");
    }
}

#[test]
fn depth() {
    // The policy's own brackets are the first level.
    let nested = |depth: usize| policy(&format!("\"_\":{}{}", "[".repeat(depth), "]".repeat(depth)));
    assert_eq!(codes(nested(MAX_DEPTH - 1)), ["JIT120"]);
    assert_eq!(codes(nested(MAX_DEPTH)), ["JIT104", "JIT120"]);
    assert_eq!(codes(nested(10 * MAX_DEPTH)), ["JIT104", "JIT120"]);
    for open in ["[", "{", r#"{"a":"#, r#"[{"a":"#, r#"{"a":{},"b":"#, "[[],"] {
        let deep = open.repeat(MEGABYTE / open.len());
        assert!(codes(&deep).contains(&"JIT104"), "{open}");
    }
}

#[test]
fn size() {
    let mut large = policy("\"_\":0").into_bytes();
    large.resize(MAX_BYTES, b' ');
    assert_eq!(codes(&large), ["JIT120"]);
    large.push(b' ');
    assert_eq!(codes(&large), ["JIT103"]);
    assert_eq!(codes(vec![b'['; 50_000_000]), ["JIT103"]);
}

#[test]
fn slips_without_end() {
    for piece in [
        "[1,]",
        ",",
        ":",
        "]",
        "}",
        "\"",
        "'",
        "\\",
        "/",
        "#\n",
        "//\n",
        "/*",
        "a",
        "a ",
        "1 ",
        "\"a\"",
        "\"a\" ",
        "{}",
        "{},",
        "[],",
        "{]",
        "[}",
        "\"a\":",
        "\"a\":\"b\":",
        "\"a\":1,",
        "{\"a\" 1}",
        "\0",
        "\u{a0}",
        "\u{a0}1",
        "“a",
        "=",
        "=>",
        "-",
        "\"\\",
        "\"\\u",
        "\n\"",
        "\n\"a:",
        "\n\"a: \"b\"",
        "{\"a\":{},{},",
        "{\"a\":\"b\",\n \"c\"\n",
        "[{\"a\":1,{",
        "\"a:\\",
        "\"a:'",
        "null",
        "True ",
    ] {
        for start in [
            "",
            "[",
            "{",
            r#"{"properties":{"virtualMachines":["#,
            r#"{"virtualMachines":[{"ports":[{"number":"#,
        ] {
            let text = format!("{start}{}", piece.repeat(MEGABYTE / 128 / piece.len()));
            assert!(!codes(&text).is_empty(), "{start} {piece}");
        }
    }
}

#[test]
fn much_of_what_is_mended_by_looking_back() {
    for piece in ["]", "\"a\" ", "\n\"a:", "\"a:\\", "{\"a\":{},{},", "[\"a\":"] {
        let text =
            format!(r#"{{"properties":{{"virtualMachines":[{{{}"#, piece.repeat(MEGABYTE / 8 / piece.len()));
        assert!(codes(&text).contains(&"JIT101"), "{piece}");
    }
}

#[test]
fn megabytes_of_members() {
    let many = |member: fn(usize) -> String| (0..100_000).map(member).collect::<Vec<_>>().join(",");
    assert_eq!(codes(policy(&many(|_| "\"_\":0".into()))), ["JIT108", "JIT118"]);
    assert_eq!(codes(policy(&many(|_| "\"x\":0".into()))), ["JIT108", "JIT109", "JIT118"]);
    assert_eq!(codes(policy(&many(|index| format!("\"x{index}\":0")))), ["JIT109", "JIT118"]);
    assert_eq!(codes(policy(&many(|_| "\"Kind\":\"Basic\"".into()))), ["JIT110", "JIT118"]);
    assert_eq!(codes(policy(&many(|_| "\"kind\":\"Basic\"".into()))), ["JIT108", "JIT118"]);
    assert_eq!(
        codes(policy(&format!("\"tags\":{{{}}}", many(|index| format!("\"x{index}\":0"))))),
        ["JIT120"]
    );
}

#[test]
fn a_name_of_a_megabyte() {
    let name = "n".repeat(MEGABYTE);
    let report = policy(&format!(r#""{name}":[{}]"#, ",".repeat(20_000)));
    let report = check(report.as_bytes(), &CheckOptions::default());
    assert!(report.diagnostics.iter().all(|diagnostic| diagnostic.path.pointer().len() < 1_000));
}
