//! Shell scripts that put their JSON together, and requests of HTTP: the policy that is sent, or that it is not known.

use crate::support::VM;
use crate::support::scripts::{URL, codes, options, sent};
use jitgate_core::{Kind, check};
use serde_json::{Value, json};

/// A rule's JSON, its number as it stands in the script.
fn rule(number: &str) -> String {
    format!(
        r#"{{"number": {number}, "protocol": "TCP", "allowedSourceAddressPrefix": "10.20.0.0/16", "maxRequestAccessDuration": "PT3H"}}"#
    )
}

fn body(ports: &str) -> String {
    format!(
        r#"{{"kind": "Basic", "properties": {{"virtualMachines": [{{"id": "{VM}", "ports": [{ports}]}}]}}}}"#
    )
}

/// A script that makes the variable `PORTS` and sends it.
fn script(lines: &str) -> String {
    format!(
        "#!/bin/bash\n{lines}\naz rest --method put --url '{URL}' --body @- <<EOF\n{}\nEOF\n",
        body("$PORTS")
    )
}

#[test]
fn ports_from_loops() {
    let quoted = |number: &str| rule(number).replace('"', "\\\"");
    let (first, each) = (quoted("22"), quoted("$p"));
    for lines in [
        format!("PORTS='{}'", [rule("22"), rule("3389")].join(", ")),
        format!("PORTS='{}'\nPORTS=\"$PORTS, {}\"", rule("22"), quoted("3389")),
        format!("PORTS='{}'\nPORTS+=', {}'", rule("22"), rule("3389")),
        format!("PORTS=\"{first}\"\nfor p in 3389; do\n  PORTS=\"$PORTS, {each}\"\ndone"),
        format!("PORTS=''\nSEP=''\nfor p in 22 3389\ndo PORTS+=\"$SEP{each}\"; SEP=', '; done"),
        format!("LIST='22 3389'\nPORTS= SEP=\nfor p in $LIST; do PORTS=\"$PORTS$SEP{each}\" SEP=,; done"),
        format!(
            "ALL=(22 3389)\nPORTS=''; SEP=''\nfor p in \"${{ALL[@]}}\"; do PORTS=\"$PORTS$SEP{each}\"; SEP=,; done"
        ),
        format!("export SUB=x && PORTS='{}, {}' && echo ready", rule("22"), rule("3389")),
    ] {
        let body = sent(&script(&lines));
        let ports = body["properties"]["virtualMachines"][0]["ports"].as_array().cloned().expect("ports");
        let numbers: Vec<_> = ports.iter().map(|port| port["number"].clone()).collect();
        assert_eq!(numbers, [json!(22), json!(3389)], "{lines}");
    }
}

