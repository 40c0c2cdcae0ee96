//! Scripts as they come out of terminals, pages and word processors: prompts, answers, dashes, back-ticks with blanks.

use crate::support::VM;
use crate::support::scripts::{RULE, URL, codes, expect, judged, options, policy, sent};
use jitgate_core::{Kind, check};
use serde_json::Value;

fn body() -> String {
    format!(
        r#"{{"kind": "Basic", "properties": {{"virtualMachines": [{{"id": "{VM}", "ports": [{{"number": 22, "protocol": "tcp", "allowedSourceAddressPrefix": "10.20.0.0/16", "maxRequestAccessDuration": "PT3H"}}]}}]}}}}"#
    )
}

#[test]
fn prompts_are_passed_over() {
    let json = body();
    let quoted = json.replace('"', "\\\"");
    let lines = json.replace("\"properties\"", "\n> \"properties\"");
    for script in [
        format!("$ az rest --method put --url '{URL}' --body '{json}'"),
        format!("\u{feff}$ az rest --method put --url '{URL}' --body '{json}'\n$ "),
        format!("$ az rest --method put \\\n> --url '{URL}' \\\n> --body '{lines}'\n"),
        format!("ann@cloud:~$ az rest --method put --url '{URL}' --body '{json}'\nann@cloud:~$"),
        format!(
            "[ann@cloud shop]$ B='{json}'\n[ann@cloud shop]$ az rest --method put --url '{URL}' --body \"$B\""
        ),
        format!("root@cloud:/etc# az rest --method put --url '{URL}' --body '{json}'"),
        format!("$ cat > p.json <<EOF\n> {json}\n> EOF\n$ az rest --method put --url '{URL}' --body @p.json"),
        format!("PS /home/ann> az rest --method put --url '{URL}' --body '{json}'"),
        format!(
            "PS C:\\> $b = @'\n>> {json}\n>> '@\nPS C:\\> Invoke-AzRestMethod -Method PUT -Uri '{URL}' -Payload $b"
        ),
        format!("C:\\Users\\ann>az rest --method put --url \"{URL}\" --body \"{quoted}\"\n"),
        format!("az rest --method=put --url='{URL}' --body='{json}'"),
        format!("az rest --method put ^\n --url \"{URL}\" ^\n --body \"{quoted}\""),
        format!("$x = 1\naz rest --method put --url '{URL}' --body '{quoted}'"),
        format!(
            "$b = '{}'.Replace('TSP', 'tcp')\nInvoke-RestMethod -Method Put -Uri '{URL}' -Body $b",
            json.replace("tcp", "TSP")
        ),
    ] {
        let (kind, found) = judged(&script);
        let found: Vec<_> = found.iter().map(|one| one.code.id()).collect();
        assert_eq!((kind, found), (Kind::Policy, vec!["JIT207"]), "{script}");
        assert_eq!(
            sent(&script)["properties"]["virtualMachines"][0]["ports"][0]["protocol"],
            "TCP",
            "{script}"
        );
    }
}

#[test]
fn places_are_those_of_what_was_pasted() {
    let script = format!(
        "PS C:\\> $vm = @{{ id = '{VM}'\n>>   ports = @{{ number = 22; {} }} }}\nPS C:\\> Set-AzJitNetworkAccessPolicy -Kind Basic -Name default -VirtualMachine $vm",
        RULE.replace("TCP", "tcp")
    );
    expect(&script, Kind::Policy, &[("JIT207", "'tcp'")]);
    let report = check(script.as_bytes(), &options());
    assert_eq!(report.text, script, "what is shown has its prompts");
    assert_eq!(report.diagnostics.iter().map(|one| one.range.start.line).collect::<Vec<_>>(), [2]);
}

#[test]
fn answers_are_read_without_the_command() {
    let json = body();
    for pasted in [
        format!("$ cat policy.json\n{json}\n"),
        format!("$ az security jit-policy show -n default \\\n>   -g rg -l westeurope\n{json}\n$ "),
        format!("PS C:\\Users\\ann> Get-Content policy.json\n{json}\nPS C:\\Users\\ann> "),
        format!("ann@cloud:~$ az rest --method get --url '{URL}'\n{json}\nann@cloud:~$ "),
    ] {
        let start = pasted.find("\"tcp\"").expect("a protocol");
        let found = judged(&pasted);
        let places: Vec<_> = found
            .1
            .iter()
            .map(|one| (one.code.id(), usize::try_from(one.range.start.byte).expect("short")))
            .collect();
        assert_eq!((found.0, places), (Kind::Policy, vec![("JIT207", start)]), "{pasted}");
    }
    // A command that says nothing of what it sends is none the wiser for a prompt.
    assert_eq!(codes("$ az account show"), ["JIT106"]);
    assert_eq!(codes("$ "), ["JIT106"]);
}

