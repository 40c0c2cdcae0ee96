//! Scripts, a line each: what is read of them.

use crate::support::VM;
use crate::support::scripts::{RULE, expect, judged, longest, policy, rule};
use jitgate_core::Kind;

#[test]
fn layouts_of_tables_and_lists() {
    let one = format!("@{{ number = 22; {RULE} }}");
    for machines in [
        format!("@(@{{ id = '{VM}'; ports = @({one}) }})"),
        format!("(@{{id='{VM}';ports=({one})}})"),
        format!("@{{\n  ID = \"{VM}\"\n  Ports = {one}\n}}"),
        format!("@( @{{ 'id' = '{VM}'\n\"ports\" = @(\n {one}\n @{{ NUMBER = 3389; {RULE} }}\n) }} )"),
        format!("@(@{{id='{VM}'; ports = {one},\n @{{ number = 3389; {RULE} }} ; }};)"),
        format!("([pscustomobject]@{{ id = '{VM}'; ports = [array]{one} }})"),
        format!("@(@{{ # the machine\n id <# its id #> = '{VM}'; ports = `\n  @({one}) }})"),
        format!("@{{ id = “{VM}”; ports = @({one}) }}"),
    ] {
        expect(&policy("", &machines), Kind::Policy, &[]);
        expect(&policy(&format!("$vms = {machines}\n$all = @($vms)"), "$all"), Kind::Policy, &[]);
    }
}

#[test]
fn constants_are_put_together() {
    for (lines, value) in [
        ("", "\"PT30H\""),
        ("$n = 30", "\"PT${n}H\""),
        ("$n = 30", "\"PT$($n)H\""),
        ("$n = '30'", "'PT' + $n + 'H'"),
        ("param([int]$n = 30)", "\"PT$($N)H\""),
        (
            "[CmdletBinding()]\nparam(\n [Parameter(Mandatory = $true)] [string]$a,\n [ValidateSet(1, 30)] [int] $n = 30\n)",
            "\"PT$($n)H\"",
        ),
        ("$script:n = 30", "\"PT${script:n}H\""),
        ("[Net.ServicePointManager]::SecurityProtocol = 'Tls12'", "'PT30H'"),
        ("[void] (New-Item out)", "'PT30H'"),
        ("[void][int]::TryParse('3', [ref]$x)", "'PT30H'"),
        ("", "('PT{0}H' -f 30)"),
        ("$p = @{ longest = 'PT30H' }", "$p.longest"),
        ("$p = @('PT1H', 'PT30H')", "$p[1]"),
        ("$n = 'P'; $n += 'T30H'", "$n"),
        ("$n = @('P', 'T30H') -join ''", "$n"),
        ("$n = @'\nPT30H\n'@", "$n"),
        ("$n = 15 + 15", "\"PT$($n)H\""),
        ("", "\"P`T30H\""),
        ("$n = 3; foreach ($i in 1..9) { $n += 3 }", "\"PT$($n)H\""),
    ] {
        let (kind, found) = judged(&longest(lines, value));
        let codes: Vec<_> = found.iter().map(|one| one.code.id()).collect();
        assert_eq!((kind, codes), (Kind::Policy, vec!["JIT403"]), "{lines} {value}: {found:#?}");
    }
}

