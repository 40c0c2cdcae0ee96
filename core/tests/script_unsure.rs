//! What a script may have changed by the time it sends it is not taken for known: functions, shells in shells, files, references.

use crate::support::VM;
use crate::support::scripts::{codes, sent};
use serde_json::{Value, json};

const URL: &str = "https://management.azure.com/subscriptions/6f0b8d0e-5c5f-4f3e-9a0e-2f6f2f1f7a10/resourceGroups/rg/providers/Microsoft.Security/locations/westeurope/jitNetworkAccessPolicies/default/initiate?api-version=2020-01-01";

fn body(number: &str) -> String {
    format!(
        r#"{{"virtualMachines": [{{"id": "{VM}", "ports": [{{"number": {number}, "duration": "PT1H", "allowedSourceAddressPrefix": "10.20.0.7"}}]}}], "justification": "it"}}"#
    )
}

fn number(script: &str) -> Value {
    sent(script)["virtualMachines"][0]["ports"][0]["number"].clone()
}

/// A shell's call with `$PORT` in it.
fn shell(lines: &str) -> String {
    format!("{lines}\naz rest --method post --url '{URL}' --body '{}'\n", body("'\"$PORT\"'"))
}

/// PowerShell's with `$port`.
fn start(port: &str) -> String {
    format!(
        "Invoke-AzRestMethod -Method POST -Uri '{URL}' -Payload (@{{ virtualMachines = @(@{{ id = '{VM}'; ports = @(@{{ number = {port}; duration = 'PT1H'; allowedSourceAddressPrefix = '10.20.0.7' }}) }}); justification = 'it' }} | ConvertTo-Json -Depth 9)"
    )
}

#[test]
fn variables_of_shells() {
    for lines in [
        "PORT=22\necho 3389 | { read X; PORT=$X; }",
        "PORT=22\nopen() { PORT=3389; }\nopen",
        "PORT=22\n((PORT++))",
        "PORT=$(cat <<EOF | tr 2 3\n22\nEOF\n)",
        "PORT=$(cat <<EOF\n22\nEOF\necho 3)",
        "rdp() { PORT=3389; }\nPORT=22\nrdp",
        "function rdp { source vars.sh; }\nPORT=22\nrdp",
        "rdp() { PORT=3389; }\nPORT=22\nif ! rdp; then exit; fi",
        "PORT=22\nprintf -v PORT 3389",
        "PORT=22\nlet PORT=PORT+1",
    ] {
        assert_eq!(number(&shell(lines)), json!("<port>"), "{lines}");
    }
    for lines in [
        "log() { PART=1; echo $1; }\nPORT=22\nlog x",
        "PORT=22\nPORT=3389 ./probe.sh",
        "PORT=22\nmake PORT=3389 2>/dev/null",
        "export PORT=22",
        "PORT=3389\ntypeset PORT=22 OTHER",
        "PORT=22\nport=3389",
        "port=3389\nPORT=22 || exit",
        "PORT=22\n(cd /tmp && PORT=3389)\nls | wc -l",
    ] {
        assert_eq!(
            number(&shell(lines)),
            json!(22),
            "case counts, and other commands change nothing: {lines}"
        );
    }
    let function = |behind: &str| shell("PORT=22\nopen() {").replace("\naz", "\n az") + "}\n" + behind;
    for behind in ["PORT=3389\nopen", "read PORT\nopen", "for PORT in 1 2; do open; done"] {
        assert_eq!(number(&function(behind)), json!("<port>"), "{behind}");
    }
    assert_eq!(number(&function("OTHER=3389\nopen")), json!(22));
}

