//! Which commands may have changed the file that a script sends: what was known of it is not known any more.

use crate::support::VM;
use crate::support::scripts::{codes, sent};
use crate::support::shell::URL;
use serde_json::Value;

fn body() -> String {
    format!(
        r#"{{"virtualMachines": [{{"id": "{VM}", "ports": [{{"number": 22, "duration": "PT1H", "allowedSourceAddressPrefix": "10.20.0.7"}}]}}], "justification": "it"}}"#
    )
}

fn shell(between: &str) -> String {
    format!(
        "D=other\ncat > b.json <<'EOF'\n{}\nEOF\n{between}\naz rest --method post --url '{URL}' --body @b.json\n",
        body()
    )
}

fn powershell(between: &str) -> String {
    format!(
        "$d = 'other'\n$b = '{}'\n$b | Out-File b.json\n{between}\naz rest --method post --url '{URL}' --body '@b.json'",
        body()
    )
}

/// That what stands between a file that is written and the call leaves it as it is, or that this is not certain.
#[track_caller]
fn all(kept: bool, script: fn(&str) -> String, cases: &[&str]) {
    let keeps = |between: &&&str| {
        let script = script(between);
        if codes(&script) == ["JIT125"] {
            return false;
        }
        assert_eq!(sent(&script)["virtualMachines"][0]["ports"][0]["number"], Value::from(22), "{between}");
        true
    };
    let wrong: Vec<_> = cases.iter().filter(|between| keeps(between) != kept).collect();
    assert!(wrong.is_empty(), "{}: {wrong:#?}", if kept { "forgotten" } else { "kept" });
}

#[test]
fn copies() {
    all(
        false,
        shell,
        &[
            "cp -r other/. .",
            "cp -a other/. .",
            "cp -vR other .",
            "cp --recursive other/. .",
            "cp --archive other/. .",
            "cp other/*.json .",
            "cp other/?.json .",
            "cp other/[ab].json .",
            "cp other/{a,b}.json .",
            "cp \"$D\"/*.json .",
            "cp $D/*.json .",
            "cp \"$1\"/*.json .",
            "cp \"$1/b.json\" .",
            "cp \"$1\"/b.json .",
            "cp -t . other/b.json",
            "sudo cp -r other/. .",
            "/bin/cp -r other/. .",
            "mv other/* .",
            "mv \"$1\" .",
            "mv b.json old.json",
            "ln -sf other.json b.json",
            "install -m 600 \"$1/b.json\" .",
            "scp -r host:other/. .",
            "scp host:other/b.json .",
            "rsync -a other/ .",
            "find other -name '*.json' -exec cp {} . \\;",
            "ls other/* | xargs -I {} cp {} .",
        ],
    );
    all(
        true,
        shell,
        &[
            "cp b.json bak.json",
            "cp \"b.json\" \"$1/bak.json\"",
            "cp -p b.json bak.json",
            "cp other/a.json .",
            "mv other/a.json .",
            "find . -name '*.json'",
            "X=$(echo \" x \" | xargs)",
            "ls *.json",
            "mkdir -p {a,b}",
            "unset A[0]",
        ],
    );
    all(
        false,
        powershell,
        &[
            "Copy-Item other/*.json .",
            "Copy-Item 'other\\*.json' .",
            "Copy-Item -Path other\\?.json -Destination .",
            "Copy-Item \"$d\\*\" .",
            "Copy-Item other . -Recurse",
            "Copy-Item -Recurse other .",
            "Copy-Item other\\* . -Filter b.json",
            "Copy-Item -Force c.json b.json",
            "Copy-Item -Destination b.json -Path c.json",
            "Copy-Item $x .",
            "Copy-Item \"$x\\b.json\" .",
            "Copy-Item c.json $x",
            "Copy-Item other\\b.json, other\\c.json .",
            "Get-ChildItem other | Copy-Item -Destination .",
            "copy other\\*.json .",
            "cp -r other/. .",
            "Move-Item other\\*.json .",
            "Move-Item b.json c.json",
            "Get-ChildItem *.tmp | Rename-Item -NewName { 'b.json' }",
            "Rename-Item c.json $x",
            "ren c.json b.json",
            "xcopy other .",
            "robocopy other . *.json",
        ],
    );
    all(
        true,
        powershell,
        &[
            "Copy-Item b.json c.json",
            "Copy-Item b.json -Destination c.json -Force",
            "Copy-Item -Destination c.json -Path b.json",
            "Copy-Item other\\a.json .",
            "Get-ChildItem other\\*.json",
        ],
    );
}

