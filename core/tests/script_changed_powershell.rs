//! What PowerShell may have changed by the time a script sends it, as `script_changed` has it of shells.

#![allow(clippy::expect_used, clippy::indexing_slicing, clippy::panic, reason = "a test fails by panicking")]

mod support;

use jitgate_core::convert::{Format, Options, convert};
use serde_json::{Value, json};
use support::scripts::options;
use support::shell::URL;

/// A call that sends this value as its justification.
fn call(value: &str) -> String {
    format!(
        "Invoke-AzRestMethod -Method POST -Uri '{URL}' -Payload (@{{ virtualMachines = @(@{{ id = '{}'; ports = @(@{{ number = 22; duration = 'PT1H'; allowedSourceAddressPrefix = '10.20.0.7' }}) }}); justification = {value} }} | ConvertTo-Json -Depth 9)",
        support::VM
    )
}

/// What is sent, or why that cannot be told.
fn justification(script: &str) -> Value {
    let options = Options { check: options(), ..Options::default() };
    match convert(script.as_bytes(), Format::Json, &options).outcome {
        Ok(body) => {
            let body: Value = serde_json::from_str(&body.text).expect("JSON");
            body["justification"].clone()
        }
        Err(reasons) => json!(reasons),
    }
}

/// That each of these scripts, with its `CALL` for what sends `$port`, sends that.
#[track_caller]
fn all(expected: &str, cases: &[&str]) {
    let wrong: Vec<_> = cases
        .iter()
        .filter_map(|lines| {
            let script = lines.replace("CALL", &call("$port"));
            let script = if script == *lines { format!("{lines}\n{}", call("$port")) } else { script };
            let said = justification(&script);
            (said != json!(expected)).then_some((lines, said))
        })
        .collect();
    assert!(wrong.is_empty(), "not {expected}: {wrong:#?}");
}

fn unknown(cases: &[&str]) {
    all("$(unknown)", cases);
}

fn known(cases: &[&str]) {
    all("old", cases);
}

#[test]
fn functions_and_what_they_call() {
    unknown(&[
        "function Open { Use }\nfunction Use { $script:port = 'new' }\n$port = 'old'\nOpen",
        "function A { B }\nfunction B { C }\nfunction C { A; $global:port = 'new' }\n$port = 'old'\nA",
        "function A { Set-Variable port 'new' -Scope 1 }\n$port = 'old'\nA",
        "function A { Set-Variable -Name port -Value 'new' -Scope Script }\n$port = 'old'\n$x = A",
        "function A { New-Variable -Scope Global -Name port -Value 'new' -Force }\n$port = 'old'\nA",
        "function A { . ./vars.ps1 }\nfunction B { A }\n$port = 'old'\nB",
        "function A { ([ref]$port).Value = 'new' }\n$port = 'old'\n. A",
        "function A { $script:port += 'new' }\n$port = 'old'\n& A",
        "function A { $script:port = 'new' }\n$name = 'A'\n$port = 'old'\n& $name",
        "$env:port = 'old'\nfunction A { $env:port = 'new' }\nA\n$port = $env:port",
        // What a function sees is what there is when it is called.
        "$port = 'old'\nfunction Send { CALL }\nSet-Variable port 'new'\nSend",
        "$port = 'old'\nfunction Send { CALL }\nGet-It -OutVariable port\nSend",
        "$port = 'old'\nfunction Send { CALL }\n. ./vars.ps1\nSend",
        "$port = 'old'\nfunction Send { CALL }\nfunction A { $port = 'new'; Send }\nA",
        "function A { $port = 'new'; Send }\n$port = 'old'\nfunction Send { CALL }\nA",
        "function A { param($port) Send }\n$port = 'old'\nfunction Send { CALL }\nA 'new'",
        "$port = 'old'\nfunction A { $port = 'old'; $script:port = 'new'; $port = $script:port; CALL }",
        // Parameters that a call gives.
        "function Send($port = 'old', $vm) { CALL }\nSend -vm a `\n  -port 'new'",
        "function Send($port = 'old') { CALL }\nSend; Send 'new'",
        "function Send([Parameter(ValueFromPipeline)]$port = 'old') { CALL }\n'new' | Send",
        "function Send($port = 'old') { CALL }\n$how = 'Send'\n& $how 'new'",
        "function Send($port = 'old') { CALL }\niex \"Send new\"",
    ]);
    known(&[
        "function Open { Use }\nfunction Use { $other = 'new' }\n$port = 'old'\nOpen",
        "function A { $port = 'new' }\n$port = 'old'\nA",
        "function A { B }\n$port = 'old'\nfunction B { $script:other = 1 }\nA",
        "$port = 'old'\nfunction Send { CALL }\nSend",
        "function Send($port = 'old', $vm) { CALL }\nSend -vm a `\n  -verbose",
        "function Send($port = 'old', $vm) { CALL }\nWrite-Host 'Send -port'\nSend",
    ]);
    // Tables are not copied where a function is given them.
    let table = |function: &str, lines: &str| {
        format!("{function}\n$all = @{{ port = 'old' }}\n{lines}\n{}", call("$all.port"))
    };
    for function in [
        "function Change($t) { $t.port = 'new' }",
        "function Change($t) { $t['port'] = 'new' }",
        "function Change($t) { $t.Remove('port') }",
        "function Change($t) { Inner $t }\nfunction Inner($t) { $t.port = 'new' }",
        "function Change { $all.port = 'new' }",
    ] {
        assert_eq!(justification(&table(function, "Change $all")), json!("$(unknown)"), "{function}");
    }
    let read = table("function Show($t) { $x = @{}; $x.a = 1; Write-Host $t.port }", "Show 'all'");
    assert_eq!(justification(&read), json!("old"));
}

