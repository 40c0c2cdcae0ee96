//! What reaches a protected port although nobody was granted it, which rules let it in, and the smallest change of
//! rules that closes it: it is applied, and the network is asked again.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use core::net::IpAddr;

use super::answer::{Closing, Residual, RuleChange};
use super::draft::Draft;
use super::nsg::is_movable;
use super::site::{Site, may_let_in, sites};
use super::target::{Protected, Target};
use super::world::{LetIn, World};
use super::{names, text};
use crate::model::Protocol;
use crate::network::{
    Access, Address, Bounds, Index, Network, NetworkSecurityGroup, PortRange, Ref, SecurityRule, Value,
    VirtualMachine,
};
use crate::order;
use crate::sets::{Addresses, Ports, Protocols, Region, TCP, Traffic, UDP};

/// What of a machine's traffic is for a protected port: directly, or through a firewall.
pub(super) fn to_port(
    network: &Network,
    draft: &Draft,
    machine: Index<VirtualMachine>,
    (protocol, port): (Protocol, u16),
) -> Traffic {
    let sites = sites(network, machine);
    let own: Addresses = sites.iter().map(|site| site.address).collect::<AddressList>().0;
    let protocols: Protocols = match protocol {
        Protocol::Tcp => [TCP].into_iter().collect(),
        Protocol::Udp => [UDP].into_iter().collect(),
        Protocol::Any => [TCP, UDP].into_iter().collect(),
    };
    let region = |destinations: Addresses, ports: Ports| Region {
        protocols: protocols.clone(),
        destinations,
        destination_ports: ports,
        ..Region::all()
    };
    // Where not every address of the machine is known, any may be its own.
    let all_known = known_addresses(network, machine);
    let direct = if all_known { own.clone() } else { Addresses::all() };
    let mut regions: Vec<Region> = Vec::from([region(direct, Ports::one(port))]);
    for (index, firewall) in network.firewalls.iter().enumerate() {
        let index = Index::new(index);
        let changed = draft.firewalls.iter().find(|(known, _)| *known == index).map(|(_, changed)| changed);
        let firewall = changed.unwrap_or(firewall);
        // One of its addresses that is not known may be whichever is not the machine's.
        let public = if firewall.knows_public() {
            firewall.public.iter().copied().collect::<AddressList>().0
        } else {
            own.complement()
        };
        if firewall.managed || firewall.lost {
            regions.push(region(public.clone(), Ports::all()));
        }
        for rule in firewall.nat.iter().flat_map(|collection| &collection.rules) {
            let to_it = match &rule.translated_address {
                Value::Known(address) => !all_known || own.contains(*address),
                Value::Unknown(_) => true,
            };
            let at_port = match &rule.translated_port {
                Value::Known(there) => *there == port,
                Value::Unknown(_) => true,
            };
            if to_it && at_port {
                let ports = rule.destination_ports.iter().map(|range| match range {
                    Value::Known(range) => *range,
                    Value::Unknown(_) => PortRange::ALL,
                });
                regions.push(region(public.clone(), ports.collect()));
            }
        }
    }
    regions.into_iter().collect()
}

/// Collects addresses one by one.
struct AddressList(Addresses);

impl FromIterator<IpAddr> for AddressList {
    fn from_iter<I: IntoIterator<Item = IpAddr>>(addresses: I) -> Self {
        Self(addresses.into_iter().map(crate::sets::AddressRange::from).collect())
    }
}

fn known_addresses(network: &Network, machine: Index<VirtualMachine>) -> bool {
    let Some(machine) = network.machines.get(machine.get()) else { return false };
    let known = |nic: &Ref<_>| {
        let nic =
            nic.given().and_then(|nic: Index<crate::network::NetworkInterface>| network.nics.get(nic.get()));
        nic.is_some_and(|nic| {
            nic.ip_configurations.iter().all(|configuration| configuration.private.is_some())
        })
    };
    !machine.nics.is_empty() && machine.nics.iter().all(known)
}

