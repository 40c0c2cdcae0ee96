//! What of all traffic Azure Firewalls hand on to a machine, and what those may whose rules and addresses are not known.

use core::net::IpAddr;

use super::{Firewall, Way};
use crate::network::engine::Engine;
use crate::network::engine::answer::{Flow, Reachable};
use crate::network::engine::bounds::Bounds;
use crate::network::engine::doors::Door;
use crate::network::engine::effective::Only;
use crate::network::engine::reach::Path;
use crate::network::{AzureFirewall, Index, VirtualMachine};
use crate::sets::{
    Addresses, Entangled, Family, Packet, Ports, Protocols, Region, TCP, Traffic, UDP, has_ports,
};

impl Engine {
    /// A firewall whose rules are not known, and may lead to a machine from a public address that is not known either.
    pub(in crate::network::engine) fn hidden_firewall(
        &self,
        machine: Index<VirtualMachine>,
    ) -> Option<Index<AzureFirewall>> {
        let doors = self.base.doors.of(machine).iter();
        let mut firewalls = doors.flat_map(|door| self.firewalls_before(machine, door));
        firewalls.find(|firewall| firewall.hidden).map(|firewall| firewall.at)
    }

    /// What such firewalls may hand on to a protocol and port of a machine. Where it comes to is not known, so it is told as
    /// it goes on from there: to the machine's own address, from wherever it comes.
    pub(crate) fn hidden_exposure(
        &self,
        machine: Index<VirtualMachine>,
        protocol: u8,
        port: u16,
    ) -> Bounds<Traffic> {
        let hidden = self.firewalls.iter().any(|firewall| firewall.hidden) && has_ports(protocol);
        let doors = self.base.doors.of(machine).iter().filter(|_| hidden);
        let reached = doors.filter(|door| {
            let mut firewalls = self.firewalls_before(machine, door).filter(|firewall| firewall.hidden);
            let address = door.private.of_family(Family::V4);
            address.is_some_and(|address| {
                let passes = |firewall| {
                    self.passes_behind(machine, door, firewall, (address, protocol, port)) != Reachable::No
                };
                firewalls.any(passes)
            })
        });
        let may = reached.map(|door| Region {
            protocols: Protocols::one(protocol),
            sources: Addresses::v4(),
            destinations: door.private.addresses(),
            destination_ports: Ports::one(port),
            ..Region::all()
        });
        Bounds { surely: Traffic::none(), may: may.collect() }
    }

    /// What the filters behind a firewall make of what it hands on to an address and port.
    fn passes_behind(
        &self,
        machine: Index<VirtualMachine>,
        door: &Door,
        firewall: &Firewall,
        (address, protocol, port): (IpAddr, u8, u16),
    ) -> Reachable {
        let flow = Flow { machine, from: address, port, protocol, source_port: None, to: None };
        self.behind(Path::START, &flow, door, firewall, (address, port)).reachable
    }

    /// What reaches a machine through firewalls, as it comes to them.
    pub(in crate::network::engine) fn through_firewalls(
        &self,
        machine: Index<VirtualMachine>,
        only: Only,
    ) -> impl Iterator<Item = Bounds<Traffic>> {
        let doors = self.base.doors.of(machine).iter().filter(|_| !self.firewalls.is_empty());
        let ways = doors.flat_map(move |door| self.ways(machine, door).map(move |way| (door, way)));
        ways.flat_map(move |(door, way)| {
            let meant = move |protocol| {
                let to = |port: u16| only.is_none_or(|only| only == (protocol, port));
                way.1.port.map_or(only.is_none_or(|only| only.0 == protocol), to)
            };
            let protocols = [TCP, UDP].into_iter().filter(move |&protocol| meant(protocol));
            protocols.map(move |protocol| self.taken(machine, door, way, (protocol, only)))
        })
    }

    fn taken(
        &self,
        machine: Index<VirtualMachine>,
        door: &Door,
        (firewall, way, certain): (&Firewall, &Way, bool),
        (protocol, only): (u8, Only),
    ) -> Bounds<Traffic> {
        let within = |sources: Bounds<Addresses>| {
            let of =
                |sources| Region { protocols: Protocols::one(protocol), sources, ..Region::all() }.into();
            way.takes.intersection(&Bounds { surely: of(sources.surely), may: of(sources.may) })
        };
        // Where it is not known where that goes on to, it may be to this door, and to the port that is asked about.
        let address = way.address.or_else(|| door.private.of_family(Family::V4));
        let (Some(address), Some(port)) = (address, way.port.or(only.map(|(_, port)| port))) else {
            return within(Bounds { surely: Addresses::none(), may: Addresses::all() });
        };
        let behind = self.passes_behind(machine, door, firewall, (address, protocol, port));
        if behind == Reachable::No {
            return Bounds::exact(Traffic::none());
        }
        if way.rule.is_none() {
            return within(Bounds { surely: Addresses::none(), may: Addresses::all() });
        }
        let at_port = Region {
            protocols: Protocols::one(protocol),
            destination_ports: Ports::one(port),
            ..Region::all()
        };
        let through = firewall.network_rules.traffic_to(address);
        let through = through.intersection(&Bounds::exact(at_port.into()));
        let surely = behind == Reachable::Yes && certain && way.port.is_some() && !firewall.network_lost;
        within(Bounds {
            surely: if surely { through.surely.sources_of(protocol) } else { Addresses::none() },
            may: through.may.sources_of(protocol),
        })
    }

    /// Of packets like this one, those that firewalls treat alike.
    pub(in crate::network::engine) fn alike_in_firewalls(
        &self,
        machine: Index<VirtualMachine>,
        packet: &Packet,
        mut alike: Traffic,
    ) -> Result<Traffic, Entangled> {
        for door in self.base.doors.of(machine) {
            for (_, way, _) in self.ways(machine, door) {
                // What it lets through may differ by protocol.
                let protocols = Protocols::one(packet.protocol);
                alike = alike.try_intersection(&Region { protocols, ..Region::all() }.into())?;
                for takes in [&way.takes.surely, &way.takes.may] {
                    let side = if takes.contains(packet) { takes.clone() } else { takes.complement() };
                    alike = alike.try_intersection(&side)?;
                }
            }
        }
        Ok(alike)
    }
}
