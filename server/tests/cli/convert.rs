//! `jitgate convert`.

use expect_test::expect;

use crate::{Folder, clean, policy, rule, run, wrong};

const PLACE: [&str; 6] = ["--resource-group", "rg", "--location", "westeurope", "--name", "default"];

#[test]
fn the_text_stands_alone_on_the_standard_output() {
    let args = ["convert", "--to", "bicep", "policy.json"];
    let run = run(&[("policy.json", &clean())], &[&args[..], &PLACE].concat());
    assert_eq!(run.code, Some(0));
    expect![[r#"
        resource jitPolicy 'Microsoft.Security/locations/jitNetworkAccessPolicies@2020-01-01' = {
          name: 'westeurope/default'
          kind: 'Basic'
          properties: {
            virtualMachines: [
              {
                id: '/subscriptions/2b7e9c41-5d0a-4f86-b1c3-7a9e60d4f218/resourceGroups/rg/providers/Microsoft.Compute/virtualMachines/jump1'
                ports: [
                  {
                    number: 22
                    protocol: 'TCP'
                    allowedSourceAddressPrefix: '10.40.8.0/24'
                    maxRequestAccessDuration: 'PT3H'
                  }
                ]
              }
            ]
          }
        }
    "#]]
    .assert_eq(&run.out);
    assert_eq!(run.notes, "note: deploy it to the resource group that the policy is to be in\n");
}

#[test]
fn what_is_to_be_filled_in_is_noted() {
    let args = ["convert", "--to", "az", "-", "--subscription", "2b7e9c41-5d0a-4f86-b1c3-7a9e60d4f218"];
    let run = Folder::new().run_with(&[&args[..], &PLACE[2..]].concat(), clean().as_bytes());
    assert_eq!(run.code, Some(0));
    assert!(
        run.out.starts_with("resource_group_name='<resource_group_name>'\n\naz rest --method put"),
        "{}",
        run.out
    );
    assert_eq!(
        run.notes,
        "note: fill in `resource_group_name`: the document does not say it; its machines are in `rg`\n"
    );
}

#[test]
fn calls_go_to_the_endpoint() {
    let args = ["convert", "--to", "rest", "policy.json", "--endpoint"];
    let to = |endpoint| run(&[("policy.json", &clean())], &[&args[..], &[endpoint]].concat());
    let there = to("http://localhost:7080/");
    assert_eq!(there.code, Some(0));
    assert!(
        there.out.contains("\nPUT http://localhost:7080/subscriptions/{{subscriptionId}}/"),
        "{}",
        there.out
    );
    let refused = to("http://jit.example");
    assert_eq!((refused.code, refused.out.as_str()), (Some(2), ""));
    assert!(refused.notes.contains("others on the way read the token"), "{}", refused.notes);
}

#[test]
fn an_error_that_cannot_be_mended_prevents_it() {
    let run = run(&[("policy.json", &wrong())], &["convert", "--to", "json", "policy.json"]);
    assert_eq!((run.code, run.out.as_str()), (Some(1), ""));
    expect![[r#"
        error[JIT201]: port `70000` is outside 0–65535: the service refuses it
         --> policy.json:8:23
          |
        8 |           { "number": 70000, "protocol": "TCP", "allowedSourceAddressPrefix": "10.40.8.0/24", "maxRe…
          |                       ^^^^^
          = help: write the port that the service listens on: `22` for SSH, `3389` for RDP

        not converted: JIT201: port `70000` is outside 0–65535: the service refuses it
    "#]]
    .assert_eq(&run.notes);
}

#[test]
fn an_error_that_can_be_mended_is_said_and_mended() {
    let slips = policy(&rule("22")).replace("TCP", "tcp").replace("\"number\"", "'number'");
    let run = run(&[("policy.json", &slips)], &["convert", "--to", "json", "policy.json"]);
    assert_eq!(run.code, Some(0));
    let [asked, got] = [clean(), run.out].map(|text| text.split_whitespace().collect::<String>());
    assert_eq!(got, asked);
    assert!(run.notes.contains("error[JIT101]") && run.notes.contains("error[JIT207]"), "{}", run.notes);
}

#[test]
fn what_cannot_run_says_so() {
    let missing = Folder::new().run(&["convert", "--to", "arm", "policy.json"]);
    assert_eq!((missing.code, missing.out.as_str()), (Some(2), ""));
    assert_eq!(missing.notes, "error: there is no file `policy.json`\n");
    let format = Folder::new().run(&["convert", "--to", "yaml", "policy.json"]);
    assert_eq!(format.code, Some(2));
    assert!(format.notes.contains("powershell, az, rest, arm, bicep, terraform, json"), "{}", format.notes);
}
