//! What is said of scripts: where, in which words, and with which changes.

use crate::support::VM;
use crate::support::scripts::{RULE, expect, judged, longest, policy, rule};
use jitgate_core::diagnostic::fix;
use jitgate_core::{CheckOptions, Kind, check};

#[test]
fn slips_are_said_and_read_as_meant() {
    let vm = |inside: &str| policy("", &format!("@{{ id = '{VM}'; ports = @({inside}) }}"));
    let port = |inside: &str| vm(&format!("@{{ {inside} }}"));
    let rest = "allowedSourceAddressPrefix = '10.20.0.0/16'; maxRequestAccessDuration = 'PT3H'";
    expect(&port(&format!("number = 22; protocol = TCP; {rest}")), Kind::Policy, &[("JIT124", "TCP")]);
    expect(&port(&format!("number = 22; protocol = *; {rest}")), Kind::Policy, &[("JIT124", "*")]);
    expect(&port(&format!("number: 22; protocol = 'TCP'; {rest}")), Kind::Policy, &[("JIT124", ":")]);
    expect(&port(&format!("number = 22, protocol = 'TCP'; {rest}")), Kind::Policy, &[("JIT124", ",")]);
    expect(&port(&format!("number = 22; protocol = 'TCP; {rest}")), Kind::Policy, &[("JIT124", "'TCP")]);
    expect(&port(&format!("number = ; protocol = 'TCP'; {rest}")), Kind::Policy, &[("JIT124", "")]);
    expect(&port(&format!("number 22; protocol = 'TCP'; {rest}")), Kind::Policy, &[("JIT124", "")]);
    expect(&vm(&format!("@ {{ number = 22; {RULE} }}")), Kind::Policy, &[("JIT124", "@ {")]);
    let glued = port(&format!("number = 22; {RULE}")).replace("Policy -Kind", "Policy-Kind");
    expect(&glued, Kind::Policy, &[("JIT124", "")]);
    expect(
        &vm(&format!("@{{ number = 22; {RULE} }} @{{ number = 3389; {RULE} }}")),
        Kind::Policy,
        &[("JIT124", "")],
    );
    expect(&format!("{} }}", port(&format!("number = 22; {RULE}"))), Kind::Policy, &[("JIT124", "}")]);
    // The command that a table is for is no part of it: said once, and the rest is judged.
    let table = format!(
        "$p = @{{\n  Kind = 'Basic'; Location = 'westeurope'; Name = 'default'; ResourceGroupName = 'rg'\n  VirtualMachine = @{{ id = '{VM}'; ports = @{{ number = 22; {RULE} }} }}\nSet-AzJitNetworkAccessPolicy @p\n"
    );
    expect(&table, Kind::Policy, &[("JIT124", "{")]);
    let lists = format!(
        "$vms = @(\n  @{{ id = '{VM}'; ports = @(@{{ number = 22; {RULE} }}) }}\n{}",
        policy("", "$vms")
    );
    expect(&lists, Kind::Policy, &[("JIT124", "(")]);
    // The text ends inside a table: said once, and nothing is missing.
    let cut = format!("$vm = (@{{ id = '{VM}'\n ports = (@{{ number = 22; protocol = 'TCP'");
    expect(&cut, Kind::Policy, &[("JIT113", "@{"), ("JIT124", "{")]);
}