#[test]
fn what_only_a_run_tells_is_unknown() {
    for (lines, value) in [
        ("", "$n"),
        ("", "\"PT$($n)H\""),
        ("", "\"PT${n}H\""),
        ("$n = Read-Host", "\"PT$($n)H\""),
        ("$n = 3; if ($env:LONG) { $n = 30 }", "\"PT$($n)H\""),
        ("$n = 3; foreach ($i in $all) { $n += 1 }", "\"PT$($n)H\""),
        ("param([int]$n)", "\"PT$($n)H\""),
        ("function Get-It { param($n = 3) $n }", "\"PT$($n)H\""),
        ("", "[System.Xml.XmlConvert]::ToString((New-TimeSpan -Hours 3))"),
        ("", "(Get-Longest -Of $vm)"),
        ("$p = Get-AzVM", "$p.Longest"),
        ("", "if ($a) { 'PT3H' } else { 'PT1H' }"),
        ("", "$(Get-Date)"),
        ("$n = 3; $n++", "\"PT$($n)H\""),
        ("$n = 'PT3H'; $n.Insert(0, 'P')", "$n"),
        ("", "New-Object TimeSpan 3"),
    ] {
        let (kind, found) = judged(&longest(lines, value));
        let codes: Vec<_> = found.iter().map(|one| one.code.id()).collect();
        assert_eq!((kind, codes), (Kind::Policy, vec!["JIT116"]), "{lines} {value}: {found:#?}");
    }
    // Inside of a loop, what the loop changes is not what it was before.
    let script =
        "$n = 30\nforeach ($vm in Get-AzVM) {\n".to_owned() + &longest("", "\"PT$($n)H\"") + "\n$n += 1 }";
    expect(&script, Kind::Policy, &[("JIT116", "\"PT$($n)H\"")]);
}

#[test]
fn what_powershell_makes_of_values() {
    let source = |value: &str| {
        rule(
            "",
            &format!(
                "number = 22; protocol = 'TCP'; maxRequestAccessDuration = 'PT3H'; allowedSourceAddressPrefix = {value}"
            ),
        )
    };
    for value in ["@('10.20.0.7')", "('10.20.0.7')", "@('10.20.0.0/16')"] {
        expect(&source(value), Kind::Policy, &[]);
    }
    for value in ["@('10.20.0.7', '10.20.0.9')", "'10.20.0.7','10.20.0.9'"] {
        expect(&source(value), Kind::Policy, &[("JIT312", value)]);
    }
    expect(
        &source("'10.20.0.7,10.20.0.9' -split ','"),
        Kind::Policy,
        &[("JIT312", "'10.20.0.7,10.20.0.9' -split ','")],
    );
    expect(&source("$ips -split ','"), Kind::Policy, &[("JIT116", "$ips -split ','")]);
    // A string for a number, a number for a string, one source for a list: cmdlets take them.
    expect(&rule("", &format!("number = '22'; {RULE}")), Kind::Policy, &[]);
    expect(&rule("", &format!("number = [int]'22'; {RULE}")), Kind::Policy, &[]);
    let plural = RULE.replace("Prefix ", "Prefixes ");
    expect(&rule("", &format!("number = 22; {plural}")), Kind::Policy, &[]);
    for number in ["0x16", "22L", "22ul", "22KB", "1kb", "022"] {
        expect(&rule("", &format!("number = {number}; {RULE}")), Kind::Policy, &[]);
    }
    expect(&rule("", &format!("number = 64KB; {RULE}")), Kind::Policy, &[("JIT201", "64KB")]);
    expect(&rule("", &format!("number = 1.5KB; {RULE}")), Kind::Policy, &[("JIT116", "1.5KB")]);
    expect(
        &rule("", &format!("number = 22K; {RULE}")),
        Kind::Policy,
        &[("JIT124", "22K"), ("JIT204", "22K")],
    );
    let twice = judged(&rule("", &format!("number = 22; Number = 23; {RULE}"))).1;
    assert!(twice.iter().any(|one| one.message.contains("PowerShell refuses")), "{twice:?}");
    expect(&rule("", &format!("number = $null; {RULE}")), Kind::Policy, &[("JIT111", "$null")]);
}