#[test]
fn each_way_to_assign() {
    unknown(&[
        "$port = 'old'\nInvoke-Expression '$port = 1'",
        "$port = 'old'\n'$port = 1' | iex",
        "$port = 'old'\n. $profile",
        "$port = 'old'\n.('./vars.ps1')",
        "$port = 'old'\n. \"./vars.ps1\"",
        "$port = 'old'\nGet-It -OutV port",
        "$port = 'old'\nGet-It -PipelineVariable port | Out-Null",
        "$port = 'old'\nGet-It -ov +port",
        "$port = 'old'\nGet-It | Tee-Object -Variable port | Out-Null",
        "$port = 'old'\n1, 2 | ForEach-Object { $_ } -OutVariable port",
        "$port = 'old'\nClear-Variable port",
        "$port = 'old'\nRemove-Variable -Name port",
        "$port = 'old'\nSet-Variable -Name p* -Value 'new'",
        "$port = 'old'\nSet-Variable -Name 'a', 'port' -Value 'new'",
        "$port = 'old'\n(Get-Variable port).Value = 'new'",
        "$port = 'old'\n$ExecutionContext.SessionState.PSVariable.Set('port', 'new')",
        "$port = 'old'\nSet-Item variable:port 'new'",
        "$port = 'old'\n$variable:port = 'new'",
        "$env:port = 'old'\nSet-Item -Path Env:\\port -Value 'new'\n$port = $env:port",
        "New-Variable port 'new' -Option ReadOnly\n$port = 'old'",
        "$port = 1\n++$port",
        "$port = 1\n$x = $port++",
        "$port = 1\n$x = --$port",
        "$port = 'old'\n($port) = 'new'",
        "$t = @{ port = 'old' }\n[A]::t = $t\n[A]::t.port = 'new'\n$port = $t.port",
        "$port = 'old'\n$x, $y.z, $port = 1, 2, 'new'",
        "$port = 'old'\n$global:port = 'new'\n$port = $global:port",
        "$r = [ref]$port\n$port = 'old'\n$r.Value = 'new'",
        "[void][int]::TryParse('3', [ref] $script:port)\n$port = 'old'\n",
        "'x' -match 'x'\n$matches = 'old'\n'y' -match 'y'\n$port = $matches",
        "class A { static Run() { $script:port = 'new' } }\n$port = 'old'\n[A]::Run()",
        "$do = { $script:port = 'new' }\n$port = 'old'\n& $do",
        "$do = { $port = 'new' }\n$port = 'old'\n. $do",
        "$do = { $port = 'new' }\n$port = 'old'\nWith-It $do",
        "trap { $script:port = 'new'; continue }\n$port = 'old'\nthrow 'x'",
        "function A { $script:port = 'new' }\n$do = { A }\n$port = 'old'\n& $do",
    ]);
    known(&[
        "$port = 'old'\n. { $other = 1 }",
        "$port = 'old'\n./run.ps1 -port new",
        "$port = 'old'\nGet-It -OutVariable other -ErrorAction Stop",
        "$port = 'old'\nGet-Item env:path",
        "$port = 'old'\n[void][int]::TryParse('3', [ref]$null)",
        "$do = { $other = 'new' }\n$port = 'old'\n& $do",
        "$script:port = 'old'",
        "$port = 'old'\n[Net.ServicePointManager]::SecurityProtocol = 'Tls12'",
        "$port = 'old'\n[A]::port += 'new'",
        "$x = 1\n$x++\n$port = 'old'",
    ]);
}

