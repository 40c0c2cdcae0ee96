//! The exact traffic that may reach a machine, and which rules let it in.

use alloc::vec::Vec;

use super::Engine;
use super::answer::{Answer, Flow};
use super::bounds::{Bounds, Side};
use super::doors::{Door, Gate, Private};
use crate::network::{Index, VirtualMachine};
use crate::sets::{Addresses, Packet, Ports, Protocols, Region, Traffic, has_ports};

impl Engine {
    /// All traffic that reaches a machine: to its private addresses, and to the public addresses of Azure
    /// Firewalls that hand it on. A private address that is not known counts as any that it may be.
    pub fn effective(&self, machine: Index<VirtualMachine>) -> Bounds<Traffic> {
        self.arriving(machine, None)
    }

    /// The part of the [effective](Self::effective) traffic that is of one protocol and comes to one port of the
    /// machine: through a firewall, to whichever port there. Much quicker than the whole.
    pub fn exposure(&self, machine: Index<VirtualMachine>, protocol: u8, port: u16) -> Bounds<Traffic> {
        let port = if has_ports(protocol) { port } else { 0 };
        self.arriving(machine, Some((protocol, port)))
    }

    fn arriving(&self, machine: Index<VirtualMachine>, only: Only) -> Bounds<Traffic> {
        let doors = self.base.doors.of(machine).iter();
        join(doors.map(|door| self.through_door(door, only)).chain(self.through_firewalls(machine, only)))
    }

    /// What of some traffic reaches a machine, by what decides about it: the parts are disjoint, and all packets
    /// of one part have the same deciders.
    pub fn let_in(&self, machine: Index<VirtualMachine>, traffic: &Traffic) -> Vec<(Answer, Traffic)> {
        self.deciders(machine, self.effective(machine).may.intersection(traffic))
    }

    /// As [`Self::let_in`], for traffic of which it is known that it reaches the machine, or may.
    pub fn deciders(&self, machine: Index<VirtualMachine>, traffic: Traffic) -> Vec<(Answer, Traffic)> {
        let mut parts: Vec<(Answer, Traffic)> = Vec::new();
        let mut rest = traffic;
        while let Some(packet) = rest.witness() {
            let answer = self.reach(&Flow {
                machine,
                from: packet.source,
                port: packet.destination_port,
                protocol: packet.protocol,
                source_port: Some(packet.source_port),
                to: Some(packet.destination),
            });
            let mut part = self.alike(machine, &packet).intersection(&rest);
            if part.is_empty() {
                part = rest.clone();
            }
            rest = rest.difference(&part);
            match parts.iter_mut().find(|(known, _)| *known == answer) {
                Some((_, known)) => *known = known.union(&part),
                None => parts.push((answer, part)),
            }
        }
        parts
    }

    /// The packets that meet the same rules as this one.
    fn alike(&self, machine: Index<VirtualMachine>, packet: &Packet) -> Traffic {
        let mut alike =
            Traffic::from(Region { destinations: Addresses::from(packet.destination), ..Region::all() });
        for door in self.base.doors.of(machine) {
            if !door.private.addresses().contains(packet.destination) {
                continue;
            }
            for gate in [door.subnet, door.nic] {
                if let Gate::Table(table) = gate
                    && let Some(table) = self.table(table)
                {
                    alike = alike.intersection(&table.alike(packet));
                }
            }
        }
        let alike = self.alike_in_firewalls(machine, packet, alike);
        // Of a private address that is not known, the filters do not tell apart what it may be; asking for each of
        // them would take for ever.
        let doors =
            self.base.doors.of(machine).iter().filter(|door| matches!(door.private, Private::OneOf(_)));
        let one_of: Vec<Addresses> = doors
            .map(|door| door.private.addresses())
            .filter(|addresses| addresses.contains(packet.destination))
            .collect();
        let wider = one_of.into_iter().flat_map(|destinations| {
            alike
                .boxes()
                .into_iter()
                .map(move |region| Region { destinations: destinations.clone(), ..region })
        });
        wider.chain(alike.boxes()).collect()
    }

    fn through_door(&self, door: &Door, only: Only) -> Bounds<Traffic> {
        match (self.through_gate(door, door.subnet, only), self.through_gate(door, door.nic, only)) {
            (None, None) => Bounds::exact(toward(door, only)),
            (Some(one), None) | (None, Some(one)) => one,
            (Some(one), Some(two)) => {
                let may = one.may.intersection(&two.may);
                let exact = one.is_exact() && two.is_exact();
                let surely = if exact { may.clone() } else { one.surely.intersection(&two.surely) };
                Bounds { surely, may }
            }
        }
    }

    /// None where there is no filter.
    fn through_gate(&self, door: &Door, gate: Gate, only: Only) -> Option<Bounds<Traffic>> {
        match gate {
            Gate::Open => None,
            Gate::NotGiven(_) => Some(Bounds { surely: Traffic::none(), may: toward(door, only) }),
            Gate::Table(table) => {
                let table = self.table(table)?;
                Some(match (&door.private, only) {
                    (Private::Known(address), None) => table.traffic_to(*address),
                    (Private::Known(address), Some(only)) => table.traffic_at(*address, only),
                    (Private::OneOf(_), _) => {
                        let (traffic, toward) = (table.traffic(), toward(door, only));
                        let side = |side| traffic.side(side).intersection(&toward);
                        Bounds { surely: side(Side::Surely), may: side(Side::May) }
                    }
                })
            }
        }
    }
}

/// All traffic, or that of one protocol and port.
pub(super) type Only = Option<(u8, u16)>;

/// Everything that goes to a door.
fn toward(door: &Door, only: Only) -> Traffic {
    let all = Region { destinations: door.private.addresses(), ..Region::all() };
    let region = match only {
        None => all,
        Some((protocol, port)) => {
            Region { protocols: Protocols::one(protocol), destination_ports: Ports::one(port), ..all }
        }
    };
    region.into()
}

/// What any of the parts has.
fn join(parts: impl Iterator<Item = Bounds<Traffic>>) -> Bounds<Traffic> {
    let parts: Vec<_> = parts.collect();
    match <[_; 1]>::try_from(parts) {
        Ok([only]) => only,
        Err(parts) => {
            let may: Traffic = parts.iter().map(|part| part.may.clone()).collect();
            let exact = parts.iter().all(Bounds::is_exact);
            let surely =
                if exact { may.clone() } else { parts.into_iter().map(|part| part.surely).collect() };
            Bounds { surely, may }
        }
    }
}
