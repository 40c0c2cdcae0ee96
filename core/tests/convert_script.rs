//! Scripts as code in other languages: what their own variables hold, and where they say that policies are.

#![allow(clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

mod convert_support;
mod support;

use convert_support::written;
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
