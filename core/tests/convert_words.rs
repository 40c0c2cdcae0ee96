//! Code as its reader meets it: the words on what is to be filled in, and on what cannot be written.

use crate::convert_support::{HERE, SUBSCRIPTION, check, exported, outcome, request, written};
use crate::support;
use expect_test::{Expect, expect};
use jitgate_core::convert::{Format, Place};

#[test]
fn what_is_not_said_is_a_variable() {
    let rules = r#"[{"number": "{port}", "protocol": "TCP", "allowedSourceAddressPrefix": "<office>", "maxRequestAccessDuration": "PT3H"},
                    {"number": 3389, "protocol": "TCP", "allowedSourceAddressPrefix": "<office>", "maxRequestAccessDuration": "PT3H"}]"#;
    check(
        rules,
        Format::Bicep,
        Place::default(),
        &expect![[r#"
        param virtualMachineId string
        param port int
        param sourceAddressPrefix string
        param location string
        param policyName string

        resource jitPolicy 'Microsoft.Security/locations/jitNetworkAccessPolicies@2020-01-01' = {
          name: '${location}/${policyName}'
          properties: {
            virtualMachines: [
              {
                id: virtualMachineId
                ports: [
                  {
                    number: port
                    protocol: 'TCP'
                    allowedSourceAddressPrefix: sourceAddressPrefix
                    maxRequestAccessDuration: 'PT3H'
                  }
                  {
                    number: 3389
                    protocol: 'TCP'
                    allowedSourceAddressPrefix: sourceAddressPrefix
                    maxRequestAccessDuration: 'PT3H'
                  }
                ]
              }
            ]
          }
        }
        note: fill in `virtualMachineId`: the document does not say it
        note: fill in `port`: the document has `{port}` there
        note: fill in `sourceAddressPrefix`: the document has `<office>` there
        note: fill in `location`: the document does not say it
        note: fill in `policyName`: the document does not say it
        note: deploy it to the resource group that the policy is to be in
    "#]],
    );
    check(
        rules,
        Format::Json,
        Place::default(),
        &expect![[r#"
        {
          "properties": {
            "virtualMachines": [
              {
                "id": "<virtualMachineId>",
                "ports": [
                  {
                    "number": "{port}",
                    "protocol": "TCP",
                    "allowedSourceAddressPrefix": "<office>",
                    "maxRequestAccessDuration": "PT3H"
                  },
                  {
                    "number": 3389,
                    "protocol": "TCP",
                    "allowedSourceAddressPrefix": "<office>",
                    "maxRequestAccessDuration": "PT3H"
                  }
                ]
              }
            ]
          }
        }
        note: fill in `<virtualMachineId>`: the document does not say it
        note: fill in `{port}`: the document leaves it open
        note: fill in `<office>`: the document leaves it open
    "#]],
    );
}

#[test]
fn plain_json_is_what_the_api_takes() {
    let odd = format!(
        r#"// by hand
        {{ "Kind": "Basic", "properties": {{ "virtualMachines": {{ "id": "{}/", "ports": {{
            "number": "22", "protocol": "tcp", "allowedSourceAddressPrefix": ["10.20.0.7"], "maxRequestAccessDuration": "P1D"
        }} }} }} }}"#,
        support::VM
    );
    check(
        &odd,
        Format::Json,
        Place::default(),
        &expect![[r#"
        {
          "kind": "Basic",
          "properties": {
            "virtualMachines": [
              {
                "id": "/subscriptions/6f0b8d0e-5c5f-4f3e-9a0e-2f6f2f1f7a10/resourceGroups/rg/providers/Microsoft.Compute/virtualMachines/web1",
                "ports": [
                  {
                    "number": 22,
                    "protocol": "TCP",
                    "allowedSourceAddressPrefix": "10.20.0.7",
                    "maxRequestAccessDuration": "PT24H"
                  }
                ]
              }
            ]
          }
        }
    "#]],
    );
}

#[test]
fn several_policies_stand_in_one_text() {
    let policy = |name: &str, group: &str| {
        format!(
            r#"{{ "id": "/subscriptions/{SUBSCRIPTION}/resourceGroups/{group}/providers/Microsoft.Security/locations/westeurope/jitNetworkAccessPolicies/{name}",
                  "properties": {{ "virtualMachines": [] }} }}"#
        )
    };
    let list = format!(
        r#"{{ "value": [{}, {}, {}] }}"#,
        policy("one", "rg"),
        policy("two", "rg"),
        policy("one", "other")
    );
    let group = Place { resource_group: Some("RG"), ..Place::default() };
    check(
        &list,
        Format::PowerShell,
        group,
        &expect![[r#"
        Set-AzContext -Subscription '6f0b8d0e-5c5f-4f3e-9a0e-2f6f2f1f7a10'

        $JitPolicyArr = @()

        Set-AzJitNetworkAccessPolicy -Kind 'Basic' -Location 'westeurope' -Name 'one' -ResourceGroupName 'rg' -VirtualMachine $JitPolicyArr

        $JitPolicyArr = @()

        Set-AzJitNetworkAccessPolicy -Kind 'Basic' -Location 'westeurope' -Name 'two' -ResourceGroupName 'rg' -VirtualMachine $JitPolicyArr
        note: policy `one` is left out: its resource group is `other`, not `RG`
    "#]],
    );
    check(
        &list,
        Format::Bicep,
        group,
        &expect![[r#"
        resource jitPolicy 'Microsoft.Security/locations/jitNetworkAccessPolicies@2020-01-01' = {
          name: 'westeurope/one'
          properties: {
            virtualMachines: []
          }
        }

        resource jitPolicy2 'Microsoft.Security/locations/jitNetworkAccessPolicies@2020-01-01' = {
          name: 'westeurope/two'
          properties: {
            virtualMachines: []
          }
        }
        note: policy `one` is left out: its resource group is `other`, not `RG`
        note: deploy it to resource group `rg` of subscription `6f0b8d0e-5c5f-4f3e-9a0e-2f6f2f1f7a10`
    "#]],
    );
    check(
        &list,
        Format::Json,
        group,
        &expect![[r#"
        {
          "value": [
            {
              "id": "/subscriptions/6f0b8d0e-5c5f-4f3e-9a0e-2f6f2f1f7a10/resourceGroups/rg/providers/Microsoft.Security/locations/westeurope/jitNetworkAccessPolicies/one",
              "properties": {
                "virtualMachines": []
              }
            },
            {
              "id": "/subscriptions/6f0b8d0e-5c5f-4f3e-9a0e-2f6f2f1f7a10/resourceGroups/rg/providers/Microsoft.Security/locations/westeurope/jitNetworkAccessPolicies/two",
              "properties": {
                "virtualMachines": []
              }
            }
          ]
        }
        note: policy `one` is left out: its resource group is `other`, not `RG`
    "#]],
    );
    refused(
        &list,
        Format::Arm,
        Place::default(),
        &expect![
            "the policies are in several resource groups, and a template is deployed to one: name the one whose policies are to be written"
        ],
    );
    let nobody = Place { resource_group: Some("none"), ..Place::default() };
    refused(
        &list,
        Format::Az,
        nobody,
        &expect![[r#"
        policy `one` is left out: its resource group is `rg`, not `none`
        policy `two` is left out: its resource group is `rg`, not `none`
        policy `one` is left out: its resource group is `other`, not `none`"#]],
    );
    let twice = format!("[{}, {}]", policy("one", "rg"), policy("ONE", "RG"));
    refused(
        &twice,
        Format::Az,
        Place::default(),
        &expect!["two policies are `ONE`: the later would take the place of the other"],
    );
}

/// The reasons, a line each.
#[track_caller]
fn refused(document: &str, to: Format, place: Place, expected: &Expect) {
    let reasons = outcome(document, to, place).expect_err("reasons");
    expected.assert_eq(&reasons.join("\n"));
}

#[test]
fn what_cannot_be_written_is_refused_with_every_reason() {
    let any = Place::default();
    let good = request(r#""duration": "PT3H""#, "");
    refused(
        &good,
        Format::Arm,
        any,
        &expect![
            "a request is an action, not a resource, and a template deploys resources: write it in PowerShell, for `az`, REST or Terraform"
        ],
    );
    refused(
        &good,
        Format::Bicep,
        any,
        &expect![
            "a request is an action, not a resource, and a template deploys resources: write it in PowerShell, for `az`, REST or Terraform"
        ],
    );
    refused(
        &exported().replace("22", "70000").replace("PT1H", "soon"),
        Format::Json,
        any,
        &expect![[r#"
        JIT201: port `70000` is outside 0–65535: the service refuses it
        JIT401: `soon`: this is no ISO 8601 duration, the one form that the API has"#]],
    );
    refused(
        &exported(),
        Format::Json,
        Place { location: Some("northeurope"), ..any },
        &expect!["policy `default` is left out: its location is `westeurope`, not `northeurope`"],
    );
    refused(
        &request(r#""endTimeUtc": "2026-01-15T14:00:00""#, ""),
        Format::Az,
        HERE,
        &expect!["JIT410: `2026-01-15T14:00:00` has no zone: UTC and local time may be hours apart"],
    );
    refused(
        "[1]",
        Format::Json,
        any,
        &expect!["JIT107: this is neither a just-in-time access policy nor a request"],
    );
    refused("", Format::Json, any, &expect!["JIT105: the document is empty: there is no JSON value in it"]);
    let copy = r#"{ "properties": { "copy": [{ "name": "virtualMachines", "count": 3, "input": {} }] } }"#;
    refused(
        copy,
        Format::Bicep,
        any,
        &expect![[r#"
            JIT111: this virtual machine has no `id`, which says which virtual machine is meant
            JIT111: this virtual machine has no `ports`, which lists the ports that may be opened"#]],
    );
    let batch = format!(r#"{{ "requests": [{{ "content": {good} }}, {{ "content": {good} }}] }}"#);
    refused(
        &batch,
        Format::Json,
        any,
        &expect![
            "several requests, or requests and policies, are no one document: the API takes each by itself"
        ],
    );
}

#[test]
fn times_that_have_passed_are_written_all_the_same() {
    let request = request(r#""endTimeUtc": "2020-07-15T17:00:00.3658798Z""#, "");
    assert!(
        written(&request, Format::Json, HERE)
            .text
            .contains(r#""endTimeUtc": "2020-07-15T17:00:00.3658798Z""#)
    );
}

#[test]
fn every_format_is_found_by_its_word() {
    for format in Format::ALL {
        assert_eq!(Format::from_name(format.as_str()), Some(format));
        assert!(!format.extension().is_empty());
    }
    assert_eq!(Format::from_name("Bicep"), None);
}

/// What a caller adds is held to what the service takes, too.
#[test]
fn a_place_that_a_caller_knows() {
    let machine = "m".repeat(50);
    let bare = format!(
        r#"{{"kind": "Basic", "location": "West Europe", "properties": {{"virtualMachines": [
            {{"id": "/subscriptions/{SUBSCRIPTION}/resourceGroups/rg/providers/Microsoft.Compute/virtualMachines/{machine}", "ports": []}}]}}}}"#
    );
    for location in [None, Some("West Europe"), Some("westeurope")] {
        let place = Place { location, name: Some("prod"), ..HERE };
        let text = written(&bare, Format::Rest, place).text;
        assert!(text.contains("/locations/westeurope/jitNetworkAccessPolicies/prod?"), "{text}");
    }
    refused(
        &bare,
        Format::Rest,
        Place { name: Some("default"), ..HERE },
        &expect![
            "policy `default` and its machine `mmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmm` have too long names together (JIT503)"
        ],
    );
}

/// Machines that are elsewhere than the policy is told to be are said, as `check` says them of what is written.
#[test]
fn a_place_apart_from_its_machines() {
    let bare = format!(
        r#"{{"kind": "Basic", "properties": {{"virtualMachines": [
            {{"id": "/subscriptions/{SUBSCRIPTION}/resourceGroups/RG/providers/Microsoft.Compute/virtualMachines/vm", "ports": []}}]}}}}"#
    );
    let here = Place { subscription: Some(SUBSCRIPTION), resource_group: Some("rg"), ..Place::default() };
    let notes = |place| written(&bare, Format::Json, place).notes.join("\n");
    expect![""].assert_eq(&notes(here));
    let other = "22222222-2222-2222-2222-222222222222";
    expect!["machines are in subscription `6f0b8d0e-5c5f-4f3e-9a0e-2f6f2f1f7a10`, the policy is in `22222222-2222-2222-2222-222222222222`: the service may refuse it (JIT506)"].assert_eq(&notes(Place { subscription: Some(other), ..here }));
    expect![
        "machines are in resource group `RG`, the policy is in `other`: the service may refuse it (JIT507)"
    ]
    .assert_eq(&notes(Place { resource_group: Some("other"), ..here }));
}
