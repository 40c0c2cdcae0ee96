//! `jitgate preview`, `diff` and `reach`, on the shared network `tests/networks/harbour`.

use std::fs;
use std::path::Path;

use expect_test::expect;

use crate::{Folder, Run};

/// A folder with the exports of the network, a policy, a later version of it, and a request.
fn folder() -> Folder {
    let folder = Folder::new();
    let tests = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests");
    let copy = |from: &str, to: &str| {
        folder.put(to, fs::read(tests.join(from)).expect("a shared file"));
    };
    for name in ["asg", "nic", "nsg", "public-ip", "vm", "vnet"] {
        copy(&format!("networks/harbour/{name}-list.json"), &format!("{name}.json"));
    }
    copy("previews/policy-edited/policy.json", "policy.json");
    copy("previews/policy-edited/after.json", "after.json");
    copy("previews/requests-over-time/requests/1-jump.json", "request.json");
    folder
}

const NETWORK: [&str; 7] =
    ["--network", "asg.json", "nic.json", "nsg.json", "public-ip.json", "vm.json", "vnet.json"];

fn reach(more: &[&str], input: &str) -> Run {
    folder().run_with(&[&["reach"], more, &NETWORK].concat(), input.as_bytes())
}

#[test]
fn a_preview_says_what_opens_and_what_stays_open() {
    let args =
        ["preview", "--policy", "policy.json", "--requests", "request.json", "--now", "2026-01-15T12:00:00Z"];
    let run = folder().run(&[&args[..], &NETWORK].concat());
    assert_eq!(run.notes, "");
    for line in [
        "vm-jump  /subscriptions/",
        "  protected by policy `default`: TCP 3389",
        "  before    TCP 3389 from 10.40.0.0/16, 168.63.129.16 to 10.40.1.4",
        "  at rest   nothing",
        "  open      TCP 3389 from 81.2.69.7 to 10.40.1.4",
        "  after     the same as at rest",
        "  exposed   TCP 22 stays open at rest, in spite of just-in-time access:",
        "              TCP 22 from 0.0.0.0/0 to 10.40.2.6",
        "            → `AllowSshFromOffice` in nsg-quay: priority 300 becomes 1002",
        "2026-01-15 12:00:00 UTC until 2026-01-15 14:00:00 UTC (2 h)",
        "request 1: granted",
    ] {
        assert!(run.out.lines().any(|said| said.starts_with(line)), "no line `{line}` in\n{}", run.out);
    }
}

/// Documents of another kind than is due, documents that cannot be used, and requests that are refused.
#[test]
fn a_preview_says_what_it_is_without() {
    let folder = folder();
    let policy = String::from_utf8(folder.bytes("policy.json")).expect("text");
    folder.put("broken.json", policy.replacen("PT3H", "3h", 1));
    let request = String::from_utf8(folder.bytes("request.json")).expect("text");
    folder.put("long.json", request.replace("PT2H", "PT9H"));
    folder.put("empty.json", "\u{feff}[]");
    folder.put("none.json", "{\"value\": []}");
    let text = ["no policy protects a machine", "not used: the policy `", "[JIT628]", "request 1: refused"];
    for (policy, more, code, said) in [
        ("broken.json", &[][..], 1, &["not used: the policy `broken.json` has 1 error\n", "[JIT401]"][..]),
        ("request.json", &[], 1, &["not used: the policy `request.json` has 1 error\n", "[JIT628]"]),
        ("request.json", &["--fail-on", "never"], 0, &["not used: the policy `", "[JIT628]"]),
        ("vm.json", &["--format", "github"], 1, &["title=JIT628 "]),
        ("empty.json", &[], 0, &["no policy protects a machine"]),
        ("policy.json", &["--requests", "policy.json"], 1, &["request 1: refused\n  this is a policy"]),
        ("policy.json", &["--requests", "long.json"], 1, &["request 1: refused\n  9 h is longer"]),
        ("policy.json", &["--requests", "long.json", "--fail-on", "never"], 0, &["request 1: refused"]),
        (
            "policy.json",
            &["--requests", "long.json", "--format", "github"],
            1,
            &["::error file=long.json,", "title=JIT624 "],
        ),
        ("policy.json", &["--requests", "long.json", "--format", "sarif"], 1, &["\"JIT624\""]),
        ("policy.json", &["--requests", "request.json"], 0, &["request 1: granted"]),
    ] {
        let args = ["preview", "--policy", policy, "--now", "2026-01-15T12:00:00Z"];
        let run = folder.run(&[&args[..], more, &NETWORK, &["empty.json", "none.json"]].concat());
        assert_eq!((run.code, run.notes.as_str()), (Some(code), ""), "{policy} {more:?}: {}", run.out);
        for words in said {
            assert!(run.out.contains(words), "{policy} {more:?}: `{words}` is not in {}", run.out);
        }
        for other in text.iter().filter(|other| !said.iter().any(|words| words.contains(*other))) {
            assert!(!run.out.contains(other), "{policy} {more:?}: `{other}` is in {}", run.out);
        }
    }
    for foreign in ["policy.json", "request.json"] {
        let run = folder.run(&["preview", "--policy", "policy.json", "--network", "vm.json", foreign]);
        assert_eq!((run.code, run.out.as_str()), (Some(2), ""));
        assert_eq!(run.notes, format!("error: `{foreign}` is no part of a network\n"));
    }
}