#[test]
fn branches_and_loops() {
    unknown(&[
        "$port = 'old'\nif ($x) { $port = 'new' }",
        "$port = 'old'\nif ($x) { } elseif (($port = 'new')) { }",
        "$port = 'old'\n$x -and ($port = 'new')",
        "$port = 'old'\n$y = $x ?? ($port = 'new')",
        "$port = 'old'\n$y = $x ? ($port = 'new') : 1",
        "$port = 'old'\nTest-It && ($port = 'new')",
        "$port = 'old'\nTest-It || ($port = 'new')",
        "$port = 'old'\nswitch ($x) { 1 { $port = 'new' } default { } }",
        "$port = 'old'\nswitch ($x) { 1 { CALL } 2 { $port = 'new' } }",
        "$port = 'old'\ntry { $port = 'new' } catch { }",
        "$port = 'old'\ntry { $port = 'new' } catch { CALL }",
        "$port = 'old'\ntry { } finally { if ($x) { $port = 'new' } }",
        "$port = 'old'\nGet-It | ForEach-Object { $port = 'new' }",
        "$port = 'old'\nGet-It | Where-Object { $port = 'new'; $true }",
        "$port = 'old'\nGet-It | % { CALL; $port = 'new' }",
        "$port = 'old'\nwhile ($x) { CALL; Set-Variable port 'new' }",
        "$port = 'old'\nwhile ($x) { CALL; Get-It -OutVariable port }",
        "$port = 'old'\nwhile (($port = $port + 'x') -ne $x) { CALL }",
        "$port = 'old'\nfor (; ($port = $port + 'x') -ne $x; ) { CALL }",
        "$port = 'old'\ndo { CALL } while (($port = Get-It))",
        "$port = 'old'\ndo { CALL } until (($port = Get-It))",
        "$port = 'old'\nforeach ($x in Get-It) { CALL; A }\nfunction A { $script:port = 'new' }",
        "$port = 'old'\nforeach ($x in Get-It) { CALL; $y = '}'; $port = 'new' }",
        "'old' | % { switch ($x) { 1 { $port = $_; CALL } } }",
        "'old' | % { try { } catch { $port = $_; CALL } }",
    ]);
    known(&[
        "$port = 'new'\nif ($true) { $port = 'old' } elseif (($other = 'x')) { }",
        "$port = 'old'\nif ($x) { $port = 'new' } else { $other = 1 }\n$port = 'old'",
        "$port = 'old'\nswitch ($x) { 1 { $other = 1 } }",
        "$port = 'old'\nwhile ($x) { CALL; $other = 1 }",
        "$port = 'old'\ntry { CALL } catch { $port = 'new' }",
        "'new' | % { $y = $_ }\n$port = 'old'",
        "'old' | % { while ($x) { $port = $_; CALL } }",
    ]);
}
