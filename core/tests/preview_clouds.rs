//! Previews through an Azure Firewall and on EC2, and of networks that JIT has written to before.

use crate::dry_run;
use crate::ledger_support::{after, user};
use crate::standing_support::Standing;
use crate::support::NOW;
use crate::support::scene::{file, id, machine, nsg, policy, request, vm, vnet};
use jitgate_core::Timestamp;
use jitgate_core::preview::{Loaded, Names, Options, Preview, is_instance_id, load, preview};
use jitgate_core::sets::Traffic;
use serde_json::{Value, json};

fn options() -> Options {
    Options::at(Timestamp::parse(NOW).expect("a time"))
}

fn words(traffic: &Traffic) -> Vec<String> {
    traffic.boxes().iter().map(ToString::to_string).collect()
}

fn codes(preview: &Preview) -> Vec<&'static str> {
    let found = preview.reports.iter().flat_map(|report| &report.diagnostics).map(|found| found.code.id());
    found.filter(|code| *code >= "JIT740").collect()
}

fn ssh() -> Vec<u8> {
    policy(&[("web1", &["22 TCP * PT3H"])])
}

/// `web1` behind the firewall `fw`, whose public address is 198.51.100.10, with these DNAT rules.
fn firewalled(rules: &Value) -> Vec<Value> {
    let mut vnet = vnet(Some("web"));
    let subnet = id("virtualNetworks", "vnet/subnets/AzureFirewallSubnet");
    let subnets = vnet["properties"]["subnets"].as_array_mut().expect("subnets");
    subnets.push(
        json!({"id": subnet, "name": "AzureFirewallSubnet", "properties": {"addressPrefix": "10.0.1.0/26"}}),
    );
    let firewall = json!({
        "id": id("azureFirewalls", "fw"), "name": "fw", "type": "Microsoft.Network/azureFirewalls",
        "properties": {
            "ipConfigurations": [{"name": "ip", "properties": {
                "privateIPAddress": "10.0.1.4", "subnet": {"id": subnet},
                "publicIPAddress": {"id": id("publicIPAddresses", "fw-ip")}
            }}],
            "natRuleCollections": [
                {"name": "nat", "properties": {"priority": 200, "action": {"type": "Dnat"}, "rules": rules}}
            ]
        }
    });
    let address = json!({
        "id": id("publicIPAddresses", "fw-ip"), "name": "fw-ip", "type": "Microsoft.Network/publicIPAddresses",
        "properties": {"ipAddress": "198.51.100.10"}
    });
    [machine("web1", &[("10.0.0.4", None)]), vec![vnet, nsg("web", &[]), firewall, address]].concat()
}

fn behind_firewall(rules: &Value) -> Loaded {
    load(&[&file(firewalled(rules))], None)
}

#[test]
fn through_a_firewall() {
    let network = behind_firewall(&json!([]));
    let preview = preview(&network, &[&ssh()], &[&request("web1", &["22 203.0.113.7 PT1H"])], &options());
    let machine = &preview.machines[0];
    let (_, mapped) = preview.timeline[0].grants[0];
    let (address, port) = mapped.expect("a port of the firewall");
    assert_eq!(address.to_string(), "198.51.100.10");
    assert!(port >= 49152);
    let added: Vec<_> = machine
        .rules
        .added
        .iter()
        .filter(|added| added.for_request)
        .map(|added| (added.resource.kind, added.rule.sources.join(" "), added.rule.ports.join(" ")))
        .collect();
    let expected = [
        ("firewall", "203.0.113.7".to_owned(), port.to_string()),
        ("nsg", "10.0.1.0/26".to_owned(), "22".to_owned()),
    ];
    assert_eq!(added, expected);
    let states = machine.states.as_ref().expect("states");
    let through = format!("TCP {port} from 203.0.113.7 to 198.51.100.10");
    assert_eq!(words(&states.opened()), ["TCP 22 from 10.0.1.0/26 to 10.0.0.4".to_owned(), through]);
    assert!(states.is_restored());
    assert_eq!(codes(&preview), [""; 0]);
}