/// A policy and a network that have nothing in common.
#[test]
fn a_preview_says_that_a_policy_is_about_other_machines() {
    let folder = folder();
    let policy = String::from_utf8(folder.bytes("policy.json")).expect("text");
    folder.put("other.json", policy.replace("virtualMachines/", "virtualMachines/other-"));
    let id = "/subscriptions/2b7e9c41-5d0a-4f86-b1c3-7a9e60d4f218/resourceGroups/rg-harbour/providers/Microsoft.Compute/virtualMachines/vm-app";
    let expression = "[resourceId('Microsoft.Compute/virtualMachines', parameters('vm'))]";
    assert!(policy.contains(id));
    folder.put("one.json", policy.replace(id, expression));
    let none = "none of the machines in the policies is known to be in the network that was given: what reaches them is not known\n";
    for (policy, network, says, named) in [
        (
            "other.json",
            &NETWORK[..],
            true,
            &["  not found, but named by policy `default`: TCP 3389\n", "vm-app  not configured\n"][..],
        ),
        ("policy.json", &["--network", "nsg.json"], true, &["not found, but named", "[JIT743]"]),
        ("one.json", &["--network", "nsg.json"], true, &["which machine it is, is not known", "[JIT743]"]),
        (
            "one.json",
            &NETWORK,
            false,
            &["  protected by policy `default`: TCP 3389\n", "which machine it is, is not known", "[JIT743]"],
        ),
        ("policy.json", &NETWORK, false, &["  protected by policy `default`: TCP 22\n"]),
    ] {
        let args = ["preview", "--policy", policy, "--now", "2026-01-15T12:00:00Z"];
        let run = folder.run(&[&args[..], network].concat());
        assert_eq!((run.out.contains(none), run.notes.as_str()), (says, ""), "{policy}: {}", run.out);
        for words in named {
            assert!(run.out.contains(words), "{policy}: `{words}` is not in {}", run.out);
        }
        assert!(!run.out.contains("no policy protects a machine"), "{}", run.out);
    }
}