#[test]
fn what_is_loaded_and_unpacked() {
    let both = [
        "az storage blob download -f b.json",
        "az storage blob download --file b.json",
        "az storage blob download -c x -n b.json --file ./out/b.json",
        "az storage blob download-batch -s x -d .",
        "az storage copy -s https://example.com/x -d . --recursive",
        "azcopy copy https://example.com/x .",
        "curl -o b.json https://example.com/x",
        "tar xzf x.tgz",
        "unzip x.zip",
        "git checkout main",
        "git pull",
        "python3 fill.py *.json",
    ];
    all(false, shell, &both);
    all(false, powershell, &both);
    all(
        false,
        shell,
        &[
            "az storage blob download -f \"$1\"",
            "az storage blob download -fb.json",
            "az keyvault secret download --name x --file=b.json",
            "curl -sSLo \"$1\" https://example.com",
            "curl -ob.json https://example.com",
            "curl -sO \"https://example.com/$1\"",
            "curl --output \"$1\" https://example.com",
            "wget https://example.com/b.json",
            "wget \"$1\"",
            "tar --extract -f x.tar",
            "git -C . stash",
            "dd if=x of=b.json",
            "dd if=x of=\"$1\"",
            "truncate -s 0 \"$1\"",
            "tee -a \"$1\" <<< x",
            "echo x | tee \"$1\" other.json",
            "sort x -o \"$1\"",
            "sed -Ei s/22/3389/ \"$1\"",
            "bash -c 'echo > b.json'",
            "ls | xargs truncate -s 0",
        ],
    );
    all(
        true,
        shell,
        &[
            "az storage blob upload -f \"$1\"",
            "az vm show -d --ids \"$1\" -o \"$2\"",
            "curl -sS -H \"x: $1\" \"https://example.com/$2\"",
            "tar czf x.tgz other",
            "tar -tf x.tar",
            "git rev-parse HEAD",
            "git add other.json",
            "sed -n \"$1\" other.json",
        ],
    );
    all(
        false,
        powershell,
        &[
            "az storage blob download -f $x",
            "Get-AzStorageBlobContent -Container x -Blob b.json",
            "Get-AzStorageBlobContent -Container x -Blob y -Destination $x",
            "Expand-Archive x.zip .",
            "$client.DownloadFile('https://example.com', 'b.json')",
            "$client.DownloadFile('https://example.com', $x)",
            "(New-Object Net.WebClient).DownloadFile('https://example.com', 'b.json')",
            "Start-BitsTransfer https://example.com -Destination $x",
            "[IO.File]::Copy($x, $y, $true)",
            "[IO.File]::Create('b.json')",
            "$w = [System.IO.StreamWriter]::new('b.json')",
            "$w = New-Object IO.StreamWriter 'b.json'",
            "$x.Save('b.json')",
        ],
    );
    all(
        true,
        powershell,
        &[
            "[IO.File]::ReadAllText('b.json')",
            "[IO.File]::Exists($x)",
            "$x.Replace('*', 'y')",
            "[regex]::Replace($x, '.*', $y)",
            "Get-AzVM -Name web*",
            "Get-AzVM | Where-Object Name -like '*.x'",
            "az vm show --ids $x -o $y",
            "az group list --query '[?name]'",
        ],
    );
}