#[test]
fn another_way_through_the_firewall_is_open_with_it() {
    let rule = json!([{
        "name": "old", "protocols": ["TCP"], "sourceAddresses": ["*"], "destinationAddresses": ["198.51.100.10"],
        "destinationPorts": ["2222"], "translatedAddress": "10.0.0.4", "translatedPort": "22"
    }]);
    let network = behind_firewall(&rule);
    let preview = preview(&network, &[&ssh()], &[&request("web1", &["22 203.0.113.7 PT1H"])], &options());
    let states = preview.machines[0].states.as_ref().expect("states");
    assert!(preview.machines[0].residual.is_empty(), "the NSG closes it at rest");
    let opened = words(&states.opened());
    assert!(opened.iter().any(|one| one == "TCP 2222 from 0.0.0.0/0 to 198.51.100.10"), "{opened:?}");
    assert_eq!(codes(&preview), ["JIT750"]);

    // And as long as it is open it is told, of who has no grant.
    for (rules, others) in [
        (rule, Some(json!(["0.0.0.0-10.0.0.255", "10.0.1.64-203.0.113.6", "203.0.113.8-255.255.255.255"]))),
        (json!([]), None),
    ] {
        let mut site = Standing::of(firewalled(&rules), after(0));
        site.put("t", &[("web1", &[22])], "TCP", after(1));
        assert_eq!(site.exposure("web1", after(2))["residual"], json!([]));
        let asked = json!({"request": dry_run::request("web1", 22, "203.0.113.7", 60)});
        let mut site = dry_run::Site(site);
        let foreseen = site.preview(user("ann"), "t", &asked, after(3));
        assert_eq!(foreseen["granted"][0].get("alsoFrom"), others.as_ref());
        let mut site = site.0;
        assert!(site.ask("ann", "t", ("web1", 22, "203.0.113.7", 60), after(3)));
        let open = &site.exposure("web1", after(4))["open"][0];
        assert_eq!((&open["effective"], open.get("alsoFrom")), (&json!(true), others.as_ref()), "{open}");
    }
}

const INSTANCE: &str = "i-0a1b2c3d4e5f60718";

/// Two instances, the first of which a policy protects, with their groups.
fn instances(first: &str, second: &str, permissions: &Value) -> Loaded {
    let instance = |id: &str, address: &str, group: &str| {
        json!({"InstanceId": id, "PrivateIpAddress": address, "NetworkInterfaces": [{
            "NetworkInterfaceId": format!("eni-{address}"), "Groups": [{"GroupId": group, "GroupName": group}],
            "PrivateIpAddresses": [{"PrivateIpAddress": address, "Primary": true}]
        }]})
    };
    let instances = [instance(INSTANCE, "10.0.0.4", first), instance("i-0b", "10.0.0.5", second)];
    let group = |id: &str| json!({"GroupId": id, "GroupName": id, "IpPermissions": permissions});
    let mut groups = vec![group(first)];
    if second != first {
        groups.push(group(second));
    }
    let files = [
        json!({"Reservations": [{"Instances": instances}]}).to_string(),
        json!({"SecurityGroups": groups}).to_string(),
    ];
    load(&[files[0].as_bytes(), files[1].as_bytes()], None)
}