#[test]
fn what_becomes_possible_fails_a_gate() {
    let run = folder().run(&["diff", "policy.json", "after.json"]);
    assert_eq!((run.code, run.notes.as_str()), (Some(1), ""));
    expect![[r#"
        ＋ vm-app TCP 22 from 81.2.69.0/24 for up to 3 h instead of 2 h
        ＋ vm-jump TCP 3389 from 81.2.68.0/24 for up to 3 h
        ＋ vm-jump UDP 3389 from 81.2.68.0/23 for up to 3 h
        − VM-DB TCP 22 from 81.2.69.128/25 for up to 1 h
        − VM-DB TCP 5432 from 10.40.1.0/24 for up to 3 h
        3 things become possible, 2 things become impossible
    "#]]
    .assert_eq(&run.out);
    let same = folder().run(&["diff", "policy.json", "policy.json"]);
    assert_eq!(
        (same.code, same.out.as_str()),
        (Some(0), "nothing becomes possible, and nothing impossible\n")
    );
}

#[test]
fn what_cannot_be_compared_fails_a_gate() {
    let folder = folder();
    folder.put("broken.json", "{\"properties\": {\"virtualMachines\": [{\"id\": 1}]}}");
    let run = folder.run(&["diff", "policy.json", "broken.json"]);
    assert_eq!(run.code, Some(1), "{}", run.out);
    assert!(run.out.contains("not everything could be compared"), "{}", run.out);
}

#[test]
fn an_answer_names_what_decides() {
    let run = reach(&["--machine", "vm-jump", "--from", "81.2.69.7", "--port", "3389"], "");
    assert_eq!((run.code, run.notes.as_str()), (Some(0), ""));
    expect![[r#"
        not reachable
          the subnet's NSG nsg-quay stops it: deny rule `DenyAllInBound` 65500
    "#]]
    .assert_eq(&run.out);
}

#[test]
fn flows_are_answered_a_line_each() {
    let flows = "\
        {\"machine\":\"vm-app\",\"from\":\"81.2.69.7\",\"port\":22}\n\
        {\"machine\":\"nobody\",\"from\":\"81.2.69.7\",\"port\":22}\n\
        \n\
        {\"machine\":\"vm-app\",\"from\":\"81.2.69.7\",\"sourceport\":22}\n\
        {\"machine\":\"vm-app\",\"from\":\"92.40.10.7\",\"port\":22,\"protocol\":\"TCP\"}";
    let run = reach(&["--flows", "-"], flows);
    assert_eq!(run.code, Some(2), "three lines have no answer");
    assert_eq!(run.notes, "error: 3 of 5 lines could not be answered\n");
    let starts =
        ["{\"reachable\":\"yes\"", "{\"error\":", "{\"error\":", "{\"error\":", "{\"reachable\":\"no\""];
    let lines: Vec<&str> = run.out.lines().collect();
    assert_eq!(lines.len(), starts.len(), "{}", run.out);
    for (line, start) in lines.iter().zip(starts) {
        assert!(line.starts_with(start), "`{line}` does not start with `{start}`");
    }
}

#[test]
fn a_port_may_be_text() {
    let flow = |port: &str| format!("{{\"machine\":\"vm-app\",\"from\":\"81.2.69.7\",\"port\":{port}}}\n");
    let ports = ["22", "\"22\"", "\" 22 \"", "\"70000\"", "\"ssh\"", "70000", "2.5", "null", "true"];
    let run = reach(&["--flows", "-"], &ports.map(flow).concat());
    let lines: Vec<&str> = run.out.lines().collect();
    assert_eq!(lines.len(), ports.len(), "{}", run.out);
    assert!(
        lines[0].starts_with("{\"reachable\":\"yes\"") && lines[..3].iter().all(|line| *line == lines[0])
    );
    assert!(lines[3..].iter().all(|line| line.starts_with("{\"error\":")), "{}", run.out);
    assert!(lines[3].contains("a port is a whole number from 0 to 65535"), "{}", lines[3]);
    let source = reach(&["--flows", "-"], &flow("22,\"sourcePort\":\"50000\""));
    assert!(source.out.starts_with("{\"reachable\":\"yes\""), "{}", source.out);
}

#[test]
fn what_is_compared_counts_before_the_rest_of_the_network() {
    let folder = folder();
    let nsgs = String::from_utf8(folder.bytes("nsg.json")).expect("text");
    folder.put("later.json", nsgs.replace("\"81.2.69.0/24\"", "\"81.2.68.0/23\""));
    let run = folder.run(&[&["diff", "nsg.json", "later.json"][..], &NETWORK].concat());
    assert_eq!(run.code, Some(1), "{}", run.out);
    assert!(run.out.contains("vm-app TCP 22 from 81.2.68.0/24"), "{}", run.out);
    let kinds = folder.run(&["diff", "nsg.json", "policy.json"]);
    assert!(kinds.out.contains("not everything could be compared"), "{}", kinds.out);
}

#[test]
fn a_broken_network_is_told() {
    let folder = folder();
    let nsgs = String::from_utf8(folder.bytes("nsg.json")).expect("text");
    // In a rule of somebody's: of one of Azure's own nothing is missed.
    let (half, _) = nsgs.split_once("AllowPing").expect("a rule");
    folder.put("nsg.json", half);
    let args = ["reach", "--machine", "vm-jump", "--from", "::ffff:81.2.69.7", "--port", "22"];
    let run = folder.run(&[&args[..], &NETWORK].concat());
    assert!(run.notes.contains("10 errors in nsg.json; `jitgate check` tells all of them"), "{}", run.notes);
    // Which they are is told, with their place.
    let told = run.notes.lines().filter(|line| line.starts_with("nsg.json:") && line.contains(": error[JIT"));
    assert_eq!(told.count(), 8, "{}", run.notes);
    assert!(!run.out.contains("family"), "{}", run.out);
    let gate = folder.run(&[&["diff", "nsg.json", "nsg.json"][..], &NETWORK].concat());
    assert_eq!(gate.code, Some(1), "{}", gate.out);
}

#[test]
fn questions_that_make_no_sense_are_told() {
    let jump = ["--machine", "vm-jump", "--from", "81.2.69.7"];
    for (more, said) in [
        (&["--machine", "nobody", "--from", "81.2.69.7", "--port", "22"][..], "no machine of the network"),
        (&jump[..], "TCP and UDP need a port"),
        (&["--machine", "vm-jump", "--port", "22"], "--from"),
    ] {
        let run = reach(more, "");
        assert_eq!(run.code, Some(2));
        assert!(run.notes.contains(said), "`{said}` is not in: {}", run.notes);
    }
}
