//! What scripts put together in loops, with conditions and by methods: the policy that comes of it, or that it is not known.

use std::fmt::Write as _;

use crate::support::VM;
use crate::support::scripts::{codes, options, sent};
use jitgate_core::check;
use serde_json::{Value, json};

/// The ports of the one machine of each policy that the script puts.
#[track_caller]
fn ports(script: &str) -> Vec<Vec<u64>> {
    let body = sent(script);
    let policies = body.get("value").and_then(Value::as_array).cloned().unwrap_or_else(|| vec![body]);
    let machines =
        |policy: &Value| policy["properties"]["virtualMachines"].as_array().cloned().expect("machines");
    let numbers = |machine: &Value| -> Vec<u64> {
        let ports = machine["ports"].as_array().expect("ports");
        ports
            .iter()
            .map(|port| port["number"].as_u64().unwrap_or_else(|| panic!("{port}\n{script}")))
            .collect()
    };
    policies.iter().flat_map(|policy| machines(policy).iter().map(numbers).collect::<Vec<_>>()).collect()
}

const REST: &str =
    "protocol = 'TCP'; allowedSourceAddressPrefix = '10.20.0.0/16'; maxRequestAccessDuration = 'PT3H'";

/// The lines, with `RULE(n)` for a table of a rule, and a call that sends what is in `$ports`.
fn script(lines: &str) -> String {
    let mut out = String::new();
    let mut rest = lines;
    while let Some((before, behind)) = rest.split_once("RULE(") {
        let (number, after) = behind.split_once(')').expect("an end");
        write!(out, "{before}@{{ number = {number}; {REST} }}").expect("a text");
        rest = after;
    }
    format!(
        "{out}{rest}\nSet-AzJitNetworkAccessPolicy -Kind Basic -Location westeurope -Name default -ResourceGroupName rg -VirtualMachine @{{ id = '{VM}'; ports = $ports }}\n"
    )
}

#[test]
fn ports_from_loops() {
    for lines in [
        "$ports = @()\nforeach ($p in 22, 3389) { $ports += RULE($p) }",
        "$ports = @()\nforeach ($p in @(22, 3389)) {\n  # one rule\n  $rule = RULE($p)\n  $ports += $rule\n}",
        "$ports = foreach ($p in 22, 3389) { RULE($p) }",
        "$ports = @(foreach ($p in @(22; 3389)) { RULE($p) })",
        "$ports = @(\n  22\n  3389\n) | ForEach-Object { RULE($_) }",
        "$ports = 22, 3389 | % { RULE($_) }",
        "$ports = 22, 3389 |\n  ForEach-Object -Process { RULE($PSItem) }",
        "$ports = 22, 3389\n  | foreach { RULE($_) }",
        "$list = 22, 3389\n$ports = @()\n$list | ForEach-Object { $ports += RULE($_) }",
        "$wanted = @(@{ Name = 'ssh'; Port = 22 }, @{ Name = 'rdp'; Port = 3389 })\n$ports = foreach ($w in $wanted) { Write-Host \"for $($w.Name)\"; RULE($w.Port) }",
        "$ports = @()\nforeach ($p in '22,3389' -split ',') { $ports += RULE([int]$p) }",
        "$ports = [System.Collections.ArrayList]@()\nforeach ($p in 22, 3389) { [void]$ports.Add(RULE($p)) }",
        "$ports = [System.Collections.Generic.List[object]]::new()\nforeach ($p in 22, 3389) { $ports.Add(RULE($p)) }",
        "$ports = New-Object System.Collections.ArrayList\n$null = $ports.Add(RULE(22))\n$ports.Add(RULE(3389)) | Out-Null",
        "$list = New-Object 'System.Collections.Generic.List[object]'\n$list.AddRange(@(RULE(22), RULE(3389)))\n$ports = $list.ToArray()",
        "$ports = @(RULE(22))\n$ports += RULE(3389)",
        "$ports = @(RULE(22)) + @(RULE(3389))",
        "$ports = @()\n$ports = @($ports) + (RULE(22))\n$ports += RULE(3389)",
        "$base = @{ protocol = 'TCP'; allowedSourceAddressPrefix = '10.20.0.0/16'; maxRequestAccessDuration = 'PT3H' }\n$ports = foreach ($p in 22, 3389) { $base + @{ number = $p } }",
        "$ports = foreach ($p in 22, 3389) { $r = @{}; $r.number = $p; $r['protocol'] = 'TCP'; $r.Add('allowedSourceAddressPrefix', '10.20.0.0/16'); $r.maxRequestAccessDuration = 'PT{0}H' -f 3; $r }",
        "$ports = foreach ($p in 22, 3389) { [PSCustomObject]@{ number = $p; protocol = 'TCP'; allowedSourceAddressPrefix = '10.20.0.0/16'; maxRequestAccessDuration = \"PT$(1 + 2)H\" } }",
        "$ports = foreach ($p in 22, 3389) { New-Object PSObject -Property (RULE($p)) }",
        "$ports = @()\nforeach ($a in 22) { foreach ($b in 3367) { $ports += RULE($a); $ports += RULE($a + $b) } }",
        "$ports = foreach ($os in 'Linux', 'Windows') { if ($os -eq 'linux') { RULE(22) } else { RULE(3389) } }",
        "$ports = foreach ($p in 22, 80, 3389) { if ($p -ne 80 -and -not ($p -gt 4000)) { RULE($p) } }",
        "$ports = @()\n$all = @{ ports = @() }\nforeach ($p in 22, 3389) { $all.ports += RULE($p) }\n$ports = $all.ports",
        "$ports = foreach ($p in 22, 3389) { if ($p -lt 1) { throw \"no port: $p\" }; RULE($p) }",
        "$Ports = @(); ForEach ($P In (22, 3389)) { $PORTS += RULE($p) }",
    ] {
        assert_eq!(ports(&script(lines)), [[22, 3389]], "{lines}");
    }
    // A null is an element; what gives nothing is none.
    assert_eq!(codes(&script("$ports = @($null) + (RULE(22))")), ["JIT112"]);
    assert_eq!(
        ports(&script("$seen = [System.Collections.ArrayList]@()\n$ports = @([void]$seen.Add(1); RULE(22))")),
        [[22]]
    );
    assert_eq!(ports(&script("$ports = foreach ($p in 5985..5986) { RULE($p) }")), [[5985, 5986]]);
    assert_eq!(ports(&script("$ports = foreach ($p in 2..1) { RULE($p + 20) }")), [[22, 21]]);
}

