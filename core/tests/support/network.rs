//! Networks for tests: read from the files of a folder, and told in lines that do not depend on the form in which
//! they were given.

use std::fmt::Write as _;
use std::path::Path;
use std::{env, fs};

use jitgate_core::json::{Source, scan};
use jitgate_core::network::{
    Address, Index, IpConfiguration, Network, NetworkFact, Ref, SecurityRule, Value, read,
};

/// Reads documents, given as bytes.
pub fn network(documents: &[impl AsRef<[u8]>]) -> (Network, Vec<NetworkFact>) {
    let sources: Vec<_> = documents.iter().map(|document| Source::decode(document.as_ref())).collect();
    let tapes: Vec<_> = sources.iter().map(|source| scan(&source.text).0).collect();
    read(&tapes.iter().collect::<Vec<_>>())
}

/// All files of a folder of `core/tests/network`, in the order of their names.
pub fn files(name: &str) -> Vec<Vec<u8>> {
    let root = env::var_os("CARGO_MANIFEST_DIR").expect("cargo says where it is");
    let folder = Path::new(&root).join("tests/network").join(name);
    let entries = fs::read_dir(folder).expect("the folder is there");
    let mut paths: Vec<_> = entries.map(|entry| entry.expect("readable").path()).collect();
    paths.sort();
    paths.iter().map(|path| fs::read(path).expect("readable")).collect()
}

/// Reads all files of such a folder.
pub fn folder(name: &str) -> (Network, Vec<NetworkFact>) {
    network(&files(name))
}

/// A network in lines, by names, in their order.
pub fn summary(network: &Network) -> String {
    let mut lines = Vec::new();
    for machine in &network.machines {
        let nics = machine.nics.iter().map(|nic| name(nic, |nic| &network.nics[nic.get()].name));
        let nics: Vec<_> = nics.collect();
        lines.push(format!(
            "machine {} {:?} {:?}: {}",
            machine.name,
            machine.cloud,
            machine.os,
            nics.join(", ")
        ));
    }
    for nic in &network.nics {
        let nsg = name(&nic.nsg, |nsg| &network.nsgs[nsg.get()].name);
        let groups =
            nic.security_groups.iter().map(|of| name(of, |of| &network.security_groups[of.get()].id));
        let groups: Vec<_> = groups.collect();
        lines.push(format!("nic {} nsg {nsg} groups {groups:?}", nic.name));
        lines.extend(
            nic.ip_configurations.iter().map(|one| format!("nic {} {}", nic.name, address(network, one))),
        );
    }
    for subnet in &network.subnets {
        let (vnet, nsg) = (
            name(&subnet.vnet, |vnet| &network.vnets[vnet.get()].name),
            name(&subnet.nsg, |nsg| &network.nsgs[nsg.get()].name),
        );
        lines.push(format!("subnet {} of {vnet} {:?} nsg {nsg}", subnet.name, subnet.prefixes));
    }
    for vnet in &network.vnets {
        let subnets: Vec<_> = vnet.subnets.iter().map(|subnet| &network.subnets[subnet.get()].name).collect();
        lines.push(format!(
            "vnet {} {:?} {subnets:?} {} peerings",
            vnet.name,
            vnet.prefixes,
            vnet.peerings.len()
        ));
    }
    for nsg in &network.nsgs {
        let inbound =
            nsg.rules.iter().filter(|rule| !rule.default || format!("{:?}", rule.direction) == "Inbound");
        lines.extend(inbound.map(|rule| format!("nsg {} {}", nsg.name, line(network, rule))));
    }
    lines.extend(network.asgs.iter().map(|asg| format!("asg {}", asg.name)));
    lines.extend(
        network.public_ips.iter().map(|ip| format!("public {} {:?} {:?}", ip.name, ip.address, ip.sku)),
    );
    lines.sort();
    lines.join("\n")
}

/// What is behind a reference.
fn name<'n, T>(of: &Ref<T>, name: impl Fn(Index<T>) -> &'n String) -> String {
    match of {
        Ref::None => "-".into(),
        Ref::Given(index) => name(*index).clone(),
        Ref::Missing(missing) => format!("missing {}", missing.id),
    }
}

fn address(network: &Network, one: &IpConfiguration) -> String {
    let asgs = one.asgs.iter().map(|asg| name(asg, |asg| &network.asgs[asg.get()].name));
    format!(
        "private {:?} public {:?} of {} in {} groups {:?}",
        one.private,
        one.public,
        name(&one.public_ip, |ip| &network.public_ips[ip.get()].name),
        name(&one.subnet, |subnet| &network.subnets[subnet.get()].name),
        asgs.collect::<Vec<_>>()
    )
}

/// A rule in one line.
pub fn line(network: &Network, rule: &SecurityRule) -> String {
    let addresses = |all: &[Address]| {
        let one = |address: &Address| match address {
            Address::Any => "*".into(),
            Address::Net(net) => net.to_string(),
            Address::Range(first, last) => format!("{first}-{last}"),
            Address::Tag(tag) => tag.clone(),
            Address::Group(group) => name(group, |asg| &network.asgs[asg.get()].name),
            Address::Unknown(text) => format!("unknown {text}"),
        };
        all.iter().map(one).collect::<Vec<_>>().join(",")
    };
    let ports = |all: &[Value<_>]| {
        let one = |ports: &Value<jitgate_core::network::PortRange>| match ports {
            Value::Known(range) => format!("{}-{}", range.first(), range.last()),
            Value::Unknown(text) => format!("unknown {text}"),
        };
        all.iter().map(one).collect::<Vec<_>>().join(",")
    };
    let mut line = String::new();
    write!(
        line,
        "{} {:?} {} {:?} {:?} {} {} -> {} {}",
        rule.name,
        rule.direction,
        rule.priority,
        rule.access,
        rule.protocol,
        addresses(&rule.sources),
        ports(&rule.source_ports),
        addresses(&rule.destinations),
        ports(&rule.destination_ports)
    )
    .expect("a string takes it");
    line
}
