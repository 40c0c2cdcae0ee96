//! Nothing breaks the reader of scripts: no slip, no piece of a script anywhere, no bytes.

use crate::support::NOW;
use crate::support::json::value;
use crate::support::printer::Printer;
use crate::support::sound::{nested, sound};
use jitgate_core::json::Tape;
use jitgate_core::read::Language;
use jitgate_core::{CheckOptions, Timestamp, check, script};
use proptest::collection::vec;
use proptest::prelude::*;

/// Fails where a script's nodes are not one value, or not in its text.
fn upright(tape: &Tape) {
    let root = tape.root().expect("a document");
    assert_eq!(tape.node(root).next as usize, tape.len(), "one value at the top");
    nested(tape, root, false);
}

/// What scripts are made of.
const PIECES: [&str; 99] = [
    "@{",
    "@(",
    "(",
    ")",
    "}",
    "{",
    "$(",
    "\"",
    "'",
    "@\"\n",
    "\n\"@",
    "@'\n",
    "\n'@",
    "`",
    "`\n",
    "\n",
    ";",
    ",",
    "=",
    " = ",
    ":",
    "$x",
    "$x.y",
    "${x}",
    "[string]",
    "[",
    "]",
    "+",
    " -f ",
    " -split ",
    "#",
    "<#",
    "#>",
    "|",
    "number = 22",
    "ports=",
    "id = 'x'",
    "protocol",
    "virtualMachines",
    "$x = ",
    "$x += ",
    "foreach ($a in $b) {",
    "if ($a) {",
    "else {",
    "param(",
    "function f {",
    "Set-AzJitNetworkAccessPolicy ",
    "-VirtualMachine ",
    "-Kind Basic ",
    "Start-AzJitNetworkAccessPolicy ",
    "@x ",
    "az rest --method put --url https://x/jitNetworkAccessPolicies/a --body ",
    "'{\"virtualMachines\": [",
    "| ConvertTo-Json ",
    "<<EOF\n",
    "\nEOF\n",
    "X=",
    "é",
    "“",
    "’",
    "–",
    "\u{feff}",
    "\\",
    "\\\"",
    "1",
    "0x16",
    "10.0.0.1",
    "..",
    "&",
    "é = ",
    "\r\n",
    "$_",
    "@ {",
    "foreach ($p in 22, 3389) {",
    "22, 3389 | % {",
    "-eq",
    ".Add(",
    "for p in 22 3389; do ",
    "done",
    "fi",
    " && ",
    "PUT https://x/jitNetworkAccessPolicies/a\n\n",
    "{{x}}",
    "@x = 1\n",
    "###\n",
    "$",
    "foreach (",
    "| % {",
    " += ",
    "if (",
    "break",
    "EOF",
    "for x in a; do ",
    "&&",
    "{{",
    "}}",
    "\u{200b}",
    "\t",
    "\0",
];

fn pieces() -> impl Strategy<Value = String> {
    let piece =
        prop_oneof![8 => proptest::sample::select(&PIECES[..]).prop_map(str::to_owned), 1 => any::<String>()];
    vec(piece, 0..60).prop_map(|pieces| pieces.concat())
}

/// Scripts as people write them, all of which are read without a word.
const SAMPLES: [&str; 6] = [
    include_str!("samples/how-to.ps1"),
    include_str!("samples/loop.ps1"),
    include_str!("samples/splat.ps1"),
    include_str!("samples/rest.ps1"),
    include_str!("samples/loop.sh"),
    include_str!("samples/policy.http"),
];

/// What a tired hand does to a text.
#[derive(Clone, Debug)]
enum Slip {
    Leave(proptest::sample::Index, usize),
    Put(proptest::sample::Index, &'static str),
    Cut(proptest::sample::Index),
    Double(proptest::sample::Index, usize),
    Swap(proptest::sample::Index),
}

fn slips() -> impl Strategy<Value = Vec<Slip>> {
    use proptest::sample::{Index, select};
    let slip = prop_oneof![
        (any::<Index>(), 1_usize..40).prop_map(|(at, len)| Slip::Leave(at, len)),
        (any::<Index>(), select(&PIECES[..])).prop_map(|(at, piece)| Slip::Put(at, piece)),
        any::<Index>().prop_map(Slip::Cut),
        (any::<Index>(), 1_usize..200).prop_map(|(at, len)| Slip::Double(at, len)),
        any::<Index>().prop_map(Slip::Swap),
    ];
    vec(slip, 0..5)
}

fn slipped(text: &str, slips: &[Slip]) -> String {
    let mut chars: Vec<char> = text.chars().collect();
    for slip in slips {
        let len = chars.len();
        if len < 2 {
            break;
        }
        match slip {
            Slip::Leave(at, many) => drop(chars.drain(at.index(len)..(at.index(len) + many).min(len))),
            Slip::Put(at, piece) => drop(chars.splice(at.index(len)..at.index(len), piece.chars())),
            Slip::Cut(at) => chars.truncate(at.index(len)),
            Slip::Double(at, many) => {
                let from = at.index(len);
                chars.extend_from_within(from..(from + many).min(len));
            }
            Slip::Swap(at) => chars.swap(at.index(len - 1), at.index(len - 1) + 1),
        }
    }
    chars.into_iter().collect()
}

#[test]
fn samples_are_right() {
    for sample in SAMPLES {
        let report =
            check(sample.as_bytes(), &CheckOptions { now: Timestamp::parse(NOW), ..CheckOptions::default() });
        sound(&report);
        assert!(report.diagnostics.is_empty(), "{:?}\n{sample}", report.diagnostics);
        assert_ne!(report.kind, jitgate_core::Kind::Unknown, "{sample}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn broken_samples_get_an_answer(sample in proptest::sample::select(SAMPLES.to_vec()), slips in slips()) {
        let text = slipped(sample, &slips);
        for language in [Language::PowerShell, Language::Shell, Language::Http] {
            if let (Some(tape), _) = script::read(&text, language, false) {
                upright(&tape);
            }
        }
        let report = check(text.as_bytes(), &CheckOptions::default());
        sound(&report);
        // Nothing is lost without a word.
        prop_assert!(report.kind != jitgate_core::Kind::Unknown || !report.diagnostics.is_empty(), "{}", text);
        // What is mended is still a script.
        let fixed = jitgate_core::diagnostic::fix::apply_safe(&report);
        sound(&check(fixed.text.as_bytes(), &CheckOptions::default()));
        for to in jitgate_core::convert::Format::ALL {
            let options = jitgate_core::convert::Options::default();
            drop(jitgate_core::convert::convert(text.as_bytes(), to, &options));
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn nothing_breaks_it(text in prop_oneof![pieces(), any::<String>(), value().prop_map(|value| Printer { choices: vec![1, 2, 3], at: 0 }.literal(&value))]) {
        for language in [Language::PowerShell, Language::Shell, Language::Http] {
            for text in [text.clone(), format!("$x = @{{{text}"), format!("az rest --body '{text}")] {
                if let (Some(tape), _) = script::read(&text, language, false) {
                    upright(&tape);
                }
                sound(&check(text.as_bytes(), &CheckOptions::default()));
            }
        }
    }

    #[test]
    fn bytes_do_not_break_it(bytes in vec(any::<u8>(), 0..300)) {
        sound(&check(&[b"$x = @{ ports = ".as_slice(), &bytes].concat(), &CheckOptions::default()));
    }
}