/// What still reaches the protected ports of a target in this state of the network, of all that reaches it.
pub(super) fn residual(
    world: &World,
    draft: &Draft,
    target: &Target,
    effective: &Bounds<Traffic>,
    as_found: bool,
) -> Vec<Residual> {
    let Some(machine) = target.machine else { return Vec::new() };
    let mut found = Vec::new();
    for protected in &target.ports {
        let port = (protected.protocol, protected.port);
        let traffic = at_port(world, draft, machine, port, effective);
        let hidden = world.hidden(machine, port);
        if traffic.may.is_empty() && hidden.may.is_empty() {
            continue;
        }
        // No rule is known by which that comes in.
        let (let_in, unfiltered) = world.let_in(machine, &traffic.may);
        let traffic = Bounds::union_of([traffic, hidden].into());
        let let_in_by = let_in.iter().filter_map(|let_in| words(world.network, draft, let_in)).collect();
        let closing = close(world, draft, target, machine, protected, &traffic.may, &let_in);
        found.push(Residual {
            protocol: protected.protocol,
            port: protected.port,
            as_found,
            traffic,
            let_in_by,
            unfiltered,
            closing,
        });
    }
    found
}

/// Of all that reaches a machine, what comes to a protected port of it. Where the whole is a bound, the port alone may
/// still be known.
pub(super) fn at_port(
    world: &World,
    draft: &Draft,
    machine: Index<VirtualMachine>,
    (protocol, port): (Protocol, u16),
    effective: &Bounds<Traffic>,
) -> Bounds<Traffic> {
    let here = Bounds::exact(to_port(world.network, draft, machine, (protocol, port)));
    if effective.is_exact() {
        return effective.intersection(&here);
    }
    let of = |protocol| world.engine().exposure(machine, protocol, port);
    let alone = match protocol {
        Protocol::Tcp => of(TCP),
        Protocol::Udp => of(UDP),
        Protocol::Any => Bounds::union_of([of(TCP), of(UDP)].into()),
    };
    alone.intersection(&here)
}

fn words(network: &Network, draft: &Draft, let_in: &LetIn) -> Option<RuleChange> {
    let (resource, rule) = let_in.text(network, draft)?;
    Some(RuleChange { resource, rule, for_request: false })
}

/// Tries changes from the least to the greatest, and takes the first after which nothing is left.
fn close(
    world: &World,
    draft: &Draft,
    target: &Target,
    machine: Index<VirtualMachine>,
    protected: &Protected,
    left: &Traffic,
    let_in: &[LetIn],
) -> Closing {
    let network = world.network;
    let let_in: Vec<_> = let_in.iter().filter_map(|let_in| let_in.security_rule(network, draft)).collect();
    let open: Vec<Site> = sites(network, machine)
        .into_iter()
        .filter(|site| !left.to_destinations(&Addresses::from(site.address)).is_empty())
        .collect();
    if let Some(site) = open.iter().find(|site| site.unfiltered) {
        let step = format!(
            "put an NSG on the subnet or on the NIC of `{}`: nothing filters `{}`",
            target.name, site.address
        );
        return Closing { steps: [step].into(), proved: false };
    }
    let attempts: [&Attempt; 3] = [&raise_deny, &lower_allows, &narrow_allows];
    for attempt in attempts {
        let mut changed = draft.clone();
        let mut steps: Vec<String> = Vec::new();
        // One NSG of a site is enough: traffic must pass all of them.
        for site in &open {
            let step = site.nsgs.iter().find_map(|&nsg| {
                let at = Place { network, site, nsg, protected, let_in: &let_in };
                attempt(&mut changed, &at)
            });
            steps.extend(step.unwrap_or_default());
        }
        if steps.is_empty() {
            continue;
        }
        let (after, port) = (world.with(&changed), (protected.protocol, protected.port));
        let there = at_port(&after, &changed, machine, port, &after.effective(machine));
        let still = [there, after.hidden(machine, port)];
        if still.iter().all(|still| still.may.intersection(left).is_empty()) {
            steps.dedup();
            return Closing { steps, proved: true };
        }
    }
    Closing::default()
}

/// Where a change is tried.
struct Place<'p> {
    network: &'p Network,
    site: &'p Site<'p>,
    nsg: Index<NetworkSecurityGroup>,
    protected: &'p Protected,
    let_in: &'p [(Index<NetworkSecurityGroup>, String)],
}

/// A change; none where it does not apply.
type Attempt = dyn Fn(&mut Draft, &Place) -> Option<Vec<String>>;

