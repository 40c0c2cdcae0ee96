//! What is read beside NSGs and NICs: EC2, firewalls, service tags, peerings, routes; and what is made of exports
//! with parts missing.

use std::net::IpAddr;

use crate::support::network::{folder, network};
use jitgate_core::network::{Cloud, Os, Peer, PortRange, Ref, RuleProtocol, Value};

const NET: &str = "/subscriptions/s/resourceGroups/rg/providers/Microsoft.Network";
const VM: &str = "/subscriptions/s/resourceGroups/rg/providers/Microsoft.Compute/virtualMachines";

fn address(text: &str) -> IpAddr {
    text.parse().expect("an address")
}

#[test]
fn ec2() {
    let (network, facts) = folder("ec2");
    assert!(facts.is_empty(), "{facts:?}");
    let machine = &network.machines[0];
    assert_eq!((machine.name.as_str(), machine.id.as_str()), ("bastion", "i-0b1c2d3e4f5a60718"));
    assert_eq!(
        (machine.cloud, machine.os, machine.location.as_str()),
        (Cloud::Ec2, Some(Os::Linux), "eu-central-1a")
    );
    let nic = &network.nics[machine.nics[0].given().expect("given").get()];
    assert_eq!(nic.security_groups.iter().filter_map(Ref::given).count(), 2);
    let addresses: Vec<_> = nic.ip_configurations.iter().map(|one| (one.private, one.public)).collect();
    let v6 = Some(address("2001:db8:16:1::10"));
    assert_eq!(
        addresses,
        [
            (Some(address("172.31.16.10")), Some(address("198.51.100.20"))),
            (Some(address("172.31.16.11")), None),
            (v6, v6)
        ]
    );
    let web = &network.security_groups[0];
    assert_eq!(web.name, "bastion-ssh");
    let ssh = &web.ingress[0];
    assert_eq!(ssh.protocol, Value::Known(RuleProtocol::Number(6)));
    assert_eq!(ssh.ports, Value::Known(PortRange::one(22)));
    assert_eq!(ssh.peers.len(), 3);
    assert!(matches!(&ssh.peers[2], Peer::PrefixList(id) if id == "pl-6da54004"));
    assert_eq!(web.ingress[1].ports, Value::Known(PortRange::ALL), "all of ICMP");
    assert!(matches!(web.ingress[2].ports, Value::Unknown(_)), "some types of ICMP only");
    let internal = &network.security_groups[1].ingress[0];
    assert_eq!(
        (&internal.protocol, &internal.ports),
        (&Value::Known(RuleProtocol::Any), &Value::Known(PortRange::ALL))
    );
    assert!(matches!(&internal.peers[0], Peer::Group(group) if group.given().is_some()));
    // A machine that has ended has no interfaces.
    assert!(network.machines[1].nics.is_empty());
}

#[test]
fn firewall() {
    let (network, facts) = folder("firewall");
    assert!(facts.is_empty(), "{facts:?}");
    let firewall = &network.firewalls[0];
    assert_eq!(
        (firewall.private, firewall.public.as_slice()),
        (Some(address("10.40.0.4")), &[address("20.50.60.71")][..])
    );
    let subnet = &network.subnets[firewall.subnet.given().expect("given").get()];
    assert_eq!(subnet.name, "AzureFirewallSubnet");
    assert!(!firewall.managed && network.firewalls[1].managed);
    let dnat = &firewall.nat[0].rules[0];
    assert_eq!(dnat.destination_ports, [Value::Known(PortRange::one(53022))]);
    assert_eq!(dnat.translated_address, Value::Known(address("10.40.1.4")));
    assert_eq!(dnat.translated_port, Value::Known(22));
    assert_eq!(dnat.protocols, [Value::Known(RuleProtocol::Number(6))]);
    assert_eq!((firewall.network[0].priority, firewall.network[0].rules[0].sources.len()), (200, 2));
}

