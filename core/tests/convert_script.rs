//! Scripts as code in other languages: what their own variables hold, and where they say that policies are.

use crate::convert_support::{outcome, written};
use crate::support;
use jitgate_core::convert::{Converted, Format, Place};
use serde_json::Value;

/// A place that is no part of what is asked.
const PLACE: Place = Place {
    subscription: Some("s"),
    resource_group: Some("shop"),
    location: Some("westeurope"),
    name: Some("default"),
};

/// What is to be filled in of a script, as it is used and as the script has it: `id=$VmId1 source=$Office`.
fn open(script: &str) -> String {
    let Converted { text, notes } = written(script, Format::Json, PLACE);
    let body: Value = serde_json::from_str(&text).expect("JSON");
    let mut open = Vec::new();
    let machines = body.pointer("/properties/virtualMachines").and_then(Value::as_array).expect("machines");
    for machine in machines {
        let ports = machine["ports"].as_array().expect("ports");
        let prefixes = ports.iter().flat_map(|port| {
            let list = port["allowedSourceAddressPrefixes"].as_array().cloned().unwrap_or_default();
            list.into_iter().chain(port.get("allowedSourceAddressPrefix").cloned())
        });
        for value in [machine["id"].clone()].into_iter().chain(prefixes) {
            let text = value.as_str().expect("a string").to_string();
            if text.starts_with('<') {
                let words = format!("fill in `{text}`: the document has ");
                let note = notes.iter().find_map(|note| note.strip_prefix(&words)).expect("a note");
                open.push(format!("{text} {}", note.trim_end_matches(" there")));
            }
        }
    }
    open.join(", ")
}

#[test]
fn each_unknown_value_is_a_variable_of_its_own() {
    let table = |id: &str, source: &str| {
        format!(
            "@{{ id={id}; ports=@(@{{number=22;protocol='TCP';allowedSourceAddressPrefix={source};maxRequestAccessDuration='PT3H'}}) }}"
        )
    };
    let set = |machines: &str| {
        format!(
            "$all = {machines}\nSet-AzJitNetworkAccessPolicy -Kind Basic -Location westeurope -Name default -ResourceGroupName shop -VirtualMachine $all"
        )
    };
    let two = |id: &str, source: &str, other: &str, another: &str| {
        set(&format!("@({}, {})", table(id, source), table(other, another)))
    };
    let json = |ids: [&str; 2], sources: [&str; 2]| {
        let [one, two] = [0, 1].map(|at| {
            format!(r#"{{"id":"{}","ports":[{{"number":22,"protocol":"TCP","allowedSourceAddressPrefix":"{}","maxRequestAccessDuration":"PT3H"}}]}}"#, ids[at], sources[at])
        });
        format!(r#"{{"properties":{{"virtualMachines":[{one},{two}]}}}}"#)
    };
    let url = "https://management.azure.com/subscriptions/s/resourceGroups/shop/providers/Microsoft.Security/locations/westeurope/jitNetworkAccessPolicies/default?api-version=2020-01-01";
    let shell = json(["$VM1", "$VM2"], ["$OFFICE", "$OFFICE"]).replace('"', "\\\"");
    for (script, expected) in [
        (
            two("$VmId1", "$Office", "$VmId2", "$Office"),
            "<virtualMachineId> `$VmId1`, <sourceAddressPrefix> `$Office`, <virtualMachineId2> `$VmId2`, <sourceAddressPrefix> `$Office`",
        ),
        // What runs may give another thing each time.
        (
            two("$a", "(Get-Source)", "$b", "(Get-Source)"),
            "<virtualMachineId> `$a`, <sourceAddressPrefix> `(Get-Source)`, <virtualMachineId2> `$b`, <sourceAddressPrefix2> `(Get-Source)`",
        ),
        (
            set(&format!(
                "foreach ($name in 'a', 'b') {{ $vm = Get-AzVM -Name $name; {} }}",
                table("$vm.Id", "$Office")
            )),
            "<virtualMachineId> `$vm.Id`, <sourceAddressPrefix> `$Office`, <virtualMachineId2> `$vm.Id`, <sourceAddressPrefix> `$Office`",
        ),
        (
            format!("az rest --method put --url \"{url}\" --body \"{shell}\""),
            "<virtualMachineId> `$VM1`, <sourceAddressPrefix> `$OFFICE`, <virtualMachineId2> `$VM2`, <sourceAddressPrefix> `$OFFICE`",
        ),
        (
            format!("PUT {url}\n\n{}", json(["{{vm1}}", "{{vm2}}"], ["{{office}}", "{{vpn}}"])),
            "<virtualMachineId> `{{vm1}}`, <sourceAddressPrefix> `{{office}}`, <virtualMachineId2> `{{vm2}}`, <sourceAddressPrefix2> `{{vpn}}`",
        ),
    ] {
        assert_eq!(open(&script), expected, "{script}");
    }
}

#[test]
fn what_a_script_says_of_a_place_is_kept() {
    let rule = r#"{"number":22,"protocol":"TCP","allowedSourceAddressPrefix":"10.20.0.7","maxRequestAccessDuration":"PT3H"}"#;
    let body =
        format!(r#"{{"properties":{{"virtualMachines":[{{"id":"{}","ports":[{rule}]}}]}}}}"#, support::VM);
    let url = |subscription: &str, group: &str| {
        format!(
            "https://management.azure.com/subscriptions/{subscription}/resourceGroups/{group}/providers/Microsoft.Security/locations/westeurope/jitNetworkAccessPolicies/default?api-version=2020-01-01"
        )
    };
    let az = |subscription: &str, group: &str| {
        format!("az rest --method put --url \"{}\" --body '{body}'", url(subscription, group))
    };
    let own = written(&body, Format::PowerShell, PLACE).text;
    for (script, open) in [
        (own.clone(), &["subscription_id"][..]),
        (own.replace("'shop'", "$Group"), &["subscription_id", "resource_group_name"]),
        (az("$SUB", "shop"), &["subscription_id"]),
        (az("{subscriptionId}", "shop"), &["subscription_id"]),
        (az("$SUB", "$GROUP"), &["subscription_id", "resource_group_name"]),
        (format!("PUT {}\n\n{body}", url("{{sub}}", "shop")), &["subscription_id"]),
        (
            format!(
                r#"{{"id":"/subscriptions/<sub>{}",{}"#,
                url("", "shop")
                    .split("/subscriptions/")
                    .nth(1)
                    .and_then(|rest| rest.split('?').next())
                    .expect("a path"),
                body.strip_prefix('{').expect("an object")
            ),
            &["subscription_id"],
        ),
        (az("s", "shop"), &[]),
    ] {
        let Converted { text, notes } = written(&script, Format::Az, Place::default());
        let asked: Vec<_> =
            notes.iter().filter_map(|note| note.strip_prefix("fill in `")?.split('`').next()).collect();
        assert_eq!(asked, open, "{script}");
        assert!(text.contains("/locations/westeurope/jitNetworkAccessPolicies/default?"), "{text}");
        if !open.contains(&"resource_group_name") {
            assert!(text.contains("/resourceGroups/shop/"), "{text}");
            let other = Place { resource_group: Some("other"), ..Place::default() };
            let reasons = outcome(&script, Format::Az, other).expect_err("a contradiction");
            assert_eq!(reasons, ["policy `default` is left out: its resource group is `shop`, not `other`"]);
        }
        // However a region is spelt, it is the same one.
        let spelt = Place { location: Some("West Europe"), ..Place::default() };
        assert!(written(&script, Format::Az, spelt).text.contains("/locations/westeurope/"));
    }
}