#[test]
fn files_of_shells() {
    let file = |between: &str| {
        format!(
            "cat > b.json <<'EOF'\n{}\nEOF\n{between}\naz rest --method post --url '{URL}' --body @b.json\n",
            body("22")
        )
    };
    for between in [
        "sed -i 's/22/3389/' b.json",
        "jq '.x = 1' b.json > c.json && mv c.json b.json",
        "sed s/22/3389/ other.json > b.json",
        "curl -o b.json https://example.com",
        "python3 fill.py b.json",
        "printf '{\"a\": %d}' 22 > b.json",
        "echo '{' '}' > b.json",
        "date | tee b.json",
        "date >> b.json",
        "cp other.json b.json",
        "cp templates/b.json .",
        "cp templates/b.json other/",
        "echo x > \"$1\"",
        "echo x > \"$1/b.json\"",
        "jq '.x = 3389' t.json > b.json 2>/dev/null",
        "jq '.x = 3389' t.json > b.json 2>&1",
        "ls 2> b.json",
        "sed -i s/22/3389/ *.json",
        "sed -i s/22/3389/ \"$1\"",
        "for f in *.json; do perl -pi -e s/22/3389/ \"$f\"; done",
        "mv c.json \"$1\"",
        "cat <<EOF | sed s/22/3389/ > b.json\n{}\nEOF",
        "ls >& b.json",
        "echo > b.json 1> c.json",
        "if [ \"$1\" = rdp ]; then cat > b.json <<EOF\n{}\nEOF\nfi",
        "test -f x || cat > b.json <<EOF\n{}\nEOF\n",
        "rdp() {\ncat > b.json <<EOF\n{}\nEOF\n}",
        "rdp() {\ncat > b.json <<EOF\n{}\nEOF\n}\nrdp",
    ] {
        let between = between.replace("{}", &body("3389"));
        let between = &*between;
        assert_eq!(codes(&file(between)), ["JIT125"], "{between}");
    }
    for between in [
        "jq . b.json",
        "cat b.json",
        "chmod 600 b.json",
        "ls > list.txt",
        "sed -i s/a/b/ other.json",
        "[[ -f b.json ]] || exit 1",
        "wc -c b.json",
        "cp b.json bak.json",
        "case \"$1\" in\nstart) echo x ;;\n*) exit 1 ;;\nesac",
        "ssh -i \"$KEY\" \"$HOST\"",
        "log $*",
        "echo start > \"$HOME/run.log\"",
        "diff b.json other.json",
        "ls 2>/dev/null >&2",
        "az account set -s \"$1\"; sed \"s/x/$1/\" other.json; ls *.json",
        "sed -i 's/.*x/y/' other.json",
        "BODY=$(ls)\nif [ \"$1\" = x ]; then echo no; fi",
    ] {
        assert_eq!(number(&file(between)), json!(22), "{between}");
    }
    for lines in [
        "printf '%s' \"$B\" > b.json",
        "printf '%s\\n' \"$B\" > b.json",
        "mkdir -p out && echo \"$B\" > out/b.json",
    ] {
        let script =
            format!("B='{}'\n{lines}\naz rest --method post --url '{URL}' --body @b.json\n", body("22"));
        assert_eq!(number(&script), json!(22), "{lines}");
    }
    // What a function forgets counts where it is called, however late a file is written.
    let called = |body: &str| format!("rdp() {{ {body}; }}\n{}", file("rdp"));
    assert_eq!(codes(&called("sed -i s/22/3389/ *.json")), ["JIT125"]);
    assert_eq!(number(&called("sed -i s/22/3389/ c.json")), json!(22));
    // Lines put together in a file.
    let json = body("22");
    let (head, tail) = json.split_once(", \"ports\"").expect("ports");
    let lines = format!(
        "echo '{head},' > b.json\necho '\"ports\"{tail}' >> b.json\naz rest --method post --url '{URL}' --body @b.json\n"
    );
    assert_eq!(number(&lines), json!(22));
}