#[test]
fn tags_peerings_and_routes() {
    let tags = r#"{"changeNumber":310,"cloud":"Public","values":[
        {"name":"Storage.WestEurope","id":"Storage.WestEurope","properties":{"changeNumber":1,"region":"westeurope","addressPrefixes":["192.0.2.0/25","2001:db8:7::/48"]}},
        {"name":"ActionGroup","id":"ActionGroup","properties":{"addressPrefixes":["198.51.100.0/25"]}}]}"#;
    let vnet = format!(
        r#"{{"id":"{NET}/virtualNetworks/hub","name":"hub","addressSpace":{{"addressPrefixes":["10.0.0.0/16"]}},"subnets":[{{"id":"{NET}/virtualNetworks/hub/subnets/s","name":"s","addressPrefix":"10.0.1.0/24","addressPrefixes":["10.0.1.0/24"],"routeTable":{{"id":"{NET}/routeTables/rt"}}}}],"virtualNetworkPeerings":[
        {{"name":"a","peeringState":"Connected","allowVirtualNetworkAccess":true,"useRemoteGateways":true,"remoteVirtualNetwork":{{"id":"{NET}/virtualNetworks/hub"}},"remoteAddressSpace":{{"addressPrefixes":["10.9.0.0/16"]}}}},
        {{"name":"b","peeringState":"Disconnected","remoteVirtualNetwork":{{"id":"{NET}/virtualNetworks/far"}}}},
        {{"name":"c","peeringState":"Connected","allowVirtualNetworkAccess":false,"remoteVirtualNetwork":{{"id":"{NET}/virtualNetworks/far"}}}}]}}"#
    );
    let routes = format!(
        r#"[{{"id":"{NET}/routeTables/rt","name":"rt","type":"Microsoft.Network/routeTables","routes":[
        {{"name":"all","addressPrefix":"0.0.0.0/0","nextHopType":"VirtualAppliance","nextHopIpAddress":"10.0.9.4"}},
        {{"name":"tag","addressPrefix":"Storage","nextHopType":"Internet"}}]}}]"#
    );
    // What `az network list-service-tags` answers is a resource, too.
    let answer = format!(
        r#""name":"public","id":"{NET}/serviceTags/public","type":"Microsoft.Network/serviceTags","changeNumber":"310""#
    );
    let (answered, _) = network(&[tags.replacen(r#""changeNumber":310"#, &answer, 1)]);
    let (network, facts) = network(&[tags.to_owned(), vnet, routes]);
    assert_eq!(answered.tags, network.tags);
    // Of a tag whose prefixes are not all there nothing is known.
    let end = tags.find("\",\"2001").expect("it is there") + 1;
    for lost in [
        tags[..end].to_owned(),
        tags.replace("192.0.2.0/25", "?"),
        tags.replace(r#""192.0.2.0/25","2001:db8:7::/48""#, ""),
    ] {
        let (network, _) = self::network(&[lost]);
        assert!(!network.tags.iter().any(|(name, _)| name == "storage.westeurope"));
    }
    let names: Vec<_> = network.tags.iter().map(|(name, nets)| (name.as_str(), nets.len())).collect();
    assert_eq!(names, [("actiongroup", 1), ("storage.westeurope", 2)]);
    let peerings = &network.vnets[0].peerings;
    assert_eq!(peerings.iter().map(|one| one.connected).collect::<Vec<_>>(), [true, false, false]);
    assert!(peerings[0].uses_remote_gateways && peerings[0].remote.given().is_some());
    assert_eq!(peerings[0].prefixes.len(), 1);
    assert_eq!(network.subnets[0].prefixes.len(), 1);
    assert!(network.subnets[0].route_table.given().is_some());
    assert_eq!(
        (network.route_tables[0].routes.len(), network.route_tables[0].routes[0].next_hop),
        (1, Some(address("10.0.9.4")))
    );
    assert_eq!(facts.len(), 1, "the other network, once: {facts:?}");
}

#[test]
fn a_machine_without_its_nic_has_its_addresses_and_nothing_is_sure() {
    let machine = format!(
        r#"[{{"id":"{VM}/a","name":"a","type":"Microsoft.Compute/virtualMachines","networkProfile":{{"networkInterfaces":[{{"id":"{NET}/networkInterfaces/n"}}]}},"privateIps":"10.0.0.4","publicIps":"192.0.2.9"}}]"#
    );
    let (alone, facts) = network(&[&machine]);
    let nic = &alone.nics[alone.machines[0].nics[0].given().expect("it stands in").get()];
    assert!(matches!(&nic.nsg, Ref::Missing(missing) if missing.id.ends_with("/n")));
    assert_eq!(
        (nic.ip_configurations[0].private, nic.ip_configurations[0].public),
        (Some(address("10.0.0.4")), Some(address("192.0.2.9")))
    );
    assert!(matches!(nic.ip_configurations[0].subnet, Ref::Missing(_)));
    assert_eq!(facts.len(), 1, "the NIC: {facts:?}");
    // The NSG that says it is on the NIC is.
    let nsg = format!(
        r#"{{"id":"{NET}/networkSecurityGroups/g","name":"g","securityRules":[],"networkInterfaces":[{{"id":"{NET}/NetworkInterfaces/N"}}]}}"#
    );
    let (with, _) = network(&[machine, nsg]);
    assert!(with.nics[0].nsg.given().is_some());
}

#[test]
fn a_subnet_and_a_machine_that_only_others_tell_of() {
    let nic = format!(
        r#"[{{"id":"{NET}/networkInterfaces/n","name":"n","type":"Microsoft.Network/networkInterfaces","virtualMachine":{{"id":"{VM}/a"}},"ipConfigurations":[{{"name":"one","privateIPAddress":"10.0.0.4","subnet":{{"id":"{NET}/virtualNetworks/v/subnets/s"}},"applicationSecurityGroups":[{{"id":"{NET}/applicationSecurityGroups/asg"}}]}}]}}]"#
    );
    let nsg = format!(
        r#"{{"id":"{NET}/networkSecurityGroups/g","name":"g","securityRules":[],"subnets":[{{"id":"{NET}/virtualNetworks/v/subnets/s"}}]}}"#
    );
    let (network, facts) = network(&[nic, nsg]);
    assert_eq!(network.machines[0].name, "a");
    assert!(network.machines[0].nics[0].given().is_some());
    let one = &network.nics[0].ip_configurations[0];
    let subnet = &network.subnets[one.subnet.given().expect("the NSG tells of it").get()];
    assert!(subnet.nsg.given().is_some() && matches!(subnet.vnet, Ref::Missing(_)));
    assert!(one.asgs[0].given().is_some());
    assert_eq!(facts.len(), 2, "the machine and the virtual network: {facts:?}");
}

#[test]
fn rules_as_a_list_of_their_own() {
    let rule = format!(
        r#"[{{"id":"{NET}/networkSecurityGroups/g/securityRules/r","name":"r","type":"Microsoft.Network/networkSecurityGroups/securityRules","priority":300,"direction":"Inbound","access":"Allow","protocol":"*","sourceAddressPrefix":"*","sourcePortRange":"*","destinationAddressPrefix":"*","destinationPortRange":"*"}}]"#
    );
    let (network, facts) = network(&[rule]);
    assert_eq!((network.nsgs.len(), network.nsgs[0].name.as_str(), network.nsgs[0].rules.len()), (1, "g", 7));
    assert!(facts.is_empty(), "{facts:?}");
}