#[test]
fn answers_are_not_run() {
    let json = body();
    let call = format!("az rest --method put --url '{URL}' --body");
    let quoted = json.replace("22,", "'\"$PORT\"',");
    let port = |script: &str| sent(script)["properties"]["virtualMachines"][0]["ports"][0]["number"].clone();
    for script in [
        format!("$ PORT=22\n$ cat .env\nPORT=3389\n$ {call} '{quoted}'"),
        format!("$ PORT=22\n$ cat <<EOF\nx\nEOF\nPORT=3389\n$ {call} '{quoted}'"),
        format!("$ PORT=22\n$ ls .env\nls: it's not there\n$ {call} '{quoted}'"),
        // Lines that go on without a prompt.
        format!("$ {call} \\\n'{json}'"),
        format!("$ B='{}'\n$ {call} \"$B\"", json.replace("\"properties", "\n\"properties")),
        format!("$ cat > p.json <<'EOF'\n{json}\nEOF\n$ {call} @p.json"),
        format!("$ if true; then {{\nPORT=3389\n}}; fi\n$ PORT=22\n$ {call} '{quoted}'"),
        format!("PS C:\\> $b = @'\n{json}\n'@\nPS C:\\> {call} $b"),
        format!("$ ls\nls: can’t “find it\n$ {call} '{json}'"),
        format!("$ for p in 22; do\n{call} '{json}'\ndone"),
        format!(
            "$ if false; then\nPORT=1\nelif true; then\nPORT=2\nfi\nPORT=3389\n$ PORT=22\n$ {call} '{quoted}'"
        ),
        format!("PS C:\\> try {{\n  Connect-AzAccount\n}}\ncatch {{\n  {call} '{json}'\n}}"),
    ] {
        assert_eq!(port(&script), 22, "{script}");
    }
}

#[test]
fn what_programs_make_of_text_is_read_as_powershell_does() {
    let machines = format!("@{{ id = '{VM}'; ports = @{{ number = 22; {RULE} }} }}");
    expect(&policy("", &machines).replace(" -", " –"), Kind::Policy, &[]);
    let call = format!("$b = '{}'\nInvoke-AzRestMethod –Method PUT –Uri '{URL}' –Payload $b", body());
    expect(&call, Kind::Policy, &[("JIT207", "\"tcp\"")]);
    // A blank behind a back-tick ends the line after all.
    let broken = policy("", &machines).replace(" -Name", " ` \n -Name");
    expect(&broken, Kind::Policy, &[("JIT124", " ")]);
}

#[test]
fn what_a_language_has_is_no_slip() {
    let port = |lines: &str, number: &str| {
        let found =
            judged(&policy(lines, &format!("@{{ id = '{VM}'; ports = @{{ number = {number}; {RULE} }} }}")));
        found.1.iter().map(|one| one.code.id()).collect::<Vec<_>>()
    };
    for (lines, number) in [
        ("$n = $env:PORT ?? 22", "$n"),
        ("$n = $IsLinux ? 22 : 3389", "$n"),
        ("$n, $other = 22, 3389", "$n"),
        ("$n = 3389\n$n, $m = Get-Ports", "$n"),
        ("$n = $null\n$n ??= Get-Port", "$n"),
    ] {
        assert_eq!(port(lines, number), ["JIT116"], "{lines}");
    }
    // What a table of parameters holds is not known once one is put in by a name in brackets that is a variable.
    let splat = "$p = @{ Kind = 'Basic' }\n$p[$key] = 1\nSet-AzJitNetworkAccessPolicy @p";
    assert_eq!(codes(splat), ["JIT116", "JIT125"]);
    // `az rest` puts its own subscription in.
    let own = URL.replace("6f0b8d0e-5c5f-4f3e-9a0e-2f6f2f1f7a10", "{subscriptionId}");
    let script = format!("az rest --method put --url '{own}' --body '{}'", body());
    assert_eq!(codes(&script), ["JIT207"]);
    assert_eq!(
        codes(&script.replace("az rest --method", "curl -X").replace("--url ", "").replace("--body", "-d")),
        ["JIT115", "JIT207"]
    );
    // A file alone is a document, with the shell's own backslashes.
    let file = format!("cat > p.json <<EOF\n{}\nEOF\n", body().replace("Basic", "\\$Basic"));
    let text: Value = sent(&file.replace("\\$", ""));
    assert_eq!(text["kind"], "Basic");
    assert!(!codes(&file).contains(&"JIT101"), "{:?}", judged(&file));
}
