//! The ways into each machine: its addresses, and the filters before each of them.

use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::net::IpAddr;

use hashbrown::HashMap;

use super::answer::Resource;
use super::tags::Scope;
use crate::network::{
    Cloud, Index, IpConfiguration, Missing, Network, NetworkInterface, NetworkSecurityGroup, Ref,
    SecurityGroup, Sku, Subnet, VirtualMachine,
};
use crate::order;
use crate::sets::{AddressRange, Addresses, Family};

/// An IP configuration of a machine.
#[derive(Debug)]
pub(super) struct Door {
    /// Its private address, or those that it may have.
    pub private: Private,
    /// Its public address.
    pub public: Option<IpAddr>,
    /// It has a public address that was not given.
    pub hidden_public: bool,
    /// The virtual network that it is in.
    pub vnet: Scope,
    /// The filter of the subnet.
    pub subnet: Gate,
    /// The filter of the network interface.
    pub nic: Gate,
    /// What its public address lets in where there is no filter.
    pub front: Front,
}

impl Door {
    /// What decides by the sender's address alone: the public address, where nothing filters.
    pub fn bare(&self) -> Option<Front> {
        let open = (self.subnet, self.nic) == (Gate::Open, Gate::Open);
        Some(self.front).filter(|front| open && *front != Front::Open)
    }
}

/// What a public address lets in that no NSG filters. *Public IP addresses*, Microsoft Learn: those of the Standard kind
/// are closed to inbound traffic until an NSG allows it, those of the Basic kind are open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Front {
    /// There is none, or all comes in.
    Open,
    /// It is not known which kind it is of.
    NotGiven,
    /// Nothing from outside of the virtual network.
    Closed,
}

impl Front {
    fn of(network: &Network, machine: &VirtualMachine, configuration: &IpConfiguration) -> Self {
        let given = configuration.public_ip.given().and_then(|at| network.public_ips.get(at.get()));
        match (&configuration.public_ip, given.map(|public| public.sku)) {
            _ if machine.cloud != Cloud::Azure => Self::Open,
            (_, Some(Sku::Standard)) => Self::Closed,
            (_, Some(Sku::Basic)) => Self::Open,
            (Ref::None, None) if configuration.public.is_none() => Self::Open,
            (_, Some(Sku::Unknown) | None) => Self::NotGiven,
        }
    }
}

/// A private address.
#[derive(Clone, Debug)]
pub(super) enum Private {
    /// It is this one.
    Known(IpAddr),
    /// It is one of these.
    OneOf(Addresses),
}

impl Private {
    /// The addresses that it may be.
    pub fn addresses(&self) -> Addresses {
        match self {
            Self::Known(address) => Addresses::from(*address),
            Self::OneOf(addresses) => addresses.clone(),
        }
    }

    /// The address of a family; an example where it is not known, for the filters then do not tell them apart.
    pub fn of_family(&self, family: Family) -> Option<IpAddr> {
        match self {
            Self::Known(address) => Some(*address).filter(|&address| Family::of(address) == family),
            Self::OneOf(addresses) => {
                addresses.ranges().map(AddressRange::first).find(|&address| Family::of(address) == family)
            }
        }
    }
}

/// A filter before a door.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Gate {
    /// There is none.
    Open,
    /// There may be one, and it was not given.
    NotGiven(Resource),
    /// A table, by its place.
    Table(u32),
}

/// What a table is made from.
#[derive(Clone, Debug)]
pub(super) enum Plan {
    /// An NSG, from the point of view of a virtual network; and the subnet whose addresses the destination may
    /// have, where it is not known.
    Nsg {
        /// The NSG.
        nsg: Index<NetworkSecurityGroup>,
        /// The virtual network.
        scope: Scope,
        /// Where the destination is not known, what it may be.
        whereto: Option<Addresses>,
    },
    /// The security groups of an EC2 network interface.
    Groups(Vec<Ref<SecurityGroup>>),
}

/// The ways into all machines, and the tables that are to be made for them.
#[derive(Debug, Default)]
pub(super) struct Doors {
    all: Vec<Door>,
    /// Where each machine's doors begin and end.
    machines: Vec<(usize, usize)>,
    /// The tables.
    pub plans: Vec<Plan>,
    /// The ids of what was not given.
    pub missing: Vec<String>,
}

/// The NSG, the virtual network, and, where the address is not known, the subnet.
type PlanKey = (usize, Option<usize>, Option<Option<usize>>);

/// What has its place already.
#[derive(Default)]
struct Planned {
    nsgs: HashMap<PlanKey, u32>,
    groups: HashMap<Vec<String>, u32>,
    missing: HashMap<String, u32>,
}

impl Doors {
    pub fn new(network: &Network) -> Self {
        let (mut doors, mut planned) = (Self::default(), Planned::default());
        for machine in &network.machines {
            let from = doors.all.len();
            doors.of_machine(network, machine, &mut planned);
            doors.machines.push((from, doors.all.len()));
        }
        doors
    }

    /// The ways into a machine.
    pub fn of(&self, machine: Index<VirtualMachine>) -> &[Door] {
        let range = self.machines.get(machine.get());
        range.and_then(|&(from, to)| self.all.get(from..to)).unwrap_or_default()
    }