#[test]
fn machines_and_policies_from_loops() {
    let prefix = VM.strip_suffix("web1").expect("the sample's name");
    let machines = format!(
        "$sub = '6f0b8d0e-5c5f-4f3e-9a0e-2f6f2f1f7a10'\n$rg = 'rg'\n$vms = @()\nforeach ($name in @('web1', 'web2')) {{\n  $vms += @{{\n    id = \"/subscriptions/$sub/resourceGroups/$rg/providers/Microsoft.Compute/virtualMachines/$name\"\n    ports = @(@{{ number = 22; {REST} }})\n  }}\n}}\n$params = @{{ Kind = 'Basic'; Location = 'westeurope'; Name = 'default'; ResourceGroupName = $rg }}\n$params.VirtualMachine = $vms\nSet-AzJitNetworkAccessPolicy @params"
    );
    let body = sent(&machines);
    let ids: Vec<_> = body["properties"]["virtualMachines"]
        .as_array()
        .expect("machines")
        .iter()
        .map(|machine| machine["id"].as_str().expect("an id").to_owned())
        .collect();
    assert_eq!(ids, [format!("{prefix}web1"), format!("{prefix}web2")]);
    // One call each.
    let calls = format!(
        "foreach ($name in 'web1', 'web2') {{\n  $vm = @{{ id = \"{prefix}$name\"; ports = @{{ number = 22; {REST} }} }}\n  Set-AzJitNetworkAccessPolicy -Kind Basic -Location westeurope -Name $name -ResourceGroupName rg `\n    -VirtualMachine @($vm)\n}}"
    );
    assert_eq!(ports(&calls), [[22], [22]]);
    let body = sent(&calls);
    assert_eq!([&body["value"][0]["name"], &body["value"][1]["name"]], [&json!("web1"), &json!("web2")]);
    // What is written once is said once.
    assert_eq!(codes(&calls.replace("'TCP'", "'tcp'")), ["JIT207"]);
}