#[test]
fn calls_in_all_their_forms() {
    let vm = format!("@{{ id = '{VM}'; ports = @{{ number = 22; {RULE} }} }}");
    for call in [
        "Set-AzJitNetworkAccessPolicy -VirtualMachine $vm -Kind Basic -Location westeurope -Name default -ResourceGroupName rg",
        "Set-AzureRmJitNetworkAccessPolicy -Loc westeurope -Na default -Res rg -Vi @($vm) -K 'Basic' -Verbose",
        "set-azjitnetworkaccesspolicy -Kind:Basic `\n  -Location westeurope `\n  -Name \"default\" -ResourceGroupName rg -VirtualMachine $vm",
        "$p = @{ Kind = 'Basic'; Location = 'westeurope'; Name = 'default'; VirtualMachine = $vm }\nAz.Security\\Set-AzJitNetworkAccessPolicy @p",
        "$null = Set-AzJitNetworkAccessPolicy -Kind Basic -VirtualMachine @($vm) | Out-Null",
        "if ($?) { Set-AzJitNetworkAccessPolicy -Kind Basic -VirtualMachine $vm }",
        "try { Set-AzJitNetworkAccessPolicy -Kind Basic -VirtualMachine $vm } catch { Write-Error \"no: $_\" }",
        "$vms = @()\n$vms += $vm\nSet-AzJitNetworkAccessPolicy -Kind Basic -VirtualMachine $vms",
        "$p = @{ properties = @{ virtualMachines = @($vm) } }\nSet-AzJitNetworkAccessPolicy -Kind Basic -VirtualMachine $p.properties.virtualMachines",
    ] {
        expect(&format!("$vm = {vm}\n{call}\n"), Kind::Policy, &[]);
    }
    let wrong = policy("", &vm).replace("'westeurope'", "'West Europe'");
    expect(&wrong, Kind::Policy, &[("JIT508", "'West Europe'")]);
    let port =
        "number = 22; endTimeUtc = '2026-01-15T14:00:00Z'; allowedSourceAddressPrefix = @('10.20.0.7')";
    let request = format!(
        "Start-AzJitNetworkAccessPolicy -ResourceId $id -VirtualMachine @(@{{ id = '{VM}'; ports = @{{ {port} }} }})"
    );
    expect(&request, Kind::Request, &[]);
    let (kind, found) = judged(&format!("{}\n{request}", policy("", &vm)));
    assert_eq!((kind, found), (Kind::Template, vec![]), "a policy and a request");
    let (kind, found) =
        judged(&format!("{}\n{}", policy("", &vm), policy("", &vm).replace("'default'", "'other'")));
    let codes: Vec<_> = found.iter().map(|one| (one.code.id(), one.path.pointer())).collect();
    assert_eq!(kind, Kind::PolicyList, "{codes:?}");
}

#[test]
fn tables_without_a_call_are_what_they_look_like() {
    let vm = format!("@{{ id = '{VM}'; ports = @{{ number = 22; {RULE} }} }}");
    expect(&format!("$vm = {vm}"), Kind::Policy, &[("JIT113", "@{")]);
    expect(&format!("$vm = ({vm})\n$all = @($vm)\n$x = @{{ a = 1 }}"), Kind::Policy, &[("JIT113", "@(")]);
    let whole = format!("@{{ kind = 'Basic'; properties = @{{ virtualMachines = {vm} }} }}");
    expect(&format!("[hashtable]$p = {whole}"), Kind::Policy, &[]);
    expect("$x = @{ a = 1 }", Kind::Unknown, &[("JIT106", "")]);
    expect("Connect-AzAccount\nGet-AzJitNetworkAccessPolicy", Kind::Unknown, &[("JIT106", "")]);
}

