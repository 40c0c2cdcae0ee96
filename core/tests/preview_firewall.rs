//! Previews behind an Azure Firewall of which not everything is known.

use crate::support::NOW;
use crate::support::bare::{Change, OUTSIDE, VM, behind_firewall, of, ssh_from, with};
use jitgate_core::Timestamp;
use jitgate_core::preview::{MachinePreview, Mode, Options, load, preview};
use jitgate_core::sets::Traffic;
use serde_json::{Value, json};

const SUBSCRIPTION: &str = "/subscriptions/3f1c9b52-7a07-4b43-8e5b-0c7a4f6f9a10/";

/// The machine under a policy for SSH, and the codes of what is said of it.
fn machine(document: &Value, mode: Mode) -> (MachinePreview, Vec<&'static str>) {
    let ports = json!([{"number": 22, "protocol": "TCP", "allowedSourceAddressPrefix": "9.9.9.9", "maxRequestAccessDuration": "PT3H"}]);
    let policy = json!({"kind": "Basic", "location": "westeurope", "name": "default",
        "id": format!("{SUBSCRIPTION}resourceGroups/rg/providers/Microsoft.Security/locations/westeurope/jitNetworkAccessPolicies/default"),
        "properties": {"virtualMachines": [{"id": VM, "ports": ports}]}});
    // A policy is for machines of a subscription.
    let whole = |text: &Value| text.to_string().replace("/subscriptions/s/", SUBSCRIPTION);
    let loaded = load(&[whole(document).as_bytes()], None);
    let options = Options { mode, ..Options::at(Timestamp::parse(NOW).expect("a time")) };
    let mut preview = preview(&loaded, &[whole(&policy).as_bytes()], &[], &options);
    let found = preview.reports.iter().flat_map(|report| &report.diagnostics).map(|found| found.code.id());
    let codes = found.filter(|code| *code >= "JIT740").collect();
    (preview.machines.remove(0), codes)
}

fn from_outside(traffic: &Traffic) -> bool {
    traffic.sources().contains(OUTSIDE.parse().expect("an address"))
}

#[test]
fn what_may_come_through_is_told_where_nothing_stops_it() {
    let whole = behind_firewall();
    let no_address = ("/4", Some(json!({})));
    let policy = ("/5/firewallPolicy", Some(of("firewallPolicies", "p")));
    let lost = ("/5/natRuleCollections", None);
    let member = |name: &str| {
        let mut rule = whole[5]["natRuleCollections"][0]["rules"][0].clone();
        rule.as_object_mut().expect("an object").remove(name).expect("a member");
        ("/5/natRuleCollections/0/rules", Some(json!([rule])))
    };
    let cases: Vec<(Vec<Change>, bool)> = vec![
        (vec![], true),
        (vec![no_address.clone()], true),
        (vec![member("translatedPort")], false),
        (vec![member("translatedAddress")], false),
        (vec![member("destinationAddresses"), no_address.clone()], false),
        (vec![member("translatedPort"), no_address.clone()], false),
        (vec![lost.clone()], false),
        (vec![policy.clone()], false),
        (vec![lost, no_address.clone()], false),
        (vec![policy, no_address], false),
    ];
    let open = with(&whole, &[("/3/securityRules", Some(json!([ssh_from(&json!("10.20.0.0/26"))])))]);
    for (changes, surely) in cases {
        // A rule that stays above the deny lets the firewall's own addresses in.
        let (found, codes) = machine(&with(&open, &changes), Mode::Document);
        let states = found.states.as_ref().expect("states");
        assert!(from_outside(&states.at_rest.may), "{changes:?}");
        let [residual] = &found.residual[..] else { panic!("{changes:?}: {:?}", found.residual) };
        assert!(from_outside(&residual.traffic.may), "{changes:?}");
        assert_eq!(from_outside(&residual.traffic.surely), surely, "{changes:?}");
        assert!(codes.contains(&"JIT741"), "{changes:?}: {codes:?}");
        assert!(
            residual.closing.proved && !residual.closing.steps.is_empty(),
            "{changes:?}: {:?}",
            residual.closing
        );
        // And where the deny stands above, nothing comes in, wherever the firewall leads to.
        let (found, codes) = machine(&with(&open, &changes), Mode::default());
        let states = found.states.as_ref().expect("states");
        assert!(from_outside(&states.before.may), "{changes:?}");
        assert!(found.residual.is_empty(), "{changes:?}: {:?}", found.residual);
        assert!(!codes.contains(&"JIT741"), "{changes:?}: {codes:?}");
    }
}
