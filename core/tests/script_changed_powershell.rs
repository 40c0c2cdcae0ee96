//! What PowerShell may have changed by the time a script sends it, as `script_changed` has it of shells.

use crate::support;
use crate::support::scripts::options;
use crate::support::shell::URL;
use jitgate_core::convert::{Format, Options, convert};
use serde_json::{Value, json};

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
    all("<justification>", cases);
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
        assert_eq!(justification(&table(function, "Change $all")), json!("<justification>"), "{function}");
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

#[test]
fn types_of_variables() {
    unknown(&[
        "[datetime]$port = '2027-01-01'",
        "[int]$n = 2.5\n$port = \"$n\"",
        "[int]$port = 'old'",
        "[double]$n = 1\n$port = \"$n\"",
        "[int]$n = 0\n$n = '007'\n$port = \"$n\"",
        "[string]$s = ''\n$s = 1\n$s += 1\n$port = $s",
        "[array]$s = 'a'\n$s = 'b'\n$s += 'c'\n$port = \"$s\"",
        "[string]$port = ''\nforeach ($port in 1) { CALL }",
        "function A([int]$n) { $n = '007'; $port = \"$n\"; CALL }\nA",
        "$port = \"$([int]2.5)\"",
        "$port = \"$([int]'1e1')\"",
        "[string][int]$port = '007'",
    ]);
    known(&[
        "[string]$port = 'old'",
        "param([string]$port = 'old', [int]$n = 22)",
        "param([ValidateSet('old', 'new')][string]$port = 'old')",
        "[string]$port = 'new'\n$port = 'old'",
        "function A([string[]]$port) { }\n$port = 'old'",
        "function A([string]$port) { $other = $port }\n$port = 'old'",
        "[hashtable]$p = @{ port = 'old' }\n$port = $p.port",
        "[string[]]$p = @('old')\n$port = $p[0]",
        "[array]$p = @('old')\n$port = $p[0]",
        "[void]'new'\n$port = 'old'",
    ]);
    for (lines, expected) in [
        ("[int]$h = '3'\n$port = 'PT' + ($h + 1) + 'H'", "PT4H"),
        ("param([int]$h = '3')\n$port = 'PT' + ($h + 1) + 'H'", "PT4H"),
        ("param([string]$h = 3)\n$port = 'PT' + ($h + 1) + 'H'", "PT31H"),
        ("param([string[]]$a = 'x')\n$a += 'y'\n$port = $a -join ','", "x,y"),
        ("[string[]]$a = 'x'\n$a += 'y'\n$port = $a -join ','", "x,y"),
        ("[int]$n = '007'\n$port = \"$n\"", "7"),
        ("[int]$n = 22\n$n = 3389\n$n += 1\n$port = \"$n\"", "3390"),
        ("[bool]$b = 1\n$port = \"$b\"", "True"),
        ("[string]$s = $null\n$port = $s + 1", "1"),
        ("[string]$s = 'a', 'b'\n$port = $s", "a b"),
        ("$port = \"$([int]'007')\"", "7"),
        ("$port = \"$([int]'22')\"", "22"),
    ] {
        all(expected, &[lines]);
    }
}