/// What one command prints, another one is given, and what stands behind a line with a here-document is read in its turn.
#[test]
fn bodies_from_pipes_and_documents() {
    let json = body(&rule("22"));
    let expected: Value = serde_json::from_str(&json).expect("JSON");
    let quoted = json.replace('"', "\\\"");
    let call = format!("az rest --method put --url '{URL}' --body");
    for lines in [
        format!("cat <<EOF | {call} @-\n{json}\nEOF"),
        format!("cat <<EOF | tee policy.json | \\\n  {call} @-\n{json}\nEOF"),
        format!("cat - <<-\"END OF\"'-'1 |\\\n{call} @-\n\t{json}\n\tEND OF-1"),
        format!("cat > a.json <<A; cat > b.json <<B && echo ready\nx\nA\n{json}\nB\n{call} @b.json"),
        format!("cat <<A <<B | {call} @-\nx\nA\n{json}\nB"),
        format!("for i in 1; do cat <<EOF; done > /dev/null; cat <<EOF | {call} @-\nx\nEOF\n{json}\nEOF"),
        format!("echo \"{quoted}\" | {call} @-"),
        format!("printf '%s' '{json}' | {call} @-"),
        format!("cat > a.json <<EOF\n{json}\nEOF\n{call} \"$(cat a.json)\""),
        format!("cat > a.json <<EOF\n{json}\nEOF\ncat a.json | {call} @-"),
        format!("cat > a.json <<EOF\n{json}\nEOF\n{call} @- < a.json"),
        format!("VM=$(cat <<EOF\nweb1\n\nEOF\n)\n{call} \"{}\"", quoted.replace("web1", "$VM")),
        format!("VM=$(echo web1)\n{call} \"{}\"", quoted.replace("web1", "$VM")),
        // What is written is no PowerShell of the script's own.
        format!("cat > run.ps1 <<'EOF'\n$x = 1\nEOF\n{call} \"{quoted}\""),
    ] {
        let script = format!("#!/bin/bash\n{lines}\n");
        assert_eq!(codes(&script), Vec::<&str>::new(), "{script}");
        assert_eq!(sent(&script), expected, "{script}");
    }
    for lines in [
        format!("echo \"{quoted}\" | tr a b | {call} @-"),
        format!("cat <<EOF | while read -r line; do {call} @-; done\n{json}\nEOF"),
        format!("(cat <<EOF\n{json}\nEOF\n) | {call} @-"),
        format!("{call} \"$(echo '{json}' >&2)\""),
        format!("{call} \"$(cat x.json || echo '{json}')\""),
        format!("{call} \"$(true && echo '{json}')\""),
        format!("echo() {{ true; }}\n{call} \"$(echo '{json}')\""),
    ] {
        let script = format!("#!/bin/bash\n{lines}\n");
        assert_eq!(codes(&script), ["JIT125"], "{script}");
    }
}

#[test]
fn what_hangs_on_a_run_is_unknown() {
    let (one, other) = (rule("22"), rule("3389"));
    for lines in [
        format!("PORTS='{one}'\nif [ -n \"$RDP\" ]; then\n  PORTS='{other}'\nfi"),
        format!("PORTS='{one}'\n[ -n \"$RDP\" ] && PORTS='{other}'"),
        format!("PORTS='{one}'\ntest -f x || PORTS='{other}'"),
        format!("PORTS='{one}'\nfor p in *.txt; do PORTS=\"$PORTS,{}\"; done", other.replace('"', "\\\"")),
        format!("PORTS='{one}'\nfor p in $(cat ports); do PORTS='{other}'; done"),
        format!("PORTS='{one}'\nwhile read -r p; do PORTS='{other}'; done < ports"),
        format!("PORTS='{one}'\ncase \"$OS\" in\n  win*) PORTS='{other}' ;;\nesac"),
        format!("PORTS='{one}'\nread PORTS"),
        format!("PORTS='{one}'\nsource ./settings.sh"),
        format!("PORTS='{one}'\nfor p in 1 2; do PORTS='{other}'; [ -f x ] && break; done"),
        "PORTS=$(jq -c .ports policy.json)".to_owned(),
        "PORTS=\"$FIRST, $SECOND\"".to_owned(),
        format!("PORTS=\"{}\"", rule("$p").replace('"', "\\\"")),
    ] {
        let found = codes(&script(&lines));
        assert!(found.contains(&"JIT116"), "{lines}: {found:?}");
        assert!(!found.iter().any(|code| matches!(*code, "JIT101" | "JIT124")), "{lines}: {found:?}");
    }
    // In a loop, what the loop changes is not what it was before.
    let looped = format!(
        "PORTS='{one}'\nwhile true; do\naz rest --method put --url '{URL}' --body \"{}\"\nPORTS='{other}'\ndone",
        body("PORTS").replace('"', "\\\"").replace("PORTS", "$PORTS")
    );
    assert!(codes(&looped).contains(&"JIT116"), "{:?}", codes(&looped));
}