#[test]
fn what_loops_make_of_unknown_values_is_unknown() {
    for lines in [
        "$ports = @()\nforeach ($p in $wanted) { $ports += RULE($p) }",
        "$ports = @()\nforeach ($p in Get-Content ports.txt) { $ports += RULE($p) }",
        "$ports = $wanted | ForEach-Object { RULE($_) }",
        "$ports = 22, 3389 | Where-Object { $_ -ne 22 } | ForEach-Object { RULE($_) }",
        "$ports = @(RULE(22))\nif ($env:RDP) { $ports += RULE(3389) }",
        "$ports = @()\nforeach ($p in 22, 3389) { if ($env:ONLY -eq $p) { $ports += RULE($p) } }",
        "$ports = @()\nforeach ($p in 22, 3389) { if ($p -eq $skip) { continue }; $ports += RULE($p) }",
        "$ports = @()\nforeach ($p in 22, 3389) { $ports += RULE($p); break }",
        "$ports = @()\nfor ($i = 0; $i -lt 2; $i++) { $ports += RULE($i) }",
        "$ports = @()\nwhile ($true) { $ports += RULE(22) }",
        "$ports = @(RULE(22))\n$ports.Clear()",
        "$ports = @(RULE(22))\nSet-Variable -Name ports -Value $other",
        "$ports = @(RULE(22))\n. ./settings.ps1",
        "param($os = 'Linux')\n$ports = @()\nif ($os -eq 'Linux') { $ports += RULE(22) } else { $ports += RULE(3389) }",
        "$ports = 22, 3389 | ForEach-Object { RULE($_) } -End { RULE(80) }",
        "$ports = foreach ($p in 22, 3389) { try { RULE($p) } catch { Write-Warning $_ } }",
        "$ports = foreach -parallel ($p in 22, 3389) { RULE($p) }",
    ] {
        let script = script(lines);
        assert!(codes(&script).contains(&"JIT116"), "{lines}: {:?}", codes(&script));
    }
    // What is piped into a command stands in its own `$_`, not in that of a loop around it.
    let inner = script("$ports = 22 | ForEach-Object { Get-It | ForEach-Object { RULE($_) } }");
    assert!(codes(&inner).contains(&"JIT116"), "{:?}", codes(&inner));
}

#[test]
fn operators_bind_as_in_powershell() {
    for (value, expected) in [
        ("'PT' + '{0}H' -f 2", "PT2H"),
        ("'PT' + (1 + 1) + 'H'", "PT2H"),
        ("\"PT$(4 - 1 - 1)H\"", "PT2H"),
        ("-join ('PT', 2, 'H')", "PT2H"),
        ("('P', 'T2H' -join '')", "PT2H"),
        ("\"PT$(@(1, 2).Count)H\"", "PT2H"),
        ("'pt2h'.ToUpper()", "PT2H"),
        ("'PTxH'.Replace('x', '2')", "PT2H"),
        ("'PT2' + [char]72", "PT2H"),
        ("$(if ($true -or $x) { 'PT2H' } else { 'PT1H' })", "PT2H"),
        ("$(if ('a' -eq 'A' -and 1 -lt 2) { 'PT2H' } elseif ($x) { 'PT1H' })", "PT2H"),
    ] {
        let rule = script(&format!("$ports = RULE(22)\n$ports.maxRequestAccessDuration = {value}"));
        let body = sent(&rule);
        let longest = &body["properties"]["virtualMachines"][0]["ports"][0]["maxRequestAccessDuration"];
        assert_eq!(longest, expected, "{value}");
    }
}

#[test]
fn loops_are_bounded() {
    let long = script("$ports = @()\nforeach ($p in 1..1000000) { $ports += RULE($p) }");
    let found = codes(&long);
    assert!(found.contains(&"JIT125") && found.contains(&"JIT116"), "{found:?}");
    let report = check(long.as_bytes(), &options());
    let said = report.diagnostics.iter().find(|one| one.code.id() == "JIT125").expect("it is said");
    assert!(said.message.contains("runs too often"), "{}", said.message);
    // Loops in loops in loops: there is an end to it, and that is said as well.
    let mut deep = "$ports = @()\n".to_owned();
    for name in 'a'..='h' {
        write!(deep, "foreach (${name} in 1..200) {{ ").expect("a text");
    }
    deep += "$ports += RULE($a)";
    deep += &" }".repeat(8);
    let found = codes(&script(&deep));
    assert!(found.contains(&"JIT125"), "{found:?}");
    // As many as a list in the script has.
    let numbers: Vec<String> = (1..=200).map(|number: u32| number.to_string()).collect();
    let listed = script(&format!("$ports = foreach ($p in {}) {{ RULE($p) }}", numbers.join(", ")));
    assert_eq!(ports(&listed).first().map(Vec::len), Some(200));
}
