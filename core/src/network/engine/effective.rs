//! The exact traffic that may reach a machine, and which rules let it in.

use alloc::vec::Vec;

use super::Engine;
use super::answer::{Answer, Decider, Flow, Reachable, Resource, Stage};
use super::bounds::Bounds;
use super::doors::{Door, Gate, Private};
use crate::network::{Index, VirtualMachine};
use crate::sets::{AddressRange, Addresses, Entangled, Packet, Ports, Protocols, Region, Traffic, has_ports};

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
        let direct = doors.map(|door| self.through_door(door, only));
        Bounds::union_of(direct.chain(self.through_firewalls(machine, only)).collect())
    }

    /// What of some traffic reaches a machine, by what decides about it: the parts are disjoint, and all packets
    /// of one part have the same deciders. What cannot be told apart comes last, decided by [`Stage::Entangled`].
    pub fn let_in(&self, machine: Index<VirtualMachine>, traffic: &Traffic) -> Vec<(Answer, Traffic)> {
        self.deciders(machine, self.effective(machine).may.intersection(traffic))
    }

    /// As [`Self::let_in`], for traffic of which it is known that it reaches the machine, or may.
    pub fn deciders(&self, machine: Index<VirtualMachine>, traffic: Traffic) -> Vec<(Answer, Traffic)> {
        let mut parts: Vec<(Answer, Traffic)> = Vec::new();
        let mut rest = traffic;
        while let Some(packet) = rest.witness() {
            let answer = self.reach(&Flow::of(machine, &packet));
            let Ok((part, left)) = self.apart(machine, &packet, &rest) else {
                parts.push((entangled(machine), rest));
                break;
            };
            rest = left;
            match parts.iter_mut().find(|(known, _)| *known == answer) {
                Some((_, known)) => *known = known.union(&part),
                None => parts.push((answer, part)),
            }
        }
        parts
    }

    /// Of some traffic, what meets the same rules as a packet of it, and what is left.
    fn apart(
        &self,
        machine: Index<VirtualMachine>,
        packet: &Packet,
        rest: &Traffic,
    ) -> Result<(Traffic, Traffic), Entangled> {
        let part = self.alike(machine, packet)?.try_intersection(rest)?;
        if part.is_empty() {
            return Ok((rest.clone(), Traffic::none()));
        }
        let left = rest.try_difference(&part)?;
        Ok((part, left))
    }

    /// One of the machine's own addresses; or all others, of which firewalls tell which of them they have.
    fn meant_alike(&self, machine: Index<VirtualMachine>, packet: &Packet) -> Addresses {
        let own = |door: &Door| {
            let public = door.public.into_iter().map(AddressRange::from).collect();
            door.private.addresses().union(&public)
        };
        let own =
            self.base.doors.of(machine).iter().fold(Addresses::none(), |all, door| all.union(&own(door)));
        if own.contains(packet.destination) { packet.destination.into() } else { own.complement() }
    }

    /// The packets that meet the same rules as this one.
    fn alike(&self, machine: Index<VirtualMachine>, packet: &Packet) -> Result<Traffic, Entangled> {
        let mut alike =
            Traffic::from(Region { destinations: self.meant_alike(machine, packet), ..Region::all() });
        for door in self.base.doors.of(machine) {
            if !door.private.addresses().contains(packet.destination) {
                continue;
            }
            if let Some(front) = door.bare() {
                let from = from(self.past(door, front));
                for side in [from.surely, from.may] {
                    let side = if side.contains(packet) { side } else { side.complement() };
                    alike = alike.try_intersection(&side)?;
                }
            }
            for gate in [door.subnet, door.nic] {
                if let Gate::Table(table) = gate
                    && let Some(table) = self.table(table)
                {
                    alike = alike.try_intersection(&table.alike(packet)?)?;
                }
            }
        }
        let alike = self.alike_in_firewalls(machine, packet, alike)?;
        // Of a private address that is not known, the filters do not tell apart what it may be; asking for each of
        // them would take for ever.
        let doors =
            self.base.doors.of(machine).iter().filter(|door| matches!(door.private, Private::OneOf(_)));
        let one_of: Vec<Addresses> = doors
            .map(|door| door.private.addresses())
            .filter(|addresses| addresses.contains(packet.destination))
            .collect();
        if one_of.is_empty() {
            return Ok(alike);
        }
        let boxes = alike.boxes();
        if alike.is_coarse() || boxes.len() > MOST_BOXES {
            return Err(Entangled);
        }
        let wider = one_of.into_iter().flat_map(|destinations| {
            boxes.iter().map(move |region| Region { destinations: destinations.clone(), ..region.clone() })
        });
        Traffic::try_union_of(wider.chain(boxes.iter().cloned()).map(Traffic::from).collect())
    }

    /// The filters before a machine whose rules cut each other into too many pieces: what
    /// [reaches](Self::effective) it is a bound because of them. Two are told where each by itself is not too much.
    pub fn entangled(&self, machine: Index<VirtualMachine>) -> Vec<Resource> {
        let mut found = Vec::new();
        for door in self.base.doors.of(machine) {
            let through = |gate: Gate| match gate {
                Gate::Table(table) => Some((gate, self.table(table)?, self.through_gate(door, gate, None)?)),
                Gate::Open | Gate::NotGiven(_) => None,
            };
            let gates: Vec<_> = [door.subnet, door.nic].into_iter().filter_map(through).collect();
            let alone = gates.iter().filter(|(_, table, _)| match &door.private {
                Private::Known(address) => table.is_entangled(Some(*address)),
                Private::OneOf(_) => table.is_entangled(None),
            });
            let mut resources: Vec<Resource> = alone.map(|(_, table, _)| table.resource(machine)).collect();
            if let ([(_, one, through), (_, two, behind)], []) = (gates.as_slice(), resources.as_slice())
                && (through.may.try_intersection(&behind.may).is_err()
                    || through.surely.try_intersection(&behind.surely).is_err())
            {
                resources.extend([one.resource(machine), two.resource(machine)]);
            }
            for resource in resources {
                if !found.contains(&resource) {
                    found.push(resource);
                }
            }
        }
        found
    }

    fn through_door(&self, door: &Door, only: Only) -> Bounds<Traffic> {
        match (self.through_gate(door, door.subnet, only), self.through_gate(door, door.nic, only)) {
            (None, None) => {
                let toward = Bounds::exact(toward(door, only));
                match door.bare() {
                    None => toward,
                    Some(front) => toward.intersection(&from(self.past(door, front))),
                }
            }
            (Some(one), None) | (None, Some(one)) => one,
            (Some(one), Some(two)) => one.intersection(&two),
        }
    }

    /// None where there is no filter.
    fn through_gate(&self, door: &Door, gate: Gate, only: Only) -> Option<Bounds<Traffic>> {
        match gate {
            Gate::Open => None,
            Gate::NotGiven(_) => Some(Bounds { surely: Traffic::none(), may: toward(door, only) }),
            Gate::Table(table) => {
                let table = self.table(table)?;
                let (traffic, within) = match (&door.private, only) {
                    (Private::Known(address), None) => (table.traffic_to(*address), true),
                    (Private::Known(address), Some(only)) => (table.traffic_at(*address, only), true),
                    (Private::OneOf(_), _) => (table.traffic(), false),
                };
                // Of what is too much work all that there is comes back.
                let within = within && !traffic.may.is_all();
                Some(if within { traffic } else { traffic.intersection(&Bounds::exact(toward(door, only))) })
            }
        }
    }
}

/// Everything that comes from these addresses.
fn from(sources: Bounds<Addresses>) -> Bounds<Traffic> {
    let of = |sources| Region { sources, ..Region::all() }.into();
    Bounds { surely: of(sources.surely), may: of(sources.may) }
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

/// Boxes that are widened one by one.
const MOST_BOXES: usize = 1 << 10;

/// What is said of packets that cannot be told apart.
fn entangled(machine: Index<VirtualMachine>) -> Answer {
    let (resource, reachable) = (Resource::Machine(machine), Reachable::Maybe);
    let decider = Decider { stage: Stage::Entangled, resource, rule: None, reachable };
    Answer { reachable, decided_by: [decider].into() }
}