#[test]
fn bodies_of_rest_calls() {
    let url = "https://management.azure.com/subscriptions/6f0b8d0e-5c5f-4f3e-9a0e-2f6f2f1f7a10/resourceGroups/rg/providers/Microsoft.Security/locations/westeurope/jitNetworkAccessPolicies/default?api-version=2020-01-01";
    let json = format!(
        r#"{{"kind": "Basic", "properties": {{"virtualMachines": [{{"id": "{VM}", "ports": [{{"number": 22, "protocol": "tcp", "allowedSourceAddressPrefix": "10.20.0.0/16", "maxRequestAccessDuration": "PT3H"}}]}}]}}}}"#
    );
    let escaped = json.replace('"', "\\\"");
    let doubled = json.replace('"', "\"\"");
    let ticked = json.replace('"', "`\"");
    for (script, marked) in [
        (format!("az rest --method put --url \"{url}\" --body '{json}'"), "\"tcp\""),
        (format!("az rest --method put \\\n  --url {url} \\\n  --body \"{escaped}\""), "\\\"tcp\\\""),
        (format!("BODY='{json}'\naz rest --method put --uri {url} --body \"$BODY\""), "\"tcp\""),
        (
            format!("BODY=$(cat <<EOF\n{json}\nEOF\n)\naz rest --method put --uri {url} --body \"$BODY\""),
            "\"tcp\"",
        ),
        (
            format!("cat > p.json <<'EOF'\n{json}\nEOF\naz rest --method put --uri {url} --body @p.json"),
            "\"tcp\"",
        ),
        (format!("#!/bin/sh\ncurl -X PUT -H 'Accept: */*' -d '{json}' \"{url}\""), "\"tcp\""),
        (format!("$b = @'\n{json}\n'@\nInvoke-RestMethod -Method Put -Uri \"{url}\" -Body $b"), "\"tcp\""),
        (format!("$b = @\"\n{json}\n\"@\naz rest --method put --url {url} --body $b"), "\"tcp\""),
        (
            format!("$b = \"{doubled}\"\nInvoke-AzRestMethod -Method PUT -Path '{url}' -Payload $b"),
            "\"\"tcp\"\"",
        ),
        (format!("$b = \"{ticked}\"\nInvoke-AzRest -Method PUT -Uri '{url}' -Payload $b"), "`\"tcp`\""),
        (
            format!("$b = '{json}'\n$b | Out-File p.json\naz rest --method put --url {url} --body '@p.json'"),
            "\"tcp\"",
        ),
        (
            format!(
                "$p = @{{\n  Method = 'Put'\n  Uri = '{url}'\n  Headers = $h\n  Body = '{json}'\n}}\nInvoke-RestMethod @p"
            ),
            "\"tcp\"",
        ),
        (
            format!("$p = @{{ path = '{url}'; payload = '{json}' }}\nInvoke-AzRestMethod @p -Method PUT"),
            "\"tcp\"",
        ),
        (
            format!(
                "$b = '{json}'\n$b | Out-File p.json\nInvoke-RestMethod -Method Put -Uri {url} -InFile p.json"
            ),
            "\"tcp\"",
        ),
    ] {
        expect(&script, Kind::Policy, &[("JIT207", marked)]);
    }
    expect(
        &format!("$p = @{{ Method = 'Get'; Uri = '{url}'; Body = '{json}' }}\nInvoke-RestMethod @p"),
        Kind::Unknown,
        &[("JIT106", "")],
    );
    for (parameters, marked) in
        [("@p", "@p"), ("-InFile policy.json", "policy.json"), ("-InFile $file", "$file")]
    {
        let script = format!("$p = Get-Parameters\nInvoke-RestMethod -Method Put -Uri '{url}' {parameters}");
        expect(&script, Kind::Unknown, &[("JIT125", marked)]);
    }
    let table = format!(
        "@{{ kind = 'Basic'; properties = @{{ virtualMachines = @(@{{ id = '{VM}'; ports = @(@{{ number = 22; {RULE} }}) }}) }} }}"
    );
    let sent = |depth: &str| {
        format!("$b = {table} | ConvertTo-Json{depth}\nInvoke-RestMethod -Method Put -Uri '{url}' -Body $b")
    };
    expect(&sent(" -Depth 10"), Kind::Policy, &[]);
    let (_, found) = judged(&sent(""));
    assert_eq!(found.iter().map(|one| one.code.id()).collect::<Vec<_>>(), ["JIT112"]);
    // In JSON, names have their case, and nothing is made of values.
    let (_, found) = judged(&sent(" -Depth 10").replace("ports =", "Ports ="));
    assert_eq!(found.iter().map(|one| one.code.id()).collect::<Vec<_>>(), ["JIT110"]);
    let elsewhere = url.replace("/rg/", "/other/");
    let (_, found) = judged(&sent(" -Depth 10").replace(url, &elsewhere));
    assert_eq!(
        found.iter().map(|one| one.code.id()).collect::<Vec<_>>(),
        ["JIT507"],
        "the address says where it goes"
    );
    let file = format!("az rest --method put --url {url} --body @policy.json");
    expect(&file, Kind::Unknown, &[("JIT125", "@policy.json")]);
    expect(&format!("az rest --method get --url {url}"), Kind::Unknown, &[("JIT106", "")]);
}