#[test]
fn variables_of_powershell() {
    let call = start("$port");
    for script in [
        format!("$port = 22\nfunction Open-It {{ {call} }}\n$port = 3389\nOpen-It"),
        format!("$port = 22\nfunction Open-It {{ {call} }}\nforeach ($port in 1, 2) {{ Open-It }}"),
        format!("function Open-It([int]$port = 22) {{ {call} }}\nOpen-It -port 3389"),
        format!("function Open-It {{\nparam([int]$port = 22)\n{call} }}\nOpen-It 3389"),
        format!("function Open-It {{\nparam([int]$port = 22)\n{call} }}\nOpen-It -P 3389"),
        format!(
            "function Open-It {{\nparam([int]$port = 22)\n{call} }}\n$all = @{{ port = 3389 }}\nOpen-It @all"
        ),
        format!("$port = 22\nGet-Content port.txt -OutVariable port\n{call}"),
        format!("function Use-Rdp {{ $script:port = 3389 }}\n$port = 22\nUse-Rdp\n{call}"),
        format!("function Use-Rdp {{ $port = 1; $script:port = 3389 }}\n$port = 22\nUse-Rdp\n{call}"),
        format!(
            "function Use-Rdp {{ $all.port = 3389 }}\n$all = @{{ port = 22 }}\nUse-Rdp\n{}",
            start("$all.port")
        ),
        format!("function Use-Rdp {{ . ./vars.ps1 }}\n$port = 22\nuse-rdp\n{call}"),
        format!("$port = 22\n[void][int]::TryParse('3389', [ref]$port)\n{call}"),
    ] {
        assert_eq!(number(&script), json!("<port>"), "{script}");
    }
    for script in [
        format!("$port = 22\nfunction Open-It {{ {call} }}\n$other = 3389\nOpen-It"),
        format!("function Get-It {{ $port = 3389; $script:other = 1 }}\n$port = 22\nGet-It\n{call}\n"),
        format!("$port = 22\nfunction Get-It {{ $port = 3389 }}\n{call}\n")
            .replace("$port = 3389", "$x = 3389"),
        format!(
            "function Use-Rdp {{ $all = @{{}}; $all.port = 3389 }}\n$all = @{{ port = 22 }}\nUse-Rdp\n{}",
            start("$all.port")
        ),
        format!("function Open-It([int]$port = 22, $vm) {{ {call} }}\nOpen-It -vm web1\nOpen-It"),
        format!("function Get-It {{ $x }}\n$port = 22\nfunction Other {{ $y }}\n{call}\n$port = 1"),
    ] {
        assert_eq!(number(&script), json!(22), "{script}");
    }
}

#[test]
fn files_of_powershell() {
    let file = |between: &str| {
        format!(
            "$b = '{}'\n$c = '{}'\n$b | Out-File b.json\n{between}\naz rest --method post --url '{URL}' --body '@b.json'",
            body("22"),
            body("3389")
        )
    };
    assert_eq!(number(&file("")), json!(22));
    assert_eq!(number(&file("[IO.File]::WriteAllText('b.json', $c)")), json!(3389));
    for between in [
        "Get-Content b.json",
        "Copy-Item b.json c.json",
        "Test-Path b.json",
        "[Math]::Round(1.5, 0)",
        "az account show > $null",
        "$b | Write-Output > b.json",
        "echo $b > b.json",
    ] {
        assert_eq!(number(&file(between)), json!(22), "{between}");
    }
    assert_eq!(number(&file("$c | Out-File –FilePath b.json")), json!(3389));
    for between in [
        "Add-Content b.json 'x'",
        "$x | Out-File b.json -Append",
        "'x' >> b.json",
        "if ($x) { $c | Out-File b.json }",
        "$c | jq '.x = 22' > b.json",
        "$c | Get-Unique > b.json",
        "Write-Host x > b.json",
        "Copy-Item c.json b.json",
        "Copy-Item -Path c.json -Destination out\\b.json",
        "Move-Item c.json b.json -Force",
        "[IO.File]::AppendAllText('b.json', $c)",
        "[System.IO.File]::WriteAllText($x, $c)",
        "[IO.File]::Copy('c.json', 'b.json', $true)",
        "python fill.py b.json",
        "Invoke-WebRequest https://example.com -OutFile b.json",
        "Get-Date >> b.json",
        "$c | Out-File b.json –Append",
        "function Use-It { $c | Out-File b.json }",
        "(Get-Content b.json) -replace '22', '3389' | Set-Content b.json",
    ] {
        assert_eq!(codes(&file(between)), ["JIT125"], "{between}");
    }
}