#[test]
fn what_is_held_twice() {
    unknown(&[
        "$l = [System.Collections.ArrayList]@('old')\n$m = $l\n[void]$m.Add('new')\n$port = $l -join ','",
        "$l = [System.Collections.ArrayList]@('old')\n$m = ($l)\n$m.Insert(0, 'new')\n$port = $l[0]",
        "$h = 'old', 'x'\n$g = $h\n$g[0] = 'new'\n$port = $h[0]",
        "$h = @{ x = 'old' }\n$g = $h\n$g.x = 'new'\n$port = $h.x",
        "$h = @{ x = 'old' }\n$g = $h\n$g.Remove('x')\n$port = $h.x",
        "$h = @{ x = 'old' }\n$g = @{ h = $h }\n$g.h.x += 'new'\n$port = $h.x",
        "$h = @{ x = 'old' }\n$l = @($h)\n$l[0].x = 'new'\n$port = $h.x",
        "$h = @{ x = 'old' }\n$l = @($h)\n$h.x = 'new'\n$port = $l[0].x",
        "$l = @(@{ x = 'old' })\nforeach ($i in $l) { $i.x = 'new' }\n$port = $l[0].x",
        "$l = @(@{ x = 'old' })\n$l | % { $_.x = 'new' }\n$port = $l[0].x",
        "$l = 'old', 'new'\n[array]::Reverse($l)\n$port = $l[0]",
        "$l = 'old', 'new'\n[Array]::Sort($l)\n$port = $l[0]",
        "$m = 'new', 'x'\n$l = 'old', 'y'\n[array]::Copy($m, $l, 2)\n$port = $l[0]",
        "$h = [pscustomobject]@{ x = 'old' }\n$h | Add-Member -NotePropertyName x -NotePropertyValue 'new' -Force\n$port = $h.x",
        "$h = [pscustomobject]@{ x = 'old' }\nAdd-Member -InputObject $h x 'new' -Force\n$port = $h.x",
    ]);
    known(&[
        "$p = @{ x = 'old' }\n$a = @{ p = $p }\n$b = @{ p = $p }\n$a.y = 'new'\n$port = $b.p.x",
        "$h = @{ x = 'old' }\n$j = @{ a = 1 }\n$j.x = 'new'\n$port = $h.x",
        "$l = @()\nforeach ($n in 'old', 'new') { $v = @{}; $v.n = $n; $l += $v }\n$port = $l[0].n",
        "$l = 'old', 'new'\n[string]::Join(',', $l)\n$port = $l[0]",
    ]);
}

#[test]
fn how_values_are_shown() {
    unknown(&[
        "$OFS = ','\n$a = 'x', 'y'\n$port = \"$a\"",
        "$a = 'x', 'y'\n$script:OFS = ','\n$port = '' + $a",
        "Set-Variable OFS ','\n$a = 'x', 'y'\n$port = \"$a\"",
        "$port = \"$(1e3)\"",
        "$port = \"$(0.00001)\"",
        "$port = '{0}' -f 1.50",
        "$port = '{0}' -f (, @('a', 'b'))",
        "$port = '}{0}' -f 'a'",
        "foreach ($host in 'new') { $port = $host; CALL }",
        "$Host = 'new'\n$port = $Host",
        "$pid = 'new'\n$port = $pid",
        "$home = 'new'\n$port = $home",
        "$IsWindows = 'new'\n$port = $IsWindows",
        "$port = \"$?\"",
        "$port = \"$$\"",
        "$port = \"$^\"",
        "function Send([Alias('W')]$port = 'old') { CALL }\nSend -W 'new'",
        "function Send($port = 'old') { CALL }\nSet-Alias s Send\ns 'new'",
        "function Send($port = 'old') { CALL }\nNew-Alias -Value $x -Name s\ns 'new'",
        "function A { $script:port = 'new' }\nSet-Alias s A\n$port = 'old'\ns",
        "if (, @()) { $port = 'old' } else { $port = 'new' }",
    ]);
    known(&[
        "function Send([Alias('W')]$port = 'old', $vm) { CALL }\nSend -vm a",
        "Set-Alias k kubectl\nfunction Send($port = 'old') { CALL }\nSend",
        "if (@(1)) { $port = 'old' } else { $port = 'new' }",
        "$OFS = ','\n$port = \"$('old')\"",
    ]);
    for (lines, expected) in [
        ("$port = \"$(1.50)\"", "1.5"),
        ("$port = \"$(1.0)\"", "1"),
        ("$port = \"$(-0)\"", "0"),
        ("$port = \"$(-5)\"", "-5"),
        ("$port = 'a' + 1.50", "a1.5"),
        ("$port = 'x}}{0}' -f 'a'", "x}a"),
        ("$port = '{{{0}}}' -f 'a'", "{a}"),
        ("$port = 'PT{0}H' -f 3", "PT3H"),
        ("$port = 'cost $' + 5", "cost $5"),
    ] {
        all(expected, &[lines]);
    }
}