#[test]
fn requests_of_http() {
    let right = body(&rule("22"));
    let expected: Value = serde_json::from_str(&right).expect("JSON");
    for text in [
        format!("PUT {URL}\nContent-Type: application/json\n\n{right}\n"),
        format!("PUT {URL} HTTP/1.1\r\nAuthorization: Bearer x\r\n\r\n{right}\r\n"),
        format!("PUT {URL}\n\n{right}"),
        format!("PUT {URL}\n{right}"),
        format!("# the policy\n@rg = rg\n\n### put it\nPUT {}\n\n{right}\n", URL.replace("/rg/", "/{{rg}}/")),
        format!(
            "@port = 22\n@longest = PT3H\nPUT {URL}\n\n{}\n",
            right.replace("22", "{{port}}").replace("PT3H", "{{longest}}")
        ),
        format!("GET {URL}\n\n###\n\nPUT {URL}\n\n{right}\n\n###\n\nDELETE {URL}\n"),
    ] {
        assert_eq!(codes(&text), Vec::<&str>::new(), "{text}");
        assert_eq!(sent(&text), expected, "{text}");
    }
    let wrong = format!("PUT {URL}\n\n{}\n", right.replace("TCP", "tcp"));
    let report = check(wrong.as_bytes(), &options());
    let [only] = report.diagnostics.as_slice() else { panic!("{:?}", report.diagnostics) };
    assert_eq!(
        (only.code.id(), only.path.pointer().as_str()),
        ("JIT207", "/properties/virtualMachines/0/ports/0/protocol")
    );
    assert_eq!(only.range.start.line, 3);
    assert!(only.fix.is_some());
    let request = format!(
        r#"{{"virtualMachines": [{{"id": "{VM}", "ports": [{{"number": 22, "duration": "PT1H", "allowedSourceAddressPrefix": "10.20.0.7"}}]}}]}}"#
    );
    let initiate = URL.replace('?', "/initiate?");
    let report = check(format!("POST {initiate}\n\n{request}").as_bytes(), &options()).kind;
    assert_eq!(report, Kind::Request);
    // Its address says where it goes; what is still to be filled in is not known.
    let elsewhere = format!("PUT {}\n\n{right}\n", URL.replace("/rg/", "/other/"));
    assert_eq!(codes(&elsewhere), ["JIT507"]);
    let open = format!("@port = <port>\nPUT {URL}\n\n{}\n", right.replace("22", "{{port}}"));
    assert_eq!(codes(&open), ["JIT116"]);
    assert_eq!(codes(&format!("PUT {URL}\n\n< ./policy.json\n")), ["JIT125"]);
    assert_eq!(codes(&format!("GET {URL}\n")), ["JIT106"]);
}

#[test]
fn commands_that_the_azure_cli_has_not() {
    let call = |verb: &str| format!("az security {verb} --resource-group rg --name default --ports '[]'\n");
    for verb in ["jit-policy create", "jit-policy initiate", "jit-request create"] {
        for script in [call(verb), format!("$rg = 'rg'\n{}", call(verb))] {
            let found = check(script.as_bytes(), &options()).diagnostics;
            let [only] = found.as_slice() else { panic!("{found:?}\n{script}") };
            assert_eq!(only.code.id(), "JIT124", "{script}");
            let marked = [only.range.start.byte, only.range.end.byte].map(|byte| usize::try_from(byte).ok());
            let at = script.find(verb);
            assert_eq!(marked, [at, at.map(|at| at + verb.len())], "{script}");
        }
    }
    for verb in ["jit-policy list", "jit-policy show", "jit-policy --help"] {
        assert_eq!(codes(&call(verb)), ["JIT106"]);
    }
}

/// What else begins as programs do is a script where it calls what scripts call.
#[test]
fn scripts_that_begin_like_programs_are_read() {
    let put = format!("az rest --method put --url '{URL}' --body '{}'\n", body(&rule("70000")));
    for first in ["export SUB=1", "import foo", "let x=1", "from here on"] {
        assert_eq!(codes(&format!("{first}\n{put}")), ["JIT201"], "{first}");
    }
}