    fn of_machine(&mut self, network: &Network, machine: &VirtualMachine, planned: &mut Planned) {
        for nic in &machine.nics {
            match nic {
                Ref::None => {}
                Ref::Missing(missing) => self.unknown(&missing.id, planned),
                Ref::Given(at) => {
                    let Some(nic) = network.nics.get(at.get()) else { continue };
                    for configuration in &nic.ip_configurations {
                        let door = self.door(network, machine, nic, configuration, planned);
                        self.all.push(door);
                    }
                }
            }
        }
        if machine.nics.is_empty() {
            // A machine has at least one.
            self.unknown(&machine.id, planned);
        }
    }

    /// A way that may or may not lead in.
    fn unknown(&mut self, id: &str, planned: &mut Planned) {
        let gate = Gate::NotGiven(self.missing(id, planned));
        self.all.push(Door {
            private: Private::OneOf(Addresses::all()),
            public: None,
            hidden_public: true,
            vnet: None,
            subnet: Gate::Open,
            nic: gate,
            front: Front::Open,
        });
    }

    fn door(
        &mut self,
        network: &Network,
        machine: &VirtualMachine,
        nic: &NetworkInterface,
        configuration: &IpConfiguration,
        planned: &mut Planned,
    ) -> Door {
        let subnet = configuration.subnet.given().and_then(|at| network.subnets.get(at.get()));
        let vnet = subnet.and_then(|subnet| subnet.vnet.given());
        let candidates = || {
            let prefixes: Addresses =
                subnet.into_iter().flat_map(|subnet| subnet.prefixes.iter().copied()).collect();
            let lost = subnet.is_some_and(|subnet| subnet.lost);
            if prefixes.is_empty() || lost { Addresses::all() } else { prefixes }
        };
        let private = configuration.private.map_or_else(|| Private::OneOf(candidates()), Private::Known);
        let subnet_place = configuration.subnet.given().map(Index::get);
        let nsg = |doors: &mut Self, planned: &mut Planned, nsg: &Ref<NetworkSecurityGroup>| match nsg {
            Ref::None => Gate::Open,
            Ref::Missing(missing) => Gate::NotGiven(doors.missing(&missing.id, planned)),
            Ref::Given(nsg) => {
                let whereto = match &private {
                    Private::Known(_) => None,
                    Private::OneOf(addresses) => Some(addresses.clone()),
                };
                let key = (nsg.get(), vnet.map(Index::get), whereto.as_ref().map(|_| subnet_place));
                let plans = &mut doors.plans;
                Gate::Table(
                    *planned
                        .nsgs
                        .entry(key)
                        .or_insert_with(|| plan(plans, Plan::Nsg { nsg: *nsg, scope: vnet, whereto })),
                )
            }
        };
        let (subnet_gate, nic_gate) = if machine.cloud == Cloud::Ec2 {
            (Gate::Open, self.groups(network, &nic.security_groups, planned))
        } else {
            let of_subnet = match (&configuration.subnet, subnet) {
                (Ref::Missing(missing), _) => Err(missing),
                (_, subnet) => Ok(subnet.map_or(&Ref::None, |subnet: &Subnet| &subnet.nsg)),
            };
            let of_subnet = match of_subnet {
                Ok(of_subnet) => nsg(self, planned, of_subnet),
                Err(missing) => Gate::NotGiven(self.missing(&missing.id, planned)),
            };
            (of_subnet, nsg(self, planned, &nic.nsg))
        };
        Door {
            private,
            public: configuration.public,
            hidden_public: configuration.public.is_none() && !matches!(configuration.public_ip, Ref::None),
            vnet,
            subnet: subnet_gate,
            nic: nic_gate,
            front: Front::of(network, machine, configuration),
        }
    }

    fn groups(&mut self, network: &Network, groups: &[Ref<SecurityGroup>], planned: &mut Planned) -> Gate {
        let id = |group: &Ref<SecurityGroup>| match group {
            Ref::None => None,
            Ref::Missing(Missing { id, .. }) => Some(id.to_ascii_lowercase()),
            Ref::Given(at) => {
                network.security_groups.get(at.get()).map(|group| group.id.to_ascii_lowercase())
            }
        };
        for group in groups {
            if let Ref::Missing(group) = group {
                self.missing(&group.id, planned);
            }
        }
        let mut key: Vec<_> = groups.iter().filter_map(id).collect();
        order::sort_by(&mut key, Ord::cmp);
        let plans = &mut self.plans;
        Gate::Table(*planned.groups.entry(key).or_insert_with(|| plan(plans, Plan::Groups(groups.to_vec()))))
    }

    fn missing(&mut self, id: &str, planned: &mut Planned) -> Resource {
        let missing = &mut self.missing;
        Resource::Missing(*planned.missing.entry(id.to_ascii_lowercase()).or_insert_with(|| {
            missing.push(id.to_string());
            u32::try_from(missing.len().saturating_sub(1)).unwrap_or(u32::MAX)
        }))
    }

    /// The resource of an id that was not given.
    pub fn missing_of(&self, id: &str) -> Resource {
        let at = self.missing.iter().position(|missing| missing.eq_ignore_ascii_case(id));
        Resource::Missing(at.and_then(|at| u32::try_from(at).ok()).unwrap_or(u32::MAX))
    }
}

fn plan(plans: &mut Vec<Plan>, plan: Plan) -> u32 {
    plans.push(plan);
    u32::try_from(plans.len().saturating_sub(1)).unwrap_or(u32::MAX)
}