#[test]
fn on_ec2_permissions_lose_the_port_and_a_grant_is_a_group() {
    let everybody = json!([{"CidrIp": "0.0.0.0/0"}]);
    for (permission, left) in [
        (json!({"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "IpRanges": everybody}), &[][..]),
        (
            json!({"IpProtocol": "tcp", "FromPort": 20, "ToPort": 80, "IpRanges": everybody}),
            &["TCP 20-21,23-80 from 0.0.0.0/0 to 10.0.0.4"],
        ),
        (
            json!({"IpProtocol": "udp", "FromPort": 22, "ToPort": 22, "IpRanges": everybody}),
            &["UDP 22 from 0.0.0.0/0 to 10.0.0.4"],
        ),
    ] {
        let network = instances("sg-1", "sg-2", &json!([permission]));
        let policy = policy(&[(INSTANCE, &["22 TCP * PT3H"])]);
        let asked = request(INSTANCE, &["22 203.0.113.7 PT1H"]);
        let preview = preview(&network, &[&policy], &[&asked], &options());
        let machine = preview.machines.iter().find(|machine| machine.states.is_some()).expect("it was found");
        let states = machine.states.as_ref().expect("states");
        assert_eq!(words(&states.at_rest.may), left, "{permission}");
        assert_eq!(words(&states.opened()), ["TCP 22 from 203.0.113.7 to 10.0.0.4"]);
        assert!(states.is_restored() && machine.residual.is_empty());
        assert_eq!(codes(&preview), [""; 0]);
    }
}

#[test]
fn names_are_as_far_as_is_allowed() {
    let amazon = || instances("sg-1", "sg-2", &json!([]));
    let old = "/subscriptions/s/resourceGroups/g/providers/Microsoft.ClassicCompute/virtualMachines/old";
    let classic = || {
        let machine = json!({"id": old, "name": "old", "type": "Microsoft.ClassicCompute/virtualMachines", "properties": {}});
        load(&[&file(vec![machine])], None)
    };
    for (network, name, expected) in [
        (amazon(), INSTANCE, [true, true]),
        (amazon(), "I-0A1B2C3D4E5F60718", [true, true]),
        // No id that Amazon gives: a machine of Azure may be called so.
        (amazon(), "i-0b", [true, false]),
        (classic(), "old", [true, false]),
    ] {
        let policy = policy(&[(name, &["22 TCP * PT3H"])]);
        let count = network.engine.network().machines.len();
        let found = [Names::Any, Names::Instances].map(|names| {
            let preview = preview(&network, &[&policy], &[], &Options { names, ..options() });
            // A machine that is not in the network comes behind those that are.
            preview.machines.len() == count
        });
        assert_eq!(found, expected, "{name}");
    }
    for (name, expected) in [
        ("i-0a1b2c3d", true),
        ("i-0a1b2c3", false),
        ("i-0a1b2c3d4e5f607189", false),
        ("i-0a1b2c3g", false),
        ("eni-0a1b2c3d", false),
    ] {
        assert_eq!(is_instance_id(name), expected, "{name}");
    }
}

#[test]
fn on_ec2_a_shared_group_closes_for_others() {
    let permissions =
        json!([{"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}]);
    let network = instances("sg-1", "sg-1", &permissions);
    let policy = policy(&[(INSTANCE, &["22 TCP * PT3H"])]);
    assert_eq!(codes(&preview(&network, &[&policy], &[], &options())), ["JIT751"]);
}

const DENY: &str = "MicrosoftDefenderForCloud-JITRule_-1151891693_545C5DBC675443D3BF179EFD1EF8254D";
const ALLOW: &str = "SecurityCenter-JITRule-1170687618-8C18BF8921F041989344B4F1E3A0C370";

fn written(rules: &[&str]) -> Loaded {
    let resources = [machine("web1", &[("10.0.0.4", None)]), vec![vnet(Some("web")), nsg("web", rules)]];
    load(&[&file(resources.concat())], None)
}

#[test]
fn rules_of_jit_are_taken_out_first() {
    let ssh_rule = "AllowSsh 1001 Allow Tcp 203.0.113.0/24 -> * 22";
    let with = written(&[&format!("{DENY} 1000 Deny Tcp * -> 10.0.0.4 22"), ssh_rule]);
    let without = written(&[ssh_rule]);
    let of = |network: &Loaded| preview(network, &[&ssh()], &[], &options()).machines.remove(0);
    let (with, without) = (of(&with), of(&without));
    assert_eq!(with.rules, without.rules);
    let (with, without) = (with.states.expect("states"), without.states.expect("states"));
    assert_eq!(with.before, without.before);
    assert_eq!(with.at_rest, without.at_rest);
    assert_eq!(with.as_found, Some(with.at_rest));
    assert!(without.as_found.is_none());
}

#[test]
fn drift() {
    let deny = |priority: u32, rest: &str| format!("{DENY} {priority} Deny {rest}");
    for (rules, expected) in [
        (vec![deny(1000, "Tcp * -> 10.0.0.4 22")], vec![]),
        (vec![deny(1000, "Tcp * -> 10.0.0.4 3389")], vec!["JIT746"]),
        (vec![deny(1000, "Udp * -> 10.0.0.4 22")], vec!["JIT746"]),
        (vec![deny(1000, "Tcp 203.0.113.0/24 -> 10.0.0.4 22")], vec!["JIT746"]),
        (vec![deny(1000, "Tcp * -> 10.0.0.4 22").replace("Deny", "Allow")], vec!["JIT746"]),
        (vec![deny(1000, "Tcp * -> 10.0.0.4 22"), "Ssh 300 Allow Tcp * -> * 22".into()], vec!["JIT740"]),
        (vec![deny(1000, "Tcp * -> 10.0.0.4 22"), "Ssh 1001 Allow Tcp * -> * 22".into()], vec![]),
        (vec![deny(1000, "Tcp * -> 10.0.0.9 22")], vec!["JIT748"]),
    ] {
        let rules: Vec<&str> = rules.iter().map(String::as_str).collect();
        let found = preview(&written(&rules), &[&ssh()], &[], &options());
        assert_eq!(codes(&found), expected, "{rules:?}");
    }
}

#[test]
fn an_allow_without_an_open_request_is_left_over() {
    let of = |until: &str| {
        let mut policy: Value = serde_json::from_slice(&ssh()).expect("JSON");
        policy["properties"]["requests"] = json!([{
            "virtualMachines": [{"id": vm("web1"), "ports": [{
                "number": 22, "allowedSourceAddressPrefix": "203.0.113.7", "endTimeUtc": until,
                "status": "Initiated", "statusReason": "UserRequested"
            }]}],
            "startTimeUtc": "2026-01-15T10:00:00Z", "requestor": "ann@contoso.com"
        }]);
        let deny = format!("{DENY} 4096 Deny Tcp * -> 10.0.0.4 22");
        let allow = format!("{ALLOW} 100 Allow Tcp 203.0.113.7 -> 10.0.0.4 22");
        preview(&written(&[&deny, &allow]), &[policy.to_string().as_bytes()], &[], &options())
    };
    assert_eq!(codes(&of("2026-01-15T11:00:00Z")), ["JIT748"]);
    let open = of("2026-01-15T13:00:00Z");
    assert_eq!(codes(&open), [""; 0]);
    assert_eq!(open.timeline[0].grants[0].0.who.as_deref(), Some("ann@contoso.com"));
}
