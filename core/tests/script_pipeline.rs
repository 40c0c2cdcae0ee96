//! Scripts in the YAML of pipelines.

use crate::support::VM;
use crate::support::scripts::{URL, codes, judged, longest};

fn body(duration: &str) -> String {
    format!(
        r#"{{
  "kind": "Basic",
  "properties": {{
    "virtualMachines": [{{ "id": "{VM}", "ports": [{{ "number": 22, "protocol": "TCP", "allowedSourceAddressPrefix": "10.20.0.0/16", "maxRequestAccessDuration": "{duration}" }}] }}]
  }}
}}"#
    )
}

/// A step with this script, behind this line of the document.
fn step(before: &str, script: &str) -> String {
    let indent =
        before.lines().last().map_or(0, |line| line.len() - line.trim_start_matches([' ', '-']).len());
    let lines: Vec<String> = script.lines().map(|line| format!("{}{line}", " ".repeat(indent + 2))).collect();
    format!("{before}\n{}\n", lines.join("\n"))
}

#[test]
fn scripts_of_pipelines_are_read() {
    let github = "name: jit\non: [push]\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - uses: azure/login@v2\n      - name: put\n        run: |";
    let azure = "trigger: none\nsteps:\n- powershell: |";
    let task = "steps:\n- task: AzurePowerShell@5\n  inputs:\n    ScriptType: InlineScript\n    Inline: |";
    for (duration, expected) in [("PT3H", [].as_slice()), ("PT30H", &["JIT403"])] {
        let json = body(duration);
        let shells = [
            format!(
                "cat > body.json <<EOF\n{json}\nEOF\naz rest --method put --url \"{URL}\" --body @body.json"
            ),
            format!(
                "D={duration}\naz rest --method put \\\n  --url \"{URL}\" \\\n  --body \"{}\"",
                body("$D").replace('"', "\\\"")
            ),
            format!("az rest --method put --url \"{URL}\" --body '{json}'"),
        ];
        let powershell = [
            format!(
                "$json = @\"\n{json}\n\"@\nInvoke-AzRestMethod -Method PUT -Path \"{URL}\" -Payload $json"
            ),
            longest("$x = 1", &format!("'{duration}'")),
        ];
        let behind = "      - run: echo done\n";
        for text in shells.iter().map(|script| step(github, script) + behind).chain(
            powershell.iter().flat_map(|script| {
                [step(azure, script), step(task, script) + "    azurePowerShellVersion: LatestVersion\n"]
            }),
        ) {
            assert_eq!(codes(&text), expected, "{text}");
        }
    }
    // It stands where it is written.
    let wrong = step(github, &format!("az rest --method put --url \"{URL}\" --body '{}'", body("PT30H")));
    let line = wrong.lines().position(|line| line.contains("PT30H")).map(|line| line + 1);
    assert_eq!(
        judged(&wrong).1.first().map(|one| one.range.start.line),
        line.and_then(|line| u32::try_from(line).ok())
    );
}

#[test]
fn what_a_pipeline_fills_in_is_not_known() {
    let script = format!("az rest --method put --url \"{URL}\" --body '{}'", body("${{ inputs.longest }}"));
    assert_eq!(codes(&step("jobs:\n  a:\n    steps:\n      - run: |", &script)), ["JIT116"]);
}

/// Each step is run by itself: what another one assigns is not there, nor does it matter what that is written in.
#[test]
fn steps_know_nothing_of_each_other() {
    let head = "jobs:\n  a:\n    steps:\n      - shell: pwsh\n        run: |\n          $x = @{ a = 1 }\n          D=PT30H\n      - run: |";
    let script = |value: &str| {
        format!(
            "cat > body.json <<EOF\n{}\nEOF\naz rest --method put --url \"{URL}\" --body @body.json",
            body(value)
        )
    };
    assert_eq!(codes(&step(head, &script("${D}"))), ["JIT116"]);
    assert_eq!(codes(&step(head, &script("PT30H"))), ["JIT403"]);
}

/// One word for what sends nothing.
#[test]
fn other_yaml_is_none_of_ours() {
    for text in [
        step("on: push\njobs:\n  a:\n    steps:\n      - run: |", "echo 'one'\nmake"),
        String::from("a: b\nc: d\n"),
    ] {
        assert_eq!(codes(&text), ["JIT106"], "{text}");
    }
}
