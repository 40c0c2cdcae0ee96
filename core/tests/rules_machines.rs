//! Cases at the edges of the rules on machines and names.

use crate::support::VM;
use crate::support::cases::{self, fixed};

const PORTS: &str = r#"[{"number":22,"protocol":"TCP","allowedSourceAddressPrefix":"10.20.0.0/16","maxRequestAccessDuration":"PT3H"}]"#;
const GROUP: &str = "/subscriptions/6f0b8d0e-5c5f-4f3e-9a0e-2f6f2f1f7a10/resourceGroups/rg/providers";

/// The codes of this family that a document gives.
fn family(document: &str) -> Vec<&'static str> {
    cases::family("JIT5", document)
}

fn machine(id: &str) -> String {
    format!(r#"{{"id":"{id}","ports":{PORTS}}}"#)
}

/// A policy with more members and these machines.
fn policy(members: &str, ids: &[&str]) -> String {
    let machines: Vec<_> = ids.iter().map(|id| machine(id)).collect();
    format!(r#"{{{members}"properties":{{"virtualMachines":[{}]}}}}"#, machines.join(","))
}

fn policy_id(location: &str, name: &str) -> String {
    format!("{GROUP}/Microsoft.Security/locations/{location}/jitNetworkAccessPolicies/{name}")
}

fn vm(name: &str) -> String {
    format!("{GROUP}/Microsoft.Compute/virtualMachines/{name}")
}

/// The machine in another resource group.
fn group(name: &str) -> String {
    VM.replace("/rg/", &format!("/{name}/"))
}

fn is(code: &str) -> Vec<&str> {
    if code.is_empty() { Vec::new() } else { vec![code] }
}

#[test]
fn ids() {
    for (id, code) in [
        (VM.to_owned(), ""),
        (VM.to_ascii_uppercase().replace("RESOURCEGROUPS/RG", "RESOURCEGROUPS/R"), ""),
        (VM.replace("/subscriptions/", "/subscriptions/subscriptions/"), "JIT501"),
        (format!("https://management.azure.com{VM}?api-version=2024-07-01"), "JIT501"),
        (VM.trim_start_matches('/').to_owned(), "JIT501"),
        (format!("{GROUP}/Microsoft.Compute/virtualMachines/"), "JIT501"),
        (GROUP.to_owned(), "JIT501"),
        ("é/ü".to_owned(), "JIT501"),
        ("/".to_owned(), "JIT501"),
        (format!("{GROUP}/Microsoft.HybridCompute/machines/web1"), "JIT502"),
        (format!("{VM} "), "JIT513"),
        (format!("\\t{VM}"), "JIT513"),
        (format!("{VM}//"), "JIT513"),
        (VM.replace("6f0b8d0e-", "6f0b8d0e_"), "JIT514"),
        (VM.replace("6f0b8d0e-", "6f0b8d0-"), "JIT514"),
        (VM.replace("6f0b8d0e-", "gf0b8d0e-"), "JIT514"),
        (vm("-web"), "JIT515"),
        (vm("_web"), "JIT515"),
        (vm("web-"), "JIT515"),
        (vm("web."), "JIT515"),
        (vm("wéb"), "JIT515"),
        (vm("web_"), ""),
        (vm("web.1"), ""),
        (vm(&"w".repeat(55)), ""),
        (vm(&"w".repeat(64)), "JIT503"),
        (vm(&"w".repeat(65)), "JIT515"),
        (group("web-shop_(2).x"), ""),
        (group("Läden"), ""),
        (group(&"g".repeat(90)), ""),
        (group(&"ä".repeat(90)), ""),
        (group(&"g".repeat(91)), "JIT517"),
        (group(&"ä".repeat(91)), "JIT517"),
        (group("shop."), "JIT517"),
        (group("läden."), "JIT517"),
        (group("web shop"), "JIT517"),
        (group("Läden & Co"), "JIT517"),
    ] {
        assert_eq!(family(&policy("", &[&id])), is(code), "{id}");
    }
}

#[test]
fn a_mended_id_is_what_was_meant() {
    for id in [
        VM.replace("/subscriptions/", "/subscriptions//subscriptions/"),
        VM.replace("/subscriptions/", "/subscriptions/subscriptions/"),
        format!("https://management.azure.com{VM}?api-version=2024-07-01"),
        VM.trim_start_matches('/').to_owned(),
    ] {
        let document = policy("", &[&id]);
        assert_eq!(fixed(&document), Some(policy("", &[VM])), "{id}");
    }
}

#[test]
fn names_together() {
    // 7 characters of `default`, 49 left.
    for (name, len, code) in [
        ("default", 49, ""),
        ("default", 50, "JIT503"),
        // Characters count, not bytes.
        ("défäult", 49, ""),
        ("défäult", 50, "JIT503"),
        ("westeurope/default", 49, ""),
    ] {
        let members = format!(r#""name":"{name}","#);
        assert_eq!(family(&policy(&members, &[&vm(&"w".repeat(len))])), is(code), "{name}, {len}");
    }
    let by_id = format!(r#""id":"{}","#, policy_id("westeurope", "default"));
    assert_eq!(family(&policy(&by_id, &[&vm(&"w".repeat(50))])), ["JIT503"]);
    // Every policy has a name of a character or more, whether or not it is known here.
    for (len, code) in [(55, ""), (56, "JIT503"), (57, "JIT503"), (64, "JIT503")] {
        assert_eq!(family(&policy("", &[&vm(&"w".repeat(len))])), is(code), "{len}");
    }
    let long = family(&policy("", &[&vm(&"w".repeat(65))]));
    assert!(!long.is_empty() && !long.contains(&"JIT503"), "that is said of the name alone: {long:?}");
}

#[test]
fn company() {
    let other_group = VM.replace("/rg/", "/db/");
    let other_subscription = VM.replace("6f0b8d0e-", "00000000-");
    let id = format!(r#""id":"{}","#, policy_id("westeurope", "default"));
    for (members, ids, codes) in [
        ("", vec![VM, &other_group], vec!["JIT507"]),
        ("", vec![VM, &other_subscription], vec!["JIT506"]),
        ("", vec![VM, &VM.to_ascii_uppercase()], vec!["JIT505"]),
        ("", vec![VM, VM, VM], vec!["JIT505", "JIT505"]),
        (&*id, vec![&*other_group, &*other_subscription], vec!["JIT507", "JIT506"]),
        (r#""id":"nonsense","#, vec![VM], vec![]),
    ] {
        assert_eq!(family(&policy(members, &ids)), codes, "{members} {ids:?}");
    }
}

#[test]
fn locations_and_names() {
    let id = policy_id("westeurope", "default");
    for (members, code) in [
        (r#""location":"westeurope","name":"default","#, ""),
        (r#""location":"West Europe","#, "JIT508"),
        (r#""location":"WestEurope","#, "JIT508"),
        (r#""location":"","#, "JIT509"),
        (r#""location":"west-europe","#, "JIT509"),
        (r#""name":"DEFAULT","#, ""),
        (r#""name":"web","#, "JIT510"),
    ] {
        let members = format!(r#""id":"{id}",{members}"#);
        assert_eq!(family(&policy(&members, &[VM])), is(code), "{members}");
    }
}

#[test]
fn templates() {
    const TYPE: &str = r#""type":"Microsoft.Security/locations/jitNetworkAccessPolicies","#;
    let template = |policies: &[String]| format!(r#"{{"$schema":"x","resources":[{}]}}"#, policies.join(","));
    let resource =
        |members: &str, id: &str| policy(&format!(r#"{TYPE}"apiVersion":"2020-01-01",{members}"#), &[id]);
    for (members, code) in [
        (r#""name":"westeurope/default","location":"westeurope","#, ""),
        (r#""name":"westeurope/default","location":"[resourceGroup().location]","#, ""),
        (r#""name":"[concat(parameters('location'), '/default')]","location":"westeurope","#, ""),
        (r#""name":"West Europe/default","location":"westeurope","#, "JIT508"),
        (r#""name":"westeurope/default","location":"eastus","#, "JIT510"),
        (r#""name":"default","location":"westeurope","#, "JIT510"),
    ] {
        assert_eq!(family(&template(&[resource(members, VM)])), is(code), "{members}");
    }
    // The body of a call is no resource of a template: its name stands alone.
    let body = policy(&format!(r#"{TYPE}"name":"default","#), &[VM]);
    assert!(family(&format!(r#"{{"actions":{{"put":{{"inputs":{{"body":{body}}}}}}}}}"#)).is_empty());

    let named = r#""name":"westeurope/default","#;
    let (web2, other_group) = (vm("web2"), VM.replace("/rg/", "/db/"));
    assert_eq!(family(&template(&[resource(named, VM), resource(named, &web2)])), ["JIT516"]);
    assert_eq!(family(&template(&[resource(named, VM), resource(named, VM)])), ["JIT516"]);
    assert!(family(&template(&[resource(named, VM), resource(named, &other_group)])).is_empty());
}

#[test]
fn public_addresses() {
    for (address, code) in [
        ("20.50.2.17", ""),
        ("", "JIT511"),
        ("20.50.2.17/32", "JIT511"),
        (" 20.50.2.17", "JIT511"),
        ("2603:1020::1", "JIT511"),
        ("127.0.0.1", "JIT511"),
        ("100.63.255.255", ""),
        ("100.64.0.0", "JIT511"),
        ("100.128.0.0", ""),
        ("172.15.255.255", ""),
        ("172.16.0.0", "JIT511"),
        ("223.255.255.255", ""),
        ("224.0.0.1", "JIT511"),
        ("255.255.255.255", "JIT511"),
    ] {
        let machine = format!(r#"{{"id":"{VM}","publicIpAddress":"{address}","ports":{PORTS}}}"#);
        let document = format!(r#"{{"properties":{{"virtualMachines":[{machine}]}}}}"#);
        assert_eq!(family(&document), is(code), "{address}");
    }
}

#[test]
fn lists() {
    let named =
        |name: &str, id: &str| policy(&format!(r#""id":"{}","#, policy_id("westeurope", name)), &[id]);
    let list = |policies: &[String]| format!(r#"{{"value":[{}]}}"#, policies.join(","));
    let web2 = vm("web2");
    for (policies, codes) in [
        (vec![named("a", VM), named("b", &web2)], vec![]),
        (vec![named("a", VM), named("b", VM)], vec!["JIT512"]),
        (vec![named("a", VM), named("b", VM), named("c", VM)], vec!["JIT512", "JIT512"]),
        (vec![named("a", VM), named("A", VM)], vec!["JIT516"]),
        (vec![named("a", VM), named("a", &web2), named("a", &web2)], vec!["JIT516", "JIT516"]),
    ] {
        assert_eq!(family(&list(&policies)), codes, "{policies:?}");
    }
}