impl Place<'_> {
    fn nsg_name(&self) -> String {
        self.network.nsgs.get(self.nsg.get()).map(|nsg| text::quoted(&nsg.name)).unwrap_or_default()
    }

    /// The deny of JIT's that should close the port.
    fn is_deny(&self, rule: &SecurityRule) -> bool {
        let to = |to: &Address| matches!(to, Address::Net(net) if net.contains(&self.site.address));
        names::written_by_jit(rule) == Some(Access::Deny)
            && rule.destinations.iter().any(to)
            && rule.destination_ports.iter().any(|range| self.is_port(range))
    }

    fn is_port(&self, range: &Value<PortRange>) -> bool {
        matches!(range, Value::Known(range) if range.contains(self.protected.port))
    }

    /// The rules that let the port in, or may.
    fn lets_in(&self, rule: &SecurityRule) -> bool {
        is_movable(rule)
            && may_let_in(rule, self.site, self.protected.protocol, &[self.protected.port])
            && self.let_in.iter().any(|(nsg, name)| *nsg == self.nsg && *name == rule.name)
    }
}

/// The deny goes above the first rule that lets the port in: nothing else changes for anybody.
fn raise_deny(draft: &mut Draft, at: &Place) -> Option<Vec<String>> {
    let rules = draft.rules(at.network, at.nsg);
    let deny = rules.iter().find(|rule| at.is_deny(rule))?;
    let first = rules.iter().filter(|rule| at.lets_in(rule)).map(|rule| rule.priority).min()?;
    let (name, from) = (deny.name.clone(), deny.priority);
    let to = draft.numbers(at.network, at.nsg).free_below(first)?;
    let rules = draft.rules_mut(at.network, at.nsg)?;
    rules.iter_mut().filter(|rule| rule.name == name).for_each(|rule| rule.priority = to);
    let step = format!(
        "give the deny `{name}` in NSG {} priority `{to}` instead of `{from}`: above the rules that let the port in",
        at.nsg_name()
    );
    Some([step].into())
}

/// The rules that let the port in go below the deny.
fn lower_allows(draft: &mut Draft, at: &Place) -> Option<Vec<String>> {
    let deny = draft
        .rules(at.network, at.nsg)
        .iter()
        .filter(|rule| at.is_deny(rule))
        .map(|rule| rule.priority)
        .min()?;
    let allows = |rule: &SecurityRule| at.lets_in(rule) && rule.priority < deny;
    let mut names: Vec<(u32, String)> = draft
        .rules(at.network, at.nsg)
        .iter()
        .filter(|rule| allows(rule))
        .map(|rule| (rule.priority, rule.name.clone()))
        .collect();
    order::sort_by(&mut names, Ord::cmp);
    let mut steps = Vec::new();
    let mut last = deny;
    for (from, name) in names {
        last = draft.numbers(at.network, at.nsg).free_above(last)?;
        let rules = draft.rules_mut(at.network, at.nsg)?;
        let rule = rules.iter_mut().find(|rule| rule.name == name && rule.priority == from)?;
        rule.priority = last;
        steps.push(format!(
            "give rule {} in NSG {} priority `{last}` instead of `{from}`: below the deny of JIT",
            text::quoted(&name),
            at.nsg_name()
        ));
    }
    Some(steps)
}

/// The port is taken out of the rules that let it in, as far as their ports are known; a rule for nothing else goes.
fn narrow_allows(draft: &mut Draft, at: &Place) -> Option<Vec<String>> {
    let chosen: Vec<String> = draft
        .rules(at.network, at.nsg)
        .iter()
        .filter(|rule| at.lets_in(rule))
        .map(|rule| rule.name.clone())
        .collect();
    let port = at.protected.port;
    let mut steps = Vec::new();
    let nsg = at.nsg_name();
    let rules = draft.rules_mut(at.network, at.nsg)?;
    let known =
        |rule: &SecurityRule| rule.destination_ports.iter().all(|range| matches!(range, Value::Known(_)));
    for rule in rules.iter_mut().filter(|rule| chosen.contains(&rule.name) && known(rule)) {
        let ports = rule.destination_ports.iter().flat_map(|range| match range {
            Value::Known(range) => super::ec2::cut(*range, core::iter::once(port)),
            Value::Unknown(_) => Vec::new(),
        });
        rule.destination_ports = ports.map(Value::Known).collect();
        let name = text::quoted(&rule.name);
        steps.push(if rule.destination_ports.is_empty() {
            format!("delete rule {name} in NSG {nsg}: it lets in nothing but the protected port")
        } else {
            format!("take port `{port}` out of rule {name} in NSG {nsg}")
        });
    }
    (!steps.is_empty()).then_some(steps)
}