#[test]
fn slips_belong_to_a_value() {
    let rest = "allowedSourceAddressPrefix = '10.20.0.0/16'; maxRequestAccessDuration = 'PT3H'";
    let vm = |ports: &str| format!("@{{ id = '{VM}'; ports = @({ports}) }}");
    let right = format!("@{{ number = 22; {RULE} }}");
    let wrong = format!("@{{ number = 3389; protocol = UDP; {rest} }}");
    let second = "/properties/virtualMachines/0/ports/1";
    for (script, pointer, marked) in [
        (policy("", &vm(&format!("{right}, {wrong}"))), format!("{second}/protocol"), "UDP"),
        // Where the value is written before it is sent.
        (
            policy(&format!("$rules = @({right}, {wrong})"), &vm("$rules")),
            format!("{second}/protocol"),
            "UDP",
        ),
        (policy("", &vm(&format!("{right}, @{{ number = ; {RULE} }}"))), format!("{second}/number"), ""),
        (policy("", &vm(&format!("{right}, @{{ number 3389; {RULE} }}"))), format!("{second}/number"), ""),
        (
            policy("", &vm(&format!("{right} @{{ number = 3389; {RULE} }}"))),
            "/properties/virtualMachines/0/ports".into(),
            "",
        ),
        (policy("", &vm(&right)).replace("'Basic'", "'Basic"), "/kind".into(), "'"),
        (
            format!(
                "$b = '{{\"virtualMachines\": [{{\"id\": \"{VM}\", \"ports\": [{{\"number\": 22 \"duration\": \"PT1H\"}}]}}]}}'\nInvoke-AzRest -Method POST -Path $id -Payload $b"
            ),
            "/virtualMachines/0/ports/0".into(),
            "",
        ),
        // Sent twice, it belongs to the first; outside of all values, to the whole.
        (
            policy(
                &format!(
                    "$vms = foreach ($name in 'a', 'b') {{ @{{ id = '{VM}' + $name; ports = @({wrong}) }} }}"
                ),
                "$vms",
            ),
            "/properties/virtualMachines/0/ports/0/protocol".into(),
            "UDP",
        ),
        (format!("{} }}", policy("", &vm(&right))), String::new(), "}"),
    ] {
        let (_, found) = judged(&script);
        let slip = found.iter().find(|one| matches!(one.code.id(), "JIT124" | "JIT101")).expect("a slip");
        let (start, end) = (slip.range.start.byte, slip.range.end.byte);
        let text = script.get(usize::try_from(start).expect("short")..usize::try_from(end).expect("short"));
        assert_eq!((slip.path.pointer().as_str(), text), (pointer.as_str(), Some(marked)), "{script}");
    }
}

#[test]
fn words_speak_the_script_s_language() {
    let found = |script: &str, code: &str| {
        let (_, found) = judged(script);
        let one =
            found.into_iter().find(|one| one.code.id() == code).unwrap_or_else(|| panic!("{code}: {script}"));
        (one.message, one.help)
    };
    let url = "https://management.azure.com/subscriptions/6f0b8d0e-5c5f-4f3e-9a0e-2f6f2f1f7a10/resourceGroups/rg/providers/Microsoft.Security/locations/westeurope/jitNetworkAccessPolicies/default";
    let start = format!(
        "Start-AzJitNetworkAccessPolicy -ResourceId $id -VirtualMachine @{{ id = '{VM}'; ports = @{{ number = 22; allowedSourceAddressPrefix = '10.20.0.7' }} }}"
    );
    assert_eq!(found(&start, "JIT601").1, "add `endTimeUtc = [DateTime]::UtcNow.AddHours(1).ToString('o')`");
    let sent = format!(
        "az rest --method post --url {url}/initiate --body '{{\"virtualMachines\": [{{\"id\": \"{VM}\", \"ports\": [{{\"number\": 22, \"allowedSourceAddressPrefix\": \"10.20.0.7\"}}]}}]}}'"
    );
    assert_eq!(found(&sent, "JIT601").1, "add `\"duration\": \"PT1H\"`, or an `endTimeUtc`");
    // What a shell has in quotes is no list of PowerShell's.
    let listed = sent.replace("10.20.0.7", "10.20.0.7,10.20.0.9").replace('"', "\\\"").replace('\'', "\"");
    let several = "`10.20.0.7,10.20.0.9` is several sources in one string: the service refuses it";
    assert_eq!(found(&listed, "JIT312").0, several);
    let null = rule(
        "",
        "number = 22; protocol = $null; allowedSourceAddressPrefix = '10.20.0.0/16'; maxRequestAccessDuration = 'PT3H'",
    );
    assert!(found(&null, "JIT111").0.starts_with("`protocol` is `$null`, "));
    let one = sent.replace("\"ports\": [{", "\"ports\": {").replace("}]}]}", "}}]}");
    assert_eq!(found(&one, "JIT112").1, "put it in `[ ]`, even if it is the only one");
}