#[test]
fn commands_are_known_by_their_whole_names() {
    all(
        false,
        powershell,
        &[
            "gcloud storage cp x b.json",
            "gcp x b.json",
            "Catalog-It b.json",
            "Categories b.json",
            "lsof2file b.json",
            "Typewriter b.json",
            "Get-Template b.json",
            "Import-It b.json",
            "jq2 b.json",
            "Export-Csv b.json",
            "Export-Csv -Path $x",
            "New-Item b.json -Force",
            "New-Item -Path . -Name b.json",
            "Get-Date | Tee-Object -FilePath b.json",
            "Get-Date | tee $x",
            "Clear-Content *.json",
            "Set-Content -Path *.json 'x'",
            "Set-Content -NoNewline b.json $x",
            "Get-Item *.json | Set-Content -Value 'x'",
            "$x | Out-File -Force b.json",
            "Set-Content other.json, b.json -Value 'x'",
        ],
    );
    all(
        true,
        powershell,
        &[
            "gc b.json",
            "GET-CONTENT b.json",
            "Get-FileHash b.json",
            "Select-String x b.json",
            "jq . b.json",
            "Test-Path -Path b.json",
            "Get-Item b.json",
            "type b.json",
            "'x' | Out-File -Force other.json",
            "Set-Content -NoNewline other.json 'x'",
        ],
    );
    all(false, shell, &["cat2 b.json", "jq-fill b.json", "grepl b.json"]);
}

#[test]
fn programs_that_run_what_they_are_given() {
    all(
        false,
        shell,
        &[
            "python3 - <<'P'\nopen('b.json', 'w')\nP",
            "python3 -c \"open('b' + '.json', 'w')\"",
            "python fill.py",
            "echo 'rm b.json' > x.sh\nsh x.sh",
            "bash <<'E'\nrm b.json\nE",
            "echo 'rm b.json' | bash",
            "sudo bash x",
            "./fill",
            "fill.sh",
            "perl -e 'unlink \"b.json\"'",
            "node fill.js",
            "sed -n 's/22/3389/w b.json' x",
            "sed -f x.sed x",
            "awk '{ print > \"b\" \".json\" }' x",
            "find . -name '*.json' -delete",
            "find . -fprint b.json",
            "gunzip -f b.json.gz",
            "cat <<EOF; rm b.json\nx\nEOF",
            "cat <<EOF | sudo tee b.json\nx\nEOF",
            "mkdir d\ncat > d/b.json <<EOF\nx\nEOF",
            "echo '{}' > d/b.json\ncat > ./b.json <<EOF\n{}\nEOF",
        ],
    );
    all(
        true,
        shell,
        &[
            "az vm show | python3 -m json.tool",
            "find . -name '*.json' -print",
            "sed -n 's/22/3389/p' other.json",
            "awk '{ print $1 }' other.json",
            "cat <<EOF | jq .\nx\nEOF",
            "cat > d/other.json <<EOF\nx\nEOF",
        ],
    );
    let guarded = format!("set -o noclobber\n{}", shell(""));
    assert_eq!(codes(&guarded), ["JIT125"], "what is there stays");
    assert_eq!(codes(&format!("set -eC\n{}", shell(""))), ["JIT125"]);
}

#[test]
fn what_echo_is_given_without_quotes() {
    let call = |text: &str, print: &str| {
        format!(
            "J='{text}'\n{print} > b.json\naz rest --method post --url '{URL}' --body @b.json\n",
            print = print.replace("BODY", &body().replace("\"it\"", "\"'$J'\""))
        )
    };
    for (text, print, known) in [
        ("a b", "echo 'BODY'", true),
        ("it", "printf '%s' 'BODY'", true),
        ("a  b", "echo 'BODY'", false),
        ("a*", "echo 'BODY'", false),
        (" a", "echo 'BODY'", false),
        ("a b", "printf '%s' 'BODY'", false),
    ] {
        let script = call(text, print);
        if known {
            assert_eq!(sent(&script)["justification"], Value::from(text), "{script}");
        } else {
            assert_eq!(codes(&script), ["JIT125"], "{script}");
        }
    }
    let whole = |print: &str| {
        format!("B='{}'\n{print} > b.json\naz rest --method post --url '{URL}' --body @b.json\n", body())
    };
    assert_eq!(sent(&whole("echo \"$B\""))["justification"], Value::from("it"));
    assert_eq!(codes(&whole("echo $B")), ["JIT125"], "its brackets are patterns");
}
