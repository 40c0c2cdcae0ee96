//! Each form in which one small network is exported gives the same network.

use crate::support::network::{folder, summary};

const EXPECTED: &str = "\
asg asg-app
asg asg-db
machine vm-app Azure Some(Linux): nic-app
machine vm-db Azure Some(Linux): nic-db-0, nic-db-1
machine vm-jump Azure Some(Windows): nic-jump
nic nic-app nsg - groups []
nic nic-app private Some(10.40.1.5) public None of - in quay groups [\"asg-app\"]
nic nic-db-0 nsg - groups []
nic nic-db-0 private Some(10.40.1.6) public None of - in quay groups [\"asg-db\"]
nic nic-db-1 nsg - groups []
nic nic-db-1 private Some(10.40.2.6) public None of - in deck groups []
nic nic-jump nsg nsg-jump groups []
nic nic-jump private Some(10.40.1.4) public Some(20.50.60.70) of pip-jump in quay groups []
nsg nsg-jump AllowAzureLoadBalancerInBound Inbound 65001 Known(Allow) Known(Any) AzureLoadBalancer 0-65535 -> * 0-65535
nsg nsg-jump AllowRdp Inbound 1001 Known(Allow) Known(Number(6)) Internet 0-65535 -> 10.40.1.4/32 3389-3389
nsg nsg-jump AllowSix Inbound 1010 Known(Allow) Known(Number(17)) 2001:db8:40::/48 0-65535 -> * 500-500
nsg nsg-jump AllowVnetInBound Inbound 65000 Known(Allow) Known(Any) VirtualNetwork 0-65535 -> VirtualNetwork 0-65535
nsg nsg-jump DenyAllInBound Inbound 65500 Known(Deny) Known(Any) * 0-65535 -> * 0-65535
nsg nsg-quay AllowAppToDb Inbound 310 Known(Allow) Known(Number(6)) asg-app 0-65535 -> asg-db 5432-5432
nsg nsg-quay AllowAzureLoadBalancerInBound Inbound 65001 Known(Allow) Known(Any) AzureLoadBalancer 0-65535 -> * 0-65535
nsg nsg-quay AllowPing Inbound 410 Known(Allow) Known(Number(1)) VirtualNetwork 0-65535 -> * 0-65535
nsg nsg-quay AllowSshFromOffice Inbound 300 Known(Allow) Known(Number(6)) 203.0.113.0/24 0-65535 -> * 22-22
nsg nsg-quay AllowVnetInBound Inbound 65000 Known(Allow) Known(Any) VirtualNetwork 0-65535 -> VirtualNetwork 0-65535
nsg nsg-quay DenyAllInBound Inbound 65500 Known(Deny) Known(Any) * 0-65535 -> * 0-65535
nsg nsg-quay DenyFar Inbound 400 Known(Deny) Known(Any) 198.51.100.0/24,192.0.2.0/24 1024-65535 -> 10.40.1.0/24 80-80,8000-8080
nsg nsg-quay DenyMailOut Outbound 300 Known(Deny) Known(Number(6)) * 0-65535 -> Internet 25-25
public pip-jump Some(20.50.60.70) Standard
subnet deck of vnet-harbour [10.40.2.0/24] nsg -
subnet quay of vnet-harbour [10.40.1.0/24] nsg nsg-quay
vnet vnet-harbour [10.40.0.0/16] [\"quay\", \"deck\"] 0 peerings";

fn same(form: &str) {
    let (network, facts) = folder(form);
    assert_eq!(summary(&network), EXPECTED, "{form}");
    assert!(facts.is_empty(), "{form}: {facts:?}");
}

#[test]
fn from_the_command_line() {
    same("cli");
}

#[test]
fn from_resource_manager() {
    same("resource-manager");
}

#[test]
fn from_resource_graph() {
    same("resource-graph");
}

#[test]
fn from_powershell() {
    same("powershell");
}

#[test]
fn from_an_exported_template() {
    same("template");
}