#[test]
fn fixes_are_powershell() {
    for (wrong, right) in [
        ("protocol = 'tcp'", "protocol = 'TCP'"),
        ("protocol = \"tcp\"", "protocol = \"TCP\""),
        ("Protocol = @('tcp')", "Protocol = @('TCP')"),
        ("max_request_access_duration = 'PT3H'", "maxRequestAccessDuration = 'PT3H'"),
        ("\"max_request_access_duration\" = 'PT3H'", "\"maxRequestAccessDuration\" = 'PT3H'"),
    ] {
        let members = [
            "number = 22",
            "protocol = 'TCP'",
            "allowedSourceAddressPrefix = '10.20.0.0/16'",
            "maxRequestAccessDuration = 'PT3H'",
        ];
        let name = |member: &str| {
            member.to_ascii_lowercase().replace(['_', '"'], "").split(' ').next().map(str::to_owned)
        };
        let with = |member: &str| {
            let others: Vec<_> =
                members.iter().filter(|other| name(other) != name(member)).copied().chain([member]).collect();
            rule("", &others.join("; "))
        };
        let script = with(wrong);
        let fixed = fix::apply_safe(&check(script.as_bytes(), &CheckOptions::default()));
        assert_eq!(fixed.text, with(right));
    }
    // A value that is something else elsewhere, too, stays.
    let shared = longest("$x = 'PT30H'; $y = @{ justification = $x }\nWrite-Host $x", "$x");
    let (_, found) = judged(&shared);
    assert!(found.iter().any(|one| one.code.id() == "JIT403" && one.fix.is_some()), "{found:?}");
    let name = policy("$x = 'tcp'", &format!("@{{ id = '{VM}'; ports = @{{ number = 22; {RULE} }} }}"))
        .replace("'default'", "$x")
        .replace("protocol = 'TCP'", "protocol = $x");
    let (_, found) = judged(&name);
    assert!(found.iter().any(|one| one.code.id() == "JIT207" && one.fix.is_none()), "{found:?}");
    // In JSON without quotes, within the quotes of a shell, no quotes may come in.
    let bare = format!(
        "az rest --method put --url https://x/jitNetworkAccessPolicies/a --body '{{\"properties\": {{\"virtualMachines\": [{{\"id\": \"{VM}\", \"ports\": [{{\"number\": 22, \"protocol\": tcp, \"allowedSourceAddressPrefix\": 10.20.0.7/16, \"maxRequestAccessDuration\": \"PT3H\"}}]}}]}}}}'"
    );
    let (_, found) = judged(&bare);
    for one in found.iter().filter(|one| one.fix.is_some()) {
        let edits = &one.fix.as_ref().expect("a fix").edits;
        assert!(edits.iter().all(|edit| !edit.new_text.contains('\'')), "{one:?}");
    }
    // What would have to be written in JSON's way is not offered.
    let script = rule(
        "",
        "number = 22; protocol = 'TCP'; allowedSourceAddressPrefix = '10.20.0.7,10.20.0.9'; maxRequestAccessDuration = 'PT3H'",
    );
    let (_, found) = judged(&script);
    assert!(found.iter().any(|one| one.code.id() == "JIT312") && found.iter().all(|one| one.fix.is_none()));
}

/// A change of what a variable holds is certain where nothing else has the variable.
#[test]
fn fixes_change_nothing_but_what_is_sent() {
    let sent = |lines: &str| {
        let members = "number = $port; protocol = $protocol; allowedSourceAddressPrefix = '10.20.0.0/16'; maxRequestAccessDuration = 'PT3H'";
        let port = if lines.contains("$port =") { "$port" } else { "22" };
        rule(lines, &members.replace("$port", port))
    };
    for (lines, safe) in [
        ("$protocol = 'tcp'", true),
        ("[string]$protocol = 'tcp'", true),
        ("$Protocol='tcp'; $port = 22", true),
        ("# the Protocol\n$protocol = 'tcp'", false),
        ("$protocol = 'tcp'\nAdd-It -Protocol ($protocol + '-x')", false),
        ("$protocol = 'tcp'\nAdd-It -Protocol \"${protocol}-x\"", false),
        ("$protocol = 'tcp'\n$rule = @{ name = \"$protocol\" }", false),
        ("$kept = 'tcp'\n$protocol = $kept", false),
        ("$kept = 'tcp'\n$protocol = $kept\nWrite-It $kept", false),
    ] {
        let script = sent(lines);
        let fixed = fix::apply_safe(&check(script.as_bytes(), &CheckOptions::default())).text;
        let right = if safe { script.replace("'tcp'", "'TCP'") } else { script.clone() };
        assert_eq!(fixed, right);
    }
}

#[test]
fn what_was_json_stays_json() {
    for text in ["[string]", "[a] $b", "{ $x = @{} }", "[\"$x\"]", "[]", "[1, 2", "\"@{x}\""] {
        let (kind, found) = judged(text);
        assert!(
            found.iter().all(|one| !matches!(one.code.id(), "JIT124" | "JIT125")),
            "{text}: {kind:?} {found:?}"
        );
    }
}
